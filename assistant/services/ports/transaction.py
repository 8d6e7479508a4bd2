"""One transaction over everything that is kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from assistant.services.ports.addresses import Addresses, FollowUps, Reminders, Suppressions
from assistant.services.ports.conversations import (
    AccessLog,
    Conversations,
    DelicateLines,
    Messages,
    ResumeCodes,
    Shares,
)
from assistant.services.ports.counting import PlaceReports, Tallies
from assistant.services.ports.people import Choices, ConsentLedger, KnownData, People
from assistant.services.ports.turns import Redactions, Turns
from assistant.services.sms.ports import CarrierCopies, Outbox


class UnitOfWork(Protocol):
    """One transaction over our tables: everything in it is kept at ``commit``, or nothing is."""

    @property
    def conversations(self) -> Conversations:
        """The conversations."""

    @property
    def turns(self) -> Turns:
        """The turns."""

    @property
    def redactions(self) -> Redactions:
        """What is masked afterwards."""

    @property
    def messages(self) -> Messages:
        """The messages."""

    @property
    def delicate_lines(self) -> DelicateLines:
        """The lines about a delicate subject."""

    @property
    def known_data(self) -> KnownData:
        """All that is held of somebody."""

    @property
    def suppressions(self) -> Suppressions:
        """The addresses to leave alone."""

    @property
    def addresses(self) -> Addresses:
        """The places to write to."""

    @property
    def outbox(self) -> Outbox:
        """The SMS on their way out."""

    @property
    def carrier_copies(self) -> CarrierCopies:
        """What the carrier has still to delete."""

    @property
    def access_log(self) -> AccessLog:
        """The log of accesses."""

    @property
    def resume_codes(self) -> ResumeCodes:
        """The codes that open a conversation elsewhere."""

    @property
    def shares(self) -> Shares:
        """The conversations that somebody else may read."""

    @property
    def place_reports(self) -> PlaceReports:
        """What people say of places."""

    @property
    def reminders(self) -> Reminders:
        """The reminders that were asked for."""

    @property
    def follow_ups(self) -> FollowUps:
        """The guides that are asked about again."""

    @property
    def people(self) -> People:
        """The people whom conversations belong to."""

    @property
    def consents(self) -> ConsentLedger:
        """The ledger of consents."""

    @property
    def choices(self) -> Choices:
        """The lines of « Mes choix »."""

    @property
    def tallies(self) -> Tallies:
        """The counts of what became of the flows."""

    def commit(self) -> None:
        """Keep what was done."""


OpenUnitOfWork = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a transaction; leaving the block without ``commit`` undoes it."""
