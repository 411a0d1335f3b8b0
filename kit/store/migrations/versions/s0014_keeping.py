"""How many days after the end answers are kept, the name of a room, and which round of an exercise is on.

Of older workshops nothing was agreed: their answers stay until somebody removes them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("sessions", sa.Column("keep_days", sa.Integer))
    op.add_column("sessions", sa.Column("room", sa.String(24)))
    op.add_column("plans", sa.Column("round", sa.Integer, nullable=False, server_default="1"))
