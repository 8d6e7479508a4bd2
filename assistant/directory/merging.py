"""Several descriptions of one place made into one, each field from the source that knows best."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from assistant.directory.place import Place
from assistant.directory.quality import quality

_EARLIEST = date.min
# Fields that say one thing together, and so come from one source together.
_TOGETHER = (
    ("address", "address_more", "postcode", "insee", "commune"),
    ("hours", "hours_text", "hours_note"),
    ("point", "approximate"),
)
_IDENTITY = frozenset({"source", "external_id"})
_LEADS = {lead: group for group in _TOGETHER for lead in group}
# What one source offers comes on top of what another one does.
_UNITED = frozenset(
    """
    emails websites kinds services audiences care fees programmes labels other_labels access
    support
    """.split()
)
_NAMES = tuple(field.name for field in fields(Place))
_ID_LENGTH = 10
_ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: nothing reads like something else


@dataclass(frozen=True, slots=True)
class Merged:
    """One place, and which source (source and id) each of its fields comes from."""

    place: Place
    provenance: Mapping[str, Sequence[str]]


def public_id(source: str, external_id: str) -> str:
    """Return the short name under which the product knows a description; always the same one."""
    drawn = int.from_bytes(hashlib.sha256(f"{source}\0{external_id}".encode()).digest()[:8], "big")
    letters = []
    for _ in range(_ID_LENGTH):
        drawn, letter = divmod(drawn, len(_ID_LETTERS))
        letters.append(_ID_LETTERS[letter])
    return "".join(letters)


def merge(descriptions: Sequence[Place]) -> Merged:
    """Return one place of all its descriptions, whatever their order.

    The latest description goes first, then the fullest; a field that it leaves empty comes from
    the next one. Lists are united. Hours that were understood win over hours that were not.
    """
    ranked = sorted(descriptions, key=_rank)
    values: dict[str, object] = {}
    provenance: dict[str, Sequence[str]] = {}
    for name in _NAMES:
        if name in values or name in _IDENTITY:
            continue
        if name in _UNITED:
            givers = [each for each in ranked if getattr(each, name)]
            values[name] = tuple(
                dict.fromkeys(one for each in givers for one in getattr(each, name))
            )
            provenance[name] = [_key(each) for each in givers]
            continue
        group = _LEADS.get(name, (name,))
        giver = _giver(ranked, group)
        for one in group:
            values[one] = getattr(giver, one)
            if values[one]:
                provenance[one] = [_key(giver)]
    # Of a united list the members stand in the order of the schema, not of the sources.
    for name in _UNITED & {"services", "audiences", "care", "fees", "programmes", "labels"}:
        values[name] = tuple(sorted(values[name], key=_order))  # type: ignore[call-overload]
    place = replace(ranked[0], **values)  # type: ignore[arg-type]
    return Merged(place, {name: given for name, given in provenance.items() if given})


def _giver(ranked: Sequence[Place], group: Sequence[str]) -> Place:
    if "hours" in group:
        understood = next((each for each in ranked if each.hours), None)
        return understood or next((each for each in ranked if each.hours_text), ranked[0])
    if "point" in group:
        exact = next((each for each in ranked if each.point and not each.approximate), None)
        return exact or next((each for each in ranked if each.point), ranked[0])
    return next((each for each in ranked if getattr(each, group[0])), ranked[0])


def _rank(place: Place) -> tuple[int, int, str, str]:
    age = -(place.updated or _EARLIEST).toordinal()
    return age, -quality(place), place.source, place.external_id


def _key(place: Place) -> str:
    return f"{place.source}/{place.external_id}"


def _order(member: object) -> int:
    return list(type(member)).index(member)  # type: ignore[call-overload,no-any-return]
