"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("k", sa.Integer, nullable=False),
        sa.Column("partners", sa.JSON, nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("key_fingerprint", sa.String(64), nullable=False),
        sa.Column("tick", sa.Integer, nullable=False),
        sa.Column("showing", sa.String(48)),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("code", name="uq_sessions_code"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "plans",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("slug", sa.String(48), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "slug", name="pk_plans"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_plans_session_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seats",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("sector", sa.String(32), nullable=False),
        sa.Column("partner", sa.String),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("token_fingerprint", sa.String(64), nullable=False),
        sa.Column("card_fingerprint", sa.String(64), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_seats_session_id"),
        sa.UniqueConstraint("token_fingerprint", name="uq_seats_token_fingerprint"),
        sa.UniqueConstraint("session_id", "card_fingerprint", name="uq_seats_session_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answers",
        sa.Column("participant_id", sa.String(64), nullable=False),
        sa.Column("exercise", sa.String(48), nullable=False),
        sa.Column("item", sa.String(128), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True)),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "exercise", "item", name="pk_answers"),
        sa.ForeignKeyConstraint(["participant_id"], ["seats.id"], name="fk_answers_participant_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "snapshots",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("exercise", sa.String(48), nullable=False),
        sa.Column("release", sa.JSON, nullable=False),
        sa.Column("basis", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "exercise", name="pk_snapshots"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_snapshots_session_id"),
        sqlite_with_rowid=False,
    )
