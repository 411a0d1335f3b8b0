"""The agenda that a workshop follows, and where it is in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table. Workshops that are there follow no agenda."""
    op.create_table(
        "courses",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("agenda", sa.JSON, nullable=False),
        sa.Column("course", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_courses"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_courses_session_id"),
        sqlite_with_rowid=False,
    )
