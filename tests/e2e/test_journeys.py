"""The journeys that a citizen makes, against real Rasa, by step ids."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise

import pytest

from assistant.adapters.content_files import load_examples
from tests.e2e.product import ROOT, Product
from tests.talker import Talker

CODE = "activer_espace/code_recu"


def test_the_gateway_answers_within_three_seconds_of_its_start(product: Product) -> None:
    # A promise of the product, held with a wide margin on a desk; the figure is in `make bench`.
    assert product.seconds_to_first_answer < 30


@pytest.mark.parametrize(
    "sentence",
    [
        "je veux activer mon espace santé",
        "g recu une lettre de la secu ac un code",
        "Bonjour, on m'a dit qu'il fallait activer Mon espace santé, comment je fais ?",
        "koman activé mon espace sante svp",
        "1",
    ],
)
def test_words_open_the_activation(talker: Talker, sentence: str) -> None:
    assert talker.says(sentence).step == CODE


def test_a_click_opens_the_activation(talker: Talker) -> None:
    assert talker.picks("need/activer_espace").step == CODE


def test_greeting_is_answered_with_what_we_can_do(talker: Talker) -> None:
    talker.says("bonjour")
    assert talker.offered


def test_yes_it_is_done_goes_on_and_stuck_stays(talker: Talker) -> None:
    talker.says("je veux activer mon espace santé")
    talker.picks("/oui")
    step = talker.step
    assert step not in (None, CODE)
    talker.says("j'y arrive pas")
    assert talker.step == step
    assert "word/retry" in talker.offered


def test_a_digression_is_answered_and_the_very_step_comes_back(talker: Talker) -> None:
    talker.says("je veux activer mon espace santé")
    for question in (
        "c'est quoi le numéro de série ?",
        "est-ce que c'est obligatoire ?",
        "mon patron peut voir mes documents ?",
        "vous êtes un robot ?",
        "merci c'est gentil",
    ):
        talker.says(question)
        assert talker.step == CODE, question
        assert len(talker.last) >= 2, question


def test_steering_words(talker: Talker) -> None:
    talker.says("je veux activer mon espace santé")
    talker.picks("/oui")
    step = talker.step
    assert talker.says("répète").step == step
    assert talker.says("plus simple").step == step
    assert talker.says("menu").step is None
    assert talker.says("continuer").step == step
    assert talker.says("retour").step == CODE
    assert "hand_over" in talker.says("je veux parler à quelqu'un").kinds
    assert talker.step == CODE
    assert talker.says("laisse tomber").step is None
    assert "consent/keep_conversation/yes" in talker.offered
    assert "word/continue" in talker.says("oui").offered
    assert talker.says("continuer").step == CODE


def test_unsure_asks_and_a_number_chooses(talker: Talker) -> None:
    talker.says("qsdf wxcv azer")
    first = [message["text"] for message in talker.last]
    talker.says("poiu mlkj nbvc")
    assert first != [message["text"] for message in talker.last]
    needs = [each for each in talker.offered if each.startswith("need/")]
    assert needs
    number = 1 + talker.offered.index(needs[0])
    talker.says(str(number))
    assert talker.kinds


def test_danger_first(talker: Talker) -> None:
    talker.says("je veux activer mon espace santé")
    assert talker.says("j'en peux plus je veux mourir").kinds == ["danger", "ask"]
    assert talker.says("oui ça va").step == CODE
    assert "danger" not in talker.says("mon ordinateur est mort").kinds


def test_killed_rasa_is_replaced_and_takes_over_at_the_same_step(
    talker: Talker, product: Product
) -> None:
    talker.says("je veux activer mon espace santé")
    product.kill("rasa")
    talker.picks("/oui")
    step = talker.step
    assert step not in (None, CODE)
    assert product.health()["status"] == "degraded"
    assert talker.says("c'est quoi le numéro de série ?").step == step
    assert talker.says("jveu mourir").kinds[0] == "danger"
    talker.says("oui")
    product.wait_for(status="ok")
    assert talker.says("est-ce que c'est obligatoire ?").step == step
    assert talker.says("retour").step == CODE
    _nothing_lost_or_doubled(talker)


def test_killed_actions_are_replaced_and_take_over_at_the_same_step(
    talker: Talker, product: Product
) -> None:
    talker.says("je veux activer mon espace santé")
    product.kill("actions")
    talker.picks("/oui")
    step = talker.step
    assert step not in (None, CODE)
    product.wait_for(status="ok")
    assert talker.says("est-ce que c'est obligatoire ?").step == step
    _nothing_lost_or_doubled(talker)


def test_every_need_is_answered_in_and_out_of_the_flow(product: Product) -> None:
    """Each need's first held-out sentence, inside and outside the loop: no silence."""
    with product.client() as http:
        outside = Talker.begin(http)
        inside = Talker.begin(http).says("je veux activer mon espace santé")
        for need, sentences in load_examples("fr", ROOT / "nlu" / "tests").items():
            assert outside.says(sentences[0]).last, need
            assert inside.says(sentences[0]).last, need
        _nothing_lost_or_doubled(inside)


def test_understand_and_mask_commands(product: Product) -> None:
    lines = [
        {"text": "koman activé mon espace sante"},
        {"text": "jveu mourir"},
        {"text": "STOP"},
        {"text": "retour"},
        {"text": "mon mari il est ou le 3422"},
    ]
    environment = {
        **os.environ,
        "PASAPAS_DATA_DIR": str(product.data),
        "PASAPAS_RASA_PORT": str(product.rasa_port),
    }
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "understand"],
        cwd=ROOT,
        env=environment,
        input="\n".join([*map(json.dumps, lines), "not json"]),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each.get("source") for each in answers] == [
        "rasa",
        "danger",
        "opt-out",
        "word",
        "rasa",
        None,
    ]
    assert answers[0]["need"] == "activer_espace"
    assert answers[1]["need"] == "detresse"
    assert answers[0]["ranking"][0].keys() == {"need", "confidence"}


def _nothing_lost_or_doubled(talker: Talker) -> None:
    history = talker.history()
    ids = [message["id"] for message in history]
    assert len(set(ids)) == len(ids)
    for before, after in pairwise(history):
        citizen = before["author"] == "citizen"
        assert not (citizen and after["author"] == "citizen"), "a message stayed without answer"
    assert history[-1]["author"] == "assistant"
