"""The migrations lead to the tables as they are declared, from anywhere and at any moment."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from assistant.adapters import migrations
from assistant.adapters.migrations import upgrade
from assistant.adapters.tables import Base

FOLDER = Path(migrations.__file__).parent

TABLES = {
    "access_log",
    "address",
    "address_conversation",
    "carrier_copy",
    "choice",
    "consent",
    "consent_payload",
    "conversation",
    "flow_revision",
    "inbound",
    "message",
    "outbox",
    "person",
    "place",
    "place_dataset",
    "place_import",
    "place_record",
    "place_remark",
    "place_report",
    "place_staged",
    "place_staged_offer",
    "reminder",
    "follow_up",
    "share",
    "resume_code",
    "resume_try",
    "suppression",
    "tally",
    "tombstone",
    "turn",
}


def test_the_migrations_lead_to_the_declared_tables(bare_engine: Engine) -> None:
    upgrade(bare_engine)

    with bare_engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    assert set(inspect(bare_engine).get_table_names()) == TABLES | {"alembic_version"}


def test_indexes_that_hold_for_some_rows_are_on_both_sides(bare_engine: Engine) -> None:
    upgrade(bare_engine)

    # compare_metadata does not look at the condition of an index.
    seen = inspect(bare_engine)
    dialect = bare_engine.dialect.name
    conditions = {
        str(index["name"]): str(index["dialect_options"][f"{dialect}_where"])
        for table in TABLES
        for index in seen.get_indexes(table)
        if f"{dialect}_where" in index.get("dialect_options", {})
    }
    declared = {
        str(index.name): str(index.dialect_options[dialect]["where"])
        for table in Base.metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options[dialect]["where"] is not None
    }
    assert conditions.keys() == declared.keys()
    for name, condition in declared.items():
        assert re.findall(r"\w+", condition)[0] in conditions[name]


def test_an_upgraded_database_is_left_alone(bare_engine: Engine) -> None:
    upgrade(bare_engine)
    upgrade(bare_engine)

    assert inspect(bare_engine).has_table("conversation")


def test_processes_that_start_together_upgrade_once(bare_engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(upgrade, bare_engine) for _ in range(4)]:
            done.result()

    assert inspect(bare_engine).has_table("conversation")


def test_migrations_are_one_line_of_files_named_by_their_moment() -> None:
    script = ScriptDirectory(str(FOLDER))

    assert len(script.get_heads()) == 1
    names = sorted(path.name for path in (FOLDER / "versions").glob("*.py"))
    assert names
    for name in names:
        assert re.fullmatch(r"\d{8}T\d{4}Z_[a-z0-9_]+\.py", name), name
    in_order = [Path(each.path).name for each in script.walk_revisions()]
    assert in_order[::-1] == names
