"""How many answers a second the kit takes before the 95th percentile from a change to "saved" passes 150 ms.

Everybody stays connected and answers at fixed times, whether or not earlier answers have come back in time, faster
from step to step; the figure is the rate of the last step that was kept. The people who answer run on the same
processors as the server. The note says what was full in the first step that was not kept: the server's process, the
kernels, or the people.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import server
from bench.command import count, finish, main, parser, percentile, tell
from bench.line import each
from bench.opening import warm
from bench.people import Person, all_leave, crowd
from bench.processes import cpu_of, family
from bench.rows import Figure
from bench.server import Server
from bench.trouble import Trouble
from bench.web import run

REACH = {1: 500.0, 2: 800.0}
MOST_MS = 150.0
PEOPLE = 300
FIRST, FASTER, MOST = 200.0, 1.2, 2000.0
SECONDS = 5.0
# A server that is behind by so much at a step's end is not waited for.
BEHIND = 2.0


@dataclass(frozen=True)
class Step:
    """A rate (answers a second): how many were given, their 95th percentile in ms, how busy who was (1: one core)."""

    rate: float
    given: int
    high: float
    busy: dict[str, float]

    @property
    def kept(self) -> bool:
        """Whether people would not have noticed."""
        return self.high <= MOST_MS


async def measure(place: Server, people: Sequence[Person], most: float = MOST, seconds: float = SECONDS) -> list[Step]:
    """Faster and faster, until a step is not kept; that one is the last."""
    rate, steps = min(FIRST, most), []
    while True:
        steps.append(await _step(place, people, rate, seconds))
        last = steps[-1]
        tell(f"{place.name}: {last.rate:.0f} a second: {last.high:.0f} ms, {told(last.busy)}")
        if not last.kept or rate >= most:
            return steps
        rate *= FASTER


async def _step(place: Server, people: Sequence[Person], rate: float, seconds: float) -> Step:
    took: list[float] = []
    begun = time.perf_counter()
    before = used(place)

    async def answer(person: Person, first: float) -> None:
        due = begun + first
        while due < begun + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await person.answer()
            # From when it was due: who waits for a slow answer also waits with the next.
            took.append(1000 * (time.perf_counter() - due))
            if time.perf_counter() > begun + seconds + BEHIND:
                return
            due += len(people) / rate

    if failed := await each([answer(one, at / rate) for at, one in enumerate(people)]):
        raise Trouble(f"{len(failed)} of {len(people)} people: {failed[0]}")
    after, passed = used(place), time.perf_counter() - begun
    reached = len(took) / passed if passed > seconds + BEHIND else rate
    return Step(reached, len(took), percentile(took, 95), shares(before, after, passed))


def used(place: Server) -> dict[str, float]:
    """Processor seconds by who used them."""
    kernels = {f"kernel {at}": cpu_of(pid) for at, pid in enumerate(sorted(set(family(place.pid)) - {place.pid}), 1)}
    return {"server": cpu_of(place.pid), "people": cpu_of(os.getpid()), **kernels}


def shares(before: Mapping[str, float], after: Mapping[str, float], passed: float) -> dict[str, float]:
    """How busy each was between two looks, as a share of one core."""
    return {name: (after[name] - before.get(name, 0.0)) / passed for name in after}


def told(busy: Mapping[str, float]) -> str:
    """The same in words."""
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in busy.items() if share > 0.02)


def figures(by_kernels: dict[int, list[Step]]) -> list[Figure]:
    """A row for each number of kernels."""
    made = []
    for number, steps in by_kernels.items():
        kept = [step.rate for step in steps if step.kept]
        key = "capacity" if number == 1 else "capacity_cores"
        note = f"then {steps[-1].high:.0f} ms at {steps[-1].rate:.0f} a second, with {told(steps[-1].busy)} of a core"
        made.append(Figure(key, max(kept, default=0.0), None, REACH.get(number), PEOPLE, note, more=True))
    return made


async def _kit(place: Server, number: int, most: float, seconds: float) -> list[Step]:
    await warm(place)
    people = crowd(place, number, seed=7)
    if failed := await each([person.come() for person in people]) or await each([person.open() for person in people]):
        raise Trouble(f"{place.name}: {failed[0]}")
    steps = await measure(place, people, most, seconds)
    await all_leave(people)
    return steps


def measure_both(people: int = PEOPLE, most: float = MOST, seconds: float = SECONDS) -> dict[int, list[Step]]:
    """With one kernel, then with one for each core."""
    found = {}
    for kernels in dict.fromkeys((1, os.cpu_count() or 1)):
        with server.kit(limit=people + 10, kernels=kernels) as place:
            found[kernels] = run(_kit(place, people, most, seconds))
    return found


def command() -> int:
    """One kernel first."""
    made = parser(__doc__)
    made.add_argument("--visitors", type=count, default=PEOPLE, metavar="N", help=f"people ({PEOPLE})")
    args = made.parse_args()
    return finish(figures(measure_both(args.visitors)), args.json)


if __name__ == "__main__":
    main(command)
