"""Which page belongs to whom: one per seat, ended when it leaves, moves or falls quiet."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from kit.errors import RoomFull

# A page that was never connected, or has lost its connection, is given this long (seconds).
ARRIVE = 120.0
AWAY = 90.0
# A connected page on which nothing happens at all is ended after this long: the answers are stored.
QUIET = 3 * 3600.0
REMEMBERED = 5000


def is_host(holder: str) -> bool:
    """Whether a holder is a facilitator's page, and no participant."""
    return holder.startswith("host:")


@dataclass
class Held:
    """One page, there or being made, who holds it and of which session; `ended` is set when it is over.

    `ready` is the place at which its person says that they are done; empty for none.
    """

    page: str
    holder: str
    seen: float
    session: str = ""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    lines: int = 0
    met: bool = False
    ready: str = ""


@dataclass
class Room:
    """The pages of this server, by id. `holder` is a seat's id, or "host:" and a session's id.

    `end` is how a page is ended; `limit` counts participants' pages: a facilitator always has a place.
    """

    limit: int
    end: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    arrive: float = ARRIVE
    away: float = AWAY
    quiet: float = QUIET
    pages: dict[str, Held] = field(default_factory=dict)
    _by_holder: dict[str, set[str]] = field(default_factory=dict)
    _moved: dict[str, None] = field(default_factory=dict)

    def start(self, page: str, holder: str, session: str = "") -> asyncio.Event:
        """A page is about to be made; the holder's earlier ones end here.

        Returns what is set when this one is over, so that nobody goes on waiting for it. Raises `RoomFull`.
        """
        self.release(holder, moved=True)
        if len(self.pages) >= self.limit and not is_host(holder) and self._people() >= self.limit:
            raise RoomFull(limit=self.limit)
        held = self.pages[page] = Held(page, holder, self.clock(), session)
        self._by_holder.setdefault(holder, set()).add(page)
        return held.ended

    def _people(self) -> int:
        return sum(len(pages) for holder, pages in self._by_holder.items() if not is_host(holder))

    def holders(self) -> list[str]:
        """Whoever holds a page."""
        return list(self._by_holder)

    def here(self) -> Counter[str]:
        """How many people's pages have an open line at this moment, by session; a person has one page."""
        return Counter(one.session for one in self.pages.values() if one.lines > 0 and not is_host(one.holder))

    def ready(self, page: str, place: str) -> None:
        """Somebody says that they are done at this place; with an empty one, that they are not."""
        if held := self.pages.get(page):
            held.ready = place

    def ready_counts(self) -> dict[str, Counter[str]]:
        """How many of those who are here say that they are done, by session and place."""
        counted: dict[str, Counter[str]] = {}
        for one in self.pages.values():
            if one.lines > 0 and one.ready:
                counted.setdefault(one.session, Counter())[one.ready] += 1
        return counted

    def owns(self, holder: str, page: str) -> bool:
        """Whether this page is the holder's."""
        held = self.pages.get(page)
        return held is not None and held.holder == holder

    def was_moved(self, page: str) -> bool:
        """Whether the page was ended because its seat was opened in another place."""
        return page in self._moved

    def connected(self, page: str) -> None:
        """A line of the page is open."""
        if held := self.pages.get(page):
            held.lines += 1
            held.met = True
            held.seen = self.clock()

    def touched(self, page: str) -> None:
        """The page has said something."""
        if held := self.pages.get(page):
            held.seen = self.clock()

    def disconnected(self, page: str) -> None:
        """A line of the page has closed."""
        if held := self.pages.get(page):
            held.lines -= 1
            held.seen = self.clock()

    def release(self, holder: str, moved: bool = False) -> None:
        """End every page of a holder: the seat was given up, or opened elsewhere (`moved`)."""
        for page in list(self._by_holder.get(holder, ())):
            if moved:
                self._remember(page)
            self.drop(page)

    def drop(self, page: str) -> None:
        """End one page."""
        held = self.pages.pop(page, None)
        if held is None:
            return
        theirs = self._by_holder[held.holder]
        theirs.discard(page)
        if not theirs:
            del self._by_holder[held.holder]
        held.ended.set()
        self.end(page)

    def sweep(self) -> None:
        """End what nobody is at: call it every few seconds."""
        now = self.clock()
        for held in list(self.pages.values()):
            if now - held.seen > self._patience(held):
                self.drop(held.page)

    def _patience(self, held: Held) -> float:
        if held.lines > 0:
            return self.quiet
        return self.away if held.met else self.arrive

    def _remember(self, page: str) -> None:
        self._moved[page] = None
        while len(self._moved) > REMEMBERED:
            self._moved.pop(next(iter(self._moved)))
