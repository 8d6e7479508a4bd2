"""The conversation by SMS: the telephone on the desk, the real webhook, the real Rasa."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.e2e.product import Product, wait_until

SECONDS = 15.0
SENT = re.compile(r'<li class="sms (ours|theirs)">.*?<p class="said"[^>]*>(.*?)</p>', re.DOTALL)


@dataclass
class Phone:
    """Somebody's telephone: each SMS goes through the signed webhook, answers come back by it."""

    http: httpx.Client
    number: str

    def thread(self) -> list[tuple[str, str]]:
        """Return who said what, in order."""
        page = self.http.get("/dev/phone/thread", params={"number": self.number})
        assert page.status_code == 200, page.text
        return [(who, html.unescape(text)) for who, text in SENT.findall(page.text)]

    def answers(self) -> list[str]:
        """Return what we sent to it."""
        return [text for who, text in self.thread() if who == "ours"]

    def says(self, text: str) -> str:
        """Send an SMS, wait for its answer and return it."""
        before = len(self.answers())
        self.sends(text)
        wait_until(lambda: len(self.answers()) > before, SECONDS, f"the answer to {text}")
        return self.answers()[-1]

    def sends(self, text: str) -> None:
        """Send an SMS."""
        page = self.http.post("/dev/phone", data={"number": self.number, "text": text})
        assert page.status_code == 303, page.text


@pytest.fixture
def phone(healthy: Product) -> Iterator[Phone]:
    """A telephone that never wrote before."""
    with healthy.client() as http:
        yield Phone(http, "+33639980042")


def test_the_activation_begins_pauses_and_goes_on_by_sms(phone: Phone) -> None:
    first = phone.says("je veux activer mon espace santé")
    assert "1 = " in first
    second = phone.says("1")
    assert "1 = " in second
    assert second != first

    # A question on the way is answered, and the step comes back.
    assert "1 = " in phone.says("c'est obligatoire ?")
    assert phone.says("RETOUR") != second
    assert "STOP" in phone.says("AIDE") or "STOP" in phone.says("CONTACT")

    assert "REPRENDRE" in phone.says("STOP")
    stopped = len(phone.answers())
    # « oui » opens nothing again: one hint, then silence.
    assert "REPRENDRE" in phone.says("oui")
    phone.sends("bonjour")
    assert phone.says("REPRENDRE")
    assert len(phone.answers()) == stopped + 2
    assert "1 = " in phone.says("menu")


def test_no_payload_and_no_key_is_ever_shown(phone: Phone) -> None:
    phone = Phone(phone.http, "+33639980043")
    phone.says("aide")
    for text in phone.answers():
        assert not re.search(r"\b(?:step|need|word|interface|flow)/", text)
