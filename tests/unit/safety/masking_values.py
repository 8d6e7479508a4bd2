"""Makers of invented numbers and words, as people write them, for the sets that try masking."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random
from typing import TypeAlias

from stdnum import iban, luhn
from stdnum.fr import nir

Pieces: TypeAlias = Sequence[str]
"""The pieces of a value: even places hold the value, odd ones what stands between."""

_ARABIC = str.maketrans(string.digits, "٠١٢٣٤٥٦٧٨٩")
_PERSIAN = str.maketrans(string.digits, "۰۱۲۳۴۵۶۷۸۹")
_FULL_WIDTH = str.maketrans(string.digits, "０１２３４５６７８９")
_UNITS = "zéro un deux trois quatre cinq six sept huit neuf".split()
_TEENS = "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf".split()
_TENS = "_ _ vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt".split()


def digits(random: Random, count: int) -> str:
    """Give digits at random."""
    return "".join(random.choice(string.digits) for _ in range(count))


def cut(value: str, sizes: Sequence[int]) -> list[str]:
    """Cut a value in parts of these sizes; the last takes the rest."""
    edges = [0]
    for size in sizes:
        if edges[-1] + size >= len(value):
            break
        edges.append(edges[-1] + size)
    return [value[start:end] for start, end in pairwise([*edges, len(value)])]


# --- numbers said aloud


def say_pair(number: int) -> str:
    """Say a number below a hundred as in France."""
    if number < 10:
        return _UNITS[number]
    if number < 20:
        return _TEENS[number - 10]
    ten, unit = divmod(number, 10)
    if ten in {7, 9}:
        link = " et " if number == 71 else "-"
        return f"{_TENS[ten]}{link}{_TEENS[unit]}"
    if unit == 0:
        return "quatre-vingts" if number == 80 else _TENS[ten]
    return f"{_TENS[ten]}{' et ' if unit == 1 and ten != 8 else '-'}{_UNITS[unit]}"


def say(written: str, random: Random) -> str:
    """Say a group of digits: its leading zeros one by one, the rest as a number."""
    if not written.isdecimal():
        return " ".join(_UNITS[int(sign)] if sign.isdecimal() else sign for sign in written)
    if len(written) > 3 or random.random() < 0.15:
        return " ".join(_UNITS[int(sign)] for sign in written)
    rest = written.lstrip("0")
    words = ["zéro"] * (len(written) - len(rest))
    if len(rest) == 3:
        hundred, pair = divmod(int(rest), 100)
        words.append("cent" if hundred == 1 else f"{_UNITS[hundred]} cent")
        if pair:
            words.append(say_pair(pair))
    elif rest:
        words.append(say_pair(int(rest)))
    return " ".join(words)


# --- social security numbers


def make_nir(random: Random, kind: str = "usual") -> str:
    """Make a social security number of fifteen signs whose key is right."""
    sex = random.choice("12" if kind != "temporary" else "3478")
    month = f"{random.randint(1, 12):02d}" if random.random() < 0.95 else "20"
    place = f"{random.randint(1, 95):02d}{random.randint(1, 690):03d}"
    if kind == "corsica":
        place = f"2{random.choice('AB')}{random.randint(1, 366):03d}"
    elif kind == "overseas":
        department = random.choice(["971", "972", "973", "974", "976", "987", "988"])
        place = f"{department}{random.randint(1, 33):02d}"
    elif kind == "abroad":
        place = f"99{random.choice([350, 351, 352, 139, 109, 127, 208, 243, 326, 331])}"
    number = f"{sex}{random.randint(20, 110) % 100:02d}{month}{place}{random.randint(1, 640):03d}"
    return number + nir.calc_check_digits(f"{number}00")


PRINTED = (1, 2, 2, 2, 3, 3, 2)
_OVERSEAS = (1, 2, 2, 3, 2, 3, 2)


def _join(separator: str, sizes: Sequence[int] = PRINTED) -> Callable[[str, Random], Pieces]:
    return lambda value, _random: [separator.join(cut(value, sizes))]


def _mixed_separators(value: str, random: Random) -> Pieces:
    parts = cut(value, PRINTED)
    return [
        "".join(part + random.choice([" ", " ", ".", "-", "  ", ""]) for part in parts).strip(" .-")
    ]


def _key_apart(value: str, random: Random) -> Pieces:
    body, key = value[:13], value[13:]
    written = " ".join(cut(body, PRINTED)) if random.random() < 0.7 else body
    between = random.choice(
        [" / ", " - ", " clé ", " clef : ", " cle ", " | ", " clé de contrôle ", "\t"]
    )
    return [written, between, key]


def _bracketed_key(value: str, _random: Random) -> Pieces:
    return [f"{' '.join(cut(value[:13], PRINTED))} ({value[13:]})"]


def _odd_cut(value: str, random: Random) -> Pieces:
    sizes = [random.randint(1, 5) for _ in range(8)]
    return [random.choice([" ", " ", "-", "."]).join(_keep_corsica(cut(value, sizes)))]


def _keep_corsica(parts: list[str]) -> list[str]:
    """Leave the letter of Corsica with the digit before it."""
    for index in range(1, len(parts)):
        if parts[index][0] in "AB":
            parts[index - 1], parts[index] = parts[index - 1] + parts[index][0], parts[index][1:]
    return [part for part in parts if part]


def _equal_parts(value: str, random: Random) -> Pieces:
    size = random.choice([1, 2, 3, 4, 5])
    return [" ".join(_keep_corsica(cut(value, [size] * 15)))]


def _without_key(value: str, random: Random) -> Pieces:
    return [random.choice(["", " ", ".", "-", "\N{NO-BREAK SPACE}"]).join(cut(value[:13], PRINTED))]


def _over_lines(value: str, random: Random) -> Pieces:
    parts = cut(
        value, random.choice([(5, 5), (7, 6), (8,), (13,), (1, 2, 2, 2, 3, 3), (10,), (7,)])
    )
    pieces: list[str] = []
    for part in _keep_corsica(parts):
        pieces += [part if random.random() < 0.5 else " ".join(cut(part, (1, 2, 2, 2, 3)))]
        pieces += [random.choice(["\n", "\n", " \n", "\n\n"])]
    return pieces[:-1]


_BETWEEN = (
    " puis ", " et ", " ensuite ", " et après ", ", après ", " puis après ", " suivi de ",
    " et puis ", " apres c ", " et enfin ", ", et la suite ", " ... ", " et la fin ",
    " alors ensuite ", "\npuis ",
)  # fmt: skip


def _between_words(value: str, random: Random) -> Pieces:
    parts = cut(
        value, random.choice([(5, 5), (5, 2, 3), (7, 6), (1, 2, 2, 5), (7,), (3, 4, 6), (5, 8)])
    )
    pieces: list[str] = []
    for index, part in enumerate(_keep_corsica(parts)):
        if index:
            pieces.append(random.choice(_BETWEEN))
        shown = part if random.random() < 0.4 else " ".join(_keep_corsica(cut(part, (1, 2, 2))))
        pieces.append(shown)
    return pieces


def _explained(value: str, random: Random) -> Pieces:
    sex, year, month, place, commune, order, key = cut(value, PRINTED)
    first, second, third, fourth = random.choice(
        [
            (" pour le sexe, année ", ", mois ", ", département ", ", commune "),
            (" et née en ", " mois ", " departement ", " puis "),
            (" puis mon année ", " le mois ", " le département ", " la commune "),
            (" apres ", " apres ", " apres ", " apres "),
        ]
    )
    return [
        sex,
        first,
        year,
        second,
        month,
        third,
        place,
        fourth,
        f"{commune} {order}",
        " clé ",
        key,
    ]


def _spoken(value: str, random: Random) -> Pieces:
    separator = random.choice([" ", " ", " ", ", "])
    written = separator.join(say(part, random) for part in cut(value, PRINTED))
    return [written.replace("-", " ") if random.random() < 0.4 else written]


def _digit_by_digit(value: str, random: Random) -> Pieces:
    separator = random.choice([" ", " ", ", ", "-"])
    return [separator.join(_UNITS[int(sign)] if sign.isdecimal() else sign for sign in value)]


def _half_spoken(value: str, random: Random) -> Pieces:
    parts = cut(value, PRINTED)
    spoken = set(random.sample(range(7), random.randint(1, 5)))
    return [" ".join(say(p, random) if i in spoken else p for i, p in enumerate(parts))]


def _first_spoken(value: str, random: Random) -> Pieces:
    first = {"1": "un", "2": "deux", "3": "trois", "4": "quatre", "7": "sept", "8": "huit"}[
        value[0]
    ]
    return [f"{random.choice([first, first.capitalize()])} {' '.join(cut(value[1:], PRINTED[1:]))}"]


def _look_alikes(value: str, random: Random) -> Pieces:
    written = random.choice(["", " "]).join(cut(value, PRINTED))
    written = written.replace("0", random.choice("Oo"))
    return [written.replace("1", random.choice("lI1"))]


def _other_digits(value: str, random: Random) -> Pieces:
    written = random.choice(["", " "]).join(cut(value, PRINTED))
    return [written.translate(random.choice([_ARABIC, _PERSIAN, _FULL_WIDTH]))]


def _zero_width(value: str, random: Random) -> Pieces:
    return [random.choice(["\u200b", "\u00ad", "\u2060"]).join(cut(value, PRINTED))]


def _mistyped(value: str, random: Random) -> Pieces:
    place = random.randrange(8, 13)
    swapped = value[:place] + value[place + 1] + value[place] + value[place + 2 :]
    wrong_key = value[:13] + f"{int(value[13:]) % 97 + 1:02d}"
    return [
        random.choice(["", " ", ".", "-"]).join(cut(random.choice([swapped, wrong_key]), PRINTED))
    ]


def _signs_between(value: str, random: Random) -> Pieces:
    sign = random.choice(
        ["·", "|", " – ", "…", "*", ";", " > ", "+", " _ ", ":", ", ", "'", "=", "~"]
    )
    return [sign.join(cut(value, PRINTED))]


NIR_SHAPES: dict[str, Callable[[str, Random], Pieces]] = {
    "glued": _join(""),
    "printed": _join(" "),
    "dots": _join("."),
    "dashes": _join("-"),
    "slashes": _join("/"),
    "no_break": lambda value, random: [
        random.choice(["\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}"]).join(
            cut(value, PRINTED)
        )
    ],
    "signs": _signs_between,
    "mixed_separators": _mixed_separators,
    "key_apart": _key_apart,
    "bracketed_key": _bracketed_key,
    "odd_cut": _odd_cut,
    "equal_parts": _equal_parts,
    "without_key": _without_key,
    "over_lines": _over_lines,
    "between_words": _between_words,
    "explained": _explained,
    "spoken": _spoken,
    "digit_by_digit": _digit_by_digit,
    "half_spoken": _half_spoken,
    "first_spoken": _first_spoken,
    "look_alikes": _look_alikes,
    "other_digits": _other_digits,
    "zero_width": _zero_width,
    "mistyped": _mistyped,
}
OVERSEAS_SHAPES: dict[str, Callable[[str, Random], Pieces]] = {
    "printed_overseas": _join(" ", _OVERSEAS),
    "printed_overseas_without_key": lambda value, _random: [" ".join(cut(value[:13], _OVERSEAS))],
    "dashes_overseas": _join("-", _OVERSEAS),
}

# --- cards, codes, accounts


def make_serial(random: Random) -> str:
    """Make the serial of a carte Vitale: eight to thirteen digits, most often ten or eleven."""
    size = random.choice([8, 9, 10, 10, 11, 11, 11, 12, 13])
    head = random.choice(["8025", "802", "", str(random.randint(1, 9))])[:size]
    return head + digits(random, size - len(head))


def write_serial(value: str, random: Random) -> Pieces:
    """Write a serial glued or cut."""
    sizes = random.choice([(), (), (4, 4, 4), (3, 3, 3, 3), (2,) * 7, (5, 5), (4, 3, 4), (5, 6)])
    separator = random.choice([" ", " ", " ", ".", "-", "\N{NO-BREAK SPACE}"])
    written = separator.join(cut(value, sizes)) if sizes else value
    if random.random() < 0.08:
        written = written.replace("0", "O")
    if random.random() < 0.05:
        written = written.translate(_ARABIC)
    return [written]


def write_whole_serial(value: str, random: Random) -> Pieces:
    """Write the twenty digits printed at the back of the card."""
    whole = f"80250000{value}{digits(random, 12)}"[:20]
    return [random.choice(["", " "]).join(cut(whole, random.choice([(4,) * 5, (5,) * 4, (9,)])))]


_CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def make_provisional_code(random: Random) -> str:
    """Make twelve capitals and digits, at least two of each."""
    while True:
        code = "".join(random.choice(_CODE_SIGNS) for _ in range(12))
        if 2 <= sum(map(str.isdecimal, code)) <= 10:
            return code


def write_provisional_code(value: str, random: Random) -> Pieces:
    """Write a provisional code in capitals, small letters or both, glued or grouped."""
    value = random.choice(
        [
            *(value, value, value, value.lower(), value.capitalize()),
            "".join(random.choice([sign, sign.lower()]) for sign in value),
        ]
    )
    sizes = random.choice([(), (), (), (4, 4), (3, 3, 3), (6,), (2,) * 6, (1,) * 12, (4, 4)])
    return [random.choice([" ", " ", "-", "."]).join(cut(value, sizes)) if sizes else value]


def write_one_time_code(value: str, random: Random) -> Pieces:
    """Write a code of six digits, glued or grouped."""
    sizes = random.choice([(), (), (), (), (3,), (3,), (2, 2), (1,) * 6])
    return [random.choice([" ", " ", "-", "."]).join(cut(value, sizes)) if sizes else value]


def make_card(random: Random) -> str:
    """Make the number of a bank card whose check digit is right."""
    head = random.choice(["4970", "4974", "5131", "5355", "4561", "4017", "37"])
    number = head + digits(random, (14 if head == "37" else 15) - len(head))
    return number + luhn.calc_check_digit(number)


def write_card(value: str, random: Random) -> Pieces:
    """Write a bank card in fours, glued, over lines or with words between."""
    parts = cut(value, (4, 6) if len(value) == 15 else (4, 4, 4))
    way = random.randrange(8)
    if way < 5:
        return [["", " ", "-", ".", "  "][way].join(parts)]
    if way == 5:
        return [" ".join(say(part, random) for part in cut(value, (2,) * 8))]
    between = random.choice(["\n"] if way == 6 else [" puis ", " et ", " ensuite "])
    return [" ".join(parts[:2]), between, " ".join(parts[2:])]


def make_iban(random: Random) -> str:
    """Make a bank account number, French four times in five."""
    country, size = random.choice(
        [("FR", 23)] * 4 + [("DE", 18), ("BE", 12), ("ES", 20), ("PT", 21)]
    )
    account = digits(random, size)
    if country == "FR":
        account = account[:21] + f"{97 - int(account[:21]) * 100 % 97:02d}"
    if random.random() < 0.1:  # mistyped
        return f"{country}{random.randint(10, 97)}{account}"
    return f"{country}{iban.calc_check_digits(f'{country}00{account}')}{account}"


def write_iban(value: str, random: Random) -> Pieces:
    """Write an account number in fours or glued, in capitals or not."""
    value = random.choice([value, value, value.lower()])
    separator = random.choice(["", " ", " ", " ", "-", "\N{NO-BREAK SPACE}"])
    return [separator.join(cut(value, (4,) * 8))]


PASSWORD_WORDS = tuple(
    "soleil marcel doudou chouchou azerty minou tournesol bretagne princesse loulou nicolas camille"
    " coquelicot papillon marseille jardin toulouse pepito caramel biscotte hirondelle"
    " mamie".split()
)


def make_password(random: Random) -> str:
    """Make a password as people choose them."""
    word = random.choice(PASSWORD_WORDS)
    number = random.choice([str(random.randint(1, 99)), str(random.randint(1930, 2020)), "123"])
    return random.choice(
        [
            word,
            word + number,
            word.capitalize() + number,
            word.capitalize() + number + random.choice("!?@#$*"),
            f"{word}{random.choice('_-.@')}{number}",
            number + word,
            word.upper() + number,
            "".join(random.choice(string.ascii_letters + string.digits) for _ in range(9)) + "7k",
        ]
    )
