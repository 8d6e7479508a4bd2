"""A conversation by SMS: what leaves, in how many text messages, and what STOP changes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from assistant.adapters.tables import (
    AddressConversationRow,
    AddressRow,
    InboundRow,
    MessageRow,
    OutboxRow,
)
from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.conversation import Question
from assistant.domain.messages import Author, Channel
from assistant.rendering.sms import count
from assistant.services.ports.addresses import SuppressionReason
from assistant.services.sms.phone_line import LOOP
from tests.fakes.clock import FakeClock
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import PHONE, Post
from tests.integration.sms.phone import Phone

ACTIVATE = "je veux activer mon espace santé"
DANGER = "je veux mourir"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings under which no budget ends a test."""
    return settings.model_copy(update={"sms_budget_parts_per_day": 10_000})


@pytest.fixture
def phone(post: Post, carrier: FakeCarrier) -> Phone:
    """A phone that never wrote to us."""
    return Phone(post, carrier)


def reason(assistant: Assistant) -> SuppressionReason | None:
    """Return why the phone is left alone."""
    with assistant.open_unit_of_work() as work:
        return work.suppressions.reason(Channel.SMS, PHONE)


def question(assistant: Assistant, post: Post) -> Question | None:
    """Return the question of our own that waits."""
    with assistant.open_unit_of_work() as work:
        return work.conversations.get(post.conversation() or "").state.question


# -- what leaves -----------------------------------------------------------------------------------


def test_the_first_answer_says_first_that_it_is_a_program(phone: Phone) -> None:
    who_we_are, answer = phone.says(ACTIVATE)
    assert phone.keys[0] == "interface/welcome.program"
    assert len(phone.keys) == 2
    assert " = " not in who_we_are
    assert "1 = " in answer, "the question needs no SUITE"
    assert count(who_we_are).parts <= 2
    assert count(answer).parts <= 2


def test_a_long_answer_leaves_page_by_page(phone: Phone) -> None:
    phone.says("bonjour")
    before = len(phone.keys)
    (page,) = phone.says("menu")
    said = phone.keys
    assert len(said) > before
    read = [page]
    while "SUITE" in page:
        (page,) = phone.says("suite")
        read.append(page)
    assert len(read) == 2
    assert len(set(read)) == len(read)
    assert all(count(each).parts <= 2 for each in read)
    # They are one answer, kept once; every choice was numbered, in order.
    assert phone.keys == said
    numbers = [line.split(" = ")[0] for each in read for line in each.splitlines() if " = " in line]
    assert numbers == [str(number) for number in range(1, 9)]
    # When nothing is left « suite » asks again.
    assert phone.says("suite")
    assert len(phone.keys) > len(said)


def test_a_page_that_nobody_asked_for_is_forgotten(phone: Phone, assistant: Assistant) -> None:
    phone.says("menu")
    phone.says("répète")
    told = phone.carrier.texts
    phone.says("suite")
    assert len(phone.carrier.texts) == len(told) + 1
    with assistant.engine.connect() as connection:
        held = connection.exec_driver_sql("select count(*) from outbox where status = 'held'")
        assert held.scalar_one() <= 1


def test_slowly_changes_nothing_here(phone: Phone) -> None:
    phone.says(ACTIVATE)
    (plain,) = phone.says("répète")
    (slower,) = phone.says("plus lentement")
    assert slower == plain


def test_a_picture_is_spoken_of_in_the_same_text_message(phone: Phone) -> None:
    first = phone.says(ACTIVATE, NumMedia="1")
    assert len(first) == 1
    assert phone.keys[0] == "interface/sms.no_pictures"


def test_danger_leaves_whole_and_at_once(phone: Phone) -> None:
    answer = phone.says(DANGER)
    assert answer
    assert phone.keys[0] == "answer/detresse/text"
    assert not any("SUITE" in text for text in answer)


@pytest.mark.parametrize("word", ["AIDE", "contact", "?", "qui êtes-vous ?"])
def test_who_we_are_in_two_parts_and_the_numbers_still_count(phone: Phone, word: str) -> None:
    phone.says(ACTIVATE)
    (told,) = phone.says(word)
    assert count(told).parts <= 2
    assert {"3422", "STOP"} <= set(told.replace(".", " ").replace(",", " ").split())
    before = phone.keys
    phone.says("1")
    assert phone.keys[len(before)].startswith("flow/activer_espace/")


def test_a_number_is_taken_for_a_machine_after_more_answers_than_a_person_reads(
    phone: Phone, clock: FakeClock
) -> None:
    answers = [phone.says("menu") for _ in range(LOOP.answers + 10)]
    assert all(answers[: LOOP.answers])
    assert phone.keys[-1] == "interface/sms.loop"
    assert answers[LOOP.answers]
    assert not any(answers[LOOP.answers + 1 :])
    # It is silent until the other is: a pause ends it.
    clock.pass_time(minutes=9)
    assert not phone.says("menu")
    clock.pass_time(minutes=9)
    assert not phone.says("menu")
    clock.pass_time(minutes=10)
    assert phone.says("menu")


def test_danger_ends_the_silence(phone: Phone) -> None:
    for _ in range(LOOP.answers + 5):
        phone.says("menu")
    assert not phone.says("menu")
    assert phone.says(DANGER)
    assert phone.says("2")


def test_two_robots_do_not_speak_of_danger_for_ever(phone: Phone, clock: FakeClock) -> None:
    answers = []
    for number in range(120):
        clock.pass_time(seconds=30)
        # Never the same words twice: each could be another call for help.
        answers += phone.says(f"alerte {number} : {DANGER}")
    # Ten at once, then one in ten minutes; each is one or two text messages.
    assert 14 <= phone.keys.count("answer/detresse/text") <= 15
    assert len(answers) <= 30
    # Other words of danger, a person's, are answered once that hour is over, at the latest.
    clock.pass_time(minutes=10)
    assert phone.says("j'ai envie de me suicider")


def test_words_of_danger_that_come_again_at_once_close_nothing(phone: Phone) -> None:
    assert phone.says(DANGER)
    assert phone.says(DANGER) == []
    # The question whether they are safe still waits.
    assert phone.says("2")
    assert phone.keys[-2:] == ["interface/safe.call_now", "interface/safe.again"]


# -- STOP ------------------------------------------------------------------------------------------


def test_stop_is_confirmed_once_and_then_there_is_silence(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    phone.says(ACTIVATE)
    assert len(phone.says("STOP")) == 1
    assert reason(assistant) is SuppressionReason.STOP
    assert phone.says("STOP") == []
    # One hint in seven days, whatever is said; « oui » opens nothing.
    assert len(phone.says("oui")) == 1
    assert phone.keys[-1] == "interface/sms.stopped"
    for said in ("oui", "bonjour", "1", "ok", "menu", "START"[:3]):
        assert phone.says(said) == []
    clock.pass_time(days=6)
    assert phone.says("bonjour") == []
    clock.pass_time(days=1)
    assert len(phone.says("bonjour")) == 1
    assert reason(assistant) is SuppressionReason.STOP


def test_only_reprendre_reopens_and_the_guide_goes_on(phone: Phone, assistant: Assistant) -> None:
    phone.says(ACTIVATE)
    phone.says("1")
    waiting = phone.keys[-1]
    phone.says("STOP")
    assert len(phone.says("REPRENDRE")) == 1
    assert reason(assistant) is None
    assert phone.keys[-2:] == ["interface/sms.reopened", waiting]
    phone.says("1")
    assert phone.keys[-1].startswith("flow/activer_espace/")


def test_danger_is_answered_after_stop_to_its_end(phone: Phone) -> None:
    phone.says("STOP")
    assert phone.says(DANGER)
    assert phone.says("2")
    assert phone.keys[-2:] == ["interface/safe.call_now", "interface/safe.again"]
    assert phone.says("1")
    assert phone.says("bonjour")[0].count("REPRENDRE") == 1
    assert phone.says("bonjour") == []


def test_a_doubt_is_asked_about_and_its_answer_counts(phone: Phone, assistant: Assistant) -> None:
    phone.says(ACTIVATE)
    (asked,) = phone.says("arretez")
    assert asked.splitlines()[-2].startswith("1 = ")
    assert reason(assistant) is None
    assert len(phone.says("1")) == 1
    assert phone.keys[-1] == "interface/stop.done"
    assert reason(assistant) is SuppressionReason.STOP
    assert phone.says("stop") == []


def test_the_other_answer_to_a_doubt_stops_nothing(phone: Phone, assistant: Assistant) -> None:
    phone.says(ACTIVATE)
    phone.says("arretez")
    assert phone.says("2")
    assert reason(assistant) is None


def test_a_stop_that_only_the_engine_hears_counts_too(phone: Phone, assistant: Assistant) -> None:
    phone.says("bonjour")
    assert phone.says("ne m'écrivez plus")
    assert reason(assistant) is SuppressionReason.STOP
    assert phone.says("STOP") == []


def test_a_stop_on_the_page_is_no_stop_of_a_phone(assistant: Assistant, post: Post) -> None:
    del post
    assert reason(assistant) is None


# -- forgetting ------------------------------------------------------------------------------------


def test_oublie_moi_leaves_nothing_and_a_replay_brings_nothing_back(
    phone: Phone, assistant: Assistant, clock: FakeClock, settings: Settings
) -> None:
    phone.says("une phrase que personne ne dit", sid="SM1")
    conversation = phone.post.conversation()
    assert conversation is not None
    assert len(phone.says("OUBLIE-MOI")) == 1
    assert reason(assistant) is SuppressionReason.ERASED
    assert phone.post.conversation() is None
    phone.says("une phrase que personne ne dit", sid="SM1")
    assert phone.post.conversation() is None
    clock.pass_time(hours=2)
    assistant.forget_idle()
    phone.post.work()
    assert f"SM{'1':0>1}" in phone.carrier.deleted
    file = settings.data_dir / "pas-a-pas.sqlite3"
    for each in file.parent.glob(f"{file.name}*"):
        kept = each.read_bytes()
        assert b"personne ne dit" not in kept
        assert conversation.encode() not in kept
    with assistant.engine.connect() as connection:
        for row in (AddressRow, AddressConversationRow, InboundRow, MessageRow, OutboxRow):
            counted = connection.execute(select(func.count()).select_from(row))
            assert counted.scalar_one() == 0


def test_what_may_mean_it_is_asked_about(phone: Phone, assistant: Assistant) -> None:
    phone.says(ACTIVATE)
    phone.says("effacez tout")
    assert phone.keys[-1] == "interface/forget.confirm"
    assert question(assistant, phone.post) is Question.CONFIRM
    assert phone.says("non")
    assert question(assistant, phone.post) is None
    phone.says("effacez tout")
    phone.says("oui")
    assert phone.post.conversation() is None


def test_pas_moi_blocks_until_reprendre(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    phone.says(ACTIVATE)
    assert len(phone.says("PAS MOI")) == 1
    assert reason(assistant) is SuppressionReason.WRONG_NUMBER
    clock.pass_time(hours=2)
    assistant.forget_idle()
    assert len(phone.says("bonjour")) == 1
    assert phone.keys == ["interface/sms.stopped"]
    assert phone.says("bonjour") == []
    assert phone.says("REPRENDRE")
    assert reason(assistant) is None
    assert phone.says("menu")


def test_it_is_obeyed_after_stop(phone: Phone, assistant: Assistant) -> None:
    phone.says(ACTIVATE)
    phone.says("STOP")
    assert len(phone.says("OUBLIE-MOI")) == 1
    assert reason(assistant) is SuppressionReason.ERASED


# -- the page and the phone ------------------------------------------------------------------------


def test_a_code_of_the_page_goes_on_with_its_step_by_sms(
    phone: Phone, assistant: Assistant
) -> None:
    page = assistant.conversations.open("fr").conversation
    code = assistant.resume.give_code(page.id)
    (told,) = phone.says(f" {code.digits[:3]} {code.digits[3:]} ")
    assert "SEPARER" in told
    assert phone.post.conversation() == page.id
    assert phone.keys.count("interface/sms.linked") == 1
    lines = phone.post.lines()
    assert not any(code.digits in line.words.text for line in lines)
    # One conversation: what is said on the phone is read on the page.
    phone.says(ACTIVATE)
    said = [line.words.text for line in phone.post.lines() if line.author is Author.CITIZEN]
    assert said[-1] == ACTIVATE


def test_a_code_opens_once(phone: Phone, assistant: Assistant, post: Post) -> None:
    page = assistant.conversations.open("fr").conversation
    code = assistant.resume.give_code(page.id)
    phone.says(code.digits)
    other = Phone(post, phone.carrier, "+33687654321")
    other.says(code.digits)
    assert other.keys[-1] == "interface/sms.unknown_code"
    assert post.conversation("+33687654321") != page.id


def test_a_code_is_over_after_a_quarter_of_an_hour(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    page = assistant.conversations.open("fr").conversation
    code = assistant.resume.give_code(page.id)
    clock.pass_time(minutes=15, seconds=1)
    phone.says(code.digits)
    assert phone.keys[-1] == "interface/sms.unknown_code"
    assert phone.post.conversation() != page.id


def test_five_wrong_codes_from_a_number_and_the_right_one_opens_nothing(
    phone: Phone, assistant: Assistant, clock: FakeClock
) -> None:
    page = assistant.conversations.open("fr").conversation
    code = assistant.resume.give_code(page.id)
    wrong = f"{(int(code.digits) + 1) % 10**6:06}"
    for _ in range(5):
        phone.says(wrong)
    phone.says(code.digits)
    assert phone.post.conversation() != page.id
    # The others are not held up.
    other = Phone(phone.post, phone.carrier, "+33687654321")
    other.says(code.digits)
    assert phone.post.conversation("+33687654321") == page.id
    clock.pass_time(minutes=16)


def test_a_stopped_number_uses_no_code(phone: Phone, assistant: Assistant) -> None:
    phone.says("STOP")
    page = assistant.conversations.open("fr").conversation
    code = assistant.resume.give_code(page.id)
    phone.says(code.digits)
    assert phone.post.conversation() != page.id
    assert assistant.resume.take(code.digits, "a place").conversation.id == page.id


def test_a_date_of_six_digits_is_an_answer(phone: Phone) -> None:
    phone.says(ACTIVATE)
    phone.says("12 03 65")
    assert "interface/sms.unknown_code" not in phone.keys


def test_a_phone_goes_on_with_the_page(phone: Phone, assistant: Assistant) -> None:
    phone.says(ACTIVATE)
    before = phone.keys
    (told,) = phone.says("continuer sur internet")
    assert phone.keys[len(before) :] == ["interface/sms.code"]
    digits = "".join(told.split("code : ")[1][:7].split())
    resumed = assistant.resume.take(digits, "a place")
    assert resumed.conversation.id == phone.post.conversation()
    assert resumed.conversation.state.session.current is not None


def test_separer_parts_them(phone: Phone, assistant: Assistant) -> None:
    page = assistant.conversations.open("fr").conversation
    phone.says(assistant.resume.give_code(page.id).digits)
    assert len(phone.says("SEPARER")) == 1
    assert phone.post.conversation() is None
    phone.says("bonjour")
    assert phone.post.conversation() not in {None, page.id}
    # The page keeps its conversation, and what was said in it.
    with assistant.open_unit_of_work() as work:
        keys = [each.instruction.key for each in work.messages.after(page.id) if each.instruction]
    assert keys[-1] == "interface/sms.separated"


def test_a_conversation_has_one_phone_at_a_time(
    phone: Phone, assistant: Assistant, post: Post
) -> None:
    page = assistant.conversations.open("fr").conversation
    phone.says(assistant.resume.give_code(page.id).digits)
    other = Phone(post, phone.carrier, "+33687654321")
    other.says(assistant.resume.give_code(page.id).digits)
    assert post.conversation() is None
    assert post.conversation("+33687654321") == page.id
