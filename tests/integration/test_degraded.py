"""Rasa away, slow or mad: people are answered all the same, once, at the right step."""

from __future__ import annotations

import pytest

from assistant.bootstrap import Assistant
from tests.fakes.rasa import FakeRasa, Trouble
from tests.talker import Talker


@pytest.mark.parametrize("trouble", [each for each in Trouble if each is not Trouble.NONE])
def test_the_flow_goes_on_whatever_rasa_does(
    talker: Talker, rasa: FakeRasa, trouble: Trouble
) -> None:
    talker.says("je veux activer mon espace santé")
    before = talker.step
    rasa.trouble = trouble
    talker.says("1")
    assert talker.step not in (None, before)
    after = talker.step
    assert talker.says("j'y arrive pas").step == after
    assert talker.says("jveu mourir").kinds[0] == "danger"


def test_rasa_takes_over_at_the_same_step(talker: Talker, rasa: FakeRasa) -> None:
    talker.says("je veux activer mon espace santé")
    rasa.trouble = Trouble.EMPTY
    talker.says("1")
    step = talker.step
    rasa.trouble = Trouble.NONE
    talker.says("est-ce obligatoire ?")
    assert talker.step == step
    assert rasa.seeded[-1] == rasa.senders[-1], "a new session, begun inside the flow"


def test_a_late_answer_changes_nothing(talker: Talker, rasa: FakeRasa) -> None:
    talker.says("je veux activer mon espace santé")
    rasa.trouble = Trouble.ANSWERS_TOO_LATE
    talker.says("1")
    step, history = talker.step, talker.history()
    rasa.trouble = Trouble.NONE
    rasa.answer_late()
    assert talker.history() == history
    assert talker.says("répète").step == step


def test_a_broken_rasa_is_left_alone_for_a_while(talker: Talker, rasa: FakeRasa) -> None:
    rasa.trouble = Trouble.EMPTY
    for number in range(6):
        talker.says(f"est-ce obligatoire ? {number}")
    assert len(rasa.messages) == 3


def test_health_says_degraded(talker: Talker, assistant: Assistant, rasa: FakeRasa) -> None:
    assert talker.http.request("GET", "/health").json()["rasa"] == "ready"
    rasa.trouble = Trouble.REFUSED
    talker.says("est-ce obligatoire ?")
    health = talker.http.request("GET", "/health").json()
    assert (health["status"], health["rasa"]) == ("degraded", "down")
    rasa.trouble = Trouble.NONE
    assistant.rasa.probe()
    assert talker.http.request("GET", "/health").json()["status"] == "ok"
