"""How groups of digits are read, and what is said to stand between them."""

from __future__ import annotations

import pytest

from assistant.safety.evidence import Evidence
from assistant.safety.numerals import Gap, read_groups, read_spoken_groups


def _groups(text: str) -> list[str]:
    evidence = Evidence.of(text)
    return [group.digits for group in read_groups(evidence.text, evidence.words)]


def _spoken(text: str) -> list[str]:
    evidence = Evidence.of(text)
    return [group.digits for group in read_spoken_groups(evidence.text, evidence.words)]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1 85 05", ["1", "85", "05"]),
        ("n°185", ["185"]),
        ("nir185ok", ["185"]),
        ("8h30", ["8", "30"]),
        ("O6 12", ["06", "12"]),
        ("l 85", ["1", "85"]),
        ("1 OO 11", ["1", "00", "11"]),
        ("05 2a 004", ["05", "2A", "004"]),
        ("05 2 B 004", ["05", "2B", "004"]),
        ("052B004", ["052B004"]),
        ("042 b06", ["042", "B06"]),
        ("٠٦ １２", ["06", "12"]),
        ("il a lu", []),
    ],
)
def test_groups(text: str, digits: list[str]) -> None:
    assert _groups(text) == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("soixante-dix-huit", ["78"]),
        ("quatre-vingt-onze", ["91"]),
        ("septante et un nonante-neuf", ["71", "99"]),
        ("zéro six", ["0", "6"]),
        ("quatre cent soixante-six", ["466"]),
        ("cent", ["100"]),
        ("vingt et un mille", ["21"]),
        ("et", []),
        ("12 trente", ["12", "30"]),
    ],
)
def test_numbers_said_in_words(text: str, digits: list[str]) -> None:
    assert _spoken(text) == digits


@pytest.mark.parametrize(
    ("between", "gap"),
    [
        (" ", Gap.PUNCTUATION),
        (" - ", Gap.PUNCTUATION),
        ("\n", Gap.LINE),
        (" puis ", Gap.CONNECTOR),
        (" et la clé ", Gap.CONNECTOR),
        (" comme femme ", Gap.PROSE),
        (" ▮▮▮ ", Gap.BREAK),
        (f" {'mot ' * 30}", Gap.BREAK),
    ],
)
def test_gaps(between: str, gap: Gap) -> None:
    evidence = Evidence.of(f"12{between}34")
    _, second = read_groups(evidence.text, evidence.words)
    assert second.gap is gap
