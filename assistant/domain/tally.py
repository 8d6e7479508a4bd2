"""What is counted for the editors: an event at a step, and never to whom it happened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """Something that happened once at a step of a flow.

    ``event`` is ``begun``, ``stuck``, ``unclear``, ``person`` (a person was asked for),
    ``answer:<option>`` to « did it work? », or an outcome: ``done``, ``given_up``, ``elsewhere``,
    ``handed_over``; days later, ``still_works`` or ``still_not``.
    """

    flow: str
    step: str
    event: str
