"""Values are mended where there is one way to, left out elsewhere, and never invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.directory import mending
from assistant.directory.cell_text import clean_text, without_people
from assistant.directory.place import Point
from assistant.directory.remarks import Notes, Outcome, Reason
from assistant.directory.territory import METROPOLE, Territory, territory_of

TODAY = date(2026, 11, 23)


@pytest.fixture
def notes() -> Notes:
    """What was said of a row."""
    return Notes(1)


def reasons(notes: Notes) -> list[Reason]:
    return [remark.reason for remark in notes.remarks]


@pytest.mark.parametrize(
    ("written", "read", "said"),
    [
        ("01400", "01400", []),
        ("1400", "01400", [Reason.LOST_ZERO]),
        (1400, "01400", [Reason.LOST_ZERO]),
        ("1400.0", "01400", [Reason.LOST_ZERO]),
        (75012, "75012", []),
        (" 75 012 ", "75012", []),
        ("F-75012", "75012", []),
        ("", "", []),
        (None, "", []),
        ("750", "", [Reason.NOT_A_POSTCODE]),
        ("Paris", "", [Reason.NOT_A_POSTCODE]),
        ("00120", "", [Reason.NOT_A_POSTCODE]),
    ],
)
def test_postcodes(written: object, read: str, said: list[Reason], notes: Notes) -> None:
    assert mending.postcode(written, notes) == read
    assert reasons(notes) == said


@pytest.mark.parametrize(
    ("written", "read", "said"),
    [
        ("2A004", "2A004", []),
        ("2a004", "2A004", []),
        ("1053", "01053", [Reason.LOST_ZERO]),
        ("97411", "97411", []),
        ("0null", "", [Reason.NOT_AN_INSEE_CODE]),
        ("20004", "", [Reason.NOT_AN_INSEE_CODE]),
    ],
)
def test_insee_codes(written: str, read: str, said: list[Reason], notes: Notes) -> None:
    assert mending.insee_code(written, notes) == read
    assert reasons(notes) == said


@pytest.mark.parametrize(
    ("written", "read", "said"),
    [
        ("77556026100015", "77556026100015", []),
        ("775 560 261 00015", "77556026100015", []),
        ("35600000049837", "35600000049837", []),  # La Poste: another rule than Luhn's
        ("5420120700013", "05420120700013", [Reason.LOST_ZERO]),
        ("00000000000000", "", []),
        ("1", "", []),
        ("", "", []),
        ("77556026100016", "", [Reason.NOT_A_SIRET]),
        ("775560261", "", [Reason.NOT_A_SIRET]),  # a SIREN names no place
        ("W751234567", "W751234567", []),
        ("=1+1", "", [Reason.NOT_A_SIRET]),
    ],
)
def test_sirets(written: str, read: str, said: list[Reason], notes: Notes) -> None:
    assert mending.siret(written, notes) == read
    assert reasons(notes) == said


@pytest.mark.parametrize(
    ("written", "read", "said"),
    [
        ("2024-04-02", date(2024, 4, 2), []),
        ("2024-04-02T10:11:12+02:00", date(2024, 4, 2), []),
        ("02/04/2024", date(2024, 4, 2), []),
        ("1970-01-01", None, [Reason.UNKNOWN_DATE]),
        ("1900-01-01", None, [Reason.UNKNOWN_DATE]),
        ("2031-01-01", None, [Reason.FUTURE_DATE]),
        ("2024-02-30", None, [Reason.NOT_A_DATE]),
        ("hier", None, [Reason.NOT_A_DATE]),
        ("", None, []),
    ],
)
def test_days(written: str, read: date | None, said: list[Reason], notes: Notes) -> None:
    assert mending.day(written, TODAY, notes) == read
    assert reasons(notes) == said


@pytest.mark.parametrize(
    ("latitude", "longitude", "code", "read", "said"),
    [
        ("45.6", "0.15", "16000", Point(45.6, 0.15), []),
        ("45,6", "0,15", "16000", Point(45.6, 0.15), []),
        (45.6, 0.15, "16000", Point(45.6, 0.15), []),
        ("0.15", "45.6", "16000", Point(45.6, 0.15), [Reason.SWAPPED]),
        ("-21.05", "55.29", "97410", Point(-21.05, 55.29), []),
        ("55.29", "-21.05", "97410", Point(-21.05, 55.29), [Reason.SWAPPED]),
        ("48.85", "2.35", "97410", None, [Reason.OUTSIDE]),  # Paris, for La Réunion
        ("46.0", "-20.0", "16000", None, [Reason.OUTSIDE]),  # the Atlantic
        ("0", "0", "16000", None, [Reason.OUTSIDE]),
        ("nan", "2.35", "75001", None, [Reason.NOT_COORDINATES]),
        ("4878123", "2.35", "75001", None, [Reason.NOT_COORDINATES]),
        ("48.85", "", "75001", None, [Reason.NOT_COORDINATES]),
        ("", None, "75001", None, []),
    ],
)
def test_points(
    latitude: object,
    longitude: object,
    code: str,
    read: Point | None,
    said: list[Reason],
    notes: Notes,
) -> None:
    assert mending.point(latitude, longitude, territory_of(code), notes) == read
    assert reasons(notes) == said


@pytest.mark.parametrize(
    ("written", "code", "read", "said"),
    [
        ("04 50 56 87 49", "01200", "+33450568749", [Reason.PHONE_WRITTEN]),
        ("+33450568749", "01200", "+33450568749", []),
        ("0033 4 50 56 87 49", "01200", "+33450568749", [Reason.PHONE_WRITTEN]),
        ("450568749", "01200", "+33450568749", [Reason.PHONE_WRITTEN]),
        ("450568749.0", "01200", "+33450568749", [Reason.PHONE_WRITTEN]),
        ("04.50.56.87.49 / 06 12 34 56 78", "01200", "+33450568749", [Reason.PHONE_WRITTEN]),
        ("0590 81 16 08", "97100", "+590590811608", [Reason.PHONE_WRITTEN]),
        ("+33594341747", "97300", "+594594341747", [Reason.PHONE_WRITTEN]),
        ("0262 71 15 15", "97400", "+262262711515", [Reason.PHONE_WRITTEN]),
        ("3646", "01200", "3646", []),
        ("06 12 34 56 78", "01200", "", [Reason.PERSONAL_PHONE]),
        ("+262692123456", "97400", "", [Reason.PERSONAL_PHONE]),
        ("0890 00 02 12", "01200", "", [Reason.PREMIUM_PHONE]),
        ("3,34E+10", "01200", "", [Reason.NOT_A_PHONE]),
        ("01 02", "01200", "", [Reason.NOT_A_PHONE]),
        ("+1 202 555 0123", "01200", "", [Reason.NOT_A_PHONE]),
        ("", "01200", "", []),
    ],
)
def test_phones(written: str, code: str, read: str, said: list[Reason], notes: Notes) -> None:
    assert mending.phone(written, territory_of(code), notes) == read
    assert reasons(notes) == said


def test_the_line_of_a_bus_is_its_own(notes: Notes) -> None:
    kept = mending.phone("07 85 78 24 48", METROPOLE, notes, mobile_is_the_place_s=True)

    assert kept == "+33785782448"


def test_a_dropped_number_is_not_written_down_in_the_report(notes: Notes) -> None:
    mending.phone("06 12 34 56 78", METROPOLE, notes)
    mending.emails("jeanne.martin@exemple.fr", "Gap", notes)
    without_people("Appelez Jeanne au 06 12 34 56 78", "detail", notes)

    assert len(notes.remarks) == 3
    assert not any("12" in remark.value or "jeanne" in remark.value for remark in notes.remarks)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("contact@laquincaillerie.fr", ("contact@laquincaillerie.fr",)),
        ("Mairie@Gap.fr", ("mairie@gap.fr",)),
        ("franceservices.gap@exemple.fr", ("franceservices.gap@exemple.fr",)),
        ("laquincaillerie@laquincaillerie.fr", ("laquincaillerie@laquincaillerie.fr",)),
        ("jeanne.martin@ville-gap.fr", ()),
        ("j.martin@gmail.com", ()),
        ("martin", ()),
        (
            "accueil@a.fr|jeanne.martin@a.fr;info@b.fr",
            ("accueil@a.fr", "info@b.fr"),
        ),
    ],
)
def test_addresses_of_offices_stay_and_those_of_persons_go(
    written: str, kept: tuple[str, ...], notes: Notes
) -> None:
    assert mending.emails(written, "Gap", notes) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://www.a.fr/x?y=1", ("https://www.a.fr/x?y=1",)),
        ("www.a.fr", ("https://www.a.fr",)),
        ("https://a.fr|https://b.fr", ("https://a.fr", "https://b.fr")),
        ("javascript:alert(1)", ()),
        ("https://a.fr/\"onclick='x'", ()),
        ("https://user:secret@a.fr/", ()),
        ("data:text/html,x", ()),
        ("-", ()),
    ],
)
def test_links(written: str, kept: tuple[str, ...], notes: Notes) -> None:
    assert mending.links(written, notes) == kept


@pytest.mark.parametrize(
    ("written", "read", "said"),
    [
        ("Mairie de Gap", "Mairie de Gap", []),
        ("  Mairie\r\n de   Gap ", "Mairie de Gap", []),
        ("<b>Mairie</b> de <i>Gap</i>", "Mairie de Gap", [Reason.HTML]),
        ("<script>alert('x')</script>Mairie", "Mairie", [Reason.HTML]),
        ("Mairie<img src=x onerror=alert(1)>", "Mairie", [Reason.HTML]),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Gap", "Gap", []),
        ("Caf&eacute; &amp; th&eacute;", "Café & thé", []),
        ("a < b", "a < b", []),
        ("=cmd|' /C calc'!A0", "cmd|' /C calc'!A0", [Reason.FORMULA]),
        ('=HYPERLINK("http://x.fr";"ici")', 'HYPERLINK("http://x.fr";"ici")', [Reason.FORMULA]),
        ("@SUM(A1)", "SUM(A1)", [Reason.FORMULA]),
        ("+33 4 50 56 87 49", "+33 4 50 56 87 49", []),
        ("-12", "-12", []),
        ("Gap\u202egpj", "Gap gpj", []),
        (None, "", []),
    ],
)
def test_texts_are_harmless(written: object, read: str, said: list[Reason], notes: Notes) -> None:
    assert clean_text(written, "nom", notes) == read
    assert reasons(notes) == said


@given(st.text(max_size=400))
def test_no_text_keeps_markup_controls_or_formulas(written: str) -> None:
    read = clean_text(written, "nom", Notes(1))

    assert "<script" not in read.lower()
    assert not any(ord(character) < 32 for character in read)
    assert read[:1] not in {"=", "@"}
    assert len(read) <= 300
    assert clean_text(read, "nom", Notes(1)) == read


@given(st.text(max_size=40), st.sampled_from(["75001", "97400", "98800", "20000"]))
def test_whatever_is_written_a_number_is_french_or_none(written: str, code: str) -> None:
    notes = Notes(1)
    read = mending.phone(written, territory_of(code), notes)

    assert read == "" or read.startswith("+") or len(read) == 4
    assert all(remark.outcome is not Outcome.REFUSED for remark in notes.remarks)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_is_where_its_postcode_says_or_nowhere(latitude: float, longitude: float) -> None:
    territory: Territory = territory_of("75001")
    read = mending.point(latitude, longitude, territory, Notes(1))

    assert read is None or territory.holds(read)


@given(st.text(max_size=20))
def test_postcodes_have_five_digits_or_are_none(written: str) -> None:
    read = mending.postcode(written, Notes(1))

    assert read == "" or (len(read) == 5 and read.isdigit())
