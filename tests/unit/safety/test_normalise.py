"""What folding promises to the rules that read folded text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.normalise import align, fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("STOOOOP !!", "stop"),
        ("J’arrête, où ça ?", "j arrete ou ca"),
        ("cœur  Æther\tÇa", "coeur aether ca"),
        ("٠٦ １２ ۳۴", "06 12 34"),
        ("1️⃣2️⃣", "12"),
        ("1000 € 2222222", "1000 2222222"),
        ("أريد إيقاف", "اريد ايقاف"),
        ("İPTAL ısı", "iptal isi"),
        ("st\u200bop", "stop"),
        ("😀 …", ""),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_each_folded_character_knows_where_it_came_from(text: str) -> None:
    aligned = align(text)
    assert len(aligned.origins) == len(aligned.folded)
    assert list(aligned.origins) == sorted(aligned.origins)
    for index in range(len(aligned.folded)):
        start, end = aligned.original_span(index, index + 1)
        assert 0 <= start < end <= len(text)
