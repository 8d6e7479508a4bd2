"""The recorded bodies of a real Rasa: ``python -m tests.contract.record`` makes them anew."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "rasa"


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, as they went over the line; a token is never among them.

    ``request`` and ``answer`` are JSON, or the text of a body that is none.
    """

    method: str
    path: str
    request: Any
    status: int
    answer: Any


@dataclass(frozen=True)
class Turn:
    """A message of the gateway to Rasa, and the calls of actions that Rasa made of it."""

    webhook: Exchange
    calls: tuple[Exchange, ...]

    @property
    def id(self) -> str:
        """The id that the gateway gave the turn."""
        turn: str = self.webhook.request["metadata"]["message_id"]
        return turn


def load(name: str) -> Exchange:
    """Read a recording."""
    return Exchange(**_read(name))


def load_turn(name: str) -> Turn:
    """Read the recording of a turn."""
    recorded = _read(f"turn_{name}")
    calls = tuple(Exchange(**each) for each in recorded["calls"])
    return Turn(Exchange(**recorded["webhook"]), calls)


def save(name: str, recorded: Exchange | Turn) -> None:
    """Write a recording."""
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(asdict(recorded), ensure_ascii=False, indent=1)
    (FOLDER / f"{name}.json").write_text(f"{text}\n", "utf-8")


def save_turn(name: str, turn: Turn) -> None:
    """Write the recording of a turn."""
    save(f"turn_{name}", turn)


def _read(name: str) -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return recorded
