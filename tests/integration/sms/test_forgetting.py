"""A phone is forgotten in the database, at the carrier, and told so once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.delivery import PhoneText
from assistant.domain.errors import NotFound
from assistant.domain.messages import Channel
from assistant.services.ports.addresses import SuppressionReason
from assistant.services.sms.forget_phone import forget_phone
from tests.fakes.clock import FakeClock
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import PHONE, Post

LAST = [PhoneText("Tout est effacé.", 1)]
WORDS = "une phrase que personne d'autre ne dit"


Forget = Callable[[str, SuppressionReason], None]


@pytest.fixture
def forget(assistant: Assistant) -> Forget:
    """Forget the phone of a conversation, with a last word."""

    def forget(conversation_id: str, reason: SuppressionReason) -> None:
        with assistant.open_unit_of_work() as work:
            forget_phone(work, conversation_id, reason, LAST, assistant.now())
            work.commit()

    return forget


def reason(assistant: Assistant) -> SuppressionReason | None:
    """Return why the phone is left alone."""
    with assistant.open_unit_of_work() as work:
        return work.suppressions.reason(Channel.SMS, PHONE)


def test_it_proves_itself(
    forget: Forget,
    post: Post,
    carrier: FakeCarrier,
    assistant: Assistant,
    settings: Settings,
    clock: FakeClock,
) -> None:
    post.sms(WORDS, sid="SMin")
    post.work()
    carrier.sent.clear()
    post.put("not yet sent", started_by_us=True)
    conversation = post.conversation()
    assert conversation is not None
    forget(conversation, SuppressionReason.ERASED)
    post.work()
    assert carrier.texts == ["Tout est effacé."]
    assert post.conversation() is None
    assert reason(assistant) is SuppressionReason.ERASED

    clock.pass_time(hours=2)
    assistant.forget_idle()
    clock.pass_time(minutes=5)
    post.work()
    assert set(carrier.deleted) == {"SMin", *carrier.sids.values()}
    file = settings.data_dir / "pas-a-pas.sqlite3"
    for each in file.parent.glob(f"{file.name}*"):
        kept = each.read_bytes()
        assert WORDS.encode() not in kept
        assert conversation.encode() not in kept
        assert not [sid for sid in carrier.deleted if sid.encode() in kept]


def test_the_same_person_may_begin_again(forget: Forget, post: Post, assistant: Assistant) -> None:
    post.sms("bonjour", sid="SM1")
    post.work()
    conversation = post.conversation()
    assert conversation is not None
    forget(conversation, SuppressionReason.ERASED)
    # An old form comes again: nobody is back.
    post.sms("bonjour", sid="SM1")
    assert reason(assistant) is SuppressionReason.ERASED
    assert post.conversation() is None
    post.sms("bonjour", sid="SM2")
    assert reason(assistant) is None
    assert post.conversation() not in {None, conversation}


def test_a_number_that_passed_to_somebody_else_stays_alone(
    forget: Forget, post: Post, carrier: FakeCarrier, assistant: Assistant
) -> None:
    forget(post.knows(), SuppressionReason.WRONG_NUMBER)
    post.sms("bonjour")
    post.put("hello", started_by_us=True)
    post.work()
    # Nothing that we start; one hint tells whoever writes how to come back.
    assert carrier.texts[0] == "Tout est effacé."
    assert "hello" not in carrier.texts
    assert reason(assistant) is SuppressionReason.WRONG_NUMBER


def test_a_conversation_without_a_phone_is_erased(
    forget: Forget, assistant: Assistant, carrier: FakeCarrier, post: Post
) -> None:
    opened = assistant.conversations.open("fr")
    forget(opened.conversation.id, SuppressionReason.ERASED)
    with assistant.open_unit_of_work() as work, pytest.raises(NotFound):
        work.conversations.get(opened.conversation.id)
    post.work()
    assert carrier.texts == []
