"""« Que savez-vous de moi ? » and « efface tout » on the page and over the API."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.adapters.repositories.known_data import EXPORTED
from assistant.bootstrap import Assistant
from assistant.domain.errors import NotFound
from assistant.gateway.access import COOKIE
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.integration.visitor import Visitor, hidden
from tests.talker import Talker

ASKS = "que savez-vous de moi ?"
CARD = "ma carte est la 4970 1012 3456 7896"


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    """Somebody in front of the page."""
    return Visitor(client)


def keys(assistant: Assistant, talker: Talker, since: int = 0) -> Sequence[str]:
    """List the keys of what was said, after so many messages."""
    with assistant.open_unit_of_work() as work:
        lines = work.messages.after(talker.id)[since:]
    return [line.instruction.key for line in lines if line.instruction is not None]


def is_gone(assistant: Assistant, conversation_id: str) -> bool:
    """Tell whether a conversation is in no table."""
    return not assistant.conversations.exists(conversation_id)


# -- to know ---------------------------------------------------------------------------------------


def test_it_is_told_in_words_and_the_question_waits_on(
    talker: Talker, assistant: Assistant
) -> None:
    talker.picks("need/activer_espace")
    step = talker.step
    before = len(talker.history())
    talker.says(ASKS)
    assert keys(assistant, talker, before)[:-1] == [
        "interface/known.kept",
        "interface/known.until",
        "interface/known.guide",
        "flow/activer_espace/title",
        "interface/known.no_phone",
        "interface/known.no_consent",
        "interface/known.file",
    ]
    assert talker.step == step
    assert "word/forget_me" in talker.offered


def test_the_figures_are_the_ones_of_the_tables(talker: Talker, clock: FakeClock) -> None:
    talker.says("bonjour")
    held = len(talker.history())
    told = talker.says(ASKS).last[0]["text"]
    assert f" {held + 1} " in told.replace("\N{NO-BREAK SPACE}", " "), "the question is one more"
    assert f"{clock.now():%d/%m/%Y}" in told


def test_on_a_shared_device_it_says_minutes_and_names_no_delicate_guide(
    talker: Talker, assistant: Assistant, rasa: FakeRasa
) -> None:
    told = "il regarde tout ce que je fais dans mon espace"
    rasa.intents = {**rasa.intents, told: "violences"}
    talker.says(told)
    conversation = assistant.conversations.current(talker.id)
    assistant.conversations.share_device(conversation, shared=True)
    before = len(talker.history())
    talker.says(ASKS)
    said = keys(assistant, talker, before)
    assert "interface/known.until_minutes" in said
    assert "interface/known.guide" not in said


def test_words_of_ones_own_for_it_are_understood_by_the_engine(
    talker: Talker, assistant: Assistant, rasa: FakeRasa
) -> None:
    rasa.intents = {**rasa.intents, "et les cookies ?": "mes_donnees"}
    rasa.intents = {**rasa.intents, "nettoyez le chat": "mes_donnees"}
    before = len(talker.history())
    talker.says("et les cookies ?")
    said = keys(assistant, talker, before)
    assert said[:2] == ["answer/mes_donnees/text", "interface/known.kept"]
    talker.says("nettoyez le chat")
    assert "sms/forget_me" in talker.offered


def test_the_page_shows_all_and_gives_it_as_a_file(visitor: Visitor) -> None:
    visitor.says("bonjour").says(CARD)
    page = visitor.page("/mes-donnees")
    assert "bonjour" in page
    assert "4970" not in page
    assert 'href="/mes-donnees.json"' in page
    file = visitor.http.get("/mes-donnees.json")
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["content-disposition"].startswith("attachment")
    kept = json.loads(file.text)["kept"]
    assert kept.keys() == {table.__tablename__ for table in EXPORTED}
    assert kept["inbound"][0]["text"] == "bonjour"
    assert kept["inbound"][1]["masked"] == ["bank_card"]
    assert "4970" not in file.text
    token = (visitor.http.cookies.get(COOKIE) or "").partition(".")[2]
    assert token
    assert token not in file.text


def test_the_page_needs_no_conversation(visitor: Visitor) -> None:
    assert "/mes-donnees.json" not in visitor.page("/mes-donnees")
    assert visitor.http.get("/mes-donnees.json").headers["location"] == "/mes-donnees"


def test_what_was_left_of_a_delicate_subject_is_in_no_file(
    visitor: Visitor, talker: Talker, assistant: Assistant
) -> None:
    words = "mon mari me frappe"
    visitor.says("bonjour").says(words)
    assert words in visitor.http.get("/mes-donnees.json").text
    visitor.http.get("/sortie")
    for path in ("/mes-donnees", "/mes-donnees.json"):
        text = visitor.http.get(path).text
        assert words not in text
        assert "violences" not in text
        assert "bonjour" in text
    talker.says(words)
    assistant.discretion.leave(talker.id)
    path = f"/api/conversations/{talker.id}/export"
    assert words not in talker.http.request("GET", path, headers=talker.headers).text


def test_after_fifteen_minutes_away_nothing_delicate_is_shown(
    visitor: Visitor, clock: FakeClock
) -> None:
    visitor.says("mon mari me frappe")
    clock.pass_time(minutes=16)
    assert "frappe" not in visitor.page("/mes-donnees")


# -- to erase --------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["efface tout", "oublie-moi", "EFFACEZ TOUT SVP"])
def test_a_slip_in_a_flow_loses_nothing(talker: Talker, assistant: Assistant, said: str) -> None:
    talker.picks("need/activer_espace")
    step = talker.step
    talker.says(said)
    assert keys(assistant, talker)[-1] == "interface/forget.confirm"
    assert not is_gone(assistant, talker.id)
    talker.says("non")
    assert talker.step == step


@pytest.mark.parametrize("yes", ["oui", "1", "sms/forget_me"])
def test_a_yes_erases_all_and_says_what_survives(
    talker: Talker, assistant: Assistant, yes: str
) -> None:
    talker.says("bonjour").says("efface tout")
    body = {"choice": yes} if "/" in yes else {"text": yes}
    answer = talker.post(body)
    assert answer.status_code == 200
    (last,) = answer.json()["messages"]
    assert last["kind"] == "end"
    assert "empreintes" in last["text"]
    assert is_gone(assistant, talker.id)
    assert talker.post(body).status_code == 404


def test_an_unclear_answer_erases_nothing(talker: Talker, assistant: Assistant) -> None:
    talker.says("efface tout").says("je sais pas trop")
    assert not is_gone(assistant, talker.id)


def test_the_page_leads_to_the_last_word_and_forgets_the_cookie(
    visitor: Visitor, assistant: Assistant
) -> None:
    visitor.says("bonjour").says("efface tout")
    page = visitor.page()
    fields = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "choice": "sms/forget_me"}
    cookie = visitor.http.cookies.get(COOKIE) or ""
    for _ in range(2):
        answer = visitor.http.post("/messages", data=fields)
        assert (answer.status_code, answer.headers["location"]) == (303, "/efface")
    assert is_gone(assistant, cookie.partition(".")[0])
    assert visitor.http.cookies.get(COOKIE) is None
    assert "/mes-donnees.json" not in visitor.page("/mes-donnees")


def test_pressed_twice_with_the_cookie_still_there_it_begins_nothing(
    visitor: Visitor, assistant: Assistant
) -> None:
    visitor.says("efface tout")
    page = visitor.page()
    fields = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "choice": "sms/forget_me"}
    cookie = visitor.http.cookies.get(COOKIE) or ""
    visitor.http.post("/messages", data=fields)
    visitor.http.cookies.set(COOKIE, cookie)
    assert visitor.http.post("/messages", data=fields).headers["location"] == "/efface"
    with assistant.engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM conversation").scalar_one()
    assert left == 0


def test_the_button_of_the_data_page_erases(visitor: Visitor, assistant: Assistant) -> None:
    visitor.says("bonjour")
    csrf = hidden(visitor.page("/mes-donnees"), "csrf")
    cookie = visitor.http.cookies.get(COOKIE) or ""
    answer = visitor.http.post("/effacer", data={"csrf": csrf})
    assert answer.headers["location"] == "/efface"
    assert is_gone(assistant, cookie.partition(".")[0])


def test_erased_while_a_turn_runs_the_turn_ends_in_peace(
    talker: Talker, assistant: Assistant, rasa: FakeRasa, caplog: pytest.LogCaptureFixture
) -> None:
    inside, erased = threading.Event(), threading.Event()

    class SlowIntents(dict[str, str]):
        """A Rasa that thinks until it is told to go on."""

        def get(self, key: str, default: object = None) -> Any:
            inside.set()
            erased.wait(5)
            return super().get(key, default)

    rasa.intents = SlowIntents(rasa.intents)
    answers = []
    turn = threading.Thread(
        target=lambda: answers.append(talker.post({"text": "c'est nul ce truc"}))
    )
    turn.start()
    assert inside.wait(5)
    assistant.conversations.forget(talker.id)
    erased.set()
    turn.join(10)
    (answer,) = answers
    assert answer.status_code == 200
    assert [each["kind"] for each in answer.json()["messages"]] == ["end"]
    assert is_gone(assistant, talker.id)
    assert not [record for record in caplog.records if record.exc_info]


def test_asked_twice_at_once_the_second_finds_nothing(talker: Talker, assistant: Assistant) -> None:
    assistant.conversations.forget(talker.id)
    assistant.conversations.forget(talker.id)
    with pytest.raises(NotFound):
        assistant.known.of(talker.id)


def test_nothing_of_a_flow_is_confused_with_it(talker: Talker, assistant: Assistant) -> None:
    talker.says("je veux effacer toutes mes données de santé")
    assert not re.search(r"forget\.confirm", " ".join(keys(assistant, talker)))
