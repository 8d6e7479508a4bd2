"""Which decision a flow tells when it ends, and that the guide for editors lists them all."""

from __future__ import annotations

import pytest

from assistant.adapters.content_files import load_content
from assistant.domain.choices import DECISIONS, ChoiceAct, Decision, ToldChoice
from assistant.domain.conversation import Session
from assistant.flows import engine
from assistant.flows.document import read_flow
from assistant.flows.engine import Sprint
from assistant.flows.library import MemoryLibrary
from assistant.flows.replies import Picked
from tests.docs.pages import read, rows, section, spans

FLOW = """
spec_version: 1
id: exemple
need: exemple
title: Un exemple
summary: Un exemple.
steps:
  - id: qui
    kind: ask
    text: Pour qui ?
    expect: choice
    options:
      - {id: moi, label: Moi, next: samu}
      - {id: enfant, label: Mon enfant, next: samu, for_other: true}
    blocked:
      text: Prenez votre temps.
      options:
        - {id: autre, label: Une autre personne, next: samu, for_other: true}
  - id: samu
    kind: ask
    text: Laisser voir ?
    expect: choice
    options:
      - {id: oui, label: "Oui", next: marche, choice: {act: emergency_samu, decision: allowed}}
      - {id: non, label: "Non", next: marche, choice: {act: emergency_samu, decision: refused}}
  - id: marche
    kind: ask
    text: Réussi ?
    expect: choice
    options:
      - {id: oui, label: "Oui", next: fin}
      - {id: encore, label: "Encore", next: samu}
      - {id: non, label: "Non", next: fin_sans}
  - {id: fin, kind: end, text: Bravo., outcome: done, notes_choice: true}
  - {id: fin_sans, kind: end, text: Tant pis., outcome: given_up}
"""
LIBRARY = MemoryLibrary.of([read_flow(FLOW, "exemple.yml")])


def after(*options: str) -> Sprint:
    sprint = engine.begin(LIBRARY, Session(), "exemple")
    for option in options:
        sprint = engine.answer(LIBRARY, sprint.session, Picked(option))
    return sprint


def refused() -> ToldChoice:
    revision = LIBRARY.flow("exemple").revision
    return ToldChoice(
        ChoiceAct.EMERGENCY_SAMU, Decision.REFUSED, "flow/exemple/samu/text", revision
    )


def test_the_last_decision_on_the_way_is_told_at_the_end() -> None:
    assert after("moi", "non", "oui").told == (refused(),)
    assert after("moi", "oui", "encore", "non", "oui").told == (refused(),)


def test_nothing_is_told_before_the_end_nor_at_an_end_that_notes_nothing() -> None:
    assert after("moi", "non").told == ()
    assert after("moi", "non", "non").told == ()


@pytest.mark.parametrize("first", [("enfant",), ("word/stuck", "blocked/autre")])
def test_the_decision_of_somebody_else_is_never_told(first: tuple[str, ...]) -> None:
    assert after(*first, "non", "oui").told == ()


def test_an_answer_taken_back_decides_nothing() -> None:
    waiting = after("moi", "oui")
    back = engine.go_back(LIBRARY, waiting.session)
    assert back is not None
    again = engine.answer(LIBRARY, back.session, Picked("non"))
    assert engine.answer(LIBRARY, again.session, Picked("oui")).told == (refused(),)


def test_every_act_can_be_corrected_to_another_decision() -> None:
    assert set(DECISIONS) == set(ChoiceAct)
    assert all(len(set(known)) == 2 for known in DECISIONS.values())
    assert {each for known in DECISIONS.values() for each in known} == set(Decision)


def test_every_act_is_decided_in_some_flow_and_by_no_delicate_one() -> None:
    flows = load_content().flows.values()
    decided = {
        option.choice.act
        for flow in flows
        for step in flow.steps
        for option in getattr(step, "options", ())
        if option.choice is not None
    }
    assert decided == set(ChoiceAct)


def test_the_guide_for_editors_lists_every_act_and_its_decisions() -> None:
    listed = {
        spans(row[0])[0]: tuple(spans(row[2]))
        for row in rows(section(read("writing-a-flow.md"), "Les décisions"))
    }
    known = {
        act.value: tuple(each.value for each in decisions) for act, decisions in DECISIONS.items()
    }
    assert listed == known
