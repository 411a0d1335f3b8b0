"""Which version of its exercise the answers of a session fit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns; every exercise was at its first version until now."""
    op.add_column("plans", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.add_column("plans", sa.Column("renewed", sa.Boolean, nullable=False, server_default=sa.false()))
