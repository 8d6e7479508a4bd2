"""Masking measured on two large sets that share no sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.safety.masking import MARKER, mask
from assistant.safety.normalise import align
from tests.unit.safety.masking_corpus import DATA, SETS, make_lines
from tests.unit.safety.masking_score import Message, Score, Stretch, read_set, score

_LEAST_RECALL = 0.99
_MOST_FALSE_TOUCHES = 0.01


@cache
def _measure(name: str) -> Score:
    return score(read_set(name), lambda text: mask(text).text)


@pytest.mark.parametrize("name", SETS)
def test_the_sets_are_what_their_maker_makes(name: str) -> None:
    written = (DATA / name).read_text(encoding="utf-8").splitlines()
    assert written == list(make_lines(SETS[name]))
    assert len(set(written)) >= 1_500


def test_the_two_sets_share_no_text() -> None:
    first, second = ({m.text for m in read_set(name) if len(m.text) > 12} for name in SETS)
    assert len(first & second) < 5


@pytest.mark.parametrize("name", SETS)
def test_secrets_do_not_stay_readable(name: str) -> None:
    measured = _measure(name)
    assert measured.recall >= _LEAST_RECALL, measured.wrong[:20]


@pytest.mark.parametrize("name", SETS)
def test_harmless_numbers_are_not_touched(name: str) -> None:
    measured = _measure(name)
    assert measured.false_touches <= _MOST_FALSE_TOUCHES, measured.wrong[:20]


@pytest.mark.parametrize("name", SETS)
def test_many_messages_in_one_text_are_masked_as_well(name: str) -> None:
    measured = score([_in_one_text(read_set(name))], lambda text: mask(text).text)
    assert measured.recall >= _LEAST_RECALL
    assert measured.false_touches <= _MOST_FALSE_TOUCHES


def _in_one_text(messages: Sequence[Message]) -> Message:
    """Put messages one a line in one text, as a file given to the command holds them."""
    text, stretches, secrets = "", [], 0
    for message in messages:
        for part in message.stretches:
            start = len(text) + part.start
            end, secret = len(text) + part.end, secrets + part.secret
            stretches.append(Stretch(start, end, part.kind, secret))
        secrets += len(message.stretches)
        text += message.text + "\n"
    return Message("all", text, stretches)


# --- properties of any text

_texts = st.one_of(
    st.text(max_size=60),
    st.text("0123456789 .-/()+ABab\n", max_size=60),
    st.lists(
        st.sampled_from(
            [m.text for m in read_set("masking_adversarial.tsv")] + ["code", "sécu", "un", "zéro"]
        ),
        max_size=3,
    ).map(" ".join),
)


@given(_texts)
@settings(max_examples=300)
def test_masking_is_total_and_idempotent_and_never_lengthens_much(text: str) -> None:
    masked = mask(text).text
    assert mask(masked).text == masked
    assert len(masked) <= len(text) + len(MARKER) * (masked.count(MARKER) + 1)


@given(
    before=st.text("abc :,.", max_size=5),
    number=st.text("0123456789", min_size=13, max_size=40),
    after=st.text("abc :,.", max_size=5),
)
@example("siren ", "1" * 15, "")
def test_no_run_of_thirteen_digits_survives(before: str, number: str, after: str) -> None:
    masked = align(mask(f"{before}{number}{after}").text).folded
    runs = [run for run in masked.replace(MARKER, " ").split() if run.isdecimal()]
    # A telephone number after 0033 and a SIRET whose keys are right may be read by everybody.
    assert all(len(run) < 13 or run.startswith("0033") or len(run) == 14 for run in runs)
