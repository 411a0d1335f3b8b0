"""What server, warm process and kernel say to each other, over local sockets that keep messages apart.

The server sends a request for each kernel through the one socket of the warm process, together with
three descriptors: one end of a line of that kernel's own, and the kernel's stdout and stderr. What follows
goes over the line; many kernels can be started at once from any thread or event loop.

    warm process → server   {"pid": …} and the kernel's pidfd
    server → kernel         GO; until then the kernel touches no file and no socket
    kernel → server         {"up": true}: its sockets are bound, or {"errno": …, "text": …, "path": …}
    warm process → server   {"exit": …}: the exit status as `subprocess` counts it

A server that gives up closes its end: a kernel that has not been told to go never will.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any, TypedDict

GO = b"go"
# A message cannot be longer than this (bytes); environments are far shorter.
LONGEST = 190_000
_SEND_BUFFER = 4 * LONGEST


class Request(TypedDict):
    """How a kernel is to be started.

    argv    as the kernelspec has it, from the interpreter on
    env     the whole environment
    cwd     the working directory
    files   what is to be removed when the server dies: connection file and sockets
    """

    argv: list[str]
    env: dict[str, str]
    cwd: str
    files: list[str]


class Note(TypedDict, total=False):
    """What the warm process tells the guard: the whole request before it forks, then that the kernel (a pid) was
    born, and that it died.
    """

    files: list[str]
    born: int
    died: int


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected ends; neither is inherited by other programs."""
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (near, far):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    return near, far


def pack(message: Mapping[str, Any]) -> bytes:
    """A message as bytes; paths and values that are not UTF-8 pass too."""
    return json.dumps(message).encode("ascii")


def unpack(data: bytes) -> Any:
    """What `pack` packed."""
    return json.loads(data)


def send(end: socket.socket, message: Mapping[str, Any], fds: tuple[int, ...] = ()) -> None:
    """Send one message; raises OSError when nobody listens any more."""
    socket.send_fds(end, [pack(message)], fds)


def receive(end: socket.socket, most_fds: int = 0) -> tuple[Any, list[int]]:
    """One message and its descriptors; (None, []) when the other side has hung up."""
    data, fds = receive_packed(end, most_fds)
    return (unpack(data) if data else None), fds


def receive_packed(end: socket.socket, most_fds: int) -> tuple[bytes, list[int]]:
    """One message as it came; empty when the other side has hung up."""
    try:
        data, fds, *_ = socket.recv_fds(end, LONGEST, most_fds, socket.MSG_CMSG_CLOEXEC)
    except ConnectionResetError:
        # Told once, before what is still to be read: the other side has hung up without reading everything.
        data, fds, *_ = socket.recv_fds(end, LONGEST, most_fds, socket.MSG_CMSG_CLOEXEC)
    return data, fds
