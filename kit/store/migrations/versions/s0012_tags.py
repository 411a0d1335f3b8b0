"""Tags of a workshop, and the day on which its answers were removed while its results stayed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("sessions", sa.Column("tags", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("sessions", sa.Column("emptied_on", sa.Date))
