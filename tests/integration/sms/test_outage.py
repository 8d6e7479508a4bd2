"""The carrier is away for ten minutes, in the middle of what several people are being told."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from assistant.config import Settings
from assistant.domain.delivery import ANSWERS_LIVE, RefusalKind, Refused
from assistant.telephony import REST_SECONDS
from tests.fakes.clock import FakeClock
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import Post
from tests.integration.sms.phone import Phone

ACTIVATE = "je veux activer mon espace santé"
NUMBERS = ("+33611111111", "+33622222222", "+33633333333", "+262692123456")
# In Paris: what we start may leave until 19 h.
BEFORE_CLOSING = datetime(2026, 11, 24, 17, 55, tzinfo=UTC)
NEXT_OPENING = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings under which no budget ends a test."""
    return settings.model_copy(update={"sms_budget_parts_per_day": 10_000})


@pytest.fixture
def people(post: Post, carrier: FakeCarrier, clock: FakeClock) -> list[Phone]:
    """Four people, each at another step of the activation, shortly before the evening."""
    clock.pass_time(seconds=(BEFORE_CLOSING - clock.now()).total_seconds())
    people = [Phone(post, carrier, number) for number in NUMBERS]
    for further, person in enumerate(people):
        person.says(ACTIVATE)
        for _ in range(further):
            person.says("1")
    return people


def live(post: Post, clock: FakeClock, minutes: float) -> None:
    """Let the workers look at their rows every few seconds for so long."""
    for _ in range(round(minutes * 6)):
        post.work()
        clock.pass_time(seconds=10)
    post.work()


def test_everything_leaves_in_order_once_the_carrier_is_back(
    post: Post, carrier: FakeCarrier, clock: FakeClock, people: list[Phone]
) -> None:
    before = len(carrier.sent)
    carrier.is_away = True
    for person in people:
        post.sms("1", sender=person.number)
    live(post, clock, 3)
    for person in people:
        post.sms("c'est obligatoire ?", sender=person.number)
    live(post, clock, 4)
    for person in people:
        post.sms("RETOUR", sender=person.number)
    live(post, clock, 3)
    assert len(carrier.sent) == before
    told = {person.number: list(person.keys) for person in people}

    carrier.is_away = False
    live(post, clock, REST_SECONDS / 60)
    left = carrier.sent[before:]
    # All has left by the first call that succeeds: nobody waits for the next of four tries.
    assert Counter(number for _, number, _ in left) == dict.fromkeys(NUMBERS, 3)
    assert len({outgoing for outgoing, _, _ in left}) == len(left)
    for person in people:
        ids = [outgoing for outgoing, number, _ in left if number == person.number]
        with post.assistant.open_unit_of_work() as work:
            written = [work.outbox.get(each).created_at for each in ids]
        assert written == sorted(written)
        # Decided while nobody could be told, and nothing was decided twice.
        assert person.keys == told[person.number]
    live(post, clock, 130)
    assert len(carrier.sent) == before + len(left)


def test_a_carrier_that_is_away_is_called_once_in_half_a_minute(
    post: Post, carrier: FakeCarrier, clock: FakeClock, people: list[Phone]
) -> None:
    carrier.is_away = True
    called = carrier.calls
    for person in people:
        post.sms("1", sender=person.number)
    live(post, clock, 10)
    assert carrier.calls - called <= len(people) + 10 * 60 / REST_SECONDS


def test_the_health_page_tells_that_the_carrier_is_away_and_what_was_lost(
    post: Post, carrier: FakeCarrier, clock: FakeClock, people: list[Phone]
) -> None:
    health = post.assistant.health
    assert (health().sms, health().sms_lost) == ("ready", 0)
    carrier.is_away = True
    for person in people:
        post.sms("1", sender=person.number)
    live(post, clock, 1)
    assert (health().sms, health().status) == ("away", "degraded")
    live(post, clock, (ANSWERS_LIVE + timedelta(minutes=5)).total_seconds() / 60)
    carrier.is_away = False
    live(post, clock, 2)
    assert health().sms_lost == len(people)
    clock.pass_time(days=1)
    assert health().sms_lost == 0


def test_what_we_start_does_not_leave_in_the_evening_because_it_was_late(
    post: Post, carrier: FakeCarrier, clock: FakeClock, people: list[Phone]
) -> None:
    carrier.is_away = True
    number = people[0].number
    post.put("reminder", sender=number, started_by_us=True)
    post.sms("1", sender=number)
    live(post, clock, 10)
    carrier.is_away = False
    live(post, clock, 5)
    # After 19 h: the answer leaves, what we began waits for the morning.
    assert "reminder" not in carrier.texts
    assert carrier.sent[-1][1] == number
    clock.pass_time(seconds=(NEXT_OPENING - clock.now()).total_seconds())
    post.work()
    assert carrier.texts[-1] == "reminder"


def test_it_asks_to_be_left_alone_and_is(
    post: Post, carrier: FakeCarrier, clock: FakeClock, people: list[Phone]
) -> None:
    carrier.answers = [Refused(RefusalKind.TRANSIENT, 20429, wait=240.0)]
    before, called = len(carrier.sent), carrier.calls
    for person in people:
        post.sms("1", sender=person.number)
    # What was in hand beside it was called; then nobody calls before the time is over.
    post.work()
    asked = carrier.calls
    assert asked - called <= len(people)
    live(post, clock, 3.5)
    assert carrier.calls == asked
    live(post, clock, 1)
    assert Counter(number for _, number, _ in carrier.sent[before:]) == dict.fromkeys(NUMBERS, 1)


def test_an_answer_of_yesterday_is_no_answer(
    post: Post, carrier: FakeCarrier, clock: FakeClock, people: list[Phone]
) -> None:
    carrier.is_away = True
    for person in people:
        post.sms("1", sender=person.number)
    post.sms("je veux mourir", sender=people[0].number)
    live(post, clock, (ANSWERS_LIVE + timedelta(minutes=10)).total_seconds() / 60)
    carrier.is_away = False
    before = len(carrier.sent)
    live(post, clock, 5)
    # The answers are given up and listed; what tells about a danger leaves however late it is.
    assert {number for _, number, _ in carrier.sent[before:]} == {people[0].number}
    assert len(post.assistant.lost_messages.list(100)) == len(people)
