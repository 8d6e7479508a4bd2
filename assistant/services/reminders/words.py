"""« Rappelez-moi dans 3 jours »: the day on which somebody wants to be written to again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.safety.normalise import fold

FARTHEST = timedelta(days=92)
"""Three months: beyond that people have forgotten that they asked."""

_NUMBERS = {
    word: number
    for number, words in enumerate(
        "un une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze"
        "".split("|"),
        start=1,
    )
    for word in words.split()
}
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
).split()
_UNITS = {"jour": 1, "jours": 1, "j": 1, "semaine": 7, "semaines": 7, "mois": 30}
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)}|quelques|une quinzaine de)"

_OTHER_REMINDER = re.compile(r"\b(?:vaccin\w*|rendez vous|rdv|telephon\w*|mot de passe|code)\b")

_ASKS = re.compile(r"\b(?:rapp?el+[a-z]*|rappler|recontact[a-z]*|relanc[a-z]*|reecri[a-z]*)\b")
# Said of many things: with a day only.
_MAY_ASK = re.compile(r"\b(?:ecri[a-z]*|prev[ei]n[a-z]*|reparl[a-z]*|r?envoy[a-z]*)\b")
_TO_ME = re.compile(r"\b(?:moi|me|m|un rappel|rappel|memo)\b")
# Another voice: a call, a reminder of something else, something that we must not take for one.
_NOT_US = re.compile(
    r"\b(?:telephone|tel|appel|telephonique|vaccin|rendez vous|rdv|plus de|plus me|pas me|ne me"
    r"|arret\w*|stop|je me rappelle|je ne me|me rappelle plus|s appelle|m appelle"
    r"|(?:avez|ai|as|a|ont|avait|aviez) (?:deja )?(?:ecrit|envoye|recu|rappele|prevenu)\w*)\b"
)

_IN = re.compile(rf"\b(?:dans|d ici|apres|ds|sous) {_COUNT} ?(?P<unit>{'|'.join(_UNITS)})\b")
_BARE = re.compile(rf"\b{_COUNT} (?P<unit>{'|'.join(_UNITS)})(?: plus tard)?\b")
_FORTNIGHT = re.compile(r"\b(?:quinzaine|quinze jours|15 ?j(?:ours)?)\b")
_ON_DAY = re.compile(rf"\b(?P<day>{'|'.join(_DAYS)})\b(?P<next> prochain| en huit)?")
_ON_DATE = re.compile(
    rf"\ble (?P<day>\d{{1,2}}|premier|1er)"
    rf" (?:(?P<month>{'|'.join(_MONTHS)})|(?P<number>\d{{1,2}}))\b"
)

_NOT_AT_HAND = (
    r"(?:je |j )?(?:n )?ai pas (?:ma|la|mon|le|mes|les|de) (?:\w+ )?\w+"
    r"(?: sur moi| avec moi| ici| la)?"
)
_LATER = r"(?:plus tard|une autre fois|pas maintenant|ce sera plus tard|on verra plus tard)"
_PUTS_OFF = re.compile(
    rf"(?:{_NOT_AT_HAND} )?(?:on fait |je ferai |je le ferai |je verrai )?{_LATER}"
)


_CANCELLING = (
    r"(?:annul|supprim|enlev|retir|effac)[a-z]*|plus (?:besoin|envie)|pas besoin|pas la peine"
    r"|inutile|(?:veux|veu|voudrais|faut) (?:plus|pas)|laisse[a-z]* tomber|oublie[a-z]*"
)
_THE_REMINDER = (
    r"(?:(?:du|de|d|le|les|mon|mes|un|ce|aucun) rapp?els?|(?:me|m|que tu me) rapp?el[a-z]*)"
)
_CANCELS = re.compile(
    rf"\b(?:{_CANCELLING})\b(?: \w+){{0,4}}? {_THE_REMINDER}\b"
    r"|\bplus (?:de|d|aucun) rapp?els?\b|\b(?:ne |n )?me rapp?ele[a-z]* (?:pas|plus)\b"
)
_LONGEST_CANCELLING = 12


@dataclass(frozen=True)
class ReminderAsked:
    """Somebody asks to be written to again; ``on`` is None when they did not say when."""

    on: date | None


def recognise_reminder(text: str, today: date) -> ReminderAsked | None:
    """Return what was asked, None when the message is about something else.

    A day in the past or beyond three months is taken for none.
    """
    said = fold(text)
    if not _TO_ME.search(said) or _NOT_US.search(said):
        return None
    on = _day(said, today)
    if on is not None and not today < on <= today + FARTHEST:
        on = None
    asks = _ASKS.search(said) or (on is not None and _MAY_ASK.search(said))
    return ReminderAsked(on) if asks else None


def cancels_reminder(text: str) -> bool:
    """Tell whether a message takes the reminder back: « plus besoin du rappel »."""
    said = fold(text)
    short = len(said.split()) <= _LONGEST_CANCELLING and "?" not in text
    return short and _CANCELS.search(said) is not None and not _OTHER_REMINDER.search(said)


def puts_off(text: str) -> bool:
    """Tell whether a whole message puts it off: « je n'ai pas ma carte, plus tard »."""
    return _PUTS_OFF.fullmatch(fold(text)) is not None


def _day(said: str, today: date) -> date | None:
    if re.search(r"\b(?:apres demain|surlendemain)\b", said):
        return today + timedelta(days=2)
    if re.search(r"\b(?:demain|dmain|2main|lendemain)\b", said):
        return today + timedelta(days=1)
    if _FORTNIGHT.search(said):
        return today + timedelta(days=15)
    counted = _IN.search(said) or _BARE.search(said)
    if counted is not None:
        return today + timedelta(days=_count(counted["count"]) * _UNITS[counted["unit"]])
    if re.search(r"\bsemaine (?:prochaine|pro|suivante|d apres)\b", said):
        return today + timedelta(days=7 - today.weekday())
    if re.search(r"\bmois (?:prochain|suivant|d apres)\b", said):
        return _first_of_next_month(today)
    return _named_day(said, today) or _dated(said, today)


def _count(said: str) -> int:
    if said.isdecimal():
        return int(said)
    return _NUMBERS.get(said, 3 if said == "quelques" else 15)


def _named_day(said: str, today: date) -> date | None:
    named = _ON_DAY.search(said)
    if named is None:
        return None
    ahead = (_DAYS.index(named["day"]) - today.weekday()) % 7 or 7
    return today + timedelta(days=ahead + (7 if named["next"] == " en huit" else 0))


def _dated(said: str, today: date) -> date | None:
    found = _ON_DATE.search(said)
    if found is None:
        return None
    month = _MONTHS.index(found["month"]) + 1 if found["month"] else int(found["number"])
    day = 1 if found["day"] in {"premier", "1er"} else int(found["day"])
    for year in (today.year, today.year + 1):
        try:
            named = date(year, month, day)
        except ValueError:
            return None
        if named > today:
            return named
    return None


def _first_of_next_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
