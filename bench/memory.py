"""Private memory (USS) of a participant's kernel, with everybody connected and after all exercises were used.

Used means: each person has brought every exercise onto the page, answered all of its questions and asked for
their own picture. USS is what only this process has (the Private_ lines of /proc/PID/smaps_rollup) and what its
end would give back; the figure is the median over the kernels. The note tells what one more person costs when the
server and its helpers are counted in, and when shared pages are divided among those who share them (PSS).
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.command import add_visitors, finish, main, parser, tell
from bench.gathered import measure_both
from bench.line import each
from bench.people import Participant, Person
from bench.processes import kernels_below, private_mb, private_mb_below, shared_too_mb_below
from bench.rows import Figure
from bench.server import Server
from bench.trouble import Trouble

REACH = 20.0


@dataclass(frozen=True)
class Memory:
    """In MB: the median and the largest kernel, and everything together divided by the people (USS, PSS)."""

    people: int
    kernel: float
    largest: float
    all_private: float
    all_shared: float


async def measure(place: Server, people: Sequence[Person]) -> Memory:
    """Use every exercise, then look."""
    participants = [person for person in people if isinstance(person, Participant)]
    tell(f"{place.name}: {len(people)} people use everything")
    if failed := await each([person.use_everything() for person in participants]):
        raise Trouble(f"{len(failed)} of {len(people)} could not use everything: {failed[0]}")
    return await asyncio.to_thread(_look, place, {person.kernel for person in people})


def _look(place: Server, theirs: set[str]) -> Memory:
    number = len(theirs)
    # Stock Voila keeps the kernels of those who have left.
    each_has = [private_mb(pid) for kernel, pid in kernels_below(place.pid).items() if kernel in theirs]
    if len(each_has) != number:
        raise Trouble(f"{place.name}: {len(each_has)} kernels for {number} people")
    made = Memory(
        number, statistics.median(each_has), max(each_has), private_mb_below(place.pid) / number,
        shared_too_mb_below(place.pid) / number,
    )  # fmt: skip
    tell(f"{place.name}: {made.kernel:.1f} MB per kernel")
    return made


def figures(kit: Memory, stock: Memory | None) -> list[Figure]:
    """The row of this measurement."""
    note = (
        f"largest kernel {kit.largest:.1f} MB; the server and its helpers counted in: {kit.all_private:.1f} MB per "
        f"person, with shared pages divided {kit.all_shared:.1f} MB"
    )
    if stock is not None:
        note += f"; stock with {stock.people} and its one worksheet: {stock.all_private:.1f} MB per person"
    alone = stock.kernel if stock else None
    return [Figure("memory", kit.kernel, alone, REACH, kit.people, note, stock_n=stock.people if stock else 0)]


def command() -> int:
    """Stock first, then the kit."""
    made = parser(__doc__)
    add_visitors(made, 100)
    args = made.parse_args()
    return finish(figures(*measure_both(measure, args.visitors, args.stock)), args.json)


if __name__ == "__main__":
    main(command)
