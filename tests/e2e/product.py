"""The running product, seen from outside: its address, its health, and a way to break it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent.parent

# Loading the model takes ten to forty seconds, and longer while others use the machine.
RESTART_SECONDS = 120.0
STOP_SECONDS = 20.0


# What tells the services apart on their command lines.
MARKS = {"gateway": "assistant.gateway.app", "actions": "actions.server", "rasa": "--enable-api"}


@dataclass(frozen=True)
class Product:
    """`assistant run` on ports of its own."""

    process: subprocess.Popen[bytes]
    url: str
    data: Path
    rasa_port: int
    seconds_to_first_answer: float

    def client(self) -> httpx.Client:
        """Return an HTTP client of the gateway."""
        return httpx.Client(base_url=self.url, timeout=30.0, trust_env=False)

    def health(self) -> dict[str, str]:
        """Return what /health says."""
        body: dict[str, str] = httpx.get(f"{self.url}/health", timeout=5, trust_env=False).json()
        return body

    def wait_for(self, **wanted: str) -> None:
        """Wait until /health says so: ``wait_for(rasa="ready")``."""
        wait_until(
            lambda: wanted.items() <= self.health().items(), RESTART_SECONDS, f"health {wanted}"
        )

    def kill(self, service: str) -> None:
        """Kill a service at once, as a crash would."""
        for pid in self.processes(service):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def processes(self, service: str) -> list[int]:
        """List the processes of ``gateway``, ``actions`` or ``rasa``, its guard among them."""
        tree = process_tree(self.process.pid)
        return [pid for pid, command in tree.items() if MARKS[service] in command]


@contextmanager
def running(data: Path, settings: Mapping[str, str] | None = None) -> Iterator[Product]:
    """Start the product, with settings besides its own, and stop it as Ctrl-C does."""
    gateway, actions, rasa = free_ports(3)
    environment = {
        **os.environ,
        "PASAPAS_DATA_DIR": str(data),
        "PASAPAS_PORT": str(gateway),
        "PASAPAS_ACTIONS_PORT": str(actions),
        "PASAPAS_RASA_PORT": str(rasa),
        "PASAPAS_PUBLIC_URL": f"http://127.0.0.1:{gateway}",
        # A journey is faster than a person.
        "PASAPAS_SMS": "phone",
        "PASAPAS_MESSAGES_PER_MINUTE": "100000",
        "PASAPAS_CONVERSATIONS_PER_MINUTE": "100000",
        **(settings or {}),
    }
    command = [sys.executable, "-m", "assistant.cli"]
    # Apart, so that the time to the first answer is that of a start and not of a training.
    subprocess.run([*command, "train"], cwd=ROOT, env=environment, check=True, capture_output=True)
    begun = time.monotonic()
    with (data / "told.log").open("wb") as output:
        process = subprocess.Popen(
            [*command, "run"], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://127.0.0.1:{gateway}"
        wait_until(lambda: _answers(url), RESTART_SECONDS, "the gateway")
        product = Product(process, url, data, rasa, time.monotonic() - begun)
        product.wait_for(status="ok")
        yield product
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for a condition. Raises AssertionError when it does not come in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come within {seconds:.0f} s"
        time.sleep(0.1)


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def process_tree(pid: int) -> dict[int, str]:
    """Return the processes below one, itself included, with their command lines (Linux)."""
    parents: dict[int, int] = {}
    commands: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(FileNotFoundError, ProcessLookupError):
            stat = (entry / "stat").read_text("utf-8", "replace")
            command = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            parents[int(entry.name)] = int(stat.rsplit(")", 1)[1].split()[1])
            commands[int(entry.name)] = command.replace("\0", " ")
    below = {pid}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    return {each: commands[each] for each in below if each in commands}
