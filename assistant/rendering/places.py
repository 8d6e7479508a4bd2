"""Puts the places that were found into words: whole for a page, in one line for a text message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final, Protocol

from babel.dates import format_date

from assistant.domain.found_places import FoundPlace, FoundPlaces
from assistant.domain.messages import Channel, Link
from assistant.rendering import sms

# Two lines and what stands around them fit into two parts (2 × 153 septets).
_SMS_NAME: Final = 42
_SENT_PARTS: Final = 2
_NEAREST_KM: Final = 1.0
_FAR_KM: Final = 10.0
_NATIONAL_PREFIX: Final = "+33"
_OVERSEAS: Final = ("+262", "+590", "+594", "+596")


class Speak(Protocol):
    """Gives one of our own sentences in a language, by its key."""

    def __call__(self, key: str, **params: object) -> str:
        """Return the sentence with these parameters."""


def tell_places(
    found: FoundPlaces, speak: Speak, language: str, channel: Channel
) -> tuple[str, tuple[Link, ...]]:
    """Return the words for the places found, and the links to ring them."""
    lines = list(_before(found, speak, language))
    for number, place in enumerate((*found.places, *found.remote), start=1):
        if channel is Channel.SMS:
            lines.append(_short_line(number, place, found, speak))
        else:
            lines.append("")
            lines += _lines(number, place, found, speak, language)
    lines += _after(found, speak, channel)
    return "\n".join(lines).strip(), _calls((*found.places, *found.remote), speak)


def tell_place(
    place: FoundPlace, speak: Speak, language: str, channel: Channel
) -> tuple[str, tuple[Link, ...]]:
    """Return all that is told of one place, and the link to ring it."""
    sms = channel is Channel.SMS
    lines = [place.name, *(speak("places.trained") for _ in [0] if place.trained), place.address]
    if place.phone:
        lines.append(speak("places.phone", number=spoken_number(place.phone)))
    lines += weekly_hours(place, speak, language)
    if place.traits:
        lines.append(speak("places.declares"))
        lines += [f"- {speak(f'places.trait.{each}')}" for each in place.traits]
    if place.website and not sms:
        lines.append(speak("places.website", address=place.website))
    if place.source and not sms:
        lines.append(speak("places.source", source=place.source))
    lines += doubts(place, speak)
    return "\n".join(filter(None, lines)), _calls((place,), speak)


def tell_sent_place(place: FoundPlace, speak: Speak, language: str) -> str:
    """Return one text message with a place, for somebody who asked for nothing.

    It says what is on the door, and nothing of health; hours too long for two parts are left out.
    """
    before = [speak("places.sent_intro"), place.name, place.address]
    if place.phone:
        before.append(speak("places.phone", number=spoken_number(place.phone)))
    hours = list(weekly_hours(place, speak, language))
    foot = speak("places.sent_foot")
    whole = "\n".join(filter(None, (*before, *hours, foot)))
    if sms.count(sms.to_gsm7(whole)).parts <= _SENT_PARTS:
        return whole
    return "\n".join(filter(None, (*before, speak("places.sent_call"), foot)))


def spoken_number(phone: str) -> str:
    """Return a number as people read it: by pairs in France, as it is elsewhere."""
    digits = phone
    if phone.startswith(_NATIONAL_PREFIX):
        digits = "0" + phone.removeprefix(_NATIONAL_PREFIX)
    elif phone.startswith(_OVERSEAS):
        digits = "0" + phone[4:]
    if digits.startswith("+") or len(digits) % 2:
        return digits
    size = 2
    return " ".join(digits[start : start + size] for start in range(0, len(digits), size))


def distance(place: FoundPlace, speak: Speak) -> str:
    """Return how far a place is, in words; nothing for help from afar."""
    if not place.km:
        return ""
    km = float(place.km)
    if km < _NEAREST_KM:
        return speak("places.nearest")
    written = f"{km:.1f}".replace(".", ",") if km < _FAR_KM else f"{km:.0f}"
    return speak("places.about_km" if place.approximate else "places.km", km=written)


def openness(place: FoundPlace, *, day: str, speak: Speak, language: str) -> str:
    """Return whether a place is open, at the moment or on the day asked for."""
    if day and place.spans:
        spans = _spoken_spans(place.spans, speak)
        return speak("places.open_on", day=_day(day, language), spans=spans)
    if day and place.state == "closed":
        return speak("places.closed_on", day=_day(day, language))
    if place.state == "open":
        if not place.until:
            return speak("places.open")
        return speak("places.open_until", time=_time(place.until))
    if place.state == "closed":
        if place.holiday:
            return speak("places.closed_holiday")
        if place.opens:
            when = _day(place.opens[:10], language)
            return speak("places.opens", day=when, time=_time(place.opens))
        return speak("places.closed")
    return speak("places.hours_unknown")


def _before(found: FoundPlaces, speak: Speak, language: str) -> Iterator[str]:
    if found.further and not found.places:
        yield speak("places.no_more")
        return
    if found.near and found.mended:
        yield speak("places.near_mended", near=found.near)
    if found.wide_km:
        yield speak("places.wide", near=found.near, km=found.wide_km)
    elif found.near and found.places and not found.mended:
        yield speak("places.near", near=found.near)
    elif not found.places:
        yield speak("places.none", near=found.near) if found.near else speak("places.nowhere")
    if found.unmet:
        wishes = ", ".join(speak(f"places.trait.{each}").lower() for each in found.unmet)
        yield speak("places.unmet", wishes=wishes)
    if not found.places and found.remote:
        yield speak("places.remote")
    if found.day and found.places and not any(each.spans for each in found.places):
        yield speak("places.day_unknown", day=_day(found.day, language))


def _after(found: FoundPlaces, speak: Speak, channel: Channel) -> Iterator[str]:
    if found.ring or found.wide_km:
        yield speak("places.ring")
    stale = [each for each in (*found.places, *found.remote) if each.stale]
    if stale and channel is Channel.WEB:
        yield ""
        yield speak("places.stale")


def _lines(
    number: int, place: FoundPlace, found: FoundPlaces, speak: Speak, language: str
) -> Iterator[str]:
    yield f"{number}. {place.name}"
    if place.trained:
        yield speak("places.trained")
    where = ", ".join(filter(None, (distance(place, speak), place.address)))
    if where:
        yield where
    opened = openness(place, day=found.day, speak=speak, language=language)
    phone = speak("places.phone", number=spoken_number(place.phone)) if place.phone else ""
    yield " ".join(filter(None, (opened, phone)))
    yield from doubts(place, speak, alone=False)


def doubts(place: FoundPlace, speak: Speak, *, alone: bool = True) -> Iterator[str]:
    """Yield what should make somebody ring before going there."""
    if place.reported:
        yield speak("places.said_closed")
    if place.stale and alone:
        key = "places.confirmed_long_ago" if place.year else "places.never_confirmed"
        yield speak(key, year=place.year)
    elif place.stale and place.year:
        yield speak("places.year", year=place.year)


def _short_line(number: int, place: FoundPlace, found: FoundPlaces, speak: Speak) -> str:
    """Return one line without a full stop inside, so that no page of SMS cuts it in two."""
    parts = [f"{number}) {_cut(place.name)}"]
    if place.km:
        km = float(place.km)
        parts.append(f"{km:.1f} km".replace(".", ",") if km < _FAR_KM else f"{km:.0f} km")
    if place.phone:
        parts.append(spoken_number(place.phone))
    if place.trained:
        parts.append(speak("places.sms_trained"))
    parts.append(_short_openness(place, found, speak))
    return ", ".join(parts)


def _short_openness(place: FoundPlace, found: FoundPlaces, speak: Speak) -> str:
    if place.reported or place.stale or place.state == "unknown":
        return speak("places.sms_call")
    if found.day:
        return speak("places.sms_open") if place.spans else speak("places.sms_closed")
    if place.state == "open":
        until = _time(place.until) if place.until else ""
        return speak("places.sms_open_until", time=until) if until else speak("places.sms_open")
    return speak("places.sms_closed")


def weekly_hours(place: FoundPlace, speak: Speak, language: str) -> Iterator[str]:
    """Yield the hours of a week, days alike together, or that they are not known."""
    if not place.hours:
        unknown = speak("places.hours_unknown")
        yield speak("places.hours_text", hours=place.hours_text) if place.hours_text else unknown
        return
    yield speak("places.hours")
    runs: list[tuple[int, int, tuple[str, ...]]] = []
    for day, spans in place.hours:
        number = int(day)
        if runs and runs[-1][2] == spans and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number, spans)
        else:
            runs.append((number, number, spans))
    for first, last, spans in runs:
        if spans:
            days = _weekday(first, language)
            if last > first:
                days = speak("places.days", first=days, last=_weekday(last, language))
            yield f"- {speak('places.day_hours', days=days, spans=_spoken_spans(spans, speak))}"


def _calls(places: Sequence[FoundPlace], speak: Speak) -> tuple[Link, ...]:
    return tuple(
        Link(
            speak("places.call", name=_cut(each.name), number=spoken_number(each.phone)),
            f"tel:{each.phone}",
        )
        for each in places
        if each.phone
    )


def _spoken_spans(spans: Sequence[str], speak: Speak) -> str:
    written = [speak("places.span", begin=_clock(each[:5]), end=_clock(each[6:])) for each in spans]
    return (
        speak("places.and", first=", ".join(written[:-1]), last=written[-1])
        if len(written) > 1
        else written[0]
    )


def _time(moment: str) -> str:
    return _clock(moment[11:16])


def _clock(time: str) -> str:
    """Return 09:00 as 9h and 17:30 as 17h30."""
    hour, _, minute = time.partition(":")
    return f"{int(hour)}h{minute if minute != '00' else ''}"


def _day(written: str, language: str) -> str:
    return format_date(date.fromisoformat(written), "EEEE d MMMM", locale=language)


def _weekday(number: int, language: str) -> str:
    # Any week will do: 2 March 2026 is a Monday.
    return format_date(datetime(2026, 3, 2 + number).date(), "EEEE", locale=language)  # noqa: DTZ001


def _cut(name: str) -> str:
    """Return a short name without a full stop that would look like the end of a sentence."""
    line = name.replace(". ", " ")
    return line if len(line) <= _SMS_NAME else line[: _SMS_NAME - 1].rstrip(" ,;-") + "…"
