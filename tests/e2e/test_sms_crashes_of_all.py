"""Gateways, actions and the real Rasa are killed while they work on SMS; one has other code.

By itself it kills each once. ``PASAPAS_TEST_CRASH_TURNS=1000`` makes it the long run, which
`make bench` starts.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine, select, update

from assistant.adapters.database import open_database
from assistant.adapters.tables import OutboxRow, TurnRow
from assistant.adapters.twilio import Signature
from assistant.config import Settings, SmsMode
from assistant.domain.delivery import DeliveryStatus
from assistant.domain.turn import Decider
from assistant.services.sms.send_outbox import LEASE
from tests.e2e.carrier import Carrier, listening
from tests.e2e.product import MARKS, Product, free_ports, running, wait_until
from tests.e2e.sms_gateways import PUBLIC_URL, Gateways
from tests.e2e.test_sms_crashes import (
    changed_code,
    check_each_was_answered_once,
    left,
    write_all,
)

TURNS = int(os.environ.get("PASAPAS_TEST_CRASH_TURNS", "60"))
IS_LONG = TURNS >= 1_000
# Fewer than what is taken for a machine.
EACH = 15
PHONES = [f"+33639983{number:03}" for number in range(-(-TURNS // EACH))]
# Rasa needs half a minute to be back: in the short run the nearest examples finish what it began.
PAUSE = 20.0 if IS_LONG else 1.0
KILLS = 40 if IS_LONG else 4
SECONDS_OF_A_CALL = 3.0
PATIENCE = LEASE.total_seconds() + 60


def test_each_process_is_killed_and_every_message_is_answered_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    changed = changed_code(tmp_path / "changed")
    settings = Settings(
        data_dir=data, secret_keys=SecretStr("a key for the crashes " * 3), sms=SmsMode.PHONE
    )
    ports: list[int] = []
    carrier = Carrier(
        Signature(settings.sms_account.auth_token, PUBLIC_URL),
        lambda: random.sample([f"http://127.0.0.1:{port}" for port in ports], len(ports)),
    )
    with listening(carrier) as carrier_url:
        more = {
            "PASAPAS_SECRET_KEYS": settings.secret_keys.get_secret_value(),
            "PASAPAS_PUBLIC_URL": PUBLIC_URL,
            "PASAPAS_TWILIO_API": carrier_url,
            "PASAPAS_SMS_BUDGET_PARTS_PER_DAY": "1000000",
        }
        with running(data, more) as product:
            rasa_url = f"http://127.0.0.1:{product.rasa_port}"
            second = Gateways(settings, carrier_url, free_ports(1), rasa_url)
            ports += [int(product.url.rpartition(":")[2]), *second.ports]
            second.start(second.ports[0])
            engine = open_database(settings.database)
            try:
                _write_and_kill(product, second, carrier, changed)
                if not IS_LONG:
                    _let_leases_end(engine)
                wait_until(lambda: left(engine) == 0, PATIENCE, "the end of all work")
                wait_until(carrier.reports.empty, PATIENCE, "the last reports")
                check_each_was_answered_once(engine, len(PHONES) * EACH)
                _check_each_left_once(engine, carrier)
            finally:
                second.stop()
                engine.dispose()


def _write_and_kill(product: Product, second: Gateways, carrier: Carrier, changed: Path) -> None:
    chance = random.Random(3422)  # noqa: S311 (which one dies, not a secret)
    writing = threading.Thread(target=write_all, args=(carrier, PHONES, EACH, PAUSE))
    writing.start()
    victims = [*MARKS, "second"]
    for number in range(KILLS):
        time.sleep(chance.uniform(0.5, 1.0) * EACH * PAUSE / KILLS)
        victim = victims[number] if number < len(victims) else chance.choice(victims)
        if victim != "second":
            product.kill(victim)
            continue
        (port,) = second.ports
        second.kill(port)
        # Two versions of the code work on the same rows.
        second.start(port, changed)
    writing.join()


def _let_leases_end(engine: Engine) -> None:
    """Let the two minutes pass at once for which an SMS in a dead gateway's hand waits.

    Whoever is alive has had the time of a call: the carrier of this test answers at once.
    """
    time.sleep(SECONDS_OF_A_CALL)
    with engine.begin() as connection:
        connection.execute(
            update(OutboxRow)
            .where(OutboxRow.status == DeliveryStatus.QUEUED)
            .values(lease_until=None, lease_owner=None)
        )


def _check_each_left_once(engine: Engine, carrier: Carrier) -> None:
    with engine.connect() as connection:
        rows = connection.execute(select(OutboxRow.id, OutboxRow.status)).all()
        deciders = Counter(connection.execute(select(TurnRow.closed_by)).scalars())
    assert deciders[Decider.RASA] > 0, "the real Rasa took part"
    left_once = {row.id for row in rows if row.status != DeliveryStatus.HELD}
    taken = Counter(each.rpartition("outgoing=")[2] for each in carrier.callbacks)
    assert set(taken) == left_once
    assert max(taken.values()) == 1
    # Told for whoever runs it: how many were decided by whom, and how many SMS left.
    print(f"{dict(deciders)}, {len(taken)} SMS, each once")  # noqa: T201 (the figures of a run)
