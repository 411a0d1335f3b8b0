"""From typing `kit workshop` to the first word, the front door and the first person's page.

`python -m bench.startup [--than COMMIT]` measures this copy, and, in turns, the same at another commit with the same
packages (f717faf unless another is named; left out where git or the commit is not there).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from bench.server import ROOT, START, environment, free_port
from bench.trouble import Trouble

BEFORE = "f717faf"
MARKS = ("first word", "front door", "first page")
_JOIN = re.compile(rb"(http://\S+)/j/(\w+)")


def measure(place: Path) -> dict[str, float]:
    """Seconds from the start of `kit workshop` in the copy at `place` to each mark."""
    folder = Path(tempfile.mkdtemp(prefix="kb_"))
    (folder / "home").mkdir()
    port = free_port()
    own = environment(folder, {"KIT_LANG": "en", "PYTHONPATH": str(place), "TMPDIR": str(folder)})
    begun = time.perf_counter()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "kit", "workshop", "--store", str(folder / "store.db"), "--host", "127.0.0.1",
            "--port", str(port), "--no-browser", "--exercises", "reflection",
        ], cwd=place, env=own, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        assert process.stdout
        told = os.read(process.stdout.fileno(), 1)
        marks = {"first word": time.perf_counter() - begun}
        while not (join := _JOIN.search(told)):
            more = os.read(process.stdout.fileno(), 4096)
            if not more:
                raise Trouble(f"it ended: {told.decode(errors='replace')[-500:]}")
            told += more
        address, code = join[1].decode(), join[2].decode()
        jar = CookieJar()
        visitor = build_opener(ProxyHandler({}), HTTPCookieProcessor(jar))
        _until(lambda: visitor.open(f"{address}/j/{code}", timeout=5).read())
        marks["front door"] = time.perf_counter() - begun
        # An older copy gives no form token, and asks for none.
        token = next((cookie.value or "" for cookie in jar if cookie.name == "form"), "")
        form = urlencode({"sector": "settlement", "form": token}).encode()
        visitor.open(Request(f"{address}/j/{code}", form), timeout=START).read()
        _until(lambda: visitor.open(f"{address}/w", timeout=START).read())
        marks["first page"] = time.perf_counter() - begun
        return marks
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Measure, and print a line for each mark."""
    call = argparse.ArgumentParser(description=__doc__)
    call.add_argument("--than", default=BEFORE, metavar="COMMIT")
    call.add_argument("--times", type=int, default=5, metavar="N")
    call.add_argument("--json", action="store_true")
    asked = call.parse_args()
    with _copy(asked.than) as before:
        places = {"now": ROOT} | ({asked.than: before} if before else {})
        for place in places.values():
            measure(place)  # not counted: bytecode is written
        runs = [{name: measure(place) for name, place in places.items()} for _ in range(asked.times)]
    middle = {
        name: {mark: round(statistics.median(run[name][mark] for run in runs), 2) for mark in MARKS} for name in places
    }
    if asked.json:
        print(json.dumps(middle))
        return 0
    for mark in MARKS:
        other = f"   {asked.than} {middle[asked.than][mark]:5.2f} s" if before else ""
        print(f"{mark:<11} now {middle['now'][mark]:5.2f} s{other}")
    return 0


def _until(ask: Callable[[], object]) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            ask()
            return
        time.sleep(0.02)
    raise Trouble("nothing answers")


@contextmanager
def _copy(commit: str) -> Iterator[Path | None]:
    """The files of another commit, for as long as they are needed; None where they cannot be had."""
    folder = Path(tempfile.mkdtemp(prefix="kb_"))
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=False)
    try:
        if packed.returncode == 0:
            subprocess.run(["tar", "-x"], cwd=folder, input=packed.stdout, check=True)
        yield folder if packed.returncode == 0 else None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
