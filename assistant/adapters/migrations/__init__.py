"""The history of the tables, and the way from any of its points to the present one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

# Any number, as long as it is ours alone: two processes that start together upgrade one after the
# other.
_ADVISORY_LOCK = 3422


def upgrade(engine: Engine) -> None:
    """Bring the database to the tables of this version; does nothing when it is there already."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        command.upgrade(_config(connection), "head")


def write_migration(engine: Engine, summary: str) -> None:
    """Write the file that leads from an upgraded database to the tables as they are declared."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=summary, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.set_main_option("timezone", "UTC")
    config.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2dT%%(hour).2d%%(minute).2dZ_%%(slug)s"
    )
    config.attributes["connection"] = connection
    return config
