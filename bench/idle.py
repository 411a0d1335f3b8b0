"""Processor time while everybody is connected and reads.

Nobody does anything. The kit's pages give a sign of life every 30 seconds, as real ones in sight do; the
server's pings are answered. Counted is the time of the server with everything that it has started, in percent
of one core. Stock pages only answer pings here, which favours stock Voila.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bench.command import add_seconds, add_visitors, finish, main, parser, tell
from bench.gathered import measure_both
from bench.people import Person
from bench.rows import Figure
from bench.server import Server

REACH = 5.0
SETTLE = 1.0


@dataclass(frozen=True)
class Idle:
    """Percent of one core."""

    people: int
    percent: float
    seconds: float


async def measure(place: Server, people: Sequence[Person], seconds: float) -> Idle:
    """Let everyone read for so many seconds."""
    for person in people:
        person.stay()
    # What was still under way from before is not reading.
    await asyncio.sleep(SETTLE)
    before, begun = await asyncio.to_thread(place.cpu), time.perf_counter()
    await asyncio.sleep(seconds)
    used, took = await asyncio.to_thread(place.cpu) - before, time.perf_counter() - begun
    tell(f"{place.name}: {100 * used / took:.1f} % of one core with {len(people)} people reading")
    return Idle(len(people), 100 * used / took, took)


def figures(kit: Idle, stock: Idle | None) -> list[Figure]:
    """The row of this measurement."""
    against = (stock.percent, stock.people) if stock is not None else (None, 0)
    note = f"over {kit.seconds:.0f} s"
    return [Figure("idle", kit.percent, against[0], REACH, kit.people, note, stock_n=against[1])]


def command() -> int:
    """Stock first, then the kit."""
    made = parser(__doc__)
    add_visitors(made, 100)
    add_seconds(made, 60)
    args = made.parse_args()
    look = partial(measure, seconds=args.seconds)
    return finish(figures(*measure_both(look, args.visitors, args.stock)), args.json)


if __name__ == "__main__":
    main(command)
