"""The content as files: flows, answers, letters, facts, glossary, needs; examples of each need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.domain.errors import ContentError
from assistant.flows.document import (
    AnswerDocument,
    FactsDocument,
    FlowDocument,
    GlossaryDocument,
    LetterDocument,
    NeedsCatalogue,
    read_answer,
    read_facts,
    read_flow,
    read_glossary,
    read_letter,
    read_needs,
)

CONTENT = Path(__file__).resolve().parent.parent / "content"
EXAMPLES = Path(__file__).resolve().parent.parent.parent / "nlu" / "data"


@dataclass(frozen=True)
class Content:
    """All that editors wrote; flows, answers and letters by the file they came from."""

    flows: Mapping[str, FlowDocument]
    answers: Mapping[str, AnswerDocument]
    letters: Mapping[str, LetterDocument]
    glossary: GlossaryDocument
    facts: FactsDocument
    needs: NeedsCatalogue


def load_content(root: Path = CONTENT) -> Content:
    """Read the content of a folder. Raises ContentRefused, naming file and step."""
    return Content(
        flows={name: read_flow(raw, name) for name, raw in _documents(root, "flows")},
        answers={name: read_answer(raw, name) for name, raw in _documents(root, "answers")},
        letters={name: read_letter(raw, name) for name, raw in _documents(root, "letters")},
        glossary=read_glossary((root / "glossary.yml").read_bytes(), "glossary.yml"),
        facts=read_facts((root / "facts.yml").read_bytes(), "facts.yml"),
        needs=read_needs((root / "needs.yml").read_bytes(), "needs.yml"),
    )


def load_examples(language: str, root: Path = EXAMPLES) -> Mapping[str, tuple[str, ...]]:
    """Read what people say for each need, as the NLU learns it, without its entity marks.

    Raises ContentError when there is nothing to read: an engine that knows no example answers
    nobody.
    """
    paths = sorted((root / language).glob("*.yml"))
    if not paths:
        raise ContentError(f"no examples in {root.name}/{language}")
    return {path.stem: tuple(_sentences(path)) for path in paths}


def _documents(root: Path, folder: str) -> list[tuple[str, bytes]]:
    return [
        (f"{folder}/{path.name}", path.read_bytes())
        for path in sorted((root / folder).glob("*.yml"))
    ]


def _sentences(path: Path) -> list[str]:
    document = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    try:
        blocks = [
            entry["examples"] for entry in document["nlu"] if entry.get("intent") == path.stem
        ]
    except (KeyError, TypeError) as error:
        raise ContentError(f"{path.name}: not a file of examples") from error
    lines = (line.strip() for block in blocks for line in str(block).splitlines())
    return [_unmarked(line.removeprefix("- ")) for line in lines if line.startswith("- ")]


def _unmarked(sentence: str) -> str:
    """Drop the entity marks of Rasa: « à [Gap](commune) » is « à Gap »."""
    plain = []
    rest = sentence
    while "[" in rest and "]" in rest:
        before, _, rest = rest.partition("[")
        marked, _, rest = rest.partition("]")
        plain.append(before + marked)
        if rest.startswith(("(", "{")):
            closing = ")" if rest[0] == "(" else "}"
            rest = rest.partition(closing)[2]
    return "".join([*plain, rest])
