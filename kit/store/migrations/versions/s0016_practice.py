"""Whether a workshop is practice, and what becomes of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column."""
    op.add_column("sessions", sa.Column("practice", sa.String(8)))
