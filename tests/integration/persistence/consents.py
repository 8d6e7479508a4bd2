"""Writes to the ledger without the product around it, for the tests of the ledger itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.consent import (
    SALT_BYTES,
    ConsentAct,
    ConsentEntry,
    ConsentPayload,
    Flaw,
    Purpose,
    SaltedPayload,
)
from assistant.services.consent import ledger
from assistant.services.ports.clock import Clock
from assistant.services.ports.people import OpenConsents, RecordedConsent


@dataclass(frozen=True)
class Consents:
    """What people allow us to do, each purpose apart, and nothing until they say so."""

    open_ledger: OpenConsents
    clock: Clock

    def give(
        self,
        person_id: str,
        purpose: Purpose,
        *,
        words_hash: str,
        channel: str,
        expires_at: datetime | None = None,
    ) -> ConsentEntry:
        """Record that a person agrees, until a moment or until they withdraw.

        ``words_hash`` is the SHA-256 of the words that they were shown.
        """
        return self._record(
            ConsentPayload(person_id, purpose, ConsentAct.GIVEN, words_hash, channel, expires_at)
        )

    def withdraw(
        self, person_id: str, purpose: Purpose, *, words_hash: str, channel: str
    ) -> ConsentEntry:
        """Record that a person does not agree, or no longer does; it counts at once."""
        return self._record(
            ConsentPayload(person_id, purpose, ConsentAct.WITHDRAWN, words_hash, channel, None)
        )

    def in_force(self, person_id: str, purpose: Purpose, now: datetime | None = None) -> bool:
        """Tell whether the person's last word on a purpose allows it, now or at that moment."""
        with self.open_ledger() as work:
            last = work.consents.last_word(person_id, purpose)
        return last is not None and last.in_force(now or self.clock.now())

    def of_person(self, person_id: str) -> tuple[RecordedConsent, ...]:
        """List all that a person agreed to or withdrew, in order, for them to see."""
        with self.open_ledger() as work:
            return work.consents.of_person(person_id)

    def erase(self, person_id: str) -> None:
        """Delete what a person agreed to or withdrew; the chain still verifies."""
        with self.open_ledger() as work:
            work.consents.erase(person_id, self.clock.now())
            work.commit()

    def flaws(self, head: str | None = None) -> tuple[Flaw, ...]:
        """List what is wrong with the whole ledger; ``head`` as in ``verify``."""
        return ledger.flaws(self.open_ledger, head)

    def head(self) -> str:
        """Return the hash of the last entry."""
        return ledger.head_of(self.open_ledger)

    def _record(self, payload: ConsentPayload) -> ConsentEntry:
        with self.open_ledger() as work:
            entry = work.consents.append(_salt(payload), self.clock.now())
            work.commit()
        return entry


def _salt(payload: ConsentPayload) -> SaltedPayload:
    return SaltedPayload(secrets.token_hex(SALT_BYTES), payload)
