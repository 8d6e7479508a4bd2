"""The template that translators start from: every sentence of the product, with its key."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from assistant.adapters.content_files import Content
from assistant.adapters.locales import LOCALES, read_catalog
from assistant.domain.errors import ContentError
from assistant.flows.document import texts
from assistant.rendering.catalogue import SOURCE_LANGUAGE


@dataclass(frozen=True)
class Template:
    """``messages.pot`` as it should be."""

    bytes: bytes
    entries: int

    def __len__(self) -> int:
        """Return the number of sentences."""
        return self.entries


def template(content: Content, root: Path = LOCALES) -> Template:
    """Return the template: interface sentences by key, content by key (context) and French.

    The French of an interface key stands above it as a comment. Raises ContentError.
    """
    interface = read_catalog(root / SOURCE_LANGUAGE / "LC_MESSAGES" / "interface.po")
    if interface is None:
        raise ContentError("the French interface catalogue is missing")
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for message in interface:
        if message.id:
            catalog.add(message.id, auto_comments=str(message.string).splitlines())
    for key, source in sorted(_content_texts(content)):
        catalog.add(source, context=key)
    out = io.BytesIO()
    write_po(out, catalog, width=0, omit_header=True)
    return Template(_HEADER + out.getvalue(), len(catalog))


def write_template(path: Path, made: Template) -> None:
    """Write the template."""
    path.write_bytes(made.bytes)


def _content_texts(content: Content) -> Iterable[tuple[str, str]]:
    documents: Iterable[Mapping[str, str]] = map(
        texts,
        (
            *content.flows.values(),
            *content.answers.values(),
            *content.letters.values(),
            content.glossary,
            content.needs,
            content.facts,
        ),
    )
    for entries in documents:
        yield from entries.items()


# Babel would write the hour: two templates of the same sentences must be the same bytes.
_HEADER = """\
# Pas à Pas: every sentence to translate, with its key. Made by `assistant messages`.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

""".encode()
