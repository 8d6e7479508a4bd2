"""Places to propose to somebody, as the parameters of an instruction: data, and no words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

# Brackets, braces and slashes mean something to our own texts; a name needs none of them.
_NOT_IN_A_NAME: Final = re.compile(r"[<>\[\]{}|\\^~`\"]")
_PLACES: Final = "places"


@dataclass(frozen=True)
class FoundPlace:
    """What is told of one place; what is not known is empty.

    ``km`` is empty for help from afar; ``state`` is open, closed or unknown at the moment asked
    for, ``until`` and ``opens`` local times as ``2026-11-23T09:00``, ``spans`` those of the day
    asked for as ``09:00-12:00``. ``year`` is the year of the last confirmation, ``stale`` tells
    that it is too long ago. ``phone`` is E.164 or four digits.
    """

    id: str
    name: str = ""
    km: str = ""
    approximate: bool = False
    state: str = "unknown"
    until: str = ""
    opens: str = ""
    holiday: bool = False
    spans: tuple[str, ...] = ()
    phone: str = ""
    trained: bool = False
    year: str = ""
    stale: bool = False
    reported: bool = False
    address: str = ""
    hours: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hours_text: str = ""
    traits: tuple[str, ...] = ()
    website: str = ""
    source: str = ""
    updated: str = ""


@dataclass(frozen=True)
class FoundPlaces:
    """All that is proposed at once.

    ``near`` names the place searched around; ``mended`` tells that its spelling was guessed;
    ``wide_km`` is how far one had to look, when that is far; ``unmet`` are the wishes that nobody
    near declares to meet; ``ring`` says that the national line must be proposed.
    """

    near: str = ""
    mended: bool = False
    places: tuple[FoundPlace, ...] = ()
    remote: tuple[FoundPlace, ...] = ()
    wide_km: int = 0
    day: str = ""
    now: bool = False
    unmet: tuple[str, ...] = ()
    ring: bool = False
    further: bool = False
    last: bool = False


def dump_places(found: FoundPlaces) -> Mapping[str, str]:
    """Return the parameters of an instruction that tells of these places."""
    return {_PLACES: json.dumps(_short(asdict(found)), ensure_ascii=False, separators=(",", ":"))}


def load_places(params: Mapping[str, str]) -> FoundPlaces:
    """Return the places that the parameters tell of. Raises ValueError for anything else."""
    data = json.loads(params.get(_PLACES, "{}"))
    for name in ("places", "remote"):
        data[name] = tuple(_place(each) for each in data.get(name, ()))
    data["unmet"] = tuple(data.get("unmet", ()))
    return FoundPlaces(**data)


def plain_name(text: str, longest: int = 80) -> str:
    """Return what somebody else wrote as one line that can stand in any sentence of ours."""
    seen = "".join(
        sign if unicodedata.category(sign)[0] not in {"C", "Z"} else " " for sign in text
    )
    line = " ".join(_NOT_IN_A_NAME.sub(" ", seen).split()).lstrip("=+-@# ")
    return line if len(line) <= longest else line[: longest - 1].rstrip(" ,;-") + "…"


def _place(data: dict[str, object]) -> FoundPlace:
    lists = {"spans", "traits"}
    given = {name: tuple(value) if name in lists else value for name, value in data.items()}  # type: ignore[arg-type]
    hours = given.get("hours", ())
    given["hours"] = tuple((day, tuple(spans)) for day, spans in hours)  # type: ignore[attr-defined]
    return FoundPlace(**given)  # type: ignore[arg-type]


def _short(data: dict[str, object]) -> dict[str, object]:
    """Leave out what says nothing: a message is kept with its parameters."""
    kept: dict[str, object] = {}
    for name, value in data.items():
        if isinstance(value, tuple) and value and isinstance(value[0], dict):
            kept[name] = [_short(each) for each in value]
        elif value not in ("", False, 0, ()):
            kept[name] = value
    return kept
