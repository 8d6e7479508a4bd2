"""The kinds of value that every content document is made of, with their limits."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

SPEC_VERSION = 1

# A message that fills more than one phone screen is no longer read; 1,500 characters is two.
MAX_TEXT_CHARS = 1500
# A button must hold on two lines of a 320 px screen.
MAX_LABEL_CHARS = 80
MAX_SHORT_CHARS = 20
# Above six, people read the first ones only and a text message runs over two parts.
MAX_OPTIONS = 6
MAX_WAYS_OUT = 4
MAX_RELATED = 3
MAX_SYNONYMS = 60
# The longest flow in use has about forty steps; five times that is a mistake, not a flow.
MAX_STEPS = 200
MAX_STAGES = 12

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT_CHARS)
]
Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LABEL_CHARS)
]
ShortLabel = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_SHORT_CHARS)
]


class Document(BaseModel):
    """A frozen piece of content in which a word nobody declared is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
