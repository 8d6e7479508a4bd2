"""Only a plain yes is a consent, whatever people write instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.services.consent.replies import Reply, read_reply

LABELLED: Mapping[str, Sequence[str]] = yaml.safe_load(
    (Path(__file__).with_name("replies.yml")).read_text("utf-8")
)
OTHER = "other"
SEEN, UNSEEN = 0, 1


def label(text: str) -> str:
    """Return the label that the reader gives to a text."""
    reply = read_reply(text)
    return OTHER if reply is None else reply.value


def test_the_labelled_replies_are_many_and_all_of_a_known_label() -> None:
    assert set(LABELLED) == {OTHER, *Reply}
    texts = [text for texts in LABELLED.values() for text in texts]
    assert len(texts) == len(set(texts)) >= 250


@pytest.mark.parametrize("kind", [each for each in LABELLED if each != Reply.YES])
def test_nothing_else_is_ever_taken_for_a_yes(kind: str) -> None:
    assert not [text for text in LABELLED[kind] if label(text) == Reply.YES]


def test_no_plain_yes_is_taken_for_a_no() -> None:
    assert not [text for text in LABELLED[Reply.YES] if label(text) == Reply.NO]


@pytest.mark.parametrize(("half", "at_least"), [(SEEN, 1.0), (UNSEEN, 0.95)])
def test_replies_are_read_as_people_mean_them(half: int, at_least: float) -> None:
    expected = [(kind, text) for kind, texts in LABELLED.items() for text in texts[half::2]]
    wrong = [(kind, text, label(text)) for kind, text in expected if label(text) != kind]
    assert 1 - len(wrong) / len(expected) >= at_least, wrong


@given(
    st.sampled_from([text for text in LABELLED[Reply.YES] if text.isascii()]),
    st.sampled_from(["{} mais", "si {}", "{} peut-être", "{} ?", "non {}", "{} sauf le soir"]),
)
def test_a_yes_under_a_condition_is_none(yes: str, condition: str) -> None:
    assert read_reply(condition.format(yes)) is not Reply.YES


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    assert read_reply(text) in {None, *Reply}


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("oui non", Reply.UNCLEAR),
        ("oui. non en fait", Reply.NO),
        ("non. ah oui en fait", Reply.YES),
        ("non. oui", Reply.UNCLEAR),
        ("j'ai 12 ans", Reply.MINOR),
        ("oui j'ai 82 ans", Reply.UNCLEAR),
        ("j'ai 15 ans", None),
        ("pourquoi pas", Reply.UNCLEAR),
        ("👍🏽", Reply.YES),
    ],
)
def test_what_contradicts_itself_or_stands_at_an_edge(text: str, reply: Reply | None) -> None:
    assert read_reply(text) is reply
