"""A letter waits until it is written; a reminder is wanted by a yes, and only at its own step."""

from __future__ import annotations

import pytest

from assistant.domain.conversation import Session
from assistant.domain.messages import InstructionKind
from assistant.flows import engine
from assistant.flows.document import InvalidDocument, read_flow
from assistant.flows.engine import Sprint
from assistant.flows.library import MemoryLibrary
from assistant.flows.replies import Picked

SLUG = "essai"
FLOW = """
spec_version: 1
id: essai
need: activer_espace
title: Un essai
summary: Un essai.
steps:
  - {id: lettre, kind: letter, template: modele, text: Écrivez la lettre., next: rappel}
  - id: rappel
    kind: remind
    days: 30
    text: Voulez-vous un rappel ?
    options:
      - {id: oui, next: question}
      - {id: non, next: question}
    blocked:
      text: Un seul message.
      options:
        - {id: sans, label: Sans rappel, next: question}
  - id: question
    kind: ask
    text: Encore ?
    expect: yes_no
    options:
      - {id: oui, next: lettre}
      - {id: non, next: fin}
  - {id: fin, kind: end, text: Au revoir., outcome: done}
"""
LIBRARY = MemoryLibrary.of([read_flow(FLOW, "essai.yml")])


def after(*options: str) -> Sprint:
    """Return the last sprint of somebody who picks these options."""
    sprint = engine.begin(LIBRARY, Session(), SLUG)
    for option in options:
        sprint = engine.answer(LIBRARY, sprint.session, Picked(option))
    return sprint


def test_the_flow_waits_at_the_letter_and_names_it() -> None:
    (asked,) = after().instructions
    assert asked.kind is InstructionKind.LETTER
    assert asked.params == {"template": "modele"}
    assert asked.choices[0].id == "step/essai/lettre/fait"
    session = after("fait").session
    assert session.current is not None
    assert session.current.step == "rappel"


def test_somebody_stuck_at_the_letter_reads_what_helps_and_no_letter() -> None:
    (stuck,) = engine.get_stuck(LIBRARY, after().session).instructions
    assert stuck.kind is not InstructionKind.LETTER


@pytest.mark.parametrize(
    ("options", "days"),
    [
        (("fait", "oui"), 30),
        (("fait", "non"), None),
        (("fait", "oui", "oui"), None),
        (("fait", "word/stuck", "blocked/sans"), None),
    ],
)
def test_only_a_yes_to_the_reminder_itself_wants_one(
    options: tuple[str, ...], days: int | None
) -> None:
    assert after(*options).remind_in == days


@pytest.mark.parametrize(
    "broken",
    [
        FLOW.replace("days: 30", "days: 93"),
        FLOW.replace("days: 30", "days: 0"),
        FLOW.replace("days: 30\n", "expect: choice\n    days: 30\n"),
        FLOW.replace("template: modele, ", ""),
    ],
)
def test_what_it_needs_is_checked(broken: str) -> None:
    with pytest.raises(InvalidDocument):
        read_flow(broken, "essai.yml")
