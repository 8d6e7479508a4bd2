"""The maker of the two sets that try masking: `python -m tests.unit.safety.masking_corpus`.

Sentences are dealt to the two sets in turn, so that the held-out one has sentences, numbers and
chances of its own. Mend rules on the first; once the second was read it is held out no more: give
another seed and new sentences before calling a figure fresh.

One message a line: its variant, a tabulation, the text; `[[kind|…]]` is a part of a secret,
`[[+|…]]` a further part of it, `[[keep|…]]` must stay as it is.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from tests.unit.safety import masking_values as values
from tests.unit.safety.masking_harmless import HARMLESS, make_phone
from tests.unit.safety.masking_sentences import (
    ACCOUNT_SENTENCES,
    CARD_SENTENCES,
    HARMLESS_SENTENCES,
    NIR_SENTENCES,
    ONE_TIME_SENTENCES,
    PASSWORD_SENTENCES,
    PROVISIONAL_SENTENCES,
    SECURITY_CODE_SENTENCES,
    SERIAL_SENTENCES,
    TWO_SECRETS,
    UNNAMED_SENTENCES,
    WHOLE_SERIAL_SENTENCES,
)

DATA = Path(__file__).parent / "data"
SETS = {"masking_adversarial.tsv": 0, "masking_held_out.tsv": 1}
_SEED = 20261123
_MARK = re.compile(r"\[\[(\w+|\+)\|(.*?)\]\]", re.DOTALL)
_PLACE = re.compile(r"\{(\w*)\}")


def _mark(kind: str, pieces: values.Pieces) -> str:
    """Put marks around the pieces of a value, not around what stands between them."""
    return "".join(
        f"[[{'+' if index else kind}|{piece}]]" if index % 2 == 0 else piece
        for index, piece in enumerate(pieces)
    )


def _as_typed(text: str, random: Random) -> str:
    """Type a message in the way of phones: no accents, no capitals, a greeting; marks untouched."""
    strips_accents, lowers = random.random() < 0.35, random.random() < 0.3
    typed, position = [], 0
    for mark in [*_MARK.finditer(text), None]:
        plain = text[position : mark.start() if mark else len(text)]
        if strips_accents:
            decomposed = unicodedata.normalize("NFD", plain)
            plain = "".join(s for s in decomposed if unicodedata.category(s) != "Mn")
        typed.append(plain.lower() if lowers else plain)
        if mark:
            typed.append(mark.group())
            position = mark.end()
    head = random.choice(["", "", "", "", "bonjour ", "Bjr, ", "slt "])
    tail = random.choice(["", "", "", "", " merci", " svp", ".", " !!", " 🙏"])
    return f"{head}{''.join(typed)}{tail}"


def _fill(sentence: str, marked: Sequence[str], random: Random) -> str:
    secrets = iter(marked)

    def put(place: re.Match[str]) -> str:
        name = place[1]
        if not name:
            return next(secrets)
        return f"[[keep|{HARMLESS[name](random)}]]"

    return _PLACE.sub(put, sentence)


class _Maker:
    """What one set draws: its own chances, and its half of each list of sentences."""

    def __init__(self, half: int) -> None:
        self.random = Random(_SEED + half)  # noqa: S311 (invented numbers, no secret)
        self._half = half
        self._turns: dict[int, int] = {}

    def say(self, sentences: Sequence[str], marked: Sequence[str]) -> str:
        """Put marked values in the next sentence of this half."""
        own = sentences[self._half :: 2]
        turn = self._turns.get(id(sentences), 0)
        self._turns[id(sentences)] = turn + 1
        return _as_typed(_fill(own[turn % len(own)], marked, self.random), self.random)

    def nir(self) -> str:
        """Give a marked social security number, most often as on the card."""
        kind = self.random.choice(["usual", "usual", "corsica", "overseas", "abroad"])
        shape = self.random.choice(["glued", "printed", "printed", "dots", "without_key"])
        value = values.make_nir(self.random, kind)
        return _mark("nir", values.NIR_SHAPES[shape](value, self.random))


def _nirs(maker: _Maker) -> Iterator[tuple[str, str]]:
    random = maker.random
    kinds = ["usual"] * 6 + ["corsica", "overseas", "abroad", "temporary"]
    needs_name = {"explained", "mistyped", "signs", "spoken", "digit_by_digit", "half_spoken"}
    for shape, write in values.NIR_SHAPES.items():
        for _ in range(26):
            kind = random.choice(kinds)
            value = values.make_nir(random, kind)
            marked = _mark("nir", write(value, random))
            named = shape in needs_name or random.random() < 0.6
            yield f"nir.{shape}", maker.say(NIR_SENTENCES if named else UNNAMED_SENTENCES, [marked])
    for shape, write in values.OVERSEAS_SHAPES.items():
        for _ in range(12):
            marked = _mark("nir", write(values.make_nir(random, "overseas"), random))
            yield (
                f"nir.{shape}",
                maker.say(random.choice([NIR_SENTENCES, UNNAMED_SENTENCES]), [marked]),
            )
    for _ in range(25):
        value = values.make_nir(random, "corsica")
        value = random.choice([value, value.lower()])
        shape = random.choice(["glued", "printed", "dots", "dashes", "without_key", "key_apart"])
        marked = _mark("nir", values.NIR_SHAPES[shape](value, random))
        yield "nir.corsica", maker.say(random.choice([NIR_SENTENCES, UNNAMED_SENTENCES]), [marked])


def _others(maker: _Maker) -> Iterator[tuple[str, str]]:
    random = maker.random
    makers: list[tuple[str, str, int, Callable[[], values.Pieces], Sequence[str]]] = [
        ("serial", "card_serial", 110,
         lambda: values.write_serial(values.make_serial(random), random), SERIAL_SENTENCES),
        ("serial_whole", "card_serial", 20,
         lambda: values.write_whole_serial(values.make_serial(random), random),
         WHOLE_SERIAL_SENTENCES),
        ("provisional", "provisional_code", 130,
         lambda: values.write_provisional_code(values.make_provisional_code(random), random),
         PROVISIONAL_SENTENCES),
        ("one_time", "provisional_code", 120,
         lambda: values.write_one_time_code(values.digits(random, 6), random), ONE_TIME_SENTENCES),
        ("card", "bank_card", 100,
         lambda: values.write_card(values.make_card(random), random), CARD_SENTENCES),
        ("account", "iban", 80,
         lambda: values.write_iban(values.make_iban(random), random), ACCOUNT_SENTENCES),
        ("password", "password", 120, lambda: [values.make_password(random)], PASSWORD_SENTENCES),
    ]  # fmt: skip
    for variant, kind, count, write, sentences in makers:
        for _ in range(count):
            yield variant, maker.say(sentences, [_mark(kind, write())])
    for _ in range(40):
        card = _mark("bank_card", [" ".join(values.cut(values.make_card(random), (4, 4, 4)))])
        expiry = f"[[bank_card|{random.randint(1, 12):02d}/{random.randint(26, 31)}]]"
        code = f"[[bank_card|{values.digits(random, 3)}]]"
        yield "security_code", maker.say(SECURITY_CODE_SENTENCES, [card, expiry, code])
    for _ in range(60):
        serial = _mark("card_serial", values.write_serial(values.make_serial(random), random))
        code = _mark("provisional_code", [values.make_provisional_code(random)])
        sentence = TWO_SECRETS[maker._half :: 2]  # noqa: SLF001 (its own maker)
        chosen = random.choice(sentence)
        filled = {"NIR": maker.nir(), "NIR2": maker.nir(), "SERIAL": serial, "CODE": code}
        for name, marked in filled.items():
            chosen = chosen.replace(f"<{name}>", marked)
        yield "two_secrets", _as_typed(_fill(chosen, (), random), random)


def _harmless(maker: _Maker) -> Iterator[tuple[str, str]]:
    for kind, make in HARMLESS.items():
        for _ in range(70 if make is make_phone else 45):
            yield f"keep.{kind}", maker.say(HARMLESS_SENTENCES, [f"[[keep|{make(maker.random)}]]"])
    for _ in range(120):
        one, two = (
            f"[[keep|{maker.random.choice(list(HARMLESS.values()))(maker.random)}]]" for _ in "ab"
        )
        joint = maker.random.choice([" ", "\n", ", ", " et ", " / ", " tel "])
        yield "keep.pairs", maker.say(HARMLESS_SENTENCES, [f"{one}{joint}{two}"])


def make_lines(half: int) -> Iterator[str]:
    """Make the lines of one set."""
    maker = _Maker(half)
    for make in (_nirs, _others, _harmless):
        for variant, text in make(maker):
            yield f"{variant}\t{text}".replace("\n", "\\n")


def main() -> None:
    """Write both sets."""
    for name, half in SETS.items():
        (DATA / name).write_text("\n".join(make_lines(half)) + "\n", encoding="utf-8")
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
