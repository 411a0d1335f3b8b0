"""From a change to "saved".

Everybody answers every two seconds. At the level of the protocol: from sending an answer until the message that
it is stored has been read, over all people. On the screen: one more person, in a real Chromium in the middle of
the others, clicks an option every second; the time runs inside the page from the click to the first frame in
which the line under the question says "saved". Stock Voila stores nothing by itself: its worksheet writes each
answer to SQLite and changes a label.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bench import chromium
from bench.command import add_seconds, add_visitors, finish, main, parser, percentile, tell
from bench.gathered import measure_both
from bench.line import each
from bench.pages import page_of, seated
from bench.people import Person
from bench.rows import Figure
from bench.server import Server
from bench.trouble import Trouble

# By the number of people.
REACH = {100: 25.0, 300: 50.0}
REACH_SCREEN = 150.0
EVERY = 2.0
CLICK_EVERY = 1.0


@dataclass(frozen=True)
class Saving:
    """All times in ms."""

    people: int
    spoken: tuple[float, ...]
    seen: tuple[float, ...]


async def measure(place: Server, people: Sequence[Person], seconds: float, screen: bool = True) -> Saving:
    """Let everyone answer for so many seconds, and with `screen` one more in a browser.

    Raises `Trouble` when an answer is lost.
    """
    if not screen:
        return _saving(place, len(people), await answering(people, seconds), [])
    # The browser starts and loads before the clock of the others does: it is to be there in the middle.
    ready, go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    watching = asyncio.create_task(asyncio.to_thread(_watch, place, seconds, loop, ready, go))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({watching, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    go.set()
    try:
        spoken = await answering(people, seconds)
    finally:
        seen = await watching
    return _saving(place, len(people), spoken, seen)


async def answering(people: Sequence[Person], seconds: float) -> list[float]:
    """Let everyone answer every two seconds for so many seconds; returns how long each answer took (seconds)."""
    spoken: list[float] = []
    deadline = time.perf_counter() + seconds
    if failed := await each([_answer_until(person, deadline, spoken) for person in people]):
        raise Trouble(f"{len(failed)} of {len(people)} people: {failed[0]}")
    return spoken


def _saving(place: Server, people: int, spoken: list[float], seen: list[float]) -> Saving:
    made = Saving(people, tuple(1000 * one for one in spoken), tuple(seen))
    said = f"{place.name}: {len(spoken)} answers, 95th percentile {percentile(made.spoken, 95):.0f} ms"
    tell(f"{said}; on the screen {percentile(made.seen, 95):.0f} ms of {len(seen)}")
    return made


async def _answer_until(person: Person, deadline: float, spoken: list[float]) -> None:
    due = time.perf_counter() + person.rng.uniform(0, EVERY)
    while due < deadline:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        spoken.append(await person.answer())
        due += EVERY


def _watch(
    place: Server, seconds: float, loop: asyncio.AbstractEventLoop, ready: asyncio.Event, go: asyncio.Event
) -> list[float]:
    """Runs in a thread: the times that one real browser sees."""
    page = page_of(place)
    with seated(place) as cookies, chromium.browser() as browser, chromium.visit(browser, place.address) as visit:
        visit.give_cookies(cookies, place.address)
        visit.load(place.address + page.path, page.usable)
        visit.page.evaluate(page.click, 0)
        loop.call_soon_threadsafe(ready.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result()
        seen, begun = [], time.perf_counter()
        for number in range(1, max(2, int(seconds / CLICK_EVERY))):
            visit.page.wait_for_timeout(max(0.0, 1000 * (begun + number * CLICK_EVERY - time.perf_counter())))
            seen.append(float(visit.page.evaluate(page.click, number)))
            if time.perf_counter() > begun + seconds:
                break
        return seen


def figures(kit: Saving, stock: Saving | None) -> list[Figure]:
    """The rows of this measurement."""
    return [
        _row("saving", kit.people, kit.spoken, stock.spoken if stock else (), stock.people if stock else 0),
        *(
            [_row("saving_screen", kit.people, kit.seen, stock.seen if stock else (), stock.people if stock else 0)]
            if kit.seen
            else []
        ),
    ]


def _row(key: str, people: int, kit: Sequence[float], stock: Sequence[float], stock_people: int) -> Figure:
    middle, high, most = percentile(kit, 50), percentile(kit, 99), max(kit, default=0.0)
    note = f"{len(kit)} answers: median {middle:.0f} ms, 99th percentile {high:.0f} ms, longest {most:.0f} ms"
    against = percentile(stock, 95) if stock else None
    goal = REACH.get(people) if key == "saving" else REACH_SCREEN
    return Figure(key, percentile(kit, 95), against, goal, people, note, bool(kit), stock_people)


def command() -> int:
    """Stock first, then the kit."""
    made = parser(__doc__)
    add_visitors(made, 100)
    add_seconds(made, 40)
    args = made.parse_args()
    look = partial(measure, seconds=args.seconds)
    return finish(figures(*measure_both(look, args.visitors, args.stock)), args.json)


if __name__ == "__main__":
    main(command)
