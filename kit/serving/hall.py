"""What the pages of one server share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from kit.errors import KitError
from kit.serving.health import Health
from kit.serving.joins import Joins
from kit.serving.kernels import Post
from kit.serving.link import KernelGone, KernelLink
from kit.serving.reach import Reach
from kit.serving.room import Room, is_host
from kit.serving.routes import Route
from kit.serving.sources import SourceKeys
from kit.serving.tickets import Tickets
from kit.serving.trial import Trial
from kit.serving.tries import Tries
from kit.store import Store
from kit.store.hosts import Opens

# So often a page is asked for of a kernel that dies meanwhile.
TRIES = 3


def host_holder(session_id: str, tag: str, page: str) -> str:
    """A facilitator's page as the room knows it: console and screen stay open side by side, and those of each key."""
    return f"host:{session_id}:{tag}:{page}"


@dataclass(frozen=True)
class PageFrame:
    """A page as Voila has rendered its notebook, cut where the page's id, its widget and its states go."""

    parts: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the notebook's cells have shown what they are to show."""
        return len(self.parts) == 4

    def filled(self, page: str, model: str, states: bytes) -> str:
        """The HTML of one page."""
        # Nothing in the states ends the element that holds them.
        safe = states.decode().replace("<", "\\u003c")
        head, before, between, tail = self.parts
        return f"{head}{page}{before}{model}{between}{safe}{tail}"


@dataclass
class Hall:
    """The store, the room of kernels, and where this server is reached.

    reach    where other devices find it
    lang     the language of whoever has not chosen one
    posts    the kernels that hold participants' pages; `desk` those for console and room screen
    routes   between each page's lines and its kernel; `lines` are those that are open
    frames   what is the same in all pages of a notebook

    on_moved what else is to be done when the address of this machine is another one

    joins    how long newcomers wait; wrong codes and wrong cards are counted apart
    sources  keys for where requests come from
    """

    store: Store
    room: Room
    reach: Reach
    lang: str
    posts: list[Post] = field(default_factory=list)
    desk: list[Post] = field(default_factory=list)
    routes: dict[str, Route] = field(default_factory=dict)
    lines: dict[str, set[Any]] = field(default_factory=dict)
    frames: dict[str, PageFrame] = field(default_factory=dict)
    joins: Joins = field(default_factory=Joins)
    code_tries: Tries = field(default_factory=lambda: Tries(shared=True))
    card_tries: Tries = field(default_factory=Tries)
    trial: Trial = field(default_factory=Trial)
    tickets: Tickets = field(default_factory=Tickets)
    on_moved: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.health = Health(self.store)
        self.sources = SourceKeys(self.reach.site)
        self._told = self.address
        self._rushing: set[str] = set()
        # What was told last of each session that a console or wall looks at, and to which of their pages.
        self._counted: dict[str, tuple[int, Mapping[str, int], set[str]]] = {}

    @property
    def address(self) -> str:
        """Scheme, host, port and path as other devices see them now, without a slash at the end."""
        return self.reach.now.url

    def moved(self) -> None:
        """Tell console and room screen when the address in join links is another than it was.

        A phone that came by the former one proves nothing about this.
        """
        now = self.reach.now
        if now.url != self._told:
            self._told = now.url
            self.trial = Trial()
            self.on_moved()
            for post in self.desk:
                post.tell("moved", now.url, now.reached)

    def rush(self) -> None:
        """Tell consoles whether more newcomers than expected have come in a short time; call it every few seconds."""
        now = self.joins.rushing()
        for session in now ^ self._rushing:
            for post in self.desk:
                post.tell("rush", session, session in now)
        self._rushing = now

    def count_here(self) -> None:
        """Tell consoles and walls how many people's pages are connected, and who says that they are done.

        Call it every second: it is told when it has changed, and when a console or wall has come, which knows nothing.
        """
        here, ready = self.room.here(), self.room.ready_counts()
        watching: dict[str, set[str]] = {}
        for page, held in self.room.pages.items():
            if is_host(held.holder) and page in self.routes:
                watching.setdefault(held.session, set()).add(page)
        before, self._counted = self._counted, {
            session: (here[session], ready.get(session, {}), pages) for session, pages in watching.items()
        }
        for session, counted in self._counted.items():
            if counted != before.get(session):
                for post in self.desk:
                    post.tell("here", session, *counted[:2])

    def path(self, local: str) -> str:
        """A path of this server's own ("/card") as browsers ask for it."""
        return self.reach.site.base + local

    def hear(self, what: str, page: str, rest: list[Any], buffers: Sequence[Any]) -> None:
        """What a kernel says to one of its pages, or of it."""
        if what == "ready":
            self.room.ready(page, rest[0])
        elif route := self.routes.get(page):
            route.hear(what, rest, buffers)

    def news(self) -> None:
        """Somebody has changed what pages show: all of them look, and keys may have been ended."""
        self.check_keys()
        for post in (*self.posts, *self.desk):
            post.tell("look")

    def check_keys(self) -> None:
        """End the facilitators' pages whose keys were ended; each is told so on its way out.

        Called with every news from this server's kernels, and often enough for what other processes keep.
        """
        held = [one for one in self.room.holders() if is_host(one)]
        if not held:
            return
        # While the store is away nobody can do anything with a key.
        with suppress(KitError):
            good = self.store.hosts.tags()
            for holder in held:
                _, session_id, tag, _ = holder.split(":")
                if (session_id, tag) not in good:
                    self.room.release(holder, moved=True)

    async def make(self, page: str, kind: str, told: Mapping[str, str]) -> str:
        """A page of this kind, as HTML, made where there is least to do; raises a `KitError` or `KernelGone`."""
        for _ in range(TRIES - 1):
            # A kernel that dies in this moment has a successor.
            with suppress(KernelGone):
                return await self._make(page, kind, told)
        return await self._make(page, kind, told)

    async def _make(self, page: str, kind: str, told: Mapping[str, str]) -> str:
        posts = self.posts if kind == "participant" else self.desk
        ready = [post for post in posts if post.is_ready] or posts
        link = await min(ready, key=lambda post: post.load).link()
        link.pages += 1
        try:
            made = await link.make(page, kind, told)
        except BaseException:
            link.pages -= 1
            raise
        # Who may only look has nothing to say to the kernel.
        self.routes[page] = Route.to(page, link, made, looks=told.get("right") == Opens.WALL)
        return self.frames[kind].filled(page, made.model, made.states)

    def lost(self, link: KernelLink) -> None:
        """A kernel has died: its pages end, and each comes back by itself."""
        for page in [one for one, route in self.routes.items() if route.link is link]:
            self.room.drop(page)

    def end(self, page: str) -> None:
        """Forget a page: its kernel does so at once, and its lines are closed."""
        if route := self.routes.pop(page, None):
            route.link.pages -= 1
            route.link.tell("end", page)
        for line in self.lines.pop(page, set()):
            line.close()

    @property
    def store_url(self) -> str:
        """Where kernels find the store."""
        return self.store.engine.url.render_as_string(hide_password=False)
