"""Transcripts: what a person does in one situation, and the steps it must lead to.

They name steps and never words. The session goes through its saved form between two turns, so that
whatever cannot be saved shows at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from assistant.domain.conversation import DialogueState, Session
from assistant.domain.errors import ChoiceNotOffered
from assistant.domain.messages import Instruction
from assistant.flows import engine, keys
from assistant.flows.answers import offered_labels, read
from assistant.flows.engine import Library, Outcome, Sprint
from assistant.flows.flow import DONE_OPTION, AskStep, Expect, FlowDocument, WordedStep
from assistant.flows.reading import read_yaml
from assistant.flows.replies import Given, Picked
from assistant.flows.schema import validate
from assistant.flows.session_json import dump_state, load_state
from assistant.flows.values import Document, Slug, Text


class Word(StrEnum):
    """The words by which a person steers."""

    BACK = "retour"
    STUCK = "bloque"
    RETRY = "reessayer"
    REPEAT = "repete"


def _one_line(text: str) -> str:
    return " ".join(text.split())


class Turn(Document):
    """One thing that the person does, and everything that is then shown."""

    picks: Slug | None = None
    says: str | None = None
    word: Word | None = None
    gives: str | None = None
    begins: Slug | None = None
    expect: tuple[str, ...]
    ended: Mapping[Slug, Outcome] | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Turn:
        done = (self.picks, self.says, self.word, self.gives, self.begins)
        if sum(act is not None for act in done) != 1:
            raise ValueError("picks | says | word | gives | begins")
        return self

    def __str__(self) -> str:
        """Return the turn as it stands in the file."""
        for name in ("picks", "says", "word", "gives", "begins"):
            if (value := getattr(self, name)) is not None:
                return f"{name}: {value}"
        return ""


class Transcript(Document):
    """One situation."""

    about: Annotated[Text, AfterValidator(_one_line)]
    opens: tuple[str, ...]
    turns: tuple[Turn, ...] = Field(default=(), max_length=200)


@dataclass(frozen=True)
class Replay:
    """What playing a transcript showed: where it left the path, and what it exercised."""

    mismatch: str | None = None
    covered: frozenset[str] = frozenset()
    session: Session = field(default_factory=Session)


def read_transcript(raw: bytes | str, source: str) -> Transcript:
    """Return a transcript. Raises ContentRefused."""
    return validate(Transcript, read_yaml(raw, source), source)


def to_cover(flow: FlowDocument) -> frozenset[str]:
    """Return what transcripts must exercise in a flow.

    ``<flow>/<step>`` for a text that is shown, ``…/<option>`` for an option, ``…/blocked`` for a
    stuck text and ``…/blocked/<way out>`` for a way out.
    """
    wanted: set[str] = set()
    for step in flow.steps:
        if isinstance(step, WordedStep):
            wanted.add(f"{flow.id}/{step.id}")
        if isinstance(step, AskStep):
            options = [DONE_OPTION] if step.expect is Expect.DONE else [o.id for o in step.options]
            if step.blocked is not None:
                options += ["blocked", *(keys.way_out_id(way.id) for way in step.blocked.options)]
            wanted.update(f"{flow.id}/{step.id}/{option}" for option in options)
    return frozenset(wanted)


def play(
    library: Library, slug: str, transcript: Transcript, words: Mapping[str, tuple[str, ...]]
) -> Replay:
    """Play a transcript from the opening of a flow, up to the first turn that goes elsewhere.

    ``words`` are the labels of the general choices, as ``answers.offered_labels`` wants them.
    """
    sprint = engine.begin(library, Session(), slug)
    replay = _note(Replay(), slug, sprint, transcript.opens, "opens")
    for number, turn in enumerate(transcript.turns, start=1):
        if replay.mismatch is not None:
            break
        session = _saved_and_reloaded(replay.session)
        place = f"turn {number}, {turn}"
        try:
            sprint, chosen = _take(library, session, turn, words)
        except ChoiceNotOffered as error:
            return replace(replay, mismatch=f"{place}: {error}")
        replay = _note(replay, slug, sprint, turn.expect, place)
        replay = replace(replay, covered=replay.covered | chosen)
        if turn.ended is not None and dict(sprint.ended) != dict(turn.ended):
            ended = {name: outcome.value for name, outcome in sprint.ended}
            return replace(replay, mismatch=f"{place}: ended {ended}")
    return replay


def _take(
    library: Library, session: Session, turn: Turn, words: Mapping[str, tuple[str, ...]]
) -> tuple[Sprint, frozenset[str]]:
    """Return the move of a turn, and the option that it exercised."""
    if turn.begins is not None:
        return engine.begin(library, session, turn.begins), frozenset()
    if turn.word is not None:
        return _steer(library, session, turn.word), frozenset()
    position = session.current
    step = engine.waiting_step(library, session)
    if position is None or step is None:
        raise ChoiceNotOffered("the flow has ended")
    if turn.gives is not None:
        return engine.answer(library, session, Given(turn.gives)), frozenset()
    if turn.picks is not None:
        way = position.stuck and step.way_out(turn.picks) is not None
        reply: Picked | Given | None = Picked(keys.way_out_id(turn.picks) if way else turn.picks)
    else:
        labels = offered_labels(step, words, stuck=position.stuck)
        reply = read(step, labels, turn.says or "", None, stuck=position.stuck)
    if reply is None:
        return engine.retry(library, session), frozenset()
    option = reply.option if isinstance(reply, Picked) else ""
    chosen = frozenset({f"{position.flow}/{step.id}/{option}"})
    return engine.answer(library, session, reply), chosen


def _steer(library: Library, session: Session, word: Word) -> Sprint:
    match word:
        case Word.BACK:
            return engine.go_back(library, session) or Sprint(session, ())
        case Word.STUCK:
            return engine.get_stuck(library, session)
        case Word.RETRY:
            return engine.answer(library, session, Picked(keys.RETRY_CHOICE))
        case Word.REPEAT:
            return Sprint(session, engine.ask_again(library, session))


def _note(replay: Replay, slug: str, sprint: Sprint, expected: Iterable[str], place: str) -> Replay:
    """Return the replay after a move, with a mismatch when it showed something else."""
    shown = [_name(instruction, slug) for instruction in sprint.instructions]
    wanted = list(expected)
    return Replay(
        None if shown == wanted else f"{place}: expected {wanted}, shown {shown}",
        replay.covered | {_name(instruction, "") for instruction in sprint.instructions},
        sprint.session,
    )


def _name(instruction: Instruction, slug: str) -> str:
    """Return how a transcript of this flow names what is shown."""
    step = instruction.step
    if step is None or not instruction.key.startswith(("flow/", "interface/retry.")):
        return instruction.key
    name = step.id if step.flow == slug else f"{step.flow}/{step.id}"
    if instruction.key == keys.blocked_key(step.flow, step.id):
        return f"{name}/blocked"
    return name if instruction.key == keys.step_key(step.flow, step.id) else f"{name}/retry"


def _saved_and_reloaded(session: Session) -> Session:
    saved = json.dumps(dump_state(DialogueState(session=session)))
    return load_state(json.loads(saved)).session
