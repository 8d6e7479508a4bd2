"""« Mes choix »: the lines of people's notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from assistant.adapters.repositories.erasure import Erasure
from assistant.adapters.tables import ChoiceRow
from assistant.domain.choices import ChoiceAct, Decision, NotedChoice, ToldChoice
from assistant.domain.errors import NotFound


class SqlChoices:
    """The notebooks of one transaction."""

    def __init__(self, connection: Connection, erasure: Erasure) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection
        self._erasure = erasure

    def note(self, person_id: str, line: NotedChoice) -> None:
        """Add a line after the others of that person."""
        last = self._connection.execute(
            select(func.max(ChoiceRow.sequence)).where(ChoiceRow.person_id == person_id)
        ).scalar_one()
        self._connection.execute(
            insert(ChoiceRow).values(
                id=line.id,
                person_id=person_id,
                sequence=(last or 0) + 1,
                act=line.told.act.value,
                decision=line.told.decision.value,
                words_key=line.told.key,
                words_revision=line.told.revision,
                words_hash=line.words_hash,
                channel=line.channel,
                noted_at=line.noted_at,
                corrected_at=line.corrected_at,
                withdrawn_at=line.withdrawn_at,
            )
        )

    def of_person(self, person_id: str) -> Sequence[NotedChoice]:
        """List the lines of a person in their order, the withdrawn ones among them."""
        rows = self._connection.execute(
            select(ChoiceRow.__table__)
            .where(ChoiceRow.person_id == person_id)
            .order_by(ChoiceRow.sequence)
        )
        return [_line(row) for row in rows]

    def correct(self, person_id: str, line_id: str, decision: Decision, at: datetime) -> None:
        """Replace what a line says was decided. Raises NotFound."""
        self._change(person_id, line_id, {"decision": decision.value, "corrected_at": at})

    def withdraw(self, person_id: str, line_id: str, at: datetime) -> None:
        """Take a line back. Raises NotFound."""
        self._change(person_id, line_id, {"withdrawn_at": at})

    def erase(self, person_id: str) -> None:
        """Delete the whole notebook of a person."""
        self._erasure.erase_choices(person_id)

    def _change(self, person_id: str, line_id: str, values: dict[str, object]) -> None:
        changed = self._connection.execute(
            update(ChoiceRow)
            .where(
                ChoiceRow.id == line_id,
                ChoiceRow.person_id == person_id,
                ChoiceRow.withdrawn_at.is_(None),
            )
            .values(values)
        )
        if changed.rowcount == 0:
            raise NotFound(line_id)


def _line(row: Row[*tuple[Any, ...]]) -> NotedChoice:
    return NotedChoice(
        id=row.id,
        told=ToldChoice(
            ChoiceAct(row.act), Decision(row.decision), row.words_key, row.words_revision
        ),
        words_hash=row.words_hash,
        channel=row.channel,
        noted_at=row.noted_at,
        corrected_at=row.corrected_at,
        withdrawn_at=row.withdrawn_at,
    )
