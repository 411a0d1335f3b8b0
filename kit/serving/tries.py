"""Slow down who guesses codes and cards, and nobody else; nothing about who guesses is kept."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from kit.errors import TooManyTries, UnknownCard, UnknownCode
from kit.serving.pace import Pace

# People mistype: so many wrong tries of one source are free, and as many more with each minute.
FREE, MINUTE = 10, 60.0
FIRST_SECONDS, MOST_SECONDS = 0.5, 4.0
# Of one source, so many wait for their turn at the same time: with the longest wait, five tries a second.
MOST_WAITING = 20
# So long a source is known to have had the right one.
KNOWN_SECONDS, MOST_KNOWN = 600.0, 20_000


class Tries:
    """Tries at one kind of thing that can be guessed, by source.

    A wrong one makes the next ones of the same source wait, right or wrong: answered at once, a right one would show.
    Another source does not wait. Who says again what was right from the same source does not guess, and does not wait
    either: so a room behind one address comes in while somebody among them guesses.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.pace = Pace(FIRST_SECONDS, MOST_SECONDS, MINUTE, clock)
        self._waiting: Counter[bytes] = Counter()
        self._known: OrderedDict[bytes, float] = OrderedDict()

    @asynccontextmanager
    async def one(self, source: bytes, known: bytes = b"") -> AsyncIterator[None]:
        """For the block that looks whether a try is right, and raises `UnknownCode` or
        `UnknownCard` when it is not.

        `known` is the key for this source and what it says. Raises `TooManyTries`.
        """
        if known and self._is_known(known):
            yield
            return
        # Before it is looked at: of many at once, all would else be free.
        wait = self.pace.count(source, FREE)
        if wait:
            await self._turn(source, wait)
        try:
            yield
        except (UnknownCode, UnknownCard):
            raise
        except BaseException:
            self.pace.take_back(source)
            raise
        self.pace.take_back(source)
        if known:
            self._remember(known)

    async def _turn(self, source: bytes, wait: float) -> None:
        if self._waiting[source] >= MOST_WAITING:
            raise TooManyTries(seconds=math.ceil(self.pace.most))
        self._waiting[source] += 1
        try:
            await asyncio.sleep(wait)
        finally:
            self._waiting[source] -= 1
            if not self._waiting[source]:
                del self._waiting[source]

    def _is_known(self, known: bytes) -> bool:
        now = self.clock()
        while self._known and now - next(iter(self._known.values())) > KNOWN_SECONDS:
            self._known.popitem(last=False)
        if known not in self._known:
            return False
        self._remember(known)
        return True

    def _remember(self, known: bytes) -> None:
        self._known[known] = self.clock()
        self._known.move_to_end(known)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
