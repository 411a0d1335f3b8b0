"""Memory that a connected person adds, after all exercises were used.

Used means: each person has brought every exercise onto the page, answered all of its questions and asked for their
own picture. Counted is what the server and everything that it has started have for themselves (USS: the Private_ lines
of /proc/PID/smaps_rollup), less what they had when one person had been there, used everything and left; divided by the
people.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bench import server
from bench.command import add_visitors, finish, main, parser, tell
from bench.line import each
from bench.people import Participant, Person, all_leave, crowd
from bench.processes import private_mb_below, shared_too_mb_below
from bench.rows import Figure
from bench.server import Server
from bench.trouble import Trouble
from bench.web import run

REACH = 0.3
STOCK = 20
SETTLE = 1.0


@dataclass(frozen=True)
class Memory:
    """In MB: what each person added, and the whole server with them (USS, and PSS: shared pages divided)."""

    people: int
    each: float
    all_private: float
    all_shared: float


async def empty(place: Server) -> float:
    """What a server has for itself when somebody has been there and used everything (stock Voila: nobody), in MB."""
    if place.name != "stock":
        people = crowd(place, 1, seed=0)
        await people[0].come()
        await people[0].open()
        await _use(people)
        await all_leave(people)
        await asyncio.sleep(SETTLE)
    return await asyncio.to_thread(private_mb_below, place.pid)


async def measure(place: Server, people: Sequence[Person], before: float) -> Memory:
    """Use every exercise, then look; `before` is what there was without these people."""
    tell(f"{place.name}: {len(people)} people use everything")
    await _use(people)
    now = await asyncio.to_thread(private_mb_below, place.pid)
    made = Memory(
        len(people), (now - before) / len(people), now, await asyncio.to_thread(shared_too_mb_below, place.pid)
    )
    tell(f"{place.name}: {made.each:.2f} MB for each")
    return made


async def _use(people: Sequence[Person]) -> None:
    participants = [person for person in people if isinstance(person, Participant)]
    if failed := await each([person.use_everything() for person in participants]):
        raise Trouble(f"{len(failed)} of {len(people)} could not use everything: {failed[0]}")


def figures(kit: Memory, stock: Memory | None) -> list[Figure]:
    """The row of this measurement."""
    note = (
        f"server and kernels with all {kit.people}: {kit.all_private:.0f} MB, with shared pages divided "
        f"{kit.all_shared:.0f} MB"
    )
    if stock is not None:
        note += f"; stock with {stock.people}: {stock.all_private:.0f} MB"
    alone = stock.each if stock else None
    return [Figure("memory", kit.each, alone, REACH, kit.people, note, stock_n=stock.people if stock else 0)]


async def _measure(place: Server, number: int) -> Memory:
    before = await empty(place)
    people = crowd(place, number)
    if failed := await each([person.come() for person in people]) or await each([person.open() for person in people]):
        raise Trouble(f"{place.name}: {failed[0]}")
    made = await measure(place, people, before)
    await all_leave(people)
    return made


def command() -> int:
    """Stock first, then the kit."""
    made = parser(__doc__)
    add_visitors(made, 100)
    args = made.parse_args()
    at_stock = None
    if args.stock:
        with server.stock() as place:
            at_stock = run(_measure(place, args.stock))
    with server.kit(limit=args.visitors + 10) as place:
        return finish(figures(run(_measure(place, args.visitors)), at_stock), args.json)


if __name__ == "__main__":
    main(command)
