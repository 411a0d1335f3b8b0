"""A full room opens the page at once.

Everyone holds a seat (taken before; told apart as "the front door"), asks for the page at the same moment and
connects. The clock stops when the last one has the form's state and an open line to the kernel: for the kit the
exercise with its questions, which its kernel has put into the page; for stock Voila the rows of core widgets, which
its page can only ask the kernel for over that line. Scripts and style sheets are left out for both (stock Voila
sends 5 MB of them, see bench.first_load). Processor time is that of the server with everything that it has started,
from the first request to the last form. Right before stock Voila's, memory is used once (see `use_memory`).
"""

from __future__ import annotations

import asyncio
import gc
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench import server
from bench.command import add_stock, count, finish, main, parser, tell
from bench.line import each
from bench.people import Person, all_leave, crowd
from bench.processes import available_mb
from bench.rows import Figure
from bench.server import Server
from bench.trouble import Trouble
from bench.web import run

SIZES = (20, 100, 300, 1000)
STOCK = 20
# What the stock time for 20 visitors is divided by, by number of visitors.
SHARE = {20: 50, 100: 16, 300: 6, 1000: 1.5}
# Milliseconds of the server's processor for one visit, in a room of so many.
MOST_CPU, CPU_OF = 7.0, 300
# For a visitor at stock Voila, whose every visitor is a process.
EACH_MB, MOST_MB, PAGE = 90.0, 8000.0, 4096
GROUP = 50
# Until the pages of those who have left are forgotten.
EMPTY_SECONDS = 1.0


@dataclass(frozen=True)
class Opening:
    """How it went. `seconds` until the last one who was not failed; `cpu` in seconds per visitor; `door` in seconds."""

    visitors: int
    seconds: float
    cpu: float
    door: float
    failed: tuple[str, ...] = ()


async def open_at_once(place: Server, people: Sequence[Person]) -> Opening:
    """Let everyone open the page at the same moment; their pages stay open."""
    begun = time.perf_counter()
    # Through the door one group after the other: it is not what is measured here.
    groups = [people[at : at + GROUP] for at in range(0, len(people), GROUP)]
    if late := [one for group in groups for one in await each([person.come() for person in group])]:
        raise Trouble(f"{len(late)} of {len(people)} found no way in: {late[0]}")
    door = time.perf_counter() - begun
    if place.name == "stock":
        await asyncio.to_thread(use_memory, min(len(people) * EACH_MB, MOST_MB))
    before = await asyncio.to_thread(place.cpu)
    # The visitors have the same two cores as the server.
    gc.collect()
    gc.disable()
    begun = time.perf_counter()
    failed = await each([person.open() for person in people])
    took = time.perf_counter() - begun
    gc.enable()
    used = await asyncio.to_thread(place.cpu) - before
    tell(f"{place.name}: {len(people)} at once in {took:.2f} s, {len(failed)} failed; front door {door:.2f} s")
    return Opening(len(people), took, used / len(people), door, tuple(failed))


def use_memory(mb: float) -> None:
    """Have so much memory been used once, if it is free.

    A virtual machine is given each page by its host at the first use, which takes as long as all else that a
    visitor costs, and some hosts take back within seconds what is free; on a machine of one's own, it is there.
    """
    size = int(min(available_mb() / 2, mb)) * 2**20
    block = bytearray(size)
    block[::PAGE] = b"\1" * (size // PAGE)


async def warm(place: Server) -> None:
    """Somebody has been here before: no server is met cold by a whole room."""
    (one,) = crowd(place, 1, seed=0)
    await one.come()
    await one.open()
    await one.leave()


async def emptied() -> None:
    """Wait until the pages of those who have left are forgotten."""
    await asyncio.sleep(EMPTY_SECONDS)


async def stages(place: Server, sizes: Sequence[int]) -> list[Opening]:
    """One size after the other."""
    done: list[Opening] = []
    for number in sizes:
        people = crowd(place, number, seed=number)
        done.append(await open_at_once(place, people))
        await all_leave(people)
        await emptied()
    return done


def median(several: Sequence[Opening]) -> Opening:
    """The one in the middle by its seconds; whoever failed in any of them has failed."""
    middle = sorted(several, key=lambda one: one.seconds)[len(several) // 2]
    return replace(middle, failed=tuple(who for one in several for who in one.failed))


def figures(kit: Sequence[Opening], stock: Opening | None) -> list[Figure]:
    """The rows of this measurement."""
    made = []
    for one in kit:
        goal = _goal(one.visitors, stock)
        against = (stock.seconds, stock.visitors) if stock is not None and not stock.failed else (None, 0)
        note, fine = _note(one, stock), not one.failed
        made.append(Figure("opening", one.seconds, against[0], goal, one.visitors, note, fine, against[1]))
        if one.failed:
            made.append(Figure("opening_failed", len(one.failed), None, 0, one.visitors, one.failed[0]))
    return made + _cpu(kit, stock)


def _goal(visitors: int, stock: Opening | None) -> float | None:
    if stock is None or stock.visitors != STOCK or stock.failed or visitors not in SHARE:
        return None
    return stock.seconds / SHARE[visitors]


def _note(one: Opening, stock: Opening | None) -> str:
    told = f"{one.cpu:.3f} s of processor time per person; front door before it {one.door:.2f} s"
    if stock is not None:
        told += f"; stock {stock.visitors}: {stock.seconds:.1f} s, {stock.cpu:.2f} s of processor time per person"
        told += f", {len(stock.failed)} failed" if stock.failed else ""
    return told


def _cpu(kit: Sequence[Opening], stock: Opening | None) -> list[Figure]:
    against = (1000 * stock.cpu, stock.visitors) if stock is not None and not stock.failed else (None, 0)
    return [
        Figure("opening_cpu", 1000 * one.cpu, against[0], MOST_CPU, one.visitors, stock_n=against[1])
        for one in kit
        if one.visitors == CPU_OF
    ]


def _options() -> Namespace:
    made = parser(__doc__)
    told = "sizes of the room (20 100 300 1000)"
    made.add_argument("--visitors", type=count, nargs="+", default=list(SIZES), metavar="N", help=told)
    add_stock(made)
    return made.parse_args()


def command() -> int:
    """Stock first, then the kit."""
    args = _options()
    stock = at_stock(args.stock) if args.stock else None
    with server.kit(limit=max(args.visitors) + 10) as place:
        kit = run(_kit(place, args.visitors))
    return finish(figures(kit, stock), args.json)


def at_stock(number: int) -> Opening:
    """So many people at a stock Voila of their own: it keeps the kernels of those who have left."""
    with server.stock() as place:
        return run(_stock(place, number))


async def _kit(place: Server, sizes: Sequence[int]) -> list[Opening]:
    await warm(place)
    return await stages(place, sizes)


async def _stock(place: Server, number: int) -> Opening:
    await warm(place)
    people = crowd(place, number)
    done = await open_at_once(place, people)
    await all_leave(people)
    return done


if __name__ == "__main__":
    main(command)
