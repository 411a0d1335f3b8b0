"""Wait for what comes about elsewhere, with a bound and no fixed sleep."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import TypeVar

# Seconds. Only a bound for what never comes: nothing is expected to take this long, unless a machine has far more to do
# than it can do (KIT_PATIENCE).
PATIENCE = float(os.environ.get("KIT_PATIENCE", "60"))

Found = TypeVar("Found")


def eventually(look: Callable[[], Found], what: str, patience: float = PATIENCE) -> Found:
    """The first true thing that `look` returns; fails with `what` when there never is one."""
    pause = threading.Event()
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"never came about: {what}"
        pause.wait(0.03)
    return found
