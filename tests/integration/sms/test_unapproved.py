"""A poisoned text reaches no phone."""

from __future__ import annotations

from sqlalchemy import select

from assistant.adapters.tables import OutboxRow
from assistant.bootstrap import Assistant
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import Post
from tests.integration.sms.phone import Phone
from tests.integration.test_unapproved import is_clean, poison


def test_a_poisoned_text_reaches_no_phone(
    post: Post, carrier: FakeCarrier, assistant: Assistant
) -> None:
    poison(assistant, "answer/obligatoire/text")
    received = Phone(post, carrier).says("est-ce obligatoire ?")
    assert received
    assert all(is_clean(text) for text in received)
    assert assistant.catalogue.alarms.count > 0
    with assistant.engine.connect() as connection:
        kept = connection.execute(select(OutboxRow.text)).scalars().all()
    assert all(map(is_clean, kept))
