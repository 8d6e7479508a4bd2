"""Each kind of data goes when its window ends, and not before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from assistant.adapters.tables import (
    ConsentPayloadRow,
    OutboxRow,
    ResumeCodeRow,
    SuppressionRow,
    TombstoneRow,
)
from assistant.bootstrap import Assistant
from assistant.domain.consent import (
    ConsentAct,
    ConsentPayload,
    Purpose,
    SaltedPayload,
    verify,
)
from assistant.domain.errors import NotFound
from assistant.domain.retention import WINDOWS, Kind
from tests.fakes.clock import FakeClock
from tests.integration.sms.conftest import Post

A_MOMENT = timedelta(minutes=1)


@pytest.fixture
def settings(settings: object) -> object:
    """Settings under which a conversation outlives the windows that are tried."""
    return settings.model_copy(update={"keep_days": 10_000})  # type: ignore[attr-defined]


def rows(assistant: Assistant, *conditions: object, table: type) -> int:
    """Count the rows of a table."""
    with assistant.engine.connect() as connection:
        query = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
        return int(connection.execute(query).scalar_one())


def first_sent(assistant: Assistant) -> tuple[str, str]:
    """Return the id of the first SMS that left, here and at the carrier."""
    with assistant.engine.connect() as connection:
        row = connection.execute(
            select(OutboxRow.id, OutboxRow.external_id).order_by(OutboxRow.sequence).limit(1)
        ).one()
    return row.id, row.external_id or ""


def until(clock: FakeClock, kind: Kind, assistant: Assistant, still_there: str = "") -> None:
    """Let nearly all of a window pass; whose conversation is named has just written again."""
    clock.pass_time(hours=(WINDOWS[kind].lasts - A_MOMENT).total_seconds() / 3600)
    if still_there:
        with assistant.open_unit_of_work() as work:
            work.conversations.touch(still_there, assistant.now())
            work.commit()
    assistant.forget_idle()


def test_the_words_of_an_sms_that_left(post: Post, assistant: Assistant, clock: FakeClock) -> None:
    conversation = post.knows()
    post.sms("bonjour")
    post.work()
    outgoing, external = first_sent(assistant)
    assert post.status(outgoing, "delivered", external).status_code == 204
    until(clock, Kind.SMS_WORDS, assistant, conversation)
    assert rows(assistant, OutboxRow.text == "", table=OutboxRow) == 0
    clock.pass_time(minutes=2)
    assistant.forget_idle()
    assert rows(assistant, OutboxRow.text == "", table=OutboxRow) == 1
    assert post.lines()[-1].words.text, "the conversation keeps them"


def test_a_lost_sms_without_words_is_replayed_no_more(
    post: Post, assistant: Assistant, clock: FakeClock
) -> None:
    post.sms("bonjour")
    post.work()
    outgoing, external = first_sent(assistant)
    post.status(outgoing, "undelivered", external)
    assert len(assistant.lost_messages.list(5)) == 1
    until(clock, Kind.SMS_WORDS, assistant)
    clock.pass_time(minutes=2)
    assistant.forget_idle()
    assert assistant.lost_messages.list(5) == []
    with pytest.raises(NotFound):
        assistant.lost_messages.replay(outgoing)


def test_what_an_erasure_left_of_a_phone_and_of_its_messages(
    post: Post, assistant: Assistant, clock: FakeClock
) -> None:
    post.sms("bonjour")
    post.work()
    post.sms("OUBLIE-MOI")
    post.work()
    assert rows(assistant, table=SuppressionRow) == 1
    assert rows(assistant, table=TombstoneRow) == 2
    until(clock, Kind.FORGOTTEN, assistant)
    assert rows(assistant, table=SuppressionRow) == 1
    assert rows(assistant, table=TombstoneRow) == 2
    clock.pass_time(minutes=2)
    assistant.forget_idle()
    assert rows(assistant, table=SuppressionRow) == 0
    assert rows(assistant, table=TombstoneRow) == 0


def test_a_stop_stays(post: Post, assistant: Assistant, clock: FakeClock) -> None:
    post.sms("bonjour")
    post.work()
    post.sms("STOP")
    post.work()
    clock.pass_time(days=4_000)
    assistant.forget_idle()
    assert rows(assistant, table=SuppressionRow) == 1


def test_a_resume_code(post: Post, assistant: Assistant, clock: FakeClock) -> None:
    assistant.resume.give_code(post.knows())
    until(clock, Kind.RESUME_CODES, assistant)
    assert rows(assistant, table=ResumeCodeRow) == 1
    clock.pass_time(minutes=2)
    assistant.forget_idle()
    assert rows(assistant, table=ResumeCodeRow) == 0


def test_a_consent_that_is_over_goes_with_those_it_took_the_place_of(
    post: Post, assistant: Assistant, clock: FakeClock
) -> None:
    conversation = post.knows()
    now = assistant.now()
    with assistant.open_unit_of_work() as work:
        person = work.people.recognise(conversation, now)
        for ends in (None, now):
            payload = ConsentPayload(
                person, Purpose.QUALITY, ConsentAct.GIVEN, "words", "sms", ends
            )
            work.consents.append(SaltedPayload("salt", payload), now)
        other = ConsentPayload(person, Purpose.REMINDERS, ConsentAct.GIVEN, "words", "sms", None)
        work.consents.append(SaltedPayload("salt", other), now)
        work.commit()
    until(clock, Kind.OVER_CONSENTS, assistant, conversation)
    assert rows(assistant, table=ConsentPayloadRow) == 3
    clock.pass_time(minutes=2)
    assistant.forget_idle()
    assert rows(assistant, table=ConsentPayloadRow) == 1
    with assistant.open_unit_of_work() as work:
        assert work.consents.last_word(person, Purpose.QUALITY) is None
        assert verify(work.consents.entries(), work.consents.payloads()) == ()


def test_the_page_shows_every_window(post: Post) -> None:
    page = post.http.get("/confidentialite").text
    shown = page.partition('id="windows"')[2].partition("</ul>")[0]
    assert shown.count("<li>") == len(WINDOWS)
    assert "{lasts}" not in shown
    assert "10" in shown, "the operator's own setting"
