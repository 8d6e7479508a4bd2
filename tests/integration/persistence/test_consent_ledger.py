"""The ledger in the database: one chain, whoever writes and whatever is erased."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.adapters.tables import ConsentPayloadRow, ConsentRow, PersonRow
from assistant.domain.consent import (
    ConsentAct,
    ConsentPayload,
    Flaw,
    FlawKind,
    Purpose,
    SaltedPayload,
)
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.consents import Consents
from tests.integration.persistence.examples import NOW, later


@dataclass
class SetClock:
    """Tells the time that it was set to."""

    moment: datetime = NOW

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment


def consents_of(open_work: Open, clock: SetClock | None = None) -> Consents:
    """Return the use cases on that database."""
    return Consents(open_work, clock or SetClock())


def people(engine: Engine, count: int) -> list[str]:
    """Keep some people and return their ids."""
    ids = [str(uuid4()) for _ in range(count)]
    with engine.begin() as connection:
        connection.execute(insert(PersonRow), [{"id": each, "created_at": NOW} for each in ids])
    return ids


acts = st.lists(
    st.tuples(
        st.sampled_from(["give", "withdraw", "erase"]),
        st.integers(0, 2),
        st.sampled_from(Purpose),
    ),
    max_size=12,
)


# The ledger is the same for all examples: it only grows, as it does in life.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(acts=acts)
def test_whatever_people_do_the_ledger_verifies_and_tells_their_last_word(
    open_work: Open, engine: Engine, acts: list[tuple[str, int, Purpose]]
) -> None:
    consents = consents_of(open_work)
    ids = people(engine, 3)
    expected: dict[tuple[str, Purpose], bool] = {}
    for act, number, purpose in acts:
        person = ids[number]
        if act == "give":
            consents.give(person, purpose, words_hash="w", channel="web")
            expected[person, purpose] = True
        elif act == "withdraw":
            consents.withdraw(person, purpose, words_hash="w", channel="sms")
            expected[person, purpose] = False
        else:
            consents.erase(person)
            expected = {key: value for key, value in expected.items() if key[0] != person}
        assert consents.flaws() == ()
    for person in ids:
        for purpose in Purpose:
            assert consents.in_force(person, purpose) == expected.get((person, purpose), False)


def test_a_consent_expires_and_can_be_given_again(open_work: Open, engine: Engine) -> None:
    clock = SetClock()
    consents = consents_of(open_work, clock)
    (person,) = people(engine, 1)
    consents.give(
        person, Purpose.REMINDERS, words_hash="w", channel="web", expires_at=later(days=30)
    )

    assert consents.in_force(person, Purpose.REMINDERS)
    assert consents.in_force(person, Purpose.REMINDERS, later(days=29))
    assert not consents.in_force(person, Purpose.REMINDERS, later(days=30))
    assert not consents.in_force(person, Purpose.QUALITY)
    clock.moment = later(days=31)
    assert not consents.in_force(person, Purpose.REMINDERS)
    consents.give(person, Purpose.REMINDERS, words_hash="w2", channel="web")
    assert consents.in_force(person, Purpose.REMINDERS)


def test_somebody_sees_all_that_they_agreed_to(open_work: Open, engine: Engine) -> None:
    clock = SetClock()
    consents = consents_of(open_work, clock)
    person, other = people(engine, 2)
    consents.give(
        person, Purpose.REMINDERS, words_hash="w1", channel="web", expires_at=later(days=30)
    )
    consents.give(other, Purpose.QUALITY, words_hash="w2", channel="web")
    clock.moment = later(days=1)
    consents.withdraw(person, Purpose.REMINDERS, words_hash="w3", channel="sms")

    assert [(each.recorded_at, each.payload) for each in consents.of_person(person)] == [
        (
            NOW,
            ConsentPayload(
                person, Purpose.REMINDERS, ConsentAct.GIVEN, "w1", "web", later(days=30)
            ),
        ),
        (
            later(days=1),
            ConsentPayload(person, Purpose.REMINDERS, ConsentAct.WITHDRAWN, "w3", "sms", None),
        ),
    ]
    consents.erase(person)
    assert consents.of_person(person) == ()
    assert consents.in_force(other, Purpose.QUALITY)


def test_writers_at_the_same_moment_make_one_chain(open_work: Open, engine: Engine) -> None:
    consents = consents_of(open_work)
    ids = people(engine, 4)

    def agree(person: str) -> None:
        for purpose in Purpose:
            consents.give(person, purpose, words_hash="w", channel="web")

    with ThreadPoolExecutor(len(ids)) as pool:
        list(pool.map(agree, ids))

    assert consents.flaws() == ()
    with open_work() as work:
        sequences = [entry.sequence for entry in work.consents.entries()]
    assert sequences == list(range(1, len(ids) * len(Purpose) + 1))


def test_the_database_itself_refuses_a_fork(open_work: Open, engine: Engine) -> None:
    (person,) = people(engine, 1)
    entry = consents_of(open_work).give(person, Purpose.QUALITY, words_hash="w", channel="web")

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(
            insert(ConsentRow).values(
                sequence=99,
                previous_hash=entry.previous_hash,
                commitment="c",
                recorded_at=NOW,
                hash="h",
            )
        )


@pytest.mark.parametrize(
    ("table", "change", "flaw"),
    [
        (ConsentRow, {"commitment": "0" * 64}, FlawKind.ALTERED_ENTRY),
        (ConsentRow, {"recorded_at": later(seconds=1)}, FlawKind.ALTERED_ENTRY),
        (ConsentRow, {"hash": "0" * 64}, FlawKind.ALTERED_ENTRY),
        (ConsentRow, {"previous_hash": "1" * 64}, FlawKind.BROKEN_LINK),
        (ConsentRow, {"erased_at": NOW}, FlawKind.KEPT_AFTER_ERASURE),
        (ConsentPayloadRow, {"act": "withdrawn"}, FlawKind.ALTERED_PAYLOAD),
        (ConsentPayloadRow, {"expires_at": NOW}, FlawKind.ALTERED_PAYLOAD),
        (ConsentPayloadRow, {"salt": "s"}, FlawKind.ALTERED_PAYLOAD),
        (ConsentPayloadRow, None, FlawKind.MISSING_PAYLOAD),
    ],
)
def test_a_row_changed_behind_our_back_is_found(
    open_work: Open,
    engine: Engine,
    table: type[ConsentRow | ConsentPayloadRow],
    change: dict[str, object] | None,
    flaw: FlawKind,
) -> None:
    consents = consents_of(open_work)
    (person,) = people(engine, 1)
    for purpose in Purpose:
        consents.give(person, purpose, words_hash="w", channel="web")

    with engine.begin() as connection:
        tampering = delete(table) if change is None else update(table).values(**change)
        connection.execute(tampering.where(table.sequence == 2))

    assert Flaw(flaw, 2) in consents.flaws()


def test_nothing_of_a_payload_is_left_after_an_erasure(open_work: Open, engine: Engine) -> None:
    (person,) = people(engine, 1)
    payload = ConsentPayload(person, Purpose.QUALITY, ConsentAct.GIVEN, "words", "web", None)
    with open_work() as work:
        work.consents.append(SaltedPayload("the salt", payload), NOW)
        work.commit()
    consents_of(open_work).erase(person)

    with engine.connect() as connection:
        assert connection.execute(select(ConsentPayloadRow.sequence)).all() == []
        row = connection.execute(select(ConsentRow.__table__)).one()
    for secret in ("the salt", "words", person):
        assert secret not in repr(tuple(row))
