"""The pinned requirements are those of what is declared, and a forgotten compilation is seen."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[3] / ".ci" / "pins.py"

PROJECT = """
[project]
requires-python = "==3.11.*"
dependencies = ["fastapi>=0.1"]
[project.optional-dependencies]
dev = ["pytest>=9"]
[dependency-groups]
tools = ["uv==0.13.9"]
[tool.other]
setting = 1
"""
PINNED = "fastapi==0.1 \\\n    --hash=sha256:aa\nanyio==1 ; python_version < '4' \\\n"

# Stands for uv: writes what it is told to into the file named last, or fails with that message.
FAKE_UV = """#!/bin/sh
if [ -n "$FAKE_UV_ERROR" ]; then echo "$FAKE_UV_ERROR" >&2; exit 2; fi
for output; do :; done
printf '%s' "$FAKE_UV_OUTPUT" > "$output"
"""


@pytest.fixture
def pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The command, at work on a project of the test with a uv of the test."""
    specification = importlib.util.spec_from_file_location("pins", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, "pins", module)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    specification.loader.exec_module(module)

    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    uv = tmp_path / "uv"
    uv.write_text(FAKE_UV, encoding="utf-8")
    uv.chmod(0o755)
    run = module.Pins(output=tmp_path / "run.txt", project=tmp_path / "pyproject.toml")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "UV", uv)
    monkeypatch.setattr(module, "ALL_PINS", (run,))
    monkeypatch.setenv("FAKE_UV_ERROR", "")
    monkeypatch.setenv("FAKE_UV_OUTPUT", PINNED)
    assert module.main(["lock"]) == 0
    return module


def declare(pins: ModuleType, old: str, new: str) -> None:
    """Change what the project declares."""
    path = pins.ROOT / "pyproject.toml"
    path.write_text(PROJECT.replace(old, new), encoding="utf-8")


def test_pins_just_compiled_are_current(pins: ModuleType) -> None:
    assert pins.main(["check"]) == 0


def test_another_requirement_asks_for_a_compilation(
    pins: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(pins, "fastapi>=0.1", "fastapi>=0.2")
    assert pins.main(["check"]) == 1
    assert "make lock" in capsys.readouterr().err


def test_another_setting_of_a_tool_does_not(pins: ModuleType) -> None:
    declare(pins, "setting = 1", "setting = 2")
    assert pins.main(["check"]) == 0


def test_another_version_written_by_hand_is_seen(
    pins: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAKE_UV_OUTPUT", PINNED.replace("0.1", "0.3"))
    assert pins.main(["check"]) == 1
    assert "fastapi==0.3" in capsys.readouterr().err


def test_another_file_of_the_same_version_changes_nothing(
    pins: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_UV_OUTPUT", PINNED.replace("sha256:aa", "sha256:bb"))
    assert pins.main(["check"]) == 0


def test_without_an_index_the_inputs_are_compared(
    pins: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_UV_ERROR", "error: Request failed after 3 retries")
    assert pins.main(["check"]) == 0
    declare(pins, "fastapi>=0.1", "fastapi>=0.2")
    assert pins.main(["check"]) == 1


def test_requirements_that_cannot_be_met_fail_even_so(
    pins: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_UV_ERROR", "No solution found when resolving dependencies")
    assert pins.main(["check"]) == 1


def test_an_address_is_refused(pins: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_UV_OUTPUT", "--index-url https://index.example\n" + PINNED)
    assert pins.main(["lock"]) == 1


def test_an_unknown_command_is_told_how(pins: ModuleType) -> None:
    assert pins.main(["unlock"]) == 2


def test_what_is_tested_is_what_runs() -> None:
    def versions(file: str) -> set[str]:
        text = (SCRIPT.parents[1] / file).read_text(encoding="utf-8")
        return {line.split(" ")[0] for line in text.splitlines() if "==" in line.split(" ")[0]}

    assert versions("requirements.txt") < versions("requirements-dev.txt")
