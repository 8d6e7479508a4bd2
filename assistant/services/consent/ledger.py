"""Whether the whole ledger of consents is as it was written."""

from __future__ import annotations

from assistant.domain.consent import GENESIS, Flaw, verify
from assistant.services.ports.people import OpenConsents


def flaws(open_ledger: OpenConsents, head: str | None = None) -> tuple[Flaw, ...]:
    """List what is wrong with the whole ledger; ``head`` as in ``verify``."""
    with open_ledger() as work:
        return verify(work.consents.entries(), work.consents.payloads(), head)


def head_of(open_ledger: OpenConsents) -> str:
    """Return the hash of the last entry, which tells later whether the end was cut off."""
    with open_ledger() as work:
        entries = work.consents.entries()
    return entries[-1].hash if entries else GENESIS
