"""An SMS, from the carrier's form to a stored turn; the answer is worked out afterwards."""

from __future__ import annotations

import logging
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.domain.conversation import Conversation, DialogueState, Holder
from assistant.domain.errors import Conflict, NotFound, StorageUnavailable
from assistant.domain.messages import Author, Channel, Inbound, Message, Words
from assistant.domain.phone_numbers import Sender, sender_kind
from assistant.domain.sms import CarrierOptOut, SmsReceived
from assistant.domain.turn import SILENT, Decider, Turn
from assistant.safety.masking import MARKER, mask
from assistant.services.conversations import TOKEN_BYTES, hash_token, tell
from assistant.services.dialogue.moves import say
from assistant.services.dialogue.precedence import take_precedence
from assistant.services.finding.send_place import without_number
from assistant.services.fragments import mask_fragments
from assistant.services.ports.addresses import SuppressionReason
from assistant.services.ports.clock import Clock
from assistant.services.ports.dialogue import Wording
from assistant.services.ports.transaction import OpenUnitOfWork, UnitOfWork
from assistant.services.receive_message import fingerprint, readable
from assistant.services.resume import Resume
from assistant.services.sms.link_phone import link_phone
from assistant.services.sms.words import SmsWord, sms_choice

log = logging.getLogger(__name__)

# A person types one in some seconds. What writes faster is a machine: its messages are kept, and
# none of them is answered (the turns before them tell it once). Sent back with an error they would
# only come again: Twilio posts anew what we refuse, when it was asked to.
FLOOD, FLOOD_SPAN = 60, timedelta(minutes=1)
# Some 1.5 kB each: what one number can fill of the database in a day is bounded.
MOST, MOST_SPAN = 12_000, timedelta(days=1)

# Two forms of one sender may meet, or an erasure may pass between reading and writing.
TRIES = 3


class SmsOutcome(StrEnum):
    """What became of a message."""

    STORED = "stored"
    REPLAYED = "replayed"
    TOO_MANY = "too_many"
    """Its sender wrote more in a day than we keep; nothing of it is."""
    LEFT_ALONE = "left_alone"
    """Its sender cannot be answered: a landline, a premium or foreign number, a name."""


@dataclass(frozen=True)
class ReceiveSms:
    """Masks an SMS and stores it as the next turn of its sender's conversation, once.

    ``wake`` tells whoever works on turns that there is one more; it is called after the commit.
    """

    open_unit_of_work: OpenUnitOfWork
    resume: Resume
    wording: Wording
    clock: Clock
    fingerprint_key: bytes
    wake: Callable[[], None]

    def __call__(self, received: SmsReceived) -> SmsOutcome:
        """Store the message. Raises MessageTooLong, StorageUnavailable; nothing is stored then."""
        kind = sender_kind(received.sender)
        if kind is not Sender.MOBILE:
            # The kind alone: a log never holds a number.
            log.info("an SMS was left alone: sender %s", kind)
            return SmsOutcome.LEFT_ALONE
        text = readable(received.text)
        for tries_left in reversed(range(TRIES)):
            try:
                outcome = self._store(received, text)
            except (Conflict, NotFound, StorageUnavailable):
                if not tries_left:
                    raise
                continue
            if outcome is SmsOutcome.STORED:
                self.wake()
            return outcome
        raise AssertionError("the last try returns or raises")

    def _store(self, received: SmsReceived, text: str) -> SmsOutcome:
        """Store the message in one transaction, unless it was there, or was erased since."""
        masked = mask(text)
        now = self.clock.now()
        inbound = Inbound(
            channel=Channel.SMS,
            external_id=received.external_id,
            fingerprint=fingerprint(self.fingerprint_key, text),
            text=masked.text,
            choice=None if text else _without_words(received),
            masked=tuple(dict.fromkeys(masked.found)),
            received_at=now,
        )
        with self.open_unit_of_work() as work:
            if (
                work.turns.was_erased(Channel.SMS, received.external_id)
                or work.turns.find("", Channel.SMS, received.external_id) is not None
            ):
                return SmsOutcome.REPLAYED
            if text and received.opt_out is None:
                linked = link_phone(work, self.resume, text, received.sender, now)
                if linked is not None:
                    # A code is kept nowhere, whoever gave it.
                    text = MARKER
                    inbound = replace(inbound, text=text, choice=sms_choice(linked))
            conversation = self._conversation(work, received.sender, now)
            inbound = mask_fragments(work, conversation.id, inbound, text)
            if inbound.choice is None and received.opt_out is None:
                inbound = without_number(work, conversation.state, text, inbound)
            turn = work.turns.open(conversation.id, inbound)
            if _is_among(work, turn, MOST, MOST_SPAN):
                log.error("SMS of one number are refused: it wrote %d in a day", MOST)
                return SmsOutcome.TOO_MANY
            self._suppress(work, received, now)
            if _is_among(work, turn, FLOOD, FLOOD_SPAN) and _is_idle(inbound, conversation):
                work.turns.close(turn.id, Decider.LOOP, SILENT, ())
                work.turns.mark_rendered(turn.id)
            else:
                work.messages.add(conversation.id, _as_message(inbound, conversation))
                self._settle(work, received, conversation, turn, now)
            work.commit()
        return SmsOutcome.STORED

    def _conversation(self, work: UnitOfWork, sender: str, now: datetime) -> Conversation:
        """Return the conversation that this number speaks in, opened when there is none."""
        known = work.addresses.conversation_at(Channel.SMS, sender)
        if known is None:
            # The address is ours from here on; whoever was faster has opened the conversation.
            address_id = work.addresses.remember(Channel.SMS, sender, now)
            known = work.addresses.conversation_at(Channel.SMS, sender)
        else:
            address_id = ""
        if known is not None:
            return work.conversations.get(known)
        conversation = Conversation(
            id=uuid.uuid4().hex,
            language=self.wording.languages[0],
            held_by=Holder.ASSISTANT,
            state=DialogueState(),
            version=0,
            rasa_session="",
            rasa_turns=0,
            shared_device=False,
            created_at=now,
            last_activity_at=now,
        )
        # Nobody knows the token: a conversation by SMS is opened by its number alone.
        work.conversations.add(conversation, hash_token(secrets.token_urlsafe(TOKEN_BYTES)))
        work.addresses.attach(address_id, conversation.id, now)
        return conversation

    def _suppress(self, work: UnitOfWork, received: SmsReceived, now: datetime) -> None:
        """Keep in step with what the carrier did about STOP, and with who comes back."""
        match received.opt_out:
            case CarrierOptOut.STOP:
                work.suppressions.add(Channel.SMS, received.sender, SuppressionReason.STOP, now)
            case CarrierOptOut.START:
                work.suppressions.lift(Channel.SMS, received.sender)
            case _:
                reason = work.suppressions.reason(Channel.SMS, received.sender)
                if reason is SuppressionReason.ERASED:
                    # Somebody whom we forgot begins again of their own will.
                    work.suppressions.lift(Channel.SMS, received.sender)

    def _settle(
        self,
        work: UnitOfWork,
        received: SmsReceived,
        conversation: Conversation,
        turn: Turn,
        now: datetime,
    ) -> None:
        """Close at once the turns in which there is nothing to understand."""
        if received.opt_out is not None:
            # The carrier has answered the person itself: a second confirmation is one too many.
            action = f"carrier_{received.opt_out.lower()}"
            work.turns.close(turn.id, Decider.OPT_OUT, action, ())
            work.turns.mark_rendered(turn.id)
        elif received.pictures and turn.inbound.choice is None:
            # Kept here, it leaves in front of the answer, in the same text message.
            tell(work, self.wording, conversation, [say("sms.no_pictures")], now, turn)


def _is_among(work: UnitOfWork, turn: Turn, others: int, span: timedelta) -> bool:
    """Tell whether so many messages came before this one within that time."""
    first = work.turns.came_before(turn, others)
    return first is not None and turn.inbound.received_at - first < span


def _is_idle(inbound: Inbound, conversation: Conversation) -> bool:
    """Tell whether silence harms nobody: neither a danger nor a STOP is left unheard."""
    verdict = take_precedence(inbound.text, inbound.choice, conversation)
    return verdict.danger is None and verdict.opt_out is None


def _without_words(received: SmsReceived) -> str:
    return sms_choice(SmsWord.NO_PICTURES if received.pictures else SmsWord.EMPTY)


def _as_message(inbound: Inbound, conversation: Conversation) -> Message:
    return Message(
        id=uuid.uuid4().hex,
        sequence=0,
        author=Author.CITIZEN,
        kind="text",
        instruction=None,
        words=Words(inbound.text),
        language=conversation.language,
        created_at=inbound.received_at,
    )
