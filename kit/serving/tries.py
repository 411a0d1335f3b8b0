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
# So long a source is known to have had the right one; so long it is remembered what was not looked at.
KNOWN_SECONDS, REFUSED_SECONDS, MOST_KNOWN = 600.0, 60.0, 20_000


class Tries:
    """Tries at one kind of thing that can be guessed, by source.

    A wrong one makes the next ones of the same source wait, right or wrong: answered at once, a right one would show.
    Another source does not wait. Of what everybody in the room knows (`shared`: a code), who says again what was right
    from the same source does not guess, and does not wait either: so a room behind one address comes in while somebody
    among them guesses. And who was told to come again, and says the same, has places that those who say something else
    each time do not take: so a right card is looked at on the second time, however much is guessed.
    """

    def __init__(self, shared: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.shared, self.clock = shared, clock
        self.pace = Pace(FIRST_SECONDS, MOST_SECONDS, MINUTE, clock)
        self._waiting: Counter[tuple[bytes, bool]] = Counter()
        self._known = _Memory(KNOWN_SECONDS, clock)
        self._refused = _Memory(REFUSED_SECONDS, clock)

    @asynccontextmanager
    async def one(self, source: bytes, said: bytes) -> AsyncIterator[None]:
        """For the block that looks whether a try is right, and raises `UnknownCode` or
        `UnknownCard` when it is not.

        `said` is the key for this source and what it says. Raises `TooManyTries`.
        """
        if self.shared and self._known.has(said):
            self._known.add(said)
            yield
            return
        # Before it is looked at: of many at once, all would else be free.
        wait = self.pace.count(source, FREE)
        if wait:
            await self._turn(source, said, wait)
        try:
            yield
        except (UnknownCode, UnknownCard):
            raise
        except BaseException:
            self.pace.take_back(source)
            raise
        self.pace.take_back(source)
        self._known.add(said)

    async def _turn(self, source: bytes, said: bytes, wait: float) -> None:
        place = source, self._refused.has(said)
        if self._waiting[place] >= MOST_WAITING:
            self._refused.add(said)
            raise TooManyTries(seconds=math.ceil(self.pace.most))
        self._waiting[place] += 1
        try:
            await asyncio.sleep(wait)
        finally:
            self._waiting[place] -= 1
            if not self._waiting[place]:
                del self._waiting[place]


class _Memory:
    """What was said a short time ago, as keys from which nothing can be read."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds, self.clock = seconds, clock
        self._at: OrderedDict[bytes, float] = OrderedDict()

    def has(self, key: bytes) -> bool:
        """Whether it was."""
        now = self.clock()
        while self._at and now - next(iter(self._at.values())) > self.seconds:
            self._at.popitem(last=False)
        return key in self._at

    def add(self, key: bytes) -> None:
        """It was said now."""
        self._at[key] = self.clock()
        self._at.move_to_end(key)
        while len(self._at) > MOST_KNOWN:
            self._at.popitem(last=False)
