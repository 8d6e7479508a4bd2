"""Values of cells read strictly, and mended where there is one way to mend them; never invented."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, shortnumberinfo
from stdnum import luhn
from stdnum.fr import siret as stdnum_siret

from assistant.directory.cell_text import EMAIL
from assistant.directory.place import Point
from assistant.directory.remarks import Notes, Reason
from assistant.directory.territory import METROPOLE, Territory, is_in_france
from assistant.safety.normalise import fold

# The first national lists of such places are of 2016; an older date is a computer's, not a day's.
_EARLIEST = date(2000, 1, 1)
_POSTCODE = re.compile(r"\d{5}")
_INSEE = re.compile(r"(?:[013-9]\d|2[AB1-9])\d{3}")
_PIVOT = re.compile(r"[A-Za-z0-9]{9,14}")
_ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_FRENCH_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?")
_NUMBER = re.compile(r"-?\d{1,3}(?:[.,]\d+)?")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-zA-Z]{2,}(?::\d+)?")
_BETWEEN_VALUES = re.compile(r"[|;\s]+")
_BETWEEN_PHONES = re.compile(r"[|;/,]|\bou\b|\bet\b")
_WEBSITES = 3

_SIRET_LENGTH = 14
_RIDET_LENGTHS = (9, 10)
_SHORT_NUMBER = 4
_NUMBER_WITHOUT_ZERO = 9
# Shorter words are articles, or begin longer ones that mean something else.
_TELLING = 4
_OPENING_WORD = 6
_PREMIUM = frozenset({PhoneNumberType.PREMIUM_RATE})
_FRENCH_PREFIXES = frozenset({33, 262, 508, 590, 594, 596, 681, 687, 689})
_WRITTEN_PREFIXES = ("33", "262", "269", "590", "594", "596")
_REGIONS = ("FR", "GP", "MQ", "GF", "RE", "YT")

# An address that one of these words opens is an office's, whoever reads it.
_OFFICES = frozenset(
    """
    accueil administratif administration aidant aidants aide animation antenne asso association
    bibliotheque bibliotheques bij bonjour bus caf campus ccas cci cd centre centresocial cias
    cidff club communaute communication conseiller conseillers conseillernumerique
    conseillersnumeriques contact contacts coordination cpam cs culture cyber cyberbase departement
    direction ecm edis emploi epn epnum equipe espace espaces fablab fablabs foyer franceservice
    franceservices fs fsu hello info information informations infos inclusion insertion jeunesse
    ludotheque mairie maison mds mediation mediateur mediatheque mediatheques mfs mission mjc mobile
    mqs msap msa multimedia numerique ordi pij pimms point pole poste reseau rsa secretariat service
    services siege social solidarite solidarites tierslieu tierslieux udaf usager usagers ville
    """.split()
)


def postcode(value: object, notes: Notes, column: str = "code_postal") -> str:
    """Return the five digits of a postcode, with the zero that a spreadsheet took."""
    raw = _written(value)
    digits = re.sub(r"[\s.]|^[Ff]-", "", raw.removesuffix(".0"))
    if not digits:
        return ""
    if re.fullmatch(r"[1-9]\d{3}", digits):
        notes.mended(column, raw, Reason.LOST_ZERO)
        return f"0{digits}"
    if _POSTCODE.fullmatch(digits) and digits[:2] != "00":
        return digits
    notes.dropped(column, raw, Reason.NOT_A_POSTCODE)
    return ""


def insee_code(value: object, notes: Notes, column: str = "code_insee") -> str:
    """Return the code of a commune, with the zero that a spreadsheet took."""
    raw = _written(value)
    code = raw.removesuffix(".0").replace(" ", "").upper()
    if not code:
        return ""
    if re.fullmatch(r"[1-9]\d{3}", code):
        notes.mended(column, raw, Reason.LOST_ZERO)
        return f"0{code}"
    if _INSEE.fullmatch(code):
        return code
    notes.dropped(column, raw, Reason.NOT_AN_INSEE_CODE)
    return ""


def siret(value: object, notes: Notes, column: str = "pivot") -> str:
    """Return a SIRET, RNA or RIDET; the placeholders of unknown ones (0…0, 1) are nothing."""
    raw = _written(value)
    pivot = re.sub(r"[\s.]", "", raw.removesuffix(".0")).upper()
    if not pivot.strip("0") or len(set(pivot)) == 1:
        return ""
    if pivot.isdigit():
        padded = pivot.zfill(_SIRET_LENGTH)
        if stdnum_siret.is_valid(padded) and len(pivot) > _SIRET_LENGTH - 4:
            if padded != pivot:
                notes.mended(column, raw, Reason.LOST_ZERO)
            return padded
        # RIDET (New Caledonia) has 9 or 10 digits; a SIREN has 9 and names no place.
        if len(pivot) not in _RIDET_LENGTHS or luhn.is_valid(pivot):
            notes.dropped(column, raw, Reason.NOT_A_SIRET)
            return ""
    if _PIVOT.fullmatch(pivot) and (pivot.isdigit() or re.fullmatch(r"W\d[\dA-Z]\d{7}", pivot)):
        return pivot
    notes.dropped(column, raw, Reason.NOT_A_SIRET)
    return ""


def day(value: object, today: date, notes: Notes, column: str = "date_maj") -> date | None:
    """Return the day that a cell names, if it is one on which somebody can have written it."""
    raw = _written(value)
    if not raw:
        return None
    found = _calendar_day(raw)
    if found is None:
        notes.dropped(column, raw, Reason.NOT_A_DATE)
    elif found < _EARLIEST:
        notes.mended(column, raw, Reason.UNKNOWN_DATE)
        found = None
    elif found > today + timedelta(days=1):  # overseas it may be tomorrow already
        notes.mended(column, raw, Reason.FUTURE_DATE)
        found = None
    return found


def point(
    latitude: object, longitude: object, territory: Territory | None, notes: Notes
) -> Point | None:
    """Return the point of two cells, in order, if it lies where the postcode says.

    ``territory`` is None when the postcode is not known.
    """
    written = f"{_written(latitude)} {_written(longitude)}".strip()
    if not written:
        return None
    north, east = _degrees(latitude), _degrees(longitude)
    if north is None or east is None:
        notes.dropped("latitude, longitude", written, Reason.NOT_COORDINATES)
        return None

    def is_there(candidate: Point) -> bool:
        return territory.holds(candidate) if territory is not None else is_in_france(candidate)

    if is_there(found := Point(north, east)):
        return found
    if is_there(turned := Point(east, north)):
        notes.mended("latitude, longitude", written, Reason.SWAPPED)
        return turned
    notes.dropped("latitude, longitude", written, Reason.OUTSIDE)
    return None


def phone(
    value: object,
    territory: Territory,
    notes: Notes,
    column: str = "telephone",
    *,
    mobile_is_the_place_s: bool = False,
) -> str:
    """Return the first number of a cell that is a place's: E.164, or four digits such as 3646.

    A mobile number may be a person's own: it is dropped, unless the place is one whose line is
    mobile because the place itself moves. Numbers that cost more than a call are dropped too.
    """
    raw = _written(value)
    if not raw:
        return ""
    problem: Reason | None = None
    for part in _BETWEEN_PHONES.split(raw):
        if not part.strip():
            continue
        found, reason = _phone_number(part.strip().removesuffix(".0"), territory.region)
        if reason is Reason.PERSONAL_PHONE and mobile_is_the_place_s:
            reason = None
        if reason is None:
            if found != raw:
                notes.mended(column, raw, Reason.PHONE_WRITTEN)
            return found
        problem = problem or reason
    if problem is not None:
        notes.dropped(column, raw, problem)
    return ""


def emails(value: object, commune: str, notes: Notes, column: str = "courriels") -> tuple[str, ...]:
    """Return the addresses of a cell that are an office's; those of persons are dropped."""
    kept: list[str] = []
    for part in _BETWEEN_VALUES.split(_written(value).replace(",", " ")):
        address = part.strip("<>()").removeprefix("mailto:").lower()
        if not address:
            continue
        if not EMAIL.fullmatch(address):
            notes.dropped(column, "", Reason.NOT_AN_EMAIL)
        elif not _is_an_office(address, commune):
            notes.dropped(column, "", Reason.PERSONAL_EMAIL)
        elif address not in kept:
            kept.append(address)
    return tuple(kept)


def links(value: object, notes: Notes, column: str = "site_web") -> tuple[str, ...]:
    """Return the http addresses of a cell."""
    kept: list[str] = []
    for part in _BETWEEN_VALUES.split(_written(value)):
        if not part or part in {"-", "/"}:
            continue
        address = part if "://" in part else f"https://{part}"
        if not _is_a_link(address):
            notes.dropped(column, part, Reason.NOT_A_LINK)
        elif address not in kept:
            kept.append(address)
    return tuple(kept[:_WEBSITES])


def link(value: object, notes: Notes, column: str) -> str:
    """Return the first http address of a cell."""
    return next(iter(links(value, notes, column)), "")


def _written(value: object) -> str:
    if value is None or isinstance(value, (dict, bool)):
        return ""
    if isinstance(value, list):
        return "|".join(map(str, value))
    return str(value).strip()


def _calendar_day(raw: str) -> date | None:
    if match := _ISO_DATE.fullmatch(raw):
        year, month, number = map(int, match.groups())
    elif match := _FRENCH_DATE.fullmatch(raw):
        number, month, year = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _degrees(value: object) -> float | None:
    raw = _written(value).replace("\u2212", "-")
    if not _NUMBER.fullmatch(raw):
        return None
    degrees = float(raw.replace(",", "."))
    return round(degrees, 6) if math.isfinite(degrees) else None


# A list repeats the numbers of its networks; a bound keeps the memory constant.
@lru_cache(maxsize=20_000)
def _phone_number(raw: str, region: str) -> tuple[str, Reason | None]:
    digits = re.sub(r"\D", "", raw)
    if (
        len(digits) == _SHORT_NUMBER
        and not raw.strip("0123456789 .")
        and shortnumberinfo.is_valid_short_number_for_region(
            phonenumbers.PhoneNumber(country_code=33, national_number=int(digits)), METROPOLE.region
        )
    ):
        return digits, None
    # Nine digits that begin like a French number lost their zero to a spreadsheet.
    if len(digits) == _NUMBER_WITHOUT_ZERO and digits == raw and digits[0] in "123459":
        raw = f"0{digits}"
    number = _valid(raw, region) or _valid_elsewhere(raw)
    if number is None:
        return "", Reason.NOT_A_PHONE
    kind = phonenumbers.number_type(number)
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if kind in _PREMIUM:
        return written, Reason.PREMIUM_PHONE
    if kind == PhoneNumberType.MOBILE:
        return written, Reason.PERSONAL_PHONE
    return written, None


def _valid(raw: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(raw, region)
    except NumberParseException:
        return None
    is_french = number.country_code in _FRENCH_PREFIXES
    return number if is_french and phonenumbers.is_valid_number(number) else None


def _valid_elsewhere(raw: str) -> phonenumbers.PhoneNumber | None:
    """Return a number that is valid in one territory alone, under another one's prefix or none.

    The old schema writes +33 594 and +269 269 for what is dialled 0594 and 0269.
    """
    national = re.sub(r"\D", "", raw)
    if raw.startswith("+"):
        prefix = next((each for each in _WRITTEN_PREFIXES if national.startswith(each)), None)
        if prefix is None:
            return None
        national = f"0{national.removeprefix(prefix)}"
    found = {
        phonenumbers.format_number(number, PhoneNumberFormat.E164): number
        for region in _REGIONS
        if national.startswith("0") and (number := _valid(national, region)) is not None
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _is_an_office(address: str, commune: str) -> bool:
    local, _, domain = address.partition("@")
    words = re.findall(r"[a-z]+", local)
    towns = {word for word in fold(commune).split() if len(word) >= _TELLING}
    house = domain.split(".")[-2].replace("-", "")
    return (
        any(word in _OFFICES or word in towns for word in words)
        or "".join(words) == house
        or any(local.startswith(office) for office in _OFFICES if len(office) >= _OPENING_WORD)
    )


def _is_a_link(address: str) -> bool:
    if any(character in address for character in "\"'<>\\`{}"):
        return False
    try:
        parts = urlsplit(address)
        return (
            parts.scheme.lower() in {"http", "https"}
            and parts.username is None
            and _HOST.fullmatch(parts.netloc) is not None
        )
    except ValueError:
        return False
