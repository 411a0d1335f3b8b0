"""What other systems have differently, taken away or put in here: no fork, no file locks, CRLF, a narrow console.

Windows and macOS themselves were not at hand; `make lint` checks the types as they are there.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kit import content_check, stories, story_check, twee
from kit.exercise import exercises
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import KIT, ROOT, environment, serving

# As on Windows: what `os` lacks there, and modules that cannot be imported from the kit's own.
ABSENT = """
import builtins, os, sys
for name in ("fork", "forkpty", "register_at_fork", "pwrite", "pread", "fchmod", "fchown", "geteuid", "getuid"):
    if hasattr(os, name):
        delattr(os, name)
real = builtins.__import__
def without(name, globals=None, *rest):
    if name in ("fcntl", "resource", "pwd", "grp", "termios") and (globals or {}).get("__name__", "").startswith("kit"):
        raise ModuleNotFoundError(name)
    return real(name, globals, *rest)
builtins.__import__ = without
"""
STORE = """
import kit.store, kit.store.turn
from kit.session import *
with kit.store.Store.open(sys.argv[1]) as store:
    made = Session(new_id(), new_code(), "t", "fr", Mode.ANONYMOUS, 5, (Plan("pulse"),), secret=new_id())
    made = store.sessions.add(made, fingerprint("key"))
    store.sessions.set_state(made.id, "pulse", State.OPEN)
    person, _ = store.seats.take(made, Sector.OTHER, None, "fr")
    print(store.sessions.counts(made.id).joined)
"""
NO_SIGNALS = """
import asyncio, sys
def refused(*_): raise NotImplementedError
asyncio.unix_events._UnixSelectorEventLoop.add_signal_handler = refused
from kit.cli import main
main()
"""

posix = pytest.mark.skipif(sys.platform == "win32", reason="there, nothing needs to be taken away")


@posix
def test_a_store_without_forks_locks_and_positioned_writes(tmp_path: Path) -> None:
    others = "import asyncio, sqlalchemy, alembic.command, platformdirs\n"
    code = f"{others}{ABSENT}sys.platform = 'win32'\nimport kit.store\nsys.platform = 'linux'\n{STORE}"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "store.db"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
    assert not list(tmp_path.glob("*-turn")), "no lock file where there are no locks"


@posix
def test_the_number_of_files_is_left_alone_where_it_cannot_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    from kit.cli.running import raise_file_limit

    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(sys, "platform", "win32")
    raise_file_limit()


@posix
def test_a_loop_without_signals_serves_and_ends(tmp_path: Path) -> None:
    """As on Windows, where a loop takes no signals: Ctrl-C ends it all the same. The kernels go too."""
    with serving(tmp_path, "--exercises", "pulse", program=(sys.executable, "-c", NO_SIGNALS)) as made:
        person = made.device()
        person.take_seat(made.code)
        kernels = made.kernels()
        made.process.send_signal(signal.SIGINT)
        assert made.process.wait(PATIENCE) in (0, 130)
        assert "Traceback" not in made.log
        eventually(lambda: not [pid for pid in kernels if _runs(pid)], "the kernels go too")


def _runs(pid: int) -> bool:
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(told.strip()) and not told.strip().startswith("Z")


@pytest.mark.parametrize("slug", ["partnership", "scenarios"])
def test_content_with_windows_line_ends(tmp_path: Path, slug: str) -> None:
    folder = tmp_path / slug
    shutil.copytree(Path(str(exercises()[slug].folder)), folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in folder.rglob("*.yaml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert list(content_check.check(folder)) == []
    assert list(story_check.check(folder)) == []


def test_a_story_from_twine_on_windows(tmp_path: Path) -> None:
    folder = next(iter(stories.story_folders(exercises()["scenarios"].folder)))
    story, texts = stories.read_story(folder), stories.read_story_texts(folder, "fr")
    told = twee.export(story, texts, "fr")
    assert twee.parse(told.replace("\n", "\r\n"), "x.twee").structure == twee.parse(told, "x.twee").structure
    assert twee.parse(told.replace("\n", "\r\n"), "x.twee").texts == twee.parse(told, "x.twee").texts


@pytest.mark.parametrize(
    "call", [("guide", "strengths"), ("guide",), ("check",), ("--help",), ("nothing",)], ids=" ".join
)  # fmt: skip
def test_a_console_with_few_letters(tmp_path: Path, call: tuple[str, ...]) -> None:
    """cp1252, as a Windows console has it in Canada: é stays, what it lacks becomes a ?, and nothing fails."""
    env = environment(tmp_path, tmp_path) | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "KIT_LANG": "fr"}
    done = subprocess.run([*KIT, *call], cwd=ROOT, env=env, capture_output=True, check=False)
    assert done.returncode in (0, 2)
    told = (done.stdout + done.stderr).decode("cp1252")
    assert "Traceback" not in told
    assert "é" in told or call in (("check",), ("nothing",))


def test_no_name_differs_by_capitals_only_or_is_reserved_on_windows() -> None:
    listed = [path for part in ("kit", "notebooks", "facilitation", "tools") for path in (ROOT / part).rglob("*")]
    ours = [os.fspath(path.relative_to(ROOT)) for path in listed if "node_modules" not in path.parts]
    assert len({name.lower() for name in ours}) == len(ours)
    reserved = {"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))}
    assert not [name for name in ours if Path(name).stem.lower() in reserved or set(name) & set('<>:"|?*')]
