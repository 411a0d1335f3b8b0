"""Write anew which functions and names kernels use, so that they lie side by side in memory (kit/serving/forking).

A few people use every exercise of a workshop; what their kernels call and count is noted. Worth doing again when
the kernels' code, or a package that they use, has changed much: what is missing in the list costs only memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

from bench import server, spy
from bench.command import main, tell
from bench.line import each
from bench.people import Participant, all_leave, crowd
from bench.trouble import Trouble
from bench.web import run
from kit.serving.forking.layout import CODE, LIST, NAME

PEOPLE = 4
SPIED = "from bench.layout import spied; spied()"


def spied() -> None:
    """`kit`, whose kernels fork from a process that `bench.spy` is in."""
    from kit.serving import forking

    forking.PARTICIPANT += (spy.__name__,)
    from kit.cli import main as kit

    sys.exit(kit())


async def _use(place: server.Workshop) -> None:
    people = [one for one in crowd(place, PEOPLE, seed=0) if isinstance(one, Participant)]
    for one in people:
        await one.come()
        await one.open()
    if late := await each([one.use_everything() for one in people]):
        raise Trouble(late[0])
    await asyncio.sleep(spy.AFTER)
    await all_leave(list(people))


def _collect(folder: Path) -> dict[str, set[str]]:
    """What was used in any of the kernels."""
    found: dict[str, set[str]] = {CODE: set(), NAME: set()}
    for path in folder.glob("*.json"):
        for kind, names in json.loads(path.read_text("utf-8")).items():
            found[kind].update(names)
    if not found[CODE]:
        raise Trouble("no kernel has written down what it used")
    # Nothing of this workshop or of the spy itself.
    return {kind: {one for one in names if "bench.spy" not in one} for kind, names in found.items()}


def measure() -> int:
    """Exit code 0 once the list is written."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ[spy.FOLDER] = folder
        with server.kit(program=("-c", SPIED)) as place:
            run(_use(place))
        found = _collect(Path(folder))
    lines = [f"{kind} {one}" for kind in (CODE, NAME) for one in sorted(found[kind])]
    LIST.write_text("\n".join(lines) + "\n", "utf-8")
    tell(f"{LIST.name}: {len(found[CODE])} functions, {len(found[NAME])} names")
    return 0


if __name__ == "__main__":
    main(measure)
