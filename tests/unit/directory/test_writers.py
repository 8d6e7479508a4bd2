"""What is written can be read again, and harms nobody who opens it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from assistant.directory.place import Place, Point
from assistant.directory.readers.formats import Format
from assistant.directory.readers.reading import read_stream
from assistant.directory.search import KnownPlace
from assistant.directory.vocabulary import Fee, Label, Roaming, Service
from assistant.directory.writers import COLUMNS, geojson, geojson_text, schema_csv, schema_row

PLACE = Place(
    source="Hubik", external_id="1", name="Ici", commune="Gap", postcode="05000",
    address="1 rue", point=Point(44.559, 6.079), phone="+33492532424",
    hours="Mo-Fr 09:00-12:00", services=(Service.PROCEDURES, Service.HEALTH),
    fees=(Fee.FREE,), labels=(Label.MON_ESPACE_SANTE,), roaming=(Roaming.STAYS,),
    updated=date(2024, 4, 2),
)  # fmt: skip
KNOWN = KnownPlace("abc", PLACE, 90, ["Hubik", "dora"])


def test_geojson_puts_longitude_first() -> None:
    (feature,) = geojson([KNOWN])["features"]

    assert feature["id"] == "abc"
    assert feature["geometry"] == {"type": "Point", "coordinates": [6.079, 44.559]}
    assert feature["properties"]["nom"] == "Ici"
    assert json.loads(geojson_text([KNOWN]))["type"] == "FeatureCollection"


def test_a_place_without_a_point_has_no_geometry() -> None:
    lost = KnownPlace("x", Place(source="s", external_id="1", name="x"), 0, ["s"])

    assert geojson([lost])["features"][0]["geometry"] is None


def test_the_national_schema_is_read_again_as_it_was() -> None:
    document = "".join(schema_csv([KNOWN]))
    reading = read_stream(io.BytesIO(document.encode()), date(2026, 11, 23))
    (row,) = reading.rows

    assert reading.format is Format.MEDIATION_V1
    assert row.remarks == []
    assert row.place is not None
    assert (row.place.point, row.place.hours, row.place.labels, row.place.updated) == (
        PLACE.point, PLACE.hours, PLACE.labels, PLACE.updated,
    )  # fmt: skip


def test_the_service_that_the_schema_lost_is_written_as_the_one_it_became() -> None:
    assert schema_row(KNOWN)["services"] == Service.PROCEDURES.value


def test_what_the_schema_cannot_hold_is_left_empty() -> None:
    short = KnownPlace("x", Place(source="s", external_id="1", name="x", phone="3646"), 0, ["s"])

    assert schema_row(short)["telephone"] == ""
    assert tuple(schema_row(short)) == COLUMNS


@given(st.text(max_size=40))
def test_no_cell_is_a_formula(name: str) -> None:
    written = KnownPlace("x", Place(source="s", external_id="1", name=name), 0, ["s"])
    document = "".join(schema_csv([written]))
    row = next(csv.DictReader(io.StringIO(document, newline="")))

    assert not row["nom"].startswith(("=", "+", "-", "@", "\t", "\r"))
