"""Whoever looks for the facilitator's key on the machine: in its processes, its files, a browser's history, a log."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from kit.cli.opening import FILE, PREFIX, leading_page, private_file
from kit.errors import TicketUsed
from kit.serving.tickets import LASTS_SECONDS, Tickets
from kit.store.hosts import Opens
from kit.texts import say
from tests.support.chromium import FLAGS
from tests.support.device import Device
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import KIT, ROOT, Workshop, environment, serving

# A "browser" that writes down what it is called with and what the file says that it is to open.
# Python by way of a shell, since its path may have a space in it.
LOOKER = """#!/bin/sh
"exec" "{python}" "$0" "$@"
import os, stat, sys, urllib.parse
from pathlib import Path
file = Path(urllib.parse.unquote(sys.argv[1].removeprefix("file://")))
told = [oct(stat.S_IMODE(one.stat().st_mode)) for one in (file.parent, file)]
Path({out!r}).write_text("\\n".join([str(file), *told, file.read_text("utf-8")]))
"""
TICKET = re.compile(r'name="ticket" value="([^"]+)"')


def program(folder: Path, text: str) -> Path:
    """A program that the kit takes for the browser."""
    made = folder / "a-browser"
    made.write_text(text)
    made.chmod(0o700)
    return made


def arguments() -> str:
    """What every process on this machine was called with."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(one.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(found)


@contextmanager
def opening(folder: Path, browser: Path, *options: str) -> Iterator[Workshop]:
    """`kit workshop` as a trainer calls it: it opens the browser."""
    with serving(folder, "--exercises", "reflection", *options, command=("workshop",), BROWSER=f"{browser} %s") as made:
        yield made


@pytest.mark.skipif(sys.platform != "linux", reason="/proc and BROWSER")
def test_the_key_is_in_no_process_and_the_file_that_leads_in_is_ours_alone_and_opens_once(tmp_path: Path) -> None:
    out = tmp_path / "seen"
    looker = program(tmp_path, LOOKER.format(python=sys.executable, out=str(out)))
    with opening(tmp_path, looker) as room:
        told = eventually(lambda: out.exists() and out.read_text(), "the browser was called")
        place, folder_mode, mode, page = str(told).split("\n", 3)
        assert (folder_mode, mode) == ("0o700", "0o600")
        assert Path(place).parent.parent == tmp_path / "home"
        assert room.key not in page
        ticket = TICKET.search(page)
        assert ticket
        running = arguments()
        assert "-m kit workshop" in running, "it is looked at"
        assert room.key not in running
        assert ticket[1] not in running
        assert Path(place).exists()
        # A page from a file has no origin that a server could know.
        mine = room.device()
        hidden = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
        for wrong in ("", "x", ticket[1][:-1]):
            assert room.device().post("/desk", {"ticket": wrong}, hidden).status == 403
        reply = mine.post("/desk", {"ticket": ticket[1]}, hidden)
        assert (reply.status, reply.location) == (303, "/console")
        assert mine.get("/console").status == 200
        again = room.device("en").post("/desk", {"ticket": ticket[1]}, hidden)
        assert again.status == 403
        assert say("en", "errors.TicketUsed") in again.text.replace("&#39;", "'")
        eventually(lambda: not Path(place).parent.exists(), "the file goes with its use")


@pytest.mark.skipif(sys.platform != "linux", reason="BROWSER")
def test_a_browser_that_never_comes_leaves_no_file_when_the_workshop_is_stopped(tmp_path: Path) -> None:
    out = tmp_path / "seen"
    with opening(tmp_path, program(tmp_path, LOOKER.format(python=sys.executable, out=str(out)))):
        eventually(out.exists, "the browser was called")
        assert list((tmp_path / "home").glob(f"{PREFIX}*"))
    assert not list((tmp_path / "home").glob(f"{PREFIX}*"))


@pytest.mark.browser
@pytest.mark.skipif(sys.platform != "linux", reason="BROWSER")
def test_a_real_browser_comes_in_and_its_history_knows_no_key(tmp_path: Path, chromium_path: str) -> None:
    """Whoever opens the history of that browser afterwards would lead the next workshop from it."""
    profile = tmp_path / "profile"
    flags = " ".join(FLAGS)
    called = f'exec "{chromium_path}" --headless=new --no-first-run --user-data-dir={profile} {flags} "$@"'
    browser = program(tmp_path, f"#!/bin/sh\n{called} >{tmp_path}/browser.txt 2>&1\n")
    out = profile / "Default" / "History"
    with opening(tmp_path, browser) as room:
        eventually(room.pages, "the console is open")
        page = room.pages()[0]
        assert room.device().get(f"/api/kernels/{page}").status == 403
        eventually(lambda: "/console" in visited(out, tmp_path), "the browser has written its history")
        history = visited(out, tmp_path)
        assert room.key not in history
        assert not re.search(r"ticket|#", history), history
        assert room.key not in arguments()
        eventually(lambda: not list((tmp_path / "home").glob(f"{PREFIX}*")), "the file goes")
        for one in Path("/proc").glob("[0-9]*/cmdline"):
            end_if(one, f"--user-data-dir={profile}")
    printed = f"/host#{room.session_id}.{room.key}"
    assert room.key not in room.log.replace(printed, "", 1), "it is told once, on the screen of who starts it"


@pytest.mark.browser
def test_no_address_in_the_history_of_a_browser_that_came_in_by_a_link_opens_anything(
    alone: Workshop, tmp_path: Path, chromium_path: str
) -> None:
    """Whoever sits down at that computer afterwards looks through its history, and goes where it leads."""
    room, profile = alone, tmp_path / "profile"
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(profile, executable_path=chromium_path, args=FLAGS)
        page = context.pages[0]
        for kind, there in ((Opens.SECOND, "console"), (Opens.LEAD, "console"), (Opens.WALL, "screen")):
            link = room.address + room.host_path(kind)
            for _ in range(2):
                # The second time as from the history, in the browser that has opened it.
                page.goto(link)
                page.wait_for_url(f"**/{there}")
                page.goto("about:blank")
        # A link that was just made, opened by who made it: they lead as before.
        page.goto(room.address + room.host_path(Opens.SECOND))
        page.wait_for_url("**/console")
        eventually(lambda: page.locator('[data-key="link/second"]').count(), "the facilitator still makes links")
        context.close()
    history = visited(profile / "Default" / "History", tmp_path).splitlines()
    links = [address for address in history if "#" in address]
    assert len(links) == 4, history
    for address in history:
        opens_nothing(room, address)


def opens_nothing(room: Workshop, address: str) -> None:
    """Somebody else's browser goes to this address, as its page would."""
    stranger = room.device("en")
    if address.startswith(room.address):
        path, _, carried = address.removeprefix(room.address).partition("#")
        stranger.get(path)
        if carried:
            session, _, secret = carried.partition(".")
            refused = stranger.post("/host", {"session": session, "key": secret})
            assert refused.status == 403, address
    assert not {"host", "wall"} & stranger.cookies.keys()
    assert {stranger.get(path).status for path in ("/console", "/screen")} == {403}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_link_that_was_opened_says_what_to_do(room: Workshop, lang: str) -> None:
    for kind in Opens:
        secret = room.new_link(kind)
        form = {"session": room.session_id, "key": secret}
        first, later = room.device(lang), room.device(lang)
        opened = first.post("/host", form)
        assert opened.status == 303
        refused = later.post("/host", form)
        assert refused.status == 403
        assert say(lang, "errors.LinkUsed") in refused.text.replace("&#39;", "'")
        assert "kit session host" in refused.text
        assert first.post("/host", form).location == opened.location, "where it was opened, it leads back"
    with room.store() as store:
        for one in store.hosts.links(room.session_id):
            store.hosts.end(room.session_id, one.kind, one.number)


def visited(history: Path, folder: Path) -> str:
    """Every address in a browser's history."""
    if not history.exists():
        return ""
    for one in history.parent.glob("History*"):
        shutil.copy(one, folder / one.name)
    with closing(sqlite3.connect(folder / "History")) as line:
        try:
            return "\n".join(row[0] for row in line.execute("SELECT url FROM urls"))
        except sqlite3.OperationalError:
            return ""


def end_if(process: Path, sign: str) -> None:
    """End a browser of ours."""
    try:
        if sign.encode() in process.read_bytes():
            os.kill(int(process.parent.name), 15)
    except OSError:
        return


@pytest.mark.skipif(sys.platform != "linux", reason="/proc and BROWSER")
def test_kit_start_opens_its_page_and_the_console_in_the_same_way(tmp_path: Path) -> None:
    """The path of its page leads to the console: for another user of the machine it would be a key."""
    out = tmp_path / "seen"
    (tmp_path / "home").mkdir()
    looker = program(tmp_path, LOOKER.format(python=sys.executable, out=str(out)))
    log = tmp_path / "log.txt"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [*KIT, "start", "--store", str(tmp_path / "store.db")], cwd=ROOT, stdout=stream, stderr=stream,
            env=environment(tmp_path, tmp_path) | {"BROWSER": f"{looker} %s"},
        )  # fmt: skip
    try:
        page = str(eventually(lambda: out.exists() and out.read_text(), "the browser was called"))
        address = re.search(r'action="(http://127\.0\.0\.1:\d+)(/[\w-]+/)"', page)
        assert address
        assert address[2].strip("/") not in arguments()
        trainer = Device(address[1])
        assert trainer.get(address[2]).status == 200
        eventually(lambda: not list((tmp_path / "home").glob(f"{PREFIX}*")), "the file goes with its use")
        trainer.post(f"{address[2]}new", {"lang": "fr", "exercise": "reflection", "do": "go"})
        way = str(eventually(lambda: trainer.get(f"{address[2]}enter").location, "the workshop runs"))
        found = re.fullmatch(r"(http://127\.0\.0\.1:\d+)/host#(\w+)\.(\S+)", way)
        assert found, way
        assert found[3] not in arguments()
        mine = Device(found[1])
        mine.host(found[2], found[3])
        assert mine.get("/console").status == 200
        again = Device(found[1]).post("/host", {"session": found[2], "key": found[3]})
        assert again.status == 403, "what led in opens once"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def test_a_ticket_opens_once_and_not_for_long() -> None:
    now = [0.0]
    tickets = Tickets(clock=lambda: now[0])
    one, two = tickets.new("session", "key"), tickets.new("session", "key")
    assert one != two
    assert tickets.use(one) == ("session", "key")
    now[0] = LASTS_SECONDS + 1
    for ticket in (one, two, "", "x"):
        assert not tickets.is_good(ticket)
        with pytest.raises(TicketUsed):
            tickets.use(ticket)


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_file_is_for_its_owner_and_goes(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    before = os.umask(0)
    try:
        with private_file("x") as file:
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    finally:
        os.umask(before)
    assert list(tmp_path.iterdir()) == []
    # What is left of a kit that was killed goes later, and nothing else does.
    left, own = tmp_path / f"{PREFIX}abc", tmp_path / f"{PREFIX}mine"
    for folder, name in ((left, FILE), (own, "letters.txt")):
        folder.mkdir()
        (folder / name).write_text("x")
        os.utime(folder / name, (0, 0))
    with private_file("x"):
        assert not left.exists()
    assert (own / "letters.txt").exists()


def test_the_page_that_leads_on_says_in_both_languages_what_to_do_without_scripts() -> None:
    page = leading_page('http://x/"><b>', {"ticket": '"><b>'})
    assert "<b>" not in page
    for lang in ("fr", "en"):
        assert f'<p lang="{lang}">' in page
        assert say(lang, "start.leads_on_button").replace("'", "&#x27;") in page
