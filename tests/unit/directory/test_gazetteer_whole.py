"""The gazetteer over the whole of France, with slips, and with anything at all."""

from __future__ import annotations

import csv
import gzip
import itertools
import math
import statistics
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.directory.embedded import DATA, embedded_gazetteer, read_text
from assistant.directory.gazetteer import Area, AreaKind, Gazetteer, ResolutionKind
from assistant.directory.gazetteer.places import MalformedPlacesError, Places
from tests.slips import is_found, misspelled_towns

CENTRES = Path(__file__).parents[4] / "shared" / "data" / "communes_2026_centroides.csv.gz"
SLIPS_SAMPLED = 500


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The one that the product is shipped with."""
    return embedded_gazetteer()


def test_each_commune_resolves_with_the_number_of_its_department(gazetteer: Gazetteer) -> None:
    places = gazetteer.places
    lost = []
    for area in map(places.area, places.today()):
        typed = area.name if area.kind is AreaKind.DISTRICT else f"{area.name} {area.department}"
        if area.code not in {choice.code for choice in gazetteer.resolve(typed).choices}:
            lost.append(area.label)
    assert lost == []
    assert len(places.today()) > 34_900


def test_communes_resolve_with_the_name_of_their_department(gazetteer: Gazetteer) -> None:
    places = gazetteer.places
    lost = []
    for area in map(places.area, itertools.islice(places.today(), 0, None, 10)):
        typed = f"{area.name} ({places.departments[area.department].name})"
        if area.code not in {choice.code for choice in gazetteer.resolve(typed).choices}:
            lost.append(typed)
    assert lost == []


def test_each_postcode_resolves(gazetteer: Gazetteer) -> None:
    lost = [
        postcode
        for postcode in gazetteer.places.postcodes
        if gazetteer.resolve(postcode).kind is not ResolutionKind.ONE
    ]
    assert lost == []


def test_each_department_resolves_by_number_and_by_name(gazetteer: Gazetteer) -> None:
    for code, department in gazetteer.places.departments.items():
        for typed in (code, department.name):
            choices = gazetteer.resolve(typed).choices
            assert code in {area.department for area in choices}, typed


@pytest.mark.parametrize("slips", [1, 2])
def test_towns_are_found_with_wrong_letters(gazetteer: Gazetteer, slips: int) -> None:
    towns = list(misspelled_towns(gazetteer.places, slips=slips))
    sample = towns[:: max(1, len(towns) // SLIPS_SAMPLED)]
    found = sum(is_found(gazetteer, misspelled) for misspelled in sample)
    assert len(sample) >= SLIPS_SAMPLED
    assert found / len(sample) >= 0.95


def test_labels_tell_namesakes_apart(gazetteer: Gazetteer) -> None:
    labels = Counter(gazetteer.places.area(row).label for row in gazetteer.places.today())
    assert [label for label, count in labels.items() if count > 1] == []


@pytest.mark.parametrize(
    ("hint", "department"),
    [("93", "93"), ("Seine-Saint-Denis", "93"), ("97400", "974"), ("la réunion", "974")],
)
def test_what_is_known_chooses_between_namesakes(
    gazetteer: Gazetteer, hint: str, department: str
) -> None:
    (area,) = gazetteer.resolve("saint denis", hint=hint).choices
    assert area.department == department


def test_a_hint_that_does_not_fit_is_left_aside(gazetteer: Gazetteer) -> None:
    assert [area.code for area in gazetteer.resolve("gap", hint="dans le 93").choices] == ["05061"]


def test_a_commune_is_found_by_its_insee_code(gazetteer: Gazetteer) -> None:
    area = gazetteer.coded("05061")
    assert area is not None
    assert (area.name, area.department) == ("Gap", "05")
    assert gazetteer.coded("05000") is None


def test_a_name_wins_over_a_postcode_of_elsewhere(gazetteer: Gazetteer) -> None:
    assert [area.code for area in gazetteer.resolve("gap 05400").choices] == ["05061"]
    assert [area.code for area in gazetteer.resolve("Gap 05061").choices] == ["05061"]


def test_a_mended_name_says_so(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve("toulouse").exact
    assert not gazetteer.resolve("tulouse").exact


def test_namesakes_beyond_the_choices_are_counted(gazetteer: Gazetteer) -> None:
    found = gazetteer.resolve("villeneuve")
    assert len(found.choices) == 4
    assert found.left_out > 0


def test_a_former_commune_leads_to_the_one_of_today(gazetteer: Gazetteer) -> None:
    (area,) = gazetteer.resolve("Bellegarde-sur-Valserine").choices
    assert (area.kind, area.commune) == (AreaKind.FORMER, "01033")
    (area,) = gazetteer.resolve("Pierrefitte-sur-Seine").choices
    assert area.commune == "93066"


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    gazetteer = embedded_gazetteer()
    assert len(gazetteer.resolve(text).choices) <= 4
    assert len(gazetteer.resolve("saint denis", hint=text).choices) <= 4
    mentions = gazetteer.find_in_sentence(text)
    assert all(mention.resolution.choices for mention in mentions)
    assert all(before.end <= after.start for before, after in itertools.pairwise(mentions))
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)


@given(st.sampled_from(["gap", "st denis", "93", "05000", "paris", "12e", "la", "cedex", "vers"]))
def test_a_name_survives_case_and_spaces(word: str) -> None:
    gazetteer = embedded_gazetteer()
    plain = gazetteer.resolve(word)
    assert gazetteer.resolve(f"  {word.upper()} ") == plain


@given(st.lists(st.sampled_from("gap st denis 93 05000 paris 12e la cedex de le 2a a".split())))
def test_any_order_of_the_pieces_is_read(words: list[str]) -> None:
    assert len(embedded_gazetteer().resolve(" ".join(words)).choices) <= 4


@pytest.mark.parametrize(
    "broken",
    ["", "code\t01001\n", "<html>", "code\t01001\nname\ta\tb\n"],
)
def test_another_file_is_refused(broken: str) -> None:
    with pytest.raises(MalformedPlacesError):
        Places(broken)


def test_a_cut_column_is_refused() -> None:
    lines = read_text(DATA / "communes.tsv.gz").splitlines()
    cut = [line.rpartition("\t")[0] if line.startswith("name\t") else line for line in lines]
    with pytest.raises(MalformedPlacesError):
        Places("\n".join(cut))


def kilometres(area: Area, latitude: float, longitude: float) -> float:
    north = math.radians(latitude - area.latitude)
    east = math.radians(longitude - area.longitude) * math.cos(math.radians(latitude))
    return 6371 * math.hypot(north, east)


@pytest.mark.skipif(not CENTRES.exists(), reason="the centres of IGN are not shipped")
def test_coordinates_are_near_the_centres_of_ign(gazetteer: Gazetteer) -> None:
    areas = {area.code: area for area in map(gazetteer.places.area, gazetteer.places.today())}
    errors: dict[bool, list[float]] = {False: [], True: []}
    with gzip.open(CENTRES, "rt") as lines:
        for row in csv.DictReader(lines):
            area = areas.get(row["code_insee"])
            if area and row["latitude"]:
                error = kilometres(area, float(row["latitude"]), float(row["longitude"]))
                errors[area.approximate].append(error)
    assert len(errors[False]) > 14_500
    assert statistics.quantiles(errors[False], n=100)[98] < 5
    assert statistics.quantiles(errors[True], n=100)[94] < 15.5
