"""The gazetteer that is shipped puts places where their communes are, and no others."""

from __future__ import annotations

import pytest

from assistant.directory.embedded import embedded_gazetteer
from assistant.directory.locating import CommuneLocator, placed
from assistant.directory.place import Place, Point
from assistant.directory.remarks import Notes, Reason

LOCATOR = CommuneLocator(embedded_gazetteer())


def put(commune: str, postcode: str, point: Point | None = None) -> tuple[Place, list[Reason]]:
    """Put a place of that commune where it belongs; tell what was said."""
    notes = Notes(1)
    place = Place(
        source="s", external_id="1", name="x", commune=commune, postcode=postcode, point=point
    )
    return placed(place, LOCATOR, notes), [remark.reason for remark in notes.remarks]


@pytest.mark.parametrize(
    ("commune", "postcode", "near"),
    [
        ("GAP", "05000", Point(44.56, 6.08)),
        ("Saint-Denis", "93200", Point(48.936, 2.357)),
        ("ST DENIS", "97400", Point(-20.88, 55.45)),
        ("PARIS 12", "75012", Point(48.84, 2.39)),
        ("Aix les bains", "73100", Point(45.69, 5.91)),
        ("ANGOULEME CEDEX", "16000", Point(45.65, 0.16)),
    ],
)
def test_a_commune_is_where_it_is(commune: str, postcode: str, near: Point) -> None:
    place, said = put(commune, postcode)

    assert place.point is not None
    assert place.point.distance_km(near) < 10
    assert place.approximate
    assert said == [Reason.COMMUNE_POINT]


def test_a_point_in_its_commune_stays() -> None:
    own = Point(44.57, 6.10)

    assert put("Gap", "05000", own) == (put("Gap", "05000", own)[0], [])
    assert put("Gap", "05000", own)[0].point == own


def test_a_point_at_sea_goes() -> None:
    place, said = put("Marseille", "13001", Point(42.6, 4.6))

    assert said == [Reason.FAR_FROM_COMMUNE]
    assert place.approximate


def test_the_vast_communes_of_guyane_are_not_judged() -> None:
    _, said = put("Maripasoula", "97370", Point(2.5, -53.2))

    assert said == []


def test_what_nobody_knows_stays_unknown() -> None:
    place, said = put("Nulle-Part-sur-Rien", "")

    assert (place.point, said) == (None, [])
