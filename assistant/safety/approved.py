"""The last look at what leaves: telephone numbers and addresses that nobody approved."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

from assistant.safety.evidence import Evidence
from assistant.safety.normalise import fold

# Numbers for films and examples, which are given to nobody (Arcep, decision 2018-0881, annex).
_FICTION = re.compile(r"0(?:19900|26191|35301|46571|53649|63998)\d{4}")
_IS_NUMBER = re.compile(r"\+?\d[\d .]{0,30}")
_MAY_HOLD = re.compile(r"\d|\S[.。．｡:]\S")


@dataclass(frozen=True, slots=True)
class _Place:
    host: str
    path: str
    port: int | None


@dataclass(frozen=True, slots=True)
class Unapproved:
    """A telephone number or an address, as written, that is not in the approved lists.

    ``start`` is its place in the text once that is in Unicode's composed form (NFC).
    """

    kind: Literal["phone", "url"]
    value: str
    start: int


def find_unapproved(
    text: str, phones: Collection[str], urls: Collection[str]
) -> tuple[Unapproved, ...]:
    """Give the telephone numbers and the addresses of a text that may not be sent.

    `phones` are written as people read them ("3422", "01 23 45 67 89"); spaces and +33 do not
    count. Numbers of two to six digits are telephone numbers only where the text says to call or
    to write to them. `urls` allow their exact host and the paths below theirs, with http, https or
    no scheme. Where this cannot read an address for sure, it is not approved.
    """
    return Approved.of(phones, urls).find(text)


class Sayable(Protocol):
    """What may be said of a fact, and where it leads."""

    @property
    def value(self) -> str:
        """The words put in place of the fact."""

    @property
    def sms(self) -> str | None:
        """Shorter words for a text message."""

    @property
    def url(self) -> str | None:
        """The address it leads to."""

    @property
    def phone(self) -> str | None:
        """The number to call."""

    @property
    def text_to(self) -> str | None:
        """The number to send a text message to."""


@dataclass(frozen=True)
class Approved:
    """The numbers and the addresses that may be sent: one list for all who look."""

    numbers: frozenset[str]
    places: frozenset[_Place]

    @classmethod
    def of(cls, phones: Iterable[str], urls: Iterable[str]) -> Approved:
        """Approve numbers and addresses as they are written."""
        places = (place for place in map(_read_place, urls) if place is not None)
        return cls(frozenset(map(_national, phones)), frozenset(places))

    @classmethod
    def by(cls, facts: Iterable[Sayable], own: Collection[str] = ()) -> Approved:
        """Approve what the facts tell, and our ``own`` numbers and addresses."""
        numbers, addresses = [], []
        for fact in facts:
            said = [text for text in (fact.value, fact.sms) if text is not None]
            numbers += [number for number in (fact.phone, fact.text_to) if number is not None]
            numbers += [text for text in said if _IS_NUMBER.fullmatch(text)]
            addresses += [address for text in said for _, address in _read_addresses(text)]
            addresses += [fact.url] if fact.url is not None else []
        for each in own:
            (numbers if _IS_NUMBER.fullmatch(each) else addresses).append(each)
        return cls.of(numbers, addresses)

    def and_of(self, phones: Iterable[str], texts: Iterable[str]) -> Approved:
        """Approve numbers and all that texts hold as well: those of a record that is shown."""
        found = [each for text in texts for each in self.find(text)]
        more = Approved.of(
            (*phones, *(each.value for each in found if each.kind == "phone")),
            (each.value for each in found if each.kind == "url"),
        )
        return Approved(self.numbers | more.numbers, self.places | more.places)

    def find(self, text: str) -> tuple[Unapproved, ...]:
        """Give what is approved neither as a number nor as an address, in order."""
        if not _MAY_HOLD.search(text):
            return ()
        text = unicodedata.normalize("NFC", text)
        addresses = list(_read_addresses(text))
        found = [
            Unapproved("url", address, start)
            for start, address in addresses
            if not _is_allowed(address, self.places)
        ]
        found += [
            Unapproved("phone", value, start)
            for start, value, number in _read_phones(_blank(text, addresses))
            if number not in self.numbers and not _FICTION.fullmatch(number)
        ]
        return tuple(sorted(found, key=lambda unapproved: unapproved.start))

    def allows(self, link: str) -> bool:
        """Tell whether a link may be offered; one without a host leads to a page of ours."""
        if link.startswith("/") and not link.startswith("//"):
            return True
        scheme, _, rest = link.partition(":")
        if scheme in {"tel", "sms"}:
            return _national(rest) in self.numbers
        return _is_allowed(link, self.places)


# --- addresses

_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+\-]{0,20}:/{0,2}|www\.)[^\s<>\"«»]{2,}"
    r"|(?<![\w@.\-])(?:[\w\-]{1,63}[.。．｡]){1,8}[^\W\d_]{2,24}(?:[:/?#][^\s<>\"«»]*)?",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+\-]{0,20}:", re.IGNORECASE)
_HARMLESS_SCHEMES = ("tel:", "sms:", "smsto:", "mailto:")
# Invisible signs, a backslash or a user name hide which host an address leads to.
_HIDDEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\\\\@]")
_CLOSING = ".,;:!?)]}'’…"


def _read_addresses(text: str) -> Iterator[tuple[int, str]]:
    """Give the place and the writing of the addresses of a text."""
    for match in _ADDRESS.finditer(text):
        value = match.group().rstrip(_CLOSING)
        if value and _is_address(text, match.start(), value):
            yield match.start(), value


def _blank(text: str, addresses: Iterable[tuple[int, str]]) -> str:
    """Give a text of the same length without its addresses: digits in them call nobody."""
    characters = list(text)
    for start, address in addresses:
        characters[start : start + len(address)] = "\n" * len(address)
    return "".join(characters)


def _is_address(text: str, start: int, value: str) -> bool:
    """Tell an address from two sentences without a space between ("fini.Ensuite") or a label."""
    scheme = _SCHEME.match(value)
    if scheme:
        rest = value[scheme.end() :]
        is_call = scheme.group().lower() in _HARMLESS_SCHEMES
        return not is_call and ("//" in value or _looks_like_host(rest) or _is_code(value))
    if value.lower().startswith("www."):
        return True
    host = re.split(r"[/?#:]", value, maxsplit=1)[0]
    return text[start - 1 : start] != "@" and _looks_like_host(host)


def _is_code(value: str) -> bool:
    return value.lower().startswith(("javascript:", "data:", "vbscript:", "file:", "intent:"))


def _looks_like_host(host: str) -> bool:
    *labels, top = re.split(r"[.。．｡/]", host)[:9]
    is_sentence = bool(top) and top[0].isupper() and not top.isupper() and labels[-1:] != ["www"]
    return bool(labels) and len(top) >= 2 and top.isalpha() and not is_sentence


def _read_place(url: str) -> _Place | None:
    """Read the host and path of an address; None when it can be read in two ways."""
    if _HIDDEN.search(url):
        return None
    try:
        parts = urlsplit(url if _SCHEME.match(url) and "//" in url else f"https://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    path = unquote(parts.path)
    climbs = any(step in {".", ".."} for step in path.split("/")) or "\\" in path or "%" in path
    if parts.scheme not in {"http", "https"} or not host or climbs:
        return None
    return _Place(host, path.rstrip("/").casefold(), None if port in {80, 443} else port)


def _is_allowed(value: str, allowed: Collection[_Place]) -> bool:
    place = _read_place(value)
    return place is not None and any(
        (place.host, place.port) == (other.host, other.port)
        and (place.path == other.path or place.path.startswith(f"{other.path}/"))
        for other in allowed
    )


# --- telephone numbers

_NUMBER = re.compile(r"(?<![\w])(?:\+|00)?\(?\d(?:[ .\-/()]{0,2}\d){0,19}(?!\w)")
_SHORT = re.compile(r"(?<![\w,.])\d{2,3}(?: ?\d{2,3})?(?![\w]|[,.]\d)")
_NATIONAL = re.compile(r"0[1-9]\d{8}")
# Calling codes of the overseas departments, whose numbers keep the same digits after the 0.
_OVERSEAS = ("262", "590", "594", "596")
_CALLS = frozenset(
    map(
        fold,
        "appelez appeler appelle appelant appel composez composer compose composant contactez"
        " contacter contacte joindre joignez joignable telephonez telephoner telephone tel"
        " telephones"
        " numero numeros num rappelez"
        " call calling dial phone text number llame llamar llama marque telefono ligue"
        " ligar telefone"
        " اتصل الرقم رقم اتصلوا телефонуйте дзвоніть телефон номер набери зателефонуйте"
        " arayin numara numarayi".split(),
    )
)
_STRONG_CALLS = _CALLS - {"numero", "numeros", "num", "number"}
_WRITES = frozenset(
    map(fold, "sms texto envoyez envoyer transferez transferer transfere repondez send".split())
)
_TO = frozenset(map(fold, "au al to para на إلى".split()))
_CALL_LINKS = frozenset(
    map(
        fold,
        "le la les au aux ou et puis aussi vite gratuitement directement immediatement"
        " tout de suite"
        " par sms numero faites faire fais the or and to at on el al o ou y para e na no a d abord"
        " plutot d urgence sinon soit est c gratuit court suivant samu pompiers police secours"
        " toujours simplement vous pouvez nous votre conseiller un message texto на або і"
        " за номером"
        " على الرقم أو و numarayı veya".split(),
    )
)
_DO = frozenset({"faites", "faire", "fais", "tapez"})
_NOT_AFTER = frozenset(
    map(
        fold,
        "rue avenue av bd boulevard route chemin place allee impasse quai cours bis ter janvier"
        " fevrier mars avril mai juin juillet aout septembre octobre novembre decembre ans an mois"
        " jours jour semaines semaine heures heure h minutes minute min euros euro caracteres"
        " chiffres lettres km m pour personnes fois documents pages etapes proches e eme january"
        " days weeks hours years characters digits street".split(),
    )
)
_LONGEST_HOUSE_NUMBER = 4  # digits: "au 3422" is a number to call, "au 112" may be an address
_FURTHEST_CALL = 8  # words between the verb and the number


def _national(number: str) -> str:
    """Give the digits of a French number as dialled in France (+33 1 … becomes 01 …)."""
    digits = "".join(str(unicodedata.decimal(c)) for c in number if c.isdecimal())
    is_international = number.strip().startswith(("+", "(+")) or digits.startswith("00")
    if not is_international:
        return digits
    digits = digits.removeprefix("00")
    if digits.startswith("33"):
        return "0" + digits.removeprefix("33").removeprefix("0")
    if digits.startswith(_OVERSEAS) and len(digits) == 12:
        return "0" + digits[3:]
    return f"+{digits}"


def _read_phones(text: str) -> Iterator[tuple[int, str, str]]:
    """Give the place, the writing and the national form of the telephone numbers of a text."""
    evidence = Evidence.of(text)
    for match in _NUMBER.finditer(evidence.text):
        start, end = evidence.aligned.original_span(*match.span())
        for offset, written in _split_numbers(text[start:end].rstrip(" .-/(")):
            number = _national(written)
            if _is_long_number(written, number):
                yield start + offset, written, number
                evidence.keep(*match.span())
    for match in _SHORT.finditer(evidence.text):
        if evidence.is_free(*match.span()) and _is_to_be_called(evidence, *match.span()):
            start, end = evidence.aligned.original_span(*match.span())
            yield start, text[start:end], _national(text[start:end])


def _split_numbers(written: str) -> Iterator[tuple[int, str]]:
    """Cut two numbers that only a space or a slash keeps apart."""
    if _is_long_number(written, _national(written)):
        yield 0, written
        return
    for match in re.finditer(r"0[1-9](?:[ .\-/]{0,2}\d){8}(?!\d)", written):
        yield match.start(), match.group()


def _is_long_number(written: str, number: str) -> bool:
    return (
        _NATIONAL.fullmatch(number) is not None
        or (number.startswith("+") and 8 <= len(number) - 1 <= 15)
        or (written.startswith("00") and len(number) >= 8)
    )


def _is_to_be_called(evidence: Evidence, start: int, end: int) -> bool:
    """Tell whether the words before a short number, or after it in Turkish, say to call it."""
    following = evidence.words_after(end, 1)
    gap = evidence.text[end : following[0].start] if following else ""
    if following and following[0].text in _NOT_AFTER and len(gap) <= 1:
        return False
    if evidence.text[end : end + 2].strip()[:1] in {"%", "€", ":"}:
        return False
    if any(word.text in {"arayin", "arayiniz"} for word in evidence.words_after(end, 3)):
        return True
    before = evidence.words_before(start, _FURTHEST_CALL)
    for distance, word in enumerate(reversed(before)):
        if word.text in _STRONG_CALLS or (word.text in _CALLS and distance <= 3):
            return True
        if word.text in _DO and distance <= 2:
            return True
        if word.text.isdecimal() and distance <= 3:
            continue
        if word.text not in _CALL_LINKS:
            break
    if not before or before[-1].text not in _TO:
        return False
    is_written_to = any(word.text in _WRITES for word in before)
    return is_written_to or (before[-1].text == "au" and end - start >= _LONGEST_HOUSE_NUMBER)
