"""Settings of a run in a folder of the test."""

from __future__ import annotations

from pathlib import Path

from assistant.run.settings import Port, RunSettings
from tests.unit.run.processes import ENVIRONMENT

TOKEN = "token-of-this-run"  # noqa: S105 - not a secret, it opens nothing


def settings_for(root: Path, *, host: str = "127.0.0.1", rasa: int = 5005) -> RunSettings:
    """Return settings for a project in that folder."""
    return RunSettings(
        root=root,
        data=root / "var",
        host=host,
        gateway=Port(8000, "PASAPAS_PORT"),
        actions=Port(5055, "PASAPAS_ACTIONS_PORT"),
        rasa=Port(rasa, "PASAPAS_RASA_PORT"),
        rasa_token=TOKEN,
        environment=ENVIRONMENT,
    )
