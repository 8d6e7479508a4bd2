"""What a decision changes beside its conversation, in the transaction that keeps the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain.consent import ConsentAct, Purpose
from assistant.domain.conversation import Conversation
from assistant.domain.messages import Channel
from assistant.services.choices.talk import NotebookTalk
from assistant.services.consent.recording import ConsentRecord, withdraw
from assistant.services.consent.wanted import ConsentsWanted
from assistant.services.dialogue.moves import ConsentWord, Effect, Move, say
from assistant.services.finding.send_place import SendPlace
from assistant.services.follow_up import KeepFollowUp
from assistant.services.ports.addresses import SuppressionReason
from assistant.services.ports.dialogue import Wording
from assistant.services.ports.transaction import UnitOfWork
from assistant.services.reminders.remind import KeepReminder, cancel_reminder
from assistant.services.resume import Resume
from assistant.services.rights.known import WhatIsKnown
from assistant.services.rights.talk import KNOWN
from assistant.services.sharing import ShareConversation
from assistant.services.sms.forget_phone import forget_phone

_WIPES = {
    Effect.FORGET_ME: SuppressionReason.ERASED,
    Effect.NOT_ME: SuppressionReason.WRONG_NUMBER,
}


Tells = Callable[[UnitOfWork, Conversation, Move, Channel, datetime], Move]


@dataclass(frozen=True)
class Effects:
    """Carries out what moves ask for beside their words.

    ``site`` is the address of the page, as it is written in a text message.
    """

    resume: Resume
    known: WhatIsKnown
    wording: Wording
    consents: ConsentRecord
    notebook: NotebookTalk
    remind: KeepReminder
    site: str
    send_place: SendPlace
    follow_up: KeepFollowUp
    share: ShareConversation

    def completed(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        decided: Move,
        channel: Channel,
        now: datetime,
    ) -> Move:
        """Return the move with what the ledger of consents adds to it."""
        wanted = ConsentsWanted(self.consents)
        if decided.effect is Effect.LIST_CONSENTS:
            return wanted.listed(work, conversation, decided, now)
        return wanted.completed(work, conversation, decided, channel, now)

    def carry_out(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        decided: Move,
        channel: Channel,
        now: datetime,
    ) -> Move | None:
        """Return the move with what only this could tell; None when its conversation is no more.

        ``channel`` is the one of the message that was decided about.
        """
        effect = decided.effect
        if effect in _WIPES:
            self._wipe(work, conversation, decided, _WIPES[effect], channel, now)
            return None
        if effect is Effect.TELL_KNOWN:
            return self._tell_known(work, conversation, decided)
        if effect is Effect.GIVE_CODE:
            code = self.resume.give(work, conversation.id, now)
            params = {"code": f"{code.digits[:3]} {code.digits[3:]}", "site": self.site}
            told = (replace(each, params=params) for each in decided.instructions)
            return replace(decided, instructions=tuple(told))
        tells = self._what_tells(decided)
        if tells is not None:
            return tells(work, conversation, decided, channel, now)
        if decided.consent is not None:
            self._note_consent(work, conversation, decided.consent, channel, now)
        elif effect is Effect.REPORT_CLOSED:
            work.place_reports.note_closed(decided.about, now)
        elif effect is not None:
            self._change_phone(work, conversation, decided, now)
        return decided

    def _what_tells(self, decided: Move) -> Tells | None:
        """Return what carries a decision out and tells what came of it, where something does."""
        if decided.notebook is not None:
            return self.notebook.carry_out
        spoken = decided.consent
        if spoken is not None and spoken.act is ConsentAct.GIVEN:
            doing: Mapping[Purpose, Tells] = {
                Purpose.QUALITY: self.follow_up,
                Purpose.SHARE_WITH_MEDIATOR: self.share,
            }
            if spoken.purpose in doing:
                return doing[spoken.purpose]
        match decided.effect:
            case Effect.SEND_PLACE:
                return self.send_place
            case Effect.REMIND:
                return self.remind
            case Effect.CANCEL_REMINDER:
                return self._cancel_reminder
            case _:
                return None

    def _note_consent(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        spoken: ConsentWord,
        channel: Channel,
        now: datetime,
    ) -> None:
        if spoken.act is ConsentAct.GIVEN:
            question = spoken.question
            self.consents.give(work, conversation, spoken.purpose, channel, now, question)
        else:
            withdraw(work, conversation.id, spoken.purpose, channel, now)

    def _cancel_reminder(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        decided: Move,
        channel: Channel,
        now: datetime,
    ) -> Move:
        if cancel_reminder(work, conversation.id, now, channel):
            return decided
        _, *after = decided.instructions
        none = replace(say("reminder.none"), whom=decided.state.whom)
        return replace(decided, instructions=(none, *after))

    def _tell_known(self, work: UnitOfWork, conversation: Conversation, decided: Move) -> Move:
        known = self.known.told(work, conversation)
        told = (
            replace(line, whom=decided.state.whom)
            for each in decided.instructions
            for line in (known if each.key == KNOWN.key else (each,))
        )
        return replace(decided, instructions=tuple(told))

    def _wipe(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        decided: Move,
        reason: SuppressionReason,
        channel: Channel,
        now: datetime,
    ) -> None:
        said = [
            self.wording.say(each, conversation.language, Channel.SMS)
            for each in decided.instructions
        ]
        # Whoever asked on the page reads it there: a text message might be read by somebody else.
        last_words = (
            self.wording.text_messages(said, conversation.language)
            if channel is Channel.SMS
            else ()
        )
        forget_phone(work, conversation.id, reason, last_words, now)

    def _change_phone(
        self, work: UnitOfWork, conversation: Conversation, decided: Move, now: datetime
    ) -> None:
        """Change what is known of the phone that speaks in a conversation, if one does."""
        address_id = work.addresses.of_conversation(Channel.SMS, conversation.id)
        if address_id is None:
            return
        number = work.addresses.reveal(address_id)
        match decided.effect:
            case Effect.STOP:
                work.suppressions.add(Channel.SMS, number, SuppressionReason.STOP, now)
                _write_no_more(work, conversation.id, now)
            case Effect.REOPEN:
                work.suppressions.lift(Channel.SMS, number)
            case Effect.HINT:
                work.suppressions.hint(Channel.SMS, number, now)
            case Effect.SEPARATE:
                work.addresses.detach(address_id, now)
                _write_no_more(work, conversation.id, now)
            case _:
                pass


def _write_no_more(work: UnitOfWork, conversation_id: str, now: datetime) -> None:
    """Take back what lets us write to a phone that does not write to us."""
    for purpose in (Purpose.REMINDERS, Purpose.QUALITY):
        withdraw(work, conversation_id, purpose, Channel.SMS, now)
