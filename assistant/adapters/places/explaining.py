"""Why a place is what it is: who describes it, why they were taken for one, who gave what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from sqlalchemy import Connection, Engine, func, select

from assistant.adapters.database import read_only
from assistant.adapters.place_tables import (
    PlaceDatasetRow,
    PlaceImportRow,
    PlaceRecordRow,
    PlaceReportRow,
    PlaceRow,
    table_of,
)
from assistant.adapters.places.descriptions import COMPARED, trace_of_row
from assistant.directory.duplicates import Evidence, evidence
from assistant.directory.merging import Merged, merge
from assistant.directory.place import Place
from assistant.directory.place_json import place_from_json
from assistant.directory.quality import quality_parts
from assistant.directory.traits import Trait
from assistant.domain.errors import NotFound

_RECORD = table_of(PlaceRecordRow)


@dataclass(frozen=True, slots=True)
class Description:
    """What one list says of the place."""

    dataset: str
    place: Place


@dataclass(frozen=True, slots=True)
class Explanation:
    """A place, the descriptions behind it, and the reasons that hold them together.

    ``evidence`` joins descriptions by their rank in ``descriptions``.
    """

    id: str
    merged: Merged
    descriptions: Sequence[Description]
    evidence: Sequence[tuple[int, int, Evidence]]
    quality: Mapping[str, int]
    reports: int


@dataclass(frozen=True, slots=True)
class DatasetStatus:
    """A list that was imported, and how old it is."""

    id: str
    format: str
    address: str
    dated: date | None
    imported_at: datetime
    places: int
    last_status: str


@dataclass(frozen=True, slots=True)
class DirectoryStatus:
    """How much the directory knows."""

    places: int
    records: int
    with_hours: int
    with_point: int
    trained: int
    merged: int
    reported: int
    datasets: Sequence[DatasetStatus]


def explain(engine: Engine, place_id: str) -> Explanation:
    """Return why a place is what it is, by its id or that of any description of it.

    Raises NotFound.
    """
    with read_only(engine).connect() as connection:
        rows = _members(connection, place_id)
        reports = connection.execute(
            select(func.count()).where(
                PlaceReportRow.place_id == place_id, PlaceReportRow.settled_at.is_(None)
            )
        ).scalar_one()
    if not rows:
        raise NotFound(f"Aucun lieu ne porte l'identifiant {place_id}.")
    places = [place_from_json(str(row["document"])) for row in rows]
    traces = [trace_of_row(row) for row in rows]
    merged = merge(places)
    return Explanation(
        id=min(str(row["public_id"]) for row in rows),
        merged=merged,
        descriptions=[
            Description(str(row["dataset"]), place) for row, place in zip(rows, places, strict=True)
        ],
        evidence=[
            (one, other, why)
            for one, other in combinations(range(len(traces)), 2)
            if (why := evidence(traces[one], traces[other])) is not None
        ],
        quality=quality_parts(merged.place),
        reports=reports,
    )


def status(engine: Engine) -> DirectoryStatus:
    """Return how much the directory knows, and from which lists."""

    def count(*conditions: object) -> int:
        return connection.execute(
            select(func.count()).select_from(PlaceRow).where(*conditions)  # type: ignore[arg-type]
        ).scalar_one()

    last = (
        select(PlaceImportRow.status)
        .where(PlaceImportRow.dataset == PlaceDatasetRow.id)
        .order_by(PlaceImportRow.started_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    with read_only(engine).connect() as connection:
        datasets = connection.execute(
            select(PlaceDatasetRow, last.label("last_status")).order_by(PlaceDatasetRow.id)
        ).mappings()
        return DirectoryStatus(
            datasets=[
                DatasetStatus(
                    id=row["id"],
                    format=row["format"],
                    address=row["address"],
                    dated=row["dated"],
                    imported_at=row["imported_at"],
                    places=row["places"],
                    last_status=row["last_status"] or "",
                )
                for row in datasets
            ],
            places=count(),
            records=connection.execute(
                select(func.count()).select_from(PlaceRecordRow)
            ).scalar_one(),
            with_hours=count(
                PlaceRow.traits.op("&")(int(Trait.HOURS_KNOWN)) == int(Trait.HOURS_KNOWN)
            ),
            with_point=count(PlaceRow.latitude.is_not(None)),
            trained=count(PlaceRow.is_trained == 1),
            merged=connection.execute(
                select(func.count()).where(PlaceRecordRow.cluster.is_not(None))
            ).scalar_one(),
            reported=connection.execute(
                select(func.count()).where(PlaceReportRow.settled_at.is_(None))
            ).scalar_one(),
        )


def _members(connection: Connection, place_id: str) -> list[Mapping[str, object]]:
    own = connection.execute(
        select(_RECORD.c.id, _RECORD.c.cluster)
        .where(_RECORD.c.public_id == place_id)
        .order_by(_RECORD.c.id)
        .limit(1)
    ).first()
    if own is None:
        return []
    is_member = _RECORD.c.cluster == own.cluster if own.cluster else _RECORD.c.id == own.id
    columns = {*COMPARED, "public_id", "dataset", "document"}
    rows = connection.execute(
        select(*(_RECORD.c[name] for name in sorted(columns)))
        .where(is_member)
        .order_by(_RECORD.c.source, _RECORD.c.external_id, _RECORD.c.dataset)
    )
    return [dict(row) for row in rows.mappings()]
