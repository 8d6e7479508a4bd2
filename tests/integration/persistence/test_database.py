"""Each database is opened so that nothing is lost, seen by others or left behind."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import InternalError, OperationalError

from assistant.adapters.clock import SystemClock
from assistant.adapters.crypto import Keys
from assistant.adapters.database import checkpoint, open_database, read_only
from assistant.adapters.unit_of_work import open_reading
from assistant.domain.errors import UnsafeConfiguration
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.examples import NOW, begun


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://root@localhost/x"])
def test_a_database_that_cannot_keep_its_promises_is_refused(url: str) -> None:
    with pytest.raises(UnsafeConfiguration):
        open_database(url)


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "pasapas.db"
    engine = open_database(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE anything (id INTEGER)"))
        rights = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    engine.dispose()

    assert rights == {f"pasapas.db{end}": 0o600 for end in ("", "-wal", "-shm")}


def test_every_connection_to_a_file_is_prepared(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("these are settings of SQLite")
    expected = {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5000,
        "temp_store": 2,
    }
    with engine.connect() as one, engine.connect() as other:
        for name, value in expected.items():
            for connection in (one, other):
                raw = connection.connection.driver_connection
                assert raw is not None
                assert raw.execute(f"PRAGMA {name}").fetchone() == (value,)


def test_readers_do_not_wait_for_a_writer(open_work: Open, engine: Engine, keys: Keys) -> None:
    open_to_read = open_reading(engine, keys)
    with open_work() as work:
        begun(work, "c1")
        work.commit()

    with open_work() as writing:
        writing.conversations.set_language("c1", "en")
        with open_to_read() as reading:
            assert reading.conversations.get("c1").language == "fr"
        writing.commit()
    with open_to_read() as reading:
        assert reading.conversations.get("c1").language == "en"


def test_a_writer_waits_for_another_and_sees_what_it_did(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        work.commit()
    entered, seen = threading.Event(), []

    def second() -> None:
        with open_work() as work:
            entered.set()
            work.conversations.touch("c1", NOW)
            seen.append(work.conversations.get("c1").language)
            work.commit()

    with open_work() as work:
        work.conversations.set_language("c1", "en")
        rival = threading.Thread(target=second)
        rival.start()
        entered.wait(timeout=10)
        assert not seen
        work.commit()
    rival.join(timeout=10)
    assert seen == ["en"]


def test_a_reading_transaction_cannot_write(engine: Engine) -> None:
    with (
        read_only(engine).connect() as connection,
        pytest.raises((InternalError, OperationalError)),
    ):
        connection.execute(text("DELETE FROM conversation"))


def test_writing_goes_on_after_reading_on_the_same_connections(
    open_work: Open, engine: Engine, keys: Keys
) -> None:
    for _ in range(3):
        with open_reading(engine, keys)() as reading:
            assert list(reading.turns.unfinished(NOW)) == []
        with open_work() as work:
            begun(work, "c1")


def test_the_log_is_emptied_when_nobody_reads_it(open_work: Open, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        assert checkpoint(engine)
        return
    log = Path(f"{engine.url.database}-wal")
    with open_work() as work:
        begun(work, "c1")
        work.commit()
    assert log.stat().st_size > 0
    assert checkpoint(engine)
    assert log.stat().st_size == 0


def test_the_clock_tells_aware_moments() -> None:
    assert SystemClock().now().utcoffset() is not None
