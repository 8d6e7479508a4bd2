"""The names of the words: a key for every text, and an id for every choice.

``flow/<slug>/<step>/text`` and its variants ``sms`` and ``simpler``, the same below
``flow/<slug>/<step>/blocked``, ``flow/<slug>/<step>/option/<id>``; choices are
``step/<slug>/<step>/<option>``, ``step/<slug>/<step>/blocked/<option>`` and ``word/<word>``.
"""

from __future__ import annotations

from typing import Final

STUCK_CHOICE: Final = "word/stuck"
RETRY_CHOICE: Final = "word/retry"
HUMAN_CHOICE: Final = "word/human"

STUCK_LABEL: Final = "interface/choice.stuck"
RETRY_LABEL: Final = "interface/choice.retry"
HUMAN_LABEL: Final = "interface/choice.human"
DONE_LABEL: Final = "interface/choice.done"
YES_LABEL: Final = "interface/choice.yes"
NO_LABEL: Final = "interface/choice.no"

UNCLEAR_PERSON: Final = "interface/unclear.person"
STUCK_PERSON: Final = "interface/stuck.person"

INTERFACE_KEYS: Final = (
    STUCK_LABEL,
    RETRY_LABEL,
    HUMAN_LABEL,
    DONE_LABEL,
    YES_LABEL,
    NO_LABEL,
    UNCLEAR_PERSON,
    STUCK_PERSON,
    "interface/retry.choice",
    "interface/retry.yes_no",
    "interface/retry.done",
    "interface/retry.text",
    "interface/retry.date",
    "interface/retry.postcode",
    "interface/retry.place",
    "interface/retry.phone",
)
"""The assistant's own sentences that the flow engine asks for; the catalogue must hold each."""


def flow_key(slug: str, field: str) -> str:
    """Name a text of the flow itself: ``title`` or ``summary``."""
    return f"flow/{slug}/{field}"


def stage_key(slug: str, stage: str) -> str:
    """Name the title of a stage."""
    return f"flow/{slug}/stage/{stage}"


def bring_key(slug: str, number: int) -> str:
    """Name one thing to bring, from 1."""
    return f"flow/{slug}/bring/{number}"


def letter_key(letter: str, field: str) -> str:
    """Name a text of a letter: ``title``, ``to/<line>``, ``subject`` or ``text``."""
    return f"letter/{letter}/{field}"


def step_key(slug: str, step: str, field: str = "text") -> str:
    """Name a text of a step: ``text``, ``sms``, ``simpler`` or ``retry``."""
    return f"flow/{slug}/{step}/{field}"


def blocked_key(slug: str, step: str, field: str = "text") -> str:
    """Name a text for somebody who is stuck at a step: ``text``, ``sms`` or ``simpler``."""
    return f"flow/{slug}/{step}/blocked/{field}"


def option_key(slug: str, step: str, option: str) -> str:
    """Name the label of an option, or of a way out (``blocked/<id>``)."""
    stuck, _, way = option.partition("/")
    if way:
        return f"flow/{slug}/{step}/{stuck}/option/{way}"
    return f"flow/{slug}/{step}/option/{option}"


def interface_retry(expect: str) -> str:
    """Name the general words for an answer that could not be read."""
    return f"interface/retry.{expect}"


def way_out_id(way: str) -> str:
    """Return the id under which a way out is picked."""
    return f"blocked/{way}"


def choice_id(slug: str, step: str, option: str) -> str:
    """Return the id that comes back when an option (or ``blocked/<way out>``) is picked."""
    return f"step/{slug}/{step}/{option}"


def picked_option(choice: str) -> str:
    """Return what a choice id picks: ``<option>``, ``blocked/<way out>`` or ``word/<word>``."""
    head, _, rest = choice.partition("/")
    return rest.split("/", 2)[-1] if head == "step" else choice
