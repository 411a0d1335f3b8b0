"""The address in join links and QR codes: what was said, what a facilitator has chosen, or what is likeliest now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kit.serving.network import Kind, Own, addresses
from kit.serving.site import Site

EVERYWHERE = ("", "0.0.0.0", "::")


@dataclass(frozen=True)
class Reachable:
    """One address at which this server can be reached.

    url      scheme, host, port and path, without a slash at the end
    network  the name that the system has for its network; empty for one that was given
    reached  whether phones in the room can be expected to reach it
    """

    url: str
    network: str
    kind: Kind
    reached: bool


@dataclass
class Reach:
    """Where a server can be reached, as it is at this moment.

    host, port  what it listens on
    chosen      the address that the facilitator wants; it counts as long as the machine has it
    """

    site: Site
    host: str
    port: int
    scheme: str = "http"
    chosen: str = ""
    look: Callable[[], Sequence[Own]] = addresses

    def choices(self) -> list[Reachable]:
        """All addresses, the likeliest first; the one that was given when the server started leaves no choice."""
        if self.site.address:
            return [Reachable(self.site.address, "", Kind.PUBLIC, True)]
        if self.host in EVERYWHERE:
            return [self._choice(one) for one in self.look()]
        known = next((one for one in self.look() if one.ip == self.host), None)
        return [self._choice(known or Own(self.host, "", Kind.LOOPBACK if self._is_loopback else Kind.LAN))]

    @property
    def now(self) -> Reachable:
        """The address that join links have now."""
        found = self.choices()
        return next((one for one in found if one.url == self.chosen), found[0])

    @property
    def local(self) -> str:
        """Where this machine itself reaches the server, whatever its networks do."""
        at = "127.0.0.1" if self.host in EVERYWHERE else self.host
        return self._url(at)

    @property
    def _is_loopback(self) -> bool:
        return self.host.startswith("127.") or self.host in ("::1", "localhost")

    def _choice(self, one: Own) -> Reachable:
        return Reachable(self._url(one.ip), one.network, one.kind, one.kind.reached)

    def _url(self, host: str) -> str:
        named = f"[{host}]" if ":" in host else host
        return f"{self.scheme}://{named}:{self.port}{self.site.base}"
