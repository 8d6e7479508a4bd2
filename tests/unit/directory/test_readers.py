"""Files as they are published, defects included, become places and a report."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.directory.place import Place, Point
from assistant.directory.place_json import place_from_json, place_to_json
from assistant.directory.readers.data_inclusion import with_offers
from assistant.directory.readers.formats import Format
from assistant.directory.readers.reading import read_stream
from assistant.directory.readers.rows import ReadRow, SourceBroken
from assistant.directory.remarks import Outcome, Reason
from assistant.directory.vocabulary import (
    Access,
    Care,
    Fee,
    Label,
    Programme,
    Roaming,
    Service,
    Support,
)

TODAY = date(2026, 11, 23)

V1 = """"id","pivot","nom","commune","code_postal","code_insee","adresse","latitude","longitude",\
"telephone","horaires","source","itinerance","date_maj","services","prise_en_charge_specifique",\
"frais_a_charge","dispositif_programmes_nationaux",formations_labels,"modalites_acces",\
"modalites_accompagnement"
"s-1","43493312300029","Anonymal","Reims","51100","51454","12 BIS RUE DE LECLERCQ","49.25",\
"4.03","+33326059880","Mo-Fr 09:00-12:00","Hubik","Itinérant","2024-04-02",\
"Aide aux démarches administratives|Maîtrise des outils numériques du quotidien",\
"Surdité|Langues étrangères (anglais)","Gratuit sous condition|Payant",\
"Aidants Connect|France Services","Formé à « Mon Espace Santé »","Se présenter|Téléphoner",\
"Dans un atelier collectif|À distance"
"""
V0 = {
    "id": "4",
    "nom": "Foyer d'animation",
    "services": "Accompagner les démarches de santé;Accéder à du matériel",
    "pivot": "00000000000000",
    "commune": "Aix les bains",
    "code_postal": "73100",
    "adresse": "14 avenue de la Liberté",
    "latitude": 45.690919,
    "longitude": 5.90593,
    "publics_accueillis": "Adultes;Seniors (+ 65 ans);Surdité;Personnes en situation d'illettrisme",
    "conditions_acces": "Gratuit : Je peux accéder gratuitement au lieu et à ses services",
    "labels_nationaux": "CNFS;France Services",
    "modalites_accompagnement": "Avec de l'aide : je suis accompagné seul dans l'usage du "
    "numérique",
    "horaires": "Tu-Fr 09:00-12:00",
    "source": "Hinaura",
    "date_maj": "1970-01-01",
}
FRANCE_SERVICES = """id_fs,insee_dep,lib_fs,adresse,insee_com,code_postal,lib_com,latitude,\
longitude,telephone,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,commentaire,itinerance
3,02,Bus France services Thiérache,6 Rue André Godin,02361,02120,Guise,49.90147,3.626688,\
07 85 78 24 48,09:30 - 16:30,09:30 - 16:30,-,,,,Écrire à jeanne.martin@exemple.fr,Oui
"""
STRUCTURE = {
    "source": "dora",
    "id": "dora--1",
    "nom": "CPAM du Rhône",
    "siret": "77556026100015",
    "commune": "Lyon",
    "code_postal": "69003",
    "code_insee": "69383",
    "adresse": "1 rue de la Part-Dieu",
    "latitude": 45.76,
    "longitude": 4.85,
    "telephone": "3646",
    "courriel": "contact@exemple.fr",
    "horaires_accueil": "Mo-Fr 08:00-17:00; PH off",
    "reseaux_porteurs": ["cpam"],
    "date_maj": "2026-01-02",
}
SERVICE = {
    "source": "dora",
    "structure_id": "dora--1",
    "id": "dora--s1",
    "nom": "Aide en ligne",
    "description": "Aide à faire ses démarches.",
    "thematiques": ["numerique--acceder-a-des-services-en-ligne", "sante--acces-aux-soins"],
    "frais": "gratuit",
    "modes_accueil": ["a-distance", "en-presentiel"],
    "modes_mobilisation": ["telephoner", "se-presenter"],
    "mobilisable_par": ["usagers"],
    "zone_eligibilite": ["69"],
    "date_maj": "2026-02-02",
}


def read(data: str | bytes, expected: Format | None = None) -> tuple[Format, list[ReadRow]]:
    """Read a document whole."""
    raw = data.encode() if isinstance(data, str) else data
    reading = read_stream(io.BytesIO(raw), TODAY, expected)
    return reading.format, list(reading.rows)


def places(data: str | bytes) -> list[Place]:
    """Return the places of a document."""
    return [row.place for row in read(data)[1] if row.place is not None]


def reasons(rows: Sequence[ReadRow]) -> list[Reason]:
    return [remark.reason for row in rows for remark in row.remarks]


def test_the_national_schema() -> None:
    source_format, rows = read(V1)
    (row,) = rows
    place = row.place

    assert source_format is Format.MEDIATION_V1
    assert row.remarks == []
    assert place is not None
    assert (place.source, place.external_id) == ("Hubik", "s-1")
    assert place.point == Point(49.25, 4.03)
    assert place.labels == (Label.MON_ESPACE_SANTE,)
    assert place.is_trained
    assert place.travels
    assert place.services == (Service.PROCEDURES, Service.EVERYDAY_TOOLS)
    assert place.care == (Care.DEAFNESS, Care.ENGLISH)
    assert place.fees == (Fee.FREE_FOR_SOME, Fee.PAID)
    assert place.programmes == (Programme.AIDANTS_CONNECT, Programme.FRANCE_SERVICES)
    assert place.access == (Access.WALK_IN, Access.PHONE)
    assert place.support == (Support.WORKSHOP, Support.REMOTE)
    assert place.hours == "Mo-Fr 09:00-12:00"
    assert place.updated == date(2024, 4, 2)


@pytest.mark.parametrize(
    "written",
    [
        V1.encode("utf-8-sig"),
        V1.replace("\n", "\r\n").encode(),
        V1.encode("cp1252"),
        V1.replace('","', '";"').replace(",formations_labels,", ";formations_labels;").encode(),
        ("sep=,\r\n" + V1).encode(),
        ("\n\n" + V1).encode(),
        V1.replace('"nom"', '" NOM "', 1).replace('"code_postal"', '"Code Postal"', 1).encode(),
    ],
    ids=["bom", "crlf", "latin", "semicolons", "excel", "blank lines", "headers"],
)
def test_the_same_list_however_it_was_saved(written: bytes) -> None:
    assert places(written) == places(V1)


def test_the_bytes_of_another_encoding_are_told() -> None:
    _, rows = read(V1.encode("cp1252"))

    assert Reason.ENCODING in reasons(rows)


def test_a_pipe_between_columns() -> None:
    (place,) = places("id|nom|commune|code_postal|adresse|services\n1|Ici|Gap|5000|1 rue|\n")

    assert (place.name, place.postcode) == ("Ici", "05000")


def test_the_old_schema() -> None:
    source_format, rows = read(json.dumps([V0]))
    place = rows[0].place

    assert source_format is Format.MEDIATION_V0
    assert reasons(rows) == [Reason.UNKNOWN_DATE]
    assert place is not None
    assert place.updated is None
    assert place.siret == ""
    assert place.services == (Service.PROCEDURES, Service.HEALTH, Service.ACCESS)
    assert place.care == (Care.DEAFNESS, Care.ILLITERACY)
    assert place.fees == (Fee.FREE,)
    assert place.programmes == (Programme.CONSEILLERS, Programme.FRANCE_SERVICES)
    assert place.support == (Support.INDIVIDUAL,)


def test_both_schemas_in_one_file() -> None:
    new = {"id": "9", "nom": "Neuf", "commune": "Gap", "frais_a_charge": "Gratuit"}
    old, mixed = places(json.dumps([V0, new]))

    assert old.fees == mixed.fees == (Fee.FREE,)


def test_the_list_of_france_services() -> None:
    source_format, rows = read(FRANCE_SERVICES)
    place = rows[0].place

    assert source_format is Format.FRANCE_SERVICES
    assert place is not None
    assert place.source == "france-services"
    assert place.hours == "Mo,Tu 09:30-16:30"
    assert place.roaming == (Roaming.TRAVELS,)
    assert place.phone == "+33785782448"
    assert place.programmes == (Programme.FRANCE_SERVICES,)
    assert "@" not in place.hours_note
    assert Reason.PERSONAL_IN_TEXT in reasons(rows)


def test_a_bus_list_in_doubt_keeps_its_words() -> None:
    odd = FRANCE_SERVICES.replace("09:30 - 16:30,09:30 - 16:30", "Sur rendez-vous,09:30 - 16:30")
    (place,) = places(odd)

    assert place.hours == ""
    assert "Sur rendez-vous" in place.hours_text


def test_data_inclusion_v1_in_one_document() -> None:
    source_format, rows = read(json.dumps({"structures": [STRUCTURE], "services": [SERVICE]}))
    structure, offer = rows[0].place, rows[1].offer

    assert source_format is Format.DATA_INCLUSION_V1
    assert structure is not None
    assert offer is not None
    assert structure.kinds == ("CPAM",)
    assert offer.structure_id == structure.external_id
    (whole,) = with_offers(structure, [offer.place])
    assert whole.services == (Service.PROCEDURES, Service.HEALTH)
    assert whole.fees == (Fee.FREE,)
    assert Support.REMOTE in whole.support
    assert whole.zone == ("69",)
    assert whole.phone == "3646"
    assert whole.updated == date(2026, 2, 2)


def test_a_service_elsewhere_is_a_place_of_its_own() -> None:
    away = SERVICE | {"commune": "Gap", "code_postal": "05000", "latitude": 44.56,
                      "longitude": 6.08}  # fmt: skip
    _, rows = read(json.dumps({"structures": [STRUCTURE], "services": [away]}))
    assert rows[0].place is not None
    assert rows[1].offer is not None
    own, elsewhere = with_offers(rows[0].place, [rows[1].offer.place])

    assert own.commune == "Lyon"
    assert own.services == ()
    assert elsewhere.commune == "Gap"
    assert elsewhere.name.startswith(own.name)
    assert elsewhere.services == (Service.PROCEDURES, Service.HEALTH)


def test_data_inclusion_of_2022() -> None:
    structure = {
        "id": "1", "siret": "77556026100015", "rna": None, "nom": "Centre social",
        "commune": "Gap", "code_postal": "05000", "adresse": "1 rue", "typologie": "ASSO",
        "horaires_ouverture": "Mo 09:00-12:00", "labels_nationaux": ["france-service"],
        "thematiques": ["numerique--accompagner-les-demarches-de-sante", "mobilite--x"],
        "antenne": False, "lien_source": "https://exemple.fr", "source": "dora",
        "date_maj": "2023-01-05T10:00:00",
    }  # fmt: skip
    source_format, rows = read(json.dumps([structure]))
    place = rows[0].place

    assert source_format is Format.DATA_INCLUSION_V0
    assert place is not None
    assert place.services == (Service.PROCEDURES, Service.HEALTH)
    assert place.programmes == (Programme.FRANCE_SERVICES,)
    assert place.hours == "Mo 09:00-12:00"


def test_data_inclusion_as_csv_lists() -> None:
    header = ",".join(SERVICE)
    cells = ",".join(
        '"'
        + (json.dumps(value) if isinstance(value, list) else str(value)).replace('"', '""')
        + '"'
        for value in SERVICE.values()
    )
    source_format, rows = read(f"{header}\n{cells}\n")

    assert source_format is Format.DATA_INCLUSION_V1
    assert rows[0].offer is not None
    assert rows[0].offer.place.services == (Service.PROCEDURES, Service.HEALTH)


def test_what_only_professionals_may_ask_for_is_refused() -> None:
    _, rows = read(json.dumps([SERVICE | {"mobilisable_par": ["professionnels"]}]))

    assert rows[0].offer is None
    assert reasons(rows) == [Reason.PROFESSIONALS_ONLY]


@pytest.mark.parametrize(
    ("document", "count"),
    [
        (json.dumps([V0, V0]), 2),
        ("\n".join(json.dumps(V0) for _ in range(3)), 3),
        (json.dumps({"data": [V0]}), 1),
        (json.dumps({"meta": {"tags": ["x"]}, "data": [V0]}), 1),
        (json.dumps(
            {"type": "FeatureCollection", "features": [
                {"type": "Feature", "geometry": {"type": "Point", "coordinates": [5.9, 45.69]},
                 "properties": {"id": "1", "nom": "Ici", "commune": "Gap", "services": ""}}]}), 1),
        (json.dumps([{"datasetid": "lieux", "recordid": "1", "fields": V0}]), 1),
    ],
    ids=["list", "lines", "under a name", "beside others", "geojson", "opendatasoft"],
)  # fmt: skip
def test_shapes_of_json(document: str, count: int) -> None:
    assert len(places(document)) == count


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"<!doctype html><html><body>404</body></html>",
        b"%PDF-1.4",
        b"PK\x03\x04xxxx",
        b"\xff\xfei\x00d\x00",
        b'[{"id": "1", "nom": "x", "commune": "Gap"}, {"id":',
        b'[{"id": "1",, }]',
        b"un texte sans colonne",
        b"a;b;c\n1;2;3\n",
        json.dumps([{"x": 1}]).encode(),
    ],
    ids=["empty", "blank", "page", "pdf", "zip", "utf-16", "cut", "broken", "prose", "columns",
         "keys"],
)  # fmt: skip
def test_what_is_no_list_is_refused_whole(data: bytes) -> None:
    with pytest.raises(SourceBroken):
        read(data)


HEADER = "id;nom;commune;code_postal;adresse;pivot;services\n"


def test_rows_that_are_refused_say_where_and_why() -> None:
    _, rows = read(
        HEADER
        + "1;;Gap;05000;1 rue;;\n"
        + "2;Perdu;;;;;\n"
        + "3;Trop;Gap;05000;1 rue;;;x;y\n"
        + "4;Bon;Gap;05000;1 rue;;\n"
    )
    refused = [
        (remark.line, remark.column, remark.reason)
        for row in rows
        for remark in row.remarks
        if remark.outcome is Outcome.REFUSED
    ]

    assert refused == [
        (2, "nom", Reason.NO_NAME),
        (3, "commune", Reason.NOWHERE),
        (4, "", Reason.TOO_MANY_CELLS),
    ]
    assert [row.place.name for row in rows if row.place] == ["Bon"]


def test_a_stray_quote_loses_one_row_at_most() -> None:
    rows = "".join(f"{number};Lieu {number};Gap;05000;1 rue;;\n" for number in range(2, 30))
    found = places(HEADER + '1;"Oups;Gap;05000;1 rue;;\n' + rows)

    assert [place.external_id for place in found][-28:] == [str(each) for each in range(2, 30)]


def test_line_breaks_within_quotes_are_text() -> None:
    (first, second) = places(
        HEADER + '1;"Mairie\nde Gap";Gap;05000;"1 rue\nHaute";;\n2;Ici;Gap;05000;;;\n'
    )

    assert first.name == "Mairie de Gap"
    assert first.address == "1 rue Haute"
    assert second.external_id == "2"


def test_a_line_without_end_is_refused_and_the_next_is_read() -> None:
    _, rows = read(HEADER + "1;" + "x" * 600_000 + ";Gap;05000;;;\n2;Ici;Gap;05000;;;\n")

    assert reasons(rows) == [Reason.ROW_TOO_LONG]
    assert [row.place.name for row in rows if row.place] == ["Ici"]


def test_a_row_without_id_keeps_one_from_import_to_import() -> None:
    document = "nom;commune;code_postal;adresse;services\nIci;Gap;05000;1 rue;\n"

    assert places(document) == places(document)
    assert Reason.NO_ID in reasons(read(document)[1])


def test_values_outside_the_lists_are_left_out_and_told() -> None:
    odd = V0 | {"services": "Accéder à du matériel;Massages", "conditions_acces": "Cher"}
    _, rows = read(json.dumps([odd]))
    place = rows[0].place

    assert place is not None
    assert place.services == (Service.ACCESS,)
    assert [r for r in reasons(rows) if r is Reason.NOT_IN_LIST] == [Reason.NOT_IN_LIST] * 2


@given(st.binary(max_size=400))
def test_no_bytes_make_a_reader_fail(data: bytes) -> None:
    try:
        read(data)
    except SourceBroken:
        return


@given(st.text(alphabet='";\n\rabc<=0,|', max_size=300))
def test_no_text_below_a_header_makes_a_reader_fail(body: str) -> None:
    _, rows = read(HEADER + body, Format.MEDIATION_V0)

    assert all(row.place is None or row.place.name for row in rows)


@given(
    st.dictionaries(
        st.sampled_from(sorted(V0)),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=30)
        | st.lists(st.text(max_size=5)),
    )
)
def test_no_value_makes_a_reader_fail(values: dict[str, object]) -> None:
    row = read(json.dumps([V0 | values]), Format.MEDIATION_V0)[1][0]

    assert (row.place is not None) or any(
        remark.outcome is Outcome.REFUSED for remark in row.remarks
    )
    if row.place is not None:
        assert place_from_json(place_to_json(row.place)) == row.place
