"""The pages of one kernel: made, spoken to and forgotten as the server says."""

from __future__ import annotations

import asyncio
import logging
import sys
import weakref
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, runtime_checkable

import ipywidgets

from kit.errors import KitError
from kit.serving.inside.line import PageLine, install
from kit.serving.inside.watchdog import Watchdog
from kit.serving.inside.widgets import states_json
from kit.serving.wire import Buffer, Item, Parcel, messages
from kit.store import Store
from kit.views.base import place_of

LOOK_SECONDS = 1.0
# How long (seconds) work aside, a file that is read, may keep the interpreter from the loop: ten times less than
# Python's own, since each of the many turns of a loop waits for it again.
SWITCH_SECONDS = 0.0005
# The kind of page that anybody can have; a facilitator is waited for.
PEOPLES = "participant"

_log = logging.getLogger(__name__)


class Shown(Protocol):
    """What a page shows and does; `session_id` is whose news it wants, `every_answer` whether answers are news too."""

    session_id: str
    every_answer: bool
    widget: ipywidgets.Widget

    def look(self) -> None:
        """Show the store as it is now."""


@runtime_checkable
class Inviting(Protocol):
    """A page that shows people the way."""

    def moved(self, address: str, reached: bool) -> None:
        """The server's address is another one; `reached` is whether phones can be expected to get there."""


@runtime_checkable
class Counting(Protocol):
    """A page that shows how many people are here, or how far they are."""

    session_id: str

    def here(self, people: int, ready: Mapping[str, int]) -> None:
        """So many people's pages are connected now; so many of them say that they are done, by place."""


@runtime_checkable
class Readying(Protocol):
    """A page whose person can say that they are done."""

    on_ready: Callable[[str], None]


@runtime_checkable
class Keeping(Protocol):
    """A page that shows who comes in."""

    session_id: str

    def rushed(self, now: bool) -> None:
        """More people than expected come in a short time, or no longer."""


Maker = Callable[[Store, Mapping[str, str]], Shown]


@dataclass
class _Kept:
    line: PageLine
    shown: Shown
    tick: int | None = None
    missed: bool = False


class Keeper:
    """All pages of this kernel. `send(data, buffers)` takes a batch to the server."""

    def __init__(self, store: Store, send: Callable[[Any, Any], None]) -> None:
        install()
        self.pages: dict[str, _Kept] = {}
        self.kinds: dict[str, Maker] = {}
        self._store, self._send = store, send
        self._out = Parcel()
        self._leaving = False
        self._wanted: deque[tuple[str, str, Mapping[str, str]]] = deque()
        self._loop = asyncio.get_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._making = False
        self._changed = store.changed()

    def begin(self) -> None:
        """From now on, look for news and for whoever holds the others up."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self._start(self._look_often())
        breakable = {one.__code__ for one in (Keeper._make, PageLine._take_turn)}
        Watchdog(self._loop, breakable).begin()

    def hear(self, message: Mapping[str, Any]) -> None:
        """A batch from the server."""
        for item, buffers in messages(message["content"]["data"], message["buffers"]):
            self._hear(item, buffers)

    def pass_on(self) -> None:
        """A page of this kernel has changed something, in whichever thread: all pages of the server look."""
        self._loop.call_soon_threadsafe(self._tell, "look")

    def _hear(self, item: Item, buffers: Sequence[Buffer]) -> None:
        match item:
            case ["say", page, number, kind] if page in self.pages:
                self.pages[page].line.hear(number, kind, buffers[0], buffers[1:])
            case ["make", page, kind, told]:
                self._wanted.append((page, kind, told))
                if not self._making:
                    self._start(self._make_all())
            case ["end", page]:
                self._end(page)
            case ["moved", address, reached]:
                for kept in list(self.pages.values()):
                    if isinstance(kept.shown, Inviting):
                        kept.line.then(partial(kept.shown.moved, address, reached))
            case ["rush", session, now]:
                for kept in list(self.pages.values()):
                    if isinstance(kept.shown, Keeping) and kept.shown.session_id == session:
                        kept.line.then(partial(kept.shown.rushed, now))
            case ["here", session, people, ready]:
                for kept in list(self.pages.values()):
                    if isinstance(kept.shown, Counting) and kept.shown.session_id == session:
                        kept.line.then(partial(kept.shown.here, people, ready))
            case ["look"]:
                self._start(self._look())
            case ["beat", number]:
                self._tell("beat", number)

    def _tell(self, *item: object, buffers: Sequence[Buffer] = ()) -> None:
        self._out.add(*item, buffers=buffers)
        if not self._leaving:
            self._leaving = True
            self._loop.call_soon(self._leave)

    def _leave(self) -> None:
        self._leaving = False
        self._send(*self._out.taken())

    async def _make_all(self) -> None:
        """One page after the other; in between, those that are there have their turn."""
        self._making = True
        try:
            while self._wanted:
                self._make(*self._wanted.popleft())
                await asyncio.sleep(0)
        finally:
            self._making = False

    def _make(self, page: str, kind: str, told: Mapping[str, str]) -> None:
        line = PageLine(partial(self._carry, page), partial(self._tell, "done", page), rests=kind == PEOPLES)
        try:
            with line.quietly(), self._store.at_once():
                shown = self.kinds[kind](self._store, told)
                line.root = shown.widget
                given = states_json(shown.widget)
        except KitError as error:
            self._tell("refused", page, type(error).__name__, error.details)
        except Exception as error:
            # Not its message, which may hold what somebody has written.
            _log.error("a page could not be made: %s at %s", type(error).__name__, place_of(error))
            self._tell("refused", page, "", {})
        else:
            self.pages[page] = _Kept(line, shown)
            if isinstance(shown, Readying):
                shown.on_ready = partial(self._tell, "ready", page)
            self._tell("made", page, shown.widget.model_id, list(line.comms), buffers=[given])
            return
        line.end()

    def _carry(self, page: str, kind: str, comm: str, parent: str, metadata: Any, buffers: Sequence[Buffer]) -> None:
        self._tell("tell", page, kind, comm, parent, metadata, buffers=buffers)

    def _end(self, page: str) -> None:
        self._wanted = deque(one for one in self._wanted if one[0] != page)
        if kept := self.pages.pop(page, None):
            kept.line.end()
            vars(kept.shown).clear()

    def _start(self, work: Any) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look_often(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._look()
            except Exception as error:
                # Nobody waits for this: it would never look again, and nobody would know why.
                _log.error("a look at the store failed: %s at %s", type(error).__name__, place_of(error))

    async def _look(self) -> None:
        """Let those pages look for which there is news."""
        with suppress(KitError):
            changed = self._store.changed()
            missed = any(kept.missed for kept in self.pages.values())
            if changed == self._changed and not missed:
                return
            ticks = self._store.sessions.ticks()
            # Not before: what could not be read now is read the next time.
            self._changed = changed
            for kept in list(self.pages.values()):
                tick = ticks.get(kept.shown.session_id)
                if kept.shown.every_answer or kept.missed or tick != kept.tick:
                    kept.tick, kept.missed = tick, False
                    kept.line.then(partial(_look_quietly, weakref.ref(kept)))
                    # Others have their turn in between.
                    await asyncio.sleep(0)


def _look_quietly(kept: weakref.ref[_Kept]) -> None:
    there = kept()
    if there is not None and not there.line.over:
        # A full disk, or a store that is busy, ends nothing; the page looks again soon.
        try:
            there.shown.look()
        except KitError:
            there.missed = True
