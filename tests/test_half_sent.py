"""Who sends half a request, or none, is not waited for: its line is closed, and everybody else is served meanwhile."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kit.serving.app import HALF_SENT_SECONDS
from tests.support.waiting import PATIENCE
from tests.support.workshop import serving

# The server as the command starts it, with less patience.
HURRIED = "from kit.serving import app; app.HALF_SENT_SECONDS = 2; from kit.cli import main; main()"
HALVES = {
    "nothing": b"",
    "half a line": b"GET /w HT",
    "half of the headers": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le",
    "half of the body": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 40\r\n\r\ncode=AB",
    "half of a part": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n28\r\ncode=AB",
    "half of a second request": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /healthz HT",
}


def test_the_wait_is_one_of_seconds() -> None:
    assert 5 <= HALF_SENT_SECONDS <= 30


@pytest.mark.slow
def test_half_a_request_ends_after_seconds(tmp_path: Path) -> None:
    with serving(tmp_path, "--exercises", "pulse", program=(sys.executable, "-c", HURRIED)) as made:
        place = urlsplit(made.address)
        lines = {}
        for name, sent in HALVES.items():
            lines[name] = socket.create_connection((str(place.hostname), place.port), PATIENCE)
            lines[name].sendall(sent)
        assert made.device().get("/").status == 200
        for name, line in lines.items():
            with line:
                while told := line.recv(4096):
                    assert name == "half of a second request" or b" 200 " not in told, name
        person = made.device()
        person.take_seat(made.code)
        assert person.get("/w").status == 200
