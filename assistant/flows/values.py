"""The kinds of value that every content document is made of, with their limits."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from assistant.domain.whom import Whom, told_to

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
# Three months: beyond that people have forgotten that they asked.
MAX_REMINDER_DAYS = 92
# What fits in the box « à apporter » of a sheet in large letters.
MAX_BRING = 6


def _told_in(most: int) -> AfterValidator:
    """Hold a text to a number of characters, and to some words, in each of its tellings."""

    def fits(text: str) -> str:
        for whom in Whom:
            told = told_to(whom, text).strip()
            if not told:
                raise PydanticCustomError("string_too_short", "empty", {"whom": whom.value})
            if len(told) > most:
                length = {"max_length": most, "length": len(told)}
                raise PydanticCustomError("string_too_long", "too long", length)
        return text

    return AfterValidator(fits)


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Text = Annotated[_Words, _told_in(MAX_TEXT_CHARS)]
Label = Annotated[_Words, _told_in(MAX_LABEL_CHARS)]
ShortLabel = Annotated[_Words, _told_in(MAX_SHORT_CHARS)]


class Document(BaseModel):
    """A frozen piece of content in which a word nobody declared is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
