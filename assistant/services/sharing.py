"""Letting whoever helps read the conversation: a code shown to them, for a day, never to write.

The person agrees each time, and ends it with a word; what is delicate stays out of sight.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.domain.consent import Purpose, Standing
from assistant.domain.conversation import Conversation
from assistant.domain.errors import CodeRefused, Conflict
from assistant.domain.messages import Channel, Message
from assistant.domain.retention import WINDOWS, Kind
from assistant.services.consent.recording import ConsentRecord, standing_of
from assistant.services.conversations import TOKEN_BYTES, hash_token
from assistant.services.dialogue.moves import Move
from assistant.services.ports.clock import Clock
from assistant.services.ports.transaction import OpenUnitOfWork, UnitOfWork
from assistant.services.resume import CODE_LIVES, DrawCode, code_in, draw_code, refuse_too_many

LASTS: timedelta = WINDOWS[Kind.SHARES].lasts
"""A day: the time of a visit, and of looking at it again after it."""

READER = "reader"
"""Who reads, as the person finds it in what we know of them: a code has no name."""


@dataclass(frozen=True)
class ShareConversation:
    """Writes down the consent and gives the code, in the caller's transaction."""

    consents: ConsentRecord
    site: str
    draw: DrawCode = draw_code

    def __call__(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        agreed: Move,
        channel: Channel,
        now: datetime,
    ) -> Move:
        """Return the move with the code in what is told first."""
        until = now + LASTS
        question = agreed.consent.question if agreed.consent is not None else None
        self.consents.give(
            work, conversation, Purpose.SHARE_WITH_MEDIATOR, channel, now, question, until=until
        )
        digits = self._unused(work)
        work.shares.give(conversation.id, digits, now + CODE_LIVES, until)
        first, *after = agreed.instructions
        params = {"code": f"{digits[:3]} {digits[3:]}", "site": self.site}
        return replace(agreed, instructions=(replace(first, params=params), *after))

    def _unused(self, work: UnitOfWork) -> str:
        for _ in range(20):
            digits = self.draw()
            if not work.shares.exists(digits):
                return digits
        raise Conflict("every code that was drawn is in use")


@dataclass(frozen=True)
class ReadShared:
    """The use cases of whoever was shown a code."""

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    clock: Clock

    def open(self, typed: str, tried_by: str) -> str:
        """Return the token that reads the conversation of a code; the person finds it noted.

        ``tried_by`` tells one place from another. Raises CodeRefused, and TooManyTries from the
        sixth wrong code within 15 minutes.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self.open_unit_of_work() as work:
            now = self.clock.now()
            refuse_too_many(work, tried_by, now)
            digits = code_in(typed)
            opened = None if digits is None else work.shares.use(digits, hash_token(token), now)
            if opened is None:
                work.resume_codes.note_try(tried_by, now)
                work.commit()
                raise CodeRefused
            work.access_log.record(READER, opened, "read", now)
            work.commit()
        return token

    def conversation(self, token: str) -> tuple[Conversation, Sequence[Message]] | None:
        """Return what a token reads, while the person agrees; None when it reads nothing."""
        with self.open_reading() as work:
            now = self.clock.now()
            conversation_id = work.shares.read_by(hash_token(token), now)
            if conversation_id is None:
                return None
            agreed = standing_of(work, conversation_id, Purpose.SHARE_WITH_MEDIATOR, now)
            if agreed is Standing.ABSENT:
                return None
            return work.conversations.get(conversation_id), work.messages.after(conversation_id)

    def close(self, token: str) -> None:
        """Read no more: the reader closed the page for good."""
        with self.open_unit_of_work() as work:
            opened = work.shares.read_by(hash_token(token), self.clock.now())
            if opened is not None:
                work.shares.end(opened)
                work.commit()
