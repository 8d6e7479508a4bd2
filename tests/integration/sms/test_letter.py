"""The letter of a guide and the reminder after it, by SMS and on the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.consent import ConsentAct, Purpose
from assistant.rendering.sms import PAGE_PARTS, count
from assistant.services.reminders.remind import reached
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import Post
from tests.integration.sms.phone import Phone
from tests.integration.visitor import Visitor
from tests.talker import Talker

OBJECT = "je m'oppose à la recherche"
SLUG = "opposition_recherche"
TO_THE_LETTER = ("de la recherche", "oui", "j'ai tout")
TO_THE_REMINDER = ("c'est fait", "elle est partie", "oui")
# The clock stands on Monday the 23rd of November 2026, at eleven in Paris.
IN_A_MONTH = datetime(2026, 12, 23, 9, 0, tzinfo=UTC)
ASKED = f"flow/{SLUG}/rappel/text"
END = f"flow/{SLUG}/fin_reussie/text"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings under which no budget ends a test."""
    return settings.model_copy(update={"sms_budget_parts_per_day": 10_000})


@pytest.fixture
def phone(post: Post, carrier: FakeCarrier, rasa: FakeRasa) -> Phone:
    """Somebody who objects by SMS, at the letter."""
    rasa.intents = {**rasa.intents, OBJECT: SLUG}
    phone = Phone(post, carrier)
    for said in (OBJECT, *TO_THE_LETTER):
        phone.says(said)
    return phone


@pytest.fixture
def talker(talker: Talker, rasa: FakeRasa) -> Talker:
    """Somebody who objects on the page, at the letter."""
    rasa.intents = {**rasa.intents, OBJECT: SLUG}
    for said in (OBJECT, *TO_THE_LETTER):
        talker.says(said)
    return talker


def acts(assistant: Assistant, conversation: str) -> list[ConsentAct]:
    """List what the person of a conversation said about reminders."""
    with assistant.open_unit_of_work() as work:
        person = work.people.of_conversation(conversation)
        said = work.consents.of_person(person) if person is not None else ()
    return [each.payload.act for each in said if each.payload.purpose is Purpose.REMINDERS]


def is_due(assistant: Assistant, conversation: str) -> bool:
    """Tell whether a reminder of the conversation is due in a month, and not before."""
    with assistant.open_unit_of_work() as work:
        before = work.reminders.due(IN_A_MONTH.replace(hour=8, minute=59), 10)
        return conversation not in before and conversation in work.reminders.due(IN_A_MONTH, 10)


def keys(talker: Talker, assistant: Assistant) -> list[str]:
    """List the keys of what answered last."""
    shown = {each["id"] for each in talker.last}
    with assistant.open_unit_of_work() as work:
        lines = work.messages.after(talker.id)
    return [line.instruction.key for line in lines if line.id in shown and line.instruction]


# -- the letter ------------------------------------------------------------------------------------


def test_by_sms_the_whole_letter_comes_page_by_page(phone: Phone) -> None:
    said = [phone.carrier.texts[-1]]
    while "SUITE" in said[-1]:
        assert len(said) < 8
        said += phone.says("suite")
    assert len(said) > 2
    assert all(count(text).parts <= PAGE_PARTS for text in said)
    letter = " ".join(said)
    assert "1461-9" in letter
    assert "....." in letter
    assert phone.keys[-1] == f"flow/{SLUG}/lettre/text"
    phone.says("c fait")
    assert phone.keys[-1] == f"flow/{SLUG}/envoyer/text"


def test_on_the_page_it_is_a_link_to_a_page_beside(talker: Talker) -> None:
    assert talker.step == f"{SLUG}/lettre"
    assert talker.kinds[-1] == "letter"
    (link,) = talker.last[-1]["links"]
    assert link["url"] == "/lettre/opposition-recherche"
    assert talker.http.request("GET", link["url"]).status_code == 200
    talker.says("c fait")
    assert talker.step == f"{SLUG}/envoyer"


# -- the reminder after it -------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["oui", "ouais ok", "1", "d'accord"])
def test_a_yes_is_kept_and_the_guide_ends(phone: Phone, assistant: Assistant, said: str) -> None:
    conversation = phone.post.conversation() or ""
    for before in TO_THE_REMINDER:
        phone.says(before)
    assert phone.keys[-1] == ASKED
    phone.says(said)
    told = phone.keys[phone.keys.index(ASKED) + 1 :]
    assert told[:2] == ["interface/reminder.noted", END]
    assert acts(assistant, conversation) == [ConsentAct.GIVEN]
    assert is_due(assistant, conversation)


@pytest.mark.parametrize("said", ["non merci", "2", "nan"])
def test_a_no_keeps_nothing(phone: Phone, assistant: Assistant, said: str) -> None:
    conversation = phone.post.conversation() or ""
    for each in (*TO_THE_REMINDER, said):
        phone.says(each)
    assert END in phone.keys
    assert acts(assistant, conversation) == []
    assert not is_due(assistant, conversation)


def test_what_is_unclear_is_asked_once_more_and_never_counted(
    phone: Phone, assistant: Assistant
) -> None:
    conversation = phone.post.conversation() or ""
    for each in (*TO_THE_REMINDER, "bof"):
        phone.says(each)
    assert phone.keys[-1] == "interface/retry.yes_no"
    phone.says("peut-être")
    told = phone.keys[phone.keys.index("interface/retry.yes_no") + 1 :]
    assert told[:2] == ["interface/consent.left", END]
    assert acts(assistant, conversation) == []


def test_why_is_answered_and_asked_again(phone: Phone) -> None:
    for each in (*TO_THE_REMINDER, "pourquoi ?"):
        phone.says(each)
    assert phone.keys[-2:] == ["interface/consent.reminders.why", ASKED]
    phone.says("oui")
    assert "interface/reminder.noted" in phone.keys


def test_on_the_page_without_a_phone_the_date_is_given_to_note(
    talker: Talker, assistant: Assistant
) -> None:
    for each in (*TO_THE_REMINDER, "oui"):
        talker.says(each)
    assert keys(talker, assistant)[:3] == [
        "interface/reminder.no_phone",
        "interface/reminder.note_day",
        END,
    ]
    assert "23/12" in talker.last[1]["text"]
    assert acts(assistant, talker.id) == []
    assert not is_due(assistant, talker.id)


def test_a_conversation_waits_for_its_reminder_whatever_its_time(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    conversation = phone.post.conversation() or ""
    for each in (*TO_THE_REMINDER, "oui"):
        phone.says(each)
    clock.pass_time(days=assistant.settings.keep_days, hours=-2)
    assistant.forget_idle()
    clock.pass_time(hours=4)
    assistant.forget_idle()
    sent = len(phone.carrier.sent)
    phone.post.work()
    assistant.forget_idle()
    assert len(phone.carrier.sent) == sent + 1
    assert phone.post.conversation() == conversation
    clock.pass_time(days=assistant.settings.keep_days + 1)
    assistant.forget_idle()
    assert phone.post.conversation() is None


# -- in one's own words, on the page ---------------------------------------------------------------


def linked(talker: Talker, assistant: Assistant, post: Post, carrier: FakeCarrier) -> Phone:
    """Let a phone go on with the conversation of the page."""
    phone = Phone(post, carrier)
    phone.says(assistant.resume.give_code(talker.id).digits)
    assert post.conversation() == talker.id
    return phone


def test_without_a_phone_it_is_told_and_the_step_waits(
    talker: Talker, assistant: Assistant
) -> None:
    talker.says("rappelez-moi dans 3 jours")
    told = keys(talker, assistant)
    assert told[:2] == ["interface/reminder.no_phone", "interface/reminder.note_day"]
    assert talker.step == f"{SLUG}/lettre"
    talker.says("rappelez-moi plus tard")
    assert "interface/reminder.note_day" not in keys(talker, assistant)
    assert acts(assistant, talker.id) == []


def test_with_a_phone_it_is_agreed_on_the_page_and_told_by_sms(
    talker: Talker, assistant: Assistant, post: Post, carrier: FakeCarrier
) -> None:
    linked(talker, assistant, post, carrier)
    talker.says("rappelez-moi dans un mois")
    assert keys(talker, assistant) == ["interface/reminder.question"]
    talker.says("oui")
    assert keys(talker, assistant)[0] == "interface/reminder.noted"
    assert acts(assistant, talker.id) == [ConsentAct.GIVEN]
    assert is_due(assistant, talker.id)


@pytest.mark.parametrize("by_sms", [True, False])
def test_it_is_taken_back_on_either_channel(
    talker: Talker, assistant: Assistant, post: Post, carrier: FakeCarrier, by_sms: bool
) -> None:
    phone = linked(talker, assistant, post, carrier)
    for each in ("rappelez-moi dans un mois", "oui"):
        talker.says(each)
    assert is_due(assistant, talker.id)
    for said, told in (
        ("annule le rappel", "interface/consent.reminders.withdrawn"),
        ("plus besoin du rappel", "interface/reminder.none"),
    ):
        if by_sms:
            phone.says(said)
        else:
            talker.says(said)
        assert told in phone.keys
    assert acts(assistant, talker.id) == [ConsentAct.GIVEN, ConsentAct.WITHDRAWN]
    assert not is_due(assistant, talker.id)


def test_on_a_shared_device_no_reminder_is_promised(
    assistant: Assistant, post: Post, carrier: FakeCarrier
) -> None:
    opened = assistant.conversations.open("fr", shared_device=True).conversation
    phone = Phone(post, carrier)
    phone.says(assistant.resume.give_code(opened.id).digits)
    assert post.conversation() == opened.id
    with assistant.open_unit_of_work() as work:
        assert reached(work, work.conversations.get(opened.id)) is None
        work.conversations.set_shared_device(opened.id, shared=False)
        assert reached(work, work.conversations.get(opened.id)) == phone.number


def test_the_page_gives_our_number_for_its_code(client: TestClient, settings: Settings) -> None:
    visitor = Visitor(client).says("bonjour")
    number = settings.code_number.removeprefix("+33")
    assert number
    html = visitor.post("/autre-appareil").text
    assert number in html.replace(" ", "").replace("\u00a0", "")
