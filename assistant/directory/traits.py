"""What a place can be searched by, as the bits of one number that a database compares at once."""

from __future__ import annotations

from enum import IntFlag, StrEnum
from functools import lru_cache

from assistant.directory.hours import open_weekdays
from assistant.directory.place import Place
from assistant.directory.vocabulary import Access, Care, Fee, Programme, Service, Support


class Trait(IntFlag):
    """One thing that is known of a place. The values are stored: never renumber them."""

    MON_ESPACE_SANTE = 1 << 0
    PROCEDURES = 1 << 1
    COMPUTER_ACCESS = 1 << 2
    LEARNING = 1 << 3
    FREE = 1 << 4
    ENGLISH = 1 << 5
    OTHER_LANGUAGES = 1 << 6
    DEAFNESS = 1 << 7
    ILLITERACY = 1 << 8
    WHEELCHAIR = 1 << 9
    WALK_IN = 1 << 10
    APPOINTMENT = 1 << 11
    TRAVELS = 1 << 12
    REMOTE = 1 << 13
    RECEIVES = 1 << 14
    FRANCE_SERVICES = 1 << 15
    HOURS_KNOWN = 1 << 16
    TRAINED = 1 << 17
    SIGHT = 1 << 18
    HELPS = 1 << 19
    MAY_OPEN_MONDAY = 1 << 24
    MAY_OPEN_TUESDAY = 1 << 25
    MAY_OPEN_WEDNESDAY = 1 << 26
    MAY_OPEN_THURSDAY = 1 << 27
    MAY_OPEN_FRIDAY = 1 << 28
    MAY_OPEN_SATURDAY = 1 << 29
    MAY_OPEN_SUNDAY = 1 << 30

    @staticmethod
    def may_open_on(weekday: int) -> Trait:
        """Return the trait of places that are, or may be, open on a day (Monday is 0)."""
        return Trait(Trait.MAY_OPEN_MONDAY << weekday)


class Need(StrEnum):
    """What somebody looks for help with."""

    MON_ESPACE_SANTE = "mon_espace_sante"
    PROCEDURES = "procedures"
    COMPUTER_ACCESS = "computer_access"
    LEARNING = "learning"


TRAIT_OF_NEED = {
    Need.MON_ESPACE_SANTE: Trait.MON_ESPACE_SANTE,
    Need.PROCEDURES: Trait.PROCEDURES,
    Need.COMPUTER_ACCESS: Trait.COMPUTER_ACCESS,
    Need.LEARNING: Trait.LEARNING,
}
_HELP = Trait.MON_ESPACE_SANTE | Trait.PROCEDURES | Trait.COMPUTER_ACCESS | Trait.LEARNING
_LEARNING = frozenset(
    {Service.EVERYDAY_TOOLS, Service.UNDERSTANDING, Service.SAFETY, Service.LEISURE}
)
# The health insurance itself, and the counters that are its partners.
_HEALTH_INSURANCE = frozenset({"CPAM", "MSA"})
_ALL_WEEK = sum(Trait.may_open_on(weekday) for weekday in range(7))


def traits_of(place: Place) -> Trait:
    """Return what a place can be searched by.

    A place of unknown hours may be open on any day; one that does not say that it receives nobody
    receives people.
    """
    found = _help_of(place)
    if found & _HELP:
        found |= Trait.HELPS
    return found | _welcome_of(place) | _week_of(place.hours)


@lru_cache(maxsize=10_000)
def _week_of(hours: str) -> Trait:
    if not hours:
        return Trait(_ALL_WEEK)
    found = Trait.HOURS_KNOWN
    for weekday in open_weekdays(hours):
        found |= Trait.may_open_on(weekday)
    return found


def _help_of(place: Place) -> Trait:
    services, programmes = set(place.services), set(place.programmes)
    found = Trait(0)
    if place.is_trained:
        found |= Trait.TRAINED | Trait.MON_ESPACE_SANTE
    if Programme.FRANCE_SERVICES in programmes:
        found |= Trait.FRANCE_SERVICES | Trait.PROCEDURES | Trait.MON_ESPACE_SANTE
    if Programme.AIDANTS_CONNECT in programmes or Service.PROCEDURES in services:
        found |= Trait.PROCEDURES | Trait.MON_ESPACE_SANTE
    if Service.HEALTH in services or _HEALTH_INSURANCE & set(place.kinds):
        found |= Trait.MON_ESPACE_SANTE
    if Service.ACCESS in services:
        found |= Trait.COMPUTER_ACCESS
    if _LEARNING & services:
        found |= Trait.LEARNING
    return found


def _welcome_of(place: Place) -> Trait:
    found = Trait(0)
    if place.fees and Fee.PAID not in place.fees and Fee.FREE in place.fees:
        found |= Trait.FREE
    for care, trait in (
        (Care.ENGLISH, Trait.ENGLISH),
        (Care.OTHER_LANGUAGES, Trait.OTHER_LANGUAGES),
        (Care.DEAFNESS, Trait.DEAFNESS),
        (Care.ILLITERACY, Trait.ILLITERACY),
        (Care.MOTOR, Trait.WHEELCHAIR),
        (Care.SIGHT, Trait.SIGHT),
    ):
        if care in place.care:
            found |= trait
    if place.accessibility:
        # A page of Acceslibre describes the way in, step by step.
        found |= Trait.WHEELCHAIR
    if Access.WALK_IN in place.access:
        found |= Trait.WALK_IN
    if place.booking or Access.BOOK_ONLINE in place.access:
        found |= Trait.APPOINTMENT
    if place.travels:
        found |= Trait.TRAVELS
    if Support.REMOTE in place.support:
        found |= Trait.REMOTE
    if Access.NO_PUBLIC not in place.access:
        found |= Trait.RECEIVES
    return found
