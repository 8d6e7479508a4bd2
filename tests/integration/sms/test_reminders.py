"""A reminder: asked for, agreed to, written down, told once at a decent hour, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.consent import ConsentAct, Purpose, verify
from assistant.domain.conversation import Question
from assistant.safety.neutral_words import telling_words
from tests.fakes.clock import FakeClock
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import Post
from tests.integration.sms.phone import Phone

ACTIVATE = "je veux activer mon espace santé"
# The clock stands on Monday the 23rd of November 2026, at eleven in Paris.
THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings under which no budget ends a test."""
    return settings.model_copy(update={"sms_budget_parts_per_day": 10_000})


@pytest.fixture
def phone(post: Post, carrier: FakeCarrier) -> Phone:
    """Somebody in the middle of a guide."""
    phone = Phone(post, carrier)
    phone.says(ACTIVATE)
    return phone


def acts(assistant: Assistant, conversation: str) -> list[ConsentAct]:
    """List what the person of a conversation said about reminders; the ledger must be whole."""
    with assistant.open_unit_of_work() as work:
        person = work.people.of_conversation(conversation)
        assert verify(work.consents.entries(), work.consents.payloads()) == ()
        said = work.consents.of_person(person) if person is not None else ()
    assert all(each.payload.purpose is Purpose.REMINDERS for each in said)
    return [each.payload.act for each in said]


def test_one_message_on_the_day_and_the_guide_goes_on(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    waiting = phone.keys[-1]
    conversation = phone.post.conversation() or ""
    phone.says("rappelez-moi dans 3 jours")
    assert phone.keys[-1] == "interface/reminder.question"
    assert acts(assistant, conversation) == []
    phone.says("oui")
    assert phone.keys[-1] == "interface/reminder.noted"
    assert acts(assistant, conversation) == [ConsentAct.GIVEN]
    sent = len(phone.carrier.sent)
    clock.pass_time(hours=(THURSDAY - clock.now()).total_seconds() / 3600 - 1)
    phone.post.work()
    assert len(phone.carrier.sent) == sent
    clock.pass_time(hours=1)
    phone.post.work()
    assert len(phone.carrier.sent) == sent + 1
    told = phone.carrier.texts[-1]
    assert telling_words(told) == ()
    assert "STOP" in told
    clock.pass_time(days=2)
    phone.post.work()
    assert len(phone.carrier.sent) == sent + 1
    phone.says("REPRENDRE")
    assert phone.keys[-1] == waiting


@pytest.mark.parametrize("said", ["je n'ai pas ma carte, plus tard", "plus tard", "rappelez-moi"])
def test_it_is_offered_to_who_puts_it_off(phone: Phone, assistant: Assistant, said: str) -> None:
    phone.says(said)
    assert phone.keys[-1] == "interface/reminder.when"
    phone.says("2")
    assert phone.keys[-1] == "interface/reminder.noted"
    conversation = phone.post.conversation()
    with assistant.open_unit_of_work() as work:
        assert work.reminders.due(THURSDAY, 10) == [conversation]


def test_no_is_no(phone: Phone, assistant: Assistant) -> None:
    waiting = phone.keys[-1]
    phone.says("rappelez-moi demain")
    phone.says("non")
    assert phone.keys[-1] == waiting
    assert acts(assistant, phone.post.conversation() or "") == []
    with assistant.open_unit_of_work() as work:
        assert work.reminders.due(THURSDAY, 10) == []


def test_yes_to_when_asks_when(phone: Phone) -> None:
    phone.says("rappelez-moi")
    phone.says("oui")
    assert phone.keys[-1] == "interface/reminder.when"
    phone.says("1")
    assert phone.keys[-1] == "interface/reminder.noted"


def test_stop_takes_it_back(phone: Phone, assistant: Assistant, clock: FakeClock) -> None:
    conversation = phone.post.conversation() or ""
    phone.says("rappelez-moi demain")
    phone.says("1")
    phone.says("STOP")
    assert acts(assistant, conversation) == [ConsentAct.GIVEN, ConsentAct.WITHDRAWN]
    sent = len(phone.carrier.sent)
    clock.pass_time(days=3)
    phone.post.work()
    assert len(phone.carrier.sent) == sent


def test_it_waits_for_a_decent_hour(phone: Phone, clock: FakeClock) -> None:
    phone.says("rappelez-moi samedi")
    phone.says("1")
    sent = len(phone.carrier.sent)
    # Nobody looked before Saturday night: not on Sunday, but on Monday at nine.
    clock.pass_time(days=5, hours=9)
    phone.post.work()
    clock.pass_time(hours=12)
    phone.post.work()
    assert len(phone.carrier.sent) == sent
    clock.pass_time(hours=26)
    phone.post.work()
    assert len(phone.carrier.sent) == sent + 1


def test_a_later_wish_takes_the_place_of_the_first(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    for said in ("rappelez-moi demain", "oui", "rappelez-moi dans 3 jours", "oui"):
        phone.says(said)
    sent = len(phone.carrier.sent)
    clock.pass_time(days=2)
    phone.post.work()
    assert len(phone.carrier.sent) == sent
    clock.pass_time(days=1)
    phone.post.work()
    assert len(phone.carrier.sent) == sent + 1
    conversation = phone.post.conversation() or ""
    with assistant.open_unit_of_work() as work:
        state = work.conversations.get(conversation).state
    assert state.question is Question.RESUME


def test_a_reminder_keeps_its_conversation_until_it_is_sent(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    conversation = phone.post.conversation()
    phone.says("rappelez-moi dans 60 jours")
    phone.says("oui")
    clock.pass_time(days=59)
    assistant.forget_idle()
    assert phone.post.conversation() == conversation
    clock.pass_time(days=1, hours=1)
    sent = len(phone.carrier.sent)
    phone.post.work()
    assert len(phone.carrier.sent) == sent + 1
    clock.pass_time(hours=assistant.settings.unkept_hours - 1)
    assistant.forget_idle()
    assert phone.post.conversation() == conversation
    clock.pass_time(hours=2)
    assistant.forget_idle()
    assert phone.post.conversation() is None


def test_no_more_reminder_takes_it_back_and_stops_nothing_else(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    phone.says("rappelez-moi demain")
    phone.says("oui")
    phone.says("plus de rappel")
    assert "interface/consent.reminders.withdrawn" in phone.keys
    assert acts(assistant, phone.post.conversation() or "") == [
        ConsentAct.GIVEN,
        ConsentAct.WITHDRAWN,
    ]
    sent = len(phone.carrier.sent)
    clock.pass_time(hours=26)
    phone.post.work()
    assert len(phone.carrier.sent) == sent
    assert phone.says("menu")


@pytest.mark.parametrize("said", ["oui mais pas trop tôt", "si vous voulez"])
def test_a_yes_under_a_condition_is_no_reminder(
    phone: Phone, assistant: Assistant, said: str
) -> None:
    phone.says("rappelez-moi demain")
    phone.says(said)
    phone.says(said)
    assert phone.keys[-2:][0] == "interface/consent.left"
    assert acts(assistant, phone.post.conversation() or "") == []
