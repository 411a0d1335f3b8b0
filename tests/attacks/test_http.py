"""What can be sent to the front door by hand. It reads nothing, changes nothing, and costs others nothing."""

from __future__ import annotations

import gzip
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from kit.serving.app import HALF_SENT_SECONDS as USUAL_SECONDS
from tests.attacks.conftest import HALF_SENT_SECONDS
from tests.support.device import Device
from tests.support.waiting import PATIENCE, eventually
from tests.support.wire import answer, ask, connect, hangs_up, head
from tests.support.workshop import Workshop

MARK = "Zq7-never-in-a-log"
FORM = "Content-Type: application/x-www-form-urlencoded"
OTHER = "other.example"
HALVES = {
    "nothing": b"", "half a line": b"GET /w HT",
    "half of the headers": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le",
    "half of the body": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 40\r\n\r\ncode=AB",
    "half of a part": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n28\r\ncode=AB",
    "half of a second request": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /healthz HT",
}  # fmt: skip


@pytest.fixture(scope="module")
def victim(room: Workshop) -> Iterator[Device]:
    """Somebody who has a seat, and still has it when all is over."""
    person = room.device()
    person.take_seat(room.code)
    yield person
    assert person.get("/card").status == 200, "the seat is still theirs"
    assert MARK not in room.log, "what somebody sends is in no log"


def is_alone(room: Workshop) -> bool:
    return room.address.startswith("http:")


def serves(room: Workshop) -> None:
    """Others are served."""
    assert room.device().get("/").status == 200


def server(room: Workshop) -> psutil.Process:
    return psutil.Process(room.process.pid)


class TestRequests:
    @pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "OPTIONS", "PROPFIND", "DEBUG", "get", "X"])
    def test_an_odd_method_gives_nothing_back_that_was_sent(self, room: Workshop, victim: Device, method: str) -> None:
        """TRACE would show a script the cookie that no script may read."""
        for path in ("/", "/w", "/card"):
            status, got = ask(room.address, head(room.address, path, f"Cookie: {victim.cookie}", method=method))
            assert status == 0 or status >= 400, (path, status)
            assert victim.cookies["seat"].encode() not in got
            assert b"access-control" not in got.lower(), "no other site is let in"

    @pytest.mark.parametrize(
        "path",
        ["//other.example/x", "///other.example", "/\\other.example/x", "/%2f%2fother.example", "/.//other.example"],
    )
    def test_an_address_with_another_host_in_it_never_becomes_a_link(self, room: Workshop, path: str) -> None:
        """A link of that kind looks as if it led into the workshop."""
        base = urlsplit(room.address).path
        _, got = ask(room.address, head(room.address, path))
        text = got.decode(errors="replace")
        where = re.search(r"(?im)^location: (.*?)\r", text)
        found = [*re.findall(r'(?:href|src|action)="([^"]*)"', text), *([where[1]] if where else [])]
        for link in found:
            place = urlsplit(link.replace("\\", "/"))
            assert place.netloc in ("", urlsplit(room.address).netloc), link
            assert not link.startswith(("//", "/\\")), link
        assert base or is_alone(room)

    @pytest.mark.parametrize(
        "host",
        [OTHER, f"localhost.{OTHER}", f"127.0.0.1.{OTHER}", f"localhost@{OTHER}", "0x7f.1", "[::2]", "a" * 3000],
    )
    def test_a_site_that_points_its_name_here_reads_nothing(self, room: Workshop, victim: Device, host: str) -> None:
        """DNS rebinding: the browser would take this server for the other site, and let that read its pages."""
        base = urlsplit(room.address).path
        for path in ("/", f"/j/{room.code}", "/card"):
            sent = f"GET {base}{path} HTTP/1.1\r\nHost: {host}\r\nCookie: {victim.cookie}\r\n\r\n"
            status, got = ask(room.address, sent.encode())
            assert status in (0, 400, 404, 421), (path, status)
            assert b"data-words" not in got
            assert b"<form" not in got

    @pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Original-URL"])
    def test_a_header_that_only_a_proxy_may_send_changes_nothing(self, room: Workshop, name: str) -> None:
        """A cached page, or one that is led on to, would carry the attacker's host."""
        for value in (OTHER, f"host={OTHER}", "/console"):
            status, got = ask(room.address, head(room.address, "/", f"{name}: {value}"))
            assert status == 200
            assert OTHER.encode() not in got

    def test_a_request_for_a_whole_address_elsewhere_is_not_passed_on(self, room: Workshop) -> None:
        """An open proxy would lend this machine's address to anybody."""
        for line in (f"GET http://{OTHER}/ HTTP/1.1", f"CONNECT {OTHER}:443 HTTP/1.1"):
            status, _ = ask(room.address, f"{line}\r\nHost: {OTHER}\r\n\r\n".encode())
            assert status == 0 or status >= 400

    @pytest.mark.parametrize(
        "lines",
        [
            ("Content-Length: 5", "Transfer-Encoding: chunked"), ("Content-Length: 5", "Content-Length: 6"),
            ("Content-Length: -5",), ("Content-Length: 5, 6",), ("Content-Length: +5",), ("Transfer-Encoding: x",),
            ("Content-Length: 9999999999999999999999",), ("Transfer-Encoding : chunked", "Content-Length: 5"),
        ],
    )  # fmt: skip
    def test_no_request_hides_in_another(self, room: Workshop, lines: tuple[str, ...]) -> None:
        """Smuggled through a proxy, the second one would be answered to somebody else."""
        hidden = head(room.address, f"/{MARK}")
        with connect(room.address) as line:
            line.sendall(head(room.address, "/", FORM, *lines, method="POST") + b"0\r\n\r\n" + hidden)
            line.settimeout(5)
            got = b""
            try:
                while more := line.recv(65536):
                    got += more
            except OSError:
                pass
        assert got.count(b"HTTP/1.1 ") <= 1, got[:2000]
        assert b"HTTP/1.1 2" not in got
        serves(room)

    @pytest.mark.parametrize("odd", ["%0d%0aSet-Cookie:%20seat=x", "%0aX-Evil:%201", "\u560d\u560aX-Evil: 1"])
    def test_no_line_is_added_to_the_headers(self, room: Workshop, odd: str) -> None:
        """A cookie could be planted by a link."""
        for path in (f"/?lang={odd}", f"/j/{odd}", f"/{odd}", f"/back/{room.code}?lang={odd}"):
            _, got = ask(room.address, head(room.address, path))
            header = got.partition(b"\r\n\r\n")[0].lower()
            assert b"x-evil" not in header
            assert b"seat=x" not in header

    def test_oversized_and_endless_bodies_are_not_read(self, room: Workshop) -> None:
        """They would fill the memory in which the room's answers are."""
        before = server(room).memory_info().rss
        for lines, body in (
            (("Content-Length: 900000000",), b"x" * 100_000),
            (("Transfer-Encoding: chunked",), b"10000\r\n" + b"x" * 65536 + b"\r\n" + b"10000\r\n" + b"x" * 65536),
            (("Content-Length: 65537",), b"x" * 65537),
        ):
            # Behind nginx, which waits for what is missing, there is no answer meanwhile.
            status, _ = ask(room.address, head(room.address, "/", FORM, *lines, method="POST") + body, patience=3)
            assert status == 0 or status >= 400
        assert server(room).memory_info().rss - before < 30e6
        serves(room)

    def test_a_compressed_bomb_as_a_form_stays_small(self, room: Workshop) -> None:
        body = gzip.compress(b"x" * 50_000_000, 9)[:60_000]
        before = server(room).memory_info().rss
        lines = (FORM, "Content-Encoding: gzip", f"Content-Length: {len(body)}")
        for _ in range(5):
            status, _ = ask(room.address, head(room.address, "/", *lines, method="POST") + body)
            assert status in (400, 403, 413, 415)
        assert server(room).memory_info().rss - before < 30e6

    @pytest.mark.parametrize("kind", ["many headers", "a long one", "many cookies", "a long line"])
    def test_a_flood_of_headers_is_cut_off(self, room: Workshop, kind: str) -> None:
        many = tuple(f"X-{n}: {n}" for n in range(8000))
        lines = {
            "many headers": many, "a long one": (f"X: {'x' * 100_000}",),
            "many cookies": (f"Cookie: {'; '.join(f'seat={n}' for n in range(20_000))}",), "a long line": (),
        }[kind]  # fmt: skip
        path = f"/{'x' * 100_000}" if kind == "a long line" else "/"
        status, _ = ask(room.address, head(room.address, path, *lines))
        assert status == 0 or status >= 400
        serves(room)

    def test_forms_with_a_thousand_fields_or_parts_are_answered_at_once(self, room: Workshop) -> None:
        fields = "&".join(f"k{n}=1" for n in range(9000)).encode()
        parts = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 1000 + b"--x--\r\n"
        for kind, body in (("application/x-www-form-urlencoded", fields), ("multipart/form-data; boundary=x", parts)):
            lines = (f"Content-Type: {kind}", f"Content-Length: {len(body)}")
            status, _ = ask(room.address, head(room.address, "/", *lines, method="POST") + body)
            # A proxy says 502 where the server has answered and gone before all of it was sent.
            assert status in ((400, 403) if is_alone(room) else (400, 403, 502))
        serves(room)

    def test_a_request_for_many_ranges_is_not_multiplied(self, room: Workshop) -> None:
        asset = re.search(r'href="([^"]+kit\.css)"', room.device().get("/").text)
        assert asset
        path = asset[1].removeprefix(urlsplit(room.address).path)
        whole = len(ask(room.address, head(room.address, path))[1])
        ranges = ",".join("0-" for _ in range(500))
        assert len(ask(room.address, head(room.address, path, f"Range: bytes={ranges}"))[1]) <= whole + 2000

    def test_the_wait_for_the_other_half_is_one_of_seconds(self) -> None:
        assert 5 <= USUAL_SECONDS <= 30

    def test_half_sent_requests_end_and_hold_nobody_up(self, room: Workshop) -> None:
        """Slowloris: lines that are never finished, until there are none left for the room."""
        halves = [
            head(room.address, "/")[:-10],
            head(room.address, "/", FORM, "Content-Length: 500", method="POST") + b"code=",
            *(HALVES.values() if is_alone(room) else ()),
        ]
        lines = [connect(room.address) for _ in range(120)]
        try:
            for number, line in enumerate(lines):
                line.sendall(halves[number % len(halves)])
            room.device().take_seat(room.code)
            if is_alone(room):
                # (How long nginx waits is its own to say.)
                assert all(hangs_up(line, HALF_SENT_SECONDS + PATIENCE) for line in lines)
        finally:
            for line in lines:
                line.close()

    def test_no_half_of_a_request_is_answered(self, alone: Workshop) -> None:
        for name, sent in HALVES.items():
            with connect(alone.address) as line:
                line.sendall(sent)
                if name == "half of a second request":
                    assert b" 200 " in answer(line)
            with connect(alone.address) as line:
                line.sendall(sent)
                line.shutdown(socket.SHUT_WR)
                told = answer(line)
                assert name == "half of a second request" or b" 200 " not in told, name
        serves(alone)

    def test_who_asks_and_never_reads_holds_nobody_up(self, room: Workshop) -> None:
        lines = []
        try:
            for _ in range(60):
                line = connect(room.address)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
                line.sendall(head(room.address, "/privacy") * 20)
                lines.append(line)
            for _ in range(5):
                serves(room)
        finally:
            for line in lines:
                line.close()


class TestPages:
    PATHS = ("/", "/j/{code}", "/back/{code}", "/card", "/w", "/privacy", "/quiet", "/lost", "/host", "/nothing")

    def replies(self, room: Workshop, person: Device) -> Iterator[tuple[str, object]]:
        for path in self.PATHS:
            yield path, person.get(path.format(code=room.code))
        for path in ("/console", "/screen", "/reach", "/api/kernels/0-0-0-0-0"):
            yield path, room.device().get(path)
        yield "post", person.post("/host", {"session": "x", "key": "y"})
        yield "other site", person.post("/", {"code": "x"}, {"Origin": f"http://{OTHER}"})
        host = room.host_device()
        for path in ("/console", "/screen", "/reach"):
            yield path, host.get(path)

    def test_every_page_is_kept_by_nobody_shown_in_no_frame_and_taken_for_nothing_else(
        self, room: Workshop, victim: Device
    ) -> None:
        """A shared computer's cache, another site's frame (clickjacking), a text that is taken for a script."""
        for path, reply in self.replies(room, victim):
            headers = reply.headers
            assert headers["Cache-Control"] == "no-store", path
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
            assert "script-src 'self' blob:;" in headers["Content-Security-Policy"], path
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["Referrer-Policy"] == "same-origin", path
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            assert "Access-Control-Allow-Origin" not in headers, path
            assert "tornado" not in str(headers).lower(), path

    def test_an_error_says_nothing_about_the_machine(self, room: Workshop, victim: Device) -> None:
        for path, reply in self.replies(room, victim):
            places = str(room.folder), str(room.place), "site-packages"
            for private in ("Traceback", "tornado", "sqlite", "Python/", *places):
                assert private not in reply.text, (path, private)

    def test_a_cookie_is_read_by_no_script_and_sent_to_no_other_site(self, room: Workshop) -> None:
        person = room.device()
        page = person.get(f"/j/{room.code}")
        token = re.search(r'name="form" value="([^"]+)"', page.text)
        assert token
        taken = person.post(f"/j/{room.code}", {"form": token[1], "sector": "other"})
        host = room.device().post("/host", {"session": room.session_id, "key": room.new_link()})
        for reply in (page, taken, host):
            cookies = reply.headers.get_all("Set-Cookie") or []
            assert cookies
            for cookie in cookies:
                assert {"httponly", "samesite=lax"} <= set(cookie.lower().split("; ")), cookie
                assert "domain=" not in cookie.lower()
                assert f"Path={urlsplit(room.address).path}/" in cookie
                assert ("secure" in cookie.lower()) is not is_alone(room)

    def test_a_cookie_that_was_planted_is_not_the_one_that_is_used(self, room: Workshop) -> None:
        """Session fixation: the attacker would know the cookie of somebody who sits down afterwards."""
        planted = "A" * 43
        person = room.device()
        person.cookies["seat"] = planted
        person.take_seat(room.code)
        assert person.cookies["seat"] != planted
        stranger = room.device()
        stranger.cookies["seat"] = planted
        assert stranger.get("/card").status == 403

    def test_of_two_seats_in_one_request_only_one_counts(self, room: Workshop, victim: Device) -> None:
        thief = room.device()
        thief.take_seat(room.code, "other")
        page = victim.enter()
        for both in (f"seat={thief.cookies['seat']}; seat=x", f"seat=x; seat={thief.cookies['seat']}", "seat=; seat=x"):
            assert room.device().get(f"/api/kernels/{page}", {"Cookie": both}).status == 403
        victim.leave(page)

    def test_a_copied_cookie_opens_nothing_after_quick_exit(self, room: Workshop) -> None:
        """Somebody at home has copied it; who leaves at once relies on having left."""
        person, copy = room.device(), room.device()
        words = person.take_seat(room.code)
        copy.cookies = dict(person.cookies)
        page = person.enter()
        assert copy.get("/card").status == 200
        assert person.post("/exit", {}).status == 204
        eventually(lambda: copy.get("/card").status == 403, "the copy opens nothing")
        assert copy.get("/w").location.endswith("/")
        assert copy.get(f"/api/kernels/{page}").status in (403, 404)
        assert copy.post(f"/back/{room.code}", {"words": words}).status == 303, "the word card does"

    @pytest.mark.parametrize("origin", ["null", f"http://{OTHER}", f"https://{OTHER}", "http://localhost.evil", "x"])
    def test_no_other_site_sends_a_form(self, room: Workshop, victim: Device, origin: str) -> None:
        """A page that somebody visits at home would seat them, lead them out, or lead the workshop."""
        for path, form in (
            ("/exit", {}), ("/leave", {"kernel": "x"}), (f"/j/{room.code}", {"sector": "other"}),
            ("/host", {"session": room.session_id, "key": room.new_link()}),
            (f"/back/{room.code}", {"words": "a b c d"}),
        ):  # fmt: skip
            for more in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
                assert victim.post(path, form, {"Origin": origin, **more}).status == 403, (path, more)

    def test_a_form_without_its_pages_token_does_nothing(self, room: Workshop) -> None:
        """A browser that tells no origin would seat whoever follows a link."""
        person = room.device()
        person.get(f"/j/{room.code}")
        for token in ("", "x", "A" * 22, "é" * 22):
            reply = person.post(f"/j/{room.code}", {"form": token, "sector": "other"})
            assert reply.status == 403, token
            assert "seat" not in person.cookies

    def test_what_is_typed_into_an_address_is_in_no_log_and_on_no_page(self, room: Workshop, victim: Device) -> None:
        for before in ("/", "/j/", "/?lang=", "/a/x/", "/here/", "/api/kernels/"):
            path = f"{before}{MARK}"
            victim.get(path, {"User-Agent": MARK, "Referer": f"http://{OTHER}/{MARK}", "Accept-Language": MARK})
        victim.post("/host", {"session": MARK, "key": MARK})
        assert MARK not in room.log


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_crash_leaves_no_memory_on_the_disk(room: Workshop) -> None:
    """A core file would hold what people wrote, where nobody looks and nothing purges it."""
    room.device().take_seat(room.code)
    kernels = eventually(room.kernels, "a kernel is there")
    for pid in [room.process.pid, *kernels]:
        (line,) = (one for one in Path(f"/proc/{pid}/limits").read_text().splitlines() if "core file" in one)
        assert line.split()[4:6] == ["0", "0"], "neither now nor if somebody raises it"
