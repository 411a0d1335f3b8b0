"""Measure every row of the table in one run, and write bench/results.md.

Stock Voila and the kit run one after the other on this machine; every figure of stock Voila is of the same run.
README.md and README.fr.md get the table too, where they hold the marks <!-- bench:en --> … <!-- /bench:en -->
(or bench:fr). --small measures next to nothing: it fails when a path is broken, never because of a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from playwright.sync_api import Browser

from bench import back, capacity, chromium, cold, conducting, first_load, idle, memory, opening, phone, saving, server
from bench.command import finish, main, parser, tell
from bench.people import Person, all_leave, crowd
from bench.rows import Figure
from bench.saving import Saving
from bench.server import ROOT, Server
from bench.table import RESULTS, markdown, write, write_where_marked
from bench.trouble import Trouble
from bench.web import run

READMES = ("README.md", "README.fr.md")
MARK = "bench"
STOCK_TRIES = 3


@dataclass(frozen=True)
class Size:
    """How much is measured.

    rooms     how many open the page at once; `stay` and `many` are those in which people then answer
    quiet     seconds without traffic after which a page counts as loaded
    times     how often a room opens, for stock Voila as for the kit; the figure is the median
    crowd     how many answer faster and faster, up to `most` a second, each step so many seconds
    starts    how often a cold server is started
    earlier   whether an earlier version is started too
    together  stock Voila and the kit at the same time, and stock Voila's saving without a browser: for when
              no time matters
    """

    rooms: tuple[int, ...]
    stock: int
    stay: int
    many: int
    saving: float
    idle: float
    phone: int
    stock_phone: int
    crowd: int
    most: float
    step: float
    starts: int
    times: int = 3
    quiet: float = first_load.QUIET
    together: bool = False
    earlier: bool = True


FULL = Size((20, 100, 300, 1000), 20, 100, 300, 20, 30, 5, 1, 300, capacity.MOST, capacity.SECONDS, 3)
SMALL = Size((2, 3), 1, 2, 3, 2, 1, 1, 0, 2, 5, 1, 1, times=1, quiet=0.2, together=True, earlier=False)


@dataclass(frozen=True)
class Room:
    """What is measured with people in the room; `many` is how a larger room saves."""

    openings: list[opening.Opening]
    memory: memory.Memory
    saving: saving.Saving
    idle: idle.Idle
    many: Saving | None


@dataclass(frozen=True)
class Pages:
    """What is measured with a browser alone."""

    load: first_load.Load
    phone: list[float]


async def room(place: Server, size: Size, rooms: Sequence[int], stay: int) -> Room:
    """One room after the other; in the one of size `stay`, people stay until everything else is measured."""
    await opening.warm(place)
    before = await memory.empty(place)
    done, kept, many = [], None, None
    for number in rooms:
        # Stock Voila keeps the kernels of those who have left, so that there each room has a server of its own.
        again = size.times if place.name == "kit" else 1
        opened = await opening.stages(place, [number] * (again - 1))
        people = crowd(place, number, seed=number)
        done.append(opening.median([*opened, await opening.open_at_once(place, people)]))
        if number == stay:
            kept = await _full(place, people, size, before)
        elif number == size.many:
            many = await saving.measure(place, people, size.saving, screen=False)
        await all_leave(people)
        await opening.emptied()
    if kept is None:
        raise Trouble("nobody stayed")
    return Room(done, *kept, many)


async def _full(
    place: Server, people: Sequence[Person], size: Size, before: float
) -> tuple[memory.Memory, saving.Saving, idle.Idle]:
    there = [person for person in people if person.line is not None]
    screen = place.name == "kit" or not size.together
    return (
        await memory.measure(place, there, before),
        await saving.measure(place, there, size.saving, screen),
        await idle.measure(place, there, size.idle),
    )


def pages(browser: Browser, place: Server, times: int, quiet: float) -> Pages:
    """What one visitor with a browser sees."""
    return Pages(first_load.measure(browser, place, quiet), phone.measure(browser, place, times))


def at_stock(size: Size) -> tuple[Room, Pages]:
    """Everything at stock Voila; again when somebody's page did not open: its kernels pick TCP ports, which collide."""
    for _ in range(STOCK_TRIES):
        opened = [opening.at_stock(size.stock) for _ in range(size.times - 1)]
        with server.stock() as place:
            with chromium.browser() as browser:
                seen = pages(browser, place, size.stock_phone, size.quiet)
            found = run(room(place, size, (size.stock,), size.stock))
        found = replace(found, openings=[opening.median([*opened, *found.openings])])
        if not found.openings[0].failed:
            break
        tell("stock: somebody's page did not open")
    return found, seen


def at_kit(size: Size) -> tuple[Room, Pages]:
    """Everything at the kit's server."""
    with server.kit(limit=max(size.rooms) + 20) as place:
        with chromium.browser() as browser:
            seen = pages(browser, place, size.phone, size.quiet)
        return run(room(place, size, size.rooms, size.stay)), seen


def measure(size: Size) -> list[Figure]:
    """Everything, stock Voila first."""
    with ThreadPoolExecutor(2 if size.together else 1) as pool:
        first, second = pool.submit(at_stock, size), pool.submit(at_kit, size)
        (stock, stock_pages), (kit, kit_pages) = first.result(), second.result()
    within = min(conducting.WITHIN, size.saving)
    return [
        *opening.figures(kit.openings, stock.openings[0]),
        *memory.figures(kit.memory, stock.memory),
        *first_load.figures(kit_pages.load, stock_pages.load),
        *phone.figures(kit_pages.phone, stock_pages.phone),
        *saving.figures(kit.saving, stock.saving),
        *(saving.figures(kit.many, stock.saving) if kit.many else []),
        *capacity.figures(capacity.measure_both(size.crowd, size.most, size.step)),
        *idle.figures(kit.idle, stock.idle),
        *conducting.figures(conducting.measure_kit(size.many, within), conducting.measure_stock(size.stock, within)),
        *back.figures(back.measure_kit(size.many)),
        *cold.figures(*cold.measure(size.starts, size.earlier)),
    ]


def write_all(figures: Sequence[Figure]) -> None:
    """The table in both languages, where it belongs."""
    by_lang = {lang: markdown(figures, lang) for lang in ("en", "fr")}
    write(RESULTS, MARK, by_lang)
    tell(f"written: {RESULTS.relative_to(ROOT)}")
    for name in READMES:
        if write_where_marked(ROOT / name, MARK, by_lang):
            tell(f"written: {name}")


def command() -> int:
    """Measure, write, print."""
    made = parser(__doc__)
    made.add_argument("--small", action="store_true", help="measure next to nothing and write nothing")
    made.add_argument("--no-write", action="store_true", help="print only")
    args = made.parse_args()
    figures = measure(SMALL if args.small else FULL)
    if broken := [one for one in figures if not one.fine]:
        tell(f"failed: {', '.join(one.key for one in broken)}")
    if not (args.small or args.no_write):
        write_all(figures)
    finish(figures, args.json)
    return 1 if args.small and broken else 0


if __name__ == "__main__":
    main(command)
