"""One person's browser as the server sees it: cookies, a language, and no redirects followed unseen."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import secrets
import ssl
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urlsplit

from kit.rehearsal import PageClient
from tests.support.waiting import PATIENCE

# Where the requests come from and as what: neither may be found anywhere afterwards.
SOURCE = "127.0.0.2" if sys.platform == "linux" else "127.0.0.1"
AGENT = "Telephone-of-somebody/7.0"
_CONFIG = re.compile(r'<script type="application/json" id="kit-config">(.*?)</script>', re.DOTALL)
_WORDS = re.compile(r"data-words>([^<]+)<")


@dataclass(frozen=True)
class Reply:
    """What came back; `size` is how long it was on the way (bytes)."""

    status: int
    headers: http.client.HTTPMessage
    text: str
    size: int = 0

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers.get("Location", "")

    def kernel(self) -> str:
        """The kernel that a Voila page was made with."""
        found = _CONFIG.search(self.text)
        assert found, f"{self.status}: a page without a kernel: {self.text[:400]}"
        return str(json.loads(found[1])["kernelId"])


@dataclass
class Device:
    """A browser with its own cookie jar."""

    address: str
    lang: str = "fr"
    cookies: dict[str, str] = field(default_factory=dict)
    source: str = SOURCE

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """GET."""
        return self.ask("GET", path, None, headers)

    def post(self, path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Reply:
        """POST a form, as from a page that this browser has had."""
        typed = {"Content-Type": "application/x-www-form-urlencoded"}
        token = self.cookies.setdefault("form", secrets.token_urlsafe(16))
        return self.ask("POST", path, urlencode({"form": token, **form}).encode(), typed | dict(headers or {}))

    def ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """Any request; `path` goes on the line as it is."""
        place = urlsplit(self.address)
        path = path if path.startswith(place.path + "/") else place.path + path
        there = (str(place.hostname), place.port)
        # A test's certificate is one that nobody has signed.
        line = (
            http.client.HTTPSConnection(*there, timeout=PATIENCE, context=ssl._create_unverified_context())
            if place.scheme == "https"
            else http.client.HTTPConnection(*there, timeout=PATIENCE, source_address=(self.source, 0))
        )
        own = {"User-Agent": AGENT, "Accept-Language": self.lang, "Cookie": self.cookie}
        try:
            line.request(method, path, body, own | dict(headers or {}))
            answer = line.getresponse()
            sent = answer.read()
            body = gzip.decompress(sent) if answer.headers["Content-Encoding"] == "gzip" else sent
            reply = Reply(answer.status, answer.headers, body.decode(errors="replace"), len(sent))
        finally:
            line.close()
        self._keep(reply)
        return reply

    @property
    def cookie(self) -> str:
        """All cookies as one header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def take_seat(self, code: str, sector: str = "settlement") -> str:
        """Through the front door; returns the words of the card."""
        reply = self.post(f"/j/{code}", {"sector": sector})
        assert (reply.status, reply.location) == (303, f"{urlsplit(self.address).path}/card"), reply.text
        found = _WORDS.search(self.get("/card").text)
        assert found
        return unescape(found[1])

    def host(self, session_id: str, key: str) -> None:
        """Become the facilitator."""
        reply = self.post("/host", {"session": session_id, "key": key})
        assert (reply.status, reply.location) == (303, f"{urlsplit(self.address).path}/console"), reply.text

    def enter(self, path: str = "/w") -> str:
        """Load a Voila page as a browser does; returns its kernel's id."""
        reply = self.get(path)
        assert reply.status == 200, reply.text
        return reply.kernel()

    @asynccontextmanager
    async def line(self, kernel: str) -> AsyncIterator[PageClient]:
        """The page's line to its kernel."""
        page = await PageClient.open(self.address, kernel, self.cookie)
        try:
            yield page
        finally:
            page.close()

    @asynccontextmanager
    async def page(self, path: str = "/w") -> AsyncIterator[PageClient]:
        """Load a page and connect; on the way out, say good-bye as the page does."""
        kernel = self.enter(path)
        async with self.line(kernel) as page:
            yield page
        self.leave(kernel)

    def leave(self, kernel: str) -> None:
        """The good-bye of a page."""
        assert self.post("/leave", {"kernel": kernel}).status == 204

    def _keep(self, reply: Reply) -> None:
        for line in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            if value.strip('"'):
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
