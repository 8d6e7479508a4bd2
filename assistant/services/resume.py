"""Going on elsewhere: a short code, read aloud or written down, opens the conversation there."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.conversation import Conversation
from assistant.domain.errors import CodeRefused, Conflict, TooManyTries
from assistant.domain.retention import WINDOWS, Kind
from assistant.services.conversations import TOKEN_BYTES, hash_token
from assistant.services.ports.clock import Clock
from assistant.services.ports.conversations import Announcer
from assistant.services.ports.transaction import OpenUnitOfWork, UnitOfWork

CODE_DIGITS = 6
CODE_LIVES = WINDOWS[Kind.RESUME_CODES].lasts
TRIES = 5
"""Wrong codes from one place in a quarter of an hour; the sixth is not even looked at."""

# A thief who tries five codes a quarter of an hour while a hundred are alive finds one in 2,000
# times; tried from many places at once, this bounds it for everybody.
TRIES_OF_ALL = 500

DrawCode = Callable[[], str]


def draw_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


@dataclass(frozen=True)
class ResumeCode:
    """A code to be typed on the other device, and when it stops to work."""

    digits: str
    expires_at: datetime


@dataclass(frozen=True)
class Resumed:
    """A conversation that goes on here, with the token that opens it from now on."""

    conversation: Conversation
    token: str


@dataclass(frozen=True)
class Resume:
    """The use cases of changing the device in the middle of a conversation."""

    open_unit_of_work: OpenUnitOfWork
    announcer: Announcer
    clock: Clock
    draw: DrawCode = draw_code

    def give_code(self, conversation_id: str) -> ResumeCode:
        """Return a code for this conversation; the one before it stops to work.

        Raises NotFound.
        """
        with self.open_unit_of_work() as work:
            code = self.give(work, conversation_id, self.clock.now())
            work.commit()
        return code

    def give(self, work: UnitOfWork, conversation_id: str, now: datetime) -> ResumeCode:
        """Return a code, as ``give_code`` does, in the caller's transaction."""
        work.resume_codes.forget(now, now - CODE_LIVES)
        code = ResumeCode(self._unused(work), now + CODE_LIVES)
        work.resume_codes.give(conversation_id, code.digits, code.expires_at)
        return code

    def take(self, typed: str, tried_by: str, *, shared_device: bool = False) -> Resumed:
        """Open on this device the conversation of a code; the device before it loses it.

        ``tried_by`` tells one place from another: a network address, a phone number. Raises
        CodeRefused, and TooManyTries from the sixth wrong code within 15 minutes.
        """
        with self.open_unit_of_work() as work:
            now = self.clock.now()
            conversation_id = self.claim(work, typed, tried_by, now)
            if conversation_id is None:
                work.commit()
                raise CodeRefused
            token = secrets.token_urlsafe(TOKEN_BYTES)
            work.conversations.set_token_hash(conversation_id, hash_token(token))
            work.conversations.set_shared_device(conversation_id, shared=shared_device)
            work.conversations.touch(conversation_id, now)
            conversation = work.conversations.get(conversation_id)
            work.commit()
        self.announcer.announce(conversation_id)
        return Resumed(conversation, token)

    def claim(self, work: UnitOfWork, typed: str, tried_by: str, now: datetime) -> str | None:
        """Use a code up and return its conversation; None, and one try less, for a wrong one.

        Raises TooManyTries.
        """
        refuse_too_many(work, tried_by, now)
        digits = code_in(typed)
        conversation_id = work.resume_codes.use(digits, now) if digits is not None else None
        if conversation_id is None:
            work.resume_codes.note_try(tried_by, now)
        return conversation_id

    def _unused(self, work: UnitOfWork) -> str:
        for _ in range(20):
            digits = self.draw()
            if not work.resume_codes.exists(digits):
                return digits
        raise Conflict("every code that was drawn is in use")


def refuse_too_many(work: UnitOfWork, tried_by: str, now: datetime) -> None:
    """Look at no code any more from a place that tried too many, whatever it would open.

    Raises TooManyTries.
    """
    mine, everybodys = work.resume_codes.tries(tried_by, now - CODE_LIVES)
    if mine >= TRIES or everybodys >= TRIES_OF_ALL:
        raise TooManyTries


def code_in(typed: str) -> str | None:
    """Return the six digits of a code, however they were spaced; None for anything else."""
    signs = [sign for sign in typed if not sign.isspace() and sign not in "-."]
    if len(signs) != CODE_DIGITS or not all(sign.isdecimal() for sign in signs):
        return None
    return "".join(str(int(sign)) for sign in signs)
