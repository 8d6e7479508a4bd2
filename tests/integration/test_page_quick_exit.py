"""Quick exit without scripts: what is delicate goes out of sight, everywhere the page shows it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation, DialogueState, Session
from assistant.domain.messages import Author, Message, Words
from assistant.flows import engine
from assistant.gateway.access import COOKIE
from assistant.services.dialogue.discretion import exchanges
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.integration.visitor import Visitor
from tests.walking import standings

DANGER = "mon mari me frappe"
# Words that Rasa alone takes for violence.
TOLD = "il regarde tout ce que je fais dans mon espace"
IN_THE_FLOW = "step/violences/souhait/acces"


@pytest.fixture
def visitor(client: TestClient, rasa: FakeRasa) -> Visitor:
    """Somebody whose hints are understood."""
    rasa.intents = {**rasa.intents, TOLD: "violences"}
    return Visitor(client)


def enter_flow(visitor: Visitor, assistant: Assistant) -> Visitor:
    """Answer a question of the delicate flow, over whatever else is open."""
    now = conversation(assistant, visitor)
    (placed,) = standings(assistant.library, "violences")["souhait"].session.positions
    session = Session((*now.state.session.positions, placed))
    with assistant.open_unit_of_work() as work:
        work.conversations.save_state(
            now.id,
            DialogueState(session=session, offered=engine.choices(assistant.library, session)),
            now.version,
        )
        work.commit()
    return visitor.sends(choice=IN_THE_FLOW)


def is_offered(visitor: Visitor) -> bool:
    """Tell whether the page offers the quick exit."""
    begin = visitor.page().index('id="exit"')
    tag = visitor.page()[begin:].partition(">")[0]
    return "hidden" not in tag


def title(visitor: Visitor) -> str:
    """Return the title of the window."""
    words: str = visitor.page().partition("<title>")[2].partition("</title>")[0]
    return words


def everywhere(visitor: Visitor) -> str:
    """Return all that the page can show of the conversation."""
    asked: str = visitor.post("/fiche", parcours="violences", tout="1").text
    return asked + "".join(visitor.page(path) for path in ("/", "/fiche", "/fiche?tout=1"))


def conversation(assistant: Assistant, visitor: Visitor) -> Conversation:
    """Return the conversation of the visit."""
    identifier, _, token = (visitor.http.cookies.get(COOKIE) or "").partition(".")
    return assistant.conversations.enter(identifier, token)


def test_nothing_is_offered_where_nothing_is_delicate(visitor: Visitor) -> None:
    assert not is_offered(visitor)
    usual = title(visitor)
    visitor.picks("need/activer_espace")
    assert not is_offered(visitor)
    assert title(visitor) == usual


@pytest.mark.parametrize("said", [DANGER, TOLD])
def test_it_is_offered_under_a_title_that_tells_nothing(visitor: Visitor, said: str) -> None:
    usual = title(visitor)
    visitor.says(said)
    assert is_offered(visitor)
    assert title(visitor) != usual
    assert title(visitor) in usual


@pytest.mark.parametrize("said", [DANGER, TOLD])
def test_after_the_exit_nothing_of_it_is_shown_any_more(visitor: Visitor, said: str) -> None:
    visitor.says("bonjour").says(said)
    before = everywhere(visitor)
    assert said in before
    assert "violences" in before

    answer = visitor.http.get("/sortie")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "https://www.service-public.fr",
    )
    assert answer.headers["cache-control"] == "no-store"

    after = everywhere(visitor)
    assert said not in after
    assert "violences" not in after
    assert "bonjour" in after
    assert not is_offered(visitor)
    assert "need/activer_espace" in visitor.offered
    assert not any(each.startswith("step/") for each in visitor.offered)


def test_the_answers_given_in_danger_go_with_it(visitor: Visitor) -> None:
    visitor.says(DANGER).picks("word/not_safe").picks("word/safe")
    assert is_offered(visitor)
    visitor.http.get("/sortie")
    assert visitor.own == 0


def test_a_subject_that_was_left_goes_out_of_sight_by_itself(visitor: Visitor) -> None:
    visitor.says(DANGER).picks("word/safe")
    assert is_offered(visitor), "its last words are still to be read"
    visitor.picks("word/menu")
    assert not is_offered(visitor)
    assert visitor.own == 1


def test_in_the_flow_it_is_offered_until_the_flow_is_left(
    visitor: Visitor, assistant: Assistant
) -> None:
    enter_flow(visitor.says("bonjour"), assistant)
    assert is_offered(visitor)
    visitor.says("menu")
    assert is_offered(visitor), "the flow waits in the background"
    visitor.http.get("/sortie")
    assert not is_offered(visitor)
    assert conversation(assistant, visitor).state.session.current is None
    assert visitor.own == 1


def test_the_last_words_of_the_flow_can_be_read(visitor: Visitor, assistant: Assistant) -> None:
    enter_flow(visitor.says("bonjour"), assistant).picks("/appareil/oui")
    visitor.picks("/appareil_lu/quitter")
    assert is_offered(visitor)
    assert visitor.own == 4
    visitor.says("menu")
    assert not is_offered(visitor)
    assert visitor.own == 2


def test_another_flow_goes_on_after_the_exit(visitor: Visitor, assistant: Assistant) -> None:
    enter_flow(visitor.picks("need/activer_espace"), assistant)
    visitor.http.get("/sortie")
    left = conversation(assistant, visitor).state
    assert [each.flow for each in left.session.positions] == ["activer_espace"]
    visitor.picks("word/continue")
    assert any(each.startswith("step/activer_espace/") for each in visitor.offered)


def test_a_flow_that_made_a_delicate_detour_stands_at_a_question_after_the_exit(
    visitor: Visitor, assistant: Assistant
) -> None:
    visitor.says("bonjour")
    now = conversation(assistant, visitor)
    detour = _at_the_detour(assistant)
    with assistant.open_unit_of_work() as work:
        work.conversations.save_state(now.id, DialogueState(session=detour), now.version)
        work.commit()
    visitor.http.get("/sortie")
    left = conversation(assistant, visitor).state.session
    assert left.current is not None
    assert left.current.flow == "enfant"
    visitor.picks("word/continue")
    assert any(each.startswith("step/enfant/") for each in visitor.offered)


def test_the_exit_twice_says_nothing_more(visitor: Visitor) -> None:
    visitor.says(DANGER)
    visitor.http.get("/sortie")
    once = visitor.page().count('<li class="message')
    visitor.http.get("/sortie")
    assert visitor.page().count('<li class="message') == once


def test_the_exit_leaves_another_conversation_as_it_is(visitor: Visitor) -> None:
    visitor.picks("need/activer_espace")
    before = visitor.page().count('<li class="message')
    assert visitor.http.get("/sortie").status_code == 303
    assert visitor.page().count('<li class="message') == before


def test_a_stranger_is_shown_the_way_out_too(client: TestClient) -> None:
    assert client.get("/sortie").status_code == 303
    assert not client.cookies


def test_left_alone_for_a_quarter_of_an_hour_it_is_gone(
    visitor: Visitor, clock: FakeClock, assistant: Assistant
) -> None:
    enter_flow(visitor.says("bonjour"), assistant)
    shown = visitor.own
    clock.pass_time(minutes=14)
    assert is_offered(visitor)
    clock.pass_time(minutes=1)
    assert visitor.own == shown - 1
    assert "need/activer_espace" in visitor.offered
    assert conversation(assistant, visitor).state.session.current is None


def test_a_fragment_shows_nothing_that_is_out_of_sight(
    visitor: Visitor, assistant: Assistant
) -> None:
    visitor.says(DANGER)
    visitor.http.get("/sortie")
    now = conversation(assistant, visitor)
    thread = assistant.conversations.history(now)
    pages = visitor.http.app.state.pages  # type: ignore[attr-defined]
    assert DANGER not in pages.fragment(now, thread, thread)


def test_no_sheet_tells_of_it_but_its_own(visitor: Visitor, assistant: Assistant) -> None:
    visitor.picks("need/activer_espace").says(TOLD)
    enter_flow(visitor, assistant)
    for path in ("/fiche", "/fiche?tout=1", "/fiche?tout=1&parcours=violences"):
        sheet = visitor.page(path).partition('<aside class="more"')[0]
        assert TOLD not in sheet
        assert "3919" not in sheet
    assert TOLD in visitor.post("/fiche", parcours="violences", tout="1").text


def test_an_answer_that_comes_after_the_exit_belongs_to_what_was_asked(
    visitor: Visitor, assistant: Assistant
) -> None:
    visitor.says(DANGER)
    visitor.http.get("/sortie")
    now = conversation(assistant, visitor)
    thread = assistant.conversations.history(now)
    late = thread[3]
    assert late.in_reply_to is not None
    reordered = [*thread[:3], *thread[4:], late]
    assert assistant.discretion.in_sight(now, reordered).delicate == frozenset()
    assert DANGER not in _texts(assistant.discretion.in_sight(now, reordered).messages)


_MESSAGES = st.builds(
    Message,
    id=st.uuids().map(str),
    sequence=st.just(0),
    author=st.sampled_from(Author),
    kind=st.just("text"),
    instruction=st.none(),
    words=st.just(Words("…")),
    language=st.just("fr"),
    created_at=st.just(FakeClock().now()),
    in_reply_to=st.sampled_from((None, "a turn")),
)


@given(st.lists(_MESSAGES, max_size=12))
def test_exchanges_lose_and_repeat_nothing(messages: list[Message]) -> None:
    told = [message.id for each in exchanges(messages) for message in each.messages]
    assert sorted(told) == sorted(message.id for message in messages)


def _at_the_detour(assistant: Assistant) -> Session:
    """Return the session of somebody whom the flow about children led to the delicate one."""
    for state in standings(assistant.library, "enfant").values():
        for choice in engine.choices(assistant.library, state.session):
            picked = engine.picked(state.session, choice.id)
            if picked is None or choice.id.startswith("word/"):
                continue
            after = engine.answer(assistant.library, state.session, picked).session
            if [each.flow for each in after.positions] == ["enfant", "mineur_confidentialite"]:
                return after
    raise AssertionError("no answer leads to the detour")


def _texts(messages: Sequence[Message]) -> list[str]:
    return [message.words.text for message in messages]
