"""docs/architecture.md names every table, and proves every failure that it speaks of."""

from __future__ import annotations

import re
import tomllib

from assistant.adapters.tables import Base
from tests.docs.pages import ROOT, read, rows, section, spans

FAILURES = "What happens when something is broken"


def test_every_table_is_named() -> None:
    named = {spans(row[0])[0] for row in rows(section(read("architecture.md"), "Tables"))}
    assert named == set(Base.metadata.tables)


def test_every_failure_is_proved_by_a_test() -> None:
    failures = rows(section(read("architecture.md"), FAILURES))
    assert len(failures) >= 12
    for broken, _, _, proof in failures:
        assert re.search(r"`tests/[\w/]+\.py::test_\w+`", proof), broken


def test_the_layers_stand_in_their_order() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["id"] == "direction")
    names = [
        name
        for layer in layers
        for name in re.findall(r"assistant\.(\w+)", layer)
        if f"(assistant.{name})" not in layer  # may not exist yet
    ]
    picture = section(read("architecture.md"), "Who may import whom").split("```")[1]
    columns = [re.split(r"\s{2,}", line.strip())[0] for line in picture.strip().splitlines()]
    assert re.findall(r"\w+", " ".join(columns)) == names
