"""What the training data, the rules and the held-out sentences promise to each other."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.components.spelling import plain_spelling, without_accents

NLU = Path(__file__).resolve().parents[1]
NEEDS: dict[str, dict[str, object]] = yaml.safe_load(
    (NLU.parent / "assistant" / "content" / "needs.yml").read_text("utf-8")
)
KINDS = {"guide", "answer", "talk", "safety"}
CLICK, FALLBACK = "choose", "nlu_fallback"
ENTITY = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<entity>\w+)\)")


def examples(path: Path) -> list[tuple[str, str]]:
    """Reads the (intent, sentence) pairs of a file, annotations included."""
    document = yaml.safe_load(path.read_text("utf-8"))
    return [
        (entry["intent"], line.removeprefix("- "))
        for entry in document["nlu"]
        if "intent" in entry
        for line in entry["examples"].splitlines()
    ]


def plain(sentence: str) -> str:
    """Reduces a sentence to what two spellings of it share."""
    words = re.findall(r"\w+", without_accents(ENTITY.sub(r"\g<words>", sentence)))
    return " ".join(words) or sentence


def everything(folder: str) -> list[tuple[str, str]]:
    """Reads each example under a folder."""
    return [pair for path in sorted((NLU / folder).rglob("*.yml")) for pair in read_if_nlu(path)]


def read_if_nlu(path: Path) -> list[tuple[str, str]]:
    """Reads the examples of a file that may hold rules instead."""
    return examples(path) if "nlu" in yaml.safe_load(path.read_text("utf-8")) else []


@pytest.fixture(scope="module")
def domain() -> dict[str, object]:
    """The domain, as parsed."""
    parsed: dict[str, object] = yaml.safe_load((NLU / "domain.yml").read_text("utf-8"))
    return parsed


@pytest.fixture(scope="module")
def rules() -> list[dict[str, object]]:
    """The rules, as parsed."""
    parsed: list[dict[str, object]] = yaml.safe_load(
        (NLU / "data" / "rules.yml").read_text("utf-8")
    )["rules"]
    return parsed


def test_catalogue_lists_fifty_needs_of_known_kinds() -> None:
    assert len(NEEDS) == 50
    assert {need["kind"] for need in NEEDS.values()} == KINDS
    assert {need["priority"] for need in NEEDS.values()} == {1, 2, 3}
    assert all(need["means"] for need in NEEDS.values())


def test_domain_knows_each_need_and_nothing_else(domain: dict[str, object]) -> None:
    assert set(domain["intents"]) == {*NEEDS, CLICK, FALLBACK}  # type: ignore[call-overload]
    assert domain["entities"] == ["option", "commune", "postcode"]
    assert domain["actions"] == ["action_follow_flow", "action_meet_need", "action_clarify"]


def test_domain_holds_no_words_for_people(domain: dict[str, object]) -> None:
    assert {"responses", "forms", "slots"}.isdisjoint(domain)
    assert not re.search(r"[«»?!]|\butter_", (NLU / "domain.yml").read_text("utf-8"))


def test_sessions_never_expire(domain: dict[str, object]) -> None:
    assert domain["session_config"] == {
        "session_expiration_time": 0,
        "carry_over_slots_to_new_session": False,
    }


def test_each_need_has_one_rule_without_condition(rules: list[dict[str, object]]) -> None:
    answers = [
        (rule["steps"][0]["intent"], rule["steps"][1]["action"])  # type: ignore[index]
        for rule in rules
        if "condition" not in rule and len(rule["steps"]) == 2  # type: ignore[arg-type]
    ]
    assert Counter(answers) == Counter(
        [(need, "action_meet_need") for need in NEEDS] + [(FALLBACK, "action_clarify")]
    )


def test_a_click_and_the_end_of_a_flow_have_a_rule(rules: list[dict[str, object]]) -> None:
    loops = [
        rule["steps"][-1]["active_loop"]  # type: ignore[index]
        for rule in rules
        if "active_loop" in rule["steps"][-1]  # type: ignore[index]
    ]
    assert sorted(loops, key=str) == [None, None, "action_follow_flow"]


@pytest.mark.parametrize("need", NEEDS)
def test_need_has_enough_varied_examples(need: str) -> None:
    first = NEEDS[need]["priority"] == 1
    learned = [text for intent, text in examples(NLU / "data" / "fr" / f"{need}.yml")]
    held_out = [text for intent, text in examples(NLU / "tests" / "fr" / f"{need}.yml")]
    assert len({plain(text) for text in learned}) >= (30 if first else 20)
    assert len({plain(text) for text in held_out}) >= (12 if first else 8)


@pytest.mark.parametrize("folder", ["data/fr", "tests/fr", "tests/fresh", "tests/sealed"])
def test_each_file_holds_the_need_that_names_it(folder: str) -> None:
    for path in (NLU / folder).glob("*.yml"):
        assert {intent for intent, _ in examples(path)} == {path.stem}
    assert {path.stem for path in (NLU / folder).glob("*.yml")} == set(NEEDS)


def test_no_held_out_sentence_is_learned() -> None:
    learned = {plain(text) for _, text in everything("data")}
    held_out = {plain(text) for _, text in everything("tests")}
    assert not learned & held_out


@pytest.mark.parametrize("folder", ["data", "tests"])
def test_no_sentence_has_two_meanings_or_stands_twice(folder: str) -> None:
    sentences = Counter(plain(text) for _, text in everything(folder))
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


@pytest.mark.parametrize("folder", ["data", "tests"])
def test_annotations_name_entities_of_the_domain(folder: str) -> None:
    found = [match for _, text in everything(folder) for match in ENTITY.finditer(text)]
    assert {match["entity"] for match in found} == {"commune", "postcode"}
    for match in found:
        assert (match["entity"] == "postcode") == match["words"].isdigit()


@pytest.mark.parametrize("folder", ["data", "tests"])
def test_no_sentence_holds_a_number_that_identifies_somebody(folder: str) -> None:
    numbers = re.compile(r"\d(?:[ .-]?\d){7,}")
    assert [text for _, text in everything(folder) if numbers.search(text)] == []


def test_postcode_pattern_reads_mainland_corsica_and_overseas_only() -> None:
    document = yaml.safe_load((NLU / "data" / "regex.yml").read_text("utf-8"))
    (pattern,) = [line.removeprefix("- ") for line in document["nlu"][0]["examples"].splitlines()]
    for postcode in ("05000", "20090", "75012", "95800", "97400", "98800", "05 000"):
        assert re.search(pattern, f"je suis dans le {postcode}.")
    for other in ("00123", "96000", "99000", "3422", "123456", "2024"):
        assert not re.fullmatch(f".*{pattern}.*", f"c'est {other}!")


def test_files_name_no_package_index() -> None:
    for name in ("pyproject.toml", "requirements.txt", "overrides.txt"):
        assert "://" not in (NLU / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("G", "j'ai"),
        ("koman", "comment"),
        ("Ouiiii", "oui"),
        ("santé", "sante"),
        ("sœur", "soeur"),
        ("l’espace", "l'espace"),
        ("75000", "75000"),
    ],
)
def test_spelling_is_brought_closer(written: str, read: str) -> None:
    assert plain_spelling(written) == read


@given(st.text())
def test_any_text_can_be_read_and_reading_twice_changes_nothing_more(text: str) -> None:
    once = without_accents(text)
    assert without_accents(once) == once
    assert isinstance(plain_spelling(text), str)
