"""Keys of sessions, and what came in as files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables; a session that is there already gets its key when it is first needed."""
    op.create_table(
        "keys",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("public", sa.String(80), nullable=False),
        sa.Column("private", sa.String(96), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "public", name="pk_keys"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_keys_session_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_batches_session_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "imports",
        sa.Column("batch_id", sa.String(16), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("participant_id", sa.String(64), nullable=False),
        sa.Column("edition", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("holds", sa.JSON, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "holder", name="pk_imports"),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_imports_batch_id"),
        sa.ForeignKeyConstraint(["participant_id"], ["seats.id"], name="fk_imports_participant_id"),
        sqlite_with_rowid=False,
    )
