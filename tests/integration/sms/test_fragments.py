"""A number that identifies somebody, texted in pieces: none of it stays."""

from __future__ import annotations

import re

from sqlalchemy import select

from assistant.adapters.database import checkpoint
from assistant.adapters.tables import InboundRow, MessageRow
from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.safety.evidence import MARKER
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import Post
from tests.integration.sms.phone import Phone
from tests.integration.test_fragments import stored_bytes
from tests.talker import Talker

NOTE = "interface/masked"


def texts(assistant: Assistant) -> list[str]:
    with assistant.engine.connect() as connection:
        return list(
            connection.execute(select(InboundRow.text).order_by(InboundRow.received_at)).scalars()
        )


def test_no_part_stays(
    post: Post, carrier: FakeCarrier, assistant: Assistant, settings: Settings
) -> None:
    phone = Phone(post, carrier)
    phone.says("mon numero 1 85 05")
    phone.says("78 006")
    assert NOTE not in phone.keys
    phone.says("084 91")
    assert NOTE in phone.keys
    assert texts(assistant) == [f"mon numero {MARKER}", MARKER, MARKER]
    checkpoint(assistant.engine)
    kept = stored_bytes(settings)
    assert not [part for part in (b"1 85 05", b"78 006", b"084 91") if part in kept]


def test_two_messages_before_anybody_answers(
    post: Post, carrier: FakeCarrier, assistant: Assistant
) -> None:
    assert post.sms("1 85 05 78").status_code == 200
    assert post.sms("006 084 91").status_code == 200
    post.work()
    assert texts(assistant) == [MARKER, MARKER]
    assert post.keys(Phone(post, carrier).number).count(NOTE) == 2


def test_a_number_begun_on_the_page_and_ended_on_the_phone(
    post: Post, carrier: FakeCarrier, assistant: Assistant
) -> None:
    page = Talker.begin(post.http)
    page.says("1 85 05 78")
    with assistant.open_unit_of_work() as work:
        code = assistant.resume.give(work, page.id, assistant.now())
        work.commit()
    phone = Phone(post, carrier)
    phone.says(code.digits)
    phone.says("006 084 91")
    with assistant.engine.connect() as connection:
        said = connection.execute(
            select(MessageRow.text).where(
                MessageRow.author == "citizen", MessageRow.conversation_id == page.id
            )
        ).scalars()
        assert not [text for text in said if re.search(r"\d", text)]
