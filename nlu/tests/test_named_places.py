"""What the gazetteer adds to the entities of Rasa."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nlu.components.named_places import named_places, with_named_places

NLU = Path(__file__).resolve().parents[1]
COMMUNE = re.compile(r"\[([^\]]+)\]\(commune\)")
ENTITY = re.compile(r"\[([^\]]+)\]\(\w+\)")


def annotated(folder: Path) -> list[str]:
    lines = [line for path in sorted(folder.glob("*.yml")) for line in path.read_text().split("\n")]
    return [line.strip().removeprefix("- ") for line in lines if COMMUNE.search(line)]


@pytest.mark.parametrize("sentence", annotated(NLU / "tests" / "fr"))
def test_the_communes_of_the_held_out_sentences_are_named(sentence: str) -> None:
    text = ENTITY.sub(r"\1", sentence)
    assert [place["value"] for place in named_places(text)] == COMMUNE.findall(sentence)


def test_a_place_is_written_as_in_the_sentence() -> None:
    text = "j'habite a st denis dans le 93"
    (place,) = named_places(text)
    assert text[place["start"] : place["end"]] == place["value"] == "st denis dans le 93"
    assert place["entity"] == "commune"


def test_a_postcode_alone_is_another_entity() -> None:
    assert named_places("je suis au 05000") == []


def test_what_overlaps_a_named_place_is_left_out() -> None:
    named = [{"entity": "commune", "start": 10, "end": 20, "value": "st etienne"}]
    inside = {"entity": "commune", "start": 13, "end": 20, "value": "etienne"}
    before = {"entity": "commune", "start": 0, "end": 5, "value": "Ailes"}
    assert with_named_places([inside, before], named) == [before, *named]
