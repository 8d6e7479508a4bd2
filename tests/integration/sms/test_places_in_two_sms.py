"""« Qui, près de moi, parle arabe, ouvert demain ? » is answered in two text messages."""

from __future__ import annotations

import pytest

from assistant.rendering import sms
from tests.fakes.rasa import FakeRasa
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import Post
from tests.integration.stocked import settings, stocked  # noqa: F401

ASKED = "quelqu'un qui parle arabe ouvert demain à grenoble pour mon espace santé"


@pytest.fixture
def rasa() -> FakeRasa:
    """A Rasa that hears the search."""
    return FakeRasa(intents={ASKED: "trouver_aide"})


def test_a_whole_wish_is_answered_by_the_first_text_message(
    post: Post, carrier: FakeCarrier
) -> None:
    post.sms(ASKED)
    post.work()
    introduction, answer = (text for _, _, text in carrier.sent)
    assert all(f"{number}) " in answer for number in (1, 2))
    post.sms("suite")
    post.work()
    assert post.keys() == [
        "interface/welcome.program",
        "flow/trouver_aide/lieux/text",
        "flow/trouver_aide/suite/text",
    ]
    *_, question = (text for _, _, text in carrier.sent)
    assert len(carrier.sent) == 3
    assert all(sms.count(each).parts <= 2 for each in (introduction, answer, question))
