"""The written journeys in process, with an ear that hears what is meant.

Only the product's own rules can fail here; the trained model is held to them in tests/e2e.
"""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from assistant.adapters.content_files import Content
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.journeys.journey import Ear, Journey, journeys, meanings
from tests.journeys.walk import cases, walk


@pytest.fixture
def rasa() -> FakeRasa:
    """A Rasa that hears what each sentence of the journeys means."""
    return FakeRasa(intents=meanings())


@pytest.mark.parametrize("journey", cases(Ear.PERFECT))
def test_the_journey_leads_where_the_person_expects(
    journey: Journey, client: TestClient, clock: FakeClock
) -> None:
    walk(journey, client, lambda _, days: clock.pass_time(days=days))


def test_the_journeys_pass_through_every_flow(content: Content) -> None:
    named = {
        place.partition("/")[0]
        for journey in journeys().values()
        for turn in journey.turns
        for place in (turn.at, *turn.tells)
        if place is not None
    }
    flows = {flow.id for flow in content.flows.values()}
    assert len(journeys()) >= 40
    assert flows <= named, "flows that nobody takes"


def test_every_meaning_is_a_need(content: Content) -> None:
    assert set(meanings().values()) <= set(content.needs.needs)
