"""« Est-ce que ce SMS est vrai ? »: answered in a conversation, on the page, inside a guide."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

from assistant.bootstrap import Assistant
from tests.integration.visitor import Visitor
from tests.talker import Talker

SCAM = "Votre colis est bloqué. Payez 2 euros sous 48h : https://colis-suivi.top/x?y=1"
OFFER = "need/arnaque"


def told(assistant: Assistant, talker: Talker) -> list[str]:
    """Return the keys of the last answer."""
    with assistant.open_unit_of_work() as work:
        lines = {each.id: each.instruction for each in work.messages.after(talker.id)}
    said = (lines[each["id"]] for each in talker.last)
    return [each.key for each in said if each is not None]


def test_the_signs_then_what_to_do_then_the_guide(assistant: Assistant, talker: Talker) -> None:
    talker.says(SCAM)
    assert told(assistant, talker) == [
        "interface/scam.wary",
        "interface/scam.sign.link",
        "interface/scam.sign.money",
        "interface/scam.sign.hurry",
        "interface/scam.sign.pretext",
        "interface/scam.do",
        "interface/anything_else",
    ]
    assert OFFER in talker.offered
    assert "colis-suivi" not in repr(talker.last)
    talker.picks(OFFER)
    assert told(assistant, talker)[-1] == "flow/arnaque/situation/text"


def test_the_question_alone_asks_for_the_message(assistant: Assistant, talker: Talker) -> None:
    talker.says("Est-ce que ce SMS est vrai ?")
    assert told(assistant, talker) == ["interface/scam.describe", "interface/anything_else"]


def test_nothing_that_shows_is_no_proof(assistant: Assistant, talker: Talker) -> None:
    talker.says("j'ai reçu un sms qui dit « bonjour, votre dossier est prêt », c'est vrai ?")
    assert told(assistant, talker)[:2] == ["interface/scam.unsure", "interface/scam.do"]


def test_inside_a_guide_the_step_is_asked_again(assistant: Assistant, talker: Talker) -> None:
    talker.says("je veux activer mon espace santé")
    waiting = told(assistant, talker)[-1]
    talker.says(SCAM)
    assert told(assistant, talker)[0] == "interface/scam.wary"
    assert told(assistant, talker)[-1] == waiting
    assert OFFER in talker.offered


def test_a_link_that_somebody_pasted_can_be_clicked_nowhere(client: TestClient) -> None:
    html = Visitor(client).says(SCAM).page()
    assert "colis-suivi.top" in html
    assert not [each for each in re.findall(r"<a\b[^>]*>", html) if "colis-suivi" in each]
    for link in re.findall(r"<a\b.*?</a>", html, re.DOTALL):
        assert "colis-suivi" not in link
