"""The outbox keeps the order of each address, and its messages only move forward."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.delivery import (
    STAGES,
    Accepted,
    DeliveryReport,
    DeliveryStatus,
    Outgoing,
    PhoneText,
)
from assistant.domain.errors import NotFound
from assistant.domain.messages import Channel
from assistant.services.sms.ports import Spent
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.examples import NOW, conversation, later, message

ONE, OTHER = "+33612345678", "+33687654321"
MUCH = 100


def put(
    open_work: Open,
    *texts: str,
    phone: str = ONE,
    not_before: datetime | None = None,
    with_message: bool = True,
) -> None:
    """Let texts leave for a phone, from a message of a conversation of its own."""
    with open_work() as work:
        address = work.addresses.remember(Channel.SMS, phone, NOW)
        message_id = None
        if with_message:
            known = work.addresses.conversation_at(Channel.SMS, phone)
            if known is None:
                known = f"c{phone}"
                work.conversations.add(conversation(known), "hash")
                work.addresses.attach(address, known, NOW)
            message_id = work.messages.add(known, message()).id
        work.outbox.put(
            address, message_id, [PhoneText(each, 1) for each in texts], NOW, not_before=not_before
        )
        work.commit()


def due(open_work: Open, at: datetime = NOW) -> list[str]:
    """Return the texts that can leave, in order."""
    with open_work() as work:
        return [work.outbox.get(each).text for each in work.outbox.due(at, MUCH)]


def take(open_work: Open, at: datetime = NOW, owner: str = "me") -> Outgoing:
    """Take the first that can leave."""
    with open_work() as work:
        (first, *_) = work.outbox.due(at, MUCH)
        taken = work.outbox.lease(first, owner, at, at + timedelta(minutes=2))
        assert taken is not None
        work.commit()
        return taken


def accept(open_work: Open, outgoing_id: str, sid: str = "SM1") -> None:
    """Note that the carrier took one."""
    with open_work() as work:
        work.outbox.accepted(outgoing_id, Accepted(sid, DeliveryStatus.SENDING, "queued"), NOW)
        work.commit()


def report(open_work: Open, outgoing_id: str, raw: str, sid: str = "SM1") -> Outgoing | None:
    """Note what the carrier says."""
    known = {each.value for each in DeliveryStatus}
    status = DeliveryStatus(raw) if raw in known else None
    with open_work() as work:
        told = work.outbox.report(DeliveryReport(outgoing_id, sid, status, raw, None), NOW)
        work.commit()
        return told


def test_one_at_a_time_for_each_address_in_the_order_they_were_put(open_work: Open) -> None:
    put(open_work, "1", "2")
    put(open_work, "3")
    put(open_work, "a", phone=OTHER)
    assert sorted(due(open_work)) == ["1", "a"]
    first = take(open_work)
    accept(open_work, first.id, "SM0")
    left = [first.text]
    while due(open_work):
        taken = take(open_work)
        # While it is in hand, nothing behind it is due.
        assert not [text for text in due(open_work) if (text in "123") == (taken.text in "123")]
        accept(open_work, taken.id, f"SM {taken.text}")
        left.append(taken.text)
    assert [text for text in left if text in "123"] == ["1", "2", "3"]


def test_a_message_for_later_holds_up_no_other(open_work: Open) -> None:
    put(open_work, "reminder", not_before=later(days=3))
    put(open_work, "answer")
    assert due(open_work) == ["answer"]
    accept(open_work, take(open_work).id)
    assert due(open_work) == []
    assert due(open_work, later(days=3)) == ["reminder"]


def test_what_is_tried_again_holds_up_those_behind_it(open_work: Open) -> None:
    put(open_work, "1", "2")
    taken = take(open_work)
    with open_work() as work:
        work.outbox.try_again(taken.id, "me", 20429, later(minutes=2), NOW)
        work.commit()
    assert due(open_work, later(minutes=1)) == []
    again = take(open_work, later(minutes=2))
    assert (again.text, again.attempts, again.error_code) == ("1", 2, 20429)


def test_what_is_postponed_holds_up_nothing_and_is_no_try(open_work: Open) -> None:
    put(open_work, "push", "answer")
    taken = take(open_work)
    with open_work() as work:
        work.outbox.postpone(taken.id, "me", later(hours=9), NOW)
        work.commit()
    assert due(open_work) == ["answer"]
    accept(open_work, take(open_work).id)
    assert take(open_work, later(hours=9)).attempts == 1


@pytest.mark.parametrize("status", [DeliveryStatus.FAILED, DeliveryStatus.DEAD])
def test_what_will_not_leave_lets_the_next_one_go(open_work: Open, status: DeliveryStatus) -> None:
    put(open_work, "1", "2")
    taken = take(open_work)
    with open_work() as work:
        work.outbox.end(taken.id, "me", status, 21614, NOW)
        work.commit()
    assert due(open_work) == ["2"]
    with open_work() as work:
        assert [(each.text, each.error_code) for each in work.outbox.lost(MUCH)] == [("1", 21614)]


def test_two_never_hold_the_same_one(open_work: Open) -> None:
    put(open_work, "1")
    taken = take(open_work)
    with open_work() as work:
        assert work.outbox.lease(taken.id, "other", NOW, later(minutes=2)) is None
        assert work.outbox.due(later(seconds=119), MUCH) == []
        # Whoever had it is dead.
        again = work.outbox.lease(taken.id, "other", later(minutes=2), later(minutes=4))
        assert again is not None
        assert again.attempts == 2
        work.commit()
    with open_work() as work:
        # … or was only slow: what it says of the lease it lost changes nothing.
        work.outbox.try_again(taken.id, "me", None, NOW, NOW)
        work.outbox.end(taken.id, "me", DeliveryStatus.DEAD, None, NOW)
        assert work.outbox.lease(taken.id, "third", later(minutes=3), later(minutes=5)) is None
        assert work.outbox.get(taken.id).status is DeliveryStatus.QUEUED


def test_a_report_tells_that_it_has_left_before_we_know(open_work: Open) -> None:
    put(open_work, "1")
    taken = take(open_work)
    told = report(open_work, taken.id, "sent")
    assert told is not None
    assert (told.status, told.external_id) == (DeliveryStatus.SENT, "SM1")
    assert due(open_work, later(days=1)) == []
    with open_work() as work:
        # The answer that we were waiting for comes after it, or never does.
        work.outbox.accepted(taken.id, Accepted("SM1", DeliveryStatus.SENDING, "queued"), NOW)
        work.outbox.end(taken.id, "me", DeliveryStatus.DEAD, None, NOW)
        after = work.outbox.get(taken.id)
    assert (after.status, after.provider_status) == (DeliveryStatus.SENT, "sent")


REPORTS = st.lists(
    st.sampled_from(["sending", "sent", "delivered", "undelivered", "failed", "queued?", "read?"]),
    max_size=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=REPORTS, accepted_after=st.integers(0, 8))
def test_reports_in_any_order_only_move_forward(
    open_work: Open, reports: Sequence[str], accepted_after: int
) -> None:
    put(open_work, "1")
    with open_work() as work:
        (outgoing_id,) = work.outbox.due(NOW, 1)
        work.outbox.lease(outgoing_id, "me", NOW, later(minutes=2))
        work.commit()
    sid = f"SM{outgoing_id}"
    status = DeliveryStatus.QUEUED
    for number, raw in enumerate([*reports, "sending"]):
        if number == accepted_after:
            accept(open_work, outgoing_id, sid)
        told = report(open_work, outgoing_id, raw, sid)
        assert told is not None
        assert STAGES[told.status] >= STAGES[status]
        if raw.endswith("?"):
            assert told.provider_status == raw
        status = told.status
        before, told_twice = told, report(open_work, outgoing_id, raw, sid)
        assert told_twice == before
    assert status is not DeliveryStatus.QUEUED


def test_a_second_departure_is_told_apart(open_work: Open) -> None:
    put(open_work, "1")
    taken = take(open_work)
    accept(open_work, taken.id, "SM1")
    told = report(open_work, taken.id, "delivered", "SM2")
    assert told is not None
    assert (told.external_id, told.status) == ("SM1", DeliveryStatus.SENDING)


def test_a_report_about_nothing_of_ours(open_work: Open) -> None:
    assert report(open_work, "nobody", "sent") is None


def test_a_lost_one_leaves_again_as_a_new_one(open_work: Open) -> None:
    put(open_work, "1")
    taken = take(open_work)
    accept(open_work, taken.id, "SM1")
    report(open_work, taken.id, "undelivered")
    with open_work() as work:
        work.outbox.replay(taken.id, NOW)
        assert work.outbox.lost(MUCH) == []
        work.commit()
    again = take(open_work)
    assert (again.text, again.attempts) == ("1", 1)
    assert again.id != taken.id
    # What is told of the lost one does not touch it.
    report(open_work, taken.id, "undelivered")
    with open_work() as work:
        assert work.outbox.get(again.id).status is DeliveryStatus.QUEUED
        with pytest.raises(NotFound):
            work.outbox.replay(taken.id, NOW)
        with pytest.raises(NotFound):
            work.outbox.replay(again.id, NOW)
        with pytest.raises(NotFound):
            work.outbox.replay("nobody", NOW)


def test_counts_what_an_address_cost(open_work: Open) -> None:
    put(open_work, "1", "2", "3", "4")
    for number in (1, 2):
        accept(open_work, take(open_work).id, f"SM{number}")
    put(open_work, "a", phone=OTHER)
    with open_work() as work:
        address = work.addresses.remember(Channel.SMS, ONE, NOW)
        assert work.outbox.spent(address, NOW) == Spent(2, 2)
        assert work.outbox.spent(address, later(seconds=1)) == Spent(0, 0)


def test_a_last_word_is_forgotten_with_its_address(open_work: Open) -> None:
    put(open_work, "bye", with_message=False)
    with open_work() as work:
        address = work.addresses.remember(Channel.SMS, ONE, NOW)
        assert work.outbox.forget_last_words(later(days=1), NOW) == []
        work.commit()
    accept(open_work, take(open_work).id)
    with open_work() as work:
        assert work.outbox.forget_last_words(NOW, NOW) == []
        assert work.outbox.forget_last_words(later(hours=1), NOW) == ["SM1"]
        with pytest.raises(NotFound):
            work.addresses.reveal(address)


def test_an_address_in_use_outlives_its_last_words(open_work: Open) -> None:
    put(open_work, "hello")
    accept(open_work, take(open_work).id, "SM1")
    put(open_work, "bye", with_message=False)
    accept(open_work, take(open_work).id, "SM2")
    with open_work() as work:
        assert work.outbox.forget_last_words(later(hours=1), NOW) == ["SM2"]
        assert work.addresses.conversation_at(Channel.SMS, ONE) is not None


def test_nothing_is_put_for_an_address_that_is_gone(open_work: Open) -> None:
    with open_work() as work, pytest.raises(NotFound):
        work.outbox.put("nobody", None, [PhoneText("1", 1)], NOW)


def test_lists_when_an_address_was_answered(open_work: Open) -> None:
    put(open_work, "1", "2")
    with open_work() as work:
        address = work.addresses.of_conversation(Channel.SMS, f"c{ONE}")
        assert address is not None
        line = work.messages.after(f"c{ONE}")[-1].id
        work.outbox.put(address, line, [PhoneText("3", 1)], later(minutes=1))
        work.outbox.put(address, line, [PhoneText("push", 1)], later(minutes=2), started_by_us=True)
        # The two pages of the first answer are one.
        assert work.outbox.answered_at(address, NOW) == [NOW, later(minutes=1)]
        assert work.outbox.answered_at(address, later(seconds=1)) == [later(minutes=1)]
        assert work.addresses.of_conversation(Channel.WEB, f"c{ONE}") is None
        work.addresses.detach(address, NOW)
        assert work.addresses.of_conversation(Channel.SMS, f"c{ONE}") is None
