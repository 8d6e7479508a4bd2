"""The catalogues of the languages, read from their .po files with Babel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from assistant.domain.errors import ContentError
from assistant.rendering.catalogue import Translations

LOCALES = Path(__file__).resolve().parent.parent.parent / "locales"


def load_translations(language: str, root: Path = LOCALES) -> Translations:
    """Read one language: ``interface.po`` by key, ``content.po`` by key and French source.

    Raises ContentError when the interface of the language is missing.
    """
    folder = root / language / "LC_MESSAGES"
    interface = read_catalog(folder / "interface.po")
    if interface is None:
        raise ContentError(f"locales/{language}/LC_MESSAGES/interface.po is missing")
    content = read_catalog(folder / "content.po")
    return Translations(
        interface={str(each.id): str(each.string) for each in interface if each.id and each.string},
        content=_by_key(content) if content is not None else {},
    )


def read_catalog(path: Path) -> Catalog | None:
    """Read a .po file, or nothing when there is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return read_po(file)


def _by_key(catalog: Catalog) -> Mapping[tuple[str, str], str]:
    return {
        (each.context, str(each.id)): str(each.string)
        for each in catalog
        if each.id and each.context and each.string and not each.fuzzy
    }
