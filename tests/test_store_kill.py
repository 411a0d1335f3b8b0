"""Nothing that was acknowledged is lost when a process dies in the middle of its work."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kit.session import Mode, Plan, Sector, Session, State, new_code, new_id
from kit.store import Store

ROUNDS = 8
ITEMS = 12
# The child saves until it is killed; it says what is saved only after `save` has returned.
CHILD = """
import sys
from kit.store import Store

where, person, first, items = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
store = Store.open(where)
revision = first
while True:
    item = f"item{revision % items}"
    value = {"text": f"revision {revision} " + "x" * (revision * 37 % 900), "share": False}
    saved = store.answers.save(person, "reflection", item, value, revision)
    print(item, saved, flush=True)
    revision += 1
"""


@pytest.fixture
def seat(tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / "store.db"
    with Store.open(path) as store:
        plans = (Plan("reflection", (), State.OPEN),)
        session = store.sessions.add(Session(new_id(), new_code(), "", "fr", Mode.ANONYMOUS, 5, plans), "")
        return path, store.seats.take(session, Sector.OTHER, None, "fr")[0].id


def save_and_be_killed(path: Path, person: str, first: int, lines: int) -> dict[str, int]:
    """The last acknowledged revision of each item, from a child that was killed after it had said `lines` lines.

    It goes on while the parent reads, so the kill falls anywhere in a save.
    """
    command = [sys.executable, "-c", CHILD, str(path), person, str(first), str(ITEMS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(lines)]
        child.kill()
        said += child.stdout.readlines()
    # A line that the kill cut short says nothing; a whole one ends with its line break.
    whole = (line.split() for line in said if line.endswith("\n"))
    return {item: int(revision) for item, revision in whole}


def test_every_acknowledged_answer_outlives_a_kill(seat: tuple[Path, str]) -> None:
    path, person = seat
    chance = random.Random()
    acknowledged: dict[str, int] = {}
    for _ in range(ROUNDS):
        first = max(acknowledged.values(), default=0) + 2
        new = save_and_be_killed(path, person, first, chance.randint(1, 150))
        assert new
        acknowledged |= new
        with Store.open(path) as store:
            kept = store.answers.of(person, "reflection")
        for item, revision in acknowledged.items():
            assert kept[item].revision >= revision
            assert str(kept[item].value).startswith(f"{{'text': 'revision {kept[item].revision} ")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_killed_writer_holds_nobody_up(seat: tuple[Path, str]) -> None:
    path, person = seat
    with Store.open(path) as store:
        for first in (1_000, 2_000, 3_000):
            save_and_be_killed(path, person, first, 5)
            assert store.answers.save(person, "reflection", "mine", str(first), first) == first


# The child gives answers of many people at once, as a kernel does; it says what is saved when the store says so.
TOGETHER = """
import sys, threading
from kit.store import Store

where, people, first = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3])
store, lock = Store.open(where), threading.Lock()

def say(person, revision):
    def saved(done):
        with lock:
            print(person, done.result(), flush=True)
        give(person, revision + 1)
    return saved

def give(person, revision):
    store.answers.save_soon(person, "reflection", "item", {"text": f"revision {revision}"}, revision).add_done_callback(
        say(person, revision)
    )

for person in people:
    give(person, first)
threading.Event().wait()
"""
TOGETHER_PEOPLE = 40


def test_answers_that_are_written_together_outlive_a_kill_too(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store.open(path) as store:
        plans = (Plan("reflection", (), State.OPEN),)
        session = store.sessions.add(Session(new_id(), new_code(), "", "fr", Mode.ANONYMOUS, 5, plans), "")
        people = [store.seats.take(session, Sector.OTHER, None, "fr")[0].id for _ in range(TOGETHER_PEOPLE)]
    chance, acknowledged = random.Random(), dict.fromkeys(people, 0)
    for _ in range(ROUNDS):
        first = max(acknowledged.values()) + 2
        command = [sys.executable, "-c", TOGETHER, str(path), ",".join(people), str(first)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            said = [child.stdout.readline() for _ in range(chance.randint(1, 400))]
            child.kill()
            said += child.stdout.readlines()
        whole = [line.split() for line in said if line.endswith("\n")]
        assert whole
        for person, revision in whole:
            acknowledged[person] = max(acknowledged[person], int(revision))
        with Store.open(path) as store:
            for person, revision in acknowledged.items():
                kept = store.answers.of(person, "reflection").get("item")
                assert revision == 0 or (kept is not None and kept.revision >= revision)
                assert kept is None or kept.value == {"text": f"revision {kept.revision}"}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
