"""Slow down guessing of codes, cards and keys, without keeping who guesses."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from kit.errors import TooManyTries


class Tries:
    """At most `limit` failures within `window` seconds for one thing that can be guessed.

    Counted for the whole room, not by address: no address is kept, and behind a hotspot all people
    share one. A card has 32 bits, so 30 tries a minute would need years even in a full room.
    """

    def __init__(self, limit: int = 30, window: float = 60, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit, self.window, self.clock = limit, window, clock
        self._failed: deque[float] = deque()

    def check(self) -> None:
        """Raise `TooManyTries` while the limit is reached."""
        now = self.clock()
        while self._failed and self._failed[0] <= now - self.window:
            self._failed.popleft()
        if len(self._failed) >= self.limit:
            raise TooManyTries(seconds=math.ceil(self._failed[0] + self.window - now))

    def failed(self) -> None:
        """Count one wrong guess."""
        self._failed.append(self.clock())

    def forgive(self) -> None:
        """The newest guess that was counted as wrong was none."""
        if self._failed:
            self._failed.pop()
