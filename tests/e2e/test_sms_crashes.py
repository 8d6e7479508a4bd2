"""Gateways are killed while they work on SMS: nothing is lost, nothing is done twice."""

from __future__ import annotations

import os
import random
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from assistant.adapters.crypto import Keys
from assistant.adapters.tables import InboundRow, MessageRow, OutboxRow, TurnRow
from assistant.adapters.unit_of_work import open_unit_of_work
from assistant.config import Settings
from assistant.domain.delivery import PhoneText
from assistant.domain.messages import Channel
from assistant.services.sms.send_outbox import LEASE
from tests.e2e.carrier import Carrier
from tests.e2e.product import ROOT, wait_until
from tests.e2e.sms_gateways import STARTS, gateways

PHONES = [f"+336399800{number:02}" for number in range(20)]
EACH_WRITES = int(os.environ.get("PASAPAS_TEST_CRASH_MESSAGES", "15"))
EACH_IS_SENT = 10
KILLS = 8 if EACH_WRITES < 30 else 20
# What a dead gateway had in hand waits for the end of its lease.
PATIENCE = LEASE.total_seconds() + 60
SENTENCES = ("bonjour", "je veux activer mon espace santé", "c'est quoi le code ?", "2", "merci")

# What a newer version of the code might call its work and its workers.
RENAMED = {
    "assistant/bootstrap.py": (
        (
            'Task("turns", self.receive.due, self.receive.carry_on',
            'Task("tours", self.receive.due, self.receive.keep_on',
        ),
    ),
    "assistant/services/receive_message.py": (("def carry_on(", "def keep_on("),),
    "assistant/telephony.py": (('Task("outbox"', 'Task("departures"'),),
    "assistant/__init__.py": (("__version__ = ", '__version__ = "9" + '),),
}


def send_from_the_outbox(settings: Settings, engine: Engine) -> list[tuple[str, str]]:
    """Let texts of ours leave for every phone; return them."""
    keys = Keys.of(settings.hash_secret("hashing"), settings.sealing_keys)
    now = datetime.now(UTC)
    with open_unit_of_work(engine, keys)() as work:
        for phone in PHONES:
            address = work.addresses.remember(Channel.SMS, phone, now)
            texts = [PhoneText(f"depart {number:03}", 1) for number in range(EACH_IS_SENT)]
            work.outbox.put(address, None, texts, now)
        work.commit()
    return [(phone, f"depart {number:03}") for phone in PHONES for number in range(EACH_IS_SENT)]


def write_all(
    carrier: Carrier, phones: Sequence[str] = PHONES, each: int = EACH_WRITES, pause: float = 0.0
) -> None:
    """Have every phone write, each in its order, one beside the other; some forms come twice.

    Each waits ``pause`` seconds between two messages, more or less.
    """

    def person(phone: str) -> None:
        chance = random.Random(phone)  # noqa: S311 (how long somebody hesitates, not a secret)
        for number in range(each):
            time.sleep(pause * chance.uniform(0, 2))
            sid = f"SM{phone[1:]}{number:04}"
            carrier.write(phone, sid, SENTENCES[number % len(SENTENCES)])
            if number % 5 == 0:
                carrier.write(phone, sid, SENTENCES[number % len(SENTENCES)])

    people = [threading.Thread(target=person, args=(phone,)) for phone in phones]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()


def left(engine: Engine) -> int:
    """Count what nobody has finished yet."""
    with engine.connect() as connection:
        turns = connection.execute(
            select(func.count()).select_from(InboundRow).where(InboundRow.rendered.is_(False))
        ).scalar_one()
        texts = connection.execute(
            select(func.count()).select_from(OutboxRow).where(OutboxRow.status == "queued")
        ).scalar_one()
    return turns + texts


def check_each_was_answered_once(engine: Engine, messages: int = len(PHONES) * EACH_WRITES) -> None:
    """Compare what was told with what was decided, for each message that came in."""
    with engine.connect() as connection:
        decided = {
            row.id: len(row.instructions)
            for row in connection.execute(
                select(InboundRow.id, TurnRow.instructions).join(
                    TurnRow, TurnRow.id == InboundRow.id
                )
            )
        }
        received = connection.execute(select(InboundRow.external_id, InboundRow.sequence)).all()
        told = Counter(
            row.turn_id
            for row in connection.execute(
                select(MessageRow.turn_id).where(
                    MessageRow.author == "assistant", MessageRow.held.is_(False)
                )
            )
        )
    assert len(received) == len(decided) == messages
    for row in received:
        number = re.fullmatch(r"SM\d{11}(\d{4})", row.external_id)
        assert number is not None
        # The order in which each phone wrote is the order of its turns.
        assert row.sequence == int(number[1]) + 1
    assert all(told[turn] == count for turn, count in decided.items())


def check_each_left_once_and_in_order(carrier: Carrier, texts: list[tuple[str, str]]) -> None:
    """Compare what the carrier took with what was to leave."""
    taken = [each for each in carrier.taken if each[1].startswith("depart ")]
    assert Counter(taken) == Counter(texts)
    for phone in PHONES:
        assert [text for to, text in taken if to == phone] == sorted(
            text for to, text in texts if to == phone
        )


def changed_code(folder: Path) -> Path:
    """Write a version of the code that calls its work and its workers otherwise; return where."""
    for part in ("assistant", "locales", "nlu/data"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name, pairs in RENAMED.items():
        path = folder / name
        text = path.read_text("utf-8")
        for before, after in pairs:
            assert before in text, (name, before)
            text = text.replace(before, after)
        path.write_text(text, "utf-8")
    return folder


def test_killed_at_random_nothing_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    chance = random.Random(3422)  # noqa: S311 (which one dies, not a secret)
    with gateways(tmp_path, 2) as (running, carrier, engine):
        texts = send_from_the_outbox(running.settings, engine)
        writing = threading.Thread(target=write_all, args=(carrier,))
        writing.start()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.5, 4.0))
            port = chance.choice(running.ports)
            running.kill(port)
            running.start(port)
        writing.join()
        wait_until(lambda: left(engine) == 0, PATIENCE, "the end of all work")
        check_each_was_answered_once(engine)
        check_each_left_once_and_in_order(carrier, texts)


def test_killed_and_started_with_changed_code_it_finishes_what_was_begun(tmp_path: Path) -> None:
    changed = changed_code(tmp_path / "changed")
    data = tmp_path / "data"
    data.mkdir()
    with gateways(data, 1) as (running, carrier, engine):
        (port,) = running.ports
        texts = send_from_the_outbox(running.settings, engine)
        writing = threading.Thread(target=write_all, args=(carrier,))
        writing.start()
        wait_until(lambda: len(carrier.taken) >= len(PHONES), STARTS, "some work")
        running.kill(port)
        assert left(engine) > 0
        running.start(port, changed)
        writing.join()
        wait_until(lambda: left(engine) == 0, PATIENCE, "the end of all work")
        check_each_was_answered_once(engine)
        check_each_left_once_and_in_order(carrier, texts)


@pytest.fixture(autouse=True)
def _show_logs_of_a_failure(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    yield
    for log in tmp_path.rglob("gateway-*.log"):
        request.node.add_report_section("call", log.name, log.read_text("utf-8")[-4_000:])
