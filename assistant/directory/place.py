"""A place where somebody helps, as one source tells it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from assistant.directory.vocabulary import (
    Access,
    Audience,
    Care,
    Fee,
    Label,
    Programme,
    Roaming,
    Service,
    Support,
)

_EARTH_KM = 6371.0088  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Point:
    """A place on Earth, in degrees WGS 84."""

    latitude: float
    longitude: float

    def distance_km(self, other: Point) -> float:
        """Return the great-circle distance, in kilometres."""
        here, there = math.radians(self.latitude), math.radians(other.latitude)
        half_height = math.sin((there - here) / 2)
        half_width = math.sin(math.radians(other.longitude - self.longitude) / 2)
        chord = half_height**2 + math.cos(here) * math.cos(there) * half_width**2
        return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place where somebody helps; what its source does not tell is empty or None.

    ``phone`` is E.164, or a French number of four digits; ``hours`` is an OpenStreetMap expression
    that was understood, ``hours_text`` what the source wrote when it was not. ``approximate`` says
    that the point is the commune's; ``zone`` holds the codes (commune, département, EPCI, "france")
    whose inhabitants a service is for, when it is not for all.
    """

    source: str
    external_id: str
    name: str
    commune: str = ""
    postcode: str = ""
    insee: str = ""
    address: str = ""
    address_more: str = ""
    point: Point | None = None
    approximate: bool = False
    siret: str = ""
    phone: str = ""
    emails: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()
    booking: str = ""
    accessibility: str = ""
    hours: str = ""
    hours_text: str = ""
    hours_note: str = ""
    summary: str = ""
    detail: str = ""
    kinds: tuple[str, ...] = ()
    parent: str = ""
    services: tuple[Service, ...] = ()
    audiences: tuple[Audience, ...] = ()
    care: tuple[Care, ...] = ()
    fees: tuple[Fee, ...] = ()
    programmes: tuple[Programme, ...] = ()
    labels: tuple[Label, ...] = ()
    other_labels: tuple[str, ...] = ()
    access: tuple[Access, ...] = ()
    support: tuple[Support, ...] = ()
    roaming: tuple[Roaming, ...] = ()
    zone: tuple[str, ...] = ()
    updated: date | None = None

    @property
    def is_trained(self) -> bool:
        """Tell whether its people were trained for Mon espace santé."""
        return Label.MON_ESPACE_SANTE in self.labels

    @property
    def travels(self) -> bool:
        """Tell whether it is a bus, or comes for a day here and a day there."""
        return Roaming.TRAVELS in self.roaming

    @property
    def is_remote_only(self) -> bool:
        """Tell whether it receives nobody, and helps by phone or in writing."""
        return Access.NO_PUBLIC in self.access and Support.REMOTE in self.support
