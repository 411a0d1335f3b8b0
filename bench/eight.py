"""How much heavier a participant is with every exercise of the kit than with the first two of them.

Both times everything that the workshop has was used (see bench.memory); the figure is the quotient of the medians.
"""

from __future__ import annotations

from bench import memory, server
from bench.command import add_visitors, finish, main, parser
from bench.gathered import gathered
from bench.memory import Memory
from bench.rows import Figure
from bench.web import run

REACH = 1.10
TWO = "reflection,partnership"
VISITORS = 20


async def _measure(place: server.Server, number: int) -> Memory:
    async with gathered(place, number) as people:
        return await memory.measure(place, people)


def measure(visitors: int) -> tuple[Memory, Memory]:
    """A workshop of two exercises, then one of all."""
    made = []
    for exercises in (TWO, ""):
        with server.kit(limit=visitors + 10, exercises=exercises) as place:
            made.append(run(_measure(place, visitors)))
    return made[0], made[1]


def figures(two: Memory, every: Memory) -> list[Figure]:
    """The row of this measurement."""
    note = f"{every.kernel:.1f} MB with all, {two.kernel:.1f} MB with two"
    return [Figure("memory_eight", every.kernel / two.kernel, None, REACH, every.people, note)]


def command() -> int:
    """Two, then all."""
    made = parser(__doc__)
    add_visitors(made, VISITORS)
    args = made.parse_args()
    return finish(figures(*measure(args.visitors)), args.json)


if __name__ == "__main__":
    main(command)
