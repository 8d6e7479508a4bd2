"""From the bytes of a content file to plain data: size, encoding, YAML, version."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import yaml

from assistant.flows.findings import Finding, Rule, Severity, UnreadableDocument
from assistant.flows.values import SPEC_VERSION

# The longest shipped flow is about 60 kB; four times that leaves room, and keeps a pasted book out.
MAX_DOCUMENT_BYTES: Final = 256_000
# The deepest place of a document is steps › step › blocked › options › option › also.
MAX_DEPTH: Final = 12

RawDocument = dict[str, object]
Migration = Callable[[RawDocument], RawDocument]

MIGRATIONS: Final[Mapping[int, Migration]] = {}
"""For each past spec_version, the change that leads to the next one; 1 is the first version."""

_YAML_HINTS: Final = (
    (
        r"mapping values are not allowed",
        "un « : » au milieu d'un texte. Mettez tout le texte entre guillemets.",
    ),
    (
        r"cannot start any token|found a tab character",
        "une tabulation, un @, un % ou un ` mal placé. Mettez des espaces, ou des guillemets.",
    ),
    (
        r"unexpected end of stream|end of the stream",
        "des guillemets ou un crochet ouverts ne sont pas refermés.",
    ),
    (
        r"did not find expected ',' or '}'",
        "un texte entre { } contient un crochet ou une virgule. Mettez ce texte entre guillemets.",
    ),
    (
        r"expected <block end>|did not find expected|could not find expected",
        "l'alignement ne va pas. Vérifiez les débuts de ligne, les « - » et les guillemets.",
    ),
)


def refuse(source: str, rule: Rule, message: str) -> UnreadableDocument:
    """Return the error for a file that cannot be read at all."""
    return UnreadableDocument((Finding(Severity.ERROR, source, None, rule, message),))


def read_yaml(raw: bytes | str, source: str) -> RawDocument:
    """Return the mapping that a YAML document holds. Raises UnreadableDocument."""
    text = _decode(raw, source)
    try:
        _refuse_tricks(text, source)
        data: object = _loader(source)(text).get_single_data()
    except yaml.YAMLError as error:
        raise refuse(source, Rule.YAML_BROKEN, _explain(error)) from error
    except ValueError as error:  # a date such as 2026-13-45
        message = "une date ou un nombre ne peut pas être lu. Écrivez les dates 2026-11-23."
        raise refuse(source, Rule.YAML_BROKEN, message) from error
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        message = "ce fichier doit contenir des champs « nom: valeur », un par ligne."
        raise refuse(source, Rule.NOT_A_DOCUMENT, message)
    return data


def migrate(
    data: RawDocument,
    source: str,
    migrations: Mapping[int, Migration] = MIGRATIONS,
    target: int = SPEC_VERSION,
) -> RawDocument:
    """Bring a document of an earlier version to the target one. Raises UnreadableDocument."""
    version = data.get("spec_version")
    if version is None:
        message = f"« spec_version » manque. Écrivez « spec_version: {target} » en tête."
        raise refuse(source, Rule.SPEC_VERSION, message)
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= target:
        message = f"la version « {version} » n'est pas connue. Écrivez « spec_version: {target} »."
        raise refuse(source, Rule.SPEC_VERSION, message)
    for step in range(version, target):
        data = {**migrations[step](data), "spec_version": step + 1}
    return data


def _decode(raw: bytes | str, source: str) -> str:
    size = len(raw) if isinstance(raw, bytes) else len(raw.encode(errors="replace"))
    if size > MAX_DOCUMENT_BYTES:
        message = (
            f"ce fichier fait {size // 1000} ko, la limite est {MAX_DOCUMENT_BYTES // 1000} ko. "
            "Coupez-le en deux parcours reliés par une étape « detour »."
        )
        raise refuse(source, Rule.TOO_LARGE, message)
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"ligne {line} : ce fichier n'est pas en UTF-8. Enregistrez-le en UTF-8."
        raise refuse(source, Rule.ENCODING, message) from error


def _refuse_tricks(text: str, source: str) -> None:
    """Refuse aliases, which can make a small file huge, and absurd nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = f"ligne {line} : les renvois « & » et « * » ne sont pas admis. Recopiez."
            raise refuse(source, Rule.YAML_ALIAS, message)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                message = f"ligne {line} : trop de niveaux imbriqués ({MAX_DEPTH} au plus)."
                raise refuse(source, Rule.YAML_TOO_DEEP, message)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _loader(source: str) -> type[yaml.CSafeLoader]:
    """Return a safe loader that refuses a key written twice instead of keeping the last one."""

    class Loader(yaml.CSafeLoader):
        def construct_mapping(
            self,
            node: yaml.MappingNode,
            deep: bool = False,  # noqa: FBT001, FBT002 - PyYAML's own
        ) -> dict[object, object]:
            seen: dict[str, int] = {}
            for key, _ in node.value:
                line = key.start_mark.line + 1
                if not isinstance(key.value, str):
                    continue
                if key.value in seen:
                    message = (
                        f"ligne {line} : « {key.value} » est écrit deux fois "
                        f"(déjà à la ligne {seen[key.value]}). Gardez-en un seul."
                    )
                    raise refuse(source, Rule.YAML_DUPLICATE_KEY, message)
                seen[key.value] = line
            return super().construct_mapping(node, deep)

    return Loader


def _explain(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or error}"
    place = f"ligne {mark.line + 1} : " if mark is not None else ""
    for pattern, hint in _YAML_HINTS:
        if re.search(pattern, problem):
            return f"{place}{hint}"
    return f"{place}ce YAML ne peut pas être lu. Vérifiez l'alignement et les guillemets."
