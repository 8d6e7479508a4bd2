"""The export in FHIR: valid R4 whatever was noted, and nowhere more than a note."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.consent import Consent
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.choices import (
    DECISIONS,
    ChoiceAct,
    ChoiceState,
    Decision,
    NotedChoice,
    ToldChoice,
)
from assistant.rendering.fhir import consent_bundle

Resource = dict[str, Any]

NOTICE = "Ce carnet est un aide-mémoire, pas l'acte lui-même."
CASES = [(act, decision) for act, known in DECISIONS.items() for decision in known]

moments = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
# What YAML and people can hold: any letter but those that no XML may hold.
words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=80)


states = st.none() | moments
lines = st.builds(
    lambda case, **fields: NotedChoice(
        told=ToldChoice(case[0], case[1], f"flow/{case[0]}/step/text", "a1b2"),
        words_hash="0" * 64,
        **fields,
    ),
    st.sampled_from(CASES),
    id=st.uuids().map(str),
    channel=st.sampled_from(["web", "sms"]),
    noted_at=moments,
    corrected_at=states,
    withdrawn_at=states,
)


def read(noted: list[NotedChoice], label: str = "Une ligne") -> list[Resource]:
    """Return the Consents of a notebook, once the whole bundle is found valid."""
    bundle = consent_bundle(noted, noted[0].noted_at, label=lambda _: label, notice=NOTICE)
    text = json.dumps(bundle)
    assert Bundle.model_validate_json(text).type == "collection"
    entries = json.loads(text)["entry"]
    assert [each["fullUrl"] for each in entries] == [f"urn:uuid:{each.id}" for each in noted]
    for each in entries:
        Consent.model_validate(each["resource"])
    return [each["resource"] for each in entries]


def line(act: ChoiceAct, decision: Decision, state: ChoiceState) -> NotedChoice:
    at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    return NotedChoice(
        id=str(uuid.uuid4()),
        told=ToldChoice(act, decision, "flow/x/y/text", "r"),
        words_hash="0" * 64,
        channel="sms",
        noted_at=at,
        corrected_at=at if state is ChoiceState.CORRECTED else None,
        withdrawn_at=at if state is ChoiceState.WITHDRAWN else None,
    )


@given(st.lists(lines, min_size=1, max_size=4, unique_by=lambda each: each.id), words)
def test_any_notebook_is_a_valid_bundle(noted: list[NotedChoice], label: str) -> None:
    assert len(read(noted, label)) == len(noted)


@pytest.mark.parametrize("state", ChoiceState)
@pytest.mark.parametrize(("act", "decision"), CASES)
def test_every_act_decision_and_state(
    act: ChoiceAct, decision: Decision, state: ChoiceState
) -> None:
    noted = line(act, decision, state)
    (consent,) = read([noted])
    # ppc-1: a policy or a rule; ppc-2: a patient where the scope is privacy (R4, Consent).
    assert consent["policyRule"]["text"]
    assert consent["patient"].keys() == {"display"}
    assert consent["verification"] == [{"verified": False}]
    assert consent["status"] in {"active", "inactive", "rejected"}
    assert (consent["status"] == "inactive") is (state is ChoiceState.WITHDRAWN)
    assert noted.words_hash in consent["sourceReference"]["display"]
    (other,) = read([line(act, noted.told.corrected().decision, state)])
    opposite = {consent["provision"]["type"], other["provision"]["type"]} == {"permit", "deny"}
    # A letter that was sent and one that was accepted both object.
    assert opposite is (act is not ChoiceAct.RESEARCH_OBJECTION)


@given(words)
def test_the_narrative_says_that_it_is_a_note_and_holds_no_markup_of_others(label: str) -> None:
    noted = line(ChoiceAct.SPACE, Decision.CLOSED, ChoiceState.NOTED)
    (consent,) = read([noted], label=f"<script>{label}</script>")
    assert "aide-mémoire" in consent["text"]["div"]
    assert "<script>" not in consent["text"]["div"]


def test_a_request_taken_back_is_rejected() -> None:
    (consent,) = read([line(ChoiceAct.DELETION, Decision.CANCELLED, ChoiceState.NOTED)])
    assert consent["status"] == "rejected"
