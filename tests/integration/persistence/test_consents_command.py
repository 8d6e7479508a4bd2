"""What an operator asks of the ledger of consents on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from typer.testing import CliRunner

from assistant.adapters.tables import ConsentPayloadRow, ConsentRow
from assistant.bootstrap import Assistant
from assistant.cli import app, main
from assistant.config import Settings
from assistant.domain.consent import GENESIS, Purpose
from tests.integration.persistence.consents import Consents
from tests.talker import Talker


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line, on the database of the test."""
    monkeypatch.setenv("PASAPAS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("PASAPAS_SECRET_KEYS", settings.secret_keys.get_secret_value())
    return CliRunner()


@pytest.fixture
def person(assistant: Assistant, talker: Talker) -> str:
    """Somebody who agreed to two things."""
    with assistant.open_unit_of_work() as work:
        known = work.people.recognise(talker.id, assistant.now())
        work.commit()
    consents = Consents(assistant.open_unit_of_work, assistant.clock)
    for purpose in (Purpose.REMINDERS, Purpose.KEEP_CONVERSATION):
        consents.give(known, purpose, words_hash="w", channel="web")
    return known


def test_an_untouched_ledger_verifies_also_after_an_erasure(
    run: CliRunner, assistant: Assistant, person: str
) -> None:
    assert run.invoke(app, ["consents", "verify"]).exit_code == 0
    Consents(assistant.open_unit_of_work, assistant.clock).erase(person)
    assert run.invoke(app, ["consents", "verify"]).exit_code == 0


@pytest.mark.usefixtures("person")
def test_a_cut_end_is_found_with_the_head_that_was_noted(
    run: CliRunner, assistant: Assistant
) -> None:
    head = run.invoke(app, ["consents", "head"]).output.strip()
    assert run.invoke(app, ["consents", "verify", "--head", head]).exit_code == 0

    with assistant.engine.begin() as connection:
        last = connection.scalar(select(func.max(ConsentRow.sequence)))
        for table in (ConsentPayloadRow, ConsentRow):
            connection.execute(delete(table).where(table.sequence == last))

    assert run.invoke(app, ["consents", "verify"]).exit_code == 0
    told = run.invoke(app, ["consents", "verify", "--head", head])
    assert told.exit_code == 1
    assert "Ligne 1" in told.output


@pytest.mark.usefixtures("person")
def test_a_row_that_somebody_took_out_is_named(run: CliRunner, assistant: Assistant) -> None:
    with assistant.engine.begin() as connection:
        connection.execute(delete(ConsentPayloadRow).where(ConsentPayloadRow.sequence == 1))
    told = run.invoke(app, ["consents", "verify"])
    assert (told.exit_code, "Ligne 1" in told.output) == (1, True)


def test_an_empty_ledger_begins_at_its_genesis(run: CliRunner) -> None:
    assert run.invoke(app, ["consents", "head"]).output.strip() == GENESIS


@pytest.mark.parametrize("command", [["consents", "verify"], ["consents", "head"], ["tallies"]])
def test_a_database_that_was_never_prepared_is_one_plain_line(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PASAPAS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["assistant", *command])
    with pytest.raises(SystemExit) as stopped:
        main()
    told = capsys.readouterr()
    assert (stopped.value.code, told.out) == (1, "")
    assert "assistant prepare" in told.err
    assert len(told.err.splitlines()) == 1
