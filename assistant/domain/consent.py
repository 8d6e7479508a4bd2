"""The ledger of consents: a chain of commitments whose payloads can be erased.

Each entry holds the hash of the one before it, so none can be changed, moved or taken out without
being noticed. It commits to a payload by its salted hash and says nothing of it: once payload and
salt are erased nobody can tell what it was, and the chain still verifies. What no chain can tell by
itself is that its last entries were cut off; whoever noted its head elsewhere can.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

GENESIS = "0" * 64
"""The hash that the first entry follows."""

SALT_BYTES = 32
"""As long as the hash, so that trying all salts is no easier than trying all hashes."""


class Purpose(StrEnum):
    """What a person may agree to; each is asked on its own and off by default."""

    KEEP_CONVERSATION = "keep_conversation"
    REMINDERS = "reminders"
    SHARE_WITH_MEDIATOR = "share_with_mediator"
    QUALITY = "quality"
    KEEP_CHOICES = "keep_choices"
    SEND_PLACE = "send_place"
    """One SMS with a place, to the number just given."""


KEEPING = frozenset({Purpose.KEEP_CONVERSATION, Purpose.KEEP_CHOICES})
"""Purposes that keep a conversation: a notebook is read in the one that it was written in."""


class ConsentAct(StrEnum):
    """What a line of the ledger records."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class ConsentPayload:
    """Who agreed to what, when, through which channel, and the exact words they were shown.

    ``words_version`` names the version of our consent wording that these words come from.
    """

    person_id: str
    purpose: Purpose
    act: ConsentAct
    words_hash: str
    channel: str
    expires_at: datetime | None
    words_version: str = ""

    def in_force(self, now: datetime) -> bool:
        """Tell whether this, as the last word of a person on a purpose, allows it now."""
        lasts = self.expires_at is None or now < self.expires_at
        return self.act is ConsentAct.GIVEN and lasts


class Standing(StrEnum):
    """Where a consent stands for somebody now."""

    ABSENT = "absent"
    """Never given, withdrawn, or over."""
    ENDING = "ending"
    """In force, and in its last month: to be asked anew, never prolonged in silence."""
    IN_FORCE = "in_force"


RENEWED_WITHIN = timedelta(days=30)
"""The last month of a consent, in which it is asked anew when the person is there."""


def standing(last: ConsentPayload | None, now: datetime) -> Standing:
    """Tell where a consent stands by the person's last word on its purpose."""
    if last is None or not last.in_force(now):
        return Standing.ABSENT
    ends = last.expires_at is not None and last.expires_at - now <= RENEWED_WITHIN
    return Standing.ENDING if ends else Standing.IN_FORCE


@dataclass(frozen=True)
class SaltedPayload:
    """A payload with the salt that keeps its commitment from being guessed."""

    salt: str
    payload: ConsentPayload

    def commitment(self) -> str:
        """Return the SHA-256 of the salt and the payload, as 64 hexadecimal digits."""
        payload = self.payload
        fields: dict[str, object] = {
            "salt": self.salt,
            "person_id": payload.person_id,
            "purpose": payload.purpose.value,
            "act": payload.act.value,
            "words_hash": payload.words_hash,
            "channel": payload.channel,
            "expires_at": payload.expires_at and _instant(payload.expires_at),
        }
        if payload.words_version:
            # Left out where there is none: what was written before there were any still verifies.
            fields["words_version"] = payload.words_version
        return _digest(fields)


@dataclass(frozen=True)
class ConsentEntry:
    """A link of the chain.

    ``erased_at`` tells that its payload was deleted at the person's wish; it comes after the fact
    and is therefore no part of the hash.
    """

    sequence: int
    previous_hash: str
    commitment: str
    recorded_at: datetime
    hash: str
    erased_at: datetime | None = None

    def own_hash(self) -> str:
        """Return the hash that this entry must have."""
        return _link_hash(self.sequence, self.previous_hash, self.commitment, self.recorded_at)


class FlawKind(StrEnum):
    """What can be wrong with a ledger."""

    BROKEN_LINK = "broken_link"
    ALTERED_ENTRY = "altered_entry"
    ALTERED_PAYLOAD = "altered_payload"
    MISSING_PAYLOAD = "missing_payload"
    KEPT_AFTER_ERASURE = "kept_after_erasure"
    STRAY_PAYLOAD = "stray_payload"
    CUT_OFF = "cut_off"


@dataclass(frozen=True)
class Flaw:
    """Something wrong with one entry of a ledger."""

    kind: FlawKind
    sequence: int


def follow(last: ConsentEntry | None, salted: SaltedPayload, recorded_at: datetime) -> ConsentEntry:
    """Return the entry that commits to a payload after the last one of the chain."""
    sequence = 1 if last is None else last.sequence + 1
    previous_hash = GENESIS if last is None else last.hash
    commitment = salted.commitment()
    return ConsentEntry(
        sequence=sequence,
        previous_hash=previous_hash,
        commitment=commitment,
        recorded_at=recorded_at,
        hash=_link_hash(sequence, previous_hash, commitment, recorded_at),
    )


def verify(
    entries: Iterable[ConsentEntry],
    payloads: Mapping[int, SaltedPayload],
    head: str | None = None,
) -> tuple[Flaw, ...]:
    """List what is wrong with a ledger, in its order; nothing when it is as it was written.

    ``payloads`` are by sequence. ``head`` is the hash of the last entry when it was last looked at,
    if somebody noted it: a chain that no longer holds it was cut off or written anew.
    """
    chain = sorted(entries, key=lambda entry: entry.sequence)
    flaws = [*_chain_flaws(chain), *_payload_flaws(chain, payloads)]
    if head is not None and head not in {GENESIS, *(entry.hash for entry in chain)}:
        flaws.append(Flaw(FlawKind.CUT_OFF, chain[-1].sequence if chain else 0))
    return tuple(sorted(flaws, key=lambda flaw: flaw.sequence))


def _chain_flaws(chain: list[ConsentEntry]) -> Iterator[Flaw]:
    for entry in chain:
        if entry.hash != entry.own_hash():
            yield Flaw(FlawKind.ALTERED_ENTRY, entry.sequence)
    if chain and (chain[0].sequence, chain[0].previous_hash) != (1, GENESIS):
        yield Flaw(FlawKind.BROKEN_LINK, chain[0].sequence)
    for before, after in pairwise(chain):
        if (after.sequence, after.previous_hash) != (before.sequence + 1, before.hash):
            yield Flaw(FlawKind.BROKEN_LINK, after.sequence)


def _payload_flaws(
    chain: list[ConsentEntry], payloads: Mapping[int, SaltedPayload]
) -> Iterator[Flaw]:
    for entry in chain:
        salted = payloads.get(entry.sequence)
        if salted is None:
            if entry.erased_at is None:
                yield Flaw(FlawKind.MISSING_PAYLOAD, entry.sequence)
        elif entry.erased_at is not None:
            yield Flaw(FlawKind.KEPT_AFTER_ERASURE, entry.sequence)
        elif salted.commitment() != entry.commitment:
            yield Flaw(FlawKind.ALTERED_PAYLOAD, entry.sequence)
    for sequence in payloads.keys() - {entry.sequence for entry in chain}:
        yield Flaw(FlawKind.STRAY_PAYLOAD, sequence)


def _link_hash(sequence: int, previous_hash: str, commitment: str, recorded_at: datetime) -> str:
    return _digest(
        {
            "sequence": sequence,
            "previous_hash": previous_hash,
            "commitment": commitment,
            "recorded_at": _instant(recorded_at),
        }
    )


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(fields: Mapping[str, object]) -> str:
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
