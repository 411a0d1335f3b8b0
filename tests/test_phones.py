"""The way to this computer: which address phones get, a trial with one of them, and a machine whose address changes."""

from __future__ import annotations

import asyncio
import html
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.rehearsal import PageClient
from kit.serving.trial import LONGEST_SECONDS, PATIENCE_SECONDS, Trial
from kit.texts import section
from tests.support.device import Device
from tests.support.running import run
from tests.support.talk import model_with
from tests.support.workshop import Workshop, serving

LANGUAGES = ("fr", "en")
WORD = re.compile(r"/here/([\w-]+)")


def word_of(page: str) -> str:
    found = WORD.search(page)
    assert found
    return found[1]


class TestTheTrial:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_a_phone_that_comes_is_seen(self, workshop: Workshop, lang: str) -> None:
        host, texts = workshop.host_device(lang), section(lang, "door")
        page = html.unescape(host.get(f"/reach?again=1&lang={lang}").text)
        assert texts["reach_waiting"] in page
        assert json.loads(host.get("/reach/state").text) == {
            "came": False, "late": False, "url": workshop.address,
        }
        phone = Device(workshop.address, lang)
        assert texts["here_title"] in phone.get(f"/here/{word_of(page)}").text
        assert phone.cookies == {}, "nothing is kept of the phone, and nothing on it"
        assert json.loads(host.get("/reach/state").text)["came"]
        assert texts["reach_came"] in html.unescape(host.get("/reach").text)

    def test_this_computer_itself_proves_nothing(self, workshop: Workshop) -> None:
        host = workshop.host_device("en")
        word = word_of(host.get("/reach?again=1").text)
        itself = Device(workshop.address, "en", source="127.0.0.1")
        assert section("en", "door")["here_self_title"] in itself.get(f"/here/{word}").text
        Device(workshop.address, "en").get("/here/another-word")
        assert not json.loads(host.get("/reach/state").text)["came"]

    def test_a_phone_that_a_tunnel_leads_here_is_no_part_of_this_computer(self, workshop: Workshop) -> None:
        host = workshop.host_device("en")
        word = word_of(host.get("/reach?again=1").text)
        led = Device(workshop.address, "en", source="127.0.0.1")
        told = led.get(f"/here/{word}", {"X-Forwarded-For": "203.0.113.9"}).text
        assert section("en", "door")["here_title"] in told
        assert json.loads(host.get("/reach/state").text)["came"]

    def test_it_is_the_facilitators_alone(self, workshop: Workshop) -> None:
        phone = workshop.device()
        phone.take_seat(workshop.code)
        assert [phone.get("/reach").status, phone.get("/reach/state").status] == [403, 403]
        assert 'href="/host"' in phone.get("/reach").text, "whoever leads is shown the way of those who lead"
        assert phone.post("/reach", {"url": "http://other.example"}).status == 403

    def test_only_an_address_of_the_machine_can_be_chosen(self, workshop: Workshop) -> None:
        host = workshop.host_device()
        host.post("/reach", {"url": "http://other.example"})
        assert "other.example" not in host.get("/reach").text

    def test_a_minute_without_a_phone_is_late_until_one_comes(self) -> None:
        trial = Trial()
        assert not trial.is_late
        trial.began -= PATIENCE_SECONDS
        assert trial.is_late
        trial.came = True
        assert not trial.is_late
        trial.began -= LONGEST_SECONDS
        assert trial.is_over


# Runs the server with a machine whose networks stand in a file, so that a test can pull the plug.
PROGRAM = """
import json, sys
from kit.cli import main
from kit.serving import network, reach
from kit.serving.network import Kind, Own
def look():
    told = json.loads(open(sys.argv[1]).read())
    return [*(Own(ip, name, Kind(kind)) for ip, name, kind in told), Own("127.0.0.1", "lo", Kind.LOOPBACK)]
given = reach.Reach.__init__.__defaults__
reach.Reach.__init__.__defaults__ = tuple(look if one is network.addresses else one for one in given)
main(sys.argv[2:])
"""
HOME, HOTSPOT = ["192.168.1.20", "wlan0", "wifi"], ["192.168.43.7", "wlan0", "wifi"]
TUNNEL = ["10.8.0.6", "tun0", "tunnel"]
Networks = Callable[..., None]


def test_console_and_wall_follow_the_address(tmp_path: Path) -> None:
    networks, program = tmp_path / "networks.json", tmp_path / "program.py"
    program.write_text(PROGRAM)

    def are(*found: list[str]) -> None:
        part = tmp_path / "part"
        part.write_text(json.dumps(found))
        part.replace(networks)

    are(HOME, TUNNEL)
    command = (sys.executable, str(program), str(networks))
    everywhere = ("--host", "0.0.0.0", "--exercises", "reflection", "--lang", "en")
    with serving(tmp_path, *everywhere, program=command) as made:
        host = Device(made.address, "en")
        host.host(made.session_id, made.key)
        run(follow(host, are, made.address.rpartition(":")[2]))


async def follow(host: Device, are: Networks, port: str) -> None:
    texts = section("en", "console")
    phone = Device(host.address, "en")
    async with host.page("/console") as console, host.page("/screen") as wall:
        assert link_of(console, "k") == f"http://192.168.1.20:{port}"
        assert notice_of(console, "k") == notice_of(wall, "heading") == ""
        # The facilitator chooses another of its addresses, and then the likeliest again.
        await asyncio.to_thread(host.post, "/reach", {"url": f"http://10.8.0.6:{port}"})
        await shows(console, "k", f"http://10.8.0.6:{port}")
        assert notice_of(console, "k") == f"{texts['moved']} {texts['unreached']}"
        await asyncio.to_thread(host.post, "/reach", {"url": f"http://192.168.1.20:{port}"})
        await shows(console, "k", f"http://192.168.1.20:{port}")
        tried = await asyncio.to_thread(host.get, "/reach")
        await asyncio.to_thread(phone.get, f"/here/{word_of(tried.text)}")
        assert json.loads((await asyncio.to_thread(host.get, "/reach/state")).text)["came"]
        are(HOTSPOT)
        await shows(console, "k", f"http://192.168.43.7:{port}")
        await shows(wall, "heading", f"http://192.168.43.7:{port}")
        assert notice_of(console, "k") == texts["moved"]
        assert notice_of(wall, "heading") == texts["moved_wall"]
        now = json.loads((await asyncio.to_thread(host.get, "/reach/state")).text)
        assert (now["came"], now["url"]) == (False, f"http://192.168.43.7:{port}"), "it came by the former address"
        are()
        await shows(wall, "heading", f"http://127.0.0.1:{port}")
        assert notice_of(wall, "heading").endswith(texts["unreached"])
        alone = html.unescape((await asyncio.to_thread(host.get, "/reach")).text)
        assert section("en", "door")["reach_not"] in alone
        assert "<svg" not in alone


def link_of(page: PageClient, key: str) -> str:
    return str(page.states[model_with(page, key)]["page"]["link"]).partition("/j/")[0]


def notice_of(page: PageClient, key: str) -> str:
    return str(page.states[model_with(page, key)]["page"]["notice"])


async def shows(page: PageClient, key: str, address: str) -> None:
    await page.until(lambda: link_of(page, key) == address)
    shown = page.states[model_with(page, key)]["page"]
    assert "<svg" in shown["qr"]
