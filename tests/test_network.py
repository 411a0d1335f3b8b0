"""The address for phones: which of a machine's addresses comes first, and what is said when none will do."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from kit.errors import WrongOption
from kit.serving import network
from kit.serving.network import Kind, Own, addresses, bind
from kit.serving.reach import Reach
from kit.serving.site import Site, site
from kit.texts import say
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import KIT, ROOT, environment

Interface = tuple[str, str, str]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Own]]:
    """A machine with these networks (name, address, flags), of which one leads to the rest of the world."""

    def look(*interfaces: Interface, routed: str = "") -> list[Own]:
        given: dict[str, list[object]] = {}
        for name, ip, _ in interfaces:
            one = SimpleNamespace(family=socket.AF_INET, address=ip, ptp=None)
            given.setdefault(name, []).append(one)
        flags = {name: SimpleNamespace(isup=said.startswith("up"), flags=said) for name, _, said in interfaces}
        monkeypatch.setattr(psutil, "net_if_addrs", lambda: given)
        monkeypatch.setattr(psutil, "net_if_stats", lambda: flags)
        monkeypatch.setattr(network, "_routed", lambda: routed)
        return addresses()

    return look


LO: Interface = ("lo", "127.0.0.1", "up,loopback,running")


@pytest.mark.parametrize(
    ("interfaces", "routed", "first"),
    [
        # Linux: Wi-Fi and a tunnel through which everything goes; two kinds of tunnel; a bridge for containers.
        ([LO, ("wlp2s0", "192.168.1.20", "up"), ("tun0", "10.8.0.6", "up,pointopoint")], "10.8.0.6", "192.168.1.20"),
        ([LO, ("wlan0", "192.168.137.1", "up")], "", "192.168.137.1"),
        ([LO, ("docker0", "172.17.0.1", "up"), ("br-0a1b2c3d4e5f", "172.18.0.1", "up"), ("eth0", "10.3.0.9", "up")],
         "172.17.0.1", "10.3.0.9"),
        ([LO, ("tailscale0", "100.101.102.103", "up"), ("enp3s0", "192.168.0.4", "up")], "100.101.102.103",
         "192.168.0.4"),
        # At the wire for the internet, and a hotspot of its own for phones.
        ([LO, ("enp3s0", "10.20.0.7", "up"), ("wlp2s0", "10.42.0.1", "up")], "10.20.0.7", "10.42.0.1"),
        ([LO, ("enp3s0", "10.20.0.7", "up"), ("enp4s0", "10.21.0.7", "up")], "10.21.0.7", "10.21.0.7"),
        # Windows: its own names.
        ([("Ethernet", "192.168.0.12", "up"), ("vEthernet (WSL)", "172.28.64.1", "up"),
          ("Local Area Connection* 2", "192.168.137.1", "up")], "192.168.0.12", "192.168.137.1"),
        ([("Wi-Fi", "192.168.0.12", "up"), ("NordLynx", "10.5.0.2", "up"), ("OpenVPN TAP-Windows6", "10.9.0.2", "up")],
         "10.5.0.2", "192.168.0.12"),
        # macOS: a tunnel, and its own internet sharing.
        ([("lo0", "127.0.0.1", "up"), ("utun3", "10.8.0.2", "up,pointopoint"), ("en0", "192.168.2.5", "up")],
         "10.8.0.2", "192.168.2.5"),
        ([("en0", "10.1.1.5", "up"), ("bridge100", "192.168.2.1", "up")], "10.1.1.5", "192.168.2.1"),
        # A Wi-Fi that is off, and one that got no address.
        ([LO, ("wlan0", "192.168.1.9", "down"), ("eth0", "10.0.0.3", "up")], "10.0.0.3", "10.0.0.3"),
        # A hotspot that nobody has joined yet.
        ([LO, ("wlan0", "192.168.12.1", "broadcast,up"), ("tun0", "10.8.0.6", "up")], "10.8.0.6", "192.168.12.1"),
        ([LO, ("wlan0", "169.254.7.7", "up"), ("eth0", "10.0.0.3", "up")], "", "10.0.0.3"),
        # A server in a data centre.
        ([LO, ("eth0", "203.0.113.9", "up")], "203.0.113.9", "203.0.113.9"),
        # The Wi-Fi of a train, whose addresses tunnels use too; a mobile modem beside a wire.
        ([LO, ("wlp2s0", "100.70.3.9", "up"), ("wg0", "10.6.0.2", "up,pointopoint")], "10.6.0.2", "100.70.3.9"),
        ([LO, ("wwan0", "10.33.2.7", "up"), ("eth0", "192.168.0.5", "up")], "10.33.2.7", "192.168.0.5"),
        ([("Cellulaire", "10.33.2.7", "up"), ("Wi-Fi", "192.168.0.5", "up")], "10.33.2.7", "192.168.0.5"),
        # A phone on a cable for the internet, and a hotspot of the laptop's own.
        ([LO, ("usb0", "192.168.42.77", "up"), ("wlan0", "10.42.0.1", "up")], "192.168.42.77", "10.42.0.1"),
        ([LO], "", "127.0.0.1"),
    ],
)  # fmt: skip
def test_the_likeliest_comes_first(
    machine: Callable[..., list[Own]], interfaces: list[Interface], routed: str, first: str
) -> None:
    found = machine(*interfaces, routed=routed)
    assert found[0].ip == first
    assert found[-1].kind is Kind.LOOPBACK
    names = {name for name, ip, flags in interfaces if "down" not in flags and not ip.startswith("127.")}
    assert {one.network for one in found[:-1]} == names, "every one of them can be chosen, by its network's name"


def test_a_tunnel_alone_is_told_as_doubtful(machine: Callable[..., list[Own]]) -> None:
    (tunnel, _) = machine(LO, ("wg0", "10.6.0.2", "up"), routed="10.6.0.2")
    assert (tunnel.kind, tunnel.kind.reached) == (Kind.TUNNEL, False)


def test_a_modem_alone_and_a_machine_within_this_one_are_told_as_doubtful(
    machine: Callable[..., list[Own]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (modem, _) = machine(LO, ("wwp0s20f0u6", "10.33.2.7", "up"), routed="10.33.2.7")
    assert (modem.kind, modem.kind.reached) == (Kind.MOBILE, False)
    (inside, _) = machine(LO, ("eth0", "100.115.92.194", "up"), routed="100.115.92.194")
    assert (inside.kind, inside.kind.reached) == (Kind.INNER, False)
    (version := tmp_path / "version").write_text("Linux version 5.15.1-Microsoft-standard-WSL2", "utf-8")
    monkeypatch.setattr(network, "_VERSION", version)
    (inside, _) = machine(LO, ("eth0", "172.28.70.4", "up"), routed="172.28.70.4")
    assert (inside.kind, inside.kind.reached) == (Kind.INNER, False)


def test_a_switch_for_virtual_machines_can_hold_the_machines_own_network(machine: Callable[..., list[Own]]) -> None:
    (switch, _) = machine(("vEthernet (External)", "192.168.1.9", "up"), routed="192.168.1.9")
    assert switch.kind.reached
    (switch, _) = machine(("vEthernet (Default Switch)", "172.28.64.1", "up"), routed="")
    assert not switch.kind.reached


def reach(*ips: str, chosen: str = "", host: str = "0.0.0.0", where: Site | None = None) -> Reach:
    found = [Own(ip, "wlan0", Kind.WIFI) for ip in ips] + [Own("127.0.0.1", "lo", Kind.LOOPBACK)]
    return Reach(where or Site(), host, 8866, chosen=chosen, look=lambda: found)


class TestReach:
    def test_a_choice_counts_as_long_as_the_machine_has_it(self) -> None:
        assert reach("192.168.1.2", "192.168.1.3").now.url == "http://192.168.1.2:8866"
        wanted = "http://192.168.1.3:8866"
        assert reach("192.168.1.2", "192.168.1.3", chosen=wanted).now.url == wanted
        assert reach("192.168.1.2", chosen=wanted).now.url == "http://192.168.1.2:8866"

    def test_an_address_that_was_given_leaves_no_choice(self) -> None:
        given = reach("192.168.1.2", where=site("https://example.org/kit/"))
        assert [one.url for one in given.choices()] == ["https://example.org/kit"]
        assert given.local == "http://127.0.0.1:8866/kit"

    def test_a_server_that_listens_at_one_address_has_no_other(self) -> None:
        assert [one.url for one in reach("192.168.1.2", "10.0.0.2", host="10.0.0.2").choices()] == ["http://10.0.0.2:8866"]
        (alone,) = reach("192.168.1.2", host="localhost").choices()
        assert (alone.kind, alone.reached) == (Kind.LOOPBACK, False)


class TestSite:
    @pytest.mark.parametrize(
        ("address", "base", "public", "path"),
        [
            ("", "", "", ""), ("http://192.0.2.7:8866/", "", "http://192.0.2.7:8866", ""),
            ("https://Example.org/a/b/", "", "https://example.org/a/b", "/a/b"),
            ("https://example.org", "a", "https://example.org/a", "/a"), ("", "/user/jo~1/kit/", "", "/user/jo~1/kit"),
            ("https://example.org/a", "/a/", "https://example.org/a", "/a"),
        ],
    )  # fmt: skip
    def test_the_path_is_said_once(self, address: str, base: str, public: str, path: str) -> None:
        made = site(address, base)
        assert (made.address, made.base) == (public, path)

    @pytest.mark.parametrize(
        ("given", "option"),
        [
            ({"address": "example.org"}, "--address"), ({"address": "ftp://example.org"}, "--address"),
            ({"address": "http://"}, "--address"), ({"address": "http://a:b@example.org"}, "--address"),
            ({"address": "http://example.org/?a"}, "--address"), ({"address": "http://example.org:99999"}, "--address"),
            ({"base": "/a b"}, "--base-url"), ({"base": "/../x"}, "--base-url"), ({"base": "//"+"é"}, "--base-url"),
            ({"address": "https://example.org/a", "base": "/b"}, "--base-url"),
            ({"proxies": "127.0.0.1"}, "--behind-proxy"),
            ({"address": "https://example.org", "proxies": "proxy.example"}, "--behind-proxy"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_with_its_option(self, given: dict[str, str], option: str) -> None:
        with pytest.raises(WrongOption) as refused:
            site(**given)
        assert refused.value.details["option"] == option

    def test_a_network_of_proxies(self) -> None:
        made = site("https://example.org", proxies="10.0.0.0/8, ::1")
        assert all(made.believes(ip) for ip in ("10.9.8.7", "::1"))
        assert not any(made.believes(ip) for ip in ("11.0.0.1", "", None, "x"))


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.77", "fe80::1:2:3:4", "x" * 70, "a..b"])
def test_a_host_that_is_not_this_machines_is_told(host: str) -> None:
    with pytest.raises(WrongOption) as refused:
        bind(host, 0)
    assert refused.value.details["option"] == "--host"


# In network namespaces, as root on Linux: real interfaces, real sockets.

namespaces = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("ip"), reason="needs root and ip"
)
HOTSPOT = (
    "ip link set lo up; ip link add wlan0 type bridge; ip addr add 192.168.137.1/24 dev wlan0; ip link set wlan0 up"
)
MOVED = "ip addr del 192.168.137.1/24 dev wlan0; ip addr add 192.168.43.7/24 dev wlan0"
VPN = (
    f"{HOTSPOT}; ip route add default via 192.168.137.254 dev wlan0; ip tuntap add tun0 mode tun;"
    "ip addr add 10.8.0.6/24 dev tun0; ip link set tun0 up; ip route add 0.0.0.0/1 dev tun0"
)


@contextmanager
def workshop_in(folder: Path, set_up: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A workshop in a network of its own, and what it has said so far."""
    (folder / "home").mkdir()
    run = f"{set_up}; exec {shlex.join(KIT)} workshop --no-browser --exercises reflection --store {folder}/s.db"
    said: list[str] = []
    with subprocess.Popen(
        ["unshare", "-n", "sh", "-c", run], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=environment(folder, folder, "en") | {"PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        reading = threading.Thread(target=lambda: said.extend(process.stdout or ()))
        reading.start()
        try:
            eventually(lambda: process.poll() is not None or any("#" in one for one in said), "the links", 3 * PATIENCE)
            yield process, said
        finally:
            process.terminate()
            process.wait(60)
            reading.join(60)


@namespaces
def test_a_hotspot_without_a_route_is_what_phones_join(tmp_path: Path) -> None:
    with workshop_in(tmp_path, HOTSPOT) as (process, said):
        join = re.search(r"To join: +http://192\.168\.137\.1:(\d+)/j/", "".join(said))
        assert join, said
        inside = ["nsenter", "-t", str(process.pid), "-n"]

        def answers(host: str) -> str:
            asked = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Host: {host}"]
            return subprocess.run(
                [*inside, *asked, f"http://127.0.0.1:{join[1]}/"], capture_output=True, text=True, check=False
            ).stdout

        assert (answers("192.168.137.1"), answers("192.168.43.7")) == ("200", "421")
        subprocess.run([*inside, "sh", "-c", MOVED], check=True)
        eventually(lambda: answers("192.168.43.7") == "200", "it answers to its new address")
        moved = say("en", "cli.moved", join=f"http://192.168.43.7:{join[1]}/j/")
        eventually(lambda: any(line.startswith(moved) for line in said), "the terminal says where it is now")


@namespaces
def test_the_wifi_comes_before_a_tunnel_that_takes_everything(tmp_path: Path) -> None:
    with workshop_in(tmp_path, VPN) as (_, said):
        eventually(lambda: any("tun0" in line for line in said), "the tunnel is told too")
        text = "".join(said)
        assert re.search(r"To join: +http://192\.168\.137\.1:\d+/j/", text), text
        assert re.search(r"http://10\.8\.0\.6:\d+ +tun0 \(VPN", text), text


@namespaces
def test_a_machine_in_no_network_is_warned(tmp_path: Path) -> None:
    with workshop_in(tmp_path, "ip link set lo up") as (process, said):
        first = say("en", "cli.loopback").splitlines()[0]
        eventually(lambda: any(first in line for line in said), "the warning")
        assert "█" not in "".join(said)
        inside = ["nsenter", "-t", str(process.pid), "-n", "sh", "-c", HOTSPOT]
        subprocess.run(inside, check=True)
        eventually(lambda: any("http://192.168.137.1:" in line for line in said), "the network that came is told")
