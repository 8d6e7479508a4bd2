"""Opening, reading, resuming and erasing a conversation."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.domain.conversation import Conversation, Holder
from assistant.domain.errors import LanguageNotOffered, NotAllowed, NotFound
from assistant.domain.messages import Author, Channel, Instruction, Message
from assistant.domain.retention import ConversationWindows
from assistant.domain.turn import Turn
from assistant.services.dialogue.steering import Steering
from assistant.services.ports.addresses import SuppressionReason
from assistant.services.ports.clock import Clock
from assistant.services.ports.conversations import Announcer
from assistant.services.ports.dialogue import Wording
from assistant.services.ports.transaction import OpenUnitOfWork, UnitOfWork
from assistant.services.sms.forget_phone import forget_phone

TOKEN_BYTES = 32

# Coming back to the page within half an hour needs no greeting: the question is still in view.
GREET_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Opened:
    """A new conversation, the token that opens it (kept nowhere in clear), its first words."""

    conversation: Conversation
    token: str
    messages: Sequence[Message]


@dataclass(frozen=True)
class Conversations:
    """The use cases around a conversation as a whole."""

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    steering: Steering
    wording: Wording
    announcer: Announcer
    clock: Clock

    def open(self, language: str, *, shared_device: bool = False) -> Opened:
        """Begin a conversation in one of the offered languages. Raises LanguageNotOffered."""
        self._must_be_offered(language)
        now = self.clock.now()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        welcome = self.steering.welcome()
        conversation = Conversation(
            id=uuid.uuid4().hex,
            language=language,
            held_by=Holder.ASSISTANT,
            state=welcome.state,
            version=0,
            rasa_session="",
            rasa_turns=0,
            shared_device=shared_device,
            created_at=now,
            last_activity_at=now,
        )
        with self.open_unit_of_work() as work:
            work.conversations.add(conversation, hash_token(token))
            messages = tell(work, self.wording, conversation, welcome.instructions, now)
            work.commit()
        return Opened(conversation, token, messages)

    def enter(self, conversation_id: str, token: str) -> Conversation:
        """Return the conversation that the token opens. Raises NotFound, NotAllowed."""
        with self.open_reading() as work:
            known = work.conversations.token_hash(conversation_id)
            if not hmac.compare_digest(known, hash_token(token)):
                raise NotAllowed(conversation_id)
            return work.conversations.get(conversation_id)

    def current(self, conversation_id: str) -> Conversation:
        """Return a conversation as it stands now. Raises NotFound."""
        with self.open_reading() as work:
            return work.conversations.get(conversation_id)

    def exists(self, conversation_id: str) -> bool:
        """Tell whether a conversation was not erased."""
        try:
            self.current(conversation_id)
        except NotFound:
            return False
        return True

    def opener(self, conversation: Conversation) -> str:
        """Return what stands for the token that opens it now; it changes with the device.

        Raises NotFound.
        """
        with self.open_reading() as work:
            return work.conversations.token_hash(conversation.id)

    def history(self, conversation: Conversation, after: str | None = None) -> Sequence[Message]:
        """List the messages, in the conversation's language. Raises NotFound."""
        with self.open_reading() as work:
            messages = work.messages.after(conversation.id, after)
        return [self._reworded(message, conversation.language) for message in messages]

    def change_language(self, conversation: Conversation, language: str) -> Conversation:
        """Hold the conversation in another language from now on. Raises LanguageNotOffered."""
        self._must_be_offered(language)
        with self.open_unit_of_work() as work:
            work.conversations.set_language(conversation.id, language)
            work.commit()
        return replace(conversation, language=language)

    def welcome_back(self, conversation: Conversation) -> None:
        """Offer to continue or to start again to somebody who reopens the page later."""
        state = conversation.state
        now = self.clock.now()
        away = now - conversation.last_activity_at
        if state.session.current is None or state.question is not None or away < GREET_AFTER:
            return
        offer = self.steering.offer_to_resume(state)
        with self.open_unit_of_work() as work:
            work.conversations.save_state(conversation.id, offer.state, conversation.version)
            tell(work, self.wording, conversation, offer.instructions, now)
            work.commit()

    def share_device(self, conversation: Conversation, *, shared: bool) -> None:
        """Note whether other people use this device, and that somebody is there now."""
        with self.open_unit_of_work() as work:
            work.conversations.set_shared_device(conversation.id, shared=shared)
            work.conversations.touch(conversation.id, self.clock.now())
            work.commit()

    def erase(self, conversation_id: str) -> None:
        """Delete all that we hold of a conversation."""
        with self.open_unit_of_work() as work:
            work.conversations.erase(conversation_id, self.clock.now())
            work.commit()
        self.announcer.announce(conversation_id)

    def forget(self, conversation_id: str) -> None:
        """Delete all that we hold of the person: what their phone took part in goes too."""
        with self.open_unit_of_work() as work:
            forget_phone(work, conversation_id, SuppressionReason.ERASED, (), self.clock.now())
            work.commit()
        self.announcer.announce(conversation_id)

    def forget_idle(self, windows: ConversationWindows) -> int:
        """Erase the conversations left alone for too long; return how many.

        On a device of one's own it depends on whether the person agreed to keep it. While a
        reminder or a question is to be sent, the conversation that it belongs to stays.
        """
        now = self.clock.now()
        with self.open_unit_of_work() as work:
            idle = [
                *work.conversations.idle_since(now - windows.shared_device, shared_device=True),
                *work.conversations.idle_unkept(now - windows.unkept, now),
                *work.conversations.idle_since(now - windows.kept, shared_device=False),
            ]
            for conversation_id in dict.fromkeys(idle):
                work.conversations.erase(conversation_id, now)
            work.commit()
        return len(set(idle))

    def _must_be_offered(self, language: str) -> None:
        if language not in self.wording.languages:
            raise LanguageNotOffered(language, self.wording.languages)

    def _reworded(self, message: Message, language: str) -> Message:
        if message.instruction is None or message.language == language:
            return message
        words = self.wording.say(message.instruction, language, Channel.WEB)
        return replace(message, words=words, language=language)


def hash_token(token: str) -> str:
    """Return what is kept of a token; it is random enough that a plain hash guards it."""
    return hashlib.sha256(token.encode()).hexdigest()


def tell(
    work: UnitOfWork,
    wording: Wording,
    conversation: Conversation,
    instructions: Sequence[Instruction],
    now: datetime,
    turn: Turn | None = None,
) -> list[Message]:
    """Put instructions into words for this person and append them to the conversation.

    What does not fit into one page is held until SUITE asks for it; text messages have pages of
    their own.
    """
    channel = turn.inbound.channel if turn is not None else Channel.WEB
    slowly = conversation.state.slower and channel is Channel.WEB
    pages = wording.pages(instructions, conversation.language, channel, slowly=slowly)
    work.messages.drop_held(conversation.id)
    told: list[Message] = []
    for page in pages:
        message = Message(
            id=uuid.uuid4().hex,
            sequence=0,
            author=Author.ASSISTANT,
            kind=page.instruction.kind,
            instruction=page.instruction,
            words=page.words,
            language=conversation.language,
            created_at=now,
            in_reply_to=turn.id if turn is not None else None,
        )
        if page.held:
            work.messages.hold(conversation.id, message)
        else:
            told.append(work.messages.add(conversation.id, message))
    return told


def tell_more(
    work: UnitOfWork, conversation: Conversation, now: datetime, turn: Turn
) -> list[Message]:
    """Show the next page of the answer before; nothing when none is held."""
    return [
        work.messages.add(
            conversation.id,
            replace(held, id=uuid.uuid4().hex, created_at=now, in_reply_to=turn.id),
        )
        for held in work.messages.release(conversation.id)
    ]
