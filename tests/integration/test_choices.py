"""« Mes choix »: offered at the end of a guide, noted on a plain yes, seen, mended, withdrawn."""

from __future__ import annotations

import hashlib

import pytest

from assistant.bootstrap import Assistant
from assistant.domain.choices import ChoiceAct, Decision, NotedChoice
from assistant.domain.consent import Purpose
from assistant.domain.conversation import Question
from assistant.domain.messages import Channel, Instruction, InstructionKind
from tests.fakes.rasa import FakeRasa, Trouble
from tests.talker import Talker

WANTS = "je veux régler l'accès en cas d'urgence"


@pytest.fixture(params=["rasa", "keywords"])
def person(request: pytest.FixtureRequest, talker: Talker, rasa: FakeRasa) -> Talker:
    """Somebody who begins, answered by Rasa or, while it is away, by the keyword engine."""
    rasa.intents = {**rasa.intents, WANTS: "acces_urgence"}
    if request.param == "keywords":
        rasa.trouble = Trouble.REFUSED
    return talker


def decides(talker: Talker, button: str = "samu", decision: str = "refuser") -> Talker:
    """Go through the guide to its end, as far as the question of the notebook."""
    talker.says(WANTS)
    for ending in (button, decision, "fait", "fait", "oui"):
        talker.picks(f"/{ending}")
    return talker


def keys(assistant: Assistant, talker: Talker) -> list[str]:
    """List the keys of the last messages."""
    with assistant.open_unit_of_work() as work:
        known = {each.id: each.instruction for each in work.messages.after(talker.id)}
    return [
        instruction.key.removeprefix("interface/")
        for each in talker.last
        if (instruction := known[each["id"]]) is not None
    ]


def lines(assistant: Assistant, talker: Talker) -> list[NotedChoice]:
    """List the lines that are kept for the person of a conversation."""
    with assistant.open_unit_of_work() as work:
        person = work.people.of_conversation(talker.id)
        return [] if person is None else list(work.choices.of_person(person))


def agreed(assistant: Assistant, talker: Talker) -> bool:
    """Tell whether the person agrees now that a notebook be kept."""
    with assistant.open_unit_of_work() as work:
        person = work.people.of_conversation(talker.id)
        last = work.consents.last_word(person, Purpose.KEEP_CHOICES) if person else None
    return last is not None and last.in_force(assistant.now())


OFFER = "consent.keep_choices.question"


def test_a_guide_that_ends_well_offers_to_note_what_was_decided(
    assistant: Assistant, person: Talker
) -> None:
    decides(person)
    assert keys(assistant, person) == ["flow/acces_urgence/fin_reussie/text", OFFER]
    assert lines(assistant, person) == []
    assert not agreed(assistant, person)


@pytest.mark.parametrize("answer", ["oui", "ouais", "ok", "d'accord", "1"])
def test_a_plain_yes_notes_the_line_with_the_words_on_which_it_was_decided(
    assistant: Assistant, person: Talker, answer: str
) -> None:
    decides(person).says(answer)
    assert keys(assistant, person)[0] == "choices.noted"
    (line,) = lines(assistant, person)
    assert (line.told.act, line.told.decision) == (ChoiceAct.EMERGENCY_SAMU, Decision.REFUSED)
    shown = assistant.catalogue.say(
        Instruction(InstructionKind.ASK, line.told.key, revision=line.told.revision),
        "fr",
        Channel.WEB,
    )
    assert line.words_hash == hashlib.sha256(shown.text.encode()).hexdigest()
    assert agreed(assistant, person)


@pytest.mark.parametrize("answer", ["non merci", "non", "2"])
def test_a_no_keeps_nothing_and_is_not_asked_again(
    assistant: Assistant, person: Talker, answer: str
) -> None:
    decides(person).says(answer)
    assert keys(assistant, person) == ["consent.refused", "anything_else"]
    assert lines(assistant, person) == []
    decides(person)
    assert OFFER not in keys(assistant, person)


def test_an_unclear_answer_is_asked_once_more_and_counts_for_nothing(
    assistant: Assistant, person: Talker
) -> None:
    decides(person).says("bof")
    assert OFFER in keys(assistant, person)
    person.says("mouais bof")
    assert OFFER not in keys(assistant, person)
    assert lines(assistant, person) == []
    assert not agreed(assistant, person)


def test_the_second_decision_is_asked_about_too_and_the_agreement_once(
    assistant: Assistant, person: Talker
) -> None:
    decides(person).says("oui")
    decides(person, "autres", "laisser").says("oui")
    assert [line.told.name for line in lines(assistant, person)] == [
        "emergency_samu_refused",
        "emergency_others_allowed",
    ]
    with assistant.open_unit_of_work() as work:
        known = work.people.of_conversation(person.id)
        assert known is not None
        assert len(work.consents.of_person(known)) == 1


@pytest.mark.parametrize("typed", ["mes choix", "MES CHOIX", "mes chois", "meschoix svp"])
def test_the_notebook_is_listed_by_its_word(
    assistant: Assistant, person: Talker, typed: str
) -> None:
    decides(person).says("oui")
    person.says(typed)
    assert keys(assistant, person) == ["choices.list", "choices.how", "anything_else"]
    assert "1." in person.last[0]["text"]


def test_an_empty_notebook_says_so_and_a_number_that_is_not_there_too(
    assistant: Assistant, person: Talker
) -> None:
    person.says("mes choix")
    assert keys(assistant, person)[0] == "choices.none"
    decides(person).says("oui")
    person.says("retirer 7")
    assert keys(assistant, person)[0] == "choices.no_such_line"
    assert len(lines(assistant, person)) == 1


def test_a_line_is_corrected_once_it_was_confirmed(assistant: Assistant, person: Talker) -> None:
    decides(person).says("oui")
    person.says("corriger 1")
    assert keys(assistant, person) == ["choices.correct"]
    assert lines(assistant, person)[0].corrected_at is None
    person.says("oui")
    assert keys(assistant, person)[0] == "choices.corrected"
    (line,) = lines(assistant, person)
    assert line.told.decision is Decision.ALLOWED
    assert line.corrected_at is not None


def test_a_correction_that_is_not_confirmed_changes_nothing(
    assistant: Assistant, person: Talker
) -> None:
    decides(person).says("oui")
    person.says("corriger 1").says("non")
    assert keys(assistant, person)[0] == "choices.kept"
    assert lines(assistant, person)[0].told.decision is Decision.REFUSED


def test_withdrawing_one_line_leaves_the_others(assistant: Assistant, person: Talker) -> None:
    decides(person).says("oui")
    decides(person, "autres", "laisser").says("oui")
    person.says("retirer 1")
    assert keys(assistant, person)[0] == "choices.withdrawn"
    person.says("mes choix")
    assert "2." not in person.last[0]["text"]
    assert agreed(assistant, person)


@pytest.mark.parametrize("ways", [["retirer 1"], ["tout retirer", "oui"]])
def test_withdrawing_all_withdraws_the_agreement_and_erases_the_notebook(
    assistant: Assistant, person: Talker, ways: list[str]
) -> None:
    decides(person).says("oui")
    for each in ways:
        person.says(each)
    assert lines(assistant, person) == []
    assert not agreed(assistant, person)


def test_whoever_helps_is_offered_nothing_and_opens_nothing(
    assistant: Assistant, person: Talker
) -> None:
    decides(person).says("oui")
    person.says("c'est pour ma mère")
    decides(person)
    assert OFFER not in keys(assistant, person)
    person.says("mes choix")
    assert keys(assistant, person)[0] == "choices.not_yours"
    assert len(lines(assistant, person)) == 1


def test_nothing_is_offered_on_a_shared_device(assistant: Assistant, person: Talker) -> None:
    with assistant.open_unit_of_work() as work:
        work.conversations.set_shared_device(person.id, shared=True)
        work.commit()
    decides(person)
    assert OFFER not in keys(assistant, person)
    person.says("mes choix")
    assert keys(assistant, person)[0] == "choices.shared"


def test_a_danger_at_the_question_comes_first_and_nothing_is_noted(
    assistant: Assistant, person: Talker
) -> None:
    decides(person).says("je veux mourir")
    person.says("oui")
    assert lines(assistant, person) == []
    with assistant.open_unit_of_work() as work:
        state = work.conversations.get(person.id).state
    assert state.question is not Question.CONSENT


def test_going_on_to_something_else_notes_nothing(assistant: Assistant, person: Talker) -> None:
    decides(person).says("menu")
    person.says("oui")
    assert lines(assistant, person) == []


def test_in_the_middle_of_a_guide_the_word_answers_and_the_guide_waits(
    assistant: Assistant, person: Talker
) -> None:
    decides(person).says("oui")
    person.says(WANTS)
    person.says("mes choix")
    assert keys(assistant, person)[-1] == "flow/acces_urgence/souhait/text"
    person.says("retirer 1")
    assert keys(assistant, person)[-1] == "flow/acces_urgence/souhait/text"


def test_a_line_goes_with_an_erased_conversation(assistant: Assistant, person: Talker) -> None:
    decides(person).says("oui")
    with assistant.open_unit_of_work() as work:
        owner = work.people.of_conversation(person.id)
        assert owner is not None
    assistant.conversations.erase(person.id)
    with assistant.open_unit_of_work() as work:
        assert list(work.choices.of_person(owner)) == []
