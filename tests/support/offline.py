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
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

SIOCSIFFLAGS, IFF_UP = 0x8914, 1
PATIENCE = 400.0
ON = re.compile(r'action="(http://[^"]+/desk)">\s*<input type="hidden" name="ticket" value="([^"]+)"')


def only_loopback() -> None:
    """This machine reaches itself and nothing else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
        try:
            one.connect(("192.0.2.1", 9))
        except OSError:
            return
    raise AssertionError("there is a network")


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
    form = visitor.open(page[0], timeout=PATIENCE).read().decode()
    assert 'name="exercise" value="reflection"' in form
    chosen = urlencode({"title": "Sans fil", "lang": "fr", "exercise": "reflection"}).encode()
    shown = visitor.open(Request(page[0], chosen), timeout=PATIENCE).read().decode()
    deadline = time.monotonic() + PATIENCE
    while not (on := ON.search(shown)):
        assert time.monotonic() < deadline, shown
        time.sleep(0.3)
        try:
            shown = visitor.open(f"{page[0]}wait", timeout=PATIENCE).read().decode()
        except URLError as error:
            if hasattr(error, "code"):
                raise
    # What the page sends by itself: the way into the console.
    console = visitor.open(Request(on[1], urlencode({"ticket": on[2]}).encode()), timeout=PATIENCE)
    assert console.url.endswith("/console"), console.url
    while not (join := re.search(r"(http://\S+)/j/(\w+)", told)):
        told += started.stdout.readline()
    address, code = re.sub(r"//[^:]+:", "//127.0.0.1:", join[1]), join[2]
    entrance = visitor.open(f"{address}/j/{code}", timeout=PATIENCE).read().decode()
    assert "Sans fil" in entrance
    assert phone in entrance
    seat = re.search(r'name="form" value="([^"]+)"', visitor.open(f"{address}/j/{code}").read().decode())
    taken = {"sector": "settlement"} | ({"form": seat[1]} if seat else {})
    visitor.open(Request(f"{address}/j/{code}", urlencode(taken).encode()), timeout=PATIENCE)
    assert visitor.open(f"{address}/w", timeout=PATIENCE).status == 200
    os.killpg(os.getpgid(started.pid), signal.SIGINT)
    assert started.wait(PATIENCE) in (0, 130, -signal.SIGINT)
    print(told)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
