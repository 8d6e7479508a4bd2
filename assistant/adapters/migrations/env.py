"""Runs migrations on the connection that was handed over, within its transaction."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from assistant.adapters.column_types import UtcDateTime
from assistant.adapters.tables import Base


def _render(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    # A migration keeps meaning what it meant: it names no type of ours that may change.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=_render,
    )
    context.run_migrations()


_run(context.config.attributes["connection"])
