"""A Rasa of one's own for the time of a command: understanding without the running product."""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from assistant.run.child import Child
from assistant.run.errors import CannotStart
from assistant.run.interruption import interruption_by_signals
from assistant.run.ports import LOOPBACK
from assistant.run.services import services
from assistant.run.settings import Port, RunSettings
from assistant.run.training import ensure_model

# Loading the model takes ten to twenty seconds on two cores; four times that is a fault.
START_SECONDS = 90.0
GRACE_SECONDS = 5.0
LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class PrivateRasa:
    """Where it listens, and the token of its API."""

    address: str
    token: str


@contextmanager
def private_rasa(settings: RunSettings, *, say: Callable[[str], None]) -> Iterator[PrivateRasa]:
    """Start Rasa on a free port of this machine and stop it afterwards. Raises CannotStart."""
    own = replace(
        settings, rasa=Port(_free_port(), "PASAPAS_RASA_PORT"), rasa_token=secrets.token_hex(16)
    )
    with interruption_by_signals() as interruption:
        model = ensure_model(own, interruption, say)
        if model is None:
            raise CannotStart("Interrompu.")
        own.logs.mkdir(parents=True, exist_ok=True)
        rasa = next(each for each in services(own, model) if each.name == "rasa")
        log = own.logs / "rasa-private.log"
        child = Child(
            rasa.command,
            folder=rasa.folder,
            environment=rasa.environment,
            log=log,
            grace=GRACE_SECONDS,
        )
        try:
            say("Démarrage de Rasa…")
            deadline = time.monotonic() + START_SECONDS
            while rasa.ready is not None and not rasa.ready():
                if interruption.requested:
                    raise CannotStart("Interrompu.")
                if child.exit_code() is not None or time.monotonic() > deadline:
                    raise CannotStart(f"Rasa ne démarre pas : voir {settings.display(log)}")
                time.sleep(LOOK_SECONDS)
            yield PrivateRasa(f"http://{LOOPBACK}:{own.rasa.number}", own.rasa_token)
        finally:
            child.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
