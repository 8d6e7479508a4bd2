"""How often something happened at a step, by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from assistant.adapters.database import insert_either
from assistant.adapters.tables import TallyRow
from assistant.domain.tally import Tally


class SqlTallies:
    """The tallies of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection

    def count(self, day: date, tallies: Iterable[Tally]) -> None:
        """Add one to each of them."""
        for tally in tallies:
            self._connection.execute(
                insert_either(self._connection, TallyRow)
                .values(day=day, flow=tally.flow, step=tally.step, event=tally.event, count=1)
                .on_conflict_do_update(
                    index_elements=["day", "flow", "step", "event"],
                    set_={"count": TallyRow.count + 1},
                )
            )

    def since(self, day: date) -> Sequence[tuple[Tally, int]]:
        """Return the sums from that day on, by flow, step and event."""
        total = func.sum(TallyRow.count)
        rows = self._connection.execute(
            select(TallyRow.flow, TallyRow.step, TallyRow.event, total)
            .where(TallyRow.day >= day)
            .group_by(TallyRow.flow, TallyRow.step, TallyRow.event)
            .order_by(TallyRow.flow, TallyRow.step, TallyRow.event)
        )
        return [(Tally(flow, step, event), int(count)) for flow, step, event, count in rows]
