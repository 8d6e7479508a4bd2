"""A reminder asked for, or taken back, on the page: what the phone line hears by itself there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from assistant.domain.turn import Decider
from assistant.services.dialogue.precedence import LineAct, Verdict
from assistant.services.reminders.words import cancels_reminder, recognise_reminder


def hear_on_page(
    text: str, choice: str | None, otherwise: Verdict, today: date, is_reached: Callable[[], bool]
) -> Verdict:
    """Return who decides about a message of the page, where nothing before claimed it.

    ``is_reached`` tells whether a reminder of this conversation has a phone to go to.
    """
    if choice is not None or otherwise.decider is not Decider.RASA:
        return otherwise
    if cancels_reminder(text):
        return Verdict(Decider.WORD, line=LineAct.CANCEL_REMINDER)
    asked = recognise_reminder(text, today)
    if asked is None:
        return otherwise
    line = LineAct.REMIND if is_reached() else LineAct.OUT_OF_REACH
    return Verdict(Decider.WORD, line=line, reminder=asked, today=today)
