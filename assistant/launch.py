"""What the three processes start from, drawn from the settings."""

from __future__ import annotations

from assistant.config import ROOT, Settings, process_environment
from assistant.run import Port, RunSettings


def run_settings(settings: Settings) -> RunSettings:
    """Return what the three processes start from."""
    on_a_desk = not settings.is_production
    return RunSettings(
        root=ROOT,
        data=settings.data_dir,
        host=settings.host,
        gateway=Port(settings.port, "PASAPAS_PORT"),
        actions=Port(settings.actions_port, "PASAPAS_ACTIONS_PORT"),
        rasa=Port(settings.rasa_port, "PASAPAS_RASA_PORT"),
        rasa_token=settings.rasa_api_token,
        environment=process_environment(),
        public_url=None if on_a_desk else str(settings.public_url),
    )
