"""The letter on paper, read back: words, tags, language, fonts, one page; and whatever is typed."""

from __future__ import annotations

import io
import threading
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from assistant.adapters.content_files import load_content
from assistant.adapters.locales import load_translations
from assistant.adapters.printing.letters import MOST_SIGNS_NAMED, TypstPrinter
from assistant.domain.letter import Blank, Letter
from assistant.flows.document import texts
from assistant.rendering.catalogue import Catalogue
from assistant.services.letters import (
    LONGEST_LINE,
    MOST_LINES,
    Filled,
    PrepareLetter,
    Trouble,
    read_blanks,
)

CONTENT = load_content()
LETTERS = {key: text for each in CONTENT.letters.values() for key, text in texts(each).items()}
PRINTER = TypstPrinter()
PREPARE = PrepareLetter(
    Catalogue(
        languages=("fr",),
        translations={"fr": load_translations("fr")},
        facts={fact.id: fact for fact in CONTENT.facts.facts},
        texts_of=lambda document, _: LETTERS if document == "letter" else {},
        synonyms_of=lambda _document, _revision: {},
    ),
    PRINTER,
)
ODETTE = {
    Blank.NAME: "Odette Lefèvre-Bühler",
    Blank.BIRTH_DATE: "12 mars 1944",
    Blank.ADDRESS: "Résidence des Cèdres\n12 rue de l'Église\n05000 Gap",
    Blank.FUND: "CPAM des Hautes-Alpes",
    Blank.FUND_ADDRESS: "10 boulevard Georges-Pompidou\n05012 Gap Cedex",
    Blank.PLACE: "Gap",
}
TEMPLATES = sorted(letter.id for letter in CONTENT.letters.values())
MANY_LINES = {Blank.ADDRESS, Blank.FUND_ADDRESS}


def letter(typed: dict[Blank, str], template: str = "opposition_recherche") -> Letter:
    return PREPARE.compose(template, read_blanks(typed), "fr")


def root_of(reader: PdfReader) -> Any:
    """Return the catalogue of a document."""
    return reader.trailer["/Root"]


def opened(printed: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(printed))


def words(reader: PdfReader) -> str:
    """Return the text without the line breaks of the paper."""
    return " ".join(reader.pages[0].extract_text().split())


def fonts(reader: PdfReader) -> Iterator[Any]:
    resources: Any = reader.pages[0]["/Resources"]
    for font in resources["/Font"].values():
        yield font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()


def tags(node: Any) -> Iterator[str]:
    """Walk the structure of a document."""
    node = node.get_object()
    if "/S" in node:
        yield node["/S"]
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        if hasattr(child.get_object(), "keys"):
            yield from tags(child)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("typed", [ODETTE, {}], ids=["filled", "blank"])
def test_it_can_be_read_by_everybody(template: str, typed: dict[Blank, str]) -> None:
    written = letter(typed, template)
    reader = opened(PREPARE.typeset(written))
    root = root_of(reader)
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == written.title
    found = list(tags(root["/StructTreeRoot"]))
    assert found.count("/H1") == 1
    assert found.count("/P") >= len(written.paragraphs)
    embedded = list(fonts(reader))
    assert embedded
    assert all("/FontFile3" in font or "/FontFile2" in font for font in embedded)


def test_its_words_are_those_of_the_letter() -> None:
    written = letter(ODETTE)
    said = words(opened(PREPARE.typeset(written)))
    lines = [line for value in ODETTE.values() for line in value.splitlines()]
    lines += [*filter(None, written.recipient), written.signature]
    lines += [line for part in written.paragraphs for line in part.splitlines()]
    for line in lines:
        assert " ".join(line.split()) in said
    assert "..." in said


@pytest.mark.parametrize("sign", ["W", "a", "W W W ", "MM "])
def test_the_longest_one_has_one_page_of_a4(sign: str) -> None:
    line = (sign * LONGEST_LINE)[:LONGEST_LINE].strip()
    typed = {b: "\n".join([line] * MOST_LINES) if b in MANY_LINES else line for b in Blank}
    assert not read_blanks(typed).troubles
    reader = opened(PREPARE.typeset(letter(typed)))
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    said = words(reader).replace(" ", "")
    assert said.count(line.replace(" ", "")) == len(Blank) - 2 + 2 * MOST_LINES


@pytest.mark.parametrize(
    "typed",
    [
        '#read("/etc/passwd")',
        "#import sys: *",
        "$x^2$ *gras* _oui_ <label> @ref // rien /* */ = titre",
        '"}] #panic()',
        "<script>alert(1)</script>",
        "\\u{41} \\n {fact:rights_reply_delay} [A|B] {name}",
        "Nguyễn Thị Ðỗ Łukasz Çelik Øre",
        "Ελένη Жанна",
    ],
)
def test_what_looks_like_code_or_comes_from_afar_is_only_words(typed: str) -> None:
    assert PRINTER.unprintable(typed) == ()
    said = words(opened(PREPARE.typeset(letter({Blank.NAME: typed}))))
    assert " ".join(typed.split()) in said


@pytest.mark.parametrize(
    ("typed", "signs"),
    [("Odette 😀", ("😀",)), ("李 Wang", ("李",)), ("ಠ_ಠ", ("ಠ",)), ("ok", ())],
)
def test_what_the_paper_would_show_as_empty_boxes_is_named(
    typed: str, signs: tuple[str, ...]
) -> None:
    assert PRINTER.unprintable(typed) == signs
    filled = PREPARE.printable(read_blanks({Blank.NAME: typed, Blank.PLACE: "Gap"}))
    assert filled.troubles == ({Blank.NAME: Trouble.UNPRINTABLE} if signs else {})
    assert filled.unprintable.get(Blank.NAME, ()) == signs


def test_an_arabic_name_is_told_to_be_written_by_hand() -> None:
    signs = PRINTER.unprintable("محمد بن علي الإدريسي")
    assert 0 < len(signs) <= MOST_SIGNS_NAMED


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(Blank), st.text(max_size=50), min_size=1))
def test_whatever_is_typed_is_printed_as_typed_or_refused_by_name(typed: dict[Blank, str]) -> None:
    filled = PREPARE.printable(read_blanks(typed))
    if filled.troubles:
        assert set(filled.troubles) <= set(typed)
        return
    reader = opened(PREPARE.typeset(PREPARE.compose("opposition_recherche", filled, "fr")))
    assert len(reader.pages) == 1
    said = "".join(words(reader).split())
    for value in filled.values.values():
        _stands_in("".join(value.split()), said)


LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, categories=("L", "N", "P")))


@settings(deadline=None, max_examples=40)
@given(LATIN.map(lambda text: text[:LONGEST_LINE]))
def test_every_latin_name_is_printed(name: str) -> None:
    filled = Filled({Blank.NAME: read_blanks({Blank.NAME: name}).values[Blank.NAME]})
    assert not PREPARE.printable(filled).troubles
    PREPARE.typeset(PREPARE.compose("opposition_recherche", filled, "fr"))


def test_many_are_set_at_once() -> None:
    printed: list[bytes] = []
    written = letter(ODETTE)
    threads = [
        threading.Thread(target=lambda: printed.append(PREPARE.typeset(written))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(printed) == len(threads)
    assert {words(opened(each)) for each in printed} == {words(opened(printed[0]))}


def _stands_in(value: str, said: str) -> None:
    """Find a value in the words read back; a reader may reorder right-to-left signs and marks."""
    if all(
        unicodedata.bidirectional(sign) not in {"R", "AL", "AN"} and not unicodedata.combining(sign)
        for sign in value
    ):
        assert value in said, ascii(value)
    else:
        assert all(sign in said for sign in value), ascii(value)
