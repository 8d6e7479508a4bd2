"""Brings what was set aside into the records, and the records into what is found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    tuple_,
    update,
)

from assistant.adapters.database import insert_either, read_only
from assistant.adapters.place_tables import (
    PlaceRecordRow,
    PlaceRow,
    PlaceStagedRow,
    table_of,
)
from assistant.adapters.places.descriptions import band_of, content_hash
from assistant.adapters.places.report import ImportReport
from assistant.directory.merging import Merged, merge
from assistant.directory.place_json import place_from_json, place_to_json
from assistant.directory.quality import quality
from assistant.directory.traits import Trait, traits_of

# A second at most, so that a conversation never waits longer for its own transaction.
BATCH = 5_000
# Whole documents are read and merged, ten kilobytes for a place of several records.
_MERGED_AT_ONCE = 500
_COUNTED = {"preserve_rowcount": True}

_RECORD = table_of(PlaceRecordRow)
_STAGED = table_of(PlaceStagedRow)
_PLACE = table_of(PlaceRow)
_KEY = ("source", "external_id")
# What a record takes from the staged row of the same key.
_TAKEN = tuple(
    column.name
    for column in _STAGED.columns
    if column.name not in {"import_id", "line"} and column.name in _RECORD.columns
)
_REWRITTEN = tuple(name for name in _TAKEN if name not in _KEY)
_PLACE_COLUMNS = tuple(column.name for column in _PLACE.columns)


def bring_in(engine: Engine, report: ImportReport) -> None:
    """Make the records of a list those that were set aside: add, change, remove; tell how many."""
    report.added = _add(engine, report)
    report.changed = _change(engine, report)
    report.removed = _remove(engine, report)


def publish(engine: Engine) -> int:
    """Make what is found agree with the records; return how many places there are.

    Each batch is a transaction of its own: whoever searches meanwhile finds each place as it was
    or as it is.
    """
    _publish_single(engine)
    _publish_clusters(engine)
    _withdraw(engine)
    if engine.dialect.name == "postgresql":
        # Until its own vacuum comes, PostgreSQL would not answer a search from the index alone.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE) place")
    with read_only(engine).connect() as connection:
        return connection.execute(select(func.count()).select_from(_PLACE)).scalar_one()


def _same_key() -> Any:
    return (_RECORD.c.source == _STAGED.c.source) & (_RECORD.c.external_id == _STAGED.c.external_id)


def _add(engine: Engine, report: ImportReport) -> int:
    """Add the descriptions of which the list has no record yet."""
    is_known = exists().where(_RECORD.c.dataset == report.dataset, _same_key())
    columns = [_STAGED.c[name] for name in _TAKEN]
    added = 0
    for within in _stretches(engine, _STAGED, _STAGED.c.import_id == report.import_id):
        query = select(bindparam("dataset", report.dataset), *columns).where(within, ~is_known)
        added += _run(engine, insert(_RECORD).from_select(["dataset", *_TAKEN], query))
    return added


def _change(engine: Engine, report: ImportReport) -> int:
    """Rewrite the records whose description is another one than before."""
    changed = 0
    for within in _stretches(engine, _STAGED, _STAGED.c.import_id == report.import_id):
        # Written as lookups, so that the stretch is read and the records looked up, never the
        # other way round: a join left the choice to SQLite, which took it by the records.
        record = select(_RECORD.c.id).where(_RECORD.c.dataset == report.dataset, _same_key())
        differs = record.where(_RECORD.c.content_hash != _STAGED.c.content_hash).exists()
        differing = select(
            record.scalar_subquery().label("of"), *(_STAGED.c[name] for name in _REWRITTEN)
        ).where(within, differs)
        with engine.begin() as connection:
            rows = [dict(row) for row in connection.execute(differing).mappings()]
            if rows:
                connection.execute(
                    update(_RECORD)
                    .where(_RECORD.c.id == bindparam("of"))
                    .values({name: bindparam(name) for name in _REWRITTEN}),
                    rows,
                )
        changed += len(rows)
    return changed


def _remove(engine: Engine, report: ImportReport) -> int:
    """Delete the records that the list does not have any more."""
    is_there = exists().where(_STAGED.c.import_id == report.import_id, _same_key())
    own = _RECORD.c.dataset == report.dataset
    return sum(
        _run(engine, delete(_RECORD).where(within, ~is_there))
        for within in _stretches(engine, _RECORD, own)
    )


def _stretches(
    engine: Engine, table: Table, own: ColumnElement[bool]
) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that cut the rows of a list into stretches of their key.

    Each stretch is read once, so that a list of a million places takes a thousand times as long as
    one of a thousand, not a million times.
    """
    key = tuple_(table.c.source, table.c.external_id)
    after: tuple[str, str] | None = None
    while True:
        rest = own if after is None else own & (key > after)
        with read_only(engine).connect() as connection:
            last = connection.execute(
                select(table.c.source, table.c.external_id)
                .where(rest)
                .order_by(table.c.source, table.c.external_id)
                .offset(BATCH - 1)
                .limit(1)
            ).first()
        if last is None:
            yield rest
            return
        until = (str(last[0]), str(last[1]))
        yield rest & (key <= until)
        after = until


def _record_ranges(engine: Engine) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that cut the records into ranges of their numbers."""
    with read_only(engine).connect() as connection:
        last = connection.execute(select(func.max(_RECORD.c.id))).scalar_one() or 0
    for start in range(0, last + 1, BATCH):
        yield (_RECORD.c.id >= start) & (_RECORD.c.id < start + BATCH)


def _run(engine: Engine, statement: Any) -> int:
    """Execute in a transaction of its own; return how many rows it touched."""
    with engine.begin() as connection:
        return connection.execute(statement, execution_options=_COUNTED).rowcount


def _publish_single(engine: Engine) -> None:
    """Copy the places that one record describes, in the database itself."""
    source = _RECORD.c.source
    for within in _record_ranges(engine):
        query = select(
            _RECORD.c.public_id,
            _RECORD.c.content_hash,
            _RECORD.c.latitude,
            _RECORD.c.longitude,
            _RECORD.c.band,
            _RECORD.c.traits,
            _flag(Trait.TRAINED),
            _flag(Trait.REMOTE),
            _RECORD.c.quality,
            _RECORD.c.code,
            _RECORD.c.hours,
            source,
            _RECORD.c.document,
        ).where(
            within,
            _RECORD.c.cluster.is_(None),
            # What is the same already is not even tried: most of a second import is.
            ~exists().where(
                _PLACE.c.id == _RECORD.c.public_id,
                _PLACE.c.content_hash == _RECORD.c.content_hash,
            ),
        )
        with engine.begin() as connection:
            writing = insert_either(connection, PlaceRow).from_select(list(_PLACE_COLUMNS), query)
            connection.execute(
                writing.on_conflict_do_update(
                    index_elements=["id"],
                    set_={name: writing.excluded[name] for name in _PLACE_COLUMNS if name != "id"},
                )
            )


def _flag(trait: Trait) -> Any:
    return (_RECORD.c.traits.op("/")(int(trait)).op("%")(2)).label(trait.name or "")


def _publish_clusters(engine: Engine) -> None:
    """Merge the records of each place that has several, and write what came out differently."""
    batch: list[dict[str, object]] = []
    for group in _clusters(engine):
        batch.append(place_row(group))
        if len(batch) >= _MERGED_AT_ONCE:
            _write(engine, batch)
            batch = []
    if batch:
        _write(engine, batch)


def _clusters(engine: Engine) -> Iterator[Sequence[Any]]:
    after = 0
    while True:
        # Whole clusters only, read to the end before anything is written.
        with read_only(engine).connect() as connection:
            roots = list(
                connection.execute(
                    select(_RECORD.c.cluster)
                    .where(_RECORD.c.cluster > after)
                    .distinct()
                    .order_by(_RECORD.c.cluster)
                    .limit(_MERGED_AT_ONCE)
                ).scalars()
            )
            if not roots:
                return
            rows = connection.execute(
                select(
                    _RECORD.c.cluster,
                    _RECORD.c.public_id,
                    _RECORD.c.source,
                    _RECORD.c.document,
                )
                .where(_RECORD.c.cluster > after, _RECORD.c.cluster <= roots[-1])
                .order_by(_RECORD.c.cluster, _RECORD.c.public_id, _RECORD.c.dataset)
            ).all()
        after = roots[-1]
        for _, group in groupby(rows, lambda row: row.cluster):
            yield list(group)


def place_row(records: Sequence[Any]) -> dict[str, object]:
    """Return the row of a place that these records describe, whatever their order.

    The smallest of their public ids is the place's, so that it does not depend on who came first.
    """
    merged = merge([place_from_json(record.document) for record in records])
    return _row_of(merged, records)


def _row_of(merged: Merged, records: Sequence[Any]) -> dict[str, object]:
    place = merged.place
    traits = traits_of(place)
    sources = sorted({record.source for record in records})
    document = place_to_json(place)
    point = place.point
    return {
        "id": min(record.public_id for record in records),
        "content_hash": content_hash(document + json.dumps(sources)),
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        "band": band_of(point.latitude) if point else None,
        "traits": int(traits),
        "is_trained": int(Trait.TRAINED in traits),
        "is_remote": int(Trait.REMOTE in traits),
        "quality": quality(place),
        "code": place.postcode or place.insee,
        "hours": place.hours,
        "sources": "|".join(sources),
        "document": document,
    }


def _write(engine: Engine, rows: Sequence[dict[str, object]]) -> None:
    ids = [row["id"] for row in rows]
    with read_only(engine).connect() as connection:
        written = {
            row.id: row.content_hash
            for row in connection.execute(
                select(_PLACE.c.id, _PLACE.c.content_hash).where(_PLACE.c.id.in_(ids))
            )
        }
    changed = [row for row in rows if written.get(str(row["id"])) != row["content_hash"]]
    if changed:
        with engine.begin() as connection:
            _upsert(connection, changed)


def _upsert(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    writing = insert_either(connection, PlaceRow)
    connection.execute(
        writing.on_conflict_do_update(
            index_elements=["id"],
            set_={name: writing.excluded[name] for name in _PLACE_COLUMNS if name != "id"},
        ),
        list(rows),
    )


def _withdraw(engine: Engine) -> None:
    """Delete the places that no record stands for any more."""
    # A record alone stands under its own id, a cluster under the smallest of its records'.
    stands_alone = exists().where(_RECORD.c.public_id == _PLACE.c.id, _RECORD.c.cluster.is_(None))
    member = _RECORD.alias("member")
    other = _RECORD.alias("other")
    is_smaller = exists().where(
        other.c.cluster == member.c.cluster, other.c.public_id < member.c.public_id
    )
    stands_for_cluster = exists().where(
        member.c.public_id == _PLACE.c.id, member.c.cluster.is_not(None), ~is_smaller
    )
    after = ""
    while True:
        with read_only(engine).connect() as connection:
            ids = list(
                connection.execute(
                    select(_PLACE.c.id)
                    .where(_PLACE.c.id > after)
                    .order_by(_PLACE.c.id)
                    .limit(BATCH)
                ).scalars()
            )
        if not ids:
            return
        _run(
            engine,
            delete(_PLACE).where(
                _PLACE.c.id > after, _PLACE.c.id <= ids[-1], ~stands_alone, ~stands_for_cluster
            ),
        )
        after = ids[-1]
