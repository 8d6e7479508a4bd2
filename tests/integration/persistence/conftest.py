"""One contract for every database that the product runs on.

SQLite always; PostgreSQL when ``PASAPAS_TEST_POSTGRES_URL`` names a database that may be emptied.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from assistant.adapters.crypto import KeyRing, Keys
from assistant.adapters.database import open_database
from assistant.adapters.migrations import upgrade
from assistant.adapters.tables import Base
from assistant.adapters.unit_of_work import SqlUnitOfWork, open_unit_of_work

POSTGRES_URL = os.environ.get("PASAPAS_TEST_POSTGRES_URL")

DATABASES = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(
            POSTGRES_URL is None, reason="PASAPAS_TEST_POSTGRES_URL names no database"
        ),
    ),
]

Open = Callable[[], AbstractContextManager[SqlUnitOfWork]]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "pasapas.db"
    engine = open_database(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_server() -> Iterator[Engine]:
    """A PostgreSQL database with the tables."""
    engine = open_database(POSTGRES_URL or "")
    empty(engine)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=DATABASES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with the tables and nothing in them."""
    if request.param == "sqlite":
        path = tmp_path / "pasapas.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        opened = open_database(f"sqlite:///{path}")
        yield opened
        opened.dispose()
    else:
        server: Engine = request.getfixturevalue("migrated_server")
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        with server.begin() as connection:
            connection.execute(text(f"TRUNCATE {names} CASCADE"))
        yield server


@pytest.fixture(params=DATABASES)
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'bare.db'}")
        yield opened
        opened.dispose()
    else:
        server: Engine = request.getfixturevalue("migrated_server")
        empty(server)
        yield server
        empty(server)
        upgrade(server)


@pytest.fixture(scope="session")
def keys() -> Keys:
    """The secrets of the database."""
    return Keys.of(b"k" * 32, [KeyRing.new_key()])


@pytest.fixture
def open_work(engine: Engine, keys: Keys) -> Open:
    """What opens a transaction."""
    return open_unit_of_work(engine, keys)


def empty(engine: Engine) -> None:
    """Leave no table in a PostgreSQL database."""
    with engine.begin() as connection:
        # A test that failed may still hold a transaction: say so rather than wait for ever.
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
