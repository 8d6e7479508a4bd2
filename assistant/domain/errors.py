"""Everything that can go wrong for a reason we know, as one tree.

    PasAPasError
    ├── InvalidInput                 what was sent cannot be read
    │   ├── EmptyMessage             nothing but blanks, or no text and no choice
    │   ├── MessageTooLong           above the limit of the channel
    │   ├── ChoiceNotOffered         a button of an earlier question
    │   ├── LanguageNotOffered       no catalogue for that language
    │   ├── CodeRefused              no such resume code, or its time is over, or it was used
    │   ├── UnknownPlace             no commune, postcode or département is written so
    │   ├── AmbiguousPlace           several are
    │   └── NotInFrance              a point outside of every territory
    ├── TooManyTries                 five wrong resume codes from the same place
    ├── NotAllowed                   the token does not open this conversation
    ├── NotFound                     no such conversation, flow or message
    ├── Conflict
    │   ├── KeyReused                the same idempotency key with another body
    │   ├── StillBeingAnswered       an earlier message holds the conversation
    │   └── StaleState               somebody else moved the conversation first
    ├── ContentError                 a flow, answer, fact or catalogue cannot be used
    ├── EngineUnavailable            the dialogue engine did not answer in time, or not well
    ├── StorageUnavailable           the database cannot be reached
    └── UnsafeConfiguration          a setting that must not reach production

Adapters translate the errors of their libraries into these; the gateway gives each one a status.
"""

from __future__ import annotations


class PasAPasError(Exception):
    """An error of the product's own, safe to log: it never carries what a person wrote."""


class InvalidInput(PasAPasError):
    """What was sent cannot be read."""


class EmptyMessage(InvalidInput):
    """A message without anything to answer."""


class MessageTooLong(InvalidInput):
    """A message above the limit of its channel."""

    def __init__(self, length: int, limit: int) -> None:
        """Keep both lengths, in characters."""
        super().__init__(f"message of {length} characters, the limit is {limit}")
        self.length = length
        self.limit = limit


class ChoiceNotOffered(InvalidInput):
    """A choice that the current question does not offer."""


class LanguageNotOffered(InvalidInput):
    """A language without a catalogue."""

    def __init__(self, language: str, offered: tuple[str, ...]) -> None:
        """Keep the languages that can be had instead."""
        super().__init__(f"language {language!r} is not offered")
        self.language = language
        self.offered = offered


class CodeRefused(InvalidInput):
    """A resume code that opens nothing: mistyped, used, or too old."""


class UnknownPlace(InvalidInput):
    """A name that no commune, postcode or département bears, however it is spelled."""


class AmbiguousPlace(InvalidInput):
    """A name that several places bear."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        """Keep the names that tell them apart, the likeliest first."""
        super().__init__(f"{len(choices)} places bear this name")
        self.choices = choices


class NotInFrance(InvalidInput):
    """A point outside of France and its overseas territories."""


class TooManyTries(PasAPasError):
    """Too many wrong resume codes from the same place for now."""


class NotAllowed(PasAPasError):
    """The caller may not open this conversation."""


class NotFound(PasAPasError):
    """There is no such thing."""


class Conflict(PasAPasError):
    """The request meets a state that it did not expect."""


class KeyReused(Conflict):
    """The same idempotency key came with another body."""


class StillBeingAnswered(Conflict):
    """An earlier message of this conversation is still being answered."""


class StaleState(Conflict):
    """The conversation moved while we were deciding."""


class ContentError(PasAPasError):
    """A document of the content cannot be used."""


class EngineUnavailable(PasAPasError):
    """The dialogue engine did not answer in time, or answered nothing."""


class StorageUnavailable(PasAPasError):
    """The database cannot be reached, or is too busy to answer."""


class UnsafeConfiguration(PasAPasError):
    """A setting that must not reach production."""
