"""An SMS goes out: in order, at its hour, tried again when it helps, told forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.adapters.twilio import SIGNATURE_HEADER
from assistant.bootstrap import Assistant
from assistant.domain.delivery import DeliveryStatus, Outgoing, PhoneText, RefusalKind, Refused
from assistant.domain.errors import NotFound
from assistant.domain.messages import Channel
from assistant.services.ports.addresses import SuppressionReason
from tests.fakes.clock import FakeClock
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import FORM, PHONE, Post

EVENING = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
# The Tuesday after, at nine in Paris.
NEXT_OPENING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def known(post: Post) -> Post:
    """A number that speaks with us, and waits for no answer."""
    post.knows(PHONE)
    return post


def all_of(assistant: Assistant) -> list[Outgoing]:
    """Return the rows of the outbox that were sent or lost."""
    return list(assistant.lost_messages.list(100))


def outgoing(assistant: Assistant, outgoing_id: str) -> Outgoing:
    """Return a row of the outbox."""
    with assistant.open_unit_of_work() as work:
        return work.outbox.get(outgoing_id)


def test_leaves_in_order_for_each_number(known: Post, carrier: FakeCarrier) -> None:
    known.knows("+33687654321")
    known.put("1", "2")
    known.put("a", sender="+33687654321")
    known.put("3")
    known.work()
    assert [text for _, number, text in carrier.sent if number == PHONE] == ["1", "2", "3"]
    assert [text for _, number, text in carrier.sent if number != PHONE] == ["a"]
    # A second look sends nothing twice.
    assert known.work() == 0


def test_the_carrier_is_away_for_ten_minutes(
    known: Post, carrier: FakeCarrier, clock: FakeClock
) -> None:
    carrier.is_away = True
    known.put("1", "2", "3")
    for _ in range(10):
        known.work()
        clock.pass_time(minutes=1)
    carrier.is_away = False
    for _ in range(10):
        known.work()
        clock.pass_time(minutes=1)
    assert carrier.texts == ["1", "2", "3"]


def test_after_two_hours_it_is_given_up_listed_and_replayed(
    known: Post, carrier: FakeCarrier, clock: FakeClock, assistant: Assistant
) -> None:
    carrier.is_away = True
    known.put("1")
    for _ in range(125):
        known.work()
        clock.pass_time(minutes=1)
    carrier.is_away = False
    clock.pass_time(minutes=2)
    assert known.work() == 0
    (lost,) = assistant.lost_messages.list(10)
    assert (lost.text, lost.status) == ("1", DeliveryStatus.DEAD)
    assert 50 < lost.attempts < 80
    known.put("2")
    known.work()
    assistant.lost_messages.replay(lost.id)
    known.work()
    assert carrier.texts == ["2", "1"]
    assert assistant.lost_messages.list(10) == []
    with pytest.raises(NotFound):
        assistant.lost_messages.replay(lost.id)


def test_what_is_refused_for_good_is_not_tried_again(
    known: Post, carrier: FakeCarrier, clock: FakeClock, assistant: Assistant
) -> None:
    carrier.answers = [Refused(RefusalKind.PERMANENT, 21614)]
    known.put("1", "2")
    known.work()
    assert carrier.texts == ["2"]
    clock.pass_time(days=1)
    assert known.work() == 0
    (lost,) = assistant.lost_messages.list(10)
    assert (lost.status, lost.error_code) == (DeliveryStatus.FAILED, 21614)


def test_a_stop_told_to_the_carrier_is_ours_too(
    known: Post, carrier: FakeCarrier, assistant: Assistant
) -> None:
    carrier.answers = [Refused(RefusalKind.OPTED_OUT, 21610)]
    known.put("1", "2")
    known.work()
    assert carrier.texts == []
    with assistant.open_unit_of_work() as work:
        assert work.suppressions.reason(Channel.SMS, PHONE) is SuppressionReason.STOP


def test_after_stop_nothing_leaves_but_what_must(
    known: Post, carrier: FakeCarrier, assistant: Assistant
) -> None:
    with assistant.open_unit_of_work() as work:
        work.suppressions.add(Channel.SMS, PHONE, SuppressionReason.STOP, assistant.now())
        work.commit()
    known.put("answer")
    known.put("reminder", started_by_us=True)
    known.put("danger", although_stopped=True)
    known.work()
    assert carrier.texts == ["danger"]
    # What was silenced does not come back with REPRENDRE.
    with assistant.open_unit_of_work() as work:
        work.suppressions.lift(Channel.SMS, PHONE)
        work.commit()
    assert known.work() == 0


def test_what_we_start_waits_for_the_morning(
    known: Post, carrier: FakeCarrier, clock: FakeClock
) -> None:
    clock.pass_time(seconds=(EVENING - clock.now()).total_seconds())
    known.put("reminder", started_by_us=True)
    known.put("answer")
    known.work()
    assert carrier.texts == ["answer"]
    clock.pass_time(seconds=(NEXT_OPENING - clock.now()).total_seconds() - 1)
    assert known.work() == 0
    clock.pass_time(seconds=1)
    known.work()
    assert carrier.texts == ["answer", "reminder"]


def test_a_number_costs_no_more_than_its_day(
    known: Post,
    carrier: FakeCarrier,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    known.put(*map(str, range(7)))  # of two parts each; ten a day are allowed
    known.put("reminder", started_by_us=True)
    known.put("danger", although_stopped=True)
    known.work()
    assert carrier.texts == ["0", "1", "2", "3", "4", "danger"]
    assert "budget" in caplog.text
    clock.pass_time(seconds=(NEXT_OPENING - clock.now()).total_seconds())
    known.work()
    # Answers of yesterday are no answers; a reminder is still one.
    assert carrier.texts[-1] == "reminder"
    assert len(carrier.texts) == 7


def test_a_crash_before_the_call_loses_nothing(
    known: Post, carrier: FakeCarrier, clock: FakeClock
) -> None:
    known.put("1")
    outbox = known.assistant.durable_tasks()[1]
    (row,) = outbox.due(10)

    class Killed(BaseException):
        """The process ends here."""

    def die() -> None:
        raise Killed

    carrier.before = die
    with pytest.raises(Killed):
        outbox.perform(row)
    carrier.before = int
    assert known.work() == 0
    clock.pass_time(minutes=2)
    known.work()
    assert carrier.texts == ["1"]


def test_a_crash_after_the_call_is_mended_by_the_report(
    known: Post, carrier: FakeCarrier, clock: FakeClock, assistant: Assistant
) -> None:
    known.put("1")
    outbox = known.assistant.durable_tasks()[1]
    (row,) = outbox.due(10)
    with assistant.open_unit_of_work() as work:
        # The lease is kept, the carrier took it, and then nothing was written down.
        work.outbox.lease(row, "dead", clock.now(), clock.now() + timedelta(minutes=2))
        work.commit()
    assert known.status(row, "sent", "SM1").status_code == 204
    clock.pass_time(days=1)
    assert known.work() == 0
    assert carrier.texts == []
    assert outgoing(assistant, row).status is DeliveryStatus.SENT


def test_reports_move_it_forward_only(
    known: Post, carrier: FakeCarrier, assistant: Assistant
) -> None:
    known.put("1")
    known.work()
    ((row, _, _),) = carrier.sent
    sid = carrier.sids[row]
    for told, expected in (
        ("sent", DeliveryStatus.SENT),
        ("queued", DeliveryStatus.SENT),
        ("delivered", DeliveryStatus.DELIVERED),
        ("sent", DeliveryStatus.DELIVERED),
        ("undelivered", DeliveryStatus.DELIVERED),
    ):
        assert known.status(row, told, sid).status_code == 204
        assert outgoing(assistant, row).status is expected
    known.status(row, "teleported", sid)
    after = outgoing(assistant, row)
    assert (after.status, after.provider_status) == (DeliveryStatus.DELIVERED, "teleported")


def test_a_report_of_an_opt_out(known: Post, carrier: FakeCarrier, assistant: Assistant) -> None:
    known.put("1")
    known.work()
    row = carrier.sent[0][0]
    known.status(row, "undelivered", carrier.sids[row], ErrorCode="21610")
    with assistant.open_unit_of_work() as work:
        assert work.suppressions.reason(Channel.SMS, PHONE) is SuppressionReason.STOP


def test_a_report_without_signature_or_name(client: TestClient, known: Post) -> None:
    assert client.post("/sms/status?outgoing=1", headers={"Content-Type": FORM}).status_code == 403
    assert known.form("/sms/status", {"MessageSid": "SM1"}).status_code == 422
    assert known.form("/sms/status", {"MessageSid": "SM1"}, "outgoing=o").status_code == 422
    signed_elsewhere = known.signature.of("/sms/status", "outgoing=1", [("MessageSid", "SM1")])
    answer = client.post(
        "/sms/status?outgoing=2",
        content="MessageSid=SM1",
        headers={"Content-Type": FORM, SIGNATURE_HEADER: signed_elsewhere},
    )
    assert answer.status_code == 403


def test_an_erasure_reaches_the_carrier(
    known: Post, carrier: FakeCarrier, clock: FakeClock, assistant: Assistant
) -> None:
    known.sms("bonjour", sid="SMin")
    known.work()
    conversation = known.conversation()
    assert conversation is not None
    assistant.conversations.erase(conversation)
    sids = {*carrier.sids.values(), "SMin"}
    carrier.cannot_delete = set(list(carrier.sids.values())[:1])
    assert carrier.cannot_delete
    assert known.work() == 0
    clock.pass_time(minutes=2)
    known.work()
    assert set(carrier.deleted) == sids - carrier.cannot_delete
    carrier.cannot_delete = set()
    clock.pass_time(days=1)
    known.work()
    assert set(carrier.deleted) == sids
    with assistant.open_unit_of_work() as work:
        assert work.carrier_copies.waiting() == (0, None)
    clock.pass_time(days=30)
    assert known.work() == 0


def test_what_leaves_while_it_is_erased_is_deleted_at_the_carrier(
    known: Post, carrier: FakeCarrier, clock: FakeClock, assistant: Assistant
) -> None:
    known.put("1")
    conversation = known.conversation()
    assert conversation is not None
    carrier.after = lambda: assistant.conversations.erase(conversation)
    known.work()
    row = carrier.sent[0][0]
    known.status(row, "delivered", carrier.sids[row])
    clock.pass_time(minutes=5)
    known.work()
    assert carrier.deleted == [carrier.sids[row]]


def test_a_last_word_leaves_after_the_erasure_and_is_forgotten(
    known: Post, carrier: FakeCarrier, clock: FakeClock, assistant: Assistant
) -> None:
    conversation = known.conversation()
    assert conversation is not None
    with assistant.open_unit_of_work() as work:
        now = clock.now()
        work.conversations.erase(conversation, now)
        work.suppressions.add(Channel.SMS, PHONE, SuppressionReason.ERASED, now)
        address = work.addresses.remember(Channel.SMS, PHONE, now)
        work.outbox.put(address, None, [PhoneText("bye", 1)], now, although_stopped=True)
        work.commit()
    known.work()
    assert carrier.texts == ["bye"]
    row = carrier.sent[0][0]
    clock.pass_time(hours=2)
    assistant.lost_messages.forget_last_words()
    with pytest.raises(NotFound):
        outgoing(assistant, row)
    known.work()
    # Its copy at the carrier went too.
    clock.pass_time(minutes=5)
    known.work()
    assert carrier.sids[row] in carrier.deleted


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    troubles=st.lists(
        st.sampled_from(["away", "back", "wait", "put", "report", "replayed report"]), max_size=25
    )
)
def test_whatever_happens_each_leaves_once_and_in_order(
    known: Post, carrier: FakeCarrier, clock: FakeClock, troubles: list[str]
) -> None:
    begun, count = len(carrier.sent), 0
    for trouble in troubles:
        match trouble:
            case "away" | "back":
                carrier.is_away = trouble == "away"
            case "wait":
                clock.pass_time(minutes=7)
            case "put":
                known.put(str(count), although_stopped=True)
                count += 1
            case _ if len(carrier.sent) > begun:
                row = carrier.sent[-1 if trouble == "report" else begun][0]
                known.status(row, "delivered", carrier.sids[row])
        known.work()
    carrier.is_away = False
    for _ in range(30):
        clock.pass_time(minutes=7)
        known.work()
    left = carrier.texts[begun:]
    lost = len(all_of(known.assistant))
    assert left == sorted(set(left), key=int)
    assert len(left) >= count - lost
