"""docs/operations.md: every setting, command, field of health; what a server is given."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

import typer.main
import yaml
from pydantic import SecretStr

from assistant.adapters.content_files import EXAMPLES
from assistant.adapters.locales import LOCALES
from assistant.cli import app
from assistant.config import NOT_DECLARED, Settings
from assistant.gateway.schemas import HealthBody
from tests.docs.pages import ROOT, read, rows, section, spans

PREFIX = "PASAPAS_"


def _shown(default: object) -> str:
    if isinstance(default, Enum):
        return f"`{default.value}`"
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, Path):
        default = default.relative_to(ROOT)
    if default == NOT_DECLARED:
        return "trial version"
    return f"`{default}`" if default is not None and str(default) else "empty"


def test_settings_are_documented_as_they_are() -> None:
    documented = rows(section(read("operations.md"), "Settings"))
    assert documented == [
        [f"`{PREFIX}{name.upper()}`", _shown(field.default), field.description]
        for name, field in Settings.model_fields.items()
    ]


def test_what_stands_for_an_undeclared_name_is_told() -> None:
    assert NOT_DECLARED in section(read("operations.md"), "Settings")


def test_variables_of_the_product_are_settings() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    known |= {f"{PREFIX}PYTHON", f"{PREFIX}BIND"}  # of the Makefile, of compose
    known |= {f"{PREFIX}TEST_POSTGRES_URL"}  # of tests/integration/persistence
    for page in ("README.md", "operations.md", "api.md", "mediation.md", "privacy.md"):
        assert set(re.findall(rf"{PREFIX}[A-Z_]+", read(page))) <= known, page


def test_commands_are_documented() -> None:
    commands = getattr(typer.main.get_command(app), "commands", {})
    documented = rows(section(read("operations.md"), "The assistant command"))
    assert [spans(row[0])[0] for row in documented] == [f"assistant {each}" for each in commands]


def test_options_of_commands_are_documented() -> None:
    commands = getattr(typer.main.get_command(app), "commands", {})
    told = section(read("operations.md"), "The assistant command")
    for name, command in commands.items():
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option != "--help":
                    assert option in told, name


def test_the_fields_of_health_are_documented() -> None:
    documented = rows(section(read("operations.md"), "Health"))
    assert [spans(row[0])[0] for row in documented] == list(HealthBody.model_fields)
    values = {spans(row[0])[0]: row[1] for row in documented}
    for name in ("status", "rasa", "actions", "database"):
        allowed = HealthBody.model_json_schema()["properties"][name]["enum"]
        assert set(allowed) <= set(spans(values[name])), name


def test_compose_gives_what_production_demands() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    given = {
        name.removeprefix(PREFIX).lower(): _filled(str(value))
        for name, value in compose["x-application"]["environment"].items()
        if name.startswith(PREFIX)
    }
    settings = Settings.model_validate(given)
    assert settings.is_production
    for address, service in (
        (settings.rasa_address, "rasa"),
        (settings.actions_address, "actions"),
    ):
        assert urlsplit(address).hostname == service
        assert service in compose["services"]


def test_variables_of_compose_are_documented() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    told = section(read("operations.md"), "On a server, by docker compose")
    demanded = re.findall(r"\$\{(\w+):\?", text)
    assert not [name for name in demanded if name not in told]


def test_the_image_holds_what_the_gateway_reads() -> None:
    dockerfile = (ROOT / "docker" / "gateway.Dockerfile").read_text("utf-8")
    copied = {
        source
        for line in re.findall(r"^COPY (.+)$", dockerfile, re.MULTILINE)
        for source in line.split()[:-1]
    }
    for needed in (EXAMPLES, LOCALES, ROOT / "assistant" / "content"):
        folders = [needed, *needed.parents]
        assert any(str(each.relative_to(ROOT)) in copied for each in _inside(folders)), needed


def _inside(folders: list[Path]) -> list[Path]:
    return [each for each in folders if each.is_relative_to(ROOT) and each != ROOT]


def _filled(value: str) -> str:
    """Put a value where compose would put its default or one of the operator's."""
    if "PUBLIC_URL" in value:
        return "https://example.org"
    with_defaults = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
    return re.sub(r"\$\{[^}]*\}", "x" * 40, with_defaults)
