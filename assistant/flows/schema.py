"""What pydantic refuses, said in French to the editor who wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assistant.domain.whom import Whom
from assistant.flows.answer import GlossaryDocument, Term
from assistant.flows.facts import Fact, FactsDocument
from assistant.flows.findings import Finding, InvalidDocument, Rule, Severity, suggest
from assistant.flows.flow import (
    Blocked,
    ChoiceMade,
    DetourStep,
    EndStep,
    FindHelpStep,
    FlowDocument,
    HandOverStep,
    LetterStep,
    Option,
    QuestionStep,
    RecordConsentStep,
    RemindStep,
    SayStep,
    Stage,
    WayOut,
)
from assistant.flows.needs import Need, NeedsCatalogue
from assistant.flows.reading import RawDocument
from assistant.flows.values import Document

D = TypeVar("D", bound=Document)

STEP_KINDS: Final[Mapping[str, type[Document]]] = {
    "ask": QuestionStep,
    "say": SayStep,
    "detour": DetourStep,
    "find_help": FindHelpStep,
    "record_consent": RecordConsentStep,
    "letter": LetterStep,
    "remind": RemindStep,
    "hand_over": HandOverStep,
    "end": EndStep,
}

_PARTS: Final[Mapping[tuple[type[Document], str], type[Document]]] = {
    (FlowDocument, "stages"): Stage,
    **{(step, "options"): Option for step in (QuestionStep, LetterStep, RemindStep)},
    **{(step, "blocked"): Blocked for step in (QuestionStep, LetterStep, RemindStep)},
    (Option, "choice"): ChoiceMade,
    (Blocked, "options"): WayOut,
    (FactsDocument, "facts"): Fact,
    (GlossaryDocument, "terms"): Term,
    (NeedsCatalogue, "needs"): Need,
}

_NOUNS: Final[Mapping[str, str]] = {
    "steps": "étape",
    "stages": "partie",
    "options": "option",
    "facts": "fait",
    "terms": "mot",
    "needs": "besoin",
}


@dataclass(frozen=True)
class _Problem:
    """One complaint of pydantic's, with what is needed to word it."""

    field: str
    given: object
    context: Mapping[str, object]
    known: tuple[str, ...]


def _quoted(words: object) -> tuple[str, ...]:
    return tuple(re.findall(r"'([^']+)'", str(words)))


def _unknown_value(problem: _Problem) -> str:
    return f"« {problem.given} » n'est pas connu.{suggest(str(problem.given), problem.known)}"


def _not_text(problem: _Problem) -> str:
    given = problem.given
    if isinstance(given, bool):
        return 'il faut du texte. Mettez le mot entre guillemets : YAML a lu "oui ou non".'
    if isinstance(given, int | float):
        return f'il faut du texte. Écrivez "{given}", entre guillemets.'
    return "il faut du texte. Mettez-le entre guillemets."


def _unknown_field(problem: _Problem) -> str:
    return f"le champ « {problem.field} » n'existe pas.{suggest(problem.field, problem.known)}"


def _empty(problem: _Problem) -> str:
    match problem.context.get("whom"):
        case Whom.SELF:
            return "ce texte est vide pour la personne elle-même. Écrivez à gauche de « | »."
        case Whom.OTHER:
            return "ce texte est vide pour qui l'aide. Écrivez à droite de « | »."
        case _:
            return "ce texte est vide. Écrivez-le."


def _too_long(problem: _Problem) -> str:
    size = problem.context.get("length", len(str(problem.given)))
    limit = problem.context.get("max_length")
    return f"{size} caractères, la limite est {limit}. Raccourcissez, ou coupez en deux étapes."


def _range(context: Mapping[str, object]) -> str:
    for bound, words in (("ge", "au moins"), ("le", "au plus")):
        if bound in context:
            return f" : il faut {words} {context[bound]}"
    return " : il faut un nombre"


def _bad_form(problem: _Problem) -> str:
    pattern = str(problem.context.get("pattern", ""))
    if pattern.startswith("^https"):
        return f"« {problem.given} » n'est pas une adresse. Elle commence par https://."
    if r"\d" in pattern:
        return f"« {problem.given} » n'est pas un numéro. Écrivez les chiffres, sans espace."
    return (
        f"« {problem.given} » ne peut pas servir de nom. "
        "Écrivez-le en minuscules, sans accent ni espace : code_recu."
    )


Wording = Callable[[_Problem], str]

_TRANSLATIONS: Final[tuple[tuple[str, Rule, Wording], ...]] = (
    (
        r"missing$",
        Rule.FIELD_MISSING,
        lambda p: f"le champ « {p.field} » manque. Ajoutez « {p.field}: … ».",
    ),
    (r"extra_forbidden$", Rule.FIELD_UNKNOWN, _unknown_field),
    (
        r"union_tag_not_found$",
        Rule.KIND_MISSING,
        lambda p: f"le champ « kind » manque.{suggest('', p.known)}",
    ),
    (r"union_tag_invalid$", Rule.KIND_UNKNOWN, _unknown_value),
    (r"enum$|literal_error$", Rule.VALUE_UNKNOWN, _unknown_value),
    (r"string_type$", Rule.NOT_A_TEXT, _not_text),
    (
        r"tuple_type$|list_type$",
        Rule.NOT_A_LIST,
        lambda _: "il faut une liste. Commencez chaque ligne par « - », ou écrivez [a, b].",
    ),
    (r"date_", Rule.NOT_A_DATE, lambda _: "il faut une date, écrite comme 2026-11-23."),
    (
        r"bool_",
        Rule.NOT_TRUE_OR_FALSE,
        lambda p: f"« {p.given} » ne va pas : écrivez true (oui) ou false (non).",
    ),
    (
        r"int_|greater_than_equal$|less_than_equal$",
        Rule.NOT_A_NUMBER,
        lambda p: f"« {p.given} » ne va pas{_range(p.context)}.",
    ),
    (
        r"model_type$|model_attributes_type$|mapping_type$|dict_type$",
        Rule.NOT_A_BLOCK,
        lambda _: "il faut des champs « nom: valeur », un par ligne.",
    ),
    (r"string_too_short$", Rule.TEXT_EMPTY, _empty),
    (r"string_too_long$", Rule.TEXT_TOO_LONG, _too_long),
    (
        r"too_long$",
        Rule.TOO_MANY,
        lambda p: (
            f"{p.context.get('actual_length')} lignes, la limite est {p.context.get('max_length')}."
        ),
    ),
    (r"too_short$", Rule.TOO_FEW, lambda _: "cette liste est vide. Ajoutez une ligne."),
    (r"string_pattern_mismatch$", Rule.BAD_FORM, _bad_form),
)


def validate(model: type[D], data: RawDocument, source: str) -> D:
    """Return the document that the data describes. Raises InvalidDocument.

    pydantic calls a list whose items are all refused too short as well: one complaint is enough.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        findings = tuple(
            _translate(model, data, source, detail)
            for detail in error.errors(include_url=False)
            if not (detail["type"] == "too_short" and detail["input"])
        )
        raise InvalidDocument(dict.fromkeys(findings)) from error


def _translate(
    model: type[Document],
    data: RawDocument,
    source: str,
    detail: ErrorDetails,
) -> Finding:
    kind, loc = detail["type"], detail["loc"]
    context: Mapping[str, object] = detail.get("ctx", {})
    given: object = detail["input"]
    names_a_field = kind in {"missing", "extra_forbidden"}
    step, place = _place(data, loc[:-1] if names_a_field else loc)
    known = _quoted(context.get("expected") or context.get("expected_tags"))
    if kind == "extra_forbidden":
        known = tuple(_model_at(model, loc[:-1]).model_fields)
    elif kind == "union_tag_not_found":
        known = tuple(STEP_KINDS)
    if kind == "union_tag_invalid":
        given = context.get("tag")
    problem = _Problem(str(loc[-1]) if loc else "", given, context, known)
    for pattern, rule, wording in _TRANSLATIONS:
        if re.match(pattern, kind):
            return Finding(Severity.ERROR, source, step, rule, f"{place}{wording(problem)}")
    message = f"{place}« {given} » ne convient pas ici."
    return Finding(Severity.ERROR, source, step, Rule.VALUE_REFUSED, message)


def _model_at(model: type[Document], loc: Sequence[int | str]) -> type[Document]:
    """Return the part of the document in which a field was written."""
    current = model
    for name in loc:
        if isinstance(name, str):
            current = STEP_KINDS.get(name) or _PARTS.get((current, name)) or current
    return current


def _place(data: RawDocument, loc: Sequence[int | str]) -> tuple[str | None, str]:
    """Return the step that a path lies in, and the path in words ending with « : »."""
    words: list[str] = []
    step: str | None = None
    here: object = data
    container = ""
    for name in loc:
        if isinstance(here, dict) and name in here:
            here = here[name]
            if container == "needs":
                words.append(f"besoin « {name} »")
            elif name not in _NOUNS or name == loc[-1]:
                words.append(f"« {name} »")
            container = str(name)
        elif isinstance(here, list) and isinstance(name, int):
            here = here[name]
            label = here.get("id") if isinstance(here, dict) else None
            if container in _NOUNS:
                noun = _NOUNS[container]
                words.append(f"{noun} « {label} »" if label else f"{noun} n° {name + 1}")
            if container == "steps" and isinstance(label, str):
                step = label
    return step, f"{', '.join(words)} : " if words else ""
