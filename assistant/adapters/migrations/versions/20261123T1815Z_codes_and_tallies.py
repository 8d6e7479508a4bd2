"""Resume codes, what became of the flows, and messages that wait to be asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "resume_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_resume_code_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_resume_code")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_resume_code_conversation_id")),
    )
    op.create_table(
        "resume_try",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tried_by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resume_try")),
    )
    op.create_index(op.f("ix_resume_try_at"), "resume_try", ["at"])
    op.create_table(
        "tally",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("flow", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "flow", "step", "event", name=op.f("pk_tally")),
    )
    with op.batch_alter_table("message") as message:
        message.add_column(
            sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Undo the change."""
    with op.batch_alter_table("message") as message:
        message.drop_column("held")
    op.drop_table("tally")
    op.drop_index(op.f("ix_resume_try_at"), table_name="resume_try")
    op.drop_table("resume_try")
    op.drop_table("resume_code")
