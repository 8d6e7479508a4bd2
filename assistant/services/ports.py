"""What the use cases need from the outside world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from assistant.domain.consent import ConsentEntry, ConsentPayload, Purpose, SaltedPayload
from assistant.domain.conversation import Conversation, DialogueState
from assistant.domain.messages import (
    Channel,
    Choice,
    Inbound,
    Instruction,
    Message,
    Words,
)
from assistant.domain.turn import Decider, Turn, Understanding


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""


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

    def set_language(self, conversation_id: str, language: str) -> None:
        """Change the language that the conversation is held in."""

    def set_shared_device(self, conversation_id: str, *, shared: bool) -> None:
        """Note whether others use the same device."""

    def set_rasa_session(self, conversation_id: str, rasa_session: str, turns: int) -> None:
        """Note the disposable Rasa session in use and how many turns it has seen."""

    def erase(self, conversation_id: str, at: datetime) -> None:
        """Delete all that is known of it, leaving only keyed hashes of its inbound ids."""

    def idle_since(self, moment: datetime, *, shared_device: bool) -> Sequence[str]:
        """List the conversations whose last activity is before the moment."""


class Turns(Protocol):
    """The inbound messages, in order, each with its lease and its outcome."""

    def find(self, conversation_id: str, channel: Channel, external_id: str) -> Turn | None:
        """Return the turn of a message already received by that id, if any."""

    def was_erased(self, channel: Channel, external_id: str) -> bool:
        """Tell whether this message belonged to a conversation that was erased."""

    def open(self, conversation_id: str, inbound: Inbound) -> Turn:
        """Store an inbound message as the last turn of its conversation.

        Raises NotFound, and Conflict when the same message was stored since ``find`` was asked:
        the transaction is then lost, and another one will find its turn.
        """

    def get(self, turn_id: str) -> Turn:
        """Return a turn. Raises NotFound."""

    def lease(self, turn_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take the turn for a while, or take it longer.

        Refused when nothing is left to do, while somebody else's lease runs, while an earlier turn
        of the conversation is open, and while the answer to an earlier one is put into words.
        """

    def close(
        self, turn_id: str, by: Decider, action: str, instructions: tuple[Instruction, ...]
    ) -> bool:
        """Record the decision; False when somebody closed it first, and nothing changes then.

        The state of the conversation is kept with it as the decision found it: ``save_state``
        comes after.
        """

    def mark_rendered(self, turn_id: str) -> bool:
        """Note that its messages are stored; False when they already were."""

    def unfinished(self, now: datetime) -> Sequence[Turn]:
        """List the turns that are open or not rendered and that nobody holds any more."""


class Messages(Protocol):
    """The lines of the conversations, as they were shown."""

    def add(self, conversation_id: str, message: Message) -> Message:
        """Append a message (its sequence is given here) and return it as stored."""

    def after(self, conversation_id: str, message_id: str | None = None) -> Sequence[Message]:
        """List the messages after that one, or all. Raises NotFound for an unknown id."""

    def answers_to(self, turn_id: str) -> Sequence[Message]:
        """List the messages that answer one turn."""


class AccessLog(Protocol):
    """Who read or changed what, for the citizen to see."""

    def record(self, actor: str, conversation_id: str, act: str, at: datetime) -> None:
        """Note one access."""


class SuppressionReason(StrEnum):
    """Why nothing may be sent to an address any more."""

    STOP = "stop"
    ERASED = "erased"
    WRONG_NUMBER = "wrong_number"


class Suppressions(Protocol):
    """The addresses that must be left alone, by keyed hash."""

    def add(self, channel: Channel, address: str, reason: SuppressionReason, at: datetime) -> None:
        """Leave that address alone from now on."""

    def lift(self, channel: Channel, address: str) -> None:
        """Forget a STOP, because the person wrote REPRENDRE."""

    def reason(self, channel: Channel, address: str) -> SuppressionReason | None:
        """Return why the address is left alone, or None."""


class UnitOfWork(Protocol):
    """One transaction over our tables: everything in it is kept at ``commit``, or nothing is."""

    @property
    def conversations(self) -> Conversations:
        """The conversations."""

    @property
    def turns(self) -> Turns:
        """The turns."""

    @property
    def messages(self) -> Messages:
        """The messages."""

    @property
    def suppressions(self) -> Suppressions:
        """The addresses to leave alone."""

    @property
    def access_log(self) -> AccessLog:
        """The log of accesses."""

    def commit(self) -> None:
        """Keep what was done."""


OpenUnitOfWork = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a transaction; leaving the block without ``commit`` undoes it."""


class Wording(Protocol):
    """Puts instructions into words."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages offered, the default first."""

    def say(self, instruction: Instruction, language: str, channel: Channel) -> Words:
        """Put an instruction into words."""

    def labels(self, choice: Choice, language: str) -> tuple[str, ...]:
        """Return the label of a choice, then its synonyms, in that language."""


@dataclass(frozen=True)
class EngineRequest:
    """A masked message handed to a dialogue engine."""

    turn_id: str
    conversation: Conversation
    text: str
    choice: str | None
    channel: Channel


class DialogueEngine(Protocol):
    """Understands a message and has the right use case close its turn."""

    def converse(self, request: EngineRequest) -> None:
        """Bring the turn to its close. Raises EngineUnavailable when it could not."""


class Interpreter(Protocol):
    """Understands a sentence without touching any conversation."""

    def understand(self, text: str, language: str) -> Understanding:
        """Return the need behind a sentence. Raises EngineUnavailable."""


class Announcer(Protocol):
    """Tells the open pages that a conversation has something new."""

    def announce(self, conversation_id: str) -> None:
        """Wake whoever listens to this conversation."""


class Addresses(Protocol):
    """The places to write to, sealed at rest, and which conversation each one speaks in."""

    def remember(self, channel: Channel, address: str, at: datetime) -> str:
        """Return the id of that address, kept from now on if it was not known."""

    def reveal(self, address_id: str) -> str:
        """Return the address in clear, to write to it. Raises NotFound."""

    def attach(self, address_id: str, conversation_id: str, at: datetime) -> None:
        """Let the address speak in that conversation from now on, and in no other."""

    def detach(self, address_id: str, at: datetime) -> None:
        """End the conversation that the address speaks in, if any."""

    def conversation_at(self, channel: Channel, address: str) -> str | None:
        """Return the conversation that the address speaks in now, or None."""


class People(Protocol):
    """The people whom a conversation belongs to, once there is a reason to tell them apart."""

    def of_conversation(self, conversation_id: str) -> str | None:
        """Return the person of a conversation, None while it is anonymous. Raises NotFound."""

    def recognise(self, conversation_id: str, at: datetime) -> str:
        """Return the person of a conversation, known from now on. Raises NotFound."""

    def join(self, conversation_id: str, person_id: str) -> None:
        """Let a conversation belong to a person already known. Raises NotFound."""


@dataclass(frozen=True)
class RecordedConsent:
    """What a person agreed to or withdrew, and when it was written down."""

    recorded_at: datetime
    payload: ConsentPayload


class ConsentLedger(Protocol):
    """The chain of commitments and the payloads that it commits to."""

    def append(self, salted: SaltedPayload, recorded_at: datetime) -> ConsentEntry:
        """Add an entry after the last one; nobody else adds one until the transaction ends."""

    def last_word(self, person_id: str, purpose: Purpose) -> ConsentPayload | None:
        """Return what a person last said about a purpose, or None."""

    def of_person(self, person_id: str) -> tuple[RecordedConsent, ...]:
        """List all that a person agreed to or withdrew, in order."""

    def erase(self, person_id: str, at: datetime) -> None:
        """Delete the payloads and salts of a person; the chain stays as it is."""

    def entries(self) -> tuple[ConsentEntry, ...]:
        """Read the whole chain, in order; nobody changes it until the transaction ends."""

    def payloads(self) -> Mapping[int, SaltedPayload]:
        """Read the payloads that were not erased, by sequence."""


class ConsentWork(Protocol):
    """One transaction over the ledger."""

    @property
    def consents(self) -> ConsentLedger:
        """The ledger."""

    def commit(self) -> None:
        """Keep what was done."""


OpenConsents = Callable[[], AbstractContextManager[ConsentWork]]
"""Opens a transaction over the ledger; leaving the block without ``commit`` undoes it."""
