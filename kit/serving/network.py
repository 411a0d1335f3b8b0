"""Where this machine can be reached: its address on the local network, a free port, a QR code."""

from __future__ import annotations

import errno
import io
import socket

from kit.errors import PortInUse

# A documentation address (RFC 5737): connecting a datagram socket sends nothing, it only picks a route.
_ANYWHERE = ("192.0.2.1", 9)
_SOME_PORTS = 20


def lan_address() -> str:
    """This machine's address on the local network; 127.0.0.1 when there is no network at all."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ANYWHERE)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def bind(host: str, port: int | None, first: int = 8866) -> tuple[list[socket.socket], int]:
    """Open listening sockets on `port`, or on the first free one from `first` on when none was asked for.

    Raises `PortInUse` when the port that was asked for is taken.
    """
    from tornado.netutil import bind_sockets

    for candidate in [port] if port is not None else range(first, first + _SOME_PORTS):
        try:
            sockets = bind_sockets(candidate, host, family=socket.AF_INET)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
        else:
            return sockets, int(sockets[0].getsockname()[1])
    raise PortInUse(port=port if port is not None else f"{first}–{first + _SOME_PORTS - 1}")


def qr_svg(link: str, title: str) -> str:
    """The link as a QR code, an SVG to be inlined, with `title` as its name for screen readers."""
    import segno

    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        border=3,
        scale=1,
        omitsize=True,
        title=title,
        dark="#000",
        light="#fff",
    )
    return out.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)


def qr_text(link: str) -> str:
    """The link as a QR code for a terminal."""
    import segno

    out = io.StringIO()
    segno.make(link, error="l", micro=False).terminal(out, compact=True, border=2)
    return out.getvalue()
