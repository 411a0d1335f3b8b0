"""The worksheet's questions, and where its answers go; the same for each of the peers."""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

SHEET: dict[str, Any] = json.loads(Path(os.environ["BENCH_WORKSHEET"]).read_text("utf-8"))


def new_seat() -> str:
    """A random number for one visitor."""
    return uuid.uuid4().hex


def save(seat: str, item: str, value: str) -> None:
    """Store one answer."""
    with closing(sqlite3.connect(os.environ["BENCH_STORE"], timeout=60)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO answers (seat, item, value) VALUES (?, ?, ?)", (seat, item, value))
