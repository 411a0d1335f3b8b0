"""Ports for servers that have to be told theirs before they start."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress
from pathlib import Path

_HANDED_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
_FIRST = 10_240


def free_port() -> int:
    """A port on loopback that nobody listens on, below those that the system hands out by itself.

    One that the system has just given is free for an instant only: until the server that was meant listens there, a
    connection or another test may have been given it. `secrets`: a plugin may have seeded `random` alike everywhere.
    """
    end = int(_HANDED_OUT.read_text().split()[0]) if _HANDED_OUT.exists() else 32_768
    while True:
        port = _FIRST + secrets.randbelow(max(end - _FIRST, 10_000))
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
