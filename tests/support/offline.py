"""Run inside a network namespace: start a workshop from a stick's folder and take a seat in it.

`unshare -n python offline.py FOLDER PHONE` prints what it met; a failure is a traceback. PHONE stands in the regional
pack on the stick.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

SIOCSIFFLAGS, IFF_UP = 0x8914, 1
PATIENCE = 400.0


def only_loopback() -> None:
    """This machine reaches itself and nothing else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
        try:
            one.connect(("192.0.2.1", 9))
        except OSError:
            return
    raise AssertionError("there is a network")


class Stay(HTTPRedirectHandler):
    """Goes nowhere by itself: where a page leads is looked at first."""

    def redirect_request(self, *_asked: Any, **_more: Any) -> None:
        return None


def way_in(page: str) -> tuple[str, str, str]:
    """What the page leads to once the workshop answers: its address, and what the facilitator's link carries."""
    visitor = build_opener(ProxyHandler({}), Stay)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            visitor.open(f"{page}enter?lang=fr", timeout=PATIENCE)
        except HTTPError as error:
            if error.code != 303:
                raise
            address, _, carried = str(error.headers["Location"]).partition("/host#")
            session, _, key = carried.partition(".")
            return address, session, key
        time.sleep(0.3)
    raise AssertionError("the workshop does not answer")


def sent(visitor: OpenerDirector, address: str, fields: dict[str, str]) -> str:
    """A form of that page with these fields; where it leads."""
    token = re.search(r'name="form" value="([^"]+)"', visitor.open(address, timeout=PATIENCE).read().decode())
    filled = fields | ({"form": token[1]} if token else {})
    went = visitor.open(Request(address, urlencode(filled).encode()), timeout=PATIENCE)
    return str(went.url)


def main(folder: Path, phone: str) -> None:
    """The way of a trainer and of one participant."""
    only_loopback()
    call = ["sh", str(folder / "start.sh"), "--no-browser"]
    started = subprocess.Popen(
        call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", start_new_session=True
    )  # fmt: skip
    # Whatever is met below: nothing runs on.
    atexit.register(lambda: started.poll() is None and os.killpg(started.pid, signal.SIGKILL))
    assert started.stdout
    told = ""
    while not (page := re.search(r"http://\S+/", told)):
        line = started.stdout.readline()
        assert line, told
        told += line
    visitor = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
    form = visitor.open(f"{page[0]}new?lang=fr", timeout=PATIENCE).read().decode()
    assert 'name="exercise" value="reflection"' in form
    chosen = urlencode({"title": "Sans fil", "lang": "fr", "exercise": "reflection", "do": "start"}).encode()
    visitor.open(Request(f"{page[0]}new?lang=fr", chosen), timeout=PATIENCE)
    address, session, key = way_in(page[0])
    # What the page behind a facilitator's link does by itself.
    shown = sent(visitor, f"{address}/host", {"session": session, "key": key})
    assert shown.endswith("/console"), shown
    made = re.search(r"/w/(\w+)", visitor.open(f"{page[0]}?lang=fr", timeout=PATIENCE).read().decode())
    assert made, "the workshop is in the list"
    code = made[1]
    entrance = visitor.open(f"{address}/j/{code}", timeout=PATIENCE).read().decode()
    assert "Sans fil" in entrance
    assert "/support" in entrance
    assert phone in visitor.open(f"{address}/support", timeout=PATIENCE).read().decode()
    sent(visitor, f"{address}/j/{code}", {"sector": "settlement"})
    assert visitor.open(f"{address}/w", timeout=PATIENCE).status == 200
    os.killpg(os.getpgid(started.pid), signal.SIGINT)
    assert started.wait(PATIENCE) in (0, 130, -signal.SIGINT)
    print(told)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
