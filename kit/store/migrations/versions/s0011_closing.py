"""What the facilitator typed at the end: what the room decided, and what it asks of its partners."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("sessions", sa.Column("decided", sa.String))
    op.add_column("sessions", sa.Column("asks", sa.String))
