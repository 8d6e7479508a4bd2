"""The written journeys against the running product: real Rasa hears what people write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from assistant.adapters.database import open_database
from assistant.adapters.tables import ConversationRow
from assistant.config import Settings
from tests.e2e.product import Product
from tests.journeys.journey import Ear, Journey
from tests.journeys.walk import cases, walk


@pytest.fixture
def pass_days(healthy: Product) -> Callable[[str, int], None]:
    """Make a conversation look as if nobody had written for some days."""
    engine = open_database(Settings(data_dir=healthy.data).database)

    def age(conversation_id: str, days: int) -> None:
        with engine.begin() as connection:
            connection.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation_id)
                .values(last_activity_at=datetime.now(UTC) - timedelta(days=days))
            )
        engine.dispose()

    return age


@pytest.mark.parametrize("journey", cases(Ear.RASA))
def test_the_journey_leads_where_the_person_expects(
    journey: Journey, healthy: Product, pass_days: Callable[[str, int], None]
) -> None:
    with healthy.client() as http:
        walk(journey, http, pass_days)
