"""How the room screen looks, and the places that a room was brought to on its way through a story."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("sessions", sa.Column("wall", sa.String(32)))
    op.add_column("plans", sa.Column("way", sa.JSON, nullable=False, server_default="[]"))
