"""Links for a second trainer and for the wall, each with a key of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """A place for their keys' fingerprints."""
    op.create_table(
        "hosts",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "kind", "number", name="pk_hosts"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_hosts_session_id"),
        sqlite_with_rowid=False,
    )
