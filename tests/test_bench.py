"""The measurements: what they count is right, and no path that they take is broken. No test here minds a time."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1

if not sys.platform.startswith("linux"):
    pytest.skip("what processes use is read from /proc", allow_module_level=True)

from bench import capacity, cold, conducting, flood, line, opening, soak, table
from bench.peers.servers import NAMES, version_of
from bench.peers.visitors import fields
from bench.processes import Tree, cpu_seconds, descriptors, family, private_mb
from bench.rows import Figure, words
from bench.wire import wire
from kit.serving.client import heard
from kit.serving.protocol import pack
from tests.support.long import in_test_long

ROOT = Path(__file__).parent.parent


# 40 descriptors, 80 MB, and a child that works for a moment and ends.
HEAVY = """
import os, subprocess, sys
held = [os.dup(0) for _ in range(40)]
block = bytearray(os.urandom(1) * 80_000_000)
subprocess.run([sys.executable, "-c", "sum(range(20_000_000))"])
print("up", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def short():
    """A folder with a short name: a local socket's path, a browser's too, has room for about 100 characters."""
    with tempfile.TemporaryDirectory(prefix="kb") as name:
        yield Path(name)


def run(*args: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of bench/, with its temporary files in `folder`."""
    env = os.environ | {"TMPDIR": str(folder)} | environment
    return subprocess.run(
        [sys.executable, "-m", *args], cwd=ROOT, env=env, capture_output=True, text=True, timeout=900, check=False
    )


@pytest.mark.slow
@pytest.mark.browser
@in_test_long
def test_a_tiny_run_takes_every_path(short: Path) -> None:
    done = run("bench", "--small", "--json", folder=short)
    assert done.returncode == 0, done.stderr
    figures = {one["key"]: one for one in json.loads(done.stdout)}
    not_at_this_size = {"opening_failed", "opening_cpu"} | ({"capacity_cores"} if os.cpu_count() == 1 else set())
    assert set(figures) == set(words()["rows"]) - not_at_this_size
    assert all(one["kit"] is not None for one in figures.values())
    assert figures["load_requests"]["kit"] < figures["load_requests"]["stock"]
    assert figures["load_elsewhere"]["kit"] == 0
    assert figures["memory"]["kit"] < figures["memory"]["stock"]
    assert not list(short.glob("kb_*")), "a folder is left"


def test_a_broken_path_fails_with_one_line(tmp_path: Path) -> None:
    done = run("bench.phone", "--no-stock", folder=tmp_path, KIT_CHROMIUM=str(tmp_path / "none"))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("bench: no Chromium")
    assert "Traceback" not in done.stderr


def test_a_goal_is_reached_only_when_nothing_failed() -> None:
    assert Figure("memory", 19.0, 88.0, 20.0).reached is True
    assert Figure("memory", 21.0, 88.0, 20.0).reached is False
    assert Figure("memory", 19.0, 88.0, 20.0, fine=False).reached is False
    assert Figure("memory", None, 88.0, 20.0).reached is False
    assert Figure("memory", 19.0, 88.0).reached is None
    assert Figure("memory", 22.0, 88.0).ratio == 4
    assert Figure("capacity", 600.0, None, 500.0, more=True).reached is True
    assert Figure("capacity", 400.0, None, 500.0, more=True).reached is False


def test_goals_of_an_opening_come_from_stock_twenty() -> None:
    stock = opening.Opening(20, 60.0, 3.0, 0.0)
    rooms = ((20, 1.1, 0.006), (100, 3.8, 0.006), (300, 9.9, 0.0075), (1000, 39.0, 0.006))
    kit = [opening.Opening(visitors, seconds, cpu, 0.1) for visitors, seconds, cpu in rooms]
    goals = {(one.key, one.n): (one.goal, one.reached) for one in opening.figures(kit, stock)}
    assert goals == {
        ("opening", 20): (1.2, True), ("opening", 100): (3.75, False), ("opening", 300): (10.0, True),
        ("opening", 1000): (40.0, True), ("opening_cpu", 300): (7.0, False),
    }  # fmt: skip


def test_an_opening_that_somebody_failed_does_not_reach_its_goal() -> None:
    stock = opening.Opening(20, 60.0, 3.0, 0.0)
    (first, failed) = opening.figures([opening.Opening(20, 0.5, 0.1, 0.1, ("/w: 503",))], stock)
    assert first.reached is False
    assert (failed.key, failed.kit, failed.reached, failed.note) == ("opening_failed", 1, False, "/w: 503")


def test_the_middle_one_of_several_openings_counts_and_whoever_failed_in_any() -> None:
    several = [opening.Opening(20, one, one / 10, 0.1, who) for one, who in ((3.0, ("a",)), (1.0, ()), (2.0, ("b",)))]
    assert opening.median(several) == opening.Opening(20, 2.0, 0.2, 0.1, ("a", "b"))


def test_no_goal_without_stock_twenty() -> None:
    alone = opening.figures([opening.Opening(20, 0.5, 0.1, 0.1)], opening.Opening(3, 9.0, 3.0, 0.0))
    assert [one.goal for one in alone] == [None]


@pytest.mark.parametrize(
    ("lang", "cells"),
    [("en", ("1,234.5 KB", "5,600 KB (20 people)", "yes")), ("fr", ("1 235 Ko", "5 600 Ko (20 personnes)", "oui"))],
)
def test_rows_are_told_in_both_languages(lang: str, cells: tuple[str, ...]) -> None:
    _, kit, stock, ratio, goal, reached = Figure("load_bytes", 1234.6, 5600, 1300, n=100, stock_n=20).cells(lang)
    plain = [one.replace("\N{NO-BREAK SPACE}", " ") for one in (kit, stock, reached)]
    assert plain == [cells[0].replace("1,234.5", "1,235"), *cells[1:]]
    assert ratio.startswith("× 4")
    assert goal.startswith("≤")


def test_words_are_the_same_in_both_languages() -> None:
    for name, row in words()["rows"].items():
        assert set(row) == {"unit", "en", "fr"}, name
        assert ("{n}" in row["en"]) == ("{n}" in row["fr"]), name
    for part in ("head", "answers", "units", "peers", "how", "soak", "flood"):
        assert len(words()[part]["en"]) == len(words()[part]["fr"]), part
    assert set(words()["peers"]["en"]) == set(words()["peers"]["fr"])


def test_a_table_replaces_what_is_between_its_marks_only(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("before\n<!-- bench:en -->\nold\n<!-- /bench:en -->\nafter\n", "utf-8")
    assert table.write_where_marked(page, "bench", {"en": r"new \1", "fr": "nouveau"})
    assert page.read_text("utf-8") == "before\n<!-- bench:en -->\nnew \\1\n<!-- /bench:en -->\nafter\n"
    assert not table.write_where_marked(tmp_path / "none.md", "bench", {"en": "new"})
    table.write(tmp_path / "results.md", "bench", {"en": "one", "fr": "un"})
    table.write(tmp_path / "results.md", "bench", {"en": "two", "fr": "deux"})
    text = (tmp_path / "results.md").read_text("utf-8")
    assert ("two" in text, "deux" in text, "one" in text, text.count("<!--")) == (True, True, False, 4)


def test_messages_are_those_of_the_kernel_protocol() -> None:
    channel, parts = deserialize_msg_from_ws_v1(pack("control", {"msg_type": "x"}, {}, {}, {"é": [1]}))
    assert (channel, [json.loads(one) for one in parts]) == ("control", [{"msg_type": "x"}, {}, {}, {"é": [1]}])
    told = [json.dumps(one).encode() for one in ({"msg_type": "comm_msg"}, {"msg_id": "q"}, {}, {"comm_id": "a"})]
    found = heard(serialize_msg_to_ws_v1([*told, b"buffer"], "iopub"))
    assert (found.kind, found.parent, found.content) == ("comm_msg", "q", {"comm_id": "a"})


def test_the_wire_counts_every_byte_in_both_directions() -> None:
    with socket.create_server(("127.0.0.1", 0)) as far:

        def serve() -> None:
            connection, _ = far.accept()
            with connection:
                while asked := connection.recv(65536):
                    connection.sendall(asked * 3)

        thread = threading.Thread(target=serve)
        thread.start()
        with wire(f"http://127.0.0.1:{far.getsockname()[1]}") as counted:
            port = int(counted.address.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port)) as near:
                near.sendall(b"0123456789")
                got = b""
                while len(got) < 30:
                    got += near.recv(100)
            assert got == b"0123456789" * 3
            assert (counted.up, counted.down, counted.total) == (10, 30, 40)
        thread.join()


def test_memory_time_and_descriptors_of_a_process_are_seen() -> None:
    with subprocess.Popen([sys.executable, "-c", HEAVY], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        assert 80 < private_mb(process.pid) < 120
        assert descriptors(process.pid) >= 43
        assert cpu_seconds(process.pid) > 0.1, "what a child that has ended used is counted"
        assert family(process.pid) == [process.pid]
        process.stdin.close()
    assert private_mb(process.pid) == 0
    assert family(process.pid) == []


def test_what_a_thread_used_is_counted_after_its_end() -> None:
    code = "import os, threading as t\none = t.Thread(target=lambda: sum(range(20_000_000)))\none.start()\none.join()"
    # Joined, it is about to end; as long as it has not, the system tells its time more finely than afterwards.
    ended = "while len(os.listdir('/proc/self/task')) > 1: pass"
    command = [sys.executable, "-c", f"{code}\n{ended}\nprint('up', flush=True)\ninput()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        before = cpu_seconds(process.pid)
        assert before > 0.1
        assert cpu_seconds(process.pid) >= before
        process.kill()


def test_a_process_that_does_not_end_is_found_and_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        tree = Tree.below(process.pid)
        assert tree.living() == [process.pid]
        assert tree.end(patience=0) == [process.pid]
        assert process.wait() == -9
    assert tree.living() == []


def test_the_rate_that_was_kept_last_counts_and_what_was_full_then_is_told() -> None:
    busy = {"server": 0.6, "kernel 1": 0.97}
    steps = [capacity.Step(rate, 9, high, busy) for rate, high in ((200, 9.0), (240, 151.0))]
    (row,) = capacity.figures({1: steps})
    assert (row.kit, row.reached) == (200, False)
    assert "then 151 ms at 240 a second, with server 60 %, kernel 1 97 %" in row.note
    assert "≥" in "".join(row.cells())


def test_an_earlier_version_that_is_not_at_hand_is_told_as_not_measured() -> None:
    (alone,) = cold.figures([2.0, 1.0, 3.0], [])
    assert (alone.kit, alone.goal, "not measured" in alone.note) == (2.0, None, True)
    (beside,) = cold.figures([2.0], [4.5])
    assert (beside.goal, beside.reached) == (2.25, True)


def test_a_soak_says_what_is_left() -> None:
    start = soak.State(3, 170.0, 30, 0)
    assert soak.left_over(start, soak.State(3, 190.0, 35, 0)) == []
    assert soak.left_over(start, soak.State(4, 170.0, 30, 0)) == ["left: 4 processes, 3 at the start"]
    assert soak.left_over(start, soak.State(3, 250.0, 90, 2)) == [
        "left: 2 files in the runtime folder, 0 at the start", "left: 90 descriptors, 30 at the start",
        "left: 250 MB, 170 MB at the start",
    ]  # fmt: skip


@pytest.mark.slow
@in_test_long
def test_a_short_soak_leaves_nothing_and_loses_nothing(short: Path) -> None:
    done = run("bench.soak", "--people", "4", "--minutes", "0.3", "--rest", "1", "--no-write", "--json", folder=short)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["faults"] == []
    assert told["answers"] > 4
    # Before the start is taken, a first group has been there.
    assert told["first_answers"] >= soak.FIRST_GROUP


def test_a_soak_is_told_in_both_languages() -> None:
    told = soak.Soak(200, 1800.0, soak.State(3, 178.0, 27, 0), soak.State(3, 190.4, 30, 0), 205, 3000.0)
    told.did.update(answer=1234, crash=2)
    english, french = (soak.markdown(told, lang) for lang in ("en", "fr"))
    assert "| processes | 3 | 3 | 205 |" in english
    assert "answers 1,234" in english
    assert "réponses 1\N{NO-BREAK SPACE}234" in french
    told.faults.append("left: 7 files")
    assert "left: 7 files" in soak.markdown(told, "en")


def test_people_who_fail_are_counted_and_others_go_on() -> None:
    async def one(number: int) -> None:
        if number == 2:
            raise line.Trouble("the line was cut")

    assert asyncio.run(line.each([one(number) for number in range(4)])) == ["the line was cut"]


def test_fields_of_a_protocol_buffer() -> None:
    # 1: "ab", 5: 300 (varint), 6: 8 bytes, 300: 4 bytes
    message = b"\x0a\x02ab" + b"\x28\xac\x02" + b"\x31" + bytes(8) + b"\xe5\x12" + bytes(4)
    assert list(fields(message)) == [1, 5, 6, 300]


@pytest.mark.parametrize("name", NAMES)
def test_peers_are_pinned_and_come_from_nowhere_in_particular(name: str) -> None:
    lines = (ROOT / "bench" / "peers" / f"{name}.txt").read_text("utf-8").splitlines()
    pinned = [one for one in lines if not one.startswith("#")]
    assert all("==" in one and "/" not in one and not one.startswith("-") for one in pinned)
    assert version_of(name)


def test_stock_answers_the_same_questions_as_the_kit() -> None:
    told = json.loads((ROOT / "bench" / "stock" / "worksheet.ipynb").read_text("utf-8"))
    source = "".join(part for cell in told["cells"] for part in cell["source"])
    assert "import matplotlib" in source
    assert "import sqlalchemy" in source
    assert "RadioButtons" in source
    assert all(not cell["outputs"] for cell in told["cells"])


@pytest.mark.slow
@in_test_long
def test_a_small_room_goes_along_and_is_counted(short: Path) -> None:
    done = run("bench.conducting", "--visitors", "3", "--stock", "0", "--seconds", "1", "--json", folder=short)
    assert done.returncode == 0, done.stderr[-3000:]
    told = {one["key"]: one for one in json.loads(done.stdout)}
    assert set(told) == {"conducted", "burst_saved", "burst_seen"}
    assert all(one["kit"] > 0 for one in told.values())
    assert told["burst_seen"]["kit"] >= told["burst_saved"]["kit"] / 2
    assert "kernel 1" in told["conducted"]["note"]


def test_the_first_answer_that_is_saved_is_the_first_that_is_counted() -> None:
    watcher = conducting.Watcher([(0, 1.0), (2, 3.0), (3, 5.0)])
    assert [watcher.seen(at) for at in (1, 2, 3)] == [3.0, 3.0, 5.0]


@pytest.mark.slow
@in_test_long
def test_a_short_flood_lets_everybody_else_be_heard(short: Path) -> None:
    done = run("bench.flood", "--visitors", "3", "--seconds", "3", "--no-write", "--json", folder=short)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert [one["kind"] for one in told] == list(flood.KINDS)
    assert all(one["sent"] > 0 and one["answers"] > 0 for one in told)


def test_a_flood_is_told_in_both_languages() -> None:
    found = [flood.Flooded(kind, 10.0, 12.0, 1234.0, 500, 4321) for kind in flood.KINDS]
    english, french = (flood.markdown(found, 100, lang) for lang in ("en", "fr"))
    assert "| answers | 10 | 12 | 1,234 | 4,321 | ms |" in english
    assert "4\N{NO-BREAK SPACE}321" in french
    assert "100 " in english
