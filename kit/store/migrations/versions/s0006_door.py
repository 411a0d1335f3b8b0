"""The door of a workshop: locked or not, how many are expected, and why browsers took a second seat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Every door was open until now, and nobody had said how many are expected."""
    op.add_column("sessions", sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("sessions", sa.Column("expected", sa.Integer, nullable=False, server_default="40"))
    op.create_table(
        "second_seats",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "reason", name="pk_second_seats"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_second_seats_session_id"),
        sqlite_with_rowid=False,
    )
