"""Cold start: from the command until the first participant's answer is saved, beside an earlier version of the kit.

`kit serve` with a workshop that was made before; the participant comes in as soon as the server answers. The earlier
version is the commit at which every participant still had a process, taken from the repository's history; where that
is not at hand, it is not measured. Both run with the same Python and packages, in turns, after a run that is not
counted.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from random import Random

from bench.command import count, finish, main, parser, tell
from bench.people import Participant
from bench.rows import Figure
from bench.server import ROOT, Server, answers, environment, free_port
from bench.trouble import Trouble
from bench.web import Browser, run

EARLIER = "f717faf"
SHARE = 0.5
START = 120.0
# Run by each version itself, whose store the other could not read.
PREPARE = """
import sys
from kit.exercise import exercises
from kit.session import Mode, Plan, Session, State, new_code, new_id
from kit.store import Store

with Store.open(sys.argv[1]) as store:
    plans = tuple(Plan(slug, (), State.OPEN) for slug in exercises())
    print(store.sessions.add(Session(new_id(), new_code(), "-", "en", Mode.ANONYMOUS, 5, plans), "-").code)
"""


def measure(times: int, beside: bool = True) -> tuple[list[float], list[float]]:
    """Seconds of each start: this version's, the earlier one's (none where it is not at hand, or not `beside`)."""
    with _earlier() if beside else nullcontext() as earlier:
        trees = [ROOT, *([earlier] if earlier else [])]
        for tree in trees:
            subprocess.run([sys.executable, "-m", "compileall", "-q", str(tree / "kit")], check=False)
        found: dict[Path, list[float]] = {tree: [] for tree in trees}
        # What the first start of several finds on the disk, the others have in memory.
        for turn in range(times + 1 if times > 1 else 1):
            for tree in trees:
                took = _start(tree)
                if turn or times == 1:
                    found[tree].append(took)
        now, before = found[ROOT], found[earlier] if earlier else []
        tell(f"cold start: {now} s; {EARLIER}: {before} s")
        return now, before


@contextmanager
def _earlier() -> Iterator[Path | None]:
    folder = Path(tempfile.mkdtemp(prefix="kb_"))
    tree = folder / EARLIER
    git = ["git", "-C", str(ROOT), "worktree"]
    try:
        made = subprocess.run([*git, "add", "--detach", str(tree), EARLIER], capture_output=True, check=False)
        yield tree if made.returncode == 0 else None
    except FileNotFoundError:  # no git
        yield None
    finally:
        with contextlib.suppress(FileNotFoundError):
            subprocess.run([*git, "remove", "--force", str(tree)], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _start(tree: Path) -> float:
    folder = Path(tempfile.mkdtemp(prefix="kb_"))
    (folder / "home").mkdir()
    (folder / "tmp").mkdir()
    env = environment(folder, {"KIT_LANG": "en", "PYTHONPATH": str(tree)})
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        store, port = str(folder / "store.db"), free_port()
        told = subprocess.run(
            [sys.executable, "-c", PREPARE, store], cwd=tree, env=env, capture_output=True, text=True, check=False
        )
        if told.returncode:
            raise Trouble(f"no workshop could be made: {told.stderr[-500:]}")
        code = told.stdout.strip()
        command = [sys.executable, "-m", "kit", "serve", "--store", store, "--host", "127.0.0.1", "--port", str(port)]
        begun = time.perf_counter()
        with (folder / "log.txt").open("wb") as log:
            process = subprocess.Popen(command, cwd=tree, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        place = Server("cold", process, folder, f"http://127.0.0.1:{port}")
        try:
            while not answers(place.address):
                if process.poll() is not None or time.perf_counter() > begun + START:
                    raise Trouble(f"the server did not come up: {place.log[-1000:]}")
                time.sleep(0.01)
            run(_first(place, code))
            return time.perf_counter() - begun
        finally:
            place.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _first(place: Server, code: str) -> None:
    person = Participant(Browser(place.address), Random(1), code=code)
    await person.come()
    await person.open()
    await person.answer()
    await person.leave()


def figures(now: Sequence[float], before: Sequence[float]) -> list[Figure]:
    """The row of this measurement."""
    earlier = statistics.median(before) if before else None
    goal = SHARE * earlier if earlier is not None else None
    note = f"{EARLIER}: {earlier:.2f} s" if earlier is not None else f"{EARLIER} is not at hand: not measured"
    spread = ", ".join(f"{one:.2f}" for one in now)
    return [Figure("cold", statistics.median(now), None, goal, note=f"{note}; each: {spread} s", fine=bool(now))]


def command() -> int:
    """In turns."""
    made = parser(__doc__)
    made.add_argument("--times", type=count, default=3, metavar="N", help="starts of each (3)")
    args = made.parse_args()
    return finish(figures(*measure(args.times)), args.json)


if __name__ == "__main__":
    main(command)
