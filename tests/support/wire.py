"""Bytes on the line as no browser sends them: raw HTTP, raw websocket frames."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import ssl
from urllib.parse import urlsplit

from tests.support.waiting import PATIENCE


def connect(address: str, patience: float = PATIENCE) -> socket.socket:
    """A line to the server, with TLS where it has that."""
    place = urlsplit(address)
    line = socket.create_connection((str(place.hostname), place.port), timeout=patience)
    if place.scheme == "https":
        return ssl._create_unverified_context().wrap_socket(line, server_hostname=str(place.hostname))
    return line


def head(address: str, path: str, *lines: str, method: str = "GET", version: str = "HTTP/1.1") -> bytes:
    """The beginning of a request, with the right host and below the right path."""
    place = urlsplit(address)
    told = [f"{method} {place.path}{path} {version}", f"Host: {place.netloc}", *lines, "", ""]
    return "\r\n".join(told).encode("utf-8", "surrogateescape")


def answer(line: socket.socket, most: int = 200_000) -> bytes:
    """What comes until the other side hangs up, or the headers and what follows at once."""
    got = b""
    while len(got) < most:
        try:
            more = line.recv(65536)
        except (TimeoutError, OSError):
            break
        if not more:
            break
        got += more
        if complete(got):
            break
    return got


def complete(got: bytes) -> bool:
    """Whether a whole answer is there."""
    header, ends, body = got.partition(b"\r\n\r\n")
    low = header.lower()
    if not ends:
        return False
    if b"content-length:" in low:
        return len(body) >= int(low.partition(b"content-length:")[2].split()[0])
    return body.endswith(b"0\r\n\r\n") if b"chunked" in low else b" 204 " in low or b" 304 " in low or b" 101 " in low


def ask(address: str, request: bytes, patience: float = PATIENCE) -> tuple[int, bytes]:
    """One request as it is; the status (0: hung up without a word) and the whole answer."""
    with connect(address, patience) as line:
        # It hangs up as soon as it has read enough; what it says is there to be read.
        with contextlib.suppress(OSError):
            line.sendall(request)
        got = answer(line)
    return (int(got.split()[1]) if got.startswith(b"HTTP/") else 0), got


def upgrade(address: str, page: str, cookie: str, *lines: str) -> tuple[socket.socket, bytes]:
    """Ask for a page's line by hand; the socket, and how the server answered."""
    wanted = (
        f"Cookie: {cookie}", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Protocol: v1.kernel.websocket.jupyter.org", *lines,
    )  # fmt: skip
    line = connect(address)
    line.sendall(head(address, f"/api/kernels/{page}/channels?session_id=x", *wanted))
    return line, answer(line)


def frame(payload: bytes, first: int = 0x82) -> bytes:
    """A websocket frame; `first` is its first byte (0x82: the whole of a binary message)."""
    mask = 0x80
    size = len(payload)
    if size < 126:
        start = bytes([first, mask | size])
    elif size < 65536:
        start = bytes([first, mask | 126]) + size.to_bytes(2, "big")
    else:
        start = bytes([first, mask | 127]) + size.to_bytes(8, "big")
    # A mask of zeros leaves the payload as it is.
    return start + bytes(4) + payload


def hangs_up(line: socket.socket, patience: float = PATIENCE) -> bool:
    """Whether the other side closes the line."""
    line.settimeout(patience)
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True
