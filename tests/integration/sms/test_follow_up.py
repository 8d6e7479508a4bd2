"""Whether it still works: asked once by SMS some days later, agreed to, answered, counted."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.consent import ConsentAct, Purpose, verify
from assistant.domain.conversation import Question
from assistant.domain.tally import Tally
from assistant.safety.neutral_words import telling_words
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.fakes.twilio import FakeCarrier
from tests.in_process import INTENTS
from tests.integration.sms.conftest import Post
from tests.integration.sms.phone import Phone

QUESTION = "interface/consent.quality.question"
ASKED = "interface/sms.follow_up"
# The clock stands on Monday the 23rd of November 2026, at eleven in Paris.
DUE = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
CONNECT = "je n'arrive plus à me connecter"
SUCCEEDS = (CONNECT, "je ne me suis jamais connecté", "je crois", "1", "5", "oui")
STILL_WORKS = Tally("connexion_impossible", "fin", "still_works")
STILL_NOT = Tally("connexion_impossible", "fin", "still_not")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings under which no budget ends a test."""
    return settings.model_copy(update={"sms_budget_parts_per_day": 10_000})


@pytest.fixture
def rasa() -> FakeRasa:
    """A Rasa that understands what this person comes for."""
    return FakeRasa(intents={**INTENTS, CONNECT: "connexion_impossible"})


@pytest.fixture
def phone(post: Post, carrier: FakeCarrier) -> Phone:
    """Somebody who has just succeeded."""
    phone = Phone(post, carrier)
    for said in SUCCEEDS:
        phone.says(said)
    return phone


def acts(assistant: Assistant, conversation: str) -> list[tuple[Purpose, ConsentAct]]:
    """List what the person of a conversation said; the ledger must be whole."""
    with assistant.open_unit_of_work() as work:
        person = work.people.of_conversation(conversation)
        assert verify(work.consents.entries(), work.consents.payloads()) == ()
        said = work.consents.of_person(person) if person is not None else ()
    return [(each.payload.purpose, each.payload.act) for each in said]


def counted(assistant: Assistant) -> dict[Tally, int]:
    """Return the counts of the last days."""
    with assistant.open_unit_of_work() as work:
        return dict(work.tallies.since(date(2026, 11, 1)))


def wait_until_due(phone: Phone, clock: FakeClock, *, hours_before: float = 0) -> list[str]:
    """Let the days pass; return what arrived."""
    before = len(phone.carrier.sent)
    clock.pass_time(hours=(DUE - clock.now()).total_seconds() / 3600 - hours_before)
    phone.post.assistant.forget_idle()
    phone.post.work()
    return phone.carrier.texts[before:]


def test_it_is_asked_for_where_a_guide_ended_well(phone: Phone, assistant: Assistant) -> None:
    assert phone.keys[-2:] == ["flow/connexion_impossible/fin/text", QUESTION]
    assert acts(assistant, phone.post.conversation() or "") == []


def test_one_message_on_its_day_and_its_answer_is_counted(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    phone.says("oui")
    assert "interface/consent.quality.given" in phone.keys[-2:]
    conversation = phone.post.conversation() or ""
    assert acts(assistant, conversation) == [(Purpose.QUALITY, ConsentAct.GIVEN)]
    assert wait_until_due(phone, clock, hours_before=1) == []
    (told,) = wait_until_due(phone, clock)
    assert telling_words(told) == ()
    assert "STOP" in told
    with assistant.open_unit_of_work() as work:
        assert work.conversations.get(conversation).state.question is Question.STILL_WORKS
    clock.pass_time(hours=1)
    phone.says("oui ça marche bien")
    assert "interface/follow_up.works" in phone.keys[-2:]
    assert counted(assistant)[STILL_WORKS] == 1
    assert STILL_NOT not in counted(assistant)
    clock.pass_time(days=1)
    phone.post.work()
    assert phone.keys.count(ASKED) == 1


@pytest.mark.parametrize(
    "said", ["non", "2", "non ca marche plus", "oui mais j'arrive plus a entrer"]
)
def test_who_says_no_is_helped(
    phone: Phone, assistant: Assistant, clock: FakeClock, said: str
) -> None:
    phone.says("oui")
    wait_until_due(phone, clock)
    phone.says(said)
    assert phone.keys[-1] == "interface/follow_up.not"
    assert counted(assistant)[STILL_NOT] == 1
    phone.says("1")
    assert phone.keys[-1].startswith("flow/connexion_impossible/")


def test_something_else_is_answered_all_the_same(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    phone.says("oui")
    wait_until_due(phone, clock)
    phone.says("je veux activer mon espace santé")
    assert phone.keys[-1].startswith("flow/activer_espace/")
    assert not {STILL_NOT, STILL_WORKS} & set(counted(assistant))


@pytest.mark.parametrize("said", ["non merci", "bof", "peut-être", "STOP"])
def test_without_a_plain_yes_nothing_is_asked(
    phone: Phone, assistant: Assistant, clock: FakeClock, said: str
) -> None:
    phone.says(said)
    conversation = phone.post.conversation() or ""
    assert (Purpose.QUALITY, ConsentAct.GIVEN) not in acts(assistant, conversation)
    assert wait_until_due(phone, clock) == []


@pytest.mark.parametrize("said", ["STOP", "OUBLIE-MOI", "mes accords"])
def test_it_is_taken_back(phone: Phone, assistant: Assistant, clock: FakeClock, said: str) -> None:
    phone.says("oui")
    phone.says(said)
    if said == "mes accords":
        phone.says("1")
        assert "interface/consent.quality.withdrawn" in phone.keys[-2:]
    elif said == "OUBLIE-MOI":
        phone.says("oui")
    assert wait_until_due(phone, clock) == []
    with assistant.open_unit_of_work() as work:
        assert work.follow_ups.due(DUE, 10) == []


def test_too_late_is_not_at_all(phone: Phone, assistant: Assistant, clock: FakeClock) -> None:
    phone.says("oui")
    before = len(phone.carrier.sent)
    clock.pass_time(days=18)
    phone.post.work()
    assert phone.carrier.sent[before:] == []
    with assistant.open_unit_of_work() as work:
        assert work.follow_ups.due(clock.now(), 10) == []


def test_it_is_told_and_taken_along(phone: Phone, assistant: Assistant) -> None:
    phone.says("oui")
    phone.says("que savez-vous de moi")
    assert "interface/known.follow_up" in phone.keys
    conversation = phone.post.conversation() or ""
    (kept,) = assistant.known.of(conversation).kept["follow_up"]
    assert (kept["flow"], kept["step"]) == ("connexion_impossible", "fin")


def test_whoever_helps_is_not_asked_for_it(post: Post, carrier: FakeCarrier) -> None:
    phone = Phone(post, carrier)
    for said in ("j'aide ma mère", *SUCCEEDS):
        phone.says(said)
    assert "flow/connexion_impossible/fin/text" in phone.keys
    assert QUESTION not in phone.keys
