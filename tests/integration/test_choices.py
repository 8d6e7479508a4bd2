"""« Mes choix »: offered at the end of a guide, noted on a plain yes, seen, mended, withdrawn."""

from __future__ import annotations

import hashlib
import html
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy import func, select

from assistant.adapters.tables import ChoiceRow
from assistant.bootstrap import Assistant
from assistant.domain.choices import ChoiceAct, Decision, NotedChoice
from assistant.domain.consent import Purpose
from assistant.domain.conversation import Question
from assistant.domain.messages import Channel, Instruction, InstructionKind
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa, Trouble
from tests.integration.visitor import Visitor
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


def test_a_notebook_outlives_some_days_away_and_no_more_than_the_conversation(
    assistant: Assistant, person: Talker, clock: FakeClock
) -> None:
    decides(person).says("oui")
    clock.pass_time(days=assistant.settings.keep_days - 1)
    assistant.forget_idle()
    assert len(lines(assistant, person)) == 1
    clock.pass_time(days=2)
    assistant.forget_idle()
    with assistant.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(ChoiceRow)).scalar_one() == 0


# -- the page and the files ------------------------------------------------------------------------


@pytest.fixture
def visitor(client: TestClient, rasa: FakeRasa) -> Visitor:
    """Somebody whose notebook holds two lines, in a browser without scripts."""
    rasa.intents = {**rasa.intents, WANTS: "acces_urgence"}
    there = Visitor(client)
    for button, decision in (("samu", "refuser"), ("autres", "laisser")):
        there.says(WANTS)
        for ending in (button, decision, "fait", "fait", "oui"):
            there.picks(f"/{ending}")
        there.picks("note/yes")
    return there


def press(visitor: Visitor, wish: str, line: int = 0) -> None:
    """Press a button of the page, on that line."""
    ids = re.findall(r'name="line" value="([^"]+)"', visitor.page("/mes-choix"))
    there = list(dict.fromkeys(ids))
    answer = visitor.post("/mes-choix", wish=wish, line=there[line] if there else "")
    assert (answer.status_code, answer.headers["location"]) == (303, "/mes-choix")


def test_the_page_lists_the_lines_and_says_that_it_is_no_act(
    assistant: Assistant, visitor: Visitor
) -> None:
    page = visitor.page("/mes-choix")
    for name in ("emergency_samu_refused", "emergency_others_allowed"):
        assert html.escape(words(assistant, f"choices.line.{name}"), quote=False) in page
    assert words(assistant, "choices.notice")[:40] in html.unescape(page)
    assert 'href="/mes-choix"' in visitor.page()


def test_the_page_corrects_withdraws_and_erases(assistant: Assistant, visitor: Visitor) -> None:
    press(visitor, "correct")
    states = [each["state"] for each in file_of(visitor)["lines"]]
    assert states == ["corrected", "noted"]
    press(visitor, "withdraw")
    assert [each["state"] for each in file_of(visitor)["lines"]] == ["withdrawn", "noted"]
    press(visitor, "clear")
    assert file_of(visitor)["lines"] == []
    assert words(assistant, "choices.none")[:30] in html.unescape(visitor.page("/mes-choix"))


def test_withdrawing_the_last_line_on_the_page_erases_the_notebook(visitor: Visitor) -> None:
    press(visitor, "withdraw")
    press(visitor, "withdraw", 0)
    assert file_of(visitor)["lines"] == []


def test_the_files_can_be_read_back(visitor: Visitor) -> None:
    body = file_of(visitor)
    assert body["schema_version"] == 1
    assert [each["act"] for each in body["lines"]] == ["emergency_samu", "emergency_others"]
    fhir = visitor.http.get("/mes-choix-fhir.json")
    assert fhir.headers["content-type"] == "application/fhir+json"
    assert "attachment" in fhir.headers["content-disposition"]
    bundle = Bundle.model_validate_json(fhir.text)
    assert len(bundle.entry or ()) == 2


def test_the_page_is_nobody_elses(client: TestClient, visitor: Visitor) -> None:
    stolen = visitor.post("/mes-choix", wish="withdraw", line="another")
    assert stolen.status_code == 303
    assert len([each for each in file_of(visitor)["lines"] if not each["withdrawn_at"]]) == 2
    assert visitor.post("/mes-choix", wish="correct", line="another").status_code == 404
    assert client.post("/mes-choix", data={"wish": "clear", "csrf": "wrong"}).status_code == 401
    client.cookies.clear()
    page = client.get("/mes-choix").text
    assert 'name="line"' not in page
    assert client.get("/mes-choix.json").headers["location"] == "/mes-choix"


def test_the_page_stays_shut_for_whoever_helps(assistant: Assistant, visitor: Visitor) -> None:
    visitor.says("c'est pour ma mère")
    page = html.unescape(visitor.page("/mes-choix"))
    assert words(assistant, "choices.not_yours")[:30] in page or "appareil partagé" in page
    assert file_of(visitor)["lines"] == []
    assert file_of(visitor)["closed"]
    assert visitor.post("/mes-choix", wish="clear").status_code == 404


def test_forgetting_everything_leaves_no_line(assistant: Assistant, visitor: Visitor) -> None:
    visitor.post("/effacer")
    with assistant.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(ChoiceRow)).scalar_one() == 0


def test_the_api_gives_both_files_to_the_bearer_alone(assistant: Assistant, person: Talker) -> None:
    decides(person).says("oui")
    path = f"/api/conversations/{person.id}/choices"
    body = person.http.request("GET", path, headers=person.headers).json()
    (line,) = body["lines"]
    assert (line["act"], line["decision"], line["state"]) == (
        "emergency_samu",
        "refused",
        "noted",
    )
    assert line["label"] == words(assistant, "choices.line.emergency_samu_refused")
    fhir = person.http.request("GET", f"{path}/fhir", headers=person.headers)
    assert Bundle.model_validate_json(fhir.text).type == "collection"
    assert person.http.request("GET", path).status_code == 401
    person.says("tout retirer").says("oui")
    emptied = person.http.request("GET", f"{path}/fhir", headers=person.headers)
    assert Bundle.model_validate_json(emptied.text).entry is None


def words(assistant: Assistant, key: str) -> str:
    """Return one of our own sentences, in French."""
    return assistant.catalogue.interface(key, "fr")


def file_of(visitor: Visitor) -> Any:
    """Read the JSON file of the page."""
    answer = visitor.http.get("/mes-choix.json")
    assert "attachment" in answer.headers["content-disposition"]
    return answer.json()
