"""A number sent in several messages is recognised when its last part comes."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.evidence import MARKER, SecretKind
from assistant.safety.fragments import Completed, Redacted, completes
from assistant.safety.masking import mask
from tests.journeys.journey import journeys
from tests.unit.safety.masking_harmless import HARMLESS
from tests.unit.safety.masking_values import PRINTED, cut, make_nir


def indexes_of(completed: Completed | None) -> tuple[int, ...]:
    return tuple(index for index, _ in completed.earlier) if completed is not None else ()


@pytest.mark.parametrize(
    ("previous", "text", "indexes"),
    [
        (["1 85 05 78"], "006 084 91", (0,)),
        (["1 85 05 78"], "006 084", (0,)),
        (["le début c'est 1 85 05 78"], "et la fin 006 084 91", (0,)),
        (["185057800"], "608491", (0,)),
        (["1 85 05", "oui", "78 006"], "084 91", (0, 2)),
        (["1 85 05 78", "attendez je cherche", "désolé"], "006 084 91", (0,)),
        (["bonjour", "1 85 05 2A"], "006 084 91", (1,)),
        (["1 85 05 78 et mon tel 06 12 34 56 78"], "006 084 91", (0,)),
        (["4970 9746"], "5075 2912", (0,)),
        (["١ ٨٥ ٠٥ ٧٨"], "٠٠٦ ٠٨٤ ٩١", (0,)),
        ([], "006 084 91", ()),
        (["1 85 05 78"], "merci", ()),
        (["1 85 05 78"], "06 12 34 56 78", ()),
        (["2"], "05000", ()),
        (["12/03/1956"], "75012", ()),
        (["j'ai 82 ans"], "12 rue de la Paix 75012 Paris", ()),
        (["3422"], "06 12 34 56 78", ()),
        (["▮▮▮"], "006 084 91", ()),
    ],
)
def test_fragments(previous: list[str], text: str, indexes: tuple[int, ...]) -> None:
    assert indexes_of(completes(previous, text)) == indexes


@given(
    seed=st.integers(0, 10_000), place=st.integers(1, 5), kind=st.sampled_from(["usual", "corsica"])
)
def test_a_number_cut_as_on_the_card_is_recognised(seed: int, place: int, kind: str) -> None:
    parts = cut(make_nir(Random(seed), kind), PRINTED)  # noqa: S311 (an invented number)
    halves = [" ".join(parts[start:end]) for start, end in pairwise([0, place, 7])]
    completed = completes(["bonjour", halves[0]], halves[1])
    assert indexes_of(completed) == (1,)
    assert completed is not None
    assert completed.last == Redacted(MARKER, halves[1])
    assert completed.earlier == ((1, Redacted(MARKER, halves[0])),)


def test_what_stands_beside_a_part_stays() -> None:
    completed = completes(["le début c'est 1 85 05 78, voilà"], "et la fin 006 084 91 !")
    assert completed == Completed(
        SecretKind.NIR,
        ((0, Redacted(f"le début c'est {MARKER}, voilà", "1 85 05 78")),),
        Redacted(f"et la fin {MARKER} !", "006 084 91"),
    )


def test_harmless_numbers_in_a_row_are_no_fragments() -> None:
    random = Random(7)  # noqa: S311 (invented numbers)
    texts = [random.choice(list(HARMLESS.values()))(random) for _ in range(600)]
    completed = [
        texts[index - 4 : index + 1]
        for index in range(4, len(texts))
        if completes(texts[index - 4 : index], texts[index])
    ]
    # One number in 97 has a right key by chance: a few rows may, no more than one in 200.
    assert len(completed) <= 3


def test_written_journeys_hold_no_number_in_parts() -> None:
    completed = []
    for name, journey in journeys().items():
        said = [mask(turn.says).text for turn in journey.turns if turn.says]
        for index, text in enumerate(said):
            if completes(said[:index], text) is not None:
                completed.append((name, text))
    assert completed == []
