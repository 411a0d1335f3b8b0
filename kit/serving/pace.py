"""How long whoever does something often has to wait: at once as often as is usual, then longer and longer."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

# Sources of which something is known at the same time; beyond it, the one that was quiet longest is forgotten.
MOST_KEPT = 20_000


@dataclass
class _Bucket:
    level: float
    at: float


class Pace:
    """A leaky bucket for each key, in memory only, forgotten once it has run dry.

    first, most  the shortest and the longest wait (seconds)
    drain        seconds in which as much runs out as is free
    """

    def __init__(
        self, first: float, most: float, drain: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.first, self.most, self.drain, self.clock = first, most, drain, clock
        self._buckets: OrderedDict[bytes, _Bucket] = OrderedDict()

    def count(self, key: bytes, free: int) -> float:
        """Count one more, of which so many are free; returns the seconds that this one has to wait."""
        bucket = self._bucket(key, free)
        step = max(1.0, free / 10)
        # Beyond the longest wait nothing is added: who has stopped is soon as free as before.
        bucket.level = min(bucket.level + 1, free + 1 + step * self._steps)
        over = bucket.level - free
        return 0.0 if over <= 0 else min(self.most, self.first * 2 ** max(0, int((over - 1) / step)))

    def take_back(self, key: bytes) -> None:
        """One that was counted should not have been."""
        if bucket := self._buckets.get(key):
            bucket.level = max(0.0, bucket.level - 1)

    @property
    def kept(self) -> int:
        """How many keys something is known of."""
        return len(self._buckets)

    @property
    def _steps(self) -> int:
        steps = 1
        while self.first * 2**steps < self.most:
            steps += 1
        return steps

    def _bucket(self, key: bytes, free: int) -> _Bucket:
        now = self.clock()
        bucket = self._buckets.setdefault(key, _Bucket(0.0, now))
        bucket.level = max(0.0, bucket.level - (now - bucket.at) * free / self.drain)
        bucket.at = now
        self._buckets.move_to_end(key)
        self._forget(now)
        return bucket

    def _forget(self, now: float) -> None:
        """Those that were quiet longest stand first. None holds more than twice what runs out in `drain`."""
        while self._buckets:
            oldest = next(iter(self._buckets.values()))
            if len(self._buckets) <= MOST_KEPT and now - oldest.at <= 2 * self.drain:
                return
            self._buckets.popitem(last=False)
