"""The chain of commitments: whatever was written verifies, whatever was changed is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.domain.consent import (
    GENESIS,
    ConsentAct,
    ConsentEntry,
    ConsentPayload,
    Flaw,
    FlawKind,
    Purpose,
    SaltedPayload,
    follow,
    verify,
)

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

moments = st.integers(0, 10**9).map(lambda seconds: START + timedelta(seconds=seconds))
payloads = st.builds(
    ConsentPayload,
    person_id=st.sampled_from(["zoé", "yves", "xavier"]),
    purpose=st.sampled_from(Purpose),
    act=st.sampled_from(ConsentAct),
    words_hash=st.text(max_size=4),
    channel=st.sampled_from(["web", "sms"]),
    expires_at=st.none() | moments,
)
salted = st.builds(SaltedPayload, salt=st.text(min_size=1, max_size=8), payload=payloads)


class Ledger:
    """A ledger in memory."""

    def __init__(self, written: list[SaltedPayload]) -> None:
        """Write down what people said, one after the other."""
        self.entries: list[ConsentEntry] = []
        for number, each in enumerate(written):
            last = self.entries[-1] if self.entries else None
            self.entries.append(follow(last, each, START + timedelta(minutes=number)))
        self.payloads = {
            entry.sequence: each for entry, each in zip(self.entries, written, strict=True)
        }

    def erase(self, person_id: str) -> None:
        """Delete what somebody said."""
        gone = {
            sequence
            for sequence, each in self.payloads.items()
            if each.payload.person_id == person_id
        }
        self.payloads = {key: each for key, each in self.payloads.items() if key not in gone}
        self.entries = [
            replace(entry, erased_at=START) if entry.sequence in gone else entry
            for entry in self.entries
        ]

    def flaws(self, head: str | None = None) -> tuple[Flaw, ...]:
        """List what is wrong."""
        return verify(self.entries, self.payloads, head)


ledgers = st.lists(salted, min_size=1, max_size=8).map(Ledger)


@given(st.lists(salted, max_size=8), st.lists(st.sampled_from(["zoé", "yves"]), max_size=2))
def test_what_was_written_verifies_also_after_erasures(
    written: list[SaltedPayload], erased: list[str]
) -> None:
    ledger = Ledger(written)
    for person in erased:
        ledger.erase(person)

    head = ledger.entries[-1].hash if ledger.entries else GENESIS
    assert ledger.flaws(head) == ()
    assert verify(reversed(ledger.entries), ledger.payloads) == ()


ENTRY_CHANGES: dict[str, Callable[[ConsentEntry], Any]] = {
    "sequence": lambda entry: entry.sequence + 1000,
    "previous_hash": lambda _: "f" * 64,
    "commitment": lambda _: "f" * 64,
    "recorded_at": lambda entry: entry.recorded_at + timedelta(microseconds=1),
    "hash": lambda _: "f" * 64,
}


@pytest.mark.parametrize("name", ENTRY_CHANGES)
@given(data=st.data())
def test_a_changed_entry_is_found(name: str, data: st.DataObject) -> None:
    ledger = data.draw(ledgers)
    place = data.draw(st.integers(0, len(ledger.entries) - 1))
    entry = ledger.entries[place]

    ledger.entries[place] = replace(entry, **{name: ENTRY_CHANGES[name](entry)})

    assert ledger.flaws() != ()


@pytest.mark.parametrize("name", ["previous_hash", "commitment", "recorded_at"])
@given(data=st.data())
def test_a_changed_entry_is_found_even_when_its_hash_was_mended(
    name: str, data: st.DataObject
) -> None:
    ledger = data.draw(ledgers)
    place = data.draw(st.integers(0, len(ledger.entries) - 1))
    entry = ledger.entries[place]
    # The very last link has nobody after it who remembers its hash: there the head must be noted.
    head = ledger.entries[-1].hash

    changed = replace(entry, **{name: ENTRY_CHANGES[name](entry)})
    ledger.entries[place] = replace(changed, hash=changed.own_hash())

    assert ledger.flaws(head) != ()


PAYLOAD_CHANGES: dict[str, Callable[[ConsentPayload], Any]] = {
    "person_id": lambda payload: payload.person_id + "!",
    "purpose": lambda payload: next(each for each in Purpose if each != payload.purpose),
    "act": lambda payload: next(each for each in ConsentAct if each != payload.act),
    "words_hash": lambda payload: payload.words_hash + "!",
    "channel": lambda payload: "web" if payload.channel == "sms" else "sms",
    "expires_at": lambda payload: (payload.expires_at or START) + timedelta(days=1),
}


@pytest.mark.parametrize("name", [*PAYLOAD_CHANGES, "salt"])
@given(data=st.data())
def test_a_changed_payload_is_found(name: str, data: st.DataObject) -> None:
    ledger = data.draw(ledgers)
    sequence = data.draw(st.sampled_from(sorted(ledger.payloads)))
    kept = ledger.payloads[sequence]

    ledger.payloads[sequence] = (
        replace(kept, salt=kept.salt + "!")
        if name == "salt"
        else replace(
            kept, payload=replace(kept.payload, **{name: PAYLOAD_CHANGES[name](kept.payload)})
        )
    )

    assert ledger.flaws() == (Flaw(FlawKind.ALTERED_PAYLOAD, sequence),)


@given(ledger=ledgers, data=st.data())
def test_payloads_and_erasures_must_agree(ledger: Ledger, data: st.DataObject) -> None:
    sequence = data.draw(st.sampled_from(sorted(ledger.payloads)))
    taken = ledger.payloads.pop(sequence)
    assert ledger.flaws() == (Flaw(FlawKind.MISSING_PAYLOAD, sequence),)

    ledger.payloads[sequence] = taken
    place = sequence - 1
    ledger.entries[place] = replace(ledger.entries[place], erased_at=START)
    assert ledger.flaws() == (Flaw(FlawKind.KEPT_AFTER_ERASURE, sequence),)

    ledger.payloads[sequence + 1000] = taken
    assert Flaw(FlawKind.STRAY_PAYLOAD, sequence + 1000) in ledger.flaws()


@given(ledger=ledgers, data=st.data())
def test_an_entry_taken_out_is_found(ledger: Ledger, data: st.DataObject) -> None:
    head = ledger.entries[-1].hash
    place = data.draw(st.integers(0, len(ledger.entries) - 1))
    last = place == len(ledger.entries) - 1
    entry = ledger.entries.pop(place)
    ledger.payloads.pop(entry.sequence)

    assert ledger.flaws(head) != ()
    if last:
        # What a chain cannot tell by itself, and why its head is worth noting elsewhere.
        assert ledger.flaws() == ()
        assert [flaw.kind for flaw in ledger.flaws(head)] == [FlawKind.CUT_OFF]
    else:
        assert FlawKind.BROKEN_LINK in {flaw.kind for flaw in ledger.flaws()}


@given(ledger=ledgers, data=st.data())
def test_entries_put_in_another_order_are_found(ledger: Ledger, data: st.DataObject) -> None:
    assume(len(ledger.entries) > 1)
    one = data.draw(st.integers(0, len(ledger.entries) - 2))
    first, second = ledger.entries[one], ledger.entries[one + 1]

    ledger.entries[one] = replace(second, sequence=first.sequence)
    ledger.entries[one + 1] = replace(first, sequence=second.sequence)

    assert ledger.flaws() != ()


def test_a_chain_is_the_same_on_every_machine() -> None:
    # Kept for years: it must never come out differently. Computed once with hashlib and json alone.
    payload = ConsentPayload("zoé", Purpose.REMINDERS, ConsentAct.GIVEN, "ab", "web", START)
    entry = follow(None, SaltedPayload("salt", payload), START)

    assert entry.previous_hash == GENESIS
    assert entry.commitment == "17660a5636cf62cf916c10dc2e058f4e711fd4f1144864dda9c7620497d95a40"
    assert entry.hash == "6f1a5609f522a2da3c4badfc7efaceff8fd014a5c153d12f8c9e8d18a44c9dae"


def test_a_moment_counts_whatever_its_time_zone() -> None:
    in_paris = START.astimezone(timezone(timedelta(hours=1)))
    payload = ConsentPayload("zoé", Purpose.QUALITY, ConsentAct.GIVEN, "ab", "web", START)

    here = follow(None, SaltedPayload("s", payload), START)
    there = follow(None, SaltedPayload("s", replace(payload, expires_at=in_paris)), in_paris)

    assert here.hash == there.hash


@pytest.mark.parametrize(
    ("act", "expires_at", "allowed"),
    [
        (ConsentAct.GIVEN, None, True),
        (ConsentAct.GIVEN, START + timedelta(microseconds=1), True),
        (ConsentAct.GIVEN, START, False),
        (ConsentAct.WITHDRAWN, None, False),
        (ConsentAct.WITHDRAWN, START + timedelta(days=1), False),
    ],
)
def test_only_what_was_given_and_lasts_is_in_force(
    act: ConsentAct,
    expires_at: datetime | None,
    allowed: bool,
) -> None:
    payload = ConsentPayload("zoé", Purpose.QUALITY, act, "ab", "web", expires_at)

    assert payload.in_force(START) is allowed
