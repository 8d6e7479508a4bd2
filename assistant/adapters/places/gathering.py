"""Which records describe one place, over the whole directory, without holding it in memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import combinations, groupby, islice
from operator import itemgetter

from sqlalchemy import Engine, func, null, select, update

from assistant.adapters.database import read_only
from assistant.adapters.place_tables import PlaceRecordRow, table_of
from assistant.adapters.places.descriptions import COMPARED, trace_of_row
from assistant.directory.duplicates import Clusters, Trace, evidence, neighbours

_READ_AT_ONCE = 2_000
_WRITTEN_AT_ONCE = 1_000
_GROUPS_AT_ONCE = 300
# A phone line of a network, or "Mairie" in a large town: such a group says nothing of its pairs.
_LARGEST_GROUP = 60
# In place of the number of a cluster: a record that describes its place alone.
_ALONE = -1

_TABLE = table_of(PlaceRecordRow)
_COMPARED = [_TABLE.c[name] for name in COMPARED]
# What two descriptions of one place may share, wherever their points were put.
_SHARED: Sequence[Sequence[str]] = (
    ("source", "external_id"),
    ("phone", "postcode"),
    ("siret", "postcode"),
    ("postcode", "address_key"),
)


def gather(engine: Engine) -> int:
    """Write into each record the place it belongs to; return how many records changed theirs."""
    reading = read_only(engine)
    with reading.connect() as connection:
        size = (connection.execute(select(func.max(_TABLE.c.id))).scalar_one() or 0) + 1
    clusters = Clusters(size)
    for one, other in _pairs(reading):
        if clusters.of(one.number) != clusters.of(other.number) and evidence(one, other):
            clusters.join(one.number, other.number)
    return _write(engine, clusters)


def _pairs(engine: Engine) -> Iterator[tuple[Trace, Trace]]:
    yield from neighbours(_traces(engine))
    for columns in _SHARED:
        for numbers in _groups(engine, columns):
            traces = _traces_of(engine, [number for group in numbers for number in group])
            for group in numbers:
                yield from combinations([traces[each] for each in group if each in traces], 2)


def _traces(engine: Engine) -> Iterator[Trace]:
    """Yield all that have a point, from south to north."""
    query = select(*_COMPARED).where(_TABLE.c.latitude.is_not(None)).order_by(_TABLE.c.latitude)
    with engine.connect() as connection:
        rows = connection.execution_options(yield_per=_READ_AT_ONCE).execute(query)
        for row in rows.mappings():
            yield trace_of_row(dict(row))


def _groups(engine: Engine, columns: Sequence[str]) -> Iterator[list[list[int]]]:
    """Yield, some at a time, the numbers of the records that share these columns.

    The database sorts narrow rows on the disk; a join to the groups built an index of everything.
    """
    keys = [_TABLE.c[name] for name in columns]
    query = (
        select(_TABLE.c.id, *keys).where(*(key != "" for key in keys)).order_by(*keys, _TABLE.c.id)
    )
    gathered: list[list[int]] = []
    with engine.connect() as connection:
        rows = connection.execution_options(yield_per=_READ_AT_ONCE).execute(query)
        for _, group in groupby(rows, itemgetter(*range(1, len(columns) + 1))):
            numbers = [row.id for row in group]
            if 1 < len(numbers) <= _LARGEST_GROUP:
                gathered.append(numbers)
            if len(gathered) >= _GROUPS_AT_ONCE:
                yield gathered
                gathered = []
    yield gathered


def _traces_of(engine: Engine, numbers: Sequence[int]) -> dict[int, Trace]:
    with engine.connect() as connection:
        rows = connection.execute(select(*_COMPARED).where(_TABLE.c.id.in_(numbers)))
        return {row["id"]: trace_of_row(dict(row)) for row in rows.mappings()}


def _write(engine: Engine, clusters: Clusters) -> int:
    """Compare what was found with what is written, and write what differs."""
    belongs = _belonging(clusters)
    written = _written(engine, clusters.size)
    changed = (
        (number, belongs[number])
        for number in range(clusters.size)
        if belongs[number] != written[number]
    )
    count = 0
    while batch := list(islice(changed, _WRITTEN_AT_ONCE)):
        with engine.begin() as connection:
            for number, cluster in batch:
                connection.execute(
                    update(_TABLE)
                    .where(_TABLE.c.id == number)
                    .values(cluster=null() if cluster == _ALONE else cluster)
                )
        count += len(batch)
    return count


def _belonging(clusters: Clusters) -> array[int]:
    """Return for each number the cluster it belongs to, by number: eight bytes for a record."""
    belongs = array("q", [_ALONE]) * clusters.size
    for number in range(clusters.size):
        root = clusters.of(number)
        if root != number:
            belongs[number] = belongs[root] = root
    return belongs


def _written(engine: Engine, size: int) -> array[int]:
    written = array("q", [_ALONE]) * size
    query = select(_TABLE.c.id, _TABLE.c.cluster).where(_TABLE.c.cluster.is_not(None))
    with read_only(engine).connect() as connection:
        for row in connection.execution_options(yield_per=_READ_AT_ONCE).execute(query):
            written[row.id] = row.cluster
    return written
