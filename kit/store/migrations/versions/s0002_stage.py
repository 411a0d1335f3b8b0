"""Where the facilitator has brought the room, by exercise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; sessions that are there already have everyone at their own pace."""
    op.add_column("plans", sa.Column("stage", sa.String(64)))
