"""Rules of the house that a machine can hold: access, words, names, layers, facts."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
import yaml
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import SecretStr
from rasa_sdk import Action

import actions
from assistant.adapters.content_files import load_content
from assistant.adapters.locales import load_translations
from assistant.bootstrap import build
from assistant.config import Settings
from assistant.domain import errors
from assistant.domain.choices import LINES
from assistant.domain.consent import Purpose
from assistant.domain.messages import Author
from assistant.domain.placeholders import placeholders
from assistant.domain.retention import Kind
from assistant.domain.whom import Whom, misplaced_bracket, told_to
from assistant.flows import keys
from assistant.flows.document import Expect, texts
from assistant.gateway.access import RULES
from assistant.gateway.app import make_app
from assistant.gateway.live import LiveAnnouncer
from assistant.rendering.catalogue import LANGUAGES, SHORT, SOURCE_LANGUAGE
from assistant.services.dialogue.universal_words import Word
from assistant.services.finding.find_help import ASKED, names_of
from assistant.services.finding.send_place import Unsent

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "assistant" / "gateway" / "templates"
ARTICLES = ("legal", "privacy", "accessibility")

# What a key made on the way may become: each f-string or join in the code has its line here.
MADE: Mapping[str, tuple[str, ...]] = {
    "choice.*": tuple(Word),
    "*.question": (Word.MENU, Word.HELP),
    "retry.*": tuple(Expect),
    "whom.*": tuple(Whom),
    "consent.*": ("yes", "no"),
    # A place is sent once, by the words of its own question: there is nothing to take back.
    **{
        f"consent.*.{told}": tuple(each for each in Purpose if each is not Purpose.SEND_PLACE)
        for told in "question why given withdrawn stop on off".split()
    },
    "known.purpose.*": tuple(Purpose),
    "retention.*": tuple(Kind),
    "choices.line.*": LINES,
    "places.unsent.*": tuple(Unsent),
    "places.trait.*": tuple(name for each in ASKED for name in names_of(each)),
    "page.*": ARTICLES,
    "article.*": ARTICLES,
    "page.author_*": tuple(Author),
    "page.read_author_*": tuple(Author),
    "page.stage_*": ("now", "done", "left"),
    "page.error_*": ("404", "413", "429", "503", "other"),
    "page.error_*_title": ("404", "413", "429", "503", "other"),
}
# The verbs of services and pages whose first or second argument is a key.
_SPEAKERS = {"say": 0, "ask": 0, "hand_to_person": 1, "interface": 0, "notice": 0, "t": 0}
_KEY = re.compile(r"^(?:interface/)?([a-z_]+(?:\.[a-z_0-9]+)*)$")
# A key chosen apart from where it is said: ``"clarify.menu" if … else …``, a table of notices.
_WRITTEN = re.compile(r"[a-z]+\.[a-z][a-z_0-9]+")
_DYNAMIC = "*"


# -- access ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application, on a database that nobody opens."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"), secret_keys=SecretStr("a key for the tests " * 3)
    )
    announcer = LiveAnnouncer()
    assistant = build(settings, announcer)
    yield make_app(assistant, announcer)
    assistant.close()


def test_every_route_depends_on_exactly_one_access_rule(app: FastAPI) -> None:
    found = list(_routes(app))
    assert len(found) >= 15
    for route in found:
        rules = [call for call in _dependencies(route.dependant) if call in RULES]
        assert len(rules) == 1, f"{route.methods} {route.path}: {rules}"


def test_every_access_rule_is_of_use(app: FastAPI) -> None:
    used = {call for route in _routes(app) for call in _dependencies(route.dependant)}
    assert used >= RULES


def test_only_what_is_for_everybody_takes_no_conversation(app: FastAPI) -> None:
    for route in _routes(app):
        names = {rule.__name__ for rule in _dependencies(route.dependant) if rule in RULES}
        if "{conversation_id}" in route.path:
            assert names <= {"api_caller", "listener"}, route.path


def _routes(app: FastAPI) -> Iterator[APIRoute]:
    # FastAPI keeps an included router as one entry, which holds the routes.
    waiting: list[object] = list(app.routes)
    while waiting:
        route = waiting.pop()
        if isinstance(route, APIRoute):
            yield route
            continue
        router = getattr(route, "original_router", None)
        assert isinstance(router, APIRouter), f"a route of an unknown kind: {route!r}"
        waiting.extend(router.routes)


def _dependencies(dependant: Dependant) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from _dependencies(each)


# -- words -----------------------------------------------------------------------------------------


@cache
def _french() -> frozenset[str]:
    return frozenset(load_translations(SOURCE_LANGUAGE).interface)


def test_every_interface_key_in_use_has_words() -> None:
    missing = {key: where for key, where in _keys_in_use().items() if key not in _french()}
    assert not missing


def test_no_interface_key_is_unused() -> None:
    # A short form, for text messages, is in use where the sentence is.
    used = _keys_in_use()
    unused = {key for key in _french() if key.removesuffix(SHORT) not in used}
    assert not unused


def test_every_key_made_on_the_way_is_declared_and_every_declaration_met() -> None:
    made = {pattern for pattern, _ in _patterns()}
    assert made == MADE.keys()


def test_every_sentence_of_the_flow_engine_has_words() -> None:
    assert {key.removeprefix("interface/") for key in keys.INTERFACE_KEYS} <= _french()


@pytest.mark.parametrize("language", [each.code for each in LANGUAGES])
def test_an_interface_has_the_placeholders_of_the_french(language: str) -> None:
    source = load_translations(SOURCE_LANGUAGE).interface
    for key, words in load_translations(language).interface.items():
        for whom in Whom:
            told, french = told_to(whom, words), told_to(whom, source[key])
            assert set(re.findall(r"\{[^}]*\}", told)) == set(re.findall(r"\{[^}]*\}", french))


@pytest.mark.parametrize("language", [each.code for each in LANGUAGES])
def test_the_two_tellings_of_a_language_are_well_written(language: str) -> None:
    found = load_translations(language)
    for words in (*found.interface.values(), *found.content.values()):
        assert misplaced_bracket(words) is None, words


def _keys_in_use() -> dict[str, str]:
    """Return each key that the code or a template asks for, and where."""
    used = {}
    for path, node in _code("services", "gateway", "rendering", "flows/keys.py"):
        for key in _written_keys(node):
            used[key] = path
    used.update({key: path for path, key in _template_keys() if _DYNAMIC not in key})
    for pattern, path in _patterns():
        for value in MADE.get(pattern, ()):
            used.setdefault(pattern.replace(_DYNAMIC, str(value)), path)
    return used


def _written_keys(node: ast.AST) -> Iterator[str]:
    """Yield the keys of a node: spoken, written as ``interface/…``, or kept in a table."""
    if isinstance(node, ast.Call):
        position = _SPEAKERS.get(_called(node))
        if position is not None and len(node.args) > position:
            yield from _constant_keys(node.args[position])
        elif isinstance(node.func, ast.Call) and node.args:  # the words of one language
            yield from _constant_keys(node.args[0])
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value.startswith("interface/") and _KEY.match(node.value):
            yield node.value.removeprefix("interface/")
        elif _WRITTEN.fullmatch(node.value) and _looks_like_a_key(node.value):
            yield node.value


def _looks_like_a_key(text: str) -> bool:
    return text.partition(".")[0] in _families() and not (TEMPLATES / text).exists()


@cache
def _families() -> frozenset[str]:
    return frozenset(key.partition(".")[0] for key in _french() if "." in key)


def _constant_keys(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        found = _KEY.match(node.value)
        if found is not None:
            yield found[1]


def _patterns() -> Iterator[tuple[str, str]]:
    for path, node in _code("services", "gateway", "rendering", "flows/keys.py"):
        if isinstance(node, ast.JoinedStr):
            pattern = "".join(
                str(part.value) if isinstance(part, ast.Constant) else _DYNAMIC
                for part in node.values
            )
            bare = pattern.removeprefix("interface/")
            known = bare != pattern or bare.startswith(
                (
                    "page.",
                    "article.",
                    "whom.",
                    "places.trait.",
                    "places.unsent.",
                    "consent.",
                    "known.",
                    "retention.",
                    "choices.line.",
                )
            )
            if (known or bare.endswith(".question")) and bare != _DYNAMIC:
                yield bare, path
    yield from ((key, path) for path, key in _template_keys() if _DYNAMIC in key)


def _template_keys() -> Iterator[tuple[str, str]]:
    """Yield what each ``t(…)`` of a template asks for; ``*`` stands for what is filled in."""
    for path in sorted(TEMPLATES.glob("*.html")):
        for quoted in re.findall(r"""\bt\((["'])([\w.%]+)\1( ~)?""", path.read_text("utf-8")):
            key = quoted[1].replace("%s", _DYNAMIC) + (_DYNAMIC if quoted[2] else "")
            yield str(path.relative_to(ROOT)), key


# -- the needs, the model, the actions -------------------------------------------------------------


@cache
def _domain() -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = yaml.safe_load((ROOT / "nlu" / "domain.yml").read_text("utf-8"))
    return loaded


def test_every_action_of_the_domain_is_implemented_and_no_other() -> None:
    implemented = {
        kind().name()
        for kind in Action.__subclasses__()
        if kind.__module__.startswith(f"{actions.__name__}.")
    }
    assert implemented == set(_domain()["actions"])


def test_every_intent_is_a_need_and_every_need_an_intent() -> None:
    needs = set(load_content().needs.needs)
    assert set(_domain()["intents"]) == needs | {"choose", "nlu_fallback"}


def test_every_need_has_an_answer() -> None:
    content = load_content()
    assert {each.id for each in content.answers.values()} == set(content.needs.needs)


# -- facts -----------------------------------------------------------------------------------------


def test_every_fact_that_is_said_exists() -> None:
    content = load_content()
    known = {fact.id for fact in content.facts.facts}
    documents = (
        *content.flows.values(),
        *content.answers.values(),
        *content.letters.values(),
        content.glossary,
    )
    said = 0
    for document in documents:
        for key, text in texts(document).items():
            asked = set(placeholders(text))
            said += len(asked)
            assert asked <= known, key
    assert said > 50


def test_every_fact_of_the_interface_exists() -> None:
    known = {fact.id for fact in load_content().facts.facts}
    for key, words in load_translations(SOURCE_LANGUAGE).interface.items():
        assert set(placeholders(words)) <= known, key


def test_every_fact_is_said_somewhere() -> None:
    content = load_content()
    documents = (
        *content.flows.values(),
        *content.answers.values(),
        *content.letters.values(),
        content.glossary,
    )
    everything = [
        *(text for document in documents for text in texts(document).values()),
        *load_translations(SOURCE_LANGUAGE).interface.values(),
    ]
    said = {fact for text in everything for fact in placeholders(text)}
    assert not {fact.id for fact in content.facts.facts} - said


# -- the code --------------------------------------------------------------------------------------


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        path
        for path, node in _code("", folders=("assistant", "actions"))
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"})
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and _imports_it(node))
    }
    assert readers == {"assistant/config.py"}


def test_nothing_prints_but_the_commands() -> None:
    printers = {
        path
        for path, node in _code("", folders=("assistant", "actions"))
        if isinstance(node, ast.Call) and _called(node) == "print"
    }
    assert printers <= {"assistant/cli.py", "assistant/commands.py"}


def test_every_error_is_drawn_where_it_stands() -> None:
    drawn = _drawn_tree(errors.__doc__ or "")
    declared = {
        name: found.__bases__[0].__name__
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if found.__module__ == errors.__name__ and found is not errors.PasAPasError
    }
    assert drawn == declared


def _drawn_tree(docstring: str) -> dict[str, str]:
    """Return the parent of each error of the drawing."""
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in docstring.splitlines():
        found = re.match(r"^([\s│├└─]*)([A-Z]\w+)\b", line)
        if found is None or not line.startswith("    "):
            continue
        depth, name = len(found[1]), found[2]
        above = [each for each in above if each[0] < depth]
        if above:
            parents[name] = above[-1][1]
        above.append((depth, name))
    return parents


def _imports_it(node: ast.ImportFrom) -> bool:
    return any(alias.name in {"environ", "environb", "getenv"} for alias in node.names)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _code(*parts: str, folders: tuple[str, ...] = ("assistant",)) -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of the modules below some parts of the tree, with the path of its file."""
    for folder in folders:
        for part in parts:
            for path, tree in _trees(ROOT / folder / part):
                for node in ast.walk(tree):
                    yield path, node


@cache
def _trees(place: Path) -> tuple[tuple[str, ast.Module], ...]:
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    return tuple(
        (str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))) for path in files
    )
