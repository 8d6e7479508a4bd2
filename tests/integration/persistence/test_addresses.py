"""Addresses are unreadable at rest, found again, and move between conversations."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from assistant.adapters.crypto import KeyedHash, KeyRing, Keys, UnreadableSeal
from assistant.adapters.repositories.resealing import RESEALED_AT_ONCE, reseal
from assistant.adapters.tables import AddressRow
from assistant.adapters.unit_of_work import open_unit_of_work
from assistant.domain.errors import NotFound, UnsafeConfiguration
from assistant.domain.messages import Channel
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.examples import NOW, begun, later

PHONE = "+33612345678"


def test_an_address_is_known_by_one_id_in_each_channel(open_work: Open) -> None:
    with open_work() as work:
        first = work.addresses.remember(Channel.SMS, PHONE, NOW)
        work.commit()

    with open_work() as work:
        assert work.addresses.remember(Channel.SMS, PHONE, later(days=1)) == first
        assert work.addresses.remember(Channel.SMS, "+33612345679", NOW) != first
        assert work.addresses.remember(Channel.WEB, PHONE, NOW) != first
        assert work.addresses.reveal(first) == PHONE
        with pytest.raises(NotFound):
            work.addresses.reveal("?")


def test_an_address_is_not_in_its_row(open_work: Open, engine: Engine) -> None:
    with open_work() as work:
        work.addresses.remember(Channel.SMS, PHONE, NOW)
        work.commit()

    with engine.connect() as connection:
        row = connection.execute(
            select(AddressRow.id, AddressRow.address_hash, AddressRow.sealed_value)
        ).one()
    assert PHONE[-6:] not in repr(tuple(row))


def test_a_number_speaks_in_one_conversation_at_a_time(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1", "c2")
        address = work.addresses.remember(Channel.SMS, PHONE, NOW)
        assert work.addresses.conversation_at(Channel.SMS, PHONE) is None
        work.addresses.attach(address, "c1", NOW)
        work.addresses.attach(address, "c2", later(days=1))
        assert work.addresses.conversation_at(Channel.SMS, PHONE) == "c2"
        work.addresses.detach(address, later(days=2))
        assert work.addresses.conversation_at(Channel.SMS, PHONE) is None
        work.addresses.attach(address, "c1", later(days=3))
        assert work.addresses.conversation_at(Channel.SMS, PHONE) == "c1"
        assert work.addresses.conversation_at(Channel.WEB, PHONE) is None


def test_old_keys_can_be_thrown_away_after_a_rotation(engine: Engine) -> None:
    old, new = KeyRing.new_key(), KeyRing.new_key()
    phones = {f"+336{number:08}" for number in range(RESEALED_AT_ONCE + 3)}
    with open_unit_of_work(engine, Keys.of(b"k" * 32, [old]))() as work:
        ids = {work.addresses.remember(Channel.SMS, phone, NOW) for phone in phones}
        work.carrier_copies.add("SM1", NOW)
        work.commit()

    both = KeyRing([new, old])
    assert reseal(engine, both) == len(phones) + 1

    with open_unit_of_work(engine, Keys.of(b"k" * 32, [new]))() as work:
        assert {work.addresses.reveal(each) for each in ids} == phones
        (copy,) = work.carrier_copies.due(later(days=1), 10)
        known = work.carrier_copies.lease(copy, later(days=1), later(days=2))
        assert known is not None
        assert known.external_id == "SM1"
    with open_unit_of_work(engine, Keys.of(b"k" * 32, [old]))() as work:
        with pytest.raises(UnreadableSeal) as refused:
            work.addresses.reveal(next(iter(ids)))
        assert refused.value.__cause__ is not None


@given(st.text())
def test_what_is_sealed_opens_and_never_looks_the_same(value: str) -> None:
    ring = KeyRing([Fernet.generate_key().decode()])

    assert ring.open(ring.seal(value)) == value
    assert ring.seal(value) != ring.seal(value)


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_only_the_same_parts_have_the_same_hash(one: list[str], other: list[str]) -> None:
    hashing = KeyedHash(b"a" * 32)

    assert (hashing.of("address", *one) == hashing.of("address", *other)) == (one == other)
    assert hashing.of("address", *one) != hashing.of("inbound", *one)
    assert hashing.of("address", *one) != KeyedHash(b"b" * 32).of("address", *one)


def test_a_hash_is_the_hmac_of_the_counted_parts() -> None:
    # Kept in rows for years: it must never come out differently. The figure comes from
    # printf '\0\0\0\0\0\0\0\7address\0\0\0\0\0\0\0\3sms\0\0\0\0\0\0\0\x0c+33612345678' |
    # openssl dgst -sha256 -hmac "$(printf 'k%.0s' {1..32})"
    hashed = KeyedHash(b"k" * 32).of("address", "sms", PHONE)

    assert hashed == "dda91b1b01072363f5032546bde5ae65d9ccd2c439d7022eacd90bf10b7bd7b6"


@pytest.mark.parametrize("key", [b"", b"k" * 31])
def test_a_short_hash_key_is_refused(key: bytes) -> None:
    with pytest.raises(UnsafeConfiguration):
        KeyedHash(key)


@pytest.mark.parametrize("keys", [[], ["secret"], [KeyRing.new_key(), "secret"]])
def test_sealing_keys_of_another_form_are_refused(keys: list[str]) -> None:
    with pytest.raises(UnsafeConfiguration):
        KeyRing(keys)


def test_resealing_with_unknown_keys_is_refused() -> None:
    sealed = KeyRing([KeyRing.new_key()]).seal(PHONE)

    with pytest.raises(UnreadableSeal):
        KeyRing([KeyRing.new_key()]).reseal(sealed)
