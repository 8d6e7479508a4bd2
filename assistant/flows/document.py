"""Reading content documents: size limit, YAML, migration, schema, and whether a flow can be run.

Everything here takes text and returns frozen values; reading files is the adapter's job. Each
reader raises a ContentRefused whose findings are written for editors, in French.
"""

from __future__ import annotations

from assistant.flows.answer import AnswerDocument, GlossaryDocument, Term
from assistant.flows.facts import Fact, FactsDocument, FactStatus
from assistant.flows.findings import (
    ContentRefused,
    Finding,
    InconsistentFlow,
    InvalidDocument,
    Rule,
    Severity,
    UnreadableDocument,
)
from assistant.flows.flow import (
    AskStep,
    Blocked,
    DetourStep,
    EndStep,
    Expect,
    FindHelpStep,
    FlowDocument,
    FlowOutcome,
    HandOverStep,
    LetterStep,
    Option,
    RemindStep,
    SayStep,
    Stage,
    Step,
    WayOut,
    WordedStep,
)
from assistant.flows.letter import LetterDocument
from assistant.flows.needs import Need, NeedKind, NeedsCatalogue
from assistant.flows.reading import MAX_DOCUMENT_BYTES, migrate, read_yaml
from assistant.flows.schema import validate
from assistant.flows.structure import flow_errors
from assistant.flows.texts import synonyms, texts
from assistant.flows.values import SPEC_VERSION

__all__ = [
    "MAX_DOCUMENT_BYTES",
    "AnswerDocument",
    "AskStep",
    "Blocked",
    "ContentRefused",
    "DetourStep",
    "EndStep",
    "Expect",
    "Fact",
    "FactStatus",
    "FactsDocument",
    "FindHelpStep",
    "Finding",
    "FlowDocument",
    "FlowOutcome",
    "GlossaryDocument",
    "HandOverStep",
    "InconsistentFlow",
    "InvalidDocument",
    "LetterDocument",
    "LetterStep",
    "Need",
    "NeedKind",
    "NeedsCatalogue",
    "Option",
    "RemindStep",
    "Rule",
    "SayStep",
    "Severity",
    "Stage",
    "Step",
    "Term",
    "UnreadableDocument",
    "WayOut",
    "WordedStep",
    "read_answer",
    "read_facts",
    "read_flow",
    "read_glossary",
    "read_letter",
    "read_needs",
    "synonyms",
    "texts",
]


def read_flow(raw: bytes | str, source: str) -> FlowDocument:
    """Return a flow that can be run. Raises ContentRefused; ``source`` is the file named in it."""
    flow = validate(FlowDocument, migrate(read_yaml(raw, source), source), source)
    if findings := flow_errors(flow, source):
        raise InconsistentFlow(findings)
    return flow


def read_answer(raw: bytes | str, source: str) -> AnswerDocument:
    """Return the answer to a need. Raises ContentRefused."""
    return validate(AnswerDocument, migrate(read_yaml(raw, source), source), source)


def read_glossary(raw: bytes | str, source: str) -> GlossaryDocument:
    """Return the words explained. Raises ContentRefused."""
    return validate(GlossaryDocument, migrate(read_yaml(raw, source), source), source)


def read_letter(raw: bytes | str, source: str) -> LetterDocument:
    """Return a letter that can be prepared. Raises ContentRefused."""
    return validate(LetterDocument, migrate(read_yaml(raw, source), source), source)


def read_facts(raw: bytes | str, source: str) -> FactsDocument:
    """Return the facts; without a spec_version the file is of the present one.

    Raises ContentRefused.
    """
    data = {"spec_version": SPEC_VERSION, **read_yaml(raw, source)}
    return validate(FactsDocument, migrate(data, source), source)


def read_needs(raw: bytes | str, source: str) -> NeedsCatalogue:
    """Return the catalogue of needs, written as one mapping from id to need.

    Raises ContentRefused.
    """
    data = read_yaml(raw, source)
    version = data.pop("spec_version", SPEC_VERSION)
    return validate(
        NeedsCatalogue, migrate({"spec_version": version, "needs": data}, source), source
    )
