"""Reports by the hundred: every name has its outcome, whatever becomes of the others, and nothing is left half done."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import psutil
import pytest

from kit import results
from kit.errors import FolderUnwritable, StoreMissing, UnknownFormat, UnknownLanguage
from kit.exercise import exercise
from kit.reports import BatchProgress, Wish, make_reports, make_rollup
from kit.reports.crew import Alone, Processes
from kit.reports.done import NAME
from kit.reports.index import PAGE, TABLE
from kit.reports.material import gather
from kit.reports.task import Task
from kit.session import Mode, Plan, Sector, Session, State, new_code, new_id
from kit.store import Store
from kit.tables.writing import BETWEEN
from kit.texts import default_language, say
from kit.typeset import typeset
from tests.support.waiting import eventually

SLUG = "pulse"
ROOT = Path(__file__).parent.parent


def held(store: Store, day: int, people: int = 12) -> Session:
    """A workshop of one exercise that was revealed."""
    plans, on = (Plan(SLUG, (), State.OPEN),), date(2026, 9, day)
    made = Session(new_id(), new_code(), f"Table {day}", "fr", Mode.ANONYMOUS, 5, plans, (), on)
    session = store.sessions.add(made, "key")
    for seed in range(people):
        seat, _ = store.seats.take(session, Sector.SETTLEMENT, None, "fr")
        for revision, (item, value) in enumerate(exercise(SLUG).rehearse(Random(seed), seat.sector, "fr"), start=1):
            store.answers.save(seat.id, SLUG, item, exercise(SLUG).check(item, value), revision)
    results.reveal(store, session, SLUG)
    return session


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secret-folder") / "store.db"


@pytest.fixture(scope="module")
def sessions(place: Path) -> list[Session]:
    with Store.open(place) as store:
        return [held(store, day) for day in (1, 2, 3)]


def codes(sessions: list[Session]) -> list[str]:
    return [one.code for one in sessions]


def left_in(folder: Path) -> list[str]:
    """What should not be there once a run is over."""
    return [one.name for one in folder.iterdir() if one.suffix == ".part"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bad_name_is_an_outcome_among_others(place: Path, sessions: list[Session], tmp_path: Path, jobs: int) -> None:
    heard: list[BatchProgress] = []
    typed = [sessions[0].code, "ZZZZZZ", sessions[1].id, sessions[2].code.lower()]
    found = list(make_reports(place, typed, tmp_path, Wish(("fr", "en")), jobs, heard.append))
    assert found[0].typed == "ZZZZZZ"
    assert "ZZZZZZ" in found[0].problem
    made = {(one.typed, one.lang): one.path for one in found[1:]}
    assert set(made) == {(one, lang) for one in typed if one != "ZZZZZZ" for lang in ("fr", "en")}
    for path in made.values():
        assert path is not None
        assert path.read_bytes().startswith(b"<!DOCTYPE html>")
    with (tmp_path / TABLE).open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=BETWEEN.get(default_language(), ",")))
    assert len(rows) == 7
    assert {row[say(default_language(), "report.index.columns.file")] for row in rows} == {
        "", *(path.name for path in made.values() if path),
    }  # fmt: skip
    page = (tmp_path / PAGE).read_text("utf-8")
    assert set(re.findall(r'href="([^"]+)"', page)) == {path.name for path in made.values() if path}
    assert "ZZZZZZ" in page
    for text in (page, (tmp_path / TABLE).read_text("utf-8-sig")):
        assert str(tmp_path) not in text
        assert str(place.parent) not in text
    assert (heard[-1].done, heard[-1].all, heard[-1].running) == (6, 6, ())
    assert left_in(tmp_path) == []


def test_a_second_run_makes_what_has_changed(place: Path, tmp_path: Path) -> None:
    with Store.open(place) as store:
        some = [held(store, day) for day in (11, 12)]
        assert {one.state for one in make_reports(place, codes(some), tmp_path)} == {"made"}
        assert {one.state for one in make_reports(place, codes(some), tmp_path)} == {"unchanged"}
        (tmp_path / f"report-{some[1].code}-fr.html").unlink()
        assert [one.state for one in make_reports(place, codes(some), tmp_path)] == ["unchanged", "made"]
        for seed in range(100, 112):
            seat, _ = store.seats.take(some[0], Sector.MUNICIPAL, None, "fr")
            for revision, (item, value) in enumerate(exercise(SLUG).rehearse(Random(seed), seat.sector, "fr"), start=1):
                store.answers.save(seat.id, SLUG, item, exercise(SLUG).check(item, value), revision)
        assert {one.state for one in make_reports(place, codes(some), tmp_path)} == {"unchanged"}, "not revealed yet"
        results.reveal(store, some[0], SLUG)
        assert [one.state for one in make_reports(place, codes(some), tmp_path)] == ["made", "unchanged"]
        wish = Wish(formats=("html", "ipynb"))
        assert sorted(one.state for one in make_reports(place, codes(some), tmp_path, wish)) == [
            "made", "made", "unchanged", "unchanged",
        ]  # fmt: skip
        assert {one.state for one in make_reports(place, codes(some), tmp_path, Wish(again=True))} == {"made"}
    kept = (tmp_path / NAME).read_text("utf-8")
    assert set(json.loads(kept)) == {one.name for one in tmp_path.iterdir()} - {NAME, PAGE, TABLE}
    for word in (str(place.parent), some[0].id, some[0].secret):
        assert word not in kept


def test_a_worker_that_is_killed_is_replaced(place: Path, sessions: list[Session], tmp_path: Path) -> None:
    killed: list[int] = []

    def kill(_: BatchProgress) -> None:
        if not killed:
            child = multiprocessing.active_children()[0]
            killed.append(child.pid or 0)
            child.kill()

    found = list(make_reports(place, codes(sessions), tmp_path, Wish(("fr", "en")), 2, kill))
    assert killed
    assert [one.state for one in found] == ["made"] * 6
    assert multiprocessing.active_children() == []


class Deadly(Task):
    """Ends whoever unpacks it."""

    def __reduce__(self):
        return os._exit, (1,)


def test_a_task_that_ends_its_workers_is_given_up(place: Path, sessions: list[Session]) -> None:
    with Store.open(place) as store:
        material = gather(store, sessions[0].id)
    crew = Processes(1)
    try:
        crew.give(7, Deadly(material, "fr", ("html",)))
        crew.give(8, Task(material, "fr", ("html",)))
        made = dict((crew.next(), crew.next()))
    finally:
        crew.close()
    assert sessions[0].code in str(made[7].error)
    assert set(made[8].files) == {"html"}


def test_the_same_bytes_wherever_they_are_made(place: Path, sessions: list[Session]) -> None:
    with Store.open(place) as store:
        task = Task(gather(store, sessions[0].id), "fr", ("html", "ipynb"))
    made = []
    for crew in (Alone(), Processes(1)):
        crew.give(1, task)
        made.append(crew.next()[1].files)
        crew.close()
    assert made[0] == made[1]


def test_what_cannot_be_made_is_said_before_anything_is(place: Path, sessions: list[Session], tmp_path: Path) -> None:
    with pytest.raises(UnknownLanguage):
        next(make_reports(place, codes(sessions), tmp_path / "out", Wish(("xx",))))
    with pytest.raises(UnknownFormat, match="ipynb"):
        next(make_reports(place, codes(sessions), tmp_path / "out", Wish(formats=("odt",))))
    with pytest.raises(StoreMissing):
        next(make_reports(tmp_path / "mistyped.db", codes(sessions), tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderUnwritable):
        next(make_reports(place, codes(sessions), tmp_path / "file" / "below"))


def test_a_session_that_is_purged_meanwhile(place: Path, sessions: list[Session], tmp_path: Path) -> None:
    with Store.open(place) as store:
        gone = held(store, 21)
        batch = make_reports(place, [sessions[0].code, gone.code], tmp_path)
        assert next(batch).state == "made"
        store.sessions.purge(gone.id)
        (last,) = batch
    assert last.problem
    assert last.state == "failed"


def test_a_format_that_cannot_be_made_takes_no_other_with_it(
    place: Path, sessions: list[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    wish = Wish(formats=("html", "pdf", "json"))
    for make in (make_reports, make_rollup):
        found = {one.format: one for one in make(place, codes(sessions[:1]), tmp_path, wish)}
        assert {name: one.state for name, one in found.items()} == {"html": "made", "pdf": "failed", "json": "made"}
        assert "[reports]" in found["pdf"].problem
        again = {one.format: one.state for one in make(place, codes(sessions[:1]), tmp_path, wish)}
        assert again == {"html": "unchanged", "pdf": "failed", "json": "unchanged"}


# ---- the command ----


def kit(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "kit", "report", *words, "--store", str(place)]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_which_sessions_are_meant(place: Path, sessions: list[Session], tmp_path: Path) -> None:
    first, second, third = sessions
    (tmp_path / "list.txt").write_text(f"# spring\n{first.code}, the first table\n\n{third.code}  # twice\n", "utf-8")
    out = tmp_path / "out"
    told = kit(place, "--file", str(tmp_path / "list.txt"), third.code, "--out", str(out), "--format", "html,ipynb")
    assert told.returncode == 0, told.stderr
    names = {f"report-{one.code}-fr.{kind}" for one in (first, third) for kind in ("html", "ipynb")}
    assert {one.name for one in out.iterdir()} - {NAME, PAGE, TABLE} == names
    told = kit(place, "--since", "2026-09-02", "--until-nothing")
    assert told.returncode == 2
    told = kit(place, "--file", str(tmp_path / "none.txt"))
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert second.code not in told.stdout


@pytest.mark.slow
def test_a_report_of_nothing_revealed_is_made_with_a_warning(place: Path, tmp_path: Path) -> None:
    with Store.open(place) as store:
        made = Session(new_id(), new_code(), "Table", "fr", Mode.ANONYMOUS, 5, (Plan(SLUG),), (), date(2025, 1, 1))
        session = store.sessions.add(made, "key")
    for _ in range(2):
        told = kit(place, session.code, "--out", str(tmp_path))
        assert told.returncode == 3
        assert told.stderr == f"kit: {say(default_language(), 'cli.report_empty', code=session.code)}\n"
    made_of_nothing = (tmp_path / f"report-{session.code}-fr.html").read_text("utf-8")
    assert typeset(say("fr", "report.not_revealed")) in made_of_nothing


def works(one: psutil.Process) -> bool:
    try:
        return one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def running(place: Path, sessions: list[Session], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A batch as a terminal starts it; so large that it is not done before who reads its first line can stop it."""
    (tmp_path / "tmp").mkdir()
    call = [sys.executable, "-m", "kit", "report", *codes(sessions), "--lang", "fr", "--lang", "en", "--jobs", "2"]
    process = subprocess.Popen(
        [*call, "--format", "html,ipynb,pdf,docx", "--out", str(tmp_path / "out"), "--store", str(place)],
        cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path / "tmp")}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends a terminal's Ctrl-C")
def test_ctrl_c_leaves_nothing(running: subprocess.Popen[str], tmp_path: Path) -> None:
    assert running.stdout
    first = running.stdout.readline()
    assert first.strip().endswith((".html", ".ipynb", ".pdf", ".docx"))
    everybody = [psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True)]
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert str(tmp_path / "out") in out
    assert err.strip() == ""
    eventually(lambda: not any(map(works, everybody)), "every process has ended")
    assert left_in(tmp_path / "out") == []
    assert [one.name for one in (tmp_path / "tmp").iterdir() if one.name.startswith("kit-")] == []


def test_two_runs_into_one_folder_leave_whole_files(place: Path, sessions: list[Session], tmp_path: Path) -> None:
    batches = [make_reports(place, codes(sessions), tmp_path, Wish(("fr", "en"))) for _ in range(2)]
    found = [one for pair in zip(*batches, strict=True) for one in pair]
    assert {one.problem for one in found} == {""}
    names = {one.path.name for one in found if one.path}
    assert len(names) == 6
    assert all((tmp_path / name).read_text("utf-8").rstrip().endswith("</html>") for name in names)
    assert set(json.loads((tmp_path / NAME).read_text("utf-8"))) == names
    assert left_in(tmp_path) == []
