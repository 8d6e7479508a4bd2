"""docs/privacy.md names every table and every column, and the time that each is kept."""

from __future__ import annotations

import pytest

from assistant.adapters.repositories.known_data import EXPORTED, LEFT_OUT
from assistant.adapters.tables import Base
from assistant.config import Settings
from assistant.domain.consent import Purpose
from assistant.domain.retention import WINDOWS
from assistant.gateway.access import COOKIE
from assistant.rendering.retention import length_of
from assistant.safety.masking import MARKER, SecretKind
from assistant.services.consent.replies import AGE_OF_CONSENT
from tests.docs.pages import ROOT, read, rows, section, spans

NAMES_OF_SECRETS = {
    SecretKind.NIR: "numéro de sécurité sociale",
    SecretKind.CARD_SERIAL: "numéro de carte Vitale",
    SecretKind.PROVISIONAL_CODE: "code provisoire",
    SecretKind.BANK_CARD: "carte\nbancaire",
    SecretKind.IBAN: "IBAN",
    SecretKind.PASSWORD: "mot de passe",
}


def test_every_column_of_every_table_is_named() -> None:
    documented = {
        spans(row[0])[0]: set(spans(row[1] + row[2]))
        for row in rows(section(read("privacy.md"), "Table par table"))
    }
    declared = {
        name: {column.name for column in table.columns}
        for name, table in Base.metadata.tables.items()
    }
    assert documented == declared


def test_every_table_says_why_and_how_long() -> None:
    for row in rows(section(read("privacy.md"), "Table par table")):
        assert len(row) == 5, row[0]
        assert all(row), row[0]


def test_the_times_are_the_ones_of_the_code() -> None:
    text = read("privacy.md")
    fields = Settings.model_fields
    assert f"{fields['keep_days'].default} jours" in text
    assert f"{fields['unkept_hours'].default} heures" in text
    assert f"{fields['consent_days'].default} jours" in " ".join(text.split())
    assert f"moins de {AGE_OF_CONSENT} ans" in text
    assert {each.value for each in Purpose} <= {
        spans(row[0])[0] for row in rows(section(text, "Les accords qui sont les nôtres"))
    }
    assert f"{fields['shared_device_minutes'].default} minutes" in text
    for kind, window in WINDOWS.items():
        if window.setting is not None:
            assert fields[window.setting].default == window.count, kind


def test_the_windows_are_the_ones_of_the_code() -> None:
    documented = {
        spans(row[0])[0]: (set(spans(row[1])), row[2])
        for row in rows(section(read("privacy.md"), "Durées"))
    }
    assert documented.keys() == set(WINDOWS)
    for kind, window in WINDOWS.items():
        tables, told = documented[kind]
        assert tables == set(window.tables), kind
        if window.count is not None:
            assert length_of(window, "fr") in told, kind
        if window.setting is not None:
            assert f"`{window.setting}`" in told, kind


def test_every_table_that_tells_of_somebody_has_a_window() -> None:
    kept = {table for window in WINDOWS.values() for table in window.tables}
    personal = {
        spans(row[0])[0]
        for row in rows(section(read("privacy.md"), "Table par table"))
        if not row[1].startswith("rien")
    }
    assert personal <= kept


def test_the_cookie_is_named() -> None:
    assert f"`{COOKIE}`" in section(read("privacy.md"), "Le cookie")


def test_every_kind_of_secret_that_is_masked_is_named() -> None:
    told = section(read("privacy.md"), "Ce qui est masqué")
    assert MARKER in told
    assert set(NAMES_OF_SECRETS) == set(SecretKind)
    flat = " ".join(told.split())
    assert not [
        kind for kind, name in NAMES_OF_SECRETS.items() if " ".join(name.split()) not in flat
    ]


def test_what_speaks_of_a_person_is_in_the_export_or_left_out_for_a_reason() -> None:
    text = read("privacy.md")
    personal = {
        f"{spans(row[0])[0]}.{column}"
        for row in rows(section(text, "Table par table"))
        for column in spans(row[1])
        if column in Base.metadata.tables[spans(row[0])[0]].columns and column not in spans(row[2])
    }
    # Their commitments lead back to nobody, and the chain is nobody's alone.
    personal = {each for each in personal if not each.startswith("consent.")}
    exported = {
        f"{table.__tablename__}.{column}"
        for table, columns in EXPORTED.items()
        for column in columns
    }
    assert personal <= exported | set(LEFT_OUT)
    assert not exported & set(LEFT_OUT)


def test_what_is_left_out_is_documented() -> None:
    documented = [
        column
        for row in rows(section(read("privacy.md"), "Ce que le fichier ne donne pas"))
        for column in spans(row[0])
    ]
    assert sorted(documented) == sorted(LEFT_OUT)


HEADINGS_OF_ARTICLE_30 = (
    "responsable du traitement",
    "délégué à la protection des données",
    "finalités",
    "base légale",
    "catégories de personnes",
    "catégories de données",
    "destinataires",
    "transferts hors de l'Union",
    "durées",
    "mesures de sécurité",
)


def test_the_record_has_every_heading_of_article_30() -> None:
    told = dict(rows(section(read("privacy.md"), "Le registre")))
    assert tuple(told) == HEADINGS_OF_ARTICLE_30
    assert all(told.values())
    # Whoever carries the SMS receives them: a record that forgot it would be false.
    assert "Twilio" in told["destinataires"]
    assert "Twilio" in told["transferts hors de l'Union"]


@pytest.mark.parametrize(
    "title",
    [
        "Accès illégitime aux données",
        "Modification non désirée des données",
        "Disparition des données",
    ],
)
def test_each_risk_has_its_sources_impacts_and_measures(title: str) -> None:
    risk = section(read("dpia.md"), title)
    for heading in ("Sources", "Impacts", "Gravité", "Vraisemblance"):
        assert f"**{heading}**" in risk
    measures = rows(risk)
    assert len(measures) >= 3
    assert all(spans(where) for _, where in measures)
    assert "À décider" in risk


def test_every_measure_names_files_that_exist() -> None:
    named = [path for path in spans(read("dpia.md")) if "/" in path or path.endswith(".txt")]
    assert len(named) > 30
    assert not [path for path in named if not (ROOT / path).is_file()]
