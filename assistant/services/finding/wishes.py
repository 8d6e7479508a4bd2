"""Reads what somebody looks for near them: where, when, for what, and what they cannot do without.

Pure: the sentence, the moment and the names of places in; a wish out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from assistant.directory.gazetteer import Area, Mention, Resolution
from assistant.directory.search import next_weekday
from assistant.directory.territory import METROPOLE, territory_of
from assistant.directory.traits import Need, Trait
from assistant.safety.normalise import fold

# Longer than that is a sentence, in which a place needs a reason to be one.
_ANSWER_WORDS: Final = 5

_WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS: Final = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
    "octobre", "novembre", "decembre",
)  # fmt: skip

_NOW: Final = re.compile(
    r"\b(?:maintenant|tout de suite|en ce moment|la de suite|immediatement|(?:est|soit|encore)"
    r" ouverte?s?|ouverte?s? (?:la|en ce moment))|\bouverte?s?$"
)
_TODAY: Final = re.compile(
    r"\b(?:aujourd ?hui|auj|ajd|ce soir|ce matin|cet? (?:aprem|apres midi)|tantot|ce midi)\b"
)
_TOMORROW: Final = re.compile(r"\b(?:demain|2main|dem1|dmain)\b")
_AFTER_TOMORROW: Final = re.compile(r"\b(?:apres demain|apres 2main)\b")
_WEEKEND: Final = re.compile(r"\b(?:ce|le) (?:week ?end|we)\b")
_WEEKDAY: Final = re.compile(rf"\b({'|'.join(_WEEKDAYS)})s?(?: (prochain|pro|qui vient))?\b")
_DATE: Final = re.compile(rf"\b(\d{{1,2}})(?:er)? ({'|'.join(_MONTHS)})\b")
_NUMERIC_DATE: Final = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/\d{2,4})?(?![\d/])")

# Languages other than English, as the national schema tells them apart.
_LANGUAGES: Final = (
    "arabe|espagnol|portugais|italien|allemand|turc|turque|russe|ukrainien|chinois|mandarin|roumain"
    "|polonais|kurde|farsi|persan|dari|pachto|berbere|kabyle|tamoul|vietnamien|lingala|wolof"
    "|bambara|soninke|creole|albanais|serbe|bulgare|georgien|armenien|bengali|ourdou|hindi"
)
_TRAITS: Final[tuple[tuple[Trait, re.Pattern[str]], ...]] = (
    (
        Trait.FREE,
        re.compile(r"\b(?:gratuit\w*|gratos|sans payer|pas payante?|rien payer)\b"),
    ),
    (Trait.ENGLISH, re.compile(r"\b(?:anglais\w*|english)\b")),
    (
        Trait.OTHER_LANGUAGES,
        re.compile(
            rf"\b(?:(?:{_LANGUAGES})s?|(?:ma|autre|autres|plusieurs|sa) langues?(?! des signes)"
            r"|langues? etrangeres?"
            r"|(?:parle|comprend)s? (?:pas|mal|peu)(?: bien)?(?: le)? francais)\b"
        ),
    ),
    (
        Trait.DEAFNESS,
        re.compile(
            r"\b(?:sourde?s?|malentendante?s?|langue des signes|lsf|enten[dt]s? (?:pas|mal))\b"
        ),
    ),
    (
        Trait.ILLITERACY,
        re.compile(
            r"\b(?:illettr\w+|analphabete\w*|(?:sai[st]|sache|sai) (?:pas|ni) (?:bien )?lire"
            r"|(?:mal|difficultes?) (?:a|pour|de) (?:lire|la lecture)"
            r"|(?:lis|lit) (?:pas|mal|peu))\b"
        ),
    ),
    (
        Trait.WHEELCHAIR,
        re.compile(
            r"\b(?:fauteuil\w*|mobilite reduite|pmr|accessible|acces handicap\w*|deambulateur)\b"
        ),
    ),
    (
        Trait.SIGHT,
        re.compile(r"\b(?:aveugles?|malvoyante?s?|(?:voi[st]|vue?) (?:pas|mal|basse))\b"),
    ),
    (Trait.WALK_IN, re.compile(r"\bsans (?:prendre )?(?:rendez ?vous|rdv)\b")),
    (Trait.REMOTE, re.compile(r"\b(?:a distance|en visio\w*|par (?:telephone|tel|ecran))\b")),
    (
        Trait.TRAVELS,
        re.compile(
            r"(?<!en )(?<!arret de )(?<!heure de )(?<!minutes de )(?<!ligne de )"
            r"\b(?:(?:le|un|du) (?:bus|camion|camionnette|fourgon)|bus france|itinerant\w*)\b"
        ),
    ),
    (Trait.FRANCE_SERVICES, re.compile(r"\b(?:maisons? )?(?:de )?france services?\b")),
)
_APPOINTMENT: Final = re.compile(r"\b(?:(?:sur|prendre|avec un|avec|un) (?:rendez ?vous|rdv))\b")
_NEEDS: Final[tuple[tuple[Need, re.Pattern[str]], ...]] = (
    (
        Need.MON_ESPACE_SANTE,
        re.compile(r"\b(?:espace sante|carte vitale|ameli|secu|sante)\b"),
    ),
    (
        Need.LEARNING,
        re.compile(
            r"\b(?:apprendre|apprentissage|cours|formations?|me former|se former|ateliers?"
            r"|initiations?|initier|debutante?s?)\b"
        ),
    ),
    (
        Need.COMPUTER_ACCESS,
        re.compile(
            r"\b(?:imprim\w+|wifi|scann?er\w*|photocop\w+|libre (?:service|acces)"
            r"|acces (?:a )?internet|(?:un|des) (?:ordi\w*|pc|postes?)(?: a disposition)?"
            r"|cyber ?(?:cafe|base|centre))\b"
        ),
    ),
    (
        Need.PROCEDURES,
        re.compile(r"\b(?:demarches?|papiers?|caf|impots?|prefecture|administrati\w+|dossiers?)\b"),
    ),
)


class PlaceNames(Protocol):
    """Knows the communes, postcodes and départements."""

    def resolve(self, text: str, *, hint: str | None = None) -> Resolution:
        """Return the areas that an answer may mean, the likeliest first."""

    def find_in_sentence(self, text: str) -> tuple[Mention, ...]:
        """Return the places that a sentence names, from left to right."""


@dataclass(frozen=True)
class Wish:
    """What a message says about the help looked for; what it does not say is empty.

    ``areas`` are those that the place named may mean, the likeliest first; ``mended`` tells that
    its letters were.
    """

    areas: tuple[Area, ...] = ()
    mended: bool = False
    need: Need | None = None
    traits: Trait = Trait(0)  # noqa: RUF009 (a flag is a value)
    open_now: bool = False
    open_on: date | None = None

    @property
    def says_how(self) -> bool:
        """Tell whether it says anything beside a place."""
        return bool(self.need or self.traits or self.open_now or self.open_on)


def read_wish(text: str, names: PlaceNames, now: datetime, *, expected: bool = False) -> Wish:
    """Return what a message wishes for.

    ``expected`` tells that a place was asked for, so that a name alone is taken for one.
    """
    mention = _mentioned(text, names)
    resolution = mention.resolution if mention is not None else Resolution()
    is_date = _NUMERIC_DATE.search(text) is not None
    if expected and not resolution.choices and not is_date and len(text.split()) <= _ANSWER_WORDS:
        resolution = names.resolve(text)
    around = f"{text[: mention.start]} {text[mention.end :]}" if mention is not None else text
    said = " ".join(re.sub(r"\W+", " ", fold(around)).split())
    zone = METROPOLE.zone
    if resolution.choices:
        first = resolution.choices[0]
        zone = territory_of(first.commune or first.code).zone
    return Wish(
        areas=resolution.choices,
        mended=bool(resolution.choices) and not resolution.exact,
        need=next((need for need, words in _NEEDS if words.search(said)), None),
        traits=_traits(said),
        open_now=_NOW.search(said) is not None,
        open_on=_day(said, text, now.astimezone(zone).date()),
    )


def _mentioned(text: str, names: PlaceNames) -> Mention | None:
    """Return the place that a sentence names, the last one where it names several."""
    mentions: Sequence[Mention] = names.find_in_sentence(text)
    return mentions[-1] if mentions else None


def _traits(said: str) -> Trait:
    found = Trait(0)
    for trait, words in _TRAITS:
        if words.search(said):
            found |= trait
    if Trait.WALK_IN not in found and _APPOINTMENT.search(said):
        found |= Trait.APPOINTMENT
    return found


def _day(said: str, text: str, today: date) -> date | None:
    """Return the day named, from today on; a date that is over is next year's."""
    if _TODAY.search(said):
        return today
    if _AFTER_TOMORROW.search(said):
        return today + timedelta(days=2)
    if _TOMORROW.search(said):
        return today + timedelta(days=1)
    if _WEEKEND.search(said):
        return next_weekday(today, _WEEKDAYS.index("samedi"))
    if written := _DATE.search(said):
        return _date(int(written[1]), _MONTHS.index(written[2]) + 1, today)
    if written := _NUMERIC_DATE.search(text):
        return _date(int(written[1]), int(written[2]), today)
    if named := _WEEKDAY.search(said):
        day = next_weekday(today, _WEEKDAYS.index(named[1]))
        return day + timedelta(days=7) if day == today and named[2] else day
    return None


def _date(day: int, month: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None
