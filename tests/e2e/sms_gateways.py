"""Gateways with SMS on one database, killed and started again at will."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine

from assistant import preparation
from assistant.adapters.content_files import load_content
from assistant.adapters.database import open_database
from assistant.adapters.twilio import Signature
from assistant.config import Settings, SmsMode
from tests.e2e.carrier import Carrier, listening
from tests.e2e.product import ROOT, free_ports, wait_until
from tests.integration.persistence.conftest import POSTGRES_URL, empty

PUBLIC_URL = "http://pas-a-pas.test"
STARTS = 60.0


@dataclass
class Gateways:
    """Gateways on one database: each on its port, killed and started again at will."""

    settings: Settings
    carrier_url: str
    ports: list[int]
    # Where Rasa is; without it the nearest examples answer.
    rasa_url: str = "http://127.0.0.1:9"
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, port: int, root: Path = ROOT) -> None:
        """Start the one of that port, with the code of that folder."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(root),
            "PASAPAS_DATA_DIR": str(self.settings.data_dir),
            "PASAPAS_DATABASE_URL": self.settings.database,
            "PASAPAS_SECRET_KEYS": self.settings.secret_keys.get_secret_value(),
            "PASAPAS_PUBLIC_URL": PUBLIC_URL,
            "PASAPAS_PORT": str(port),
            "PASAPAS_RASA_URL": self.rasa_url,
            "PASAPAS_SMS": "phone",
            "PASAPAS_TWILIO_API": self.carrier_url,
            "PASAPAS_SMS_BUDGET_PARTS_PER_DAY": "1000000",
        }
        with (self.settings.data_dir / f"gateway-{port}.log").open("ab") as log:
            self.processes[port] = subprocess.Popen(
                [
                    *(sys.executable, "-m", "uvicorn", "--factory"),
                    *("assistant.gateway.app:create_app", "--port", str(port)),
                    *("--no-access-log", "--log-level", "warning"),
                ],
                cwd=root,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self, port: int) -> None:
        """Kill one at once, as a crash or a power cut would."""
        process = self.processes.pop(port)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End them all."""
        for port in list(self.processes):
            self.kill(port)


@contextmanager
def gateways(folder: Path, count: int) -> Iterator[tuple[Gateways, Carrier, Engine]]:
    """Start gateways on a fresh database, with a carrier before them."""
    settings = Settings(
        data_dir=folder,
        database_url=POSTGRES_URL or "",
        secret_keys=SecretStr("a key for the crashes " * 3),
        sms=SmsMode.PHONE,
    )
    engine = open_database(settings.database)
    if POSTGRES_URL:
        empty(engine)
    preparation.prepare_database(settings, load_content())
    ports = free_ports(count)
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    carrier = Carrier(
        Signature(settings.sms_account.auth_token, PUBLIC_URL),
        lambda: random.sample(addresses, len(addresses)),
    )
    with listening(carrier) as carrier_url:
        started = Gateways(settings, carrier_url, ports)
        try:
            for port in ports:
                started.start(port)
            yield started, carrier, engine
        finally:
            # Reports are posted until somebody hears them: nobody is killed before that.
            carrier.reports.put(None)
            wait_until(carrier.reports.empty, STARTS, "the last reports")
            started.stop()
            engine.dispose()
