"""The bot of `rasa init`, trained and served as it comes: the yardstick."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.e2e.product import ROOT, free_ports, wait_until

RASA = (str(ROOT / "nlu" / ".venv" / "bin" / "python"), "-m", "rasa")
ENVIRONMENT = {
    **os.environ,
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


@dataclass(frozen=True)
class BareBot:
    """A running `rasa init` bot."""

    process: subprocess.Popen[bytes]
    url: str
    seconds_to_start: float

    def turn(self, http: httpx.Client, sender: str, text: str) -> None:
        """Say something over its REST channel."""
        answer = http.post(
            f"{self.url}/webhooks/rest/webhook", json={"sender": sender, "message": text}
        )
        assert answer.json(), "the bare bot answers"


@contextmanager
def bare_bot(folder: Path) -> Iterator[BareBot]:
    """Make, train and start it."""
    folder.mkdir()
    subprocess.run(
        [*RASA, "init", "--no-prompt", "--init-dir", str(folder)],
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    )
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    begun = time.monotonic()
    process = subprocess.Popen(
        [*RASA, "run", "--port", str(port), "--interface", "127.0.0.1"],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _answers(url), 180, "the bare bot")
        yield BareBot(process, url, time.monotonic() - begun)
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False
