"""The page of all texts as HTML: self-contained, without scripts, readable on paper."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.adapters.content_files import Content
from assistant.adapters.locales import load_translations
from assistant.domain.messages import Channel
from assistant.domain.whom import Whom
from assistant.preview.page import Page, guide_page, whole_page
from assistant.preview.words import PreviewWords
from assistant.rendering.catalogue import SOURCE_LANGUAGE

HERE = Path(__file__).parent


def preview_page(content: Content, channel: Channel, whom: Whom, flow: str | None = None) -> str:
    """Return the HTML page of every text, or of one guide. Raises NotFound."""
    own = load_translations(SOURCE_LANGUAGE).interface
    words = PreviewWords(content, own, channel, whom)
    return render(whole_page(words) if flow is None else guide_page(words, flow))


def render(page: Page) -> str:
    """Return a page as HTML."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(page=page)
