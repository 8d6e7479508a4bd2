"""Tells an editor, in French, what a text costs as a text message and how to write it shorter."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from assistant.rendering.sms.letters import offending, to_gsm7
from assistant.rendering.sms.parts import SmsSize, count, cut


def report(text: str, price_per_part: Decimal | None) -> Iterator[str]:
    """Yield the lines: as written, the letters that cost, as sent, each part, the price."""
    yield f"Tel qu'écrit : {_told(count(text))}"
    found = offending(text)
    for (sign, written), times in Counter((each.sign, each.written) for each in found).items():
        first = next(each.position for each in found if each.sign == sign) + 1
        yield f"  {_name(sign)} {_becomes(written)} (signe {first}{_again(times)})"
    sent = to_gsm7(text)
    size = count(sent)
    if sent != text:
        yield f"Tel qu'envoyé : {_told(size)}"
        yield sent
    elif found:
        yield "Un autre alphabet que le nôtre : le texte part tel quel."
    if size.parts > 1:
        yield from (f"  partie {number} : {part}" for number, part in enumerate(cut(sent), 1))
    yield f"Prix : {_price(size.parts, price_per_part)}"


def _told(size: SmsSize) -> str:
    parts = "partie" if size.parts < 2 else "parties"  # noqa: PLR2004 (two is the plural)
    return f"{size.encoding}, {size.units} signes, {size.parts} {parts}"


def _name(sign: str) -> str:
    if sign.strip() and sign.isprintable():
        return f"« {sign.strip()} »"
    return f"« {' '.join(unicodedata.name(each, 'signe sans nom').lower() for each in sign)} »"


def _becomes(written: str | None) -> str:
    match written:
        case None:
            return "reste, et double le prix"
        case "":
            return "est enlevé"
        case " ":
            return "devient une espace simple"
        case "\n":
            return "devient un retour à la ligne"
        case _:
            return f"devient « {written} »"


def _again(times: int) -> str:
    return f", {times} fois" if times > 1 else ""


def _price(parts: int, price_per_part: Decimal | None) -> str:
    if price_per_part is None:
        return "inconnu (réglage PASAPAS_SMS_PRICE_PER_PART_EUROS)"
    return f"{_euros(parts * price_per_part)} ({parts} × {_euros(price_per_part)})"


def _euros(amount: Decimal) -> str:
    return f"{amount.normalize():f} €".replace(".", ",")
