"""What a release rests on is kept person by person, under a secret of their own."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Give every seat a secret. Earlier releases go: they were told by other rules, and are revealed anew."""
    op.add_column("seats", sa.Column("secret", sa.String(64), nullable=False, server_default=""))
    seats = sa.table("seats", sa.column("id", sa.String), sa.column("secret", sa.String))
    connection = op.get_bind()
    for person in connection.execute(sa.select(seats.c.id)).scalars().all():
        row = sa.update(seats).where(seats.c.id == person).values(secret=secrets.token_hex(16))
        connection.execute(row)
    op.drop_table("snapshots")
    op.create_table(
        "snapshots",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("exercise", sa.String(48), nullable=False),
        sa.Column("release", sa.JSON, nullable=False),
        sa.Column("left", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "exercise", name="pk_snapshots"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_snapshots_session_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "marks",
        sa.Column("participant_id", sa.String(64), nullable=False),
        sa.Column("exercise", sa.String(48), nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "exercise", name="pk_marks"),
        sa.ForeignKeyConstraint(["participant_id"], ["seats.id"], name="fk_marks_participant_id"),
        sqlite_with_rowid=False,
    )
