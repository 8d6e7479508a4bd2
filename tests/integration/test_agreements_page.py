"""« Mes accords » on the page: seen, given in the words that are shown, taken back at once."""

from __future__ import annotations

import hashlib
import html
import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import Assistant
from assistant.domain.consent import ConsentAct, ConsentPayload, Purpose, Standing, verify
from assistant.domain.messages import Channel
from assistant.gateway.access import COOKIE
from assistant.services.consent.agreements import GIVEN_HERE
from assistant.services.consent.recording import standing_of
from tests.fakes.clock import FakeClock
from tests.integration.visitor import Visitor, hidden

PAGE = "/mes-accords"
KEEP = Purpose.KEEP_CONVERSATION


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    """Somebody in front of the page, who began a guide."""
    return Visitor(client).says("je veux activer mon espace santé")


def conversation_of(visitor: Visitor) -> str:
    """Return the id of the conversation that the cookie opens."""
    return (visitor.http.cookies.get(COOKIE) or "").partition(".")[0]


def press(visitor: Visitor, wish: str, purpose: str = KEEP) -> int:
    """Send a form of the page and return its status; an accepted one leads back to the page."""
    csrf = hidden(visitor.page(), "csrf")
    answer = visitor.http.post(PAGE, data={"csrf": csrf, "wish": wish, "purpose": purpose})
    assert answer.status_code != 303 or answer.headers["location"] == PAGE
    return answer.status_code


def offered(visitor: Visitor) -> set[tuple[str, str]]:
    """List the purposes and wishes that the buttons of the page stand for."""
    forms = r'name="purpose" value="([a-z_]+)">\s*<button name="wish" value="([a-z]+)"'
    return set(re.findall(forms, visitor.page(PAGE)))


def ledger(assistant: Assistant, visitor: Visitor) -> list[ConsentPayload]:
    """List what the person said, in order; the chain must be whole."""
    with assistant.open_unit_of_work() as work:
        assert verify(work.consents.entries(), work.consents.payloads()) == ()
        person = work.people.of_conversation(conversation_of(visitor))
        spoken = () if person is None else work.consents.of_person(person)
    return [each.payload for each in spoken]


def grant(assistant: Assistant, visitor: Visitor, purpose: Purpose) -> None:
    """Let the person agree to a purpose elsewhere than on the page."""
    conversation = assistant.conversations.current(conversation_of(visitor))
    with assistant.open_unit_of_work() as work:
        record = assistant.agreements.record
        record.give(work, conversation, purpose, Channel.SMS, assistant.now())
        work.commit()


def test_it_is_linked_where_the_rights_are(visitor: Visitor) -> None:
    for path in ("/", "/confidentialite"):
        assert f'href="{PAGE}"' in visitor.page(path)


def test_it_offers_what_may_be_given_here_and_nothing_else(visitor: Visitor) -> None:
    assert offered(visitor) == {(purpose, "give") for purpose in GIVEN_HERE}


@pytest.mark.parametrize("purpose", GIVEN_HERE)
def test_a_yes_is_recorded_with_the_words_of_the_page(
    visitor: Visitor, assistant: Assistant, purpose: Purpose
) -> None:
    shown = re.search(rf'id="question-{purpose}">(.*?)</p>', visitor.page(PAGE), re.DOTALL)
    assert shown is not None
    words = html.unescape(shown[1].strip().replace("<br>", "\n"))
    assert press(visitor, "give", purpose) == 303
    (payload,) = ledger(assistant, visitor)
    assert (payload.purpose, payload.act, payload.channel) == (purpose, ConsentAct.GIVEN, "web")
    assert payload.words_hash == hashlib.sha256(words.encode()).hexdigest()
    assert (purpose, "withdraw") in offered(visitor)
    assert (purpose, "give") not in offered(visitor)


def test_pressed_twice_it_is_recorded_once(visitor: Visitor, assistant: Assistant) -> None:
    for wish, recorded in (("give", 1), ("give", 1), ("withdraw", 2), ("withdraw", 2)):
        assert press(visitor, wish) == 303
        assert len(ledger(assistant, visitor)) == recorded
    assert offered(visitor) == {(purpose, "give") for purpose in GIVEN_HERE}


@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.SEND_PLACE])
def test_whatever_is_in_force_is_taken_back_with_one_button(
    visitor: Visitor, assistant: Assistant, purpose: Purpose
) -> None:
    grant(assistant, visitor, purpose)
    assert (purpose, "withdraw") in offered(visitor)
    assert press(visitor, "withdraw", purpose) == 303
    with assistant.open_unit_of_work() as work:
        there = conversation_of(visitor)
        assert standing_of(work, there, purpose, assistant.now()) is Standing.ABSENT
    assert (purpose, "withdraw") not in offered(visitor)


def test_taken_back_the_conversation_goes_when_an_unkept_one_does(
    visitor: Visitor, assistant: Assistant, clock: FakeClock
) -> None:
    press(visitor, "give")
    press(visitor, "withdraw")
    clock.pass_time(hours=assistant.settings.unkept_hours + 1)
    assistant.forget_idle()
    assert not assistant.conversations.exists(conversation_of(visitor))


def test_taken_back_it_is_not_asked_for_again(visitor: Visitor, assistant: Assistant) -> None:
    press(visitor, "give")
    press(visitor, "withdraw")
    visitor.says("plus tard")
    assert not [each for each in visitor.offered if each.startswith(f"consent/{KEEP}/")]
    press(visitor, "give")
    assert KEEP not in assistant.conversations.current(conversation_of(visitor)).state.declined


def test_in_its_last_month_it_can_be_taken_back_or_given_anew(
    visitor: Visitor, assistant: Assistant, clock: FakeClock
) -> None:
    press(visitor, "give")
    (first,) = ledger(assistant, visitor)
    assert first.expires_at is not None
    away = timedelta(days=assistant.settings.keep_days - 1)
    while first.expires_at - clock.now() > timedelta(days=29):
        clock.pass_time(days=min(away, first.expires_at - clock.now()).days - 20)
        visitor.says("menu")
    assert {(KEEP, "give"), (KEEP, "withdraw")} <= offered(visitor)
    press(visitor, "give")
    assert ledger(assistant, visitor)[-1].expires_at != first.expires_at


@pytest.mark.parametrize("closed", ["shared", "helping"])
def test_nothing_is_given_where_it_must_not_be_but_all_is_taken_back(
    visitor: Visitor, assistant: Assistant, closed: str
) -> None:
    grant(assistant, visitor, KEEP)
    if closed == "shared":
        with assistant.open_unit_of_work() as work:
            work.conversations.set_shared_device(conversation_of(visitor), shared=True)
            work.commit()
    else:
        visitor.says("c'est pour ma mère")
    assert 'id="closed"' in visitor.page(PAGE)
    assert offered(visitor) == {(KEEP, "withdraw")}
    assert press(visitor, "give", Purpose.KEEP_CHOICES) == 404
    assert press(visitor, "withdraw") == 303
    assert offered(visitor) == set()


@pytest.mark.parametrize(
    ("wish", "purpose", "status"),
    [
        ("give", "everything", 422),
        ("withdraw", "", 422),
        ("sell", KEEP, 422),
        ("give", Purpose.QUALITY, 404),
        ("give", Purpose.SEND_PLACE, 404),
        ("withdraw", Purpose.SEND_PLACE, 404),
    ],
)
def test_what_the_page_does_not_offer_is_refused(
    visitor: Visitor, assistant: Assistant, wish: str, purpose: str, status: int
) -> None:
    assert press(visitor, wish, purpose) == status
    assert ledger(assistant, visitor) == []


def test_the_page_is_nobody_elses(client: TestClient, visitor: Visitor) -> None:
    form = {"wish": "give", "purpose": KEEP}
    assert client.post(PAGE, data={**form, "csrf": "wrong"}).status_code == 401
    elsewhere = {"sec-fetch-site": "cross-site"}
    own = {**form, "csrf": hidden(visitor.page(), "csrf")}
    assert client.post(PAGE, data=own, headers=elsewhere).status_code == 401
    assert (KEEP, "give") in offered(visitor)
    client.cookies.clear()
    assert 'name="purpose"' not in client.get(PAGE).text
    assert client.post(PAGE, data=form).headers["location"] == PAGE
