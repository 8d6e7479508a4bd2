"""What is erased is gone: from every table, and from the bytes of the file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, LargeBinary, func, select

from assistant.adapters.database import checkpoint
from assistant.adapters.tables import Base
from assistant.domain.choices import ChoiceAct, Decision, NotedChoice, ToldChoice
from assistant.domain.consent import ConsentAct, ConsentPayload, Purpose, SaltedPayload
from assistant.domain.conversation import DialogueState, Position, Session
from assistant.domain.delivery import Accepted, DeliveryStatus, PhoneText
from assistant.domain.errors import NotFound
from assistant.domain.messages import Channel, Instruction, InstructionKind
from assistant.domain.turn import Decider
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.examples import (
    NOW,
    conversation,
    inbound,
    later,
    message,
)

# A copy at the carrier waits, sealed, until it is deleted there.
SURVIVES = {"carrier_copy", "consent", "tombstone"}

AGREED = [
    *((ConsentAct.GIVEN, purpose) for purpose in Purpose),
    (ConsentAct.WITHDRAWN, Purpose.QUALITY),
]
"""What each person of these tests said, in their order."""

NOTED = 3
"""Lines in the notebook of each person of these tests."""


def live(open_work: Open, mark: str, phone: str = "+33612345678") -> None:
    """Let somebody leave a mark in every table that a conversation can reach."""
    state = DialogueState(
        session=Session((Position("activer", "r", f"step {mark}", ((f"a {mark}", "b"),)),))
    )
    with open_work() as work:
        work.conversations.add(conversation(mark, state=state), f"hash {mark}")
        person = work.people.recognise(mark, NOW)
        address = work.addresses.remember(Channel.SMS, phone, NOW)
        work.addresses.attach(address, mark, NOW)
        turn = work.turns.open(mark, inbound(f"SM {mark}", Channel.SMS, f"je dis {mark}"))
        work.turns.lease(turn.id, f"worker {mark}", NOW, later(seconds=20))
        said = Instruction(InstructionKind.SAY, f"key {mark}", {"name": mark})
        work.turns.close(turn.id, Decider.RASA, f"action {mark}", (said,))
        stored = work.messages.add(mark, message(f"vous dites {mark}", turn.id))
        work.turns.mark_rendered(turn.id)
        work.access_log.record(f"Mme {mark}", mark, "read", NOW)
        work.reminders.ask(mark, later(days=3), NOW)
        work.follow_ups.ask(mark, (f"flow {mark}", f"step {mark}"), later(days=3), NOW)
        work.shares.give(mark, f"code {mark}", later(minutes=15), later(days=1))
        work.resume_codes.give(mark, f"code {mark}", later(minutes=15))
        for number, (act, purpose) in enumerate(AGREED):
            payload = ConsentPayload(
                person, purpose, act, f"words {mark}", f"sms {mark}", None, f"v {mark}"
            )
            work.consents.append(SaltedPayload(f"salt {number} {mark}", payload), NOW)
        for number in range(NOTED):
            told = ToldChoice(ChoiceAct.SPACE, Decision.CLOSED, f"key {mark}", f"r {mark}")
            line = NotedChoice(f"line {number} {mark}", told, "0" * 64, f"sms {mark}", NOW)
            work.choices.note(person, line)
        work.choices.correct(person, f"line 0 {mark}", Decision.REOPENED, NOW)
        work.commit()
    with open_work() as work:
        work.outbox.put(address, stored.id, [PhoneText(f"sms {mark}", 1)], NOW)
        (outgoing,) = work.outbox.due(NOW, 1)
        work.outbox.accepted(outgoing, Accepted(f"out {mark}", DeliveryStatus.SENDING, "x"), NOW)
        work.commit()


def counts(engine: Engine) -> dict[str, int]:
    """Count the rows of each table that has any."""
    with engine.connect() as connection:
        found = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }
    return {name: count for name, count in found.items() if count}


def contents(engine: Engine) -> str:
    """Return all that the tables hold, as text."""
    with engine.connect() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in connection.execute(
                select(*(c for c in table.columns if not isinstance(c.type, LargeBinary)))
            )
        )


def test_somebody_alone_is_erased_from_every_table(open_work: Open, engine: Engine) -> None:
    live(open_work, "Mathurine")
    assert counts(engine).keys() >= {table.name for table in Base.metadata.sorted_tables} - {
        "carrier_copy",
        "flow_revision",
        "resume_try",
        "suppression",
        "tally",
        "tombstone",
        *(name for name in Base.metadata.tables if name.startswith("place")),
    }

    with open_work() as work:
        work.conversations.erase("Mathurine", later(days=1))
        work.commit()

    assert counts(engine) == {"carrier_copy": 2, "consent": len(AGREED), "tombstone": 1}
    assert "Mathurine" not in contents(engine)
    with open_work() as work:
        assert work.turns.was_erased(Channel.SMS, "SM Mathurine")
        assert not work.turns.was_erased(Channel.SMS, "SM Léonie")
        with pytest.raises(NotFound):
            work.conversations.get("Mathurine")
        with pytest.raises(NotFound):
            work.conversations.token_hash("Mathurine")


def test_others_keep_what_is_theirs(open_work: Open, engine: Engine) -> None:
    live(open_work, "Mathurine")
    before = counts(engine)
    lone_contents = contents(engine)
    live(open_work, "Gaston", "+33687654321")

    with open_work() as work:
        work.conversations.erase("Gaston", later(days=1))
        work.commit()

    assert counts(engine) == {
        **before,
        "carrier_copy": 2,
        "consent": 2 * len(AGREED),
        "tombstone": 1,
    }
    assert "Gaston" not in contents(engine)
    for line in lone_contents.splitlines():
        assert line in contents(engine)


def test_a_phone_and_a_person_with_another_conversation_stay(
    open_work: Open, engine: Engine
) -> None:
    live(open_work, "Mathurine")
    with open_work() as work:
        person = work.people.recognise("Mathurine", NOW)
        work.conversations.add(conversation("second"), "hash")
        work.people.join("second", person)
        address = work.addresses.remember(Channel.SMS, "+33612345678", NOW)
        work.addresses.attach(address, "second", NOW)
        work.conversations.erase("Mathurine", later(days=1))
        work.commit()

    with open_work() as work:
        assert work.people.of_conversation("second") == person
        assert work.addresses.conversation_at(Channel.SMS, "+33612345678") == "second"
        assert work.consents.last_word(person, Purpose.REMINDERS) is not None
        work.conversations.erase("second", later(days=2))
        work.commit()
    assert counts(engine).keys() == SURVIVES


def test_erasing_twice_changes_nothing(open_work: Open, engine: Engine) -> None:
    live(open_work, "Mathurine")
    for _ in range(2):
        with open_work() as work:
            work.conversations.erase("Mathurine", later(days=1))
            work.commit()

    assert counts(engine) == {"carrier_copy": 2, "consent": len(AGREED), "tombstone": 1}


def test_an_erasure_that_is_not_committed_erases_nothing(open_work: Open, engine: Engine) -> None:
    live(open_work, "Mathurine")
    before = counts(engine)
    with open_work() as work:
        work.conversations.erase("Mathurine", later(days=1))

    assert counts(engine) == before


def test_tombstones_are_kept_for_a_while(open_work: Open) -> None:
    live(open_work, "Mathurine")
    with open_work() as work:
        work.conversations.erase("Mathurine", NOW)
        assert work.forget_tombstones(before=NOW) == 0
        assert work.turns.was_erased(Channel.SMS, "SM Mathurine")
        assert work.forget_tombstones(before=later(seconds=1)) == 1
        assert not work.turns.was_erased(Channel.SMS, "SM Mathurine")


# Enough to split pages and to move what they hold, which leaves copies behind.
NEIGHBOURS = 120


def test_no_byte_is_left_in_the_file_or_beside_it(open_work: Open, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("the files of PostgreSQL are its operator's")
    file = Path(engine.url.database or "")
    for number in range(NEIGHBOURS):
        live(open_work, f"Mathurine{number:03}x", f"+336{number:08}")
    checkpoint(engine)
    assert marks(file) == set(range(NEIGHBOURS))

    erased = set(range(0, NEIGHBOURS, 3))
    for number in erased:
        with open_work() as work:
            work.conversations.erase(f"Mathurine{number:03}x", later(days=1))
            work.commit()

    assert marks(file) == set(range(NEIGHBOURS)) - erased


def marks(file: Path) -> set[int]:
    """List whose marks the files of the database hold, read as they are on the disk."""
    beside = sorted(file.parent.glob(f"{file.name}*"))
    assert [each.name for each in beside] == [f"{file.name}{end}" for end in ("", "-shm", "-wal")]
    return {
        int(number)
        for each in beside
        for number in re.findall(rb"Mathurine(\d{3})x", each.read_bytes())
    }
