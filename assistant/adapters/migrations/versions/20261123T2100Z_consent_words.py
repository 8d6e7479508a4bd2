"""The version of the words that somebody agreed to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "consent_payload",
        sa.Column(
            "words_version", sa.String(length=16), server_default=sa.text("''"), nullable=False
        ),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_column("consent_payload", "words_version")
