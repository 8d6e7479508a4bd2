"""A sender that is a name: nobody can answer it, so nothing asks for an answer."""

from __future__ import annotations

import pytest

from assistant.config import Settings
from assistant.rendering.sms import count
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import Post
from tests.integration.sms.phone import Phone


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings of a desk whose SMS bear a name."""
    return settings.model_copy(update={"twilio_number": "PasAPas"})


@pytest.mark.parametrize("said", ["je veux activer mon espace santé", "menu", "c'est quoi un NIR"])
def test_a_link_and_a_telephone_in_the_place_of_choices(
    post: Post, carrier: FakeCarrier, said: str
) -> None:
    (told,) = Phone(post, carrier).says(said)
    assert "3422" in told
    assert "localhost:8000" in told
    assert "SUITE" not in told
    assert "1 = " not in told
    assert count(told).parts <= 2
    assert told.count("localhost:8000") == 1
