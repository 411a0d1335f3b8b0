"""A visitor's requests: one HTTP client for all, a cookie jar for each."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.netutil import Resolver
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from bench.trouble import Trouble

# Seconds. Only a bound for what never comes.
PATIENCE = 300.0
AT_ONCE = 1000
LARGEST = 200 * 1024 * 1024

Result = TypeVar("Result")


@dataclass
class Browser:
    """What a browser keeps between requests."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str) -> str:
        """A page; raises `Trouble` for a status of 400 and more."""
        return await self._ask(path, None)

    async def post(self, path: str, form: Mapping[str, str]) -> str:
        """Send a form."""
        return await self._ask(path, urlencode(form))

    @property
    def cookie(self) -> str:
        """All cookies as one header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    @property
    def headers(self) -> dict[str, str]:
        """What goes with each request."""
        return {"Cookie": self.cookie, "Accept-Encoding": "gzip"} if self.cookies else {"Accept-Encoding": "gzip"}

    async def _ask(self, path: str, body: str | None) -> str:
        request = HTTPRequest(
            self.address + path, "GET" if body is None else "POST", self.headers, body, follow_redirects=False,
            connect_timeout=PATIENCE, request_timeout=PATIENCE,
        )  # fmt: skip
        try:
            answer = await _client().fetch(request, raise_error=False)
        except (HTTPClientError, OSError) as error:
            raise Trouble(f"{path}: {error}") from None
        if answer.code >= 400:
            raise Trouble(f"{path}: {answer.code} {answer.body[:300]!r}")
        for line in answer.headers.get_list("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.body.decode(errors="replace")


class Here(Resolver):
    """Addresses are numbers of this machine: no thread looks each up in the system's files, beside the server."""

    async def resolve(self, host: str, port: int, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[Any]:
        return [(socket.AF_INET, (host, port))]


Resolver.configure(Here)


def _client() -> AsyncHTTPClient:
    # One for each event loop, which would else let ten requests through at a time.
    return SimpleAsyncHTTPClient(max_clients=AT_ONCE, max_body_size=LARGEST, max_buffer_size=LARGEST)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """What the coroutine returns. In a thread of its own: a browser that is being driven holds this one's loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
