"""Runs guided flows: takes a session and an answer, returns the next session and what to say.

Pure: no input or output, clock, randomness or mutation. A position pins the revision of its flow,
and the library is asked for that revision and no other, so that what an editor publishes never
moves somebody who is on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol

from assistant.domain.choices import ToldChoice
from assistant.domain.conversation import Position, Session
from assistant.domain.errors import ChoiceNotOffered, ContentError, NotFound
from assistant.domain.messages import (
    Choice,
    Instruction,
    InstructionKind,
    Manner,
    StepRef,
)
from assistant.flows import keys
from assistant.flows.choices import told_choice
from assistant.flows.flow import (
    CLOSED_EXPECTS,
    DONE_OPTION,
    YES_OPTION,
    AskStep,
    DetourStep,
    EndStep,
    Expect,
    FindHelpStep,
    FlowDocument,
    HandOverStep,
    LetterStep,
    RemindStep,
    Step,
    StepDocument,
    WordedStep,
)
from assistant.flows.replies import Answer, Given, Picked

# RETOUR over a hundred questions is beyond any flow; it bounds what a person going round and round
# in one makes us keep.
MAX_TRAIL: Final = 100
# The answers in a row that cannot be read: the retry words, then the step more simply, then a
# person; then the same round again, so that no apology is ever said twice running.
UNCLEAR_ROUND: Final = 3

_UNLABELLED: Final = {
    "oui": keys.YES_LABEL,
    "non": keys.NO_LABEL,
    DONE_OPTION: keys.DONE_LABEL,
}


@dataclass(frozen=True)
class PinnedFlow:
    """A flow in one revision of it."""

    revision: str
    document: FlowDocument


class Library(Protocol):
    """The flows that can be run."""

    def flow(self, slug: str, revision: str | None = None) -> PinnedFlow:
        """Return a flow: the published one, or the pinned revision. Raises NotFound."""


class Outcome(StrEnum):
    """How a flow ended."""

    DONE = "done"
    GIVEN_UP = "given_up"
    ELSEWHERE = "elsewhere"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True)
class Sprint:
    """One move: where the session stands after it, what to say, and which flows ended on the way.

    ``ended`` holds ``(slug, outcome)`` pairs in order; ``answered`` the question that was just
    answered and what is kept of the answer, as ``(slug, step, answer)``; ``told`` the decisions
    that the ended flows reached; ``remind_in`` the days after which they want to be written to.
    """

    session: Session
    instructions: tuple[Instruction, ...]
    ended: tuple[tuple[str, Outcome], ...] = ()
    answered: tuple[str, str, str] | None = None
    remind_in: int | None = None
    told: tuple[ToldChoice, ...] = ()


def begin(library: Library, session: Session, slug: str) -> Sprint:
    """Open a flow, as a detour when another one waits; go back to it when it is open already."""
    for depth, position in enumerate(session.positions, start=1):
        if position.flow == slug:
            return _return_to(library, session, depth)
    pinned = library.flow(slug)
    first = pinned.document.steps[0].id
    start = Position(slug, pinned.revision, first)
    return _run(library, Session((*session.positions, start)))


def answer(library: Library, session: Session, given: Answer) -> Sprint:
    """Take the answer to the waiting step and walk on to the next question or the end.

    ``word/stuck`` and ``word/retry`` are answered too; ``word/human`` is for the caller. Raises
    ChoiceNotOffered for an option that the step does not have, NotFound when no flow is open.
    """
    position = _waiting(session)
    if given == Picked(keys.STUCK_CHOICE):
        return get_stuck(library, session)
    if given == Picked(keys.RETRY_CHOICE):
        return _ask(library, _on_top(session, _settled(position)))
    question = _question(library, position)
    target, kept = _follow(question, position, given)
    moved = replace(
        _settled(position),
        step=target,
        answers=(*position.answers, (position.step, kept))[-MAX_TRAIL:],
        trail=(*position.trail, position.step)[-MAX_TRAIL:],
    )
    sprint = _run(library, _on_top(session, moved))
    remind_in = question.days if isinstance(question, RemindStep) and kept == YES_OPTION else None
    return replace(sprint, answered=(position.flow, position.step, kept), remind_in=remind_in)


def go_back(library: Library, session: Session) -> Sprint | None:
    """Return to the question before, forgetting its answer and all that came after it.

    From a stuck text it returns to the step itself; from the first question of a detour, to the
    flow below. None at the very beginning.
    """
    position = session.current
    if position is None:
        return None
    if position.stuck:
        return _ask(library, _on_top(session, _settled(position)))
    back = _step_back(position)
    if back is not None:
        return _ask(library, _on_top(session, back))
    below = Session(session.positions[:-1])
    if below.current is None:
        return None
    if _is_question(library, below.current):
        return _ask(library, _on_top(below, _settled(below.current)))
    return go_back(library, below)


def get_stuck(library: Library, session: Session) -> Sprint:
    """Show what to do when the step cannot be done; the second time in a row, a person as well.

    Raises NotFound when no flow is open.
    """
    position = _waiting(session)
    stuck = _on_top(session, replace(position, stuck=True, unclear=0))
    if not position.stuck:
        return Sprint(stuck, ask_again(library, stuck))
    shown = ask_again(library, stuck, Manner.SIMPLER)
    person = Instruction(InstructionKind.HAND_OVER, keys.STUCK_PERSON)
    return Sprint(stuck, shown if shown[0].key == keys.STUCK_PERSON else (person, *shown))


def ask_again(
    library: Library, session: Session, manner: Manner = Manner.PLAIN
) -> tuple[Instruction, ...]:
    """Return the waiting step once more, or its stuck text when that is what was shown.

    Nothing moves. Empty when no flow is open.
    """
    position = session.current
    if position is None:
        return ()
    pinned = _pinned(library, position)
    step = _question(library, position)
    kind, key = InstructionKind.ASK, keys.step_key(position.flow, step.id)
    if position.stuck and step.blocked is None:
        kind, key = InstructionKind.HAND_OVER, keys.STUCK_PERSON
    elif position.stuck:
        key = keys.blocked_key(position.flow, step.id)
    offered = choices(library, session)
    shown = _instruction(pinned, step, kind, key, offered=offered, manner=manner)
    if isinstance(step, LetterStep) and not position.stuck:
        template = {"template": step.template}
        shown = replace(shown, kind=InstructionKind.LETTER, params=template)
    return (shown,)


def retry(library: Library, session: Session) -> Sprint:
    """Ask again after an answer that could not be read.

    The first time with the step's retry words (or the general ones of what it expects), the second
    with the step itself more simply, the third with the offer of a person; then round again. Raises
    NotFound when no flow is open.
    """
    position = _waiting(session)
    moved = _on_top(session, replace(position, unclear=position.unclear + 1))
    pinned = _pinned(library, position)
    step = _question(library, position)
    turn = position.unclear % UNCLEAR_ROUND
    if turn == 1:
        return Sprint(moved, ask_again(library, moved, Manner.SIMPLER))
    if turn == 0 and step.retry is not None and not position.stuck:
        key = keys.step_key(position.flow, step.id, "retry")
    elif turn == 0:
        expect = Expect.CHOICE if position.stuck else step.expect
        key = keys.interface_retry(expect)
    else:
        key = keys.UNCLEAR_PERSON
    offered = choices(library, moved)
    shown = _instruction(pinned, step, InstructionKind.ASK, key, offered=offered)
    return Sprint(moved, (shown,))


def waiting_step(library: Library, session: Session) -> AskStep | None:
    """Return the question that waits for an answer, if a flow is open."""
    return _question(library, session.current) if session.current else None


def choices(library: Library, session: Session) -> tuple[Choice, ...]:
    """Return what the waiting step offers, in the order shown; empty when no flow is open."""
    position = session.current
    if position is None:
        return ()
    step = _question(library, position)
    slug, revision = position.flow, position.revision
    human = Choice(keys.HUMAN_CHOICE, keys.HUMAN_LABEL)
    if position.stuck:
        ways = [keys.way_out_id(way.id) for way in step.blocked.options] if step.blocked else []
        offered = [
            Choice(
                keys.choice_id(slug, step.id, way), keys.option_key(slug, step.id, way), revision
            )
            for way in ways
        ]
        return (*offered, Choice(keys.RETRY_CHOICE, keys.RETRY_LABEL), human)
    offered = [_choice(slug, revision, step, option) for option in _option_ids(step)]
    return (*offered, Choice(keys.STUCK_CHOICE, keys.STUCK_LABEL), human)


def picked(session: Session, choice: str) -> Picked | None:
    """Return what a click on a choice means to the waiting step.

    None when it belongs to another step, or to no step at all.
    """
    position = session.current
    if position is None:
        return None
    if choice in {keys.STUCK_CHOICE, keys.RETRY_CHOICE, keys.HUMAN_CHOICE}:
        return Picked(choice)
    prefix = keys.choice_id(position.flow, position.step, "")
    return Picked(choice.removeprefix(prefix)) if choice.startswith(prefix) else None


def _run(library: Library, session: Session) -> Sprint:
    """Walk from a step that was just entered to the next question, or until nothing is open."""
    said: list[Instruction] = []
    ended: list[tuple[str, Outcome]] = []
    told: list[ToldChoice] = []
    while (position := session.current) is not None:
        pinned = _pinned(library, position)
        step = _step(pinned, position)
        if isinstance(step, AskStep):
            said.extend(ask_again(library, session))
            break
        if isinstance(step, DetourStep):
            session = _enter_detour(library, session, step)
            continue
        said.append(_instruction(pinned, step, _kind(step), keys.step_key(position.flow, step.id)))
        if isinstance(step, EndStep | HandOverStep) and (outcome := _outcome(step)) is not None:
            ended.append((position.flow, outcome))
            reached = told_choice(pinned.document, position, step)
            told.extend((reached,) if reached is not None else ())
            session = _close(library, session)
        elif not isinstance(step, EndStep) and step.next is not None:
            session = _on_top(session, replace(position, step=step.next))
    return Sprint(session, tuple(said), tuple(ended), told=tuple(told))


def _enter_detour(library: Library, session: Session, step: DetourStep) -> Session:
    """Put the other flow on top; one that is open already is not entered a second time."""
    position = _waiting(session)
    if any(open_flow.flow == step.flow for open_flow in session.positions):
        return _on_top(session, replace(position, step=step.next))
    pinned = library.flow(step.flow)
    first = pinned.document.steps[0].id
    return Session((*session.positions, Position(step.flow, pinned.revision, first)))


def _close(library: Library, session: Session) -> Session:
    """Take the ended flow off; the one below goes on after its detour, or waits where it waited."""
    below = Session(session.positions[:-1])
    position = below.current
    if position is None:
        return below
    step = _step(_pinned(library, position), position)
    target = step.next if isinstance(step, DetourStep) else position.step
    return _on_top(below, replace(_settled(position), step=target))


def _return_to(library: Library, session: Session, depth: int) -> Sprint:
    """Go back to an open flow: to the question where it waits, or to the one before its detour."""
    below = Session(session.positions[:depth])
    position = _waiting(below)
    if _is_question(library, position):
        return _ask(library, _on_top(below, _settled(position)))
    back = _step_back(position)
    if back is not None:
        return _ask(library, _on_top(below, back))
    # Nothing was asked before its detour: the detour is where this flow stands.
    return _ask(library, _on_top(session, _settled(_waiting(session))))


def _step_back(position: Position) -> Position | None:
    if not position.trail:
        return None
    return replace(
        _settled(position),
        step=position.trail[-1],
        answers=position.answers[:-1],
        trail=position.trail[:-1],
    )


def _follow(step: AskStep, position: Position, given: Answer) -> tuple[str, str]:
    """Return the step that an answer leads to, and what is kept of the answer."""
    if isinstance(given, Given):
        if step.expect in CLOSED_EXPECTS or step.expect is Expect.DONE or step.next is None:
            raise ChoiceNotOffered(f"{step.id} takes one of its options")
        return step.next, given.value
    if given.option.startswith("blocked/"):
        way = step.way_out(given.option.removeprefix("blocked/"))
        if way is not None and position.stuck:
            return way.next, given.option
    elif step.expect is Expect.DONE and given.option == DONE_OPTION and step.next is not None:
        return step.next, DONE_OPTION
    elif (option := step.option(given.option)) is not None and option.next is not None:
        return option.next, option.id
    raise ChoiceNotOffered(f"{step.id} does not offer this choice")


def _option_ids(step: AskStep) -> tuple[str, ...]:
    if step.expect is Expect.DONE:
        return (DONE_OPTION,)
    return tuple(option.id for option in step.options)


def _choice(slug: str, revision: str, step: AskStep, option_id: str) -> Choice:
    option = step.option(option_id)
    if option is None or option.label is None:
        return Choice(keys.choice_id(slug, step.id, option_id), _UNLABELLED[option_id])
    key = keys.option_key(slug, step.id, option_id)
    return Choice(keys.choice_id(slug, step.id, option_id), key, revision)


def _instruction(
    pinned: PinnedFlow,
    step: StepDocument,
    kind: InstructionKind,
    key: str,
    *,
    offered: tuple[Choice, ...] = (),
    manner: Manner = Manner.PLAIN,
) -> Instruction:
    document = pinned.document
    ref = StepRef(document.id, step.id, document.stage_number(step.id), len(document.stages) or 1)
    revision = pinned.revision if key.startswith("flow/") else None
    return Instruction(kind, key, revision=revision, choices=offered, step=ref, manner=manner)


def _kind(step: WordedStep) -> InstructionKind:
    if isinstance(step, EndStep):
        return InstructionKind.END
    if isinstance(step, FindHelpStep):
        return InstructionKind.PLACES
    return InstructionKind.HAND_OVER if isinstance(step, HandOverStep) else InstructionKind.SAY


def _outcome(step: EndStep | HandOverStep) -> Outcome | None:
    if isinstance(step, EndStep):
        return Outcome(step.outcome)
    return Outcome.HANDED_OVER if step.next is None else None


def _ask(library: Library, session: Session) -> Sprint:
    return Sprint(session, ask_again(library, session))


def _waiting(session: Session) -> Position:
    if session.current is None:
        raise NotFound("no flow is open")
    return session.current


def _settled(position: Position) -> Position:
    return replace(position, stuck=False, unclear=0)


def _on_top(session: Session, position: Position) -> Session:
    return Session((*session.positions[:-1], position))


def _pinned(library: Library, position: Position) -> PinnedFlow:
    return library.flow(position.flow, position.revision)


def _step(pinned: PinnedFlow, position: Position) -> Step:
    step = pinned.document.step(position.step)
    if step is None:
        raise ContentError(f"{position.flow}@{position.revision} has no step {position.step}")
    return step


def _question(library: Library, position: Position) -> AskStep:
    step = _step(_pinned(library, position), position)
    if not isinstance(step, AskStep):
        raise ContentError(f"{position.flow}@{position.revision}: {position.step} asks nothing")
    return step


def _is_question(library: Library, position: Position) -> bool:
    return isinstance(_step(_pinned(library, position), position), AskStep)
