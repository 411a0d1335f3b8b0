"""Reports by a Dask cluster: a real scheduler, and workers that share no folder with whoever leads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kit.errors import ClusterAway, PartMissing, UnknownSession
from kit.reports import BatchProgress, Wish, make_reports, make_rollup
from kit.reports import cluster as clusters
from kit.reports.done import NAME
from kit.session import Session
from kit.store import Store
from kit.texts import languages
from tests.support.ports import free_port
from tests.support.waiting import eventually
from tests.test_report_batches import codes, held, left_in, place, sessions

__all__ = ["held", "place", "sessions"]
WORKERS = 2


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each in a folder of its own, that know nothing of the store."""
    address = f"tcp://127.0.0.1:{free_port()}"
    env = {name: value for name, value in os.environ.items() if not name.startswith("KIT_")}
    env |= {"DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__STATUS__TASK_STREAM_LENGTH": "1"}

    def start(*words: str) -> subprocess.Popen[bytes]:
        folder = tmp_path_factory.mktemp(words[0])
        call = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
        return subprocess.Popen(
            call, cwd=folder, env={**env, "HOME": str(folder), "TMPDIR": str(folder)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    every = [start("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard")]
    every += [start("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(WORKERS)]
    try:
        yield address, every
    finally:
        for one in every:
            one.kill()
            one.wait()


@pytest.mark.slow
def test_reports_come_back_and_a_worker_that_goes_is_made_up_for(
    grid: tuple[str, list[subprocess.Popen[bytes]]], place: Path, sessions: list[Session], tmp_path: Path
) -> None:
    address, processes = grid
    before = {one.pid for one in psutil.Process().children()}
    here, there = tmp_path / "here", tmp_path / "there"
    wish = Wish(("fr",), ("html", "json"))
    own = list(make_reports(place, codes(sessions), here, wish))
    made = list(make_reports(place, ["ZZZZZZ", *codes(sessions)], there, wish, cluster=address))
    assert [one.state for one in made if one.session is None] == ["failed"]
    assert {one.state for one in made if one.session} == {"made"}
    names = sorted(one.path.name for one in own if one.path)
    assert names == sorted(one.path.name for one in made if one.path)
    for name in names:
        assert (there / name).read_bytes() == (here / name).read_bytes()
    assert left_in(there) == []

    def kill(_: BatchProgress) -> None:
        processes[1].kill()

    again = Wish(("fr",), ("html",), again=True)
    assert {one.state for one in make_reports(place, codes(sessions), there, again, 1, kill, address)} == {"made"}
    assert {one.pid for one in psutil.Process().children()} <= before


@pytest.mark.slow
def test_a_roll_up_is_the_same_wherever_it_is_made(
    grid: tuple[str, list[subprocess.Popen[bytes]]], place: Path, sessions: list[Session], tmp_path: Path
) -> None:
    wish, heard = Wish(("fr", "en"), ("html", "pdf", "json", "ipynb")), list[BatchProgress]()
    made = {}
    for where, address in (("here", ""), ("there", grid[0])):
        found = make_rollup(place, codes(sessions), tmp_path / where, wish, "Un an", 1, heard.append, address)
        assert {one.state for one in found} == {"made"}
        made[where] = {one.name: one.read_bytes() for one in (tmp_path / where).iterdir() if one.name != NAME}
    assert made["here"] == made["there"]
    assert len(made["there"]) == 8
    assert heard[-1].all == 2
    again = make_rollup(place, codes(sessions), tmp_path / "there", wish, "Un an", cluster=grid[0])
    assert {one.state for one in again} == {"unchanged"}
    with pytest.raises(UnknownSession):
        next(make_rollup(place, ["ZZZZZZ", *codes(sessions)], tmp_path / "none", wish, cluster=grid[0]))
    with Store.open(place) as store:
        alone = held(store, 9, people=3)
    (told,) = make_rollup(place, [sessions[0].code, alone.code], tmp_path / "few", Wish(("fr",)), cluster=grid[0])
    assert told.state == "made"


@pytest.mark.slow
def test_ctrl_c_leaves_the_cluster_with_nothing_to_do(
    grid: tuple[str, list[subprocess.Popen[bytes]]], place: Path, sessions: list[Session], tmp_path: Path
) -> None:
    from distributed import Client

    address, _ = grid
    batch = make_reports(place, codes(sessions), tmp_path, Wish(("fr", "en")), cluster=address)
    next(batch)
    batch.close()
    with Client(address, set_as_default=False) as client:
        eventually(lambda: not any(client.processing().values()), "no task is left")


@pytest.mark.parametrize("lang", languages())
def test_a_cluster_that_is_not_there_is_one_clear_line(
    place: Path, sessions: list[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr(clusters, "ANSWER_SECONDS", 1)
    for address in (f"tcp://127.0.0.1:{free_port()}", "no address", "ftp://host:1"):
        with pytest.raises(ClusterAway) as away:
            next(make_reports(place, codes(sessions), tmp_path, cluster=address))
        assert "\n" not in away.value.tell(lang)
        assert address in away.value.tell(lang)


def test_without_dask_it_says_what_to_install(
    place: Path, sessions: list[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PartMissing, match="cluster"):
        next(make_reports(place, codes(sessions), tmp_path, cluster="tcp://127.0.0.1:1"))


def test_a_worker_with_another_kit_makes_nothing(place: Path, sessions: list[Session]) -> None:
    from kit.reports.material import gather
    from kit.reports.task import Task
    from kit.store import Store

    with Store.open(place) as store:
        task = Task(gather(store, sessions[0].id), "fr", ("html",))
    made = clusters.make_there(task, ("0.0.1", {}))
    assert made.error is not None
    assert "0.0.1" in str(made.error)
    assert set(clusters.make_there(task, clusters.own_kit()).files) == {"html"}
