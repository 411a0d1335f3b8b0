"""Simulated people: through the front door and the real kernel protocol, with seeded answers."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Self, TypeVar
from urllib.parse import urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

from kit.errors import RehearsalFailed
from kit.exercise import exercise
from kit.serving import protocol
from kit.serving.client import Client
from kit.session import Sector, Session, State
from kit.texts import languages

# Of 24 people, nine and eight can be set side by side, two are too few to be shown, and five are kept
# back with them so that the two cannot be had by subtraction.
MIX = (
    (Sector.SETTLEMENT, 9), (Sector.ANTI_VIOLENCE, 8), (Sector.MUNICIPAL, 5), (Sector.HEALTH_HIV, 2),
)  # fmt: skip
PATIENCE = 120.0
# Cookies: what a form carries of its page, and what holds a seat.
FORM, SEAT = "form", "seat"
SEE_OTHER = 303
_CONFIG = re.compile(r'<script type="application/json" id="kit-config">(.*?)</script>', re.DOTALL)

Page = TypeVar("Page", bound="PageClient")


@dataclass
class Someone:
    """One simulated person: a browser's cookies, a language, a sector, and chance of their own."""

    address: str
    code: str
    sector: Sector
    lang: str
    rng: Random
    partner: str | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def seated(self) -> bool:
        """Whether this browser holds a seat."""
        return SEAT in self.cookies

    async def take_part(self, session: Session) -> int:
        """Come in, answer every open exercise, leave; returns how many answers were acknowledged."""
        async with self.page() as page:
            done = 0
            for plan in session.plans:
                if plan.state is State.OPEN:
                    done += await page.answer(plan.slug, plan.options, self)
        return done

    @asynccontextmanager
    async def page(self) -> AsyncIterator[PageClient]:
        """A seat, and the page that comes with it."""
        await self.come_in()
        page = await self.open(PageClient)
        try:
            yield page
        finally:
            page.close()
            await self.leave(page)

    async def come_in(self) -> None:
        """Through the front door, to a seat."""
        await self._fetch(f"/j/{self.code}?lang={self.lang}")
        form = {"sector": self.sector.value, FORM: self.cookies.get(FORM, "")}
        form |= {"partner": self.partner} if self.partner else {}
        answer = await self._fetch(f"/j/{self.code}", form)
        while answer.headers.get("Location", "").endswith("/wait"):
            waits = await self._fetch("/wait")
            await asyncio.sleep(int(waits.headers.get("Refresh", "0").partition(";")[0]))
            answer = waits if waits.code == SEE_OTHER else answer

    async def open(self, kind: type[Page]) -> Page:
        """The page of the seat, and its line."""
        html = (await self._fetch("/w")).body.decode()
        found = _CONFIG.search(html)
        if found is None:
            raise RehearsalFailed(reason="the page came without a kernel")
        return await kind.open(self.address, str(json.loads(found[1])["kernelId"]), self._cookie())

    async def leave(self, page: PageClient) -> None:
        """Say good-bye, as a page does that is left."""
        await self._fetch("/leave", {"kernel": page.page})

    async def _fetch(self, path: str, form: Mapping[str, str] | None = None) -> HTTPResponse:
        request = HTTPRequest(
            self.address + path, method="GET" if form is None else "POST", headers={"Cookie": self._cookie()},
            validate_cert=has_a_name(self.address),
            body=None if form is None else urlencode(form), follow_redirects=False, request_timeout=PATIENCE,
            connect_timeout=PATIENCE,
        )  # fmt: skip
        answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        if answer.code >= 400 or answer.code == 599:
            raise RehearsalFailed(reason=f"{path.split('?')[0]}: {answer.code}")
        for line in answer.headers.get_list("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


@dataclass
class PageClient(Client):
    """A page whose messages are read when somebody waits for one; `page` is its id."""

    page: str = ""

    @classmethod
    async def open(cls, address: str, page: str, cookie: str) -> Self:
        """Connect, and ask for the state of every widget, as a browser does."""
        made = cls(page=page)
        await made.connect(address, cookie)
        await made.ask_states()
        await made.until(lambda: bool(made.states))
        return made

    async def connect(self, address: str, cookie: str) -> None:
        """Open the line."""
        url = address.replace("http", "ws", 1) + f"/api/kernels/{self.page}/channels?session_id={self.session}"
        try:
            asked = HTTPRequest(url, headers={"Cookie": cookie}, validate_cert=has_a_name(address))
            self.socket = await websocket_connect(asked, ping_interval=20, subprotocols=[protocol.NAME])
        except HTTPClientError as error:
            raise RehearsalFailed(reason=f"channels: {error.code}") from None

    @property
    def shell(self) -> str | None:
        """The widget that has the list of exercises, and says where the room is."""
        return self.find(lambda state: "exercises" in (state.get("page") or {}))

    def close(self) -> None:
        """Hang up."""
        if self.socket is not None:
            self.socket.close()

    async def answer(self, slug: str, options: tuple[str, ...], someone: Someone) -> int:
        """Go to an exercise and answer it; every answer is waited for until it is acknowledged."""
        form = await self.form_of(slug)
        done = 0
        for item, value in exercise(slug).rehearse(someone.rng, someone.sector, someone.lang, options):
            done += 1
            told = {"kind": "answer", "item": item, "value": value, "revision": done, "n": done}
            await self.say(form, told)
            reply = await self.reply(form, done)
            if reply["kind"] != "saved":
                raise RehearsalFailed(reason=f"{slug}: {reply.get('message', '-')}")
        return done

    async def reply(self, model: str, n: int) -> dict[str, Any]:
        """What a form says to its answer number `n`: saved or refused."""

        def found() -> dict[str, Any] | None:
            return next((content for one, content, _ in self.heard if one == model and content.get("n") == n), None)

        await self.until(lambda: found() is not None)
        content = found()
        assert content is not None
        self.heard.clear()
        return content

    async def until(self, done: Callable[[], bool]) -> None:
        """Read messages until something has come true; raises `RehearsalFailed` when it does not."""
        while not done():
            self.take(await self.read())

    async def read(self) -> str | bytes:
        """The next message; raises `RehearsalFailed` when there is none."""
        assert self.socket is not None
        try:
            raw = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
        except TimeoutError:
            raise RehearsalFailed(reason="the page fell silent") from None
        if raw is None:
            raise RehearsalFailed(reason="the connection was closed")
        return raw

    async def form_of(self, slug: str) -> str:
        """Bring an exercise onto the page; its form's model id."""
        if self.shell is None:
            raise RehearsalFailed(reason="the page has no list of exercises")
        await self.say(self.shell, {"kind": "choose", "slug": slug})

        def form() -> str | None:
            return self.find(lambda state: state.get("slug") == slug)

        await self.until(lambda: form() is not None)
        return str(form())


def cast_of(session: Session, address: str, participants: int, seed: int) -> list[Someone]:
    """The people of a rehearsal: sectors mixed in the proportions of `MIX`, both languages, one chance each."""
    sectors = [sector for sector, n in MIX for _ in range(n)]
    people = []
    for number in range(participants):
        rng = Random(f"{seed}/{number}")
        partner = session.partners[number % len(session.partners)] if session.partners else None
        lang = languages()[number % len(languages())]
        people.append(Someone(address, session.code, sectors[number % len(sectors)], lang, rng, partner))
    return people


async def reach(address: str) -> None:
    """Find out with one question, not with a hundred at once, that nobody answers there."""
    try:
        await AsyncHTTPClient().fetch(address + "/", raise_error=False, validate_cert=has_a_name(address))
    except OSError as error:
        raise RehearsalFailed(reason=f"{address}: {error.strerror or error}") from None


def has_a_name(address: str) -> bool:
    """Whether a certificate can be for this address: none is for the machine's own loopback."""
    return urlsplit(address).hostname not in ("127.0.0.1", "::1", "localhost")
