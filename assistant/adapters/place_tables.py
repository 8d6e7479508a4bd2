"""The tables of the directory: open data only, nothing of anybody who writes to us.

``place_record`` holds what each source says, ``place`` what is found: one row for all the records
of one place. An import fills ``place_staged`` first, so that a source that turns out to be broken
leaves both as they were.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column

from assistant.adapters.tables import Base, JsonObject

# SQLite counts by itself only what it calls INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")


def table_of(row: type[Base]) -> Table:
    """Return the table of a row, for queries that name columns."""
    return cast("Table", row.__table__)


class PlaceDatasetRow(Base):
    """A list of places that is imported again and again, under one name."""

    __tablename__ = "place_dataset"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    format: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(Text)
    dated: Mapped[date | None] = mapped_column(Date)
    places: Mapped[int]
    imported_at: Mapped[datetime]


class PlaceImportRow(Base):
    """One run of the importer, and what came of it.

    ``touched_at`` tells a run that works from one that died.
    """

    __tablename__ = "place_import"
    __table_args__ = (
        Index(
            "uq_place_import_running",
            "status",
            unique=True,
            sqlite_where=literal_column("status = 'running'"),
            postgresql_where=literal_column("status = 'running'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    dataset: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(index=True)
    touched_at: Mapped[datetime]
    counts: Mapped[JsonObject]


class PlaceRemarkRow(Base):
    """A line of the report of an import: where, what, why, and what became of it."""

    __tablename__ = "place_remark"

    import_id: Mapped[str] = mapped_column(
        ForeignKey("place_import.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int]
    column: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))


class _Description:
    """What is kept of a description: found by, compared by, searched by, and itself.

    ``code`` is the postcode or the INSEE code, whichever is known; ``band`` the row of the map
    that the point lies in; ``is_…`` flags are 0 or 1.
    """

    source: Mapped[str] = mapped_column(String(255))
    external_id: Mapped[str] = mapped_column(String(300))
    public_id: Mapped[str] = mapped_column(String(16))
    content_hash: Mapped[str] = mapped_column(String(32))
    siret: Mapped[str] = mapped_column(String(16))
    phone: Mapped[str] = mapped_column(String(20))
    postcode: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(8))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    band: Mapped[int | None]
    traits: Mapped[int] = mapped_column(BigInteger)
    quality: Mapped[int]
    name_key: Mapped[str] = mapped_column(Text)
    address_key: Mapped[str] = mapped_column(Text)
    commune_key: Mapped[str] = mapped_column(Text)
    marks: Mapped[int]
    hours: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)


class PlaceStagedRow(_Description, Base):
    """A description that an import has read and not yet brought in."""

    __tablename__ = "place_staged"

    import_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source: Mapped[str] = mapped_column(String(255), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    line: Mapped[int]


class PlaceStagedOfferRow(Base):
    """A service that waits for the structure that offers it, of the same source."""

    __tablename__ = "place_staged_offer"

    import_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source: Mapped[str] = mapped_column(String(255), primary_key=True)
    structure_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    line: Mapped[int]
    document: Mapped[str] = mapped_column(Text)


class PlaceRecordRow(_Description, Base):
    """What one list says of one place; ``cluster`` is the record that stands for its place.

    ``cluster`` is null where nobody else describes the place.
    """

    __tablename__ = "place_record"
    __table_args__ = (
        UniqueConstraint("dataset", "source", "external_id"),
        Index(
            "ix_place_record_cluster",
            "cluster",
            sqlite_where=literal_column("cluster IS NOT NULL"),
            postgresql_where=literal_column("cluster IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(_Number, primary_key=True)
    dataset: Mapped[str] = mapped_column(String(64))
    latitude: Mapped[float | None] = mapped_column(index=True)
    public_id: Mapped[str] = mapped_column(String(16), index=True)
    cluster: Mapped[int | None] = mapped_column(_Number)


class PlaceRow(Base):
    """A place as it is found: one row whoever describes it.

    The index holds all that a search compares, so that only what is shown is read.
    """

    __tablename__ = "place"
    __table_args__ = (
        Index("ix_place_near", "band", "longitude", "latitude", "traits", "id"),
        Index(
            "ix_place_near_trained",
            "band",
            "longitude",
            "latitude",
            "traits",
            "id",
            sqlite_where=literal_column("is_trained = 1"),
            postgresql_where=literal_column("is_trained = 1"),
        ),
        Index(
            "ix_place_remote",
            "quality",
            sqlite_where=literal_column("is_remote = 1"),
            postgresql_where=literal_column("is_remote = 1"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(32))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    band: Mapped[int | None]
    traits: Mapped[int] = mapped_column(BigInteger)
    is_trained: Mapped[int]
    is_remote: Mapped[int]
    quality: Mapped[int]
    code: Mapped[str] = mapped_column(String(8))
    hours: Mapped[str] = mapped_column(Text)
    sources: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)


class PlaceReportRow(Base):
    """Somebody said that a place is closed, or wrong: for the editors to look at.

    Nothing tells who said it.
    """

    __tablename__ = "place_report"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    place_id: Mapped[str] = mapped_column(String(16), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
