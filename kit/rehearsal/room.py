"""A room of simulated people who follow the trainer: they come in when the agenda asks for it, some late; they answer
while an exercise is open, vote on the scene that is on, and some leave before the end.

Each holds one page, as a phone does, and acts on what that page says; only the moment to come in, which a real person
would be told from the front, is read from the store. Everything takes the time that it would take, divided by `speed`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from random import Random
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from kit.agenda.course import Course
from kit.errors import KitError, RehearsalFailed, UnknownSession
from kit.exercise import exercise
from kit.following import Followed, followed
from kit.rehearsal.filling import Rehearsed
from kit.rehearsal.people import PATIENCE, PageClient, Someone, cast_of, reach
from kit.session import Session, State, Value
from kit.store import Store

SPEED = 20.0
# Of so many people, one comes late, and one leaves before the end.
LATE_OF, GONE_OF = 7, 11
# Seconds in the room, from the least to the most.
COMES, COMES_LATE, LEAVES = (0, 240), (600, 2400), (3000, 9000)
READS, VOTES = (5, 45), (10, 75)
# The share of an exercise's minutes that somebody needs: a few are not done in time.
PACE = (0.35, 1.1)
# How many of their answers somebody changes who is asked once more.
CHANGES = 0.3
# Clock seconds: how often the store is looked at, when somebody tries again, until the server is given up.
LOOK, AGAIN, GIVE_UP = 0.3, 0.5, 20.0


@dataclass
class LivePage(PageClient):
    """A page that reads all the time, as a browser does."""

    cut: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _reader: asyncio.Task[None] | None = None

    async def connect(self, address: str, cookie: str) -> None:
        """Open the line, and read."""
        await super().connect(address, cookie)
        self._reader = asyncio.create_task(self._read())

    def close(self) -> None:
        """Hang up."""
        if self._reader is not None:
            self._reader.cancel()
        super().close()

    async def until(self, done: Callable[[], bool]) -> None:
        """Wait until something has come true; raises `RehearsalFailed` when it does not."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            if self.cut or time.monotonic() > deadline:
                raise RehearsalFailed(reason="the connection was closed" if self.cut else "the page fell silent")
            await self.rest(deadline - time.monotonic())

    async def rest(self, seconds: float) -> None:
        """Wait for so long, or until something new has come."""
        self._news.clear()
        if not self.cut:
            try:
                await asyncio.wait_for(self._news.wait(), max(seconds, 0))
            except TimeoutError:
                return

    async def _read(self) -> None:
        assert self.socket is not None
        try:
            while (raw := await self.socket.read_message()) is not None:
                self.take(raw)
                self._news.set()
        finally:
            self.cut = True
            self._news.set()

    @property
    def told(self) -> dict[str, Any]:
        """What the page's shell says now."""
        return (self.states.get(self.shell or "") or {}).get("page") or {}

    async def be_ready(self) -> None:
        """Tell the room that one is done."""
        if self.shell is not None:
            await self.say(self.shell, {"kind": "ready", "on": True})
            await self.until(lambda: (self.told.get("now") or {}).get("ready") is not False)

    def form(self, slug: str) -> tuple[str, dict[str, Any]] | None:
        """An exercise's widget and its state; None while it is not on the page."""
        found = self.find(lambda state: state.get("slug") == slug)
        return (found, self.states[found]) if found else None


@dataclass
class Surroundings:
    """What a room of simulated people knows of the workshop; `over` is set when it has ended."""

    session: Session
    speed: float
    course: Followed | None = None
    open: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def minutes(self, slug: str) -> float:
        """How long the room has to answer an exercise."""
        blocks = self.course.agenda.structure.blocks if self.course else ()
        given = [one.step("answer") or one.minutes for one in blocks if one.exercise == slug]
        return given[0] if given else exercise(slug).structure.minutes

    def seconds(self, rng: Random, between: tuple[float, float]) -> float:
        """Some time in the room, as seconds on the clock."""
        return rng.uniform(*between) / self.speed


@dataclass
class Guest:
    """A simulated person from the door to the good-bye.

    told     the last value that was acknowledged of each exercise and item; `answers` is how often one was
    page     the last that they had
    """

    someone: Someone
    around: Surroundings
    number: int
    told: dict[tuple[str, str], Value] = field(default_factory=dict)
    came: bool = False
    gone: bool = False
    answers: int = 0
    page: LivePage | None = None
    _sent: int = 0
    _plans: dict[str, list[tuple[str, Value]]] = field(default_factory=dict)
    _revisions: dict[tuple[str, str], int] = field(default_factory=dict)
    _voted: set[str] = field(default_factory=set)
    _closed: set[str] = field(default_factory=set)
    _seen: tuple[str, str] = ("", "")
    _pace: float = 1.0
    # When the next answer is due, and when this person leaves.
    _due: float = 0.0
    _goes: float = inf

    async def stay(self) -> None:
        """The whole time; raises `RehearsalFailed` when the server is there no more."""
        rng, around = self.someone.rng, self.around
        self._pace = rng.uniform(*PACE)
        late = self.number % LATE_OF == LATE_OF - 1
        comes = around.seconds(rng, COMES_LATE if late else COMES)
        await _first(around.over.wait(), around.open.wait())
        await _first(around.over.wait(), asyncio.sleep(comes))
        if self.number % GONE_OF == GONE_OF - 1:
            self._goes = time.monotonic() + around.seconds(rng, LEAVES)
        there = time.monotonic()
        while not self._is_over():
            try:
                await self._hold_a_page()
                there = time.monotonic()
            except (RehearsalFailed, WebSocketClosedError, StreamClosedError):
                # A door that is locked, a kernel that has died: whoever holds a phone tries again.
                there = time.monotonic()
            except OSError as error:
                if time.monotonic() > there + GIVE_UP:
                    raise RehearsalFailed(reason=str(error.strerror or error)) from None
            await _first(around.over.wait(), asyncio.sleep(AGAIN))
        # Also who wanted to leave while their page was away.
        self.gone = self.gone or time.monotonic() >= self._goes

    async def _hold_a_page(self) -> None:
        """From the page's arrival until its line is cut, or until this person leaves."""
        if not self.someone.seated:
            await self.someone.come_in()
        self.page = page = await self.someone.open(LivePage)
        self.came = True
        # What was not acknowledged is known to the page that is there now, or was not saved.
        self._revisions.clear()
        try:
            while not (page.cut or page.told.get("over") or self._is_over()):
                await self._act(page)
        finally:
            page.close()
        if not page.cut:
            self.gone = True
            await self.someone.leave(page)

    async def _act(self, page: LivePage) -> None:
        """One thing: go along with the room, answer or vote, or wait for what comes."""
        now = time.monotonic()
        if now < self._due:
            await page.rest(min(self._due, self._goes) - now)
            return
        slug = await self._go_along(page)
        said = self._next(page, slug)
        if said is not None:
            await self._say(page, slug, *said)
        elif self._is_done(page, slug):
            await page.be_ready()
        elif time.monotonic() >= self._due:
            await page.rest(min(self._goes - now, PATIENCE))

    async def _go_along(self, page: LivePage) -> str:
        """The exercise that this person is at: where the room is, else what is open and not finished."""
        current, place = str(page.told.get("current") or ""), str((page.told.get("now") or {}).get("place") or "")
        if not place:
            open_ = [one["slug"] for one in page.told.get("exercises", ()) if one["state"] == State.OPEN.value]
            place = next((one for one in (current, *open_) if one in open_ and self._left(one)), current)
        if place and place != current:
            await page.form_of(place)
        return place

    def _next(self, page: LivePage, slug: str) -> tuple[str, Value] | None:
        """What is answered now; None where there is nothing, or where something new is read first."""
        found = page.form(slug)
        if found is None or not found[1].get("is_open"):
            self._closed.add(slug)
            return None
        if slug in self._closed and found[1].get("group") and slug in self._plans:
            self._think_again(slug)
        self._closed.discard(slug)
        stage = str(found[1].get("stage") or "")
        wanted = self._vote(slug, stage) if stage else next(iter(self._left(slug)), None)
        if wanted is not None and self._seen != (slug, stage):
            self._seen = (slug, stage)
            self._due = time.monotonic() + self.around.seconds(self.someone.rng, VOTES if stage else READS)
            return None
        return wanted

    def _is_done(self, page: LivePage, slug: str) -> bool:
        """Whether this person has nothing to say where the room is, and has not told the room yet."""
        now, found = page.told.get("now") or {}, page.form(slug)
        if now.get("ready") is not False or now.get("place") != slug or found is None or self._due > time.monotonic():
            return False
        stage = str(found[1].get("stage") or "")
        return stage in self._voted if stage else not self._left(slug)

    def _left(self, slug: str) -> list[tuple[str, Value]]:
        """What this person has still to say in an exercise; a story that the room went through together is done."""
        if slug not in self._plans:
            self._plans[slug] = self._answers(slug)
        together = {stage.partition(".")[0] for stage in self._voted}
        return [
            (item, value)
            for item, value in self._plans[slug]
            if self.told.get((slug, item)) != value and item.partition(".")[0] not in together
        ]

    def _answers(self, slug: str) -> list[tuple[str, Value]]:
        plan, one = self.around.session.plan(slug), self.someone
        return list(exercise(slug).rehearse(one.rng, one.sector, one.lang, plan.options)) if plan else []

    def _think_again(self, slug: str) -> None:
        """Asked once more after the room's result: here and there somebody says something else now."""
        other = {item: value for item, value in self._answers(slug) if self.someone.rng.random() < CHANGES}
        self._plans[slug] = [(item, other.get(item, value)) for item, value in self._plans[slug]]

    def _vote(self, slug: str, stage: str) -> tuple[str, Value] | None:
        plan = self.around.session.plan(slug)
        if plan is None or stage in self._voted:
            return None
        vote = exercise(slug).vote_at(stage)
        asked = next((one for one in exercise(slug).votes(plan.options) if one.item == vote), None)
        return (vote, self.someone.rng.choice(asked.options)) if asked else None

    async def _say(self, page: LivePage, slug: str, item: str, value: Value) -> None:
        """Send one answer, and set the time of the next."""
        found = page.form(slug)
        assert found is not None
        form, state = found
        known = ((state.get("answers") or {}).get(item) or {}).get("revision", 0)
        revision = self._revisions.get((slug, item), known)
        self._sent += 1
        told = {"kind": "answer", "item": item, "value": value, "revision": revision, "n": self._sent}
        await page.say(form, told)
        reply = await page.reply(form, self._sent)
        if reply["kind"] == "saved":
            self.answers += 1
            self.told[slug, item] = value
            self._revisions[slug, item] = reply["revision"]
        elif state.get("is_open"):
            # It is not said a second time.
            self._plans[slug] = [one for one in self._plans.get(slug, ()) if one[0] != item]
        stage = str(state.get("stage") or "")
        if stage and item == exercise(slug).vote_at(stage):
            self._voted.add(stage)
            return
        each = 60 * self._pace * self.around.minutes(slug) / max(len(self._plans.get(slug, ())), 1)
        self._due = time.monotonic() + self.around.seconds(self.someone.rng, (0.4 * each, 1.6 * each))

    def _is_over(self) -> bool:
        return self.gone or self.around.over.is_set() or time.monotonic() >= self._goes


async def follow(
    store: Store, session: Session, address: str, participants: int, seed: int = 1, speed: float = SPEED
) -> Rehearsed:
    """Let simulated people follow a workshop until it has ended; raises `RehearsalFailed` when its server is gone."""
    around = Surroundings(session, speed)
    return await play(store, around, guests(around, address, participants, seed))


def guests(around: Surroundings, address: str, participants: int, seed: int = 1) -> list[Guest]:
    """The people of a room."""
    cast = cast_of(around.session, address, participants, seed)
    return [Guest(one, around, number) for number, one in enumerate(cast)]


async def play(store: Store, around: Surroundings, people: Sequence[Guest]) -> Rehearsed:
    """Let these people take part until the workshop has ended."""
    AsyncHTTPClient.configure(None, max_clients=len(people) + 8)
    await reach(people[0].someone.address)
    watch = asyncio.create_task(_watch(store, around))
    try:
        async with asyncio.TaskGroup() as group:
            for one in people:
                group.create_task(one.stay())
    finally:
        watch.cancel()
    return Rehearsed(sum(one.came for one in people), sum(one.answers for one in people))


async def _watch(store: Store, around: Surroundings) -> None:
    """Look where the room is; a store that is busy for a moment is asked again."""
    while not around.over.is_set():
        try:
            session = await asyncio.to_thread(store.sessions.get, around.session.id)
            around.course = await asyncio.to_thread(followed, store, session.id)
        except UnknownSession:
            around.over.set()
            return
        except KitError:
            await asyncio.sleep(AGAIN)
            continue
        around.session = session
        if session.closed:
            around.over.set()
            return
        if _lets_in(session, around.course):
            around.open.set()
        await asyncio.sleep(LOOK)


def _lets_in(session: Session, found: Followed | None) -> bool:
    """Whether people have been asked in: without an agenda at once, else from the block on in which phones come in."""
    if found is None or any(plan.state is State.OPEN for plan in session.plans):
        return True
    joins = next((one.id for one in found.agenda.structure.blocks if one.phones == "join"), "")
    return _is_at(found.course, joins)


def _is_at(course: Course, block: str) -> bool:
    """Whether the room is at a block or past it; with no such block, whether it has begun."""
    ids = [one.id for one in course.slots]
    if not course.now or course.now not in ids:
        return False
    return block not in ids or ids.index(course.now) >= ids.index(block)


async def _first(*waits: Awaitable[Any]) -> None:
    """Wait for the first of these."""
    tasks = [asyncio.ensure_future(one) for one in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in tasks:
            one.cancel()
