"""What can be sent on a page's line by hand, below the messages: frames, bombs, and very many of them."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from kit.rehearsal import PageClient
from kit.serving.lines import MOST_LINES
from kit.serving.protocol import pack
from tests.support.device import Device
from tests.support.running import run
from tests.support.talk import form_of, put, raw, states_of
from tests.support.wire import connect, frame, hangs_up, upgrade
from tests.support.workshop import Workshop

ITEM = "organisation_teams"
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate"
OPENED = b"HTTP/1.1 101"


@pytest.fixture
def attacker(room: Workshop) -> Iterator[tuple[Device, str]]:
    """Somebody with a seat and a page of their own."""
    person = room.device()
    person.take_seat(room.code, "other")
    page = person.enter()
    yield person, page
    goes_on(room)
    person.leave(page)


def goes_on(room: Workshop) -> None:
    """Somebody else comes in and answers."""
    person = room.device()
    person.take_seat(room.code)

    async def answer() -> None:
        async with person.page() as page:
            assert (await put(page, await form_of(page, "reflection"), ITEM, "growth"))["kind"] == "saved"

    run(answer())


def memory(room: Workshop) -> int:
    """Bytes that the server and its kernels hold."""
    process = psutil.Process(room.process.pid)
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))


def test_a_message_that_unfolds_to_gigabytes_closes_the_line(room: Workshop, attacker: tuple[Device, str]) -> None:
    """A few hundred kilobytes would take the memory of the whole room."""
    person, page = attacker
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(300)) + packer.flush(zlib.Z_SYNC_FLUSH)
    before = memory(room)
    for _ in range(3):
        line, told = upgrade(room.address, page, person.cookie, DEFLATE)
        with line:
            assert told.startswith(OPENED)
            assert b"permessage-deflate" in told
            line.sendall(frame(bomb[:-4], first=0xC2))
            assert hangs_up(line)
    assert memory(room) - before < 60e6


@pytest.mark.parametrize("kind", ["reserved", "unknown", "long ping", "split ping", "nothing to go on", "lies"])
def test_frames_that_no_browser_sends_close_their_own_line_only(
    room: Workshop, attacker: tuple[Device, str], kind: str
) -> None:
    person, page = attacker
    sent = {
        "reserved": frame(b"x", first=0xF2), "unknown": frame(b"x", first=0x8B),
        "long ping": frame(b"x" * 200, first=0x89), "split ping": frame(b"x", first=0x09),
        "nothing to go on": frame(b"x", first=0x80), "lies": b"\x82\xff" + b"\xff" * 8 + bytes(4),
    }[kind]  # fmt: skip
    line, told = upgrade(room.address, page, person.cookie)
    with line:
        assert told.startswith(OPENED)
        line.sendall(sent)
        assert hangs_up(line)


def test_pieces_without_end_are_no_message(room: Workshop, attacker: tuple[Device, str]) -> None:
    """Put together, they would be as long as somebody likes."""
    person, page = attacker
    before = memory(room)
    line, _ = upgrade(room.address, page, person.cookie)
    with line:
        piece = bytes(500_000)
        try:
            line.sendall(frame(piece, first=0x02))
            for _ in range(40):
                line.sendall(frame(piece, first=0x00))
        except OSError:
            pass
        assert hangs_up(line)
    assert memory(room) - before < 60e6


def test_a_flood_of_pings_and_messages_holds_nobody_up(room: Workshop, attacker: tuple[Device, str]) -> None:
    person, page = attacker
    line, _ = upgrade(room.address, page, person.cookie)
    with line:
        line.settimeout(5)
        try:
            for _ in range(50):
                line.sendall(frame(b"x", first=0x89) * 100 + frame(b"no message") * 50)
        except OSError:
            # It is not read as fast as it is sent.
            pass
        goes_on(room)


@pytest.mark.parametrize("first", [0x89, 0x8A], ids=["ping", "pong"])
def test_who_only_says_that_they_are_there_without_end_is_hung_up_on(
    room: Workshop, attacker: tuple[Device, str], first: int
) -> None:
    """Such frames are no messages, and nobody was made to wait: a room's answers took a second instead of 20 ms."""
    person, page = attacker
    line, _ = upgrade(room.address, page, person.cookie)
    with line:
        with suppress(OSError):
            for _ in range(20):
                line.sendall(frame(b"x" * 100, first=first) * 100)
        assert hangs_up(line)
    goes_on(room)


def test_words_that_are_no_message_fill_no_log(room: Workshop, attacker: tuple[Device, str]) -> None:
    """Each was a line: half a megabyte a second."""
    person, page = attacker
    before = room.log.count("left unread")
    line, _ = upgrade(room.address, page, person.cookie)
    with line:
        line.settimeout(2)
        with suppress(OSError):
            line.sendall(frame(b"no", first=0x81) * 20_000)
        goes_on(room)
        assert 0 < room.log.count("left unread") - before < 1000


def test_the_numbers_of_messages_do_not_count_what_others_do(room: Workshop, attacker: tuple[Device, str]) -> None:
    """They went on with every page's messages: whoever asked again and again saw each answer of the room come in."""
    person, page = attacker

    async def number(line: PageClient) -> int:
        asked = await raw(line, "kernel_info_request", {}, "control")
        while True:
            told = await line.read()
            assert isinstance(told, bytes)
            if asked.encode() in told and b"kernel_info_reply" in told:
                found = re.search(rb'"msg_id":"[^"]*_(\d+)"', told)
                assert found
                return int(found[1])

    async def story() -> None:
        async with person.line(page) as line:
            first, second = await number(line), await number(line)
            other = room.device()
            other.take_seat(room.code)
            async with other.page() as theirs:
                form = await form_of(theirs, "reflection")
                for n in range(1, 6):
                    await put(theirs, form, ITEM, "growth", n, n)
            assert await number(line) - second == second - first

    run(story())


def test_one_page_has_few_lines(room: Workshop, attacker: tuple[Device, str]) -> None:
    """Each message to the page would be sent a thousand times."""
    person, page = attacker
    lines = []
    try:
        for _ in range(MOST_LINES + 20):
            line, told = upgrade(room.address, page, person.cookie)
            lines.append(line)
            assert told.startswith(OPENED)
        closed = [line for line in lines[MOST_LINES:] if hangs_up(line)]
        assert len(closed) == 20
        lines[0].settimeout(0.2)
        assert not hangs_up(lines[0], 0.2), "those that were there stay"
    finally:
        for line in lines:
            line.close()


def test_a_page_that_asks_and_never_reads_fills_no_memory(alone: Workshop) -> None:
    """What it was told stayed in the server: six megabytes more each second, for one phone."""
    person = alone.device()
    person.take_seat(alone.code, "other")
    page = person.enter()
    lines = [upgrade(alone.address, page, person.cookie)[0] for _ in range(MOST_LINES)]
    # Both are said again with each answer, on each line.
    header = {"msg_type": "kernel_info_request", "session": "s" * 100_000}
    before, ends, n = memory(alone), time.monotonic() + 10, 0
    try:
        lines[0].settimeout(0.1)
        while time.monotonic() < ends:
            asked = frame(pack("control", header | {"msg_id": str(n := n + 1)}, {}, {}, {}))
            # They say by themselves that they are there, as they would if they had read that they were asked.
            with suppress(TimeoutError):
                lines[0].sendall(asked)
        assert memory(alone) - before < 80e6
    finally:
        for line in lines:
            line.close()
    goes_on(alone)


def test_a_line_too_many_is_not_listened_to(room: Workshop, attacker: tuple[Device, str]) -> None:
    """For some seconds such a line waits whether the other side agrees to end; what it says meanwhile costs nothing."""
    person, page = attacker
    lines = [upgrade(room.address, page, person.cookie)[0] for _ in range(MOST_LINES + 1)]
    try:
        with suppress(OSError):
            lines[-1].sendall(frame(b"no message") * 1000)
        assert hangs_up(lines[-1], 3)
        assert not hangs_up(lines[0], 0.2)
    finally:
        for line in lines:
            line.close()


def test_many_sockets_that_say_nothing_leave_room_for_others(room: Workshop) -> None:
    lines = [connect(room.address) for _ in range(300)]
    try:
        goes_on(room)
    finally:
        for line in lines:
            line.close()


@pytest.mark.parametrize(
    "lines",
    [
        ("Origin: http://other.example",), ("Origin: null",), ("Origin: https://localhost.other.example",),
        ("Origin: http://localhost:1",),
    ],
    ids=str,
)  # fmt: skip
def test_no_page_of_another_site_opens_a_line(
    room: Workshop, attacker: tuple[Device, str], lines: tuple[str, ...]
) -> None:
    """The browser would send the cookie along, and the other site would read all that the person has answered."""
    person, page = attacker
    line, told = upgrade(room.address, page, person.cookie, *lines)
    line.close()
    assert told.startswith(b"HTTP/1.1 403")


def test_half_a_character_takes_no_other_answers_along(room: Workshop, attacker: tuple[Device, str]) -> None:
    """What gathers while the kernel is busy travels together: what could not be written took all of it away."""
    person, page = attacker
    other = room.device()
    other.take_seat(room.code)

    async def story() -> None:
        async with person.line(page) as line, other.page() as theirs:
            mine, form = next(iter(await states_of(line))), await form_of(theirs, "reflection")
            for n in range(1, 9):
                for at in range(6):
                    header = {"msg_id": f"{n}.{at}\ud800", "msg_type": "comm_msg", "session": "s"}
                    await line.socket.write_message(pack("shell", header, {}, {}, {"comm_id": mine}), binary=True)
                assert (await put(theirs, form, ITEM, ("growth", "strength")[n % 2], n, n))["kind"] == "saved"

    run(story())
    assert "Traceback" not in room.log
