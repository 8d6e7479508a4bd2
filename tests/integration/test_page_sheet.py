"""The sheet: what is printed of each flow, half done and done."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from assistant.adapters.content_files import load_content
from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation, DialogueState, Session
from assistant.domain.messages import Author, Instruction, Message, Words
from assistant.domain.whom import Whom
from assistant.flows import engine
from assistant.flows.flow import AskStep, FlowOutcome
from assistant.gateway.sheets import courses, sheet_of
from tests.fakes.clock import FakeClock
from tests.integration.visitor import Visitor
from tests.walking import standings

FLOWS = sorted(flow.id for flow in load_content().flows.values())


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    """A newcomer."""
    return Visitor(client)


def states(html: str) -> list[str]:
    """Return how each part of the flow stands."""
    return re.findall(r'<li class="(done|now|left)">', html)


def test_half_done_it_tells_what_is_done_what_now_what_next(visitor: Visitor) -> None:
    visitor.picks("need/activer_espace").picks("/oui").picks("/courrier").picks("/recent")
    html = visitor.page("/fiche")
    assert states(html) == sorted(states(html), key=["done", "now", "left"].index)
    assert states(html).count("now") == 1
    assert 'class="bring"' in html
    assert "3422" in html
    assert 'class="transcript"' not in html
    assert 'class="again"' not in html


def test_the_sheet_speaks_to_whoever_reads_it(visitor: Visitor) -> None:
    mine = visitor.picks("need/activer_espace").page("/fiche")
    theirs = visitor.picks("word/for_other").page("/fiche")
    assert "Votre carte" in mine.replace("\u00a0", " ")
    assert "Votre carte" not in theirs.replace("\u00a0", " ")
    assert states(mine) == states(theirs)


def test_all_that_was_said_comes_second_and_only_if_asked_for(visitor: Visitor) -> None:
    visitor.picks("need/activer_espace")
    html = visitor.page("/fiche?tout=1")
    assert html.index('class="stages"') < html.index('class="transcript"')


def test_a_code_stands_on_it_only_if_asked_for(visitor: Visitor) -> None:
    visitor.picks("need/activer_espace")
    assert 'class="again"' not in visitor.page("/fiche")
    answer = visitor.post("/fiche", parcours="activer_espace", code="1")
    assert re.search(r'<span class="digits">\d{6}</span>', answer.text)
    assert states(answer.text)


def test_each_flow_of_the_conversation_has_its_sheet(visitor: Visitor) -> None:
    visitor.picks("need/activer_espace").says("menu").picks("need/s_opposer")
    latest = visitor.page("/fiche")
    assert 'name="parcours" value="activer_espace"' in latest
    other = visitor.page("/fiche?parcours=activer_espace")
    assert 'name="parcours" value="s_opposer"' in other
    assert visitor.post("/fiche", parcours="activer_espace").text == other
    assert visitor.page("/fiche?parcours=nothing") == latest


def test_a_conversation_without_a_flow_prints_the_last_answer(visitor: Visitor) -> None:
    visitor.says("est-ce obligatoire ?")
    html = visitor.page("/fiche")
    assert states(html) == []
    assert 'class="asked"' in html
    assert "3422" in html


def test_without_a_conversation_there_is_no_sheet(visitor: Visitor) -> None:
    assert visitor.http.get("/fiche").headers["location"] == "/"


@pytest.mark.parametrize("whom", Whom)
@pytest.mark.parametrize("slug", FLOWS)
def test_every_step_of_every_flow_has_a_sheet(
    assistant: Assistant, clock: FakeClock, slug: str, whom: Whom
) -> None:
    opened = assistant.conversations.open("fr").conversation
    placed = standings(assistant.library, slug)
    assert placed
    for state in placed.values():
        messages = _told(assistant, clock, state.session)
        here = _in(opened, state.session, whom)
        sheet = sheet_of(assistant, here, courses(assistant, here, messages)[slug])
        assert [each for _, each in sheet.stages].count("now") == 1
        assert sheet.now
        printed = [sheet.title, *sheet.bring, *(title for title, _ in sheet.stages)]
        assert not any(sign in text for text in printed for sign in "[]|{}")


@pytest.mark.parametrize("slug", FLOWS)
def test_every_end_of_every_flow_is_recognised_from_its_messages(
    assistant: Assistant, clock: FakeClock, slug: str
) -> None:
    opened = assistant.conversations.open("fr").conversation
    seen = set()
    for state in standings(assistant.library, slug).values():
        for choice in engine.choices(assistant.library, state.session):
            picked = engine.picked(state.session, choice.id)
            if picked is None or choice.id == "word/human":
                continue
            sprint = engine.answer(assistant.library, state.session, picked)
            for ended, outcome in sprint.ended:
                if ended != slug:
                    continue
                messages = [
                    *_told(assistant, clock, state.session),
                    *(_message(each, clock) for each in sprint.instructions),
                ]
                here = _in(opened, sprint.session, Whom.SELF)
                course = courses(assistant, here, messages)[slug]
                handed_over = outcome is engine.Outcome.HANDED_OVER
                wanted = FlowOutcome.ELSEWHERE if handed_over else FlowOutcome(outcome)
                assert course.outcome is wanted
                sheet = sheet_of(assistant, here, course)
                assert "now" not in [each for _, each in sheet.stages]
                if wanted is FlowOutcome.DONE:
                    assert {each for _, each in sheet.stages} == {"done"}
                seen.add(wanted)
    assert seen


def test_a_retry_prints_the_step_and_not_the_apology(visitor: Visitor) -> None:
    visitor.picks("need/activer_espace")
    asked = _asked(visitor.page("/fiche"))
    visitor.says("xyzzy")
    assert _asked(visitor.page("/fiche")) == asked
    visitor.picks("word/stuck")
    assert _asked(visitor.page("/fiche")) != asked


def _asked(html: str) -> str:
    return html.partition('class="asked"')[2].partition("</div>")[0]


def _in(conversation: Conversation, session: Session, whom: Whom) -> Conversation:
    return replace(conversation, state=DialogueState(session=session, whom=whom))


def _told(assistant: Assistant, clock: FakeClock, session: Session) -> list[Message]:
    told: list[Message] = []
    for depth in range(1, len(session.positions) + 1):
        below = Session(session.positions[:depth])
        step = assistant.library.flow(
            below.positions[-1].flow, below.positions[-1].revision
        ).document.step(below.positions[-1].step)
        if isinstance(step, AskStep):
            told += [_message(each, clock) for each in engine.ask_again(assistant.library, below)]
    return told


def _message(instruction: Instruction, clock: FakeClock) -> Message:
    return Message(
        id=f"{instruction.key}",
        sequence=0,
        author=Author.ASSISTANT,
        kind=instruction.kind,
        instruction=instruction,
        words=Words("…"),
        language="fr",
        created_at=clock.now(),
        in_reply_to="a turn",
    )
