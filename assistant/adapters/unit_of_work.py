"""One transaction over our tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from assistant.adapters.consent_ledger import SqlConsentLedger
from assistant.adapters.crypto import Keys
from assistant.adapters.database import checkpoint, read_only
from assistant.adapters.repositories.access_log import SqlAccessLog
from assistant.adapters.repositories.addresses import SqlAddresses
from assistant.adapters.repositories.carrier_copies import SqlCarrierCopies
from assistant.adapters.repositories.choices import SqlChoices
from assistant.adapters.repositories.conversations import SqlConversations
from assistant.adapters.repositories.delicate_lines import SqlDelicateLines
from assistant.adapters.repositories.erasure import Erasure
from assistant.adapters.repositories.known_data import SqlKnownData
from assistant.adapters.repositories.messages import SqlMessages
from assistant.adapters.repositories.outbox import SqlOutbox
from assistant.adapters.repositories.people import SqlPeople
from assistant.adapters.repositories.place_reports import SqlPlaceReports
from assistant.adapters.repositories.redactions import SqlRedactions
from assistant.adapters.repositories.reminders import SqlFollowUps, SqlReminders
from assistant.adapters.repositories.resume_codes import SqlResumeCodes
from assistant.adapters.repositories.shares import SqlShares
from assistant.adapters.repositories.suppressions import SqlSuppressions
from assistant.adapters.repositories.tallies import SqlTallies
from assistant.adapters.repositories.turns import SqlTurns
from assistant.domain.errors import StorageUnavailable

OnErased = Callable[[Sequence[str]], object]


def _nothing(_sessions: Sequence[str]) -> None:
    """Tell nobody."""


class SqlUnitOfWork:
    """The repositories of one connection, and the commit that keeps what they did.

    Build it on a connection that it alone uses; whoever opened the connection closes it, which
    undoes what was not committed.
    """

    def __init__(self, connection: Connection, keys: Keys, on_erased: OnErased) -> None:
        """Work on that connection; its transaction begins with the first query."""
        self._on_erased = on_erased
        self._connection = connection
        self.carrier_copies = SqlCarrierCopies(connection, keys)
        self._erasure = Erasure(connection, keys.hashing, self.carrier_copies)
        self.conversations = SqlConversations(connection, self._erasure)
        self.turns = SqlTurns(connection, self._erasure)
        self.messages = SqlMessages(connection)
        self.delicate_lines = SqlDelicateLines(connection, self._erasure)
        self.redactions = SqlRedactions(connection, self._erasure)
        self.known_data = SqlKnownData(connection, keys, self.conversations)
        self.suppressions = SqlSuppressions(connection, keys.hashing)
        self.access_log = SqlAccessLog(connection)
        self.addresses = SqlAddresses(connection, keys)
        self.outbox = SqlOutbox(connection)
        self.people = SqlPeople(connection)
        self.reminders = SqlReminders(connection)
        self.follow_ups = SqlFollowUps(connection)
        self.resume_codes = SqlResumeCodes(connection, keys.hashing)
        self.shares = SqlShares(connection, keys.hashing)
        self.tallies = SqlTallies(connection)
        self.place_reports = SqlPlaceReports(connection)
        self.consents = SqlConsentLedger(connection, self._erasure)
        self.choices = SqlChoices(connection, self._erasure)

    def forget_tombstones(self, before: datetime) -> int:
        """Delete what was left of erasures before that moment; return how many rows it was."""
        return self._erasure.forget_tombstones(before)

    def commit(self) -> None:
        """Keep what was done; after an erasure, empty the log that still holds what was erased."""
        self._connection.commit()
        if self._erasure.took_place:
            self._erasure.took_place = False
            checkpoint(self._connection.engine)
        if self._erasure.sessions:
            sessions, self._erasure.sessions = self._erasure.sessions, []
            self._on_erased(sessions)


def open_unit_of_work(
    engine: Engine, keys: Keys, on_erased: OnErased = _nothing
) -> Callable[[], AbstractContextManager[SqlUnitOfWork]]:
    """Return what opens a transaction that may write; leaving it without ``commit`` undoes it.

    ``on_erased`` is told, once an erasure is kept, which sessions of Rasa it leaves to nobody.
    """

    @contextmanager
    def opened() -> Iterator[SqlUnitOfWork]:
        try:
            with engine.connect() as connection:
                yield SqlUnitOfWork(connection, keys, on_erased)
        except OperationalError as error:
            raise StorageUnavailable from error

    return opened


def open_reading(engine: Engine, keys: Keys) -> Callable[[], AbstractContextManager[SqlUnitOfWork]]:
    """Return what opens a transaction that only reads, and so waits for no writer."""
    return open_unit_of_work(read_only(engine), keys)
