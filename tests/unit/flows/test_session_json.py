"""What is saved of a dialogue comes back as it was."""

from __future__ import annotations

import json
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.choices import ChoiceAct, Decision, ToldChoice
from assistant.domain.consent import Purpose
from assistant.domain.conversation import (
    AskedConsent,
    DialogueState,
    Finished,
    Position,
    Question,
    Session,
)
from assistant.domain.messages import Choice, Instruction, InstructionKind, Manner, StepRef
from assistant.domain.whom import Whom
from assistant.flows.session_json import (
    UnreadableState,
    dump_instructions,
    dump_state,
    load_instructions,
    load_state,
)

words = st.text(max_size=12)
maybe = st.none() | words
choices = st.builds(Choice, words, words, maybe)
pairs = st.tuples(words, words)
positions = st.builds(
    Position,
    flow=words,
    revision=words,
    step=words,
    answers=st.lists(pairs, max_size=3).map(tuple),
    trail=st.lists(words, max_size=3).map(tuple),
    stuck=st.booleans(),
    unclear=st.integers(0, 9),
)
instructions = st.builds(
    Instruction,
    kind=st.sampled_from(InstructionKind),
    key=words,
    params=st.dictionaries(words, words, max_size=3).map(MappingProxyType),
    revision=maybe,
    choices=st.lists(choices, max_size=3).map(tuple),
    step=st.none() | st.builds(StepRef, words, words, st.integers(0, 20), st.integers(0, 20)),
    manner=st.sampled_from(Manner),
    whom=st.sampled_from(Whom),
)
asked = st.builds(
    AskedConsent,
    purpose=st.sampled_from(Purpose),
    question=instructions,
    unclear=st.integers(0, 9),
    then=st.none() | st.sampled_from(Question),
)
told = st.builds(ToldChoice, st.sampled_from(ChoiceAct), st.sampled_from(Decision), words, words)
states = st.builds(
    DialogueState,
    session=st.builds(Session, st.lists(positions, max_size=3).map(tuple)),
    offered=st.lists(choices, max_size=3).map(tuple),
    question=st.none() | st.sampled_from(Question),
    misunderstood=st.integers(0, 9),
    simpler=st.booleans(),
    slower=st.booleans(),
    whom=st.sampled_from(Whom),
    later=st.lists(words, max_size=3).map(tuple),
    consent=st.none() | asked,
    declined=st.lists(st.sampled_from(Purpose), max_size=3).map(tuple),
    to_note=st.lists(told, max_size=3).map(tuple),
    finished=st.none() | st.builds(Finished, words, words, st.integers(0, 92)),
)


@given(states)
def test_a_state_comes_back_as_it_was(state: DialogueState) -> None:
    assert load_state(json.loads(json.dumps(dump_state(state)))) == state


@given(st.lists(instructions, max_size=3).map(tuple))
def test_instructions_come_back_as_they_were(shown: tuple[Instruction, ...]) -> None:
    assert load_instructions(json.loads(json.dumps(dump_instructions(shown)))) == shown


def test_an_empty_state_takes_no_room_and_old_rows_read_their_defaults() -> None:
    assert dump_state(DialogueState()) == {}
    assert load_state({}) == DialogueState()


@pytest.mark.parametrize(
    "data",
    [
        {"positions": [{"flow": "f"}]},
        {"positions": {"flow": "f"}},
        {"positions": [{"flow": "f", "revision": "r", "step": "s", "answers": [["a"]]}]},
        {"positions": [{"flow": 1, "revision": "r", "step": "s"}]},
        {"offered": [None]},
        {"question": "weather"},
        {"question": 3},
        {"misunderstood": "2"},
        {"misunderstood": True},
        {"whom": "them"},
        {"consent": {"purpose": "weather", "question": {"kind": "ask", "key": "k"}}},
        {"consent": {"purpose": "quality"}},
        {"consent": {"purpose": "quality", "question": {"kind": "ask", "key": "k"}, "then": "x"}},
        {"declined": ["weather"]},
    ],
)
def test_what_we_did_not_write_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(UnreadableState):
        load_state(data)


def test_the_error_never_quotes_an_answer() -> None:
    secret = {"flow": "f", "revision": "r", "step": "s", "answers": [["s", ["Martin"]]]}
    with pytest.raises(UnreadableState) as refused:
        load_state({"positions": [secret]})
    assert "Martin" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_instruction_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnreadableState):
        load_instructions([{"kind": "sing", "key": "k"}])
