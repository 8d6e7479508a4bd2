"""The three processes of the product and how each one is started."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.run.ports import LOOPBACK
from assistant.run.settings import RunSettings

PROBE_SECONDS = 1.0
GATEWAY_GRACE_SECONDS = 3
"""Shorter than the guard's grace: open event streams are cut by the server itself, not killed."""

RASA_ENVIRONMENT = {
    # Without it each command waits for a host of the maker.
    "RASA_TELEMETRY_ENABLED": "false",
    # Rasa 3.6 needs SQLAlchemy < 2, which tells at each start that there is a 2.
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONUNBUFFERED": "1",
}


@dataclass(frozen=True)
class Service:
    """A process to keep up.

    ``ready`` tells whether it answers. Without a vital one there is nothing to see: it is started
    first, and when it dies again and again before it ever answered, nothing runs.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    ready: Callable[[], bool] | None = None
    announcement: str | None = None
    vital: bool = False


def services(settings: RunSettings, model: Path) -> tuple[Service, ...]:
    """Return the processes to run with a trained model, in the order to start them."""
    environment = {**settings.environment, "PYTHONUNBUFFERED": "1"}
    gateway_port, actions_port, rasa_port = (
        str(port.number) for port in (settings.gateway, settings.actions, settings.rasa)
    )
    gateway = Service(
        name="gateway",
        command=(
            *(
                sys.executable,
                "-m",
                "uvicorn",
                "--factory",
                "assistant.gateway.app:create_prepared_app",
            ),
            *("--host", settings.host, "--port", gateway_port),
            *("--timeout-graceful-shutdown", str(GATEWAY_GRACE_SECONDS)),
            # Paths carry the ids of conversations: nothing of them belongs in a log.
            *("--no-access-log", "--no-server-header", "--log-level", "warning"),
        ),
        folder=settings.root,
        environment=environment,
        ready=lambda: answers(settings.reachable_host, settings.gateway.number, "/health"),
        announcement=(
            f"Pas à Pas est prêt : {settings.address}\n"
            "La page répond dès maintenant ; la compréhension complète arrive en moins d'une "
            "minute. Ctrl-C pour tout arrêter."
        ),
        vital=True,
    )
    actions = Service(
        name="actions",
        command=(
            *(sys.executable, "-m", "uvicorn", "--factory", "actions.server:create_app"),
            # It knows no authentication: loopback only.
            *("--host", LOOPBACK, "--port", actions_port),
            *("--no-access-log", "--no-server-header", "--log-level", "warning"),
        ),
        folder=settings.root,
        environment=environment,
    )
    rasa = Service(
        name="rasa",
        command=(
            *(str(settings.nlu_python), "serve.py", "run", "--enable-api"),
            *("--model", str(model), "--interface", LOOPBACK, "--port", rasa_port),
        ),
        folder=settings.nlu,
        environment={
            **settings.environment,
            **RASA_ENVIRONMENT,
            "ACTIONS_URL": f"http://{LOOPBACK}:{actions_port}/webhook",
            "RASA_AUTH_TOKEN": settings.rasa_token,
        },
        ready=lambda: answers(LOOPBACK, settings.rasa.number, "/"),
        announcement="Le modèle de compréhension est chargé.",
    )
    return gateway, actions, rasa


def answers(host: str, port: int, path: str) -> bool:
    """Tell whether a server of this machine answers at all; how well is for its own health page."""
    connection = http.client.HTTPConnection(host.strip("[]"), port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", path)
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()
