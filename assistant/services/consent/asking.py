"""The one way in which a consent of ours is asked for and its answer heard.

A use case that needs a consent asks ``ask_consent(state, purpose)``, or sets ``wants=purpose`` on
its move to have it asked after it when it is not in force. The question has two choices, yes first:
by default they record the word and go on with what waits; a use case that does more gives a
question of its own, whose choices it handles. Typed answers are read by ``read_reply``: unclear is
asked once more, then left as not given; « pourquoi ? » explains and asks again. A purpose needs,
in the catalogue, ``consent.<purpose>.question``, ``.why``, ``.given``, ``.withdrawn``, ``.on``,
``.off``, ``.stop`` and ``.name``, and raises ``WORDS_VERSION`` when the first two change.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.domain.consent import ConsentAct, Purpose
from assistant.domain.conversation import AskedConsent, DialogueState, Question
from assistant.domain.messages import Choice, Instruction
from assistant.domain.whom import Whom
from assistant.flows.engine import Library
from assistant.services.consent.replies import Reply
from assistant.services.dialogue.moves import (
    ConsentWord,
    Effect,
    Move,
    ask,
    move,
    say,
    waiting,
)
from assistant.services.dialogue.steering import what_else

CONSENT_PREFIX = "consent/"
YES = "yes"
NO = "no"
WITHDRAW = "withdraw"

WORDS_VERSION = "2026-11-24"
"""The version of our consent wording: raised when a question or what it explains changes."""

OF_THE_PERSON = frozenset(Purpose) - {Purpose.REMINDERS, Purpose.SEND_PLACE}
"""What only the person concerned may agree to: reminders and places go to whoever is named."""


def consent_choice(purpose: Purpose, answer: str) -> Choice:
    """Return the button that says ``YES`` or ``NO`` to a purpose, or takes it back."""
    if answer == WITHDRAW:
        return Choice(f"{CONSENT_PREFIX}{purpose}/{answer}", f"interface/consent.{purpose}.stop")
    return Choice(f"{CONSENT_PREFIX}{purpose}/{answer}", f"interface/consent.{answer}")


def consent_question(purpose: Purpose) -> Instruction:
    """Return the one sentence in which a purpose is asked about, with its yes and its no."""
    choices = (consent_choice(purpose, YES), consent_choice(purpose, NO))
    return ask(f"consent.{purpose}.question", *choices)


def ask_consent(
    state: DialogueState,
    purpose: Purpose,
    *before: Instruction,
    question: Instruction | None = None,
) -> Move:
    """Ask for a consent; what waits now goes on waiting behind it.

    ``question`` is asked instead of the usual one. Whoever helps is told that it is not theirs.
    """
    if state.whom is Whom.OTHER and purpose in OF_THE_PERSON:
        return move("consent_not_yours", state, *before, say("consent.not_yours"))
    behind = state.question if state.question in _GOES_ON_BEHIND else None
    asked = AskedConsent(purpose, question or consent_question(purpose), then=behind)
    waits = replace(state, question=Question.CONSENT, consent=asked)
    return move(f"ask_consent_{purpose}", waits, *before, asked.question)


def hear_consent(library: Library, state: DialogueState, reply: Reply) -> str | Move:
    """Return the choice that a reply names, or what to say to one that names none."""
    asked = state.consent
    if asked is None or state.question is not Question.CONSENT:
        raise AssertionError("no consent was asked for")
    yes, no = asked.question.choices
    match reply:
        case Reply.YES:
            return yes.id
        case Reply.NO:
            return no.id
        case Reply.WHY:
            why = replace(say(f"consent.{asked.purpose}.why"), params=asked.question.params)
            return move("consent_why", state, why, asked.question)
        case Reply.UNCLEAR if not asked.unclear:
            once_more = replace(state, consent=replace(asked, unclear=1))
            return move("consent_unclear", once_more, say("consent.unclear"), asked.question)
        case Reply.MINOR:
            young = replace(state, declined=tuple(Purpose))
            return _leave(library, young, asked, say("consent.minor"))
        case _:
            left = _declined(state, asked.purpose)
            return _leave(library, left, asked, say("consent.left"))


def left_unanswered(state: DialogueState) -> DialogueState:
    """Return the state of somebody who speaks of something else: what waited behind waits again."""
    if state.question is not Question.CONSENT or state.consent is None:
        return state
    return replace(state, question=state.consent.then, consent=None)


def pick_consent(library: Library, state: DialogueState, choice: str) -> Move:
    """Do what a button of ours says: agree, decline, take back."""
    named, answer = choice.removeprefix(CONSENT_PREFIX).split("/")
    purpose = Purpose(named)
    asked = state.consent
    question = asked.question if asked is not None and asked.purpose is purpose else None
    then = asked.then if asked is not None else state.question
    calm = replace(state, question=then if then in _GOES_ON_BEHIND else None, misunderstood=0)
    if answer == YES:
        spoken = ConsentWord(purpose, ConsentAct.GIVEN, question)
        return replace(
            _go_on("consent_given", library, calm, say(f"consent.{purpose}.given")),
            effect=Effect.CONSENT,
            consent=spoken,
        )
    refused = answer == NO
    told = say("consent.refused") if refused else say(f"consent.{purpose}.withdrawn")
    said = "refused" if refused else "withdrawn"
    # A no to a renewal takes back what was in force; a no to a first question changes nothing.
    return replace(
        _go_on(f"consent_{said}", library, _declined(calm, purpose), told),
        effect=Effect.CONSENT,
        consent=ConsentWord(purpose, ConsentAct.WITHDRAWN, question),
    )


def _leave(library: Library, state: DialogueState, asked: AskedConsent, told: Instruction) -> Move:
    """Go on without the consent: an answer that is no yes counts neither as yes nor as no."""
    return _go_on("consent_left", library, replace(state, question=asked.then), told)


def _go_on(action: str, library: Library, state: DialogueState, told: Instruction) -> Move:
    after = waiting(library, state)
    if not after and state.session.current is None:
        state, question = what_else(state)
        after = (question,)
    return move(action, state, told, *after)


def _declined(state: DialogueState, purpose: Purpose) -> DialogueState:
    return replace(state, declined=tuple(dict.fromkeys((*state.declined, purpose))))


# A question that asks itself again after this one; LATER is asked anew by ``what_else``.
_GOES_ON_BEHIND = frozenset({Question.RESUME})
