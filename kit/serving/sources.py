"""Where a request comes from, as a key that tells sources apart and says nothing about any of them."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass, field

from tornado.httputil import HTTPServerRequest

from kit.serving.site import Site

# What one household, room or rented server has of IPv6 at least.
PREFIX = 64


@dataclass(frozen=True)
class SourceKeys:
    """`secret` is drawn anew for each server and kept nowhere, so that no key leads back to an address."""

    site: Site
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def of(self, request: HTTPServerRequest, about: str = "") -> bytes:
        """The key of this request's source; with `about`, one for this source and that thing alone."""
        whole = f"{network_of(self._address(request))}/{about}"
        return hashlib.blake2b(whole.encode(), key=self.secret, digest_size=16).digest()

    def _address(self, request: HTTPServerRequest) -> str:
        """The visitor's address: a proxy that was named says it, and nobody else is asked."""
        address = request.remote_ip or ""
        if self.site.believes(address):
            # Each proxy writes behind the one before it; what a visitor has made up stands further left.
            for said in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
                if not network_of(said.strip()):
                    break
                address = said.strip()
                if not self.site.believes(address):
                    break
        return address


def network_of(address: str) -> str:
    """The address of IPv4, or the network of IPv6 that its holder has; empty for what is none."""
    try:
        where = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(where, ipaddress.IPv4Address):
        return str(where)
    if where.ipv4_mapped is not None:
        return str(where.ipv4_mapped)
    return str(ipaddress.ip_network((where.packed, PREFIX), strict=False))
