"""Opens the database and says how a transaction begins on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from assistant.adapters.tables import Base
from assistant.domain.errors import UnsafeConfiguration

# AnyIO, which runs the gateway's use cases, has 40 worker threads: with as many connections no
# thread waits for one. Two gateways stay below PostgreSQL's default of 100.
KEPT_CONNECTIONS = 10
EXTRA_CONNECTIONS = 30

# A writing transaction takes milliseconds; whoever waits five seconds meets a fault, not a queue.
BUSY_TIMEOUT_MS = 5_000

_READ_ONLY = "pasapas_read_only"

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def open_database(url: str) -> Engine:
    """Return the engine for ``sqlite:///FILE`` or ``postgresql://…``.

    Raises UnsafeConfiguration for another database, or for SQLite in memory, which every thread
    would see differently.
    """
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return _open_sqlite(parsed)
        case "postgresql":
            return create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_size=KEPT_CONNECTIONS,
                max_overflow=EXTRA_CONNECTIONS,
                pool_pre_ping=True,
                json_serializer=_JSON.encode,
            )
        case other:
            msg = f"database {other!r} is not supported: sqlite or postgresql"
            raise UnsafeConfiguration(msg)


def read_only(engine: Engine) -> Engine:
    """Return the same database, opened for transactions that only read.

    They wait for nobody, and writing in one is an error of the database.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_READ_ONLY: True})
    return engine.execution_options(postgresql_readonly=True)


def read_one_by_one(engine: Engine) -> Engine:
    """Return the same database, for reads that need not all see it at the same moment.

    On PostgreSQL, to begin and end a transaction costs as much as a third of a search for places.
    """
    if engine.dialect.name == "sqlite":
        return read_only(engine)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def lock_table(connection: Connection, table: type[Base]) -> None:
    """Keep other writers out of a table until the transaction ends; readers go on.

    A writing transaction on SQLite already keeps them out of the whole database.
    """
    if locks_rows(connection):
        connection.exec_driver_sql(f"LOCK TABLE {table.__tablename__} IN SHARE ROW EXCLUSIVE MODE")


def locks_rows(connection: Connection) -> bool:
    """Tell whether writers meet row by row; on SQLite one writes at a time."""
    return connection.dialect.name == "postgresql"


def insert_either(connection: Connection, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that may say what to do ON CONFLICT, which both databases spell alike."""
    if locks_rows(connection):
        return postgresql.insert(table)
    return sqlite.insert(table)


def checkpoint(engine: Engine) -> bool:
    """Move what was committed into the database file and empty the log beside it.

    Until then the log of SQLite still holds the pages that an erasure replaced. Returns False when
    a reader kept it from finishing, so that it can be tried again. Nothing to do on PostgreSQL,
    where the operator's vacuum and log retention decide.
    """
    if engine.dialect.name != "sqlite":
        return True
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, _, _) = cursor.fetchone() or (1, 0, 0)
        return not busy
    finally:
        raw.close()


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        msg = "SQLite in memory is one database for each thread: give the path of a file"
        raise UnsafeConfiguration(msg)
    file = Path(url.database)
    file.parent.mkdir(parents=True, exist_ok=True)
    # SQLite gives the log files beside it the same rights.
    file.touch(mode=0o600, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=KEPT_CONNECTIONS,
        max_overflow=EXTRA_CONNECTIONS,
        json_serializer=_JSON.encode,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver opens transactions by itself, too late and never IMMEDIATE: it is told not to.
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = ON",
        # Sorting must not leave somebody's words in a temporary file.
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
    # A transaction that reads first and writes later cannot be told to wait (SQLITE_BUSY_SNAPSHOT):
    # whoever may write asks for the right at once.
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
