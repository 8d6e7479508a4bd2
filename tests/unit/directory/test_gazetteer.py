"""The gazetteer: what people type, and what they mean."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.directory.embedded import embedded_gazetteer
from assistant.directory.gazetteer import Area, ResolutionKind

DATA = Path(__file__).parent / "data"
TYPED: dict[str, Any] = yaml.safe_load((DATA / "typed.yml").read_text())
SENTENCES: dict[str, list[str]] = yaml.safe_load((DATA / "sentences.yml").read_text())
NONE = "none"


def identity(area: Area) -> str:
    return f"{area.name} {area.department}"


@pytest.mark.parametrize(("typed", "meant"), TYPED["one"].items())
def test_one_place_is_meant(typed: str, meant: str) -> None:
    found = embedded_gazetteer().resolve(typed)
    assert [identity(area) for area in found.choices] == ([] if meant == NONE else [meant])


@pytest.mark.parametrize(("typed", "meant"), TYPED["several"].items())
def test_several_places_are_meant(typed: str, meant: list[str]) -> None:
    found = embedded_gazetteer().resolve(typed)
    identities = [identity(area) for area in found.choices]
    assert found.kind is ResolutionKind.SEVERAL
    assert len(identities) <= 4
    assert identities[0] == meant[0]
    assert set(meant) <= set(identities)


@pytest.mark.parametrize("typed", TYPED["none"])
def test_no_place_is_meant(typed: str) -> None:
    assert embedded_gazetteer().resolve(typed).kind is ResolutionKind.NONE


def test_enough_forms_are_labelled() -> None:
    assert sum(map(len, TYPED.values())) >= 200


@pytest.mark.parametrize(("sentence", "named"), SENTENCES.items())
def test_places_of_a_sentence(sentence: str, named: list[str]) -> None:
    mentions = embedded_gazetteer().find_in_sentence(sentence)
    assert [identity(mention.resolution.choices[0]) for mention in mentions] == named
    assert all(sentence[mention.start : mention.end] == mention.text for mention in mentions)
