"""The trainer's page: plain HTML without a script, on the loopback address only, below a path that nobody can guess.

It is for a browser that asks for this very address: another site knows neither the path nor, by a name of its own that
leads here, may it use it.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

from kit.cli.home.house import House
from kit.cli.home.views import BrowserAsk, Reply, answer
from kit.cli.home.work import LOOPBACK
from kit.texts import default_language, languages

# Files of answers are small: five thousand of the usual size fit.
LARGEST_FORM = 64_000_000
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}  # fmt: skip
# What a browser says of a form that another page sends, though it should have learned the address: another port of this
# machine is one, too. The page's own says no origin ("null"), since it sends no referrer.
ELSEWHERE = ("cross-site", "same-site")


@dataclass
class Home:
    """The page and what it does; `seen` is set once a browser has come."""

    house: House
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    seen: Event = field(default_factory=Event)


@contextlib.contextmanager
def page(home: Home, port: int) -> Iterator[str]:
    """Serve the page inside; its address."""
    server = ThreadingHTTPServer((LOOPBACK, port), _handler(home))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}/{home.token}/"
    finally:
        server.shutdown()
        server.server_close()


def _handler(home: Home) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        """Everything below `/TOKEN/`."""

        def log_message(self, *_said: object) -> None:
            """Nothing about who asked for what."""

        def do_GET(self) -> None:
            self._answer({}, ())

        def do_POST(self) -> None:
            told = self.headers.get("Content-Length") or "0"
            length = int(told) if told.isascii() and told.isdigit() else LARGEST_FORM + 1
            allowed = self._allowed() and self.headers.get("Sec-Fetch-Site") not in ELSEWHERE
            if not allowed or length > LARGEST_FORM:
                self.close_connection = True
                return self._send(Reply(b"", 413 if allowed else 404))
            return self._answer(*_parsed(self.headers.get("Content-Type", ""), self.rfile.read(length)))

        def _answer(self, form: Mapping[str, Sequence[str]], sent: Sequence[tuple[str, bytes]]) -> None:
            if not self._allowed():
                return self._send(Reply(b"", 404))
            home.seen.set()
            path = urlsplit(self.path).path.removeprefix(f"/{home.token}/")
            return self._send(answer(home.house, BrowserAsk(self.command, path, self._lang(), form, sent)))

        def _allowed(self) -> bool:
            """Only this page's own address and path."""
            assert isinstance(self.server, ThreadingHTTPServer)
            own = self.headers.get("Host") == f"{LOOPBACK}:{self.server.server_port}"
            start, given, *rest = [one.encode("utf-8", "replace") for one in self.path.split("/")] + [b""]
            return own and not start and len(rest) > 1 and secrets.compare_digest(given, home.token.encode())

        def _lang(self) -> str:
            asked_for = parse_qs(urlsplit(self.path).query).get("lang", [""])[0]
            accepted = self.headers.get("Accept-Language", "")[:2].lower()
            return next((one for one in (asked_for, accepted) if one in languages()), default_language())

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            own = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(reply.body))}
            if reply.to is not None:
                # A path of the page's own keeps the language; the way into a workshop stands as it is.
                lead = reply.to if "://" in reply.to else f"/{home.token}/{reply.to}?lang={self._lang()}"
                own["Location"] = lead
            for name, value in {**HEADERS, **own, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)
            if reply.last:
                self.wfile.flush()
                home.house.over.set()

    return Page


def _parsed(kind: str, body: bytes) -> tuple[dict[str, list[str]], list[tuple[str, bytes]]]:
    """A form's fields, and the files that were sent with it."""
    from tornado.httputil import HTTPFile, parse_body_arguments

    fields: dict[str, list[bytes]] = {}
    files: dict[str, list[HTTPFile]] = {}
    parse_body_arguments(kind, body, fields, files)
    told = {name: [one.decode("utf-8", "replace") for one in values] for name, values in fields.items()}
    return told, [(one.filename, one.body) for own in files.values() for one in own if one.body]
