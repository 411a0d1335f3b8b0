"""How long a room is without its pages when the kernels are killed.

Everybody has a page and has answered; the kernels, the desk's too, are killed with -9. As
browsers do, each person asks whether the kernel is still there once the line is cut, loads the page again, and is back
when it has the questions with the answer that was acknowledged, and an open line.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import server
from bench.command import count, finish, main, parser, percentile, tell
from bench.line import each
from bench.opening import warm
from bench.people import Participant, Person, all_leave, crowd
from bench.processes import family
from bench.rows import Figure
from bench.server import Server
from bench.trouble import Trouble
from bench.web import run

REACH = 5.0
PEOPLE = 300


@dataclass(frozen=True)
class Back:
    """Seconds after the kill until each was back; `failed`: what went wrong, or which answer was lost."""

    seconds: list[float]
    failed: list[str]

    @property
    def last(self) -> float:
        """Until everybody was."""
        return max(self.seconds, default=0.0)


async def measure(place: Server, people: Sequence[Person]) -> Back:
    """The people come, answer, lose their kernel and come back."""
    for step in (lambda one: one.come(), lambda one: one.open(), _answers):
        if failed := await each([step(person) for person in people]):
            raise Trouble(f"{place.name}: {failed[0]}")
    kernels = set(family(place.pid)) - {place.pid}
    seconds: list[float] = []
    begun = time.perf_counter()
    for kernel in kernels:
        os.kill(kernel, signal.SIGKILL)
    failed = await each([_comes_back(person, begun, seconds) for person in people])
    tell(f"{place.name}: {len(seconds)} of {len(people)} back after {max(seconds, default=0.0):.2f} s")
    return Back(seconds, failed)


async def _answers(person: Person) -> None:
    await person.answer()


async def _comes_back(person: Person, begun: float, seconds: list[float]) -> None:
    assert isinstance(person, Participant)
    line = person.line
    assert line is not None
    await line.ended()
    # Whether the kernel is there no more or cannot be reached: the page asks before it loads itself again.
    with contextlib.suppress(Trouble):
        await person.browser.get(f"/api/kernels/{person.kernel}")
    await person.open()
    if person.lost:
        raise Trouble(f"acknowledged answers were lost: {person.lost}")
    seconds.append(time.perf_counter() - begun)


def figures(back: Back) -> list[Figure]:
    """One row."""
    middle = f"half of them after {percentile(back.seconds, 50):.2f} s" if back.seconds else ""
    failed = f"{len(back.failed)} failed: {back.failed[0]}" if back.failed else ""
    return [
        Figure(
            "back", back.last, goal=REACH, n=len(back.seconds) + len(back.failed),
            note="; ".join(filter(None, (middle, failed))), fine=not back.failed,
        )
    ]  # fmt: skip


async def _kit(place: Server, number: int) -> Back:
    await warm(place)
    people = crowd(place, number, seed=9)
    try:
        return await measure(place, people)
    finally:
        await all_leave(people)


def measure_kit(number: int) -> Back:
    """A server of its own, whose room has one kernel."""
    with server.kit(limit=number + 10, kernels=1) as place:
        return run(_kit(place, number))


def command() -> int:
    """The kit alone: stock Voila's people would each lose a kernel of their own."""
    made = parser(__doc__)
    made.add_argument("--visitors", type=count, default=PEOPLE, metavar="N", help=f"people ({PEOPLE})")
    args = made.parse_args()
    return finish(figures(measure_kit(args.visitors)), args.json)


if __name__ == "__main__":
    main(command)
