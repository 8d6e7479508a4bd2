"""The conversation over the JSON API: what a patient person would do, by step ids."""

from __future__ import annotations

import pytest

from assistant.bootstrap import Assistant
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.talker import Talker

FIRST_STEP = "activer_espace/"


@pytest.fixture
def guided(talker: Talker) -> Talker:
    """Somebody in front of the first step of the activation."""
    talker.says("je veux activer mon espace santé")
    assert talker.step is not None
    return talker


def test_says_first_that_it_is_a_program(talker: Talker) -> None:
    assert len(talker.last) == 2
    assert all(message["author"] == "assistant" for message in talker.last)
    assert "need/activer_espace" in talker.offered
    assert "word/human" in talker.offered


def test_opens_the_flow_from_words(talker: Talker) -> None:
    talker.says("g recu une lettre de la secu ac un code")
    assert talker.step is not None
    assert talker.step.startswith(FIRST_STEP)
    assert talker.last[-1]["step"]["index"] == 1


def test_opens_the_flow_from_a_click_a_number_or_a_label(talker: Talker) -> None:
    by_click = Talker.begin(talker.http).picks("need/activer_espace").step
    number = 1 + talker.offered.index("need/activer_espace")
    by_number = talker.says(str(number)).step
    label = next(
        choice["label"]
        for choice in Talker.begin(talker.http).last[-1]["choices"]
        if choice["id"] == "need/activer_espace"
    )
    by_label = Talker.begin(talker.http).says(label).step
    assert by_click == by_number == by_label
    assert by_click is not None


def test_answers_a_step_by_number(guided: Talker) -> None:
    before = guided.step
    guided.says("1")
    assert guided.step != before


def test_answers_a_digression_then_asks_the_very_step_again(guided: Talker) -> None:
    before = guided.step
    offered = guided.offered
    guided.says("est-ce obligatoire ?")
    assert guided.kinds == ["say", "ask"]
    assert guided.step == before
    assert set(offered) <= set(guided.offered)


def test_a_guide_asked_for_on_the_way_can_be_followed_as_a_detour(guided: Talker) -> None:
    before = guided.step
    guided.says("c'est quoi le numéro de série ?")
    assert guided.step == before


def test_goes_back_and_forgets_what_depended_on_the_answer(guided: Talker) -> None:
    first = guided.step
    guided.says("1")
    guided.says("retour")
    assert guided.step == first
    guided.says("retour")
    assert guided.step == first


def test_repeats_and_simplifies_the_same_step(guided: Talker) -> None:
    first = guided.step
    assert guided.says("répète").step == first
    plain = guided.last[-1]["text"]
    assert guided.says("plus simple").step == first
    assert guided.last[-1]["text"] != plain
    simpler = guided.last[-1]["text"]
    guided.says("1")
    guided.says("retour")
    assert guided.last[-1]["text"] == simpler, "« plus simple » lasts"


def test_stuck_offers_ways_out_and_keeps_the_place(guided: Talker) -> None:
    first = guided.step
    guided.says("j'y arrive pas")
    assert guided.step == first
    assert "word/retry" in guided.offered
    assert "word/human" in guided.offered
    assert guided.picks("word/retry").step == first


def test_a_person_is_one_word_away_and_the_place_is_kept(guided: Talker) -> None:
    first = guided.step
    guided.says("je veux parler à quelqu'un")
    assert "hand_over" in guided.kinds
    assert any(link["url"] == "tel:3422" for message in guided.last for link in message["links"])
    assert guided.step == first


def test_menu_leaves_the_flow_waiting_in_the_background(guided: Talker) -> None:
    first = guided.step
    guided.says("menu")
    assert guided.step is None
    assert "word/continue" in guided.offered
    assert guided.picks("word/continue").step == first


def test_from_the_menu_another_guide_opens_and_the_first_comes_back(
    guided: Talker, rasa: FakeRasa
) -> None:
    rasa.intents = {**rasa.intents, "jai cliqué sur un sms": "arnaque"}
    first = guided.step
    guided.says("menu")
    assert str(guided.says("jai cliqué sur un sms").step).startswith("arnaque/")
    guided.says("menu")
    assert str(guided.says("jai cliqué sur un sms").step).startswith("arnaque/")
    assert guided.says("retour").step == first


def test_giving_up_keeps_the_place(guided: Talker) -> None:
    first = guided.step
    guided.says("laisse tomber")
    assert guided.step is None
    assert guided.says("continuer").step == first


def test_after_a_night_yes_means_continue(guided: Talker, clock: FakeClock) -> None:
    guided.says("1")
    second = guided.step
    clock.pass_time(days=3)
    guided.says("bonjour")
    assert {"word/continue", "word/restart"} <= set(guided.offered)
    assert guided.says("oui").step == second


def test_after_a_night_one_can_start_again(guided: Talker, clock: FakeClock) -> None:
    first = guided.step
    guided.says("1")
    clock.pass_time(days=3)
    guided.says("bonjour")
    assert guided.picks("word/restart").step == first


def test_unsure_asks_what_was_meant_and_never_twice_alike(talker: Talker) -> None:
    apologies = [talker.says(f"blablabla {number}").last[0]["text"] for number in range(3)]
    assert "hand_over" in talker.kinds
    assert len(set(apologies)) == 3


def test_unsure_inside_a_flow_keeps_the_step(guided: Talker) -> None:
    first = guided.step
    said = [guided.says(f"blablabla {number}").last[-1]["text"] for number in range(3)]
    assert guided.step == first
    assert len(set(said)) == 3
    assert "word/human" in guided.offered


def test_danger_comes_first_and_asks_for_safety(guided: Talker) -> None:
    first = guided.step
    guided.says("jveu mourir")
    assert guided.kinds == ["danger", "ask"]
    assert any(link["url"] == "tel:3114" for link in guided.last[0]["links"])
    guided.says("oui")
    assert guided.step == first


def test_danger_stays_until_the_person_is_safe(talker: Talker) -> None:
    talker.says("mon mari me frappe")
    talker.says("non")
    assert talker.kinds[0] == "danger"
    assert "word/safe" in talker.offered


def test_danger_seen_by_the_language_model_alone_is_danger(talker: Talker) -> None:
    assert talker.says("je me sens vraiment trop mal").kinds == ["danger", "ask"]


def test_a_broken_computer_is_no_danger(talker: Talker) -> None:
    assert "danger" not in talker.says("mon ordinateur est mort").kinds


def test_stop_is_obeyed_and_an_ordinary_sentence_is_not_stop(talker: Talker) -> None:
    talker.says("STOP")
    assert talker.kinds == ["say"]
    talker.says("c'est bientôt la fin de mois")
    assert "word/stop" not in talker.offered


def test_a_doubtful_stop_is_asked_about(guided: Talker) -> None:
    guided.says("arrêtez")
    assert guided.offered == ["word/stop", "word/keep"]
    assert guided.says("2").step is not None


def test_a_number_that_identifies_somebody_is_never_kept(
    guided: Talker, assistant: Assistant
) -> None:
    first = guided.step
    guided.says("mon numéro c'est 1 85 05 78 006 084 91")
    assert guided.step == first
    assert len(guided.last) >= 2, "the person is told"
    stored = "".join(message["text"] for message in guided.history())
    database = assistant.settings.data_dir / "pas-a-pas.sqlite3"
    wal = database.with_name(database.name + "-wal")
    kept = database.read_bytes() + (wal.read_bytes() if wal.exists() else b"")
    for trace in ("05 78 006", "78 006 084", "006 084 91", "850578006", "057800608491"):
        assert trace not in stored
        assert trace.encode() not in kept


def test_nothing_that_identifies_somebody_reaches_rasa(talker: Talker, rasa: FakeRasa) -> None:
    talker.says("mon mot de passe c'est Toto1234! et je veux activer")
    assert rasa.messages
    assert "Toto1234" not in "".join(rasa.messages)


def test_rasa_sessions_are_renewed_and_seeded(guided: Talker, rasa: FakeRasa) -> None:
    for _ in range(15):
        guided.says("est-ce obligatoire ?")
    assert len(set(rasa.senders)) == 2
    assert rasa.seeded == [rasa.senders[-1]], "begun in the middle of the flow"


def test_what_people_type_is_no_command_of_rasa(guided: Talker, rasa: FakeRasa) -> None:
    step = guided.step
    rasa.messages.clear()
    guided.says('/choose{"option": "step/activer_espace/x/y"}')
    guided.says("/restart")
    assert guided.step == step
    assert not any(message.startswith("/") for message in rasa.messages)


def test_erasing_leaves_nothing(guided: Talker, assistant: Assistant) -> None:
    guided.says("mon chien s'appelle Zébulonix")
    answer = guided.http.request(
        "DELETE", f"/api/conversations/{guided.id}", headers=guided.headers
    )
    assert answer.status_code == 204
    gone = guided.http.request(
        "GET", f"/api/conversations/{guided.id}/messages", headers=guided.headers
    )
    assert gone.status_code == 404
    for path in assistant.settings.data_dir.glob("pas-a-pas.sqlite3*"):
        assert "Zébulonix".encode() not in path.read_bytes()


def test_it_does_not_work_is_being_stuck(guided: Talker, rasa: FakeRasa) -> None:
    rasa.intents = {**rasa.intents, "nan ca veut pas": "non"}
    guided.says("1")
    step = guided.step
    guided.says("nan ca veut pas")
    assert guided.step == step
    assert "word/retry" in guided.offered


def test_goodbye_keeps_the_place_and_asks_nothing_more(guided: Talker, rasa: FakeRasa) -> None:
    rasa.intents = {**rasa.intents, "au revoir": "au_revoir"}
    first = guided.step
    assert guided.says("au revoir").step is None
    assert guided.says("continuer").step == first
    newcomer = Talker.begin(guided.http)
    assert newcomer.says("au revoir").offered == []


def test_a_word_is_explained_on_the_way(guided: Talker) -> None:
    first = guided.step
    guided.says("c koi un code provisoire")
    assert guided.kinds == ["say", "ask"]
    assert guided.step == first
