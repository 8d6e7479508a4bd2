"""What is being looked for, as it is kept beside the waiting step while its flow is open."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.directory.gazetteer import Area, AreaKind
from assistant.directory.place import Point
from assistant.directory.search import DEFAULT_RADIUS_KM, Query
from assistant.directory.traits import Need, Trait
from assistant.services.finding.wishes import Wish

SHOWN_AT_ONCE = 3
# A département is larger than the way one walks.
_DEPARTMENT_KM = 50.0


@dataclass(frozen=True)
class Around:
    """Where somebody looks: the middle of an area, its name, and the codes it belongs to."""

    code: str
    label: str
    point: Point
    zone: tuple[str, ...]
    radius_km: float = DEFAULT_RADIUS_KM

    @classmethod
    def of(cls, area: Area) -> Around:
        """Return the surroundings of an area."""
        wide = area.kind is AreaKind.DEPARTMENT
        return cls(
            code=area.code,
            label=area.label,
            point=Point(round(area.latitude, 4), round(area.longitude, 4)),
            zone=tuple(dict.fromkeys(filter(None, (area.commune, area.department)))),
            radius_km=_DEPARTMENT_KM if wide else DEFAULT_RADIUS_KM,
        )


@dataclass(frozen=True)
class Search:
    """A search: where and what, the areas to choose among, and what was shown of it so far.

    ``shown`` holds the id and name of the places last proposed, ``seen`` how many came before
    them, ``looked_at`` the id of the one whose details were told.
    """

    around: Around | None = None
    among: tuple[Around, ...] = ()
    mended: bool = False
    need: Need | None = None
    traits: Trait = Trait(0)  # noqa: RUF009 (a flag is a value)
    open_now: bool = False
    open_on: date | None = None
    seen: int = 0
    shown: tuple[tuple[str, str], ...] = ()
    looked_at: str = ""
    has_more: bool = False

    def wishing(self, wish: Wish) -> Search:
        """Return the search with what a message adds: the last word about when wins."""
        areas = tuple(map(Around.of, wish.areas))
        says_when = wish.open_now or wish.open_on is not None
        return replace(
            self.anew(),
            around=areas[0] if len(areas) == 1 else (None if areas else self.around),
            among=areas if len(areas) > 1 else (),
            mended=wish.mended if areas else self.mended,
            need=wish.need or self.need,
            traits=self.traits | wish.traits,
            open_now=wish.open_now if says_when else self.open_now,
            open_on=wish.open_on if says_when else self.open_on,
        )

    def chosen(self, code: str) -> Search | None:
        """Return the search around one of the areas that were offered, if it was."""
        area = next((each for each in self.among if each.code == code), None)
        return None if area is None else replace(self.anew(), around=area, among=(), mended=False)

    def anew(self) -> Search:
        """Return the search before anything of it was shown."""
        return replace(self, seen=0, shown=(), looked_at="", has_more=False)

    def query(self, *, limit: int = SHOWN_AT_ONCE, anything: bool = False) -> Query | None:
        """Return what to ask of the directory; ``anything`` leaves out all that can be spared."""
        if self.around is None:
            return None
        return Query(
            near=self.around.point,
            need=self.need or Need.MON_ESPACE_SANTE,
            wanted=Trait(0) if anything else self.traits,
            open_now=self.open_now,
            open_on=self.open_on,
            limit=limit,
            offset=self.seen,
            radius_km=self.around.radius_km,
            zone=frozenset(self.around.zone),
        )


def dump_search(search: Search) -> str:
    """Return a search as it is kept."""
    kept: dict[str, object] = {
        "around": _dump(search.around) if search.around else None,
        "among": [_dump(each) for each in search.among],
        "mended": search.mended,
        "need": search.need.value if search.need else None,
        "traits": int(search.traits),
        "now": search.open_now,
        "on": search.open_on.isoformat() if search.open_on else None,
        "seen": search.seen,
        "shown": search.shown,
        "at": search.looked_at,
        "more": search.has_more,
    }
    said = {name: value for name, value in kept.items() if value not in (None, [], (), 0, "")}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def load_search(kept: str) -> Search:
    """Return the search that was kept, an empty one when there was none."""
    data = json.loads(kept or "{}")
    return Search(
        around=_load(data["around"]) if "around" in data else None,
        among=tuple(map(_load, data.get("among", ()))),
        mended=data.get("mended", False),
        need=Need(data["need"]) if "need" in data else None,
        traits=Trait(data.get("traits", 0)),
        open_now=data.get("now", False),
        open_on=date.fromisoformat(data["on"]) if "on" in data else None,
        seen=data.get("seen", 0),
        shown=tuple((id_, name) for id_, name in data.get("shown", ())),
        looked_at=data.get("at", ""),
        has_more=data.get("more", False),
    )


def _dump(around: Around) -> Sequence[object]:
    point = around.point
    return [
        around.code, around.label, point.latitude, point.longitude, around.zone, around.radius_km
    ]  # fmt: skip


def _load(data: tuple[str, str, float, float, list[str], float]) -> Around:
    code, label, latitude, longitude, zone, radius_km = data
    return Around(code, label, Point(latitude, longitude), tuple(zone), radius_km)
