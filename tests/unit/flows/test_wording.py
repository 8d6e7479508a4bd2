"""What the rules on texts find, and above all what they leave alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.flows.checks import Rule, Severity, check_content
from assistant.flows.document import (
    AnswerDocument,
    Fact,
    FactsDocument,
    FactStatus,
    FlowDocument,
    GlossaryDocument,
    Need,
    NeedKind,
    NeedsCatalogue,
    read_answer,
    read_flow,
    read_glossary,
    read_needs,
    texts,
)
from assistant.flows.passages import passages
from assistant.flows.wording import MAX_SMS_SEPTETS, ONE_SMS_SEPTETS, count_septets

TODAY = date(2026, 11, 23)
CONTENT = Path(__file__).parents[3] / "assistant" / "content"
CONTENT_FILES = [
    *sorted(CONTENT.glob("flows/*.yml")),
    *sorted(CONTENT.glob("answers/*.yml")),
    CONTENT / "glossary.yml",
    CONTENT / "needs.yml",
]


def read_any(path: Path) -> FlowDocument | AnswerDocument | GlossaryDocument | NeedsCatalogue:
    raw, name = path.read_bytes(), path.name
    if path.parent.name == "flows":
        return read_flow(raw, name)
    if path.parent.name == "answers":
        return read_answer(raw, name)
    return read_glossary(raw, name) if name == "glossary.yml" else read_needs(raw, name)


def fact(name: str, value: str, **more: str) -> Fact:
    known = {
        "id": name,
        "value": value,
        "source": "Une fiche.",
        "status": FactStatus.VERIFIED,
        "checked_on": TODAY,
        "review_by": TODAY,
    }
    return Fact.model_validate({**known, **more})


FACTS = FactsDocument(
    facts=(
        fact("support_phone", "3422", phone="3422"),
        fact("hours", "de 8 h 30 à 17 h", sms="8h30-17h"),
        fact("delay", "6 semaines"),
        fact("site", "www.monespacesante.fr", url="https://www.monespacesante.fr"),
        fact("samu", "15", phone="15"),
        fact("long", "x" * 40, sms="y"),
    )
)
NEEDS = NeedsCatalogue(
    needs={"obligatoire": Need(kind=NeedKind.ANSWER, priority=1, label="Obligatoire", short="O")}
)


def found(text: str, sms: str | None = "Non.", simpler: str | None = "Non.") -> list[Rule]:
    """Return the rules that an answer with this text breaks."""
    answer = AnswerDocument(spec_version=1, id="obligatoire", text=text, sms=sms, simpler=simpler)
    glossary = GlossaryDocument(spec_version=1, terms=())
    return [f.rule for f in check_content([], [answer], glossary, FACTS, NEEDS, TODAY)]


@pytest.mark.parametrize(
    "text",
    [
        "Appelez le {fact:support_phone}, {fact:hours}.",
        "Allez sur {fact:site} puis attendez {fact:delay}.",
        "La carte de 1998 convient encore.",
        "C'est la première de trois étapes.",
        "Cherchez les 11 chiffres.",
        "Écrivez « authentification » dans la case.",
        "- une ligne\n- une autre ligne",
        "Le site s'appelle Mon espace santé.",
        "Le code arrive en 1 ou 2 fois.",
        "Un numéro comme 34220 ou 13422 n'est pas le bon.",
        "Le médecin, l'hôpital, la pharmacie... tous sont prévenus.",
    ],
)
def test_a_sound_text_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Le numéro est 3422.", Rule.FIGURE_IN_CLEAR),
        ("Ouvert DE 8 H 30 À 17 H.", Rule.FIGURE_IN_CLEAR),
        ("Le code dure 6 semaines.", Rule.FIGURE_IN_CLEAR),
        ("Cela dure 3 mois.", Rule.FIGURE_IN_CLEAR),
        ("Ouvert jusqu'à 18h15.", Rule.FIGURE_IN_CLEAR),
        ("Cela coûte 0,15 €.", Rule.FIGURE_IN_CLEAR),
        ("Allez sur monespacesante.fr.", Rule.UNAPPROVED_CONTACT),
        ("Allez sur https://www.monespacesante.fr/aide", Rule.FIGURE_IN_CLEAR),
        ("Composez le 3646.", Rule.UNAPPROVED_CONTACT),
        ("Allez sur www.monespacesante.fr.", Rule.FIGURE_IN_CLEAR),
        ("Allez sur https://www.mon-espace-sante.com/activer", Rule.UNAPPROVED_CONTACT),
        ("Appelez le 01 23 45 67 89.", Rule.UNAPPROVED_CONTACT),
        ("Appelez le {fact:suport}.", Rule.FACT_UNKNOWN),
        ("Appelez le {fact:support_phone}}.", Rule.PLACEHOLDER_BROKEN),
        ("Appelez le {support_phone}.", Rule.PLACEHOLDER_BROKEN),
        ("Un mot en <b>gras</b>.", Rule.MARKUP),
        ("# Un titre", Rule.MARKUP),
        ("[un lien](ici)", Rule.MARKUP),
        ("Il suffit de cliquer.", Rule.JARGON),
        ("Renseignez la case.", Rule.JARGON),
        (" ".join(["mot"] * 26) + ".", Rule.SENTENCE_TOO_LONG),
    ],
)
def test_a_text_breaks_one_rule(text: str, rule: Rule) -> None:
    assert found(text) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "Prenez [votre|sa] carte.",
        "Touchez votre écran.",
        "Prenez votre propre téléphone, ou le téléphone d'un proche.",
        "Prenez tout votre temps. Vos réponses restent ici.",
        "Cherchez « Votre profil » en haut de la page.",
        "Cela vous concerne [vous|aussi].",
        "[|Demandez-lui.]\nPrenez la carte.",
    ],
)
def test_what_is_in_the_readers_hands_may_be_theirs(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Prenez votre carte.", Rule.WRONG_OWNER),
        ("Cherchez votre e-mail.", Rule.WRONG_OWNER),
        ("Ouvrez votre nouvel espace.", Rule.WRONG_OWNER),
        ("Ouvrez votre ancien espace.", Rule.WRONG_OWNER),
        ("Prenez [votre|votre] carte.", Rule.WRONG_OWNER),
        ("Prenez [sa carte.", Rule.BRACKET_BROKEN),
        ("Prenez [sa] carte.", Rule.BRACKET_BROKEN),
        ("Prenez [a|b|c].", Rule.BRACKET_BROKEN),
        ("Appelez [le bureau|le 3422].", Rule.FIGURE_IN_CLEAR),
        ("[Appelez|Appelez le 3646].", Rule.UNAPPROVED_CONTACT),
        ("[Écrivez|Renseignez] la case.", Rule.JARGON),
        (" ".join(["mot"] * 24) + " [mot|un mot de plus].", Rule.SENTENCE_TOO_LONG),
    ],
)
def test_each_telling_is_judged(text: str, rule: Rule) -> None:
    assert found(text) == [rule]


def test_a_telling_that_is_long_for_helpers_alone_needs_its_short_form() -> None:
    theirs = "Demandez-lui. " * 15
    assert found(f"[Non.|{theirs}]", sms=None) == [Rule.SMS_MISSING]
    assert found("Non.", sms=f"[Non.|{theirs * 2}]") == [Rule.SMS_TOO_LONG]
    assert found(f"[Non.|{theirs}]", simpler=None) == [Rule.SIMPLER_MISSING]


def test_the_words_of_a_fact_count_in_its_sentence() -> None:
    assert found(" ".join(["mot"] * 20) + " {fact:hours}.") == [Rule.SENTENCE_TOO_LONG]
    assert found(" ".join(["mot"] * 20) + " {fact:support_phone}.") == []


def test_a_text_of_one_part_needs_no_short_form() -> None:
    part = ("Mot court. " * 20)[: ONE_SMS_SEPTETS - 1] + "."
    assert count_septets(part) == ONE_SMS_SEPTETS
    assert found(part, sms=None) == []
    assert found(f"A{part}", sms=None) == [Rule.SMS_MISSING]
    assert found(part[: ONE_SMS_SEPTETS - 20] + "{fact:long}", sms=None) == [Rule.SMS_MISSING]


def test_a_short_form_is_counted_with_the_short_values_of_its_facts() -> None:
    sms = ("Mot court. " * 40)[: MAX_SMS_SEPTETS - 1]
    assert found("Non.", sms=sms + "{fact:long}") == []
    assert found("Non.", sms=sms + "a{fact:long}") == [Rule.SMS_TOO_LONG]


def test_the_count_of_the_renderer_may_be_handed_in() -> None:
    answer = AnswerDocument(spec_version=1, id="obligatoire", text="Non.", sms="Non.", simpler="N.")
    glossary = GlossaryDocument(spec_version=1, terms=())
    findings = check_content(
        [], [answer], glossary, FACTS, NEEDS, TODAY, septets=lambda text: 400 * len(text)
    )
    assert [finding.rule for finding in findings] == [Rule.SMS_TOO_LONG]


def test_one_short_sentence_needs_nothing_simpler() -> None:
    assert found("Non, personne n'est obligé.", simpler=None) == []
    assert found("Non. Personne n'est obligé.", simpler=None) == [Rule.SIMPLER_MISSING]
    assert found(" ".join(["mot"] * 13) + ".", simpler=None) == [Rule.SIMPLER_MISSING]


def test_errors_come_before_issues() -> None:
    answer = AnswerDocument(
        spec_version=1, id="obligatoire", text="Il suffit de lire {fact:rien}.", related=("autre",)
    )
    glossary = GlossaryDocument(spec_version=1, terms=())
    findings = check_content([], [answer], glossary, FACTS, NEEDS, TODAY)
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=[Severity.ERROR, Severity.ISSUE].index)
    assert severities[0] is Severity.ERROR


def test_a_fact_is_good_until_the_last_day_of_its_review() -> None:
    glossary = GlossaryDocument(spec_version=1, terms=())
    answer = AnswerDocument(spec_version=1, id="obligatoire", text="Non.")
    late = check_content([], [answer], glossary, FACTS, NEEDS, date(2026, 11, 24))
    assert {finding.rule for finding in late} == {Rule.FACT_PAST_REVIEW}
    assert len(late) == len(FACTS.facts)
    assert check_content([], [answer], glossary, FACTS, NEEDS, TODAY) == ()


@pytest.mark.parametrize("path", CONTENT_FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_text_escapes_the_rules(path: Path) -> None:
    document = read_any(path)
    judged = {passage.text for passage in passages(document)}
    assert set(texts(document).values()) <= judged


@given(st.text(alphabet="abcéèàçœ…€{}^ '", max_size=60))
def test_septets_are_never_fewer_than_letters(text: str) -> None:
    assert len(text) <= count_septets(text) <= 3 * len(text)
