"""A conversation shown to whoever helps: agreed to, opened once with a code, read, ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import Assistant
from assistant.domain.consent import ConsentAct, Purpose, verify
from assistant.gateway import access
from assistant.gateway.app import make_app
from assistant.gateway.live import LiveAnnouncer
from assistant.gateway.sharing import COOKIE, READ
from assistant.services.resume import TRIES
from tests.fakes.clock import FakeClock
from tests.integration.visitor import Visitor

SHARE = Purpose.SHARE_WITH_MEDIATOR
SAID = "c'est quoi le numéro de série ?"
VIOLENCE = "mon mari me frappe"


@dataclass
class Mediator:
    """Somebody with a browser of their own, without scripts."""

    http: TestClient

    def types(self, code: str) -> int:
        """Type a code and return the status of the answer."""
        return self.http.post(READ, data={"code": code}).status_code

    @property
    def page(self) -> str:
        """What they see."""
        return self.http.get(READ).text

    def reads(self) -> bool:
        """Tell whether they see the conversation."""
        return "numéro de série" in self.page


@pytest.fixture
def person(client: TestClient) -> Visitor:
    """Somebody who said something."""
    return Visitor(client).says(SAID)


@pytest.fixture
def mediator(assistant: Assistant, announcer: LiveAnnouncer) -> Iterator[Mediator]:
    """Whoever sits beside them."""
    app = make_app(assistant, announcer)
    with TestClient(app, base_url="http://localhost:8000", follow_redirects=False) as http:
        yield Mediator(http)


def conversation_of(person: Visitor) -> str:
    """Return the id of the conversation that the cookie opens."""
    return (person.http.cookies.get(access.COOKIE) or "").partition(".")[0]


def code_of(person: Visitor, yes: str = "oui") -> str:
    """Share the conversation and return the code that the person was given."""
    person.says("partager").says(yes)
    return "".join(re.findall(r"\b(\d{3}) (\d{3})\b", person.page())[-1])


def acts(assistant: Assistant, person: Visitor) -> list[tuple[Purpose, ConsentAct]]:
    """List what the person said, in order; the chain must be whole."""
    with assistant.open_unit_of_work() as work:
        assert verify(work.consents.entries(), work.consents.payloads()) == ()
        of = work.people.of_conversation(conversation_of(person))
        spoken = () if of is None else work.consents.of_person(of)
    return [(each.payload.purpose, each.payload.act) for each in spoken]


def test_whoever_was_shown_the_code_reads(
    person: Visitor, mediator: Mediator, assistant: Assistant
) -> None:
    assert not mediator.reads()
    code = code_of(person)
    assert acts(assistant, person) == [(SHARE, ConsentAct.GIVEN)]
    assert mediator.types(code) == 303
    assert mediator.reads()
    person.says("bonjour")
    assert "bonjour" in mediator.page


def test_nothing_can_be_written_there(person: Visitor, mediator: Mediator) -> None:
    mediator.types(code_of(person))
    assert 'name="text"' not in mediator.page
    assert 'name="choice"' not in mediator.page
    assert access.COOKIE not in mediator.http.cookies
    assert mediator.http.cookies.get(COOKIE)


@pytest.mark.parametrize("said", ["non merci", "bof", "peut-être", "plus tard"])
def test_without_a_plain_yes_there_is_no_code(
    person: Visitor, assistant: Assistant, said: str
) -> None:
    person.says("montrer notre conversation à ma conseillère").says(said)
    assert acts(assistant, person) == []
    assert not re.search(r"\b\d{3} \d{3}\b", person.page())


@pytest.mark.parametrize("said", ["ne plus partager", "je ne veux plus que la médiatrice voie"])
def test_it_ends_at_once_with_a_word(
    person: Visitor, mediator: Mediator, assistant: Assistant, said: str
) -> None:
    mediator.types(code_of(person))
    person.says(said)
    assert acts(assistant, person)[-1] == (SHARE, ConsentAct.WITHDRAWN)
    assert not mediator.reads()


def test_it_ends_at_once_with_the_button(person: Visitor, mediator: Mediator) -> None:
    mediator.types(code_of(person))
    person.http.post("/mes-accords", data={"wish": "withdraw", "purpose": SHARE})
    # Without the token of the form nothing is taken back.
    assert mediator.reads()
    person.post("/mes-accords", wish="withdraw", purpose=SHARE)
    assert not mediator.reads()


def test_a_code_not_yet_used_ends_too(person: Visitor, mediator: Mediator) -> None:
    code = code_of(person)
    person.says("ne plus partager")
    assert mediator.types(code) == 422


def test_it_ends_after_a_day(person: Visitor, mediator: Mediator, clock: FakeClock) -> None:
    mediator.types(code_of(person))
    clock.pass_time(hours=23)
    person.says("bonjour")
    assert mediator.reads()
    clock.pass_time(hours=1)
    assert not mediator.reads()


def test_the_code_serves_once_and_for_a_quarter_of_an_hour(
    person: Visitor, mediator: Mediator, clock: FakeClock
) -> None:
    code = code_of(person)
    assert mediator.types(code) == 303
    assert mediator.types(code) == 422
    late = code_of(person)
    clock.pass_time(minutes=15)
    assert mediator.types(late) == 422


def test_a_new_code_closes_the_one_before(person: Visitor, mediator: Mediator) -> None:
    mediator.types(code_of(person))
    code = code_of(person)
    assert not mediator.reads()
    assert mediator.types(code) == 303
    assert mediator.reads()


def test_it_does_not_open_the_conversation_to_write(person: Visitor, mediator: Mediator) -> None:
    code = code_of(person)
    assert mediator.http.post("/code", data={"code": code}).status_code == 422
    assert mediator.http.post("/api/conversations/resume", json={"code": code}).status_code == 422


def test_codes_are_not_tried_one_after_the_other(person: Visitor, mediator: Mediator) -> None:
    code = code_of(person)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert [mediator.types(wrong) for _ in range(TRIES + 1)] == [422] * TRIES + [429]
    assert mediator.types(code) == 429


def test_what_is_delicate_is_read_by_nobody_else(person: Visitor, mediator: Mediator) -> None:
    mediator.types(code_of(person))
    person.says(VIOLENCE)
    assert VIOLENCE in person.page().replace("&#39;", "'")
    assert VIOLENCE not in mediator.page.replace("&#39;", "'")
    assert 'href="tel:3919"' not in mediator.page


def test_the_person_finds_that_it_was_opened(
    person: Visitor, mediator: Mediator, assistant: Assistant
) -> None:
    mediator.types(code_of(person))
    (access_noted,) = assistant.known.of(conversation_of(person)).kept["access_log"]
    assert access_noted["act"] == "read"


def test_the_reader_closes_it_for_good(person: Visitor, mediator: Mediator) -> None:
    mediator.types(code_of(person))
    answer = mediator.http.post(f"{READ}/fermer")
    assert answer.status_code == 303
    assert COOKIE not in mediator.http.cookies
    assert not mediator.reads()


def test_another_site_neither_opens_nor_closes_it(person: Visitor, mediator: Mediator) -> None:
    code = code_of(person)
    foreign = {"sec-fetch-site": "cross-site"}
    assert mediator.http.post(READ, data={"code": code}, headers=foreign).status_code == 401
    mediator.types(code)
    assert mediator.http.post(f"{READ}/fermer", headers=foreign).status_code == 401
    assert mediator.reads()


def test_erasing_ends_it(person: Visitor, mediator: Mediator, assistant: Assistant) -> None:
    mediator.types(code_of(person))
    assistant.conversations.erase(conversation_of(person))
    assert not mediator.reads()


def test_on_a_shared_device_nothing_is_shared(person: Visitor, assistant: Assistant) -> None:
    person.post("/ordinateur-partage", shared="1")
    person.says("partager")
    assert acts(assistant, person) == []
    assert not re.search(r"\b\d{3} \d{3}\b", person.page())


def test_whoever_helps_cannot_share_it(person: Visitor, assistant: Assistant) -> None:
    person.says("c'est pour ma mère").says("partager").says("oui")
    assert acts(assistant, person) == []
