"""The trainer presses the console's button, and the room goes along; then everybody answers within ten seconds.

A console's page sends what its large button sends, "go" to a block of the agenda; everybody's page hears where the room
is and asks for the exercise there, as a phone does at rest. The clock stops when the last page has the questions. Each
step is an exercise that no page has shown before. Then each person answers once, at a moment of their own within ten
seconds: until their page reads "saved", and until the console's count has them in it.

Stock Voila has neither room nor console. There, each page looks once a second into the database for the place of the
room, and shows it; one more page so counts the answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from bench import server
from bench.capacity import shares, told, used
from bench.command import add_seconds, add_visitors, finish, main, parser, percentile, tell
from bench.gathered import gathered
from bench.line import Line, each
from bench.people import CONFIG, Participant, Person, Reader, states_in
from bench.rows import Figure
from bench.server import Server, Workshop
from bench.trouble import Trouble
from bench.web import Browser, run
from kit.agenda.model import Agenda, AgendaStructure, AgendaTexts, Block, Meeting, Step

WITHIN = 10.0
# Pages at stock Voila turn to so many places; each takes a second.
STOCK_STEPS = 5
# The exercise in which everybody answers; it comes last.
ANSWERED = "reflection"
MINUTES = 10
# A room is at rest when all processes together take less than this share of a core; seconds to wait for it at most.
AT_REST, MOST_WAIT = 0.15, 60


@dataclass(frozen=True)
class Conducted:
    """Seconds: until the last page was there, of each step; until each page was; until each answer was saved, seen."""

    people: int
    last: list[float] = field(default_factory=list)
    each: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    load: str = ""


@dataclass
class Watcher:
    """A page that counts the answers: when it said how many."""

    counts: list[tuple[int, float]] = field(default_factory=list)

    def number(self) -> int:
        """How many it says now."""
        raise NotImplementedError

    async def watch(self, line: Line, until: int) -> None:
        """Note when the count changes, until it has them all."""

        def all_there() -> bool:
            if not self.counts or self.number() != self.counts[-1][0]:
                self.counts.append((self.number(), time.perf_counter()))
            return self.number() >= until

        await line.until(all_there, "the last answer on the console")

    def seen(self, place: int) -> float:
        """When the answer that was saved as the one with this number was counted."""
        return next(when for count, when in self.counts if count >= place)


@dataclass
class Console(Watcher):
    """The console's page."""

    line: Line = field(default_factory=Line)

    @classmethod
    async def open(cls, place: Workshop) -> Console:
        """With the facilitator's link."""
        browser = Browser(place.address)
        await browser.get("/host")
        form = {"session": place.session_id, "key": place.key, "form": browser.cookies.get("form", "")}
        await browser.post("/host", form)
        page = await browser.get("/console")
        found = CONFIG.search(page)
        if found is None:
            raise Trouble("the console came without a kernel")
        made = cls(line=Line(browser=browser, kernel=str(json.loads(found[1])["kernelId"])))
        made.line.states |= states_in(page)
        await made.line.open()
        return made

    def _model(self) -> str:
        model = self.line.find(lambda state: "agenda" in (state.get("page") or {}))
        if model is None:
            raise Trouble("the console has no agenda")
        return model

    async def go(self, block: str) -> None:
        """What the large button says."""
        await self.line.say(self._model(), {"kind": "agenda", "deed": "go", "block": block})

    def number(self) -> int:
        told = self.line.states[self._model()]["page"]["exercises"]
        return next(int(one["answered"]) for one in told if one["slug"] == ANSWERED)


@dataclass
class Counter(Watcher):
    """A page of stock Voila that counts, as the others show the place."""

    person: Reader = field(default_factory=lambda: Reader(Browser(""), Random()))

    def number(self) -> int:
        told = _label(self.person, "Answers: ")
        return int(told or 0)


async def at_kit(place: Workshop, number: int, within: float) -> Conducted:
    """A room that follows an agenda of all exercises."""
    slugs = follow_all(place)
    async with gathered(place, number) as people:
        found = Conducted(number)
        console = await Console.open(place)
        try:
            await at_rest(place)
            before, begun = used(place), time.perf_counter()
            for slug in slugs:
                pressed = time.perf_counter()
                await asyncio.gather(console.go(slug), *(_arrives(one, slug, pressed, found.each) for one in people))
                found.last.append(time.perf_counter() - pressed)
            load = told(shares(before, used(place), time.perf_counter() - begun))
            await _everybody_answers(people, console, console.line, found, within)
        finally:
            await console.line.close()
    return _told(place, Conducted(number, found.last, found.each, found.saved, found.seen, load))


async def at_rest(place: Server) -> None:
    """Until people read, and the console has made ready what the first reveal needs: so is a room before a press."""
    for _ in range(MOST_WAIT):
        before = used(place)
        await asyncio.sleep(1)
        if sum(shares(before, used(place), 1).values()) < AT_REST:
            return


async def at_stock(place: Server, number: int, within: float) -> Conducted:
    """As many pages, each of which looks for itself."""
    async with gathered(place, number + 1) as people:
        found = Conducted(number)
        # One more, which counts.
        readers = [one for one in people if isinstance(one, Reader)]
        for step in range(STOCK_STEPS):
            room = f"step {step}"
            await asyncio.sleep(readers[0].rng.random())
            pressed = time.perf_counter()
            with contextlib.closing(sqlite3.connect(place.folder / "answers.db", timeout=60)) as store, store:
                store.execute("UPDATE room SET place = ?", (room,))
            await asyncio.gather(*(_turns(one, room, pressed, found.each) for one in readers[:number]))
            found.last.append(time.perf_counter() - pressed)
        counter = Counter(person=readers[-1])
        assert counter.person.line is not None
        await _everybody_answers(readers[:number], counter, counter.person.line, found, within)
    return _told(place, found)


def follow_all(place: Workshop) -> list[str]:
    """Let the workshop follow an agenda with a block for each exercise; they are open, and the room is at none."""
    from kit.following import follow
    from kit.store import Store

    with Store.open(place.store) as store:
        slugs = [plan.slug for plan in store.sessions.get(place.session_id).plans if plan.slug != ANSWERED]
        blocks = tuple(
            Block(
                id=slug, kind="exercise", minutes=MINUTES, wall="step", phones="exercise", exercise=slug,
                steps=(Step(id="answer", minutes=MINUTES),),
            )
            for slug in (*slugs, ANSWERED)
        )  # fmt: skip
        meeting = Meeting(minutes=sum(one.minutes for one in blocks), blocks=blocks)
        structure = AgendaStructure(slug="bench", version=1, meetings=(meeting,))
        texts = AgendaTexts(title="All exercises", purpose="To measure")
        follow(store, place.session_id, Agenda(structure=structure, texts={"en": texts}))
    return [*slugs, ANSWERED]


async def _arrives(person: Person, slug: str, pressed: float, took: list[float]) -> None:
    """Hear where the room is, and go there."""
    assert isinstance(person, Participant)
    await person.goes_along(slug)
    took.append(time.perf_counter() - pressed)


async def _turns(person: Reader, room: str, pressed: float, took: list[float]) -> None:
    assert person.line is not None
    await person.line.until(lambda: _label(person, "Room at ") == room, room)
    took.append(time.perf_counter() - pressed)


async def _everybody_answers(
    people: Sequence[Person], counter: Watcher, line: Line, found: Conducted, within: float
) -> None:
    """Once each, within so many seconds."""
    begun, done = time.perf_counter(), []
    watching = asyncio.create_task(counter.watch(line, len(people)))

    async def answer(person: Person) -> None:
        await asyncio.sleep(max(0.0, begun + person.rng.uniform(0, within) - time.perf_counter()))
        sent = time.perf_counter()
        found.saved.append(await person.answer())
        done.append((time.perf_counter(), sent))

    if failed := await each([answer(person) for person in people]):
        watching.cancel()
        raise Trouble(f"{len(failed)} of {len(people)} people: {failed[0]}")
    await watching
    # A count names nobody: the first that was saved is the first that was counted.
    found.seen.extend(counter.seen(at) - sent for at, (_, sent) in enumerate(sorted(done), 1))


def _label(person: Reader, begins: str) -> str | None:
    """What a page of stock Voila says after these words."""
    states = person.line.states.values() if person.line else ()
    told = (str(one.get("value")) for one in states if one.get("_model_name") == "LabelModel")
    return next((one.removeprefix(begins) for one in told if one.startswith(begins)), None)


def _told(place: Server, found: Conducted) -> Conducted:
    steps = f"the last of {found.people} there after {percentile(found.last, 95):.2f} s (of {len(found.last)} steps)"
    answers = f"saved {1000 * percentile(found.saved, 95):.0f} ms, seen {1000 * percentile(found.seen, 95):.0f} ms"
    tell(f"{place.name}: {steps}; {answers}")
    return found


def figures(kit: Conducted, stock: Conducted | None) -> list[Figure]:
    """Three rows."""
    steps = f"{len(kit.last)} steps: median {percentile(kit.last, 50):.2f} s; of all pages, 95th percentile"
    limit = f"meanwhile {kit.load} of a core" if kit.load else ""
    notes = (
        "; ".join(filter(None, (f"{steps} {percentile(kit.each, 95):.2f} s", limit))),
        *(f"median {1000 * percentile(took, 50):.0f} ms, longest {1000 * max(took):.0f} ms"
          for took in (kit.saved, kit.seen)),
    )  # fmt: skip
    parts = (("conducted", 1, "last"), ("burst_saved", 1000, "saved"), ("burst_seen", 1000, "seen"))
    return [
        Figure(
            key, times * percentile(getattr(kit, name), 95),
            times * percentile(getattr(stock, name), 95) if stock else None,
            n=kit.people, note=note, stock_n=stock.people if stock else 0,
        )
        for (key, times, name), note in zip(parts, notes, strict=True)
    ]  # fmt: skip


def measure_kit(number: int, within: float = WITHIN) -> Conducted:
    """On a server of its own."""
    with server.kit(limit=number + 10) as place:
        return run(at_kit(place, number, within))


def measure_stock(number: int, within: float = WITHIN) -> Conducted:
    """The same, on one that is stock."""
    with server.stock(follow=True) as place:
        return run(at_stock(place, number, within))


def command() -> int:
    """Stock first, then the kit."""
    made = parser(__doc__)
    add_visitors(made, 300)
    add_seconds(made, WITHIN)
    args = made.parse_args()
    stock = measure_stock(args.stock, args.seconds) if args.stock else None
    return finish(figures(measure_kit(args.visitors, args.seconds), stock), args.json)


if __name__ == "__main__":
    main(command)
