"""The conversations, their lines, and who may open them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from assistant.domain.conversation import Conversation, DialogueState
from assistant.domain.messages import Message


class Conversations(Protocol):
    """The conversations and where each one stands."""

    def add(self, conversation: Conversation, token_hash: str) -> None:
        """Keep a new conversation, opened by whoever knows the token."""

    def get(self, conversation_id: str) -> Conversation:
        """Return a conversation. Raises NotFound."""

    def token_hash(self, conversation_id: str) -> str:
        """Return the hash of the token that opens it. Raises NotFound."""

    def save_state(self, conversation_id: str, state: DialogueState, expected_version: int) -> None:
        """Replace the state and raise the version by one. Raises StaleState if it moved."""

    def touch(self, conversation_id: str, at: datetime) -> None:
        """Note the last activity."""

    def set_token_hash(self, conversation_id: str, token_hash: str) -> None:
        """Let another token open it; the one before does not any more."""

    def set_language(self, conversation_id: str, language: str) -> None:
        """Change the language that the conversation is held in."""

    def set_shared_device(self, conversation_id: str, *, shared: bool) -> None:
        """Note whether others use the same device."""

    def set_rasa_session(self, conversation_id: str, rasa_session: str, turns: int) -> None:
        """Note the disposable Rasa session in use and how many turns it has seen."""

    def erase(self, conversation_id: str, at: datetime) -> None:
        """Delete all that is known of it, leaving only keyed hashes of its inbound ids."""

    def idle_since(self, moment: datetime, *, shared_device: bool) -> Sequence[str]:
        """List the conversations whose last activity is before the moment.

        On devices that nobody shares, those with something to be sent are left out.
        """

    def idle_unkept(self, moment: datetime, now: datetime) -> Sequence[str]:
        """List those of them, on devices that nobody shares, that nobody agrees to keep now."""


class Messages(Protocol):
    """The lines of the conversations, as they were shown."""

    def add(self, conversation_id: str, message: Message) -> Message:
        """Append a message (its sequence is given here) and return it as stored."""

    def after(self, conversation_id: str, message_id: str | None = None) -> Sequence[Message]:
        """List the messages after that one, or all. Raises NotFound for an unknown id."""

    def answers_to(self, turn_id: str) -> Sequence[Message]:
        """List the messages that answer one turn."""

    def hold(self, conversation_id: str, message: Message) -> None:
        """Keep a message out of sight, after those that are held already."""

    def release(self, conversation_id: str) -> Sequence[Message]:
        """Take the held messages up to the next one that has choices, and hold them no more."""

    def page_waits(self, conversation_id: str) -> bool:
        """Tell whether a page of the last answer is held, here or on its way to a phone."""

    def drop_held(self, conversation_id: str) -> None:
        """Forget the held messages: something else was said."""


class DelicateLines(Protocol):
    """The lines about a delicate subject, erased for good while their conversation goes on."""

    def conversations(self, slugs: Sequence[str], before: datetime) -> Sequence[str]:
        """List the conversations that told of one of these flows or needs before that moment."""

    def are_leaving(self, message_ids: Sequence[str]) -> bool:
        """Tell whether one of these lines is still on its way to a phone."""

    def erase(self, conversation_id: str, message_ids: Sequence[str], at: datetime) -> None:
        """Delete these lines, and empty the messages and decisions that they came from."""


class ResumeCodes(Protocol):
    """The codes that open a conversation on another device."""

    def give(self, conversation_id: str, digits: str, expires_at: datetime) -> None:
        """Keep the one code of a conversation."""

    def exists(self, digits: str) -> bool:
        """Tell whether that code is given out."""

    def use(self, digits: str, now: datetime) -> str | None:
        """Delete a code and return the conversation that it opened, None when it opens nothing."""

    def tries(self, tried_by: str, since: datetime) -> tuple[int, int]:
        """Count the wrong codes since that moment: from that place, and from everywhere."""

    def note_try(self, tried_by: str, at: datetime) -> None:
        """Remember a wrong code."""

    def forget(self, now: datetime, tries_before: datetime) -> int:
        """Delete the codes whose time is over and the tries that no longer count."""


class Shares(Protocol):
    """The conversations that somebody else may read, each with the code that opens it."""

    def give(
        self, conversation_id: str, digits: str, code_until: datetime, until: datetime
    ) -> None:
        """Keep the one code of a conversation; whoever read it with another one reads no more."""

    def exists(self, digits: str) -> bool:
        """Tell whether that code is given out."""

    def use(self, digits: str, token_hash: str, now: datetime) -> str | None:
        """Use a code up: from now on that token reads its conversation; None for a wrong code."""

    def read_by(self, token_hash: str, now: datetime) -> str | None:
        """Return the conversation that a token reads, None when it reads nothing any more."""

    def end(self, conversation_id: str) -> None:
        """Let nobody else read a conversation any more."""

    def forget(self, now: datetime) -> int:
        """Delete those whose time is over; return how many."""


class AccessLog(Protocol):
    """Who read or changed what, for the citizen to see."""

    def record(self, actor: str, conversation_id: str, act: str, at: datetime) -> None:
        """Note one access."""


class Announcer(Protocol):
    """Tells the open pages that a conversation has something new."""

    def announce(self, conversation_id: str) -> None:
        """Wake whoever listens to this conversation."""
