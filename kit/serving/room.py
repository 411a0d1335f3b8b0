"""Which kernel belongs to whom: one per seat, ended when its page leaves, moves or falls quiet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from kit.errors import RoomFull

# A page that was never connected, or has lost its connection, is given this long (seconds).
ARRIVE = 120.0
AWAY = 90.0
# A connected page on which nothing happens at all is ended after this long: the answers are stored.
QUIET = 3 * 3600.0
REMEMBERED = 5000


@dataclass
class Page:
    """One running kernel and the page that holds it."""

    kernel_id: str
    holder: str
    since: float
    seen: float
    ended: asyncio.Event
    sockets: int = 0
    met: bool = False


@dataclass
class Room:
    """The pages of this server. `holder` is a seat's id, or "host:" and a session's id.

    `end` is how a kernel is ended; `limit` counts kernels of any kind.
    """

    limit: int
    end: Callable[[str], Awaitable[None]]
    clock: Callable[[], float] = time.monotonic
    arrive: float = ARRIVE
    away: float = AWAY
    quiet: float = QUIET
    pages: dict[str, Page] = field(default_factory=dict)
    _moved: dict[str, None] = field(default_factory=dict)
    _starting: int = 0
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def has_place(self) -> None:
        """Raise `RoomFull` when no further kernel may be started."""
        if len(self.pages) + self._starting >= self.limit:
            raise RoomFull(limit=self.limit)

    @asynccontextmanager
    async def starting(self, holder: str) -> AsyncIterator[None]:
        """Hold a place while a kernel is started, one at a time for a holder, whose earlier ones end here.

        Two page loads at the same moment would else leave two kernels, or pass the limit together.
        Raises `RoomFull`.
        """
        async with self._turns.setdefault(holder, asyncio.Lock()):
            await self.release(holder, moved=True)
            self.has_place()
            self._starting += 1
            try:
                yield
            finally:
                self._starting -= 1

    def started(self, kernel_id: str, holder: str, ended: asyncio.Event | None = None) -> None:
        """A kernel has started; `ended` is set when it is over, so that nobody goes on waiting for it."""
        now = self.clock()
        self.pages[kernel_id] = Page(kernel_id, holder, now, now, ended or asyncio.Event())

    def owns(self, holder: str, kernel_id: str) -> bool:
        """Whether this kernel is the holder's."""
        page = self.pages.get(kernel_id)
        return page is not None and page.holder == holder

    def was_moved(self, kernel_id: str) -> bool:
        """Whether the kernel was ended because its seat was opened in another place."""
        return kernel_id in self._moved

    def connected(self, kernel_id: str) -> None:
        """The page's socket is open."""
        if page := self.pages.get(kernel_id):
            page.sockets += 1
            page.met = True
            page.seen = self.clock()

    def touched(self, kernel_id: str) -> None:
        """The page has said something."""
        if page := self.pages.get(kernel_id):
            page.seen = self.clock()

    def disconnected(self, kernel_id: str) -> None:
        """A socket of the page has closed."""
        if page := self.pages.get(kernel_id):
            page.sockets -= 1
            page.seen = self.clock()

    async def release(self, holder: str, moved: bool = False) -> None:
        """End every kernel of a holder: the seat was given up, or opened elsewhere (`moved`)."""
        for kernel_id in [page.kernel_id for page in self.pages.values() if page.holder == holder]:
            if moved:
                self._remember(kernel_id)
            await self.drop(kernel_id)

    async def drop(self, kernel_id: str) -> None:
        """End one kernel."""
        if page := self.pages.pop(kernel_id, None):
            page.ended.set()
            await self.end(kernel_id)

    async def sweep(self, alive: Callable[[str], Awaitable[bool]]) -> None:
        """End what nobody is at and clear up what has died: call it every few seconds."""
        now = self.clock()
        for page in list(self.pages.values()):
            if now - page.seen > self._patience(page) or not await alive(page.kernel_id):
                await self.drop(page.kernel_id)

    def _patience(self, page: Page) -> float:
        if page.sockets > 0:
            return self.quiet
        return self.away if page.met else self.arrive

    def _remember(self, kernel_id: str) -> None:
        self._moved[kernel_id] = None
        while len(self._moved) > REMEMBERED:
            self._moved.pop(next(iter(self._moved)))
