"""Where this machine can be reached: its addresses and what they are good for, a free port, a QR code."""

from __future__ import annotations

import errno
import io
import ipaddress
import re
import socket
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

import psutil

from kit.errors import PortInUse, WrongOption

# The quiet edge of a QR code, in modules; from how many modules away a phone reads it.
BORDER, MODULES_AWAY = 3, 250
_SOME_PORTS = 20
# A documentation address (RFC 5737): connecting a datagram socket sends nothing, it only picks a route.
_ANYWHERE = ("192.0.2.1", 9)
# How networks are called that phones seldom reach, on Linux, macOS and Windows.
_TUNNEL = re.compile(
    r"(tun|tap|utun|wg|ppp|ipsec|zt|tailscale|nordlynx|proton|gpd|cscotun|nebula|ham)[\d_-]|vpn|wireguard|wintun|"
    r"tap-windows|tailscale|zerotier|hamachi|warp|mullvad|windscribe|surfshark|netbird|^wt\d|^hnet\d", re.IGNORECASE,
)  # fmt: skip
_INNER = re.compile(
    r"docker|br-[0-9a-f]{6}|veth|virbr|vmnet|vboxnet|lxc|lxd|podman|cni|flannel|cali|vethernet|virtualbox|vmware|"
    r"hyper-v|wsl|multipass|anbox|waydroid|ifb|dummy", re.IGNORECASE,
)  # fmt: skip
# The way over a mobile modem: it leads to the internet, and no phone comes in by it.
_MOBILE = re.compile(r"ww(?:an|p|x|u)|rmnet|pdp_ip|cellul|mobile broadband|haut d[ée]bit mobile", re.IGNORECASE)
_WIFI = re.compile(r"wl|wi-?fi|wlan|ap\d|ath\d|ra\d|hotspot|airport|bridge100|local area connection\*", re.IGNORECASE)
# Addresses that systems give themselves when they are the hotspot: Windows, NetworkManager, Android, iOS.
_HOTSPOTS = ("192.168.137.1", "10.42.0.1", "192.168.43.1", "192.168.49.1", "172.20.10.1")
_SHARED = ipaddress.ip_network("100.64.0.0/10")
# Linux inside a Chromebook, and inside Windows: networks of the machine around it.
_CHROMEBOOK, _WINDOWS = ipaddress.ip_network("100.115.92.0/23"), ipaddress.ip_network("172.16.0.0/12")
_VERSION, _CONTAINER = Path("/proc/version"), Path("/.dockerenv")


class Kind(Enum):
    """What an address is good for, the likeliest to be reached by phones first."""

    WIFI = "wifi"
    LAN = "lan"
    PUBLIC = "public"
    INNER = "inner"
    MOBILE = "mobile"
    TUNNEL = "tunnel"
    ALONE = "alone"
    LOOPBACK = "loopback"

    @property
    def reached(self) -> bool:
        """Whether phones in the room can be expected to reach it."""
        return self in (Kind.WIFI, Kind.LAN, Kind.PUBLIC)


@dataclass(frozen=True)
class Own:
    """An address of this machine: `network` is the name that the system has for it."""

    ip: str
    network: str
    kind: Kind


def addresses() -> list[Own]:
    """This machine's addresses as they are now (IPv4), the one that phones likeliest reach first; loopback last.

    There is always one: loopback, when there is no network at all.
    """
    state = psutil.net_if_stats()
    found = [
        Own(one.address, name, _kind(name, one, state[name].flags))
        for name, given in psutil.net_if_addrs().items()
        for one in given
        # A hotspot that nobody has joined yet is up, but nothing runs on it.
        if one.family == socket.AF_INET and name in state and (state[name].isup or "up" in state[name].flags.split(","))
    ]
    routed, kinds = _routed(), list(Kind)
    if not any(one.kind.reached for one in found):
        # A bridge for virtual machines can be what holds the machine's own network.
        found = [replace(one, kind=Kind.LAN) if _is_bridged(one, routed) else one for one in found]

    def rank(one: Own) -> tuple[bool, bool, int, bool, bool, str]:
        quiet, kind = not state[one.network].isup, one.kind
        return not kind.reached, quiet, kinds.index(kind), one.ip not in _HOTSPOTS, one.ip != routed, one.network

    others = [one for one in found if one.kind is not Kind.LOOPBACK]
    return [*sorted(others, key=rank), Own("127.0.0.1", "lo", Kind.LOOPBACK)]


def own_addresses() -> set[str]:
    """Every address of this machine, IPv6 too."""
    internet = (socket.AF_INET, socket.AF_INET6)
    given = (one for each in psutil.net_if_addrs().values() for one in each if one.family in internet)
    return {"127.0.0.1", "::1", *(one.address.partition("%")[0].lower() for one in given)}


def _is_bridged(one: Own, routed: str) -> bool:
    return one.kind is Kind.INNER and one.ip == routed and bool(_INNER.search(one.network)) and not _is_within(one.ip)


def _is_within(ip: str) -> bool:
    """Whether an address is known inside this computer only, since the kit runs in a machine within it."""
    where = ipaddress.ip_address(ip)
    windows = where in _WINDOWS and _VERSION.is_file() and "microsoft" in _VERSION.read_text("utf-8").lower()
    return where in _CHROMEBOOK or windows or (where in _WINDOWS and _CONTAINER.exists())


def _kind(name: str, one: Any, flags: str) -> Kind:
    ip = ipaddress.ip_address(one.address)
    system = Path("/sys/class/net") / name
    if ip.is_loopback:
        return Kind.LOOPBACK
    if ip.is_link_local:
        return Kind.ALONE
    if _is_within(one.address) or _INNER.search(name):
        return Kind.INNER
    if _MOBILE.match(name):
        return Kind.MOBILE
    if one.ptp or "pointopoint" in flags or _TUNNEL.search(name) or (system / "tun_flags").exists():
        return Kind.TUNNEL
    if _WIFI.match(name) or one.address in _HOTSPOTS or (system / "phy80211").exists():
        # The Wi-Fi of hotels and trains can have such addresses too.
        return Kind.WIFI
    if ip in _SHARED:
        return Kind.TUNNEL
    return Kind.LAN if ip.is_private else Kind.PUBLIC


def _routed() -> str:
    """The address from which this machine speaks with the rest of the world; empty without a way there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ANYWHERE)
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def bind(host: str, port: int | None, first: int = 8866) -> tuple[list[socket.socket], int]:
    """Open listening sockets on `port`, or on the first free one from `first` on when none was asked for.

    Raises `PortInUse` when the port that was asked for is taken, `WrongOption` when `host` is none of this machine's.
    """
    from tornado.netutil import bind_sockets

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in [port] if port is not None else range(first, first + _SOME_PORTS):
        try:
            sockets = bind_sockets(candidate, host, family=family)
        except (socket.gaierror, UnicodeError):
            raise _no_host(host) from None
        except OSError as error:
            if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL):
                raise _no_host(host) from None
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
        else:
            return sockets, int(sockets[0].getsockname()[1])
    raise PortInUse(port=port if port is not None else f"{first}–{first + _SOME_PORTS - 1}")


def _no_host(host: str) -> WrongOption:
    return WrongOption(option="--host", value=host, allowed=", ".join(["0.0.0.0", *(one.ip for one in addresses())]))


def scanned_from(link: str, side: float) -> float:
    """About how far away a phone reads the link's code, in the unit of its `side`.

    By the rule of ten to one: ten times the side of a code with 25 modules, so 250 times a module; a longer link has
    more and smaller ones.
    """
    return MODULES_AWAY * side / _modules(link)


@lru_cache(maxsize=32)
def _modules(link: str) -> int:
    """How many modules a join link's code has, its border with them."""
    import segno

    return int(segno.make(link, error="m", micro=False).symbol_size(border=BORDER)[0])


@lru_cache(maxsize=32)
def join_qr(link: str, title: str) -> str:
    """The code of a join link, which everybody may see: worked out once, for console and wall ask it at each change."""
    return qr_svg(link, title)


def qr_svg(link: str, title: str) -> str:
    """The link as a QR code, an SVG to be inlined, with `title` as its name for screen readers."""
    import segno

    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        border=BORDER,
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
