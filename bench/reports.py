"""How long reports take, and the stock loop (papermill + nbconvert, six figures): `python -m bench.reports`.

Both in one run. Prints a table and writes it to bench/results.md. `--small` measures next to nothing and writes
nothing: it fails when a path is broken, never because of a time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import psutil

from bench.command import tell
from bench.machine import described
from bench.reporting import everything, held, many, plain, undrawn
from bench.rows import words
from bench.table import RESULTS, write
from bench.table import rows as table
from bench.trouble import Trouble
from kit.reports import Wish, make_reports
from kit.reports.batch import known_formats
from kit.reports.build import build
from kit.reports.material import gather
from kit.store import Store

STOCK = Path(__file__).parent / "stock" / "report.ipynb"
PAPER = tuple(name for name in ("pdf", "docx") if name in known_formats())
OFTEN = 0.05


@dataclass(frozen=True)
class Size:
    """How many sessions of how many people; `stock` is how many reports the stock loop makes."""

    sessions: int
    people: int
    stock: int
    many: int
    unchanged: int
    large: int


FULL, SMALL = Size(50, 30, 10, 1000, 200, 2000), Size(3, 30, 1, 4, 3, 30)


@dataclass(frozen=True)
class Line:
    """A row: which one of `words.yaml`, with its numbers; what was measured; what is to be reached."""

    key: str
    numbers: dict[str, object]
    measured: str
    goal: str

    def told(self, lang: str) -> str:
        """What it is, in words."""
        said: str = words()["reports"][lang][self.key]
        return said.format(**self.numbers)


@dataclass
class Memory:
    """The most that this process and all below it have had at one moment, in bytes."""

    most: int = 0


def stock(data: Path, times: int, folder: Path) -> float:
    """Seconds for each report of the loop that people write: run the notebook in a kernel, export it."""
    import papermill
    from nbconvert import HTMLExporter

    def one(number: int) -> None:
        ran = folder / f"{number}.ipynb"
        papermill.execute_notebook(STOCK, ran, {"data": str(data)}, progress_bar=False, kernel_name="python3")
        (folder / f"{number}.html").write_text(HTMLExporter().from_filename(str(ran))[0], "utf-8")

    one(-1)
    begun = time.perf_counter()
    for number in range(times):
        one(number)
    return (time.perf_counter() - begun) / times


def batch(
    store: Path, ids: Sequence[str], out: Path, formats: tuple[str, ...] = ("html",), jobs: int = 1
) -> list[float]:
    """When each report was there, in seconds from the start; raises `Trouble` if one failed."""
    begun, times = time.perf_counter(), []
    for one in make_reports(store, ids, out, Wish(formats=formats), jobs):
        if one.problem:
            raise Trouble(one.problem)
        times.append(time.perf_counter() - begun)
    return times


def command(store: Path, *words: str) -> float:
    """Seconds that a call of `kit report` takes, from nothing."""
    begun = time.perf_counter()
    call = [sys.executable, "-m", "kit", "report", *words, "--store", str(store)]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL, env=os.environ)
    return time.perf_counter() - begun


@contextmanager
def watched() -> Iterator[Memory]:
    """Looks at the memory of all processes that this one has started, while the block runs."""
    found, end, own = Memory(), Event(), psutil.Process()

    def look() -> None:
        while not end.wait(OFTEN):
            total = 0
            for one in own.children(recursive=True):
                try:
                    total += one.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            found.most = max(found.most, total)

    thread = Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        end.set()
        thread.join()


def measured(size: Size, folder: Path) -> Iterator[Line]:
    """Every row of the table."""
    place = folder / "store.db"
    tell(f"{size.sessions} sessions of {size.people} people")
    with Store.open(place) as store:
        ids = many(store, size.sessions, size.people)
        data = plain(build(gather(store, ids[0]), "en"), folder / "data.json")
    tell("the stock loop")
    each = stock(data, size.stock, folder)
    yield Line("stock", {"n": size.stock}, f"{each:.2f} s", "–")
    tell("figures kept")
    batch(place, ids[:1], folder / "warm")
    kept = batch(place, ids, folder / "kept")[-1] / len(ids)
    yield Line("kept", {"n": len(ids)}, f"{1000 * kept:.0f} ms, × {each / kept:.0f}", "× 20")
    yield from cold(place, ids, folder, kept)
    yield from unchanged(folder, size)
    tell("every figure drawn anew")
    with Store.open(place) as store:
        undrawn(store)
    anew = batch(place, ids, folder / "anew")[-1] / len(ids)
    yield Line("anew", {}, f"{1000 * anew:.0f} ms, × {each / anew:.0f}", "× 3")
    yield from at_length(folder, size)
    yield from large(folder, size)


def cold(place: Path, ids: Sequence[str], folder: Path, kept: float) -> Iterator[Line]:
    """One session from nothing, and each further one, with the formats that there are."""
    tell("cold")
    names = ",".join(("html", *PAPER))
    took = command(place, ids[0], "--format", names, "--out", str(folder / "cold"))
    yield Line("cold", {"names": names.replace(",", ", ")}, f"{took:.2f} s", "3 s")
    yield Line("further", {"names": "html"}, f"{kept:.2f} s", "0.15 s")
    for more, goal in zip(range(1, len(PAPER) + 1), ("0.7 s", "1.2 s"), strict=False):
        formats = ("html", *PAPER[:more])
        batch(place, ids[:1], folder / f"warm{more}", formats)
        took = batch(place, ids[:10], folder / f"more{more}", formats)[-1] / len(ids[:10])
        yield Line("further", {"names": ", ".join(formats)}, f"{took:.2f} s", goal)


def unchanged(folder: Path, size: Size) -> Iterator[Line]:
    """A second run over the same sessions."""
    tell("nothing changed")
    place, out = folder / "unchanged.db", folder / "unchanged"
    with Store.open(place) as store:
        ids = many(store, size.unchanged, size.people)
    batch(place, ids, out, jobs=2)
    took = command(place, "--all", "--out", str(out))
    yield Line("unchanged", {"n": len(ids)}, f"{took:.2f} s", "5 s")


def at_length(folder: Path, size: Size) -> Iterator[Line]:
    """Very many, with two jobs: what each costs at the beginning and at the end, and the memory of all together."""
    tell(f"{size.many} sessions")
    place = folder / "many.db"
    with Store.open(place) as store:
        ids = many(store, size.many, size.people)
    times = batch(place, ids, folder / "many", jobs=2)
    with watched() as memory:
        command(place, "--all", "--out", str(folder / "many-again"), "--jobs", "2")
    part = max(len(ids) // 5, 1)
    first, last = (times[part - 1] - times[0]) / part, (times[-1] - times[-part - 1]) / part
    yield Line("many", {"n": len(ids)}, f"{1000 * first:.0f} ms → {1000 * last:.0f} ms", "=")
    yield Line("memory", {}, f"{memory.most / 1e6:.0f} MB", "700 MB")


def large(folder: Path, size: Size) -> Iterator[Line]:
    """One session of very many people, all exercises."""
    tell(f"{size.large} people")
    place = folder / "large.db"
    with Store.open(place) as store:
        ids = [held(store, size.large, 1, everything()).id, held(store, size.people, 1, everything()).id]
    batch(place, ids[1:], folder / "warm-large")
    took = batch(place, ids[:1], folder / "large")[-1]
    yield Line("large", {"n": size.large}, f"{took:.2f} s", "1 s")


def main() -> int:
    """Measure and print a table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--small", action="store_true", help="next to nothing")
    size = SMALL if asked.parse_args().small else FULL
    with tempfile.TemporaryDirectory(prefix="kb") as folder:
        lines = []
        for line in measured(size, Path(folder)):
            tell(f"{line.told('en')}: {line.measured}")
            lines.append(line)
    if size is FULL:
        write(RESULTS, "reports", {lang: told(lines, lang) for lang in ("en", "fr")})
    print(told(lines, "en"))
    return 0


def told(lines: Sequence[Line], lang: str) -> str:
    """The table, machine, versions and date."""
    cells = [[one.told(lang), one.measured, one.goal] for one in lines]
    if lang == "fr":
        cells = [[what, *(one.replace(".", ",").replace("MB", "Mo") for one in rest)] for what, *rest in cells]
    return f"{table(words()['reports'][lang]['head'], cells)}\n\n{described(lang)}"


if __name__ == "__main__":
    sys.exit(main())
