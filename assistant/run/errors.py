"""Why the product cannot start, told to the person who starts it."""

from __future__ import annotations

from assistant.domain.errors import PasAPasError


class CannotStart(PasAPasError):
    """Something on this machine must be changed first; the message says what, in French."""
