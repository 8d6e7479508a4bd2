"""What every page names exists: files, tests, commands, other pages."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer.main

from assistant.cli import app
from tests.docs.pages import ADRS, DOCS, ROOT, all_pages, anchors, code, links, read, spans

# Made on the machine, so that a clean clone has none of them.
_MADE = (".venv", "nlu/.venv", "nlu/models", "var", ".tools")
_PATH = re.compile(r"^(?:assistant|actions|nlu|tests|docs|locales|docker|\.ci)/[\w./-]*$")
_TEST = re.compile(r"^(tests/[\w/]+\.py)::(\w+)$")


def _id(page: Path) -> str:
    return str(page.relative_to(ROOT))


every_page = pytest.mark.parametrize("page", all_pages(), ids=_id)


@cache
def _make_targets() -> frozenset[str]:
    text = (ROOT / "Makefile").read_text("utf-8")
    return frozenset(re.findall(r"^([a-z0-9-]+):", text, re.MULTILINE))


@cache
def _commands() -> frozenset[str]:
    return frozenset(getattr(typer.main.get_command(app), "commands", {}))


@cache
def _tests_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))


@every_page
def test_paths_exist(page: Path) -> None:
    named = [each for each in spans(page.read_text("utf-8")) if _PATH.match(each)]
    missing = [each for each in named if not each.startswith(_MADE) and not (ROOT / each).exists()]
    assert not missing


@every_page
def test_tests_exist(page: Path) -> None:
    for span in spans(page.read_text("utf-8")):
        found = _TEST.match(span)
        if found is not None:
            assert found[2] in _tests_of(ROOT / found[1]), span


@every_page
def test_make_targets_exist(page: Path) -> None:
    named = re.findall(r"\bmake ((?:[a-z][a-z0-9-]*)(?: [a-z][a-z0-9-]*)*)", code(_text(page)))
    unknown = {word for words in named for word in words.split()} - _make_targets()
    assert not unknown


@every_page
def test_commands_exist(page: Path) -> None:
    named = re.findall(r"(?:^|bin/)assistant ([a-z][a-z-]*)", code(_text(page)), re.MULTILINE)
    assert set(named) <= _commands()


@every_page
def test_links_resolve(page: Path) -> None:
    text = _text(page)
    broken = []
    for link in links(text):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / unquote(target)) if target else page
        if not file.exists() or (anchor and unquote(anchor) not in anchors(_text(file))):
            broken.append(link)
    assert not broken


def test_the_readme_shows_the_two_commands() -> None:
    commands = code(read("README.md"))
    assert re.search(r"git clone \S+ (\S+) && cd \1 && make run", commands)
    assert re.search(r"^make test$", commands, re.MULTILINE)


def test_the_readme_lists_every_verb_of_make_help() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    verbs = re.findall(r"^([a-z0-9-]+):.*## ", makefile, re.MULTILINE)
    named = spans(read("README.md"))
    assert not [verb for verb in verbs if f"make {verb}" not in named]


def test_pictures_fit_a_terminal() -> None:
    for name in ("README.md", "architecture.md"):
        for line in code(read(name)).splitlines():
            if any(sign in line for sign in "┌│└▼▲"):
                assert len(line) <= 80, line


def test_decisions_are_numbered_without_gaps_and_complete() -> None:
    pages = sorted(ADRS.glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = _text(page)
        assert text.startswith(f"# {int(page.name[:4])}. "), page.name
        assert re.search(r"^Status: (proposed|accepted|superseded)", text, re.MULTILINE), page.name
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], page.name
        assert "Rejected" in text, page.name


def test_figures_have_a_place_to_be_written() -> None:
    text = (DOCS / "figures.md").read_text("utf-8")
    assert text.count("<!-- figures -->") == text.count("<!-- /figures -->") == 1
    assert text.index("<!-- figures -->") < text.index("<!-- /figures -->")


def test_the_changelog_has_the_version() -> None:
    from assistant import __version__  # noqa: PLC0415 (what is compared)

    headings = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert headings[:2] == ["Unreleased", __version__]


def _text(page: Path) -> str:
    return page.read_text("utf-8")
