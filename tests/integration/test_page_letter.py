"""The page on which a letter is prepared: a form, a file, a text to copy; and nothing is kept."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from assistant.config import Settings
from assistant.gateway.letters import FIELDS, LETTERS_PER_MINUTE, LONGEST_FIELD
from tests.integration.visitor import Visitor, hidden

PAGE = "/lettre/opposition-recherche"
MARK = "Zébulonne Quatrevents"


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    """A newcomer."""
    return Visitor(client)


def post(visitor: Visitor, medium: str = "pdf", **fields: str) -> Any:
    """Send the form as it was shown."""
    csrf = hidden(visitor.page(PAGE), "csrf")
    return visitor.http.post(PAGE, data={"csrf": csrf, "sortie": medium, **fields})


def words(answer: Any) -> str:
    reader = PdfReader(io.BytesIO(answer.content))
    return " ".join(reader.pages[0].extract_text().split())


def test_a_newcomer_gets_the_form_and_the_file(visitor: Visitor) -> None:
    html = visitor.page(PAGE)
    assert all(f'name="{field.name}"' in html for field in FIELDS.values())
    answer = post(visitor, nom=MARK, adresse="12 rue X\r\n05000 Gap")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert MARK in words(answer)
    assert "set-cookie" not in answer.headers


def test_an_empty_form_is_a_letter_to_fill_by_hand(visitor: Visitor) -> None:
    assert "....." in words(post(visitor))
    assert "....." in post(visitor, "texte").text


def test_the_text_to_copy_shows_any_alphabet_and_no_markup(visitor: Visitor) -> None:
    answer = post(visitor, "texte", nom="<script>alert(1)</script>", lieu="غاب")
    assert answer.status_code == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "غاب" in answer.text
    assert 'class="paper"' in answer.text


@pytest.mark.parametrize(
    ("fields", "wrong", "kept"),
    [
        ({"nom": "a" * 200, "lieu": "Gap"}, "nom", 'value="Gap"'),
        ({"adresse": "a\n" * 9, "lieu": "Gap"}, "adresse", 'value="Gap"'),
        ({"lieu": "Gap 😀"}, "lieu", "😀"),
        ({"nom": "محمد", "lieu": "Gap"}, "nom", 'value="محمد"'),
        ({"nom": "Odette 1 84 12 76 451 089 46"}, "nom", 'value="Odette"'),
    ],
)
def test_what_cannot_be_written_is_told_beside_its_field(
    visitor: Visitor, fields: dict[str, str], wrong: str, kept: str
) -> None:
    answer = post(visitor, **fields)
    assert answer.status_code == 422
    assert re.findall(r'class="trouble" id="(\w+)-trouble"', answer.text) == [wrong]
    assert re.findall(r'aria-describedby="(\w+)-trouble[^"]*" aria-invalid', answer.text) == [wrong]
    assert kept in answer.text
    assert "451 089" not in answer.text


def test_what_is_far_too_long_is_refused_before_it_is_read(visitor: Visitor) -> None:
    answer = post(visitor, nom="a" * (LONGEST_FIELD + 1))
    assert answer.status_code == 422
    assert "aaaa" not in answer.text


def test_nothing_typed_is_kept_nor_logged_nor_put_into_an_address(
    visitor: Visitor, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    visitor.picks("need/activer_espace")
    with caplog.at_level(logging.DEBUG):
        for medium in ("pdf", "texte"):
            assert post(visitor, medium, nom=MARK, lieu="Gap 😀").request.url.query == b""
            assert post(visitor, medium, nom=MARK).status_code == 200
    assert MARK not in caplog.text
    kept = b"".join(
        path.read_bytes() for path in Path(settings.data_dir).rglob("*") if path.is_file()
    )
    assert kept
    assert MARK.encode() not in kept
    assert MARK not in visitor.page()


def test_a_form_of_another_session_or_site_is_refused(visitor: Visitor) -> None:
    visitor.says("bonjour")
    form = {"sortie": "pdf", "nom": MARK, "csrf": "0" * 64}
    assert visitor.http.post(PAGE, data=form).status_code == 401
    abroad = {"sec-fetch-site": "cross-site"}
    assert post(visitor, nom=MARK).status_code == 200
    assert visitor.http.post(PAGE, data=form, headers=abroad).status_code == 401


def test_it_speaks_to_whoever_helps(visitor: Visitor) -> None:
    mine = visitor.page(PAGE)
    theirs = visitor.says("c'est pour ma mère").page(PAGE)
    assert "sa caisse" not in mine
    assert "sa caisse" in theirs


@pytest.mark.parametrize("path", ["/lettre/inconnue", "/lettre/", "/lettre/..%2f..%2fetc"])
def test_a_letter_that_nobody_wrote_is_not_found(visitor: Visitor, path: str) -> None:
    assert visitor.http.get(path).status_code == 404
    assert visitor.http.post(path, data={"sortie": "pdf"}).status_code in {404, 405}


def test_an_unknown_medium_is_refused(visitor: Visitor) -> None:
    assert post(visitor, "docx", nom=MARK).status_code == 422


def test_a_machine_that_asks_for_letters_without_end_is_slowed(visitor: Visitor) -> None:
    form = {"sortie": "texte"}
    answers = [
        visitor.http.post(PAGE, data=form).status_code for _ in range(LETTERS_PER_MINUTE + 1)
    ]
    assert answers[-2:] == [200, 429]
