"""The vocabulary in which the dialogue decides: a move, its questions and its buttons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from assistant.domain.consent import ConsentAct, Purpose
from assistant.domain.conversation import DialogueState, Question
from assistant.domain.messages import Choice, Instruction, InstructionKind, Manner
from assistant.domain.whom import Whom
from assistant.flows import engine
from assistant.flows.engine import Library, Sprint
from assistant.services.choices.words import NotebookWish
from assistant.services.dialogue.universal_words import Word

STEP_PREFIX = "step/"
NEED_PREFIX = "need/"
WORD_PREFIX = "word/"


class Effect(StrEnum):
    """What a decision changes beside the conversation, in the same transaction."""

    STOP = "stop"
    REOPEN = "reopen"
    HINT = "hint"
    """It was told how to come back after STOP: not again for a week."""
    FORGET_ME = "forget_me"
    NOT_ME = "not_me"
    SEPARATE = "separate"
    GIVE_CODE = "give_code"
    REMIND = "remind"
    CANCEL_REMINDER = "cancel_reminder"
    REPORT_CLOSED = "report_closed"
    SEND_PLACE = "send_place"
    CONSENT = "consent"
    LIST_CONSENTS = "list_consents"
    TELL_KNOWN = "tell_known"


@dataclass(frozen=True)
class ConsentWord:
    """What somebody says about a purpose, answering ``question`` if they were asked one."""

    purpose: Purpose
    act: ConsentAct
    question: Instruction | None = None


@dataclass(frozen=True)
class Move:
    """A decision: its name for the record, the state after it, and what to tell the person.

    ``about`` is the id of the place that the effect is about, if it is about one;
    ``to`` the id of the address it goes to; ``on`` is the day of a reminder, or ``in_days`` how
    many days from today; ``consent`` is what is said about a purpose. ``wants`` names the consent
    that it would need for what comes next: it is asked with it, unless it is in force.
    ``notebook`` is what is wanted with « Mes choix ».
    """

    action: str
    state: DialogueState
    instructions: tuple[Instruction, ...]
    sprint: Sprint | None = None
    effect: Effect | None = None
    about: str = ""
    to: str = ""
    on: date | None = None
    in_days: int | None = None
    consent: ConsentWord | None = None
    wants: Purpose | None = None
    notebook: NotebookWish | None = None


def move(action: str, state: DialogueState, *instructions: Instruction) -> Move:
    """Decide to say this to whom the state names.

    The choices of the last question are the ones offered from now on.
    """
    offered = next((each.choices for each in reversed(instructions) if each.choices), ())
    told = tuple(replace(each, whom=state.whom) for each in instructions)
    asked = state.consent if state.question is Question.CONSENT else None
    return Move(action, replace(state, offered=offered, consent=asked), told)


def preceded(by: Instruction, decided: Move) -> Move:
    """Return the same decision with something said before it."""
    first = replace(by, whom=decided.state.whom)
    return replace(decided, instructions=(first, *decided.instructions))


def say(key: str, kind: InstructionKind = InstructionKind.SAY) -> Instruction:
    """Return words of the interface catalogue."""
    return Instruction(kind, f"interface/{key}")


def ask(key: str, *choices: Choice) -> Instruction:
    """Return a question of the interface catalogue with its choices."""
    return Instruction(InstructionKind.ASK, f"interface/{key}", choices=choices)


def say_for_whom(whom: Whom) -> Instruction:
    """Confirm to whom we speak from now on."""
    return say(f"whom.{whom}")


def word_choice(word: Word) -> Choice:
    """Return the button of a universal word."""
    return Choice(f"{WORD_PREFIX}{word}", f"interface/choice.{word}")


def need_choice(need: str) -> Choice:
    """Return the button of a need."""
    return Choice(f"{NEED_PREFIX}{need}", f"need/{need}/label")


CONTINUE = word_choice(Word.CONTINUE)
HUMAN = word_choice(Word.HUMAN)
MENU = word_choice(Word.MENU)
RESUME_CHOICES = (CONTINUE, word_choice(Word.RESTART), MENU, HUMAN)


def waiting(
    library: Library, state: DialogueState, *extra: Choice, manner: Manner = Manner.PLAIN
) -> tuple[Instruction, ...]:
    """Ask again what waits, with other choices after its own; nothing when nothing waits."""
    if state.session.current is None:
        return ()
    if state.question is Question.RESUME:
        return (ask("resume.offer", *RESUME_CHOICES, *extra),)
    asked = engine.ask_again(library, state.session, wished(state, manner))
    return (*asked[:-1], replace(asked[-1], choices=(*asked[-1].choices, *extra)))


def wished(state: DialogueState, manner: Manner = Manner.PLAIN) -> Manner:
    """Return how the person wants to be spoken to."""
    return Manner.SIMPLER if state.simpler else manner


def worded(state: DialogueState, *instructions: Instruction) -> tuple[Instruction, ...]:
    """Return the instructions in the manner that the person asked for."""
    return tuple(replace(each, manner=wished(state, each.manner)) for each in instructions)
