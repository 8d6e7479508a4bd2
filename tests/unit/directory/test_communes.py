"""The national list renews the shipped communes, or leaves them as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.directory.communes import MOST_ROWS, commune_of, renew
from assistant.directory.embedded import COMMUNES, embedded_gazetteer, gazetteer_of, read_text
from assistant.directory.gazetteer.area import AreaKind
from assistant.directory.gazetteer.places import Places
from assistant.directory.readers.rows import SourceBroken

Cells = dict[str, object]
SHIPPED = read_text(COMMUNES)


def whole_list(places: Places | None = None) -> dict[str, Cells]:
    """The national list, as the API would give it for the shipped communes, by code."""
    known = places or embedded_gazetteer().places
    columns = dict(line.split("\t", 1) for line in SHIPPED.splitlines() if line[0] != "#")
    postcodes = columns["postcodes"].split("\t")
    areas = ((row, known.area(row)) for row in known.today())
    return {
        area.code: {
            "nom": area.name,
            "code": area.code,
            "codedepartement": area.department,
            "codespostaux": postcodes[row].split(" "),
            "population": area.population,
            "centre": {"type": "Point", "coordinates": [area.longitude, area.latitude]},
        }
        for row, area in areas
        if area.kind is AreaKind.COMMUNE
    }


LIST = whole_list()
GAP = LIST["05061"]
NEW: Cells = GAP | {"nom": "Valserhône-les-Bains", "code": "05990", "codespostaux": ["05990"]}


def test_the_same_list_changes_nothing_but_the_marks() -> None:
    done = renew(SHIPPED, LIST.values())
    assert (done.added, done.refused, done.kept, done.misplaced) == (0, 0, 0, 0)
    before, after = embedded_gazetteer().places, Places(done.text)
    for row in range(len(before)):
        old, new = before.area(row), after.area(row)
        assert (old.code, old.label, old.commune, old.population, old.latitude, old.longitude) == (
            new.code, new.label, new.commune, new.population, new.latitude, new.longitude,
        )  # fmt: skip
    assert not any(
        after.area(row).approximate
        for row in after.today()
        if after.kind_of(row) is AreaKind.COMMUNE
    )


def test_what_the_list_tells_is_taken() -> None:
    changed: Cells = GAP | {"nom": "Gap-en-Champsaur", "population": 41000}
    merged = LIST | {"05990": NEW, "05061": changed}
    del merged["05001"]
    gazetteer = gazetteer_of(renew(SHIPPED, merged.values()).text)

    new, gap = gazetteer.coded("05990"), gazetteer.coded("05061")
    assert new is not None
    assert gap is not None
    assert (new.name, new.department) == ("Valserhône-les-Bains", "05")
    assert [area.code for area in gazetteer.resolve("05990").choices] == ["05990"]
    assert (gap.name, gap.population) == ("Gap-en-Champsaur", 41000)
    assert gazetteer.coded("05001") is not None, "one that the list lacks stays"
    (former,) = [area for area in gazetteer.resolve("gap").choices if area.name == "Gap"]
    assert (former.kind, former.commune) == (AreaKind.FORMER, "05061")
    paris = gazetteer.resolve("paris 13").choices
    assert [area.code for area in paris] == ["75113"]


def test_a_known_town_stays_where_it_is() -> None:
    places = embedded_gazetteer().places
    elsewhere: Cells = {"type": "Point", "coordinates": [6.2, 44.6]}
    gap = Places(renew(SHIPPED, (LIST | {"05061": GAP | {"centre": elsewhere}}).values()).text)
    row = places.coded("05061")
    assert row is not None
    assert not places.area(row).approximate
    assert gap.area(row).latitude == places.area(row).latitude


def test_a_point_far_away_is_left_aside() -> None:
    at_sea: Cells = {"type": "Point", "coordinates": [0, 0]}
    done = renew(SHIPPED, (LIST | {"01001": LIST["01001"] | {"centre": at_sea}}).values())
    row = embedded_gazetteer().places.coded("01001")
    assert row is not None
    assert done.misplaced == 1
    assert Places(done.text).area(row).latitude == embedded_gazetteer().places.area(row).latitude


def swapped(cells: Cells) -> Cells:
    """Latitude before longitude."""
    centre: Any = cells["centre"]
    return cells | {"centre": {"type": "Point", "coordinates": centre["coordinates"][::-1]}}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: {"message": "quota"},
        lambda _: None,
        swapped,
        lambda cells: cells | {"centre": None},
        lambda cells: cells | {"nom": "Gap"},
        lambda cells: cells | {"code": "05061"},
        lambda cells: cells | {"codedepartement": "99"},
    ],
)
def test_a_list_of_nonsense_is_refused(spoil: Callable[[Cells], Cells | None]) -> None:
    with pytest.raises(SourceBroken):
        renew(SHIPPED, [spoil(cells) for cells in LIST.values()])


def test_the_tenth_that_may_lack_is_a_tenth() -> None:
    listed = list(LIST.values())
    enough = len(listed) * 9 // 10 + 1
    assert renew(SHIPPED, listed[:enough]).kept == len(listed) - enough
    with pytest.raises(SourceBroken):
        renew(SHIPPED, listed[: enough - 2])


def test_a_list_without_end_is_left() -> None:
    taken = 0

    def endless() -> Any:
        nonlocal taken
        while True:
            taken += 1
            yield GAP

    with pytest.raises(SourceBroken):
        renew(SHIPPED, endless())
    assert taken == MOST_ROWS + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "5061"}, {"code": 5061}, {"code": "20001"}, {"nom": ""}, {"nom": "Gap\tAix"},
        {"nom": "Gap\nkind"}, {"nom": "<b>Gap</b>"}, {"nom": "G" * 90}, {"codedepartement": None},
        {"codedepartement": "75"}, {"codedepartement": ""},
    ],
)  # fmt: skip
def test_no_commune(wrong: Cells) -> None:
    assert commune_of(GAP) is not None
    assert commune_of(GAP | wrong) is None


@pytest.mark.parametrize("postcodes", [None, [], ["5000"], "05000", [5000], ["٠٥٠٠٠"]])
@pytest.mark.parametrize("people", [None, -1, "12", True, 10**12])
@pytest.mark.parametrize(
    "centre", [None, [], {"coordinates": [10**999, 1]}, {"coordinates": [91, 91]}, {}]
)
def test_what_is_not_readable_is_not_told(
    postcodes: object, people: object, centre: object
) -> None:
    read = commune_of(GAP | {"codespostaux": postcodes, "population": people, "centre": centre})
    assert read is not None
    assert (read.postcodes, read.population, read.point) == ((), None, None)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(sorted(GAP)), ANYTHING))
def test_anything_is_read_or_refused(cells: Cells) -> None:
    read = commune_of(GAP | cells)
    assert read is None or "\t" not in read.name
