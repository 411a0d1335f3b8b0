"""Workshops that go on with an earlier one, and people who came to both and said so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column and the table. Workshops that are there go on with none."""
    op.add_column("sessions", sa.Column("follows", sa.String(64)))
    op.create_table(
        "pairs",
        sa.Column("participant_id", sa.String(64), nullable=False),
        sa.Column("first_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("participant_id", name="pk_pairs"),
        sa.ForeignKeyConstraint(["participant_id"], ["seats.id"], name="fk_pairs_participant_id"),
        sa.ForeignKeyConstraint(["first_id"], ["seats.id"], name="fk_pairs_first_id"),
        sqlite_with_rowid=False,
    )
