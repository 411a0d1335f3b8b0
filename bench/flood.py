"""One phone floods, while a room of 100 answers every two seconds.

First the room alone, then with somebody at another phone, who holds a seat like everyone and sends as fast as the
server lets them: answers, files to bring in, rows made to be slow. From sending an answer until "saved" has been read,
over everybody else. Who floods is a process of its own, on the same processors as the server and the room.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from random import Random

from bench import server
from bench.command import add_seconds, count, main, parser, percentile, tell
from bench.gathered import gathered
from bench.machine import described
from bench.people import Participant, Person
from bench.rows import number, words
from bench.saving import answering
from bench.server import Workshop
from bench.table import RESULTS, rows, write
from bench.trouble import Trouble
from bench.web import Browser, run

KINDS = ("messages", "uploads", "rows")
BOARD, ENTRIES = "resources", "entries"
# As much as one message may carry, nearly: a list of services whose every line is to be read and checked.
LIST_BYTES = 1_500_000
BOARD_ROWS, ROW_COLUMNS = 60, 100


@dataclass(frozen=True)
class Flooded:
    """What everybody else saw, in ms: 95th percentiles alone and in the flood, the longest; messages that went out."""

    kind: str
    alone: float
    flooded: float
    longest: float
    answers: int
    sent: int


async def measure(place: Workshop, people: Sequence[Person], seconds: float) -> list[Flooded]:
    """Each kind of flood, and right before each the room alone."""
    found = []
    for kind in KINDS:
        alone = [1000 * one for one in await answering(people, seconds)]
        async with flooding(place, kind) as sent:
            during = [1000 * one for one in await answering(people, seconds)]
        made = Flooded(
            kind, percentile(alone, 95), percentile(during, 95), max(during, default=0.0), len(during), sent[0]
        )
        tell(f"{kind}: {made.alone:.0f} ms alone, {made.flooded:.0f} ms in the flood of {made.sent}")
        found.append(made)
    return found


@asynccontextmanager
async def flooding(place: Workshop, kind: str) -> AsyncIterator[list[int]]:
    """Somebody floods for as long as the block runs; afterwards the list holds how many messages went out."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.flood", "--flooder", kind, place.address, place.code, cwd=server.ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    sent = [0]
    try:
        if (await process.stdout.readline()).strip() != b"ready":
            raise Trouble(f"nobody could flood with {kind}")
        yield sent
        process.stdin.close()
        told = await process.stdout.readline()
        if not told.strip().isdigit():
            raise Trouble(f"who floods with {kind} broke off")
        sent[0] = int(told)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def flood(kind: str, address: str, code: str) -> None:
    """Take a seat, open the page, and send until the end of what is typed in."""
    person = Participant(Browser(address), Random(9), code=code)
    await person.come()
    await person.open()
    slug = "reflection" if kind == "messages" else BOARD
    await person.choose(slug)
    line = person.line
    assert line is not None
    form = line.find(lambda state: state.get("slug") == slug)
    assert form is not None
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    over = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    sent = 0
    for told, buffers in MESSAGES[kind](person, form):
        # As fast as the line takes it; what comes back is thrown away.
        content = {"comm_id": form, "data": {"method": "custom", "content": told}}
        sending = asyncio.create_task(line.send("comm_msg", content, buffers=buffers))
        await asyncio.wait({sending, over}, return_when=asyncio.FIRST_COMPLETED)
        if over.done():
            sending.cancel()
            break
        line.heard.clear()
        sent += 1
    sys.stdout.write(f"{sent}\n")
    sys.stdout.flush()
    await line.close()


Message = tuple[dict[str, object], list[bytes]]


def _answers(person: Participant, form: str) -> Iterator[Message]:
    """Answers like anybody's, one after the other."""
    asked = person.questions(form)[0]
    options = itertools.cycle(one["id"] for one in asked["options"])
    for n in itertools.count(1):
        yield {"kind": "answer", "item": asked["id"], "value": next(options), "revision": n, "n": n}, []


def _uploads(_person: Participant, _form: str) -> Iterator[Message]:
    """Lists of services, as long as one message may be, whose every line is to be read and checked."""
    line = "Maison {n},Adresse 12 rue {n},514 555 01{n:02},https://example.org/{n},fr;en\n"
    told, n = "name,address,phone,url,languages\n", 0
    while len(told) < LIST_BYTES:
        told += "".join(line.format(n=n + one) for one in range(500))
        n += 500
    while True:
        yield {"kind": "take", "what": "list", "name": "list.csv"}, [told.encode()]


def _rows(_person: Participant, _form: str) -> Iterator[Message]:
    """A board filled to its end with entries that are nearly alike, then the search for those that are, and junk."""
    for n in itertools.count(1):
        junk: dict[str, object] = {f"c{one}": "0" * 400 for one in range(ROW_COLUMNS)}
        row = {"name": f"Maison de la rue {n % BOARD_ROWS:04} " * 3, "type": "food", "visibility": "public"}
        item = f"{ENTRIES}.r{n % BOARD_ROWS + 1:04}"
        yield {"kind": "answer", "item": item, "value": row, "revision": n, "n": n}, []
        yield {"kind": "answer", "item": item, "value": row | junk, "revision": n, "n": n}, []
        if n > BOARD_ROWS:
            yield {"kind": "alike"}, []


MESSAGES: dict[str, Callable[[Participant, str], Iterator[Message]]] = {
    "messages": _answers, "uploads": _uploads, "rows": _rows,
}  # fmt: skip


def markdown(found: Sequence[Flooded], people: int, lang: str) -> str:
    """The table, machine, versions and date."""
    said = words()["flood"][lang]
    cells = [
        (said[one.kind], *(number(value, 0, lang) for value in (one.alone, one.flooded, one.longest, one.sent)), "ms")
        for one in found
    ]
    return f"{rows(said['head'], cells)}\n\n{said['how'].format(people=people)}\n\n{described(lang)}"


async def _room(place: Workshop, people: int, seconds: float) -> list[Flooded]:
    async with gathered(place, people) as there:
        return await measure(place, there, seconds)


def _options() -> argparse.Namespace:
    made = parser(__doc__)
    made.add_argument("--visitors", type=count, default=100, metavar="N", help="people who answer (100)")
    made.add_argument("--no-write", action="store_true", help="print only")
    made.add_argument("--flooder", nargs=3, metavar=("KIND", "ADDRESS", "CODE"), help=argparse.SUPPRESS)
    add_seconds(made, 20)
    return made.parse_args()


def command() -> int:
    """Measure, write, print."""
    args = _options()
    if args.flooder:
        run(flood(*args.flooder))
        return 0
    with server.kit(limit=args.visitors + 10) as place:
        found = run(_room(place, args.visitors, args.seconds))
    if not args.no_write:
        write(RESULTS, "flood", {lang: markdown(found, args.visitors, lang) for lang in ("en", "fr")})
    print(json.dumps([asdict(one) for one in found]) if args.json else markdown(found, args.visitors, "en"))
    return 0


if __name__ == "__main__":
    main(command)
