"""The people whom conversations belong to: what they agreed to, noted, and may see."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.domain.choices import Decision, NotedChoice
from assistant.domain.consent import ConsentEntry, ConsentPayload, Purpose, SaltedPayload
from assistant.domain.known import Known


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


class Choices(Protocol):
    """« Mes choix »: the lines of people's notebooks."""

    def note(self, person_id: str, line: NotedChoice) -> None:
        """Add a line after the others of that person."""

    def of_person(self, person_id: str) -> Sequence[NotedChoice]:
        """List the lines of a person in their order, the withdrawn ones among them."""

    def correct(self, person_id: str, line_id: str, decision: Decision, at: datetime) -> None:
        """Replace what a line says was decided. Raises NotFound."""

    def withdraw(self, person_id: str, line_id: str, at: datetime) -> None:
        """Take a line back. Raises NotFound."""

    def erase(self, person_id: str) -> None:
        """Delete the whole notebook of a person."""


class KnownData(Protocol):
    """All that the tables hold of somebody, for them to see."""

    def of(self, conversation_id: str, hidden: Collection[str], now: datetime) -> Known:
        """Return all that is held of a conversation, without its hidden lines.

        Raises NotFound.
        """
