"""Letters as tagged PDF (PDF/UA-1), set by Typst with fonts that travel with it."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Final

import typst

from assistant.domain.errors import ContentError
from assistant.domain.letter import Letter

HERE: Final = Path(__file__).parent
ACCESSIBLE: Final = "ua-1"
# So many are named to whoever typed them: more than that is another alphabet.
MOST_SIGNS_NAMED: Final = 5
_MOST_SIGNS_TRIED: Final = 40


class TypstPrinter:
    """Sets letters; safe to share between threads, which Typst lets run meanwhile.

    What people typed goes in as data (JSON), never into the source. Only the embedded fonts are
    used, so that a letter looks the same on every machine; PDF/UA-1 refuses a sign without a glyph.
    """

    def typeset(self, letter: Letter) -> bytes:
        """Return the letter as a PDF. Raises ContentError when it cannot be set."""
        try:
            return self._set("letter.typ", json.dumps(asdict(letter)))
        except typst.TypstError:
            # The cause may quote what was typed: it is not passed on.
            raise ContentError("a letter could not be set") from None

    def unprintable(self, text: str) -> tuple[str, ...]:
        """Return the signs that the fonts lack, up to five."""
        if self._is_printable(text):
            return ()
        tried = tuple(dict.fromkeys(text.replace("\n", "")))[:_MOST_SIGNS_TRIED]
        lacking = tuple(sign for sign in tried if not self._is_printable(sign))
        return (lacking or tried)[:MOST_SIGNS_NAMED]

    def _is_printable(self, text: str) -> bool:
        try:
            self._set("line.typ", json.dumps(text))
        except typst.TypstError:
            return False
        return True

    def _set(self, source: str, data: str) -> bytes:
        # One compiler for each sheet: two threads may not share one.
        compiler = typst.Compiler(HERE / source, root=HERE, font_paths=self._fonts)
        made = compiler.compile(format="pdf", sys_inputs={"data": data}, pdf_standards=ACCESSIBLE)
        if not isinstance(made, bytes):
            raise ContentError("a letter is one file")
        return made

    @cached_property
    def _fonts(self) -> typst.Fonts:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
