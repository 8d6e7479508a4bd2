"""Which senders can be answered: mobile numbers of France and its overseas territories."""

from __future__ import annotations

from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

# ITU-T E.164 country codes. 262 serves La Réunion and Mayotte, 590 Guadeloupe, Saint-Martin and
# Saint-Barthélemy.
_FRENCH_COUNTRY_CODES = frozenset({33, 262, 508, 590, 594, 596, 681, 687, 689})
# An international number has at least that many digits; below it is a short code.
_SHORTEST_NUMBER = 7

_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_PREMIUM = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
# The plan reserves 06 and 07 for mobile phones; the library learns of new ranges after they open.
_MOBILE_PREFIXES = ("6", "7")


class Sender(StrEnum):
    """What kind of number a message came from; only a mobile one is answered."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    PREMIUM = "premium"
    FOREIGN = "foreign"
    SHORT = "short"
    NAME = "name"
    """Letters instead of a number: nothing can be sent back."""


def sender_kind(sender: str) -> Sender:
    """Tell what kind of number that is, as the carrier wrote it."""
    digits = sender.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()):
        return Sender.NAME
    if len(digits) < _SHORTEST_NUMBER or not sender.startswith("+"):
        return Sender.SHORT
    try:
        number = phonenumbers.parse(sender)
    except NumberParseException:
        return Sender.FOREIGN
    if number.country_code not in _FRENCH_COUNTRY_CODES:
        return Sender.FOREIGN
    return _french(number)


def _french(number: PhoneNumber) -> Sender:
    kind = phonenumbers.number_type(number)
    if kind in _MOBILE:
        return Sender.MOBILE
    if kind in _PREMIUM:
        return Sender.PREMIUM
    if kind != PhoneNumberType.UNKNOWN or not phonenumbers.is_possible_number(number):
        return Sender.LANDLINE
    is_mobile = phonenumbers.national_significant_number(number).startswith(_MOBILE_PREFIXES)
    return Sender.MOBILE if is_mobile else Sender.LANDLINE
