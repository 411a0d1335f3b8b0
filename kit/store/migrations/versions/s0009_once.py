"""A facilitator's link opens once: what a browser holds afterwards is another key than the one in its history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Every link that was made until now opens once more; the facilitator's own stands with the others."""
    op.add_column("hosts", sa.Column("held", sa.String(64)))
    op.execute(
        "INSERT INTO hosts (session_id, kind, number, fingerprint) SELECT id, 'lead', 1, key_fingerprint FROM sessions"
    )
    op.drop_column("sessions", "key_fingerprint")
