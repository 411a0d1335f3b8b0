"""The same worksheet in the kit, Solara, Panel and Streamlit, measured in one run; writes bench/results.md.

With the same real Chromium, through the same counting relay: bytes, requests, time until usable, first and second
load. With the same load at the level of each one's own protocol (nobody here has a browser): so many visitors at
once until the last one has the form; processor time; how much private memory of all the server's processes grows
per visitor while everybody is connected. Each size meets a fresh server that has had one visitor. The peers keep
what is said to them in the one process that serves everybody; the kit has a server and kernels that hold pages, and
writes each answer to its store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from statistics import median

from bench import chromium, first_load, opening, server
from bench.command import count, main, parser, tell
from bench.machine import described
from bench.peers.servers import NAMES, peer, prepared, version_of
from bench.peers.visitors import guests
from bench.people import Person, all_leave, crowd
from bench.processes import private_mb_below
from bench.rows import number, words
from bench.server import ROOT, Server
from bench.table import RESULTS, rows, write
from bench.web import run

SIZES = (20, 100)
LOADS = 5
KIT = "kit"


@dataclass(frozen=True)
class Room:
    """`growth`: private memory per visitor, in MB."""

    opening: opening.Opening
    growth: float


@dataclass(frozen=True)
class Measured:
    """One tool: what a browser sees, and rooms by size."""

    name: str
    version: str
    load: first_load.Load
    rooms: tuple[Room, ...]


@contextmanager
def serving(name: str) -> Iterator[tuple[Server, Callable[[Server, int], Sequence[Person]]]]:
    """A fresh server, and who visits it."""
    if name == KIT:
        with server.kit(limit=1000) as place:
            yield place, crowd
    else:
        with peer(name) as place:
            yield place, guests


def measure(name: str, sizes: Sequence[int]) -> Measured:
    """Everything about one tool."""
    with chromium.browser() as browser, serving(name) as (place, _):
        loads = [first_load.measure(browser, place) for _ in range(LOADS)]
    # Bytes and requests are the same each time; seconds are not.
    load = replace(
        loads[0],
        seconds=median(one.seconds for one in loads),
        again_seconds=median(one.again_seconds for one in loads),
    )
    rooms = []
    for size in sizes:
        with serving(name) as (place, people):
            rooms.append(run(_room(place, people(place, 1), people(place, size))))
    return Measured(name, _version(name), load, tuple(rooms))


async def _room(place: Server, first: Sequence[Person], people: Sequence[Person]) -> Room:
    await opening.open_at_once(place, first)
    await all_leave(first)
    await opening.emptied()
    before = private_mb_below(place.pid)
    opened = await opening.open_at_once(place, people)
    growth = (private_mb_below(place.pid) - before) / len(people)
    await all_leave(people)
    return Room(opened, growth)


def _version(name: str) -> str:
    from kit import __version__

    return __version__ if name == KIT else version_of(name)


def table(done: Sequence[Measured], lang: str) -> str:
    """One column for each tool."""
    said = words()["peers"][lang]
    names = [said["kit"] if one.name == KIT else one.name.title() for one in done]
    head = [said["figure"], *(f"{name} {one.version}" for name, one in zip(names, done, strict=True)), ""]
    cells = [
        [said[key], *(number(value(one), digits, lang) for one in done), unit] for key, digits, unit, value in _LOAD
    ]
    for at, room in enumerate(done[0].rooms):
        for key, digits, unit, of in _ROOM:
            name = said[key].format(n=room.opening.visitors)
            cells.append([name, *(number(of(one.rooms[at]), digits, lang) for one in done), unit])
    return f"{rows(head, [[*row[:-1], words()['units'][lang][row[-1]]] for row in cells])}\n\n{described(lang)}"


_LOAD: tuple[tuple[str, int, str, Callable[[Measured], float]], ...] = (
    ("usable", 2, "s", lambda one: one.load.seconds),
    ("bytes", 0, "KB", lambda one: one.load.first),
    ("requests", 0, "", lambda one: one.load.requests),
    ("again", 0, "KB", lambda one: one.load.again),
    ("again_usable", 2, "s", lambda one: one.load.again_seconds),
)
_ROOM: tuple[tuple[str, int, str, Callable[[Room], float]], ...] = (
    ("opening", 2, "s", lambda room: room.opening.seconds),
    ("failed", 0, "", lambda room: len(room.opening.failed)),
    ("cpu", 3, "s", lambda room: room.opening.cpu),
    ("memory", 2, "MB", lambda room: room.growth),
)


def command() -> int:
    """The kit first, then each peer."""
    made = parser(__doc__)
    made.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES), metavar="NAME", help=", ".join(NAMES))
    made.add_argument("--visitors", type=count, nargs="+", default=list(SIZES), metavar="N", help="sizes (20 100)")
    made.add_argument("--prepare", action="store_true", help="make the environments and measure nothing")
    made.add_argument("--no-write", action="store_true", help="print only")
    args = made.parse_args()
    for name in args.only:
        prepared(name)
    if args.prepare:
        return 0
    done = [measure(name, args.visitors) for name in (KIT, *args.only)]
    if not args.no_write:
        write(RESULTS, "peers", {lang: table(done, lang) for lang in ("en", "fr")})
        tell(f"written: {RESULTS.relative_to(ROOT)}")
    print(json.dumps([asdict(one) for one in done], indent=1) if args.json else table(done, "en"))
    return 0


if __name__ == "__main__":
    main(command)
