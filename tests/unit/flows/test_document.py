"""Reading content documents: what is accepted, what is refused, and how each text is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.flows.document import (
    MAX_DOCUMENT_BYTES,
    AskStep,
    ContentRefused,
    InconsistentFlow,
    InvalidDocument,
    Rule,
    UnreadableDocument,
    read_answer,
    read_facts,
    read_flow,
    read_glossary,
    read_needs,
    synonyms,
    texts,
)
from assistant.flows.library import revision_of
from assistant.flows.reading import RawDocument, migrate, read_yaml

ROOT = Path(__file__).parents[3]
BASE = ROOT / "tests" / "content" / "broken" / "base"
TEA = ROOT / "tests" / "content" / "flows" / "faire_un_the.yml"
FLOW = (BASE / "flow.yml").read_text(encoding="utf-8")


def rules_of(raw: bytes | str) -> list[Rule]:
    with pytest.raises(ContentRefused) as refused:
        read_flow(raw, "x.yml")
    return [finding.rule for finding in refused.value.findings]


def test_every_text_of_a_flow_has_its_key() -> None:
    found = texts(read_flow(TEA.read_bytes(), TEA.name))
    assert found["flow/faire_un_the/title"] == "Faire un thé"
    assert found["flow/faire_un_the/summary"] == "Faire un thé, pas à pas."
    assert found["flow/faire_un_the/stage/eau"] == "L'eau"
    assert found["flow/faire_un_the/bouilloire/text"] == "Avez-vous une bouilloire ?"
    assert found["flow/faire_un_the/bouilloire/option/oui"] == "Oui"
    assert found["flow/faire_un_the/bouilloire/blocked/option/rien"] == "Je n'ai rien"
    assert found["flow/faire_un_the/heure/blocked/text"].startswith("Écrivez")
    assert found["flow/faire_un_the/remplir/retry"].startswith("Écrivez")
    assert not any(key.startswith("flow/faire_un_the/trouver/") for key in found)


def test_what_to_bring_is_numbered_from_one_and_at_most_six_things() -> None:
    things = [f"chose {number}" for number in range(1, 7)]
    raw = FLOW.replace("stages:", f"bring: {things}\nstages:")
    found = texts(read_flow(raw, "x.yml"))
    assert [found[f"flow/exemple/bring/{number}"] for number in range(1, 7)] == things
    assert rules_of(FLOW.replace("stages:", f"bring: {[*things, 'trop']}\nstages:")) == [
        Rule.TOO_MANY
    ]


def test_a_question_asks_whether_it_worked_only_when_it_says_so() -> None:
    raw = FLOW.replace("    kind: ask", "    kind: ask\n    did_it_work: true")
    asked = [read_flow(text, "x.yml").steps[0] for text in (FLOW, raw)]
    assert [isinstance(step, AskStep) and step.did_it_work for step in asked] == [False, True]


@pytest.mark.parametrize(
    ("label", "rules"),
    [
        (f"[{'a' * 80}|{'b' * 80}]", []),
        (f"[{'a' * 80}|{'b' * 81}]", [Rule.TEXT_TOO_LONG]),
        ("[oui|]", [Rule.TEXT_EMPTY]),
        ("[|oui]", [Rule.TEXT_EMPTY]),
        ("[oui| ]", [Rule.TEXT_EMPTY]),
    ],
)
def test_the_limits_of_a_text_hold_for_each_telling(label: str, rules: list[Rule]) -> None:
    raw = FLOW.replace('label: "Oui"', f'label: "{label}"')
    assert raw != FLOW
    if rules:
        assert rules_of(raw) == rules
    else:
        read_flow(raw, "x.yml")


def test_a_telling_that_says_nothing_names_its_reader() -> None:
    def refusal(label: str) -> str:
        with pytest.raises(ContentRefused) as refused:
            read_flow(FLOW.replace('label: "Oui"', f'label: "{label}"'), "x.yml")
        return str(refused.value)

    assert refusal("[oui|]") != refusal("[|oui]")


def test_a_bracket_without_quotes_in_a_short_line_is_explained() -> None:
    assert rules_of(FLOW.replace('"Oui"', "[Oui|Si] oui")) == [Rule.YAML_BROKEN]
    assert rules_of(FLOW.replace('"Oui"', "[Oui|Si]")) == [Rule.NOT_A_TEXT]


def test_the_variants_of_a_text_stand_beside_it() -> None:
    raw = FLOW.replace(
        "    text: Avez-vous un code ?", "    text: Un code ?\n    sms: Code ?\n    simpler: Oui ?"
    )
    found = texts(read_flow(raw, "x.yml"))
    base = "flow/exemple/code_recu"
    assert [found[f"{base}/{variant}"] for variant in ("text", "sms", "simpler")] == [
        "Un code ?",
        "Code ?",
        "Oui ?",
    ]


def test_the_other_documents_have_their_keys() -> None:
    answer = texts(read_answer((BASE / "answer.yml").read_bytes(), "answer.yml"))
    assert list(answer) == ["answer/obligatoire/text", "answer/obligatoire/simpler"]
    glossary = texts(read_glossary((BASE / "glossary.yml").read_bytes(), "glossary.yml"))
    assert list(glossary) == ["glossary/code_provisoire/label", "glossary/code_provisoire/text"]
    needs = texts(read_needs((BASE / "needs.yml").read_bytes(), "needs.yml"))
    assert needs["need/activer_espace/label"] == "Activer Mon espace santé"
    assert needs["need/obligatoire/short"] == "Obligatoire"
    facts = texts(read_facts((BASE / "facts.yml").read_bytes(), "facts.yml"))
    assert facts["fact/support_phone/value"] == "3422"
    assert facts["fact/site_address/link_label"] == "Ouvrir le site"


def test_synonyms_are_found_by_the_key_of_their_label() -> None:
    assert synonyms(read_flow(TEA.read_bytes(), TEA.name)) == {
        "flow/faire_un_the/sorte/option/vert": ("le vert", "matcha")
    }
    raw = (BASE / "glossary.yml").read_text(encoding="utf-8")
    raw = raw.replace("text: Un", 'also: ["le code"], text: Un')
    assert synonyms(read_glossary(raw, "g.yml")) == {"glossary/code_provisoire/label": ("le code",)}


def test_the_error_names_file_and_step_and_suggests() -> None:
    with pytest.raises(InvalidDocument) as refused:
        read_flow(FLOW.replace("expect: choice", "expct: choice"), "exemple.yml")
    missing, unknown = str(refused.value).split("\n")
    assert missing.startswith("exemple.yml : étape « code_recu » :")
    assert "Vouliez-vous dire « expect » ?" in unknown
    assert {finding.step for finding in refused.value.findings} == {"code_recu"}


def test_all_that_is_wrong_is_told_at_once() -> None:
    raw = FLOW.replace("stage: debut", "stage: debit").replace("next: fin", "next: fni")
    with pytest.raises(InconsistentFlow) as refused:
        read_flow(raw, "exemple.yml")
    assert [finding.rule for finding in refused.value.findings] == [
        Rule.STAGE_UNKNOWN,
        Rule.NEXT_UNKNOWN,
        Rule.NEXT_UNKNOWN,
    ]


def test_text_and_bytes_are_read_alike_and_a_byte_order_mark_is_no_harm() -> None:
    flow = read_flow(FLOW, "x.yml")
    assert read_flow(FLOW.encode(), "x.yml") == flow
    assert read_flow("\ufeff" + FLOW, "x.yml") == flow
    assert read_flow(b"\xef\xbb\xbf" + FLOW.encode(), "x.yml") == flow


def test_the_size_limit_counts_bytes() -> None:
    room = MAX_DOCUMENT_BYTES - len(FLOW.encode())
    assert read_flow(FLOW + "#" * room, "x.yml").id == "exemple"
    assert rules_of(FLOW + "#" * (room + 1)) == [Rule.TOO_LARGE]
    assert rules_of(FLOW + "é" * (room // 2 + 1)) == [Rule.TOO_LARGE]


def test_an_alias_bomb_is_refused_before_it_is_built() -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
    assert rules_of(f"a0: &a0 [x]\n{levels}") == [Rule.YAML_ALIAS]


def test_a_tower_of_brackets_is_refused() -> None:
    assert rules_of("[" * 50_000) == [Rule.YAML_TOO_DEEP]


@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        ("a: b: c", "entre guillemets"),
        ("a: @b", "mal placé"),
        ("a:\n\t- b", "mal placé"),
        ('a: "b', "refermés"),
        ("a: [b, c", "alignement"),
        ("a: b\n c: d", "entre guillemets"),
        ("- a\nb: c", "alignement"),
        ("a: 2026-13-45", "date"),
        ("a: !!python/object:os.system x", "ne peut pas être lu"),
        ("a: \x00", "ne peut pas être lu"),
    ],
)
def test_broken_yaml_is_explained(raw: str, hint: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read_flow(raw, "x.yml")
    assert refused.value.findings[0].rule is Rule.YAML_BROKEN
    assert hint in str(refused.value)


def refusal(reader: Callable[[bytes | str, str], object], raw: bytes | str) -> str | None:
    """Return what is said against a file, None when it is read."""
    try:
        reader(raw, "x.yml")
    except ContentRefused as refused:
        return str(refused)
    return None


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_whatever_the_file_holds_it_is_read_or_refused(raw: bytes | str) -> None:
    for reader in (read_flow, read_answer, read_glossary, read_facts, read_needs):
        said = refusal(reader, raw)
        assert said is None or all(line.startswith("x.yml : ") for line in said.split("\n"))


@given(
    st.integers(0, len(FLOW) - 1), st.integers(0, 12), st.sampled_from(["", ": ", "- ", "[", "x"])
)
def test_a_flow_damaged_anywhere_is_read_or_refused(place: int, cut: int, put: str) -> None:
    said = refusal(read_flow, FLOW[:place] + put + FLOW[place + cut :])
    assert said is None or said.startswith("x.yml : ")


def test_documents_cannot_be_changed() -> None:
    flow = read_flow(FLOW, "x.yml")
    with pytest.raises(ValueError, match="frozen"):
        flow.title = "autre"  # type: ignore[misc]
    needs = read_needs((BASE / "needs.yml").read_bytes(), "needs.yml")
    with pytest.raises(TypeError):
        needs.needs["menu"] = needs.needs["obligatoire"]  # type: ignore[index]


def test_each_version_is_brought_to_the_next() -> None:
    def rename(data: RawDocument) -> RawDocument:
        return {("titre" if name == "title" else name): value for name, value in data.items()}

    def add(data: RawDocument) -> RawDocument:
        return {**data, "langue": "fr"}

    migrations = {1: rename, 2: add}
    first = {"spec_version": 1, "title": "t"}
    last = {"spec_version": 3, "titre": "t", "langue": "fr"}
    assert migrate(first, "x.yml", migrations, target=3) == last
    assert first == {"spec_version": 1, "title": "t"}
    assert migrate({"spec_version": 2, "titre": "t"}, "x.yml", migrations, target=3) == last
    assert migrate(last, "x.yml", migrations, target=3) == last


@pytest.mark.parametrize("version", ["0", "2", "-1", "true", '"1"', "1.0", "[1]"])
def test_a_version_that_is_not_known_is_refused(version: str) -> None:
    assert rules_of(FLOW.replace("spec_version: 1", f"spec_version: {version}")) == [
        Rule.SPEC_VERSION
    ]


def test_facts_and_needs_may_leave_their_version_out() -> None:
    raw = (BASE / "facts.yml").read_text(encoding="utf-8")
    assert "spec_version" not in raw
    assert read_facts(f"spec_version: 1\n{raw}", "f.yml") == read_facts(raw, "f.yml")
    with pytest.raises(UnreadableDocument):
        read_facts(f"spec_version: 2\n{raw}", "f.yml")


def test_the_revision_follows_the_words_and_not_the_layout() -> None:
    flow = read_flow(FLOW, "x.yml")
    assert revision_of(read_flow(FLOW.replace("text: Au revoir.", 'text: "Au revoir."'), "x")) == (
        revision_of(flow)
    )
    assert revision_of(read_flow(FLOW.replace("Au revoir", "Adieu"), "x")) != revision_of(flow)


def test_plain_data_comes_back_from_yaml() -> None:
    assert read_yaml("a: [1, x]\nb: {c: null}", "x.yml") == {"a": [1, "x"], "b": {"c": None}}
