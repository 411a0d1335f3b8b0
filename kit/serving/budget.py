"""What one page may say: as much at once as a person ever does, then at a steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable

# A person who types or has come back after a while stays below; whoever does not is heard a little later.
MESSAGES, MESSAGES_A_SECOND = 100, 20
# Two files as large as one message may be.
BYTES, BYTES_A_SECOND = 4 * 1024 * 1024, 200 * 1024


class Budget:
    """A page's budget; `spend` says how long (seconds) the page is not listened to."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock()
        self._messages, self._bytes = float(MESSAGES), float(BYTES)

    def spend(self, size: int) -> float:
        """One message of so many bytes."""
        now = self._clock()
        passed, self._at = now - self._at, now
        self._messages = min(MESSAGES, self._messages + passed * MESSAGES_A_SECOND) - 1
        self._bytes = min(BYTES, self._bytes + passed * BYTES_A_SECOND) - size
        return max(0.0, -self._messages / MESSAGES_A_SECOND, -self._bytes / BYTES_A_SECOND)
