"""The engine holds on any walk, over generated flows and over those that are shipped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import cast

from hypothesis import given, target
from hypothesis import strategies as st

from assistant.domain.conversation import DialogueState, Session
from assistant.domain.messages import Instruction, InstructionKind
from assistant.flows import engine
from assistant.flows.document import AskStep, FlowDocument, read_flow
from assistant.flows.engine import Sprint
from assistant.flows.library import MemoryLibrary
from assistant.flows.replies import Given, Picked
from assistant.flows.session_json import dump_state, load_state

ROOT = Path(__file__).parents[3]
SHIPPED = tuple(
    read_flow(path.read_bytes(), path.name)
    for folder in ("assistant/content/flows", "tests/content/flows")
    for path in sorted((ROOT / folder).glob("*.yml"))
)
FLOW_COUNT = 3
PASSING_KINDS = ("say", "hand_over", "find_help")
VALUE_KINDS = ("text", "date", "postcode", "phone")

Json = dict[str, object]


@st.composite
def steps(draw: st.DrawFn, number: int) -> list[Json]:
    """Draw steps whose questions may lead anywhere, and whose other steps only lead forward."""
    size = draw(st.integers(2, 7))
    names = [f"s{place}" for place in range(size)]
    made: list[Json] = []
    for place, name in enumerate(names[:-1]):
        anywhere = st.sampled_from(names)
        forward = draw(st.sampled_from(names[place + 1 :]))
        kinds = ["ask", "ask", "ask", *PASSING_KINDS, "end", "person"]
        if number + 1 < FLOW_COUNT:
            kinds.append("detour")
        kind = draw(st.sampled_from(kinds))
        step: Json = {"id": name, "kind": kind, "text": "…"}
        if kind == "detour":
            deeper = draw(st.integers(number + 1, FLOW_COUNT - 1))
            step = {"id": name, "kind": kind, "flow": f"f{deeper}", "next": forward}
        elif kind == "end":
            step["outcome"] = draw(st.sampled_from(["done", "given_up", "elsewhere"]))
        elif kind == "person":
            step["kind"] = "hand_over"
        elif kind == "ask":
            step |= draw(questions(anywhere))
        else:
            step["next"] = forward
        made.append(step)
    return [*made, {"id": names[-1], "kind": "end", "text": "…", "outcome": "done"}]


@st.composite
def questions(draw: st.DrawFn, anywhere: st.SearchStrategy[str]) -> Json:
    """Draw what a question expects, its options and its way out."""
    expect = draw(st.sampled_from(["choice", "yes_no", "done", *VALUE_KINDS]))
    question: Json = {"expect": expect}
    if expect in ("choice", "yes_no"):
        ids = ["oui", "non"] if expect == "yes_no" else ["a", "b", "c"]
        question["options"] = [{"id": i, "label": i, "next": draw(anywhere)} for i in ids]
    else:
        question["next"] = draw(anywhere)
    if draw(st.booleans()):
        ways = [{"id": "w", "label": "w", "next": draw(anywhere)}] if draw(st.booleans()) else []
        question["blocked"] = {"text": "…", "options": ways}
    return question


@st.composite
def libraries(draw: st.DrawFn) -> MemoryLibrary:
    """Draw three flows, each of which may make a detour through the later ones."""
    return MemoryLibrary.of(
        FlowDocument.model_validate(
            {
                "spec_version": 1,
                "id": f"f{number}",
                "need": "n",
                "title": "t",
                "summary": "s",
                "steps": draw(steps(number)),
            }
        )
        for number in range(FLOW_COUNT)
    )


def reloaded(session: Session) -> Session:
    return load_state(json.loads(json.dumps(dump_state(DialogueState(session))))).session


def settled(session: Session) -> Session:
    """Return the session as it is once nobody is stuck or unclear at the waiting step."""
    assert session.current is not None
    calm = replace(session.current, stuck=False, unclear=0)
    return Session((*session.positions[:-1], calm))


def answer_at_random(data: st.DataObject, library: MemoryLibrary, session: Session) -> Sprint:
    step = cast(AskStep, engine.waiting_step(library, session))
    if step.expect.value in VALUE_KINDS and data.draw(st.booleans()):
        return engine.answer(library, session, Given("x"))
    offered = [c.id for c in engine.choices(library, session) if c.id.startswith("step/")]
    if not offered:
        return engine.get_stuck(library, session)
    reply = engine.picked(session, data.draw(st.sampled_from(offered)))
    assert isinstance(reply, Picked)
    return engine.answer(library, session, reply)


def move_at_random(data: st.DataObject, library: MemoryLibrary, session: Session) -> Sprint:
    if session.current is None:
        return engine.begin(library, session, data.draw(st.sampled_from(sorted(library.published))))
    match data.draw(
        st.sampled_from(["answer", "answer", "answer", "back", "stuck", "retry", "new"])
    ):
        case "back":
            return engine.go_back(library, session) or Sprint(session, _nothing(library, session))
        case "stuck":
            return engine.get_stuck(library, session)
        case "retry":
            return engine.retry(library, session)
        case "new":
            slug = data.draw(st.sampled_from(sorted(library.published)))
            return engine.begin(library, session, slug)
        case _:
            return answer_at_random(data, library, session)


def _nothing(library: MemoryLibrary, session: Session) -> tuple[Instruction, ...]:
    return engine.ask_again(library, session)


def check_walk(data: st.DataObject, library: MemoryLibrary, length: int) -> None:
    session = Session()
    for _ in range(length):
        before = session
        sprint = move_at_random(data, library, session)
        session = sprint.session
        assert sprint.instructions, "every move says something"
        assert len({position.flow for position in session.positions}) == len(session.positions)
        assert {slug for slug, _ in sprint.ended} <= (
            {position.flow for position in before.positions} | set(library.published)
        )
        for position in session.positions:
            assert tuple(step for step, _ in position.answers) == position.trail
        if session.current is None:
            assert sprint.ended
            closing = (InstructionKind.END, InstructionKind.HAND_OVER)
            assert sprint.instructions[-1].kind in closing
        else:
            assert sprint.instructions[-1].choices == engine.choices(library, session)
        assert reloaded(session) == session
    target(float(len(session.positions)))


@given(libraries(), st.data())
def test_any_walk_ends_each_move_at_a_question_or_at_an_end(
    library: MemoryLibrary, data: st.DataObject
) -> None:
    check_walk(data, library, 12)


@given(st.data())
def test_any_walk_over_the_shipped_flows_holds_too(data: st.DataObject) -> None:
    check_walk(data, MemoryLibrary.of(SHIPPED), 25)


def check_going_back(data: st.DataObject, library: MemoryLibrary, length: int) -> None:
    session = Session()
    for _ in range(length):
        before = session
        session = move_at_random(data, library, before).session
        if session.current is None or before.current is None:
            continue
        sprint = answer_at_random(data, library, session)
        if sprint.ended or sprint.session == engine.get_stuck(library, session).session:
            continue
        back = engine.go_back(library, sprint.session)
        assert back is not None
        assert back.session == settled(session)


@given(libraries(), st.data())
def test_going_back_undoes_an_answer(library: MemoryLibrary, data: st.DataObject) -> None:
    check_going_back(data, library, 10)


@given(st.data())
def test_going_back_undoes_an_answer_in_the_shipped_flows(data: st.DataObject) -> None:
    check_going_back(data, MemoryLibrary.of(SHIPPED), 20)


@given(libraries(), st.data())
def test_a_walk_saved_and_reloaded_at_each_move_is_the_same_walk(
    library: MemoryLibrary, data: st.DataObject
) -> None:
    session = Session()
    for _ in range(10):
        moved = move_at_random(data, library, session)
        if session.current is not None:
            again = engine.ask_again(library, reloaded(session))
            assert again == engine.ask_again(library, session)
        session = reloaded(moved.session)
        assert session == moved.session


@given(libraries(), st.data())
def test_a_flow_published_meanwhile_moves_nobody(
    library: MemoryLibrary, data: st.DataObject
) -> None:
    session = engine.begin(library, Session(), "f2").session
    end = [{"id": "fin", "kind": "end", "text": "…", "outcome": "done"}]
    other = {"spec_version": 1, "id": "f2", "need": "n", "title": "t", "summary": "s", "steps": end}
    later = library.publish(FlowDocument.model_validate(other))
    for _ in range(6):
        if session.current is None:
            break
        assert engine.ask_again(later, session) == engine.ask_again(library, session)
        session = answer_at_random(data, later, session).session
