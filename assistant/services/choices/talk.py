"""Talking about « Mes choix »: the offer at the end of a guide, the list, and its two words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from assistant.domain.choices import NotedChoice, dump_lines, standing
from assistant.domain.consent import Purpose
from assistant.domain.conversation import Conversation, DialogueState, Question
from assistant.domain.messages import Channel, Choice, Instruction, InstructionKind
from assistant.domain.sending import METROPOLE
from assistant.flows.engine import Library
from assistant.services.choices.keeping import NotebookKeeper, closed_because, lines_of
from assistant.services.choices.words import NotebookVerb, NotebookWish
from assistant.services.consent.asking import NO, YES, ask_consent
from assistant.services.dialogue.moves import Move, ask, move, say, waiting
from assistant.services.dialogue.steering import what_else
from assistant.services.ports.transaction import UnitOfWork

NOTE_PREFIX: Final = "note/"
_QUESTION: Final = ask(
    f"consent.{Purpose.KEEP_CHOICES}.question",
    Choice(f"{NOTE_PREFIX}{YES}", f"interface/consent.{YES}"),
    Choice(f"{NOTE_PREFIX}{NO}", f"interface/consent.{NO}"),
)
_KEEP: Final = Choice(f"{NOTE_PREFIX}keep", "interface/choices.keep")
_CORRECT: Final = f"{NOTE_PREFIX}{NotebookVerb.CORRECT}/"
_CLEAR: Final = f"{NOTE_PREFIX}{NotebookVerb.CLEAR}"
# What somebody is asked after danger or STOP is not put off for a notebook.
_FREE: Final = frozenset({None, Question.LATER})


def wish(library: Library, state: DialogueState, wanted: NotebookWish) -> Move:
    """Decide to do what is wanted with the notebook, then to go on with what waits."""
    decided = _go_on(f"choices_{wanted.verb}", library, replace(state, question=_resting(state)))
    return replace(decided, notebook=wanted)


def pick_note(library: Library, state: DialogueState, choice: str) -> Move:
    """Do what a button of the notebook says."""
    calm = replace(state, question=None, misunderstood=0)
    if choice.startswith(_CORRECT):
        line = choice.removeprefix(_CORRECT)
        return wish(library, calm, NotebookWish(NotebookVerb.CORRECTED, line=line))
    if choice == _CLEAR:
        return wish(library, calm, NotebookWish(NotebookVerb.CLEARED))
    if choice == _KEEP.id:
        return _go_on("choices_kept", library, calm, say("choices.kept"))
    told, *others = state.to_note or (None,)
    if choice == f"{NOTE_PREFIX}{NO}" or told is None:
        refused = replace(calm, to_note=(), declined=(*calm.declined, Purpose.KEEP_CHOICES))
        return _go_on("choices_refused", library, refused, say("consent.refused"))
    rest = replace(calm, to_note=tuple(others))
    noted = NotebookWish(NotebookVerb.NOTE, told=told)
    if others:
        return replace(_offer(rest, say("choices.noted")), notebook=noted)
    return replace(_go_on("choices_noted", library, rest, say("choices.noted")), notebook=noted)


@dataclass(frozen=True)
class NotebookTalk:
    """What the lines of a notebook add to a decision, and what a decision changes of them."""

    keeper: NotebookKeeper

    def completed(self, work: UnitOfWork, conversation: Conversation, decided: Move) -> Move:
        """Return the decision with the lines that it lists, and with the offer to note."""
        wanted = decided.notebook
        if wanted is None:
            return _offering(decided, conversation)
        if wanted.verb in _AFTER_A_QUESTION:
            return decided
        closed = closed_because(conversation)
        if closed is not None:
            return _told_first(replace(decided, notebook=None), say(closed))
        return _with_lines(decided, wanted, standing(lines_of(work, conversation.id)))

    def carry_out(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        decided: Move,
        channel: Channel,
        now: datetime,
    ) -> Move:
        """Change the notebook as it was decided; the move says what came of it."""
        wanted = decided.notebook
        match wanted:
            case NotebookWish(NotebookVerb.NOTE, told=told) if told is not None:
                self.keeper.note(work, conversation, told, channel, now)
            case NotebookWish(NotebookVerb.WITHDRAW, line=line) if line:
                emptied = self.keeper.withdraw(work, conversation.id, line, channel, now)
                key = "choices.emptied" if emptied else "choices.withdrawn"
                return _told_first(decided, say(key))
            case NotebookWish(NotebookVerb.CORRECTED, line=line):
                changed = self.keeper.correct(work, conversation.id, line, now)
                key = "choices.corrected" if changed is not None else "choices.no_such_line"
                return _told_first(decided, say(key))
            case NotebookWish(NotebookVerb.CLEARED):
                self.keeper.clear(work, conversation.id, channel, now)
                key = f"consent.{Purpose.KEEP_CHOICES}.withdrawn"
                return _told_first(decided, say(key))
        return decided


_AFTER_A_QUESTION: Final = frozenset(
    {NotebookVerb.NOTE, NotebookVerb.CORRECTED, NotebookVerb.CLEARED}
)


def _offering(decided: Move, conversation: Conversation) -> Move:
    """Ask at the end of a guide whether to note what was decided; keep it while guides are open."""
    state = decided.state
    ended = decided.sprint.told if decided.sprint is not None else ()
    told = (*state.to_note, *ended)
    if not told or state.question is Question.CONSENT:
        return decided
    if closed_because(conversation) or closed_because(replace(conversation, state=state)):
        told = ()
    if Purpose.KEEP_CHOICES in state.declined or state.question not in _FREE:
        told = ()
    kept = replace(state, to_note=told)
    if not told or state.session.current is not None:
        return replace(decided, state=kept)
    if decided.sprint is None:
        # The person went on to something else: nobody runs after them with a notebook.
        return replace(decided, state=replace(state, to_note=()))
    *before, _what_else = decided.instructions
    asked = _offer(replace(kept, question=None), *before)
    return replace(decided, state=asked.state, instructions=asked.instructions, wants=None)


def _offer(state: DialogueState, *before: Instruction) -> Move:
    return ask_consent(state, Purpose.KEEP_CHOICES, *before, question=_QUESTION)


def _with_lines(decided: Move, wanted: NotebookWish, lines: tuple[NotedChoice, ...]) -> Move:
    """Return what was asked about the lines that there are."""
    if not lines:
        return _told_first(replace(decided, notebook=None), say("choices.none"))
    if wanted.verb is NotebookVerb.SHOW:
        listed = Instruction(
            InstructionKind.CHOICES, "interface/choices.list", dump_lines(lines, METROPOLE.zone)
        )
        return _told_first(replace(decided, notebook=None), listed, say("choices.how"))
    if wanted.verb is NotebookVerb.CLEAR:
        sure = Choice(_CLEAR, "interface/choices.clear_sure")
        return _confirm(decided, ask("choices.clear", sure, _KEEP))
    if not 1 <= wanted.number <= len(lines):
        return _told_first(replace(decided, notebook=None), say("choices.no_such_line"))
    line = lines[wanted.number - 1]
    if wanted.verb is NotebookVerb.WITHDRAW:
        return replace(decided, notebook=replace(wanted, line=line.id))
    other = Choice(f"{_CORRECT}{line.id}", f"interface/choices.line.{line.told.corrected().name}")
    return _confirm(decided, ask("choices.correct", other, _KEEP))


def _confirm(decided: Move, question: Instruction) -> Move:
    state = replace(decided.state, question=Question.CONFIRM)
    return move(decided.action, state, question)


def _told_first(decided: Move, *told: Instruction) -> Move:
    whom = decided.state.whom
    first = tuple(replace(each, whom=whom) for each in told)
    return replace(decided, instructions=(*first, *decided.instructions))


def _go_on(action: str, library: Library, state: DialogueState, *told: Instruction) -> Move:
    after = waiting(library, state)
    if not after:
        state, question = what_else(state)
        after = (question,)
    return move(action, state, *told, *after)


def _resting(state: DialogueState) -> Question | None:
    return state.question if state.question is Question.RESUME else None
