"""How a request comes in: which scheme and host it asked for, and the path without what stands before the kit's own."""

from __future__ import annotations

import socket
import time
from typing import Any
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler

from kit.serving.headers import set_headers
from kit.serving.network import own_addresses
from kit.serving.site import Site

HEALTH = "/healthz"
# So often the machine is asked at most for its addresses: a phone's hotspot may have given it another one.
LOOK_AGAIN_SECONDS = 2.0


class Elsewhere(RequestHandler):
    """The answer to a request for another host: a page of another site that has pointed its name here."""

    def set_default_headers(self) -> None:
        set_headers(self)

    def prepare(self) -> None:
        """421 for every method. Nobody but an attacker, or a trainer whose proxy is not set up yet, reads it."""
        self.set_status(421)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("421: this workshop has another address (--address, --allow-host)\n")


class Arrivals(Application):
    """An application below a path, which asks who may say what about a request before any page sees it."""

    def open_site(self, site: Site) -> None:
        """Take what was said about the site; call before anything is served."""
        self.site = site
        self._own: frozenset[str] = frozenset()
        self._looked = float("-inf")

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> Any:
        """The page for a request, or 421 when it was meant for another host."""
        self._believe(request)
        if request.path != HEALTH and not self._knows(_name(request.host)):
            return self.get_handler_delegate(request, Elsewhere)
        base = self.site.base
        # A proxy may have taken the path off already.
        if base and (request.path == base or request.path.startswith(base + "/")):
            request.path = request.path[len(base) :] or "/"
        return super().find_handler(request, **kwargs)

    def _believe(self, request: HTTPServerRequest) -> None:
        """What a proxy says counts only when it is one that was named; whoever else says it is not heard."""
        scheme, host = (request.headers.pop(name, "") for name in ("X-Forwarded-Proto", "X-Forwarded-Host"))
        if not self.site.believes(request.remote_ip):
            return
        # A chain of proxies writes one behind the other; the last word is that of the one we know.
        scheme, host = scheme.rpartition(",")[2].strip(), host.rpartition(",")[2].strip()
        if scheme in ("http", "https"):
            request.protocol = scheme
        if host:
            request.headers["Host"] = request.host = host

    def _knows(self, name: str) -> bool:
        if name in self.site.hosts or name in ("localhost", self.site.host):
            return True
        if name not in self._own and time.monotonic() - self._looked > LOOK_AGAIN_SECONDS:
            self._own, self._looked = own_names(), time.monotonic()
        return name in self._own


def own_names() -> frozenset[str]:
    """The names and addresses that this machine has right now."""
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return frozenset((name, short, f"{short}.local", *own_addresses()))


def _name(host: str) -> str:
    """The name in a Host header, without port and brackets; empty when it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""
