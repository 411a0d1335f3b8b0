"""On which day a workshop ended, and which language its console and wall speak."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the columns. Of a workshop that is over already nobody knows the day: it stays over."""
    op.add_column("sessions", sa.Column("closed_on", sa.Date))
    op.add_column("sessions", sa.Column("room_lang", sa.String(8)))
