"""A room that is full already: for what is measured while people are there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from bench import server
from bench.line import each
from bench.opening import warm
from bench.people import Person, all_leave, crowd
from bench.server import Server
from bench.trouble import Trouble
from bench.web import run

Measured = TypeVar("Measured")
Measure = Callable[[Server, Sequence[Person]], Awaitable[Measured]]

AT_ONCE = 20


@asynccontextmanager
async def gathered(place: Server, number: int) -> AsyncIterator[list[Person]]:
    """So many people with a page open, come in groups; raises `Trouble` when one of them could not."""
    await warm(place)
    people = crowd(place, number)
    try:
        for start in range(0, number, AT_ONCE):
            group = people[start : start + AT_ONCE]
            failed = await each([person.come() for person in group]) or await each([person.open() for person in group])
            if failed:
                raise Trouble(f"{place.name}: {failed[0]}")
        yield people
    finally:
        await all_leave(people)


def measure_both(measure: Measure[Measured], visitors: int, stock: int) -> tuple[Measured, Measured | None]:
    """The same measurement at the kit and at stock Voila (0: not there)."""
    at_stock = None
    if stock:
        with server.stock() as place:
            at_stock = run(_measure(place, stock, measure))
    with server.kit(limit=visitors + 10) as place:
        return run(_measure(place, visitors, measure)), at_stock


async def _measure(place: Server, number: int, measure: Measure[Measured]) -> Measured:
    async with gathered(place, number) as people:
        return await measure(place, people)
