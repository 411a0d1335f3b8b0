"""Where a server stands: its public address, the path below which it is, and whom it believes about both."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from kit.errors import WrongOption

LOOPBACK = "127.0.0.0/8,::1"
_BASE = re.compile(r"(/[\w.~@-]+)+", re.ASCII)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Site:
    """What was said about it when the server was started.

    address  scheme, host, port and path at which people reach it, without a slash at the end; empty: the machine's own
    base     the path below which all its pages are, "" or "/name"
    proxies  where proxies are that are believed when they say which scheme and host a browser asked for
    hosts    further names under which it may be asked for
    """

    address: str = ""
    base: str = ""
    proxies: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public address; empty when none was given."""
        place = urlsplit(self.address)
        return f"{place.scheme}://{place.netloc}" if self.address else ""

    @property
    def host(self) -> str:
        """The name in the public address; empty when none was given."""
        return urlsplit(self.address).hostname or ""

    def believes(self, ip: str | None) -> bool:
        """Whether a proxy that was named stands at this address."""
        try:
            where = ipaddress.ip_address(ip or "")
        except ValueError:
            return False
        return any(where in network for network in self.proxies)


def site(address: str = "", base: str = "", proxies: str | None = None, hosts: Iterable[str] = ()) -> Site:
    """A site from what was typed; raises `WrongOption`.

    The path comes from the address, or from `base`; said twice, it must be the same. A proxy needs an address: what
    people type is known to it alone.
    """
    public, path = _address(address), _base(base)
    within = urlsplit(public).path
    if within and path and within != path:
        raise WrongOption(option="--base-url", value=base, allowed=within)
    if proxies is not None and not public:
        raise WrongOption(option="--behind-proxy", value="", allowed="--address https://example.org --behind-proxy")
    if public and not within:
        public += path
    return Site(public, path or within, _networks(proxies), frozenset(one.lower() for one in hosts))


def _address(typed: str) -> str:
    try:
        place = urlsplit(typed.strip())
        usable = place.scheme in ("http", "https") and place.hostname and place.port != 0
    except ValueError:
        usable = False
    if not typed:
        return ""
    if not usable or place.query or place.fragment or "@" in place.netloc:
        raise WrongOption(option="--address", value=typed, allowed="http://192.0.2.7:8866, https://example.org/name")
    return f"{place.scheme}://{place.netloc.lower()}{_base(place.path)}"


def _base(typed: str) -> str:
    path = "/" + typed.strip().strip("/")
    if path == "/":
        return ""
    if not _BASE.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise WrongOption(option="--base-url", value=typed, allowed="/name, /user/name/workshop")
    return path


def _networks(typed: str | None) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in (typed or "").split(",") if one.strip())
    except ValueError:
        raise WrongOption(option="--behind-proxy", value=typed, allowed="127.0.0.1, 10.0.0.0/8") from None
