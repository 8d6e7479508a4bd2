"""One turn, from the masked message to the words that answer it."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
import unicodedata
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from assistant.domain.conversation import Conversation
from assistant.domain.errors import (
    ChoiceNotOffered,
    Conflict,
    ContentError,
    EmptyMessage,
    EngineUnavailable,
    KeyReused,
    MessageTooLong,
    NotFound,
    StillBeingAnswered,
)
from assistant.domain.messages import (
    Author,
    Channel,
    Inbound,
    Instruction,
    InstructionKind,
    Message,
    Words,
)
from assistant.domain.sending import METROPOLE
from assistant.domain.turn import Decider, Turn
from assistant.safety.masking import mask
from assistant.services.conversations import tell, tell_more
from assistant.services.dialogue.moves import WORD_PREFIX, say, word_choice
from assistant.services.dialogue.precedence import Verdict, take_precedence
from assistant.services.dialogue.universal_words import Word
from assistant.services.finding.send_place import without_number
from assistant.services.fragments import mask_fragments
from assistant.services.guidance import Guidance
from assistant.services.ports.clock import Clock
from assistant.services.ports.conversations import Announcer
from assistant.services.ports.dialogue import DialogueEngine, EngineRequest, Wording
from assistant.services.ports.transaction import OpenUnitOfWork
from assistant.services.reminders.on_page import hear_on_page
from assistant.services.reminders.remind import local_day, reached
from assistant.services.sms import phone_line
from assistant.services.sms.answer_phone import answer_phone

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 2_000
"""Characters; a page of handwriting. Longer texts are refused, not cut: nothing is lost."""

# Rasa has 8 s; the lease outlives it so that only a dead process loses its turn.
LEASE = timedelta(seconds=12)
# A message waits that long behind the one before it, whose process may be dead.
PATIENCE_SECONDS = 15.0
POLL_SECONDS = 0.02

# Control, format (but joiners, which Arabic and emoji need), surrogate and private signs.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_KEPT = frozenset("\n\t\u200c\u200d")

# Buttons that do no harm when they are old: they steer, and never answer a question.
_ALWAYS_OFFERED = frozenset(
    f"{WORD_PREFIX}{word}"
    for word in (
        Word.MENU,
        Word.HELP,
        Word.HUMAN,
        Word.CONTACT,
        Word.BACK,
        Word.REPEAT,
        Word.NEXT,
        Word.FOR_OTHER,
        Word.FOR_SELF,
        Word.MY_DATA,
        Word.FORGET_ME,
    )
)


@dataclass(frozen=True)
class Received:
    """A request to say something in a conversation, as the channel parsed it."""

    conversation_id: str
    channel: Channel
    external_id: str
    text: str | None
    choice: str | None


@dataclass(frozen=True)
class ReceiveMessage:
    """Masks, stores, decides, and answers, in this order; a replay returns what was answered.

    ``wake`` tells whoever sends SMS that there is one more; it is called after the commit.
    """

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    guidance: Guidance
    engines: tuple[DialogueEngine, ...]
    wording: Wording
    announcer: Announcer
    clock: Clock
    fingerprint_key: bytes
    wake: Callable[[], None]

    def __call__(self, received: Received) -> Sequence[Message]:
        """Return the messages that answer this one.

        Raises EmptyMessage, MessageTooLong, ChoiceNotOffered, KeyReused, StillBeingAnswered,
        NotFound.
        """
        text = _readable(received)
        try:
            turn, owner = self._store(received, text)
        except Conflict as error:
            if isinstance(error, KeyReused):
                raise
            # The same message came twice at once, and the other one was stored first.
            turn, owner = self._store(received, text)
        # Whoever erased the conversation meanwhile comes first.
        with suppress(NotFound):
            self.finish(turn, owner=owner)
        with self.open_reading() as work:
            if not work.turns.exists(turn.id):
                return (self._last_word(received.channel),)
            return work.messages.answers_to(turn.id)

    def _last_word(self, channel: Channel) -> Message:
        """Say that all is erased, in words that are kept nowhere.

        In the default language: which one was spoken is forgotten too.
        """
        language = self.wording.languages[0]
        done = say("forget.done", InstructionKind.END)
        return Message(
            id=uuid.uuid4().hex,
            sequence=0,
            author=Author.ASSISTANT,
            kind=done.kind,
            instruction=done,
            words=self.wording.say(done, language, channel),
            language=language,
            created_at=self.clock.now(),
        )

    def sweep(self) -> int:
        """Finish the turns that a dead process left behind; return how many were tried."""
        with self.open_reading() as work:
            left = work.turns.unfinished(self.clock.now())
        for turn in left:
            with suppress(StillBeingAnswered):
                self.finish(turn, patience=0.0)
        return len(left)

    def due(self, at_most: int) -> Sequence[str]:
        """List the turns that wait for somebody, the first of each conversation."""
        with self.open_reading() as work:
            return work.turns.due(self.clock.now(), at_most)

    def carry_on(self, turn_id: str) -> None:
        """Finish a turn that waits, unless somebody else has it or it was erased meanwhile."""
        with suppress(NotFound, StillBeingAnswered):
            with self.open_reading() as work:
                turn = work.turns.get(turn_id)
            self.finish(turn, patience=0.0)

    def finish(
        self, turn: Turn, patience: float = PATIENCE_SECONDS, owner: str | None = None
    ) -> None:
        """Bring a turn to its end, wherever somebody left it; do nothing when it is there.

        ``owner`` already holds the lease. Raises StillBeingAnswered when an earlier turn takes
        longer than ``patience`` seconds.
        """
        if owner is None and not self._hold(turn, patience):
            return
        with self.open_reading() as work:
            turn = work.turns.get(turn.id)
            conversation = work.conversations.get(turn.conversation_id)
        if not turn.is_closed:
            self._decide(turn, conversation)
        # OUBLIE-MOI leaves nothing to put into words.
        with suppress(NotFound):
            try:
                self._render(turn.id)
            except ContentError:
                # Another version of the code decided it, by a key that this one has no words for.
                log.exception("the answer to turn %s has no words here", turn.id)
                self._render(turn.id, (say("trouble"),))
        self.announcer.announce(turn.conversation_id)

    # -- keeping what was said --------------------------------------------------------------

    def _store(self, received: Received, text: str) -> tuple[Turn, str | None]:
        """Return the stored turn and, when it could be leased at once, the lease's owner."""
        masked = mask(text)
        fingerprint = self._fingerprint(text, received.choice)
        with self.open_unit_of_work() as work:
            known = work.turns.find(
                received.conversation_id, received.channel, received.external_id
            )
            if known is not None:
                if not hmac.compare_digest(known.inbound.fingerprint, fingerprint):
                    raise KeyReused(received.external_id)
                return known, None
            now = self.clock.now()
            conversation = work.conversations.get(received.conversation_id)
            if received.choice is not None:
                _refuse_stale(received.choice, conversation)
            inbound = Inbound(
                channel=received.channel,
                external_id=received.external_id,
                fingerprint=fingerprint,
                text=masked.text,
                choice=received.choice,
                masked=tuple(dict.fromkeys(masked.found)),
                received_at=now,
            )
            inbound = mask_fragments(work, conversation.id, inbound, text)
            if received.choice is None:
                inbound = without_number(work, conversation.state, text, inbound)
            turn = work.turns.open(conversation.id, inbound)
            work.messages.add(conversation.id, self._as_message(inbound, conversation))
            owner = uuid.uuid4().hex
            leased = work.turns.lease(turn.id, owner, now, now + LEASE)
            work.commit()
            return turn, owner if leased else None

    def _as_message(self, inbound: Inbound, conversation: Conversation) -> Message:
        shown = inbound.text
        if inbound.choice is not None and not shown:
            offered = {choice.id: choice for choice in conversation.state.offered}
            picked = offered.get(inbound.choice) or word_choice(
                Word(inbound.choice.removeprefix(WORD_PREFIX))
            )
            whom = conversation.state.whom
            shown = self.wording.labels(picked, conversation.language, whom)[0]
        return Message(
            id=uuid.uuid4().hex,
            sequence=0,
            author=Author.CITIZEN,
            kind="text",
            instruction=None,
            words=Words(shown),
            language=conversation.language,
            created_at=inbound.received_at,
        )

    def _fingerprint(self, text: str, choice: str | None) -> str:
        return fingerprint(self.fingerprint_key, text, choice)

    # -- answering --------------------------------------------------------------------------

    def _hold(self, turn: Turn, patience: float) -> bool:
        """Take the lease; False when somebody else finished the turn meanwhile."""
        # One owner a call: two requests with the same message must not both hold it.
        owner = uuid.uuid4().hex
        deadline = time.monotonic() + patience
        while True:
            now = self.clock.now()
            with self.open_unit_of_work() as work:
                if work.turns.get(turn.id).rendered:
                    return False
                if work.turns.lease(turn.id, owner, now, now + LEASE):
                    work.commit()
                    return True
            if time.monotonic() >= deadline:
                raise StillBeingAnswered(turn.id)
            time.sleep(POLL_SECONDS)

    def _decide(self, turn: Turn, conversation: Conversation) -> None:
        verdict = self._verdict(turn, conversation)
        if verdict.decider is not Decider.RASA:
            self.guidance.settle(turn.id, verdict)
            return
        request = EngineRequest(
            turn_id=turn.id,
            conversation=conversation,
            text=turn.inbound.text,
            choice=turn.inbound.choice or self.guidance.named_choice(conversation, turn),
            channel=turn.inbound.channel,
        )
        for engine in self.engines:
            try:
                engine.converse(request)
            except EngineUnavailable:
                continue
            except NotFound:
                # Erased while we were deciding: there is nobody to answer.
                return
            except Exception:
                # Whatever broke, the person gets an answer and the conversation is not held up.
                log.exception("%s failed on turn %s", type(engine).__name__, turn.id)
                continue
            return
        self.guidance.apologise(turn.id)

    def _verdict(self, turn: Turn, conversation: Conversation) -> Verdict:
        text, choice = turn.inbound.text, turn.inbound.choice
        is_offered = choice is None and self.guidance.is_offered(conversation, text)
        verdict = take_precedence(text, choice, conversation, is_offered=is_offered)
        if turn.inbound.channel is not Channel.SMS:
            today = local_day(turn.inbound.received_at, METROPOLE)
            return hear_on_page(
                text, choice, verdict, today, lambda: self._is_reached(conversation)
            )
        line = phone_line.Line(
            now=turn.inbound.received_at,
            today=turn.inbound.received_at.date(),
            picked=self.guidance.named_choice(conversation, turn),
        )
        with self.open_reading() as work:
            line = phone_line.known(work, turn, line, verdict)
        return phone_line.hear(text, choice, conversation, line, verdict)

    def _is_reached(self, conversation: Conversation) -> bool:
        with self.open_reading() as work:
            return reached(work, conversation) is not None

    def _render(self, turn_id: str, instead: tuple[Instruction, ...] | None = None) -> None:
        with self.open_unit_of_work() as work:
            turn = work.turns.get(turn_id)
            if instead is not None:
                turn = replace(turn, instructions=instead)
            if not work.turns.mark_rendered(turn_id):
                return
            conversation = work.conversations.get(turn.conversation_id)
            now = self.clock.now()
            if turn.inbound.channel is Channel.SMS:
                answer_phone(work, self.wording, conversation, turn, now)
            elif not (turn.action == Word.NEXT and tell_more(work, conversation, now, turn)):
                tell(work, self.wording, conversation, turn.instructions, now, turn)
            work.conversations.touch(conversation.id, now)
            work.commit()
        if turn.inbound.channel is Channel.SMS:
            self.wake()


def readable(text: str) -> str:
    """Return a text without the signs that nobody sees. Raises MessageTooLong."""
    seen = "".join(
        sign if unicodedata.category(sign) not in _UNSEEN or sign in _KEPT else " " for sign in text
    ).strip()
    if len(seen) > LONGEST_MESSAGE:
        raise MessageTooLong(len(seen), LONGEST_MESSAGE)
    return seen


def fingerprint(key: bytes, text: str, choice: str | None = None) -> str:
    """Return what tells an honest replay from another message under the same id."""
    return hmac.new(key, f"{choice or ''}\x00{text}".encode(), hashlib.sha256).hexdigest()


def _readable(received: Received) -> str:
    if received.choice is not None:
        return ""
    text = readable(received.text or "")
    if not text:
        raise EmptyMessage
    return text


def _refuse_stale(choice: str, conversation: Conversation) -> None:
    offered = {each.id for each in conversation.state.offered}
    if choice not in offered | _ALWAYS_OFFERED:
        raise ChoiceNotOffered(choice[:80])
