"""What is needed to run the product on one machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

WILDCARD_HOSTS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - read, not bound


@dataclass(frozen=True)
class Port:
    """A port to listen on, and the name of the setting that changes it."""

    number: int
    setting: str


@dataclass(frozen=True)
class RunSettings:
    """Where things are, which ports to use and what the processes start from.

    ``environment`` is handed to each process: it carries the application's own settings. The
    action server and Rasa are private: they listen on the loopback interface whatever ``host`` is.
    """

    root: Path
    data: Path
    host: str
    gateway: Port
    actions: Port
    rasa: Port
    rasa_token: str = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)
    public_url: str | None = None

    @property
    def logs(self) -> Path:
        """The folder of the processes' logs."""
        return self.data / "log"

    @property
    def nlu(self) -> Path:
        """The folder of the Rasa project."""
        return self.root / "nlu"

    @property
    def models(self) -> Path:
        """The folder of the trained models."""
        return self.nlu / "models"

    @property
    def nlu_python(self) -> Path:
        """The interpreter of Rasa's own environment."""
        return self.nlu / ".venv" / "bin" / "python"

    @property
    def reachable_host(self) -> str:
        """The host by which this machine reaches its own gateway."""
        return WILDCARD_HOSTS.get(self.host, self.host)

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        return self.public_url or f"http://{self.reachable_host}:{self.gateway.number}"

    def display(self, path: Path) -> str:
        """Write a path the way a person at the root of the project would type it."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)
