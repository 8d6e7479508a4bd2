"""One place, sent once by SMS to whom the person names; the number is kept nowhere but sealed.

The number is taken out of the message before anything is stored. What is sent says nothing of
health, nor of who asked; whoever gets it can stop all of them by STOP.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from assistant.domain.consent import Purpose
from assistant.domain.conversation import Conversation, DialogueState, Question
from assistant.domain.found_places import FoundPlace, FoundPlaces, dump_places
from assistant.domain.messages import Channel, Choice, Inbound, Instruction, InstructionKind
from assistant.domain.phone_numbers import Sender, sender_kind
from assistant.domain.sending import area_of, local_midnight, moment_to_send
from assistant.flows.reply_values import read_phone
from assistant.safety.danger import recognise_danger
from assistant.safety.masking import MARKER, mask
from assistant.safety.opt_out import OptOut, recognise_opt_out
from assistant.services.consent.recording import ConsentRecord
from assistant.services.dialogue.moves import HUMAN, Move, ask, say
from assistant.services.ports.dialogue import Wording
from assistant.services.ports.transaction import UnitOfWork

NUMBER_PREFIX: Final = "help/number/"
PLACE_SENT: Final = "interface/places.sent"
UNSENT: Final = Choice("help/unsent", "interface/places.choice_unsent")

# For one person in a day, and to one number whoever asks: nobody is harassed with it.
A_DAY_EACH: Final = 3
# From the whole installation in a day: a stranger's script is no relay, and costs little.
A_DAY_IN_ALL: Final = 200

# Fewer digits are a choice or an hour, not a number that somebody tried to give.
_DIGITS: Final = 6
_DIGIT_RUN: Final = re.compile(r"\+?\d(?:[\s.,\-/()]*\d)*")


class Unsent(StrEnum):
    """Why a number gets nothing; the value ends the key of what the person is told."""

    UNREADABLE = "unreadable"
    NOT_MOBILE = "not_mobile"
    TOO_MANY = "too_many"
    REFUSED = "refused"
    """It wants no message of ours, or cannot have one: the same words for both, which tell
    nobody who has written to us."""


def without_number(work: UnitOfWork, state: DialogueState, text: str, inbound: Inbound) -> Inbound:
    """Return a message as it may be stored: the number that was asked for became its choice.

    ``text`` is the message before it was masked. A danger or a STOP beside the number is heard,
    and the number gone all the same.
    """
    if state.question is not Question.NUMBER or sum(map(str.isdigit, text)) < _DIGITS:
        return inbound
    hidden = replace(inbound, text=mask(_DIGIT_RUN.sub(MARKER, text)).text, masked=())
    if recognise_danger(text) is not None or recognise_opt_out(text) is OptOut.CLEAR:
        return hidden
    number = read_phone(text)
    if number is None:
        given: str = Unsent.UNREADABLE
    elif sender_kind(number) is not Sender.MOBILE:
        given = Unsent.NOT_MOBILE
    else:
        given = work.addresses.remember(Channel.SMS, number, inbound.received_at)
    return replace(hidden, choice=f"{NUMBER_PREFIX}{given}")


def ask_number() -> Instruction:
    """Ask for the number, in the one sentence that answering it agrees to."""
    return ask("places.ask_number", UNSENT, HUMAN)


def ask_number_again(why: Unsent) -> Instruction:
    """Ask for another number, and say what was wrong with that one."""
    return ask(f"places.unsent.{why}", UNSENT, HUMAN)


@dataclass(frozen=True)
class SendPlace:
    """Lets the SMS leave: consent, budgets, decent hours; all in the caller's transaction.

    ``place`` tells all of a place by its id, None when it is gone. ``consents`` end at once: what
    they allow is done in the same transaction.
    """

    wording: Wording
    consents: ConsentRecord
    place: Callable[[str], FoundPlace | None]

    def __call__(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        decided: Move,
        channel: Channel,
        now: datetime,
    ) -> Move:
        """Return the move with what became of it said first."""
        told = self._send(work, conversation, decided, channel, now)
        first = replace(told, whom=decided.state.whom)
        return replace(decided, instructions=(first, *decided.instructions))

    def _send(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        decided: Move,
        channel: Channel,
        now: datetime,
    ) -> Instruction:
        place = self.place(decided.about)
        if place is None:
            return say("places.gone")
        number = work.addresses.reveal(decided.to)
        if work.suppressions.reason(Channel.SMS, number) is not None:
            return say(f"places.unsent.{Unsent.REFUSED}")
        person = work.people.recognise(conversation.id, now)
        today = local_midnight(now, number)
        if (
            _asked_by(work, person, today) >= A_DAY_EACH
            or work.outbox.asked_for(today, decided.to) >= A_DAY_EACH
            or work.outbox.asked_for(today) >= A_DAY_IN_ALL
        ):
            return say(f"places.unsent.{Unsent.TOO_MANY}")
        asked = replace(ask_number(), whom=conversation.state.whom)
        self.consents.give(work, conversation, Purpose.SEND_PLACE, channel, now, asked)
        params = dump_places(FoundPlaces(places=(place,)))
        written = Instruction(InstructionKind.PLACES, PLACE_SENT, params)
        words = self.wording.say(written, conversation.language, Channel.SMS)
        texts = self.wording.text_messages([words], conversation.language)
        leaves = moment_to_send(now, number, started_by_us=True)
        work.outbox.put(decided.to, None, texts, now, not_before=leaves, started_by_us=True)
        if leaves <= now:
            return say("places.sent_now")
        there = leaves.astimezone(area_of(number).zone)
        params = {"day": f"{there:%d/%m}", "hour": f"{there:%-H}"}
        return replace(say("places.sent_later"), params=params)


def _asked_by(work: UnitOfWork, person: str, since: datetime) -> int:
    """Count what a person had sent since that moment: each was agreed to."""
    return sum(
        each.payload.purpose is Purpose.SEND_PLACE and each.recorded_at >= since
        for each in work.consents.of_person(person)
    )
