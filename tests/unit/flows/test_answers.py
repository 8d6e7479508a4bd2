"""The answers that people write, refusals included, by table and over the shipped flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.flows.answers import Answer, Given, Picked, offered_labels, read
from assistant.flows.document import read_flow
from assistant.flows.flow import AskStep, Blocked, Expect, Option, WayOut

TABLE = Path(__file__).parent / "data" / "replies.yml"
ROOT = Path(__file__).parents[3]
WORDS = {
    "oui": ("Oui",),
    "non": ("Non",),
    "fait": ("C'est fait",),
    "word/stuck": ("Je suis bloqué",),
    "word/human": ("Parler à quelqu'un",),
    "word/retry": ("Réessayer",),
}


def question(expect: str, labels: dict[str, list[str]]) -> AskStep:
    options = tuple(
        Option(id=name, label=forms[0], next="suite", also=tuple(forms[1:]))
        for name, forms in labels.items()
    )
    blocked = Blocked(
        text="…",
        options=(
            WayOut(id="pas_de_code", label="Je n'ai pas de code", next="suite"),
            WayOut(id="site_ferme", label="Le site ne s'ouvre pas", next="suite"),
        ),
    )
    return AskStep(
        id="s", kind="ask", text="…", expect=Expect(expect), options=options, blocked=blocked
    )


def answer_of(expected: str | None) -> Answer | None:
    if expected is None:
        return None
    return Given(expected[1:]) if expected.startswith("=") else Picked(expected)


def cases() -> list[tuple[str, dict[str, list[str]], str, str | None]]:
    blocks = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [
        (block["question"], block["labels"], text, expected)
        for block in blocks
        for text, expected in block["replies"].items()
    ]


def test_the_table_is_large_and_holds_refusals() -> None:
    every = cases()
    assert len(every) >= 300
    assert sum(expected is None for *_, expected in every) >= 100


@pytest.mark.parametrize(("expect", "labels", "text", "expected"), cases())
def test_reply(expect: str, labels: dict[str, list[str]], text: str, expected: str | None) -> None:
    step = question(expect, labels)
    assert read(step, offered_labels(step, WORDS), text, None) == answer_of(expected)


@pytest.mark.parametrize(
    ("expect", "text", "intent", "expected"),
    [
        ("yes_no", "affirmatif chef", "oui", "oui"),
        ("yes_no", "pour sûr", "oui", "oui"),
        ("yes_no", "que nenni", "non", "non"),
        ("yes_no", "oui mais c'est quoi ?", "oui", None),
        ("yes_no", "oui mais bon", "oui", None),
        ("yes_no", "pas vraiment du tout", "oui", None),
        ("yes_no", "j'ai 82 ans", "oui", None),
        ("yes_no", "je sais pas trop", "non", None),
        ("yes_no", "ouais non c'est mort", "non", None),
        ("yes_no", "une très longue phrase qui raconte autre chose", "oui", None),
        ("yes_no", "pour sûr", "menu", None),
        ("yes_no", "pour sûr", None, None),
        ("done", "voilà monsieur le robot", "oui", "fait"),
        ("done", "que nenni", "non", None),
        ("choice", "pour sûr", "oui", None),
        ("text", "?", "oui", None),
    ],
)
def test_the_intent_decides_only_when_the_text_does_not_speak_against_it(
    expect: str, text: str, intent: str | None, expected: str | None
) -> None:
    labels = {
        "yes_no": {"oui": ["Oui"], "non": ["Non"]},
        "choice": {"sms": ["Par SMS"], "mail": ["Par e-mail"]},
    }.get(expect, {})
    step = question(expect, labels)
    assert read(step, offered_labels(step, WORDS), text, intent) == answer_of(expected)


@pytest.mark.parametrize(
    ("expect", "text", "expected"),
    [
        ("done", "1", "blocked/pas_de_code"),
        ("done", "2", "blocked/site_ferme"),
        ("done", "3", "word/retry"),
        ("done", "4", "word/human"),
        ("done", "5", None),
        ("done", "pas de code", "blocked/pas_de_code"),
        ("done", "le site ne s'ouvre pas", "blocked/site_ferme"),
        ("done", "réessayer", "word/retry"),
        ("done", "reessaye", "word/retry"),
        ("done", "ah c'est bon c'est fait", "fait"),
        ("done", "c'est fait", "fait"),
        ("done", "ok", None),
        ("done", "oui", None),
        ("yes_no", "oui", "oui"),
        ("yes_no", "d'accord", None),
        ("choice", "par sms", "sms"),
        ("date", "12/03/1956", "=1956-03-12"),
        ("text", "n'importe quoi", None),
    ],
)
def test_reply_of_somebody_who_is_stuck(expect: str, text: str, expected: str | None) -> None:
    labels = {
        "yes_no": {"oui": ["Oui"], "non": ["Non"]},
        "choice": {"sms": ["Par SMS"], "mail": ["Par e-mail"]},
    }.get(expect, {})
    step = question(expect, labels)
    shown = offered_labels(step, WORDS, stuck=True)
    assert read(step, shown, text, None, stuck=True) == answer_of(expected)


def test_a_label_in_another_language_is_read() -> None:
    step = question("choice", {"sms": ["Par SMS"], "mail": ["Par e-mail"]})
    labels = {"sms": ("عبر رسالة نصية",), "mail": ("عبر البريد الإلكتروني",)}
    assert read(step, labels, "عبر رسالة نصية", None, language="ar") == Picked("sms")
    assert read(step, labels, "٢", None, language="ar") == Picked("mail")


@given(st.sampled_from([e.value for e in Expect]), st.text(max_size=80), st.booleans())
def test_any_text_is_read_without_failing_and_only_offered_options_are_picked(
    expect: str, text: str, stuck: bool
) -> None:
    labels = {"oui": ["Oui, ça marche"], "non": ["Non"]} if expect in ("choice", "yes_no") else {}
    step = question(expect, labels)
    shown = offered_labels(step, WORDS, stuck=stuck)
    answer = read(step, shown, text, None, stuck=stuck)
    assert answer is None or isinstance(answer, Given) or answer.option in shown


@given(st.sampled_from(["sms", "mail", "lettre"]), st.data())
def test_a_label_with_one_wrong_letter_never_picks_another_option(
    name: str, data: st.DataObject
) -> None:
    labels = {"sms": ["Par texto"], "mail": ["Par internet"], "lettre": ["Par courrier"]}
    step = question("choice", labels)
    label = labels[name][0]
    place = data.draw(st.integers(0, len(label) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    text = label[:place] + letter + label[place + 1 :]
    assert read(step, offered_labels(step, WORDS), text, None) in (Picked(name), None)


def shipped_questions() -> Iterator[tuple[str, AskStep, bool]]:
    for folder in ("assistant/content/flows", "tests/content/flows"):
        for path in sorted((ROOT / folder).glob("*.yml")):
            for step in read_flow(path.read_bytes(), path.name).steps:
                if isinstance(step, AskStep):
                    yield path.stem, step, False
                    yield path.stem, step, True


SHIPPED = list(shipped_questions())
STEPS = [(step, stuck) for _, step, stuck in SHIPPED]
IDS = [f"{flow}/{step.id}{'/blocked' if stuck else ''}" for flow, step, stuck in SHIPPED]


def shown(step: AskStep, stuck: bool) -> Mapping[str, tuple[str, ...]]:
    labels = offered_labels(step, WORDS, stuck=stuck)
    return {name: forms for name, forms in labels.items() if not stuck or "/" in name}


@pytest.mark.parametrize(("step", "stuck"), STEPS, ids=IDS)
def test_every_choice_is_understood_as_it_is_shown(step: AskStep, stuck: bool) -> None:
    labels = offered_labels(step, WORDS, stuck=stuck)
    misread = []
    for number, (name, forms) in enumerate(shown(step, stuck).items(), start=1):
        typed = [str(number), f"la {number}.", *forms, *(form.upper() for form in forms)]
        if step.expect is Expect.TEXT:
            typed = [str(number), forms[0]]
        misread += [
            f"{text!r} → {got}, wanted {name}"
            for text in typed
            if (got := read(step, labels, text, None, stuck=stuck)) != Picked(name)
        ]
    assert misread == []


@pytest.mark.parametrize(("step", "stuck"), STEPS, ids=IDS)
def test_a_label_with_a_letter_missing_never_picks_another_choice(
    step: AskStep, stuck: bool
) -> None:
    labels = offered_labels(step, WORDS, stuck=stuck)
    wrong = []
    for name, forms in shown(step, stuck).items():
        for place in range(len(forms[0])):
            text = forms[0][:place] + forms[0][place + 1 :]
            got = read(step, labels, text, None, stuck=stuck)
            if isinstance(got, Picked) and got.option != name:
                wrong.append(f"{text!r} → {got.option}, wanted {name}")
    assert wrong == []
