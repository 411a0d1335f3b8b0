"""A workshop that goes on and on: people come, answer, reload, fall asleep, wake up, leave and come back.

Fails (exit code 1) when anything is left at the end that was not there at the start: a process, a file in the
runtime folder, descriptors, memory; when an answer that was acknowledged is not in the store; or when a page did
not do what it should. The start is taken after a first small group has come and gone, so that what a server loads
once is not taken for a leak.
"""

from __future__ import annotations

import asyncio
import json
import time
from argparse import Namespace
from collections import Counter
from dataclasses import asdict, dataclass, field

from bench import server
from bench.command import MOST_SECONDS, count, main, parser, tell
from bench.line import each
from bench.machine import described
from bench.opening import emptied
from bench.people import Participant, all_leave, crowd
from bench.processes import descriptors, family, private_mb_below
from bench.rows import number, words
from bench.server import Server, Workshop
from bench.table import RESULTS, rows, write
from bench.trouble import Trouble
from bench.web import run

FIRST_GROUP = 10
# Shares of what people do next, and for how long (seconds): a think, a dark screen, a walk, a night's sleep.
# The server gives up on a page that was away for 90 seconds; some sleep longer.
DOES = (("answer", 90), ("reload", 2), ("crash", 1), ("sleep", 4), ("leave", 2), ("switch", 1))
THINK, SLEEP, LONG_SLEEP, AWAY = (1.0, 9.0), (2.0, 40.0), (95.0, 120.0), (2.0, 20.0)
SLEEPS_LONG = 0.1
LOOK_EVERY = 5.0
# An empty server is left alone for so long (seconds) before it is looked at, then waited for no longer than that.
REST, SETTLE = 10.0, 90.0
# What may differ: a pool of connections, a page of an allocator.
STEADY_MB = 1.0
MORE_MB, MORE_DESCRIPTORS = 30.0, 12


@dataclass(frozen=True)
class State:
    """A server with everything that it has started: processes, private memory in MB, descriptors, runtime files."""

    processes: int
    memory: float
    descriptors: int
    files: int


@dataclass
class Soak:
    """What happened; `first_answers` are those of the group before the start."""

    people: int
    seconds: float = 0.0
    start: State | None = None
    end: State | None = None
    most_processes: int = 0
    most_memory: float = 0.0
    did: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    first_answers: int = 0
    faults: list[str] = field(default_factory=list)


async def soak(place: Workshop, people: int, seconds: float, rest: float = REST) -> Soak:
    """Run the workshop for so many seconds, then see what is left; `rest`: how long it is left alone before."""
    told = Soak(people, seconds)
    told.first_answers = await _group(place)
    told.start = await _steady(place, rest)
    tell(f"start: {told.start}")
    everybody = _participants(place, people, seed=3)
    deadline = time.monotonic() + seconds
    watch = asyncio.create_task(_watch(place, told, deadline))
    arrivals = min(60.0, seconds / 5)
    told.faults += await each([_live(one, arrivals * at / people, deadline, told) for at, one in enumerate(everybody)])
    await watch
    told.faults += await each([person.leave() for person in everybody])
    await emptied()
    told.end = await _settled(place, told.start)
    tell(f"end: {told.end}")
    told.faults += left_over(told.start, told.end)
    told.faults += await asyncio.to_thread(_lost, place, everybody)
    return told


async def _group(place: Workshop) -> int:
    """A first small group; returns how many answers it gave."""
    people = _participants(place, FIRST_GROUP, seed=2)
    if failed := await each([_use(one) for one in people]):
        raise Trouble(failed[0])
    await all_leave(people)
    await emptied()
    return sum(len(one.told) for one in people)


async def _use(person: Participant) -> None:
    await person.come()
    await person.open()
    await person.use_everything()


def _participants(place: Workshop, number: int, seed: int) -> list[Participant]:
    return [one for one in crowd(place, number, seed) if isinstance(one, Participant)]


async def _live(person: Participant, arrives: float, deadline: float, told: Soak) -> None:
    """One person's workshop."""
    await asyncio.sleep(arrives)
    await person.come()
    await person.open()
    names, weights = zip(*DOES, strict=True)
    while time.monotonic() < deadline:
        what = person.rng.choices(names, weights)[0]
        await _do(person, what, deadline)
        told.did[what] += 1
        told.answers += what == "answer"
        await _pause(person, THINK, deadline)


async def _do(person: Participant, what: str, deadline: float) -> None:
    if what == "answer":
        await person.answer()
    elif what == "switch":
        await person.choose(person.rng.choice(person.exercises()))
    elif what == "sleep":
        await person.sleep()
        await _pause(person, LONG_SLEEP if person.rng.random() < SLEEPS_LONG else SLEEP, deadline)
        await person.wake_or_reload()
    elif what == "crash":
        # The browser is gone without a good-bye; the page comes back with another kernel.
        await person.sleep()
        await person.open()
    else:
        await person.leave()
        if what == "leave":
            await _pause(person, AWAY, deadline)
        await person.open()


async def _pause(person: Participant, between: tuple[float, float], deadline: float) -> None:
    await asyncio.sleep(max(0.0, min(person.rng.uniform(*between), deadline - time.monotonic())))


async def _watch(place: Server, told: Soak, deadline: float) -> None:
    said = time.monotonic()
    while (now := time.monotonic()) < deadline:
        seen = await asyncio.to_thread(look, place)
        told.most_processes = max(told.most_processes, seen.processes)
        told.most_memory = max(told.most_memory, seen.memory)
        if now - said > 60:
            said = now
            tell(f"{deadline - now:.0f} s to go: {seen}; {dict(told.did)}")
        await asyncio.sleep(min(LOOK_EVERY, max(0.0, deadline - time.monotonic())))


def look(place: Server) -> State:
    """How things stand."""
    pids = family(place.pid)
    files = [one for one in (place.folder / "tmp").rglob("*") if not one.is_dir()]
    return State(len(pids), private_mb_below(place.pid), sum(map(descriptors, pids)), len(files))


async def _steady(place: Server, rest: float) -> State:
    """How things stand once they do not move any more, and the server has given back what it can."""
    await asyncio.sleep(rest)
    before, until = await asyncio.to_thread(look, place), time.monotonic() + SETTLE
    while True:
        await asyncio.sleep(2)
        now = await asyncio.to_thread(look, place)
        same = (now.processes, now.files, now.descriptors) == (before.processes, before.files, before.descriptors)
        if (same and abs(now.memory - before.memory) < STEADY_MB) or time.monotonic() > until:
            return now
        before = now


async def _settled(place: Server, start: State) -> State:
    """Wait until things stand as at the start, for a while."""
    until = time.monotonic() + SETTLE
    while left_over(start, end := await asyncio.to_thread(look, place)) and time.monotonic() < until:
        await asyncio.sleep(1)
    return end


def left_over(start: State, end: State) -> list[str]:
    """What there is now that was not there at the start."""
    checks = (
        (end.processes > start.processes, f"{end.processes} processes, {start.processes} at the start"),
        (end.files > start.files, f"{end.files} files in the runtime folder, {start.files} at the start"),
        (end.descriptors > start.descriptors + MORE_DESCRIPTORS,
         f"{end.descriptors} descriptors, {start.descriptors} at the start"),
        (end.memory > start.memory + MORE_MB, f"{end.memory:.0f} MB, {start.memory:.0f} MB at the start"),
    )  # fmt: skip
    return [f"left: {what}" for wrong, what in checks if wrong]


def _lost(place: Workshop, people: list[Participant]) -> list[str]:
    """Answers that were acknowledged and are not what the store holds."""
    from kit.store import Store

    lost = 0
    with Store.open(place.store) as store:
        for person in (one for one in people if one.told):
            seat = store.seats.by_token(person.browser.cookies["seat"]).id
            kept = {slug: store.answers.of(seat, slug) for slug in person.slugs}
            for (slug, item), value in person.told.items():
                lost += item not in kept[slug] or kept[slug][item].value != value
    return [f"lost: {lost} acknowledged answers"] if lost else []


def stopped(place: Workshop) -> list[str]:
    """What a server that has been stopped leaves behind."""
    faults = [f"left: {len(place.killed)} processes had to be killed"] if place.killed else []
    if place.process.returncode != 0:
        faults.append(f"the server ended with {place.process.returncode}")
    left = [str(one.relative_to(place.folder)) for one in (place.folder / "tmp").rglob("*")]
    return faults + ([f"left: {', '.join(left[:5])}"] if left else [])


def shown(told: Soak) -> str:
    """The figures as text."""
    assert told.start is not None
    assert told.end is not None
    lines = [
        f"{told.people} people, {told.seconds / 60:.1f} minutes: {told.answers} answers, {dict(told.did)}",
        f"            {'start':>10}{'most':>10}{'end':>10}",
        f"processes   {told.start.processes:10d}{told.most_processes:10d}{told.end.processes:10d}",
        f"memory, MB  {told.start.memory:10.0f}{told.most_memory:10.0f}{told.end.memory:10.0f}",
        f"descriptors {told.start.descriptors:10d}{'':10}{told.end.descriptors:10d}",
        f"files       {told.start.files:10d}{'':10}{told.end.files:10d}",
        *(told.faults[:20] or ["nothing was left behind, nothing was lost"]),
    ]
    return "\n".join(lines)


def markdown(told: Soak, lang: str) -> str:
    """The same for bench/results.md."""
    assert told.start is not None
    assert told.end is not None
    said = words()["soak"][lang]
    most = {"processes": str(told.most_processes), "memory": number(told.most_memory, 0, lang)}
    cells = [
        [said[name], number(start, 0, lang), number(end, 0, lang), most.get(name, "–")]
        for (name, start), end in zip(asdict(told.start).items(), asdict(told.end).values(), strict=True)
    ]
    did = ", ".join(f"{said['did'][what]} {number(times, 0, lang)}" for what, times in told.did.most_common())
    happened = said["happened"].format(people=told.people, minutes=number(told.seconds / 60, 1, lang), did=did)
    ended = "; ".join(told.faults[:5]) or said["nothing"]
    return f"{rows(said['head'], cells)}\n\n{happened} {ended}\n\n{described(lang)}"


def _options() -> Namespace:
    made = parser(__doc__)
    made.add_argument("--people", type=count, default=200, metavar="N", help="simulated people (200)")
    made.add_argument("--minutes", type=float, default=30, metavar="M", help="how long (30)")
    made.add_argument("--rest", type=float, default=REST, metavar="S", help=f"seconds without anybody ({REST:.0f})")
    made.add_argument("--no-write", action="store_true", help="print only")
    args = made.parse_args()
    if not 0 < args.minutes * 60 <= 12 * MOST_SECONDS:
        made.error("--minutes: from 0 to 720")
    return args


def command() -> int:
    """Run it, stop the server, look again."""
    args = _options()
    with server.kit(limit=args.people + 50) as place:
        told = run(soak(place, args.people, args.minutes * 60, args.rest))
        place.stop()
        told.faults += stopped(place)
        print(json.dumps(vars(told), indent=1, default=asdict) if args.json else shown(told))
        if not args.no_write:
            write(RESULTS, "soak", {lang: markdown(told, lang) for lang in ("en", "fr")})
    return 1 if told.faults else 0


if __name__ == "__main__":
    main(command)
