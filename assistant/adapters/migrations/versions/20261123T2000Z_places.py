"""The directory of places: lists, imports, records, and what is found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "place",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("band", sa.Integer(), nullable=True),
        sa.Column("traits", sa.BigInteger(), nullable=False),
        sa.Column("is_trained", sa.Integer(), nullable=False),
        sa.Column("is_remote", sa.Integer(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index(
        "ix_place_near", "place", ["band", "longitude", "latitude", "traits", "id"], unique=False
    )
    op.create_index(
        "ix_place_near_trained",
        "place",
        ["band", "longitude", "latitude", "traits", "id"],
        unique=False,
        sqlite_where=sa.text("is_trained = 1"),
        postgresql_where=sa.text("is_trained = 1"),
    )
    op.create_index(
        "ix_place_remote",
        "place",
        ["quality"],
        unique=False,
        sqlite_where=sa.text("is_remote = 1"),
        postgresql_where=sa.text("is_remote = 1"),
    )

    op.create_table(
        "place_dataset",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_dataset")),
    )
    op.create_table(
        "place_import",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_import")),
    )
    op.create_index(op.f("ix_place_import_dataset"), "place_import", ["dataset"], unique=False)
    op.create_index(
        op.f("ix_place_import_started_at"), "place_import", ["started_at"], unique=False
    )
    op.create_index(
        "uq_place_import_running",
        "place_import",
        ["status"],
        unique=True,
        sqlite_where=sa.text("status = 'running'"),
        postgresql_where=sa.text("status = 'running'"),
    )

    op.create_table(
        "place_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("cluster", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=False),
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("siret", sa.String(length=16), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("postcode", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("band", sa.Integer(), nullable=True),
        sa.Column("traits", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("commune_key", sa.Text(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_record")),
        sa.UniqueConstraint(
            "dataset",
            "source",
            "external_id",
            name=op.f("uq_place_record_dataset_source_external_id"),
        ),
    )
    op.create_index(
        "ix_place_record_cluster",
        "place_record",
        ["cluster"],
        unique=False,
        sqlite_where=sa.text("cluster IS NOT NULL"),
        postgresql_where=sa.text("cluster IS NOT NULL"),
    )
    op.create_index(op.f("ix_place_record_latitude"), "place_record", ["latitude"], unique=False)
    op.create_index(op.f("ix_place_record_public_id"), "place_record", ["public_id"], unique=False)

    op.create_table(
        "place_report",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("place_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_report")),
    )
    op.create_index(op.f("ix_place_report_place_id"), "place_report", ["place_id"], unique=False)

    op.create_table(
        "place_staged",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("siret", sa.String(length=16), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("postcode", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("band", sa.Integer(), nullable=True),
        sa.Column("traits", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("commune_key", sa.Text(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "source", "external_id", name=op.f("pk_place_staged")),
    )
    op.create_table(
        "place_staged_offer",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("structure_id", sa.String(length=300), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "import_id", "source", "structure_id", "external_id", name=op.f("pk_place_staged_offer")
        ),
    )
    op.create_table(
        "place_remark",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["place_import.id"],
            name=op.f("fk_place_remark_import_id_place_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_place_remark")),
    )


def downgrade() -> None:
    """Undo the change."""
    for table in (
        "place_remark",
        "place_staged_offer",
        "place_staged",
        "place_report",
        "place_record",
        "place_import",
        "place_dataset",
        "place",
    ):
        op.drop_table(table)
