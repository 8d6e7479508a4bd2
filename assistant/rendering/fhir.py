"""« Mes choix » as HL7 FHIR R4: a Bundle of Consent resources, for whoever can read them.

Each line becomes one Consent that says of itself that it is a note told by the patient, and no
legal act: it is not verified, its patient is not identified, and its narrative repeats it.
https://hl7.org/fhir/R4/consent.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from assistant.domain.choices import ChoiceAct, ChoiceState, Decision, NotedChoice

Json = dict[str, object]

_SCOPE: Final = "http://terminology.hl7.org/CodeSystem/consentscope"
_LOINC: Final = "http://loinc.org"
# « Patient Consent »: the LOINC code that the R4 value set of categories gives for a consent.
_CONSENT_DOCUMENT: Final = "59284-0"
_PURPOSES: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"

_PERMITS: Final = frozenset(
    {
        Decision.ALLOWED,
        Decision.UNBLOCKED,
        Decision.SHOWN,
        Decision.GIVEN,
        Decision.ACCEPTED,
        Decision.REOPENED,
        Decision.CANCELLED,
    }
)
# What was begun and then given up is no consent in force: R4 calls it rejected.
_REJECTED: Final = frozenset({Decision.CANCELLED})

# Emergency treatment, healthcare research, and treatment for all the rest (HL7 v3 ActReason).
_PURPOSE: Final[Mapping[ChoiceAct, str]] = MappingProxyType(
    {
        ChoiceAct.EMERGENCY_SAMU: "ETREAT",
        ChoiceAct.EMERGENCY_OTHERS: "ETREAT",
        ChoiceAct.EMERGENCY_HIDDEN_DOCUMENTS: "ETREAT",
        ChoiceAct.RESEARCH_OBJECTION: "HRESCH",
    }
)

# The article of the code de la santé publique that the act rests on.
_ARTICLES: Final[Mapping[ChoiceAct, str]] = MappingProxyType(
    {
        ChoiceAct.RESEARCH_OBJECTION: "R1461-9",
        ChoiceAct.EMERGENCY_SAMU: "L1111-17",
        ChoiceAct.EMERGENCY_OTHERS: "L1111-17",
        ChoiceAct.EMERGENCY_HIDDEN_DOCUMENTS: "L1111-17",
        ChoiceAct.PROFESSIONAL_ACCESS: "R1111-46",
        ChoiceAct.DOCUMENT: "R1111-49",
        ChoiceAct.RELATIVE_ACCESS: "R1111-32",
        ChoiceAct.APPLICATION_ACCESS: "R1111-32",
        ChoiceAct.OPENING: "R1111-28",
        ChoiceAct.SPACE: "R1111-36",
        ChoiceAct.DELETION: "R1111-36",
    }
)


def consent_bundle(
    lines: Iterable[NotedChoice], at: datetime, *, label: Callable[[NotedChoice], str], notice: str
) -> Json:
    """Return a Bundle of type collection, with one Consent for each line, as JSON to be.

    ``label`` puts a line into words, ``notice`` says what the notebook is and is not.
    """
    entries = [
        {"fullUrl": f"urn:uuid:{line.id}", "resource": _consent(line, label(line), notice)}
        for line in lines
    ]
    # FHIR knows no empty list: an empty notebook has no entry at all.
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _instant(at),
        **({"entry": entries} if entries else {}),
    }


def _consent(line: NotedChoice, words: str, notice: str) -> Json:
    act, decision = line.told.act, line.told.decision
    changed = line.withdrawn_at or line.corrected_at or line.noted_at
    return {
        "resourceType": "Consent",
        "id": line.id,
        "meta": {"lastUpdated": _instant(changed)},
        "language": "fr",
        "text": {"status": "generated", "div": _narrative(words, notice)},
        "status": _status(line),
        "scope": {"coding": [{"system": _SCOPE, "code": "patient-privacy"}]},
        "category": [
            {
                "coding": [
                    {"system": _LOINC, "code": _CONSENT_DOCUMENT, "display": "Consent Document"}
                ],
                "text": f"{act}: {decision}",
            }
        ],
        "patient": {"display": "La personne qui tient ce carnet"},
        "dateTime": _instant(line.noted_at),
        "sourceReference": {"display": _source(line)},
        "policyRule": {"text": f"code de la santé publique, article {_ARTICLES[act]}"},
        "verification": [{"verified": False}],
        "provision": {
            "type": "permit" if decision in _PERMITS else "deny",
            "purpose": [{"system": _PURPOSES, "code": _PURPOSE.get(act, "TREAT")}],
        },
    }


def _status(line: NotedChoice) -> str:
    if line.state is ChoiceState.WITHDRAWN:
        return "inactive"
    return "rejected" if line.told.decision in _REJECTED else "active"


def _source(line: NotedChoice) -> str:
    """Name the words on which it was decided, by key, revision and hash."""
    told = line.told
    return f"{quote(told.key)} @ {quote(told.revision)} sha256:{line.words_hash}"


def _narrative(words: str, notice: str) -> str:
    return (
        '<div xmlns="http://www.w3.org/1999/xhtml">'
        f"<p>{escape(words)}</p><p>{escape(notice)}</p></div>"
    )


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
