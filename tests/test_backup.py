"""`kit backup`: a whole copy while others write, and what it says where it cannot make one."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kit.cli import main
from kit.errors import AlreadyThere, FolderUnwritable
from kit.session import Mode, Plan, Sector, Session, State, fingerprint, new_code, new_id
from kit.store import Store
from kit.store.backup import copy
from tests.support.calling import kit as in_process
from tests.support.postgres import PASSWORD

PLANS = (Plan("reflection", (), State.OPEN),)


def room(store: Store) -> tuple[Session, str]:
    session = Session(new_id(), new_code(), "Tuesday", "fr", Mode.ANONYMOUS, 5, PLANS, secret=new_id())
    made = store.sessions.add(session, fingerprint("the key"))
    return made, store.seats.take(made, Sector.OTHER, None, "en")[0].id


def kit(*called: str, **env: str) -> subprocess.CompletedProcess[str]:
    return in_process(*called, env=os.environ | {"KIT_LANG": "en"} | env)


def test_a_copy_is_whole_while_somebody_writes(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as store:
        session, person = room(store)
        until, first = threading.Event(), threading.Event()

        def write() -> None:
            revision = 0
            while not until.is_set():
                revision += 1
                store.answers.save(person, "reflection", "a", {"text": str(revision), "share": False}, revision)
                first.set()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            first.wait(60)
            for number in range(5):
                assert copy(store.engine, tmp_path / f"copy{number}.db")
        finally:
            until.set()
            writer.join(60)
    last = 0
    for number in range(5):
        with Store.open(tmp_path / f"copy{number}.db") as made:
            assert made.sessions.get(session.id) == session
            found = made.answers.of(person, "reflection")["a"]
            assert str(found.revision) == found.value["text"]
            assert found.revision >= last
            last = found.revision
    assert not list(tmp_path.glob("*.part*"))


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_copy_is_for_its_owner_alone_and_replaces_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as store:
        room(store)
        file = tmp_path / "copy.db"
        copy(store.engine, file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        before = file.read_bytes()
        with pytest.raises(AlreadyThere):
            copy(store.engine, file)
        assert file.read_bytes() == before
        with pytest.raises(FolderUnwritable):
            copy(store.engine, tmp_path / "nowhere" / "copy.db")


def test_the_command_says_where_the_copy_is_and_what_is_in_it(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as store:
        session, _ = room(store)
    told = kit("backup", str(tmp_path / "copy.db"), "--store", str(tmp_path / "store.db"))
    assert (told.returncode, told.stderr) == (0, "")
    assert str(tmp_path / "copy.db") in told.stdout
    with Store.open(tmp_path / "copy.db") as made:
        assert made.sessions.all() == [session]


@pytest.mark.services
def test_postgresql_has_a_tool_of_its_own(postgres_url: str, tmp_path: Path) -> None:
    Store.open(postgres_url).close()
    shown = kit("backup", str(tmp_path / "copy"), "--store", postgres_url)
    assert shown.returncode == 1
    assert "pg_dump --format=custom" in shown.stdout
    assert "KIT_STORE" in shown.stderr, "a password on the command line is told about"
    hidden = kit("backup", str(tmp_path / "copy"), KIT_STORE=postgres_url)
    assert hidden.stderr == ""
    assert PASSWORD not in shown.stdout + shown.stderr + hidden.stdout
    assert not (tmp_path / "copy").exists()


@pytest.mark.services
def test_a_database_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    # The one that is a process of its own.
    own = os.environ | {"KIT_LANG": "en", "KIT_STORE": f"postgresql://kit:{PASSWORD}@127.0.0.1:1/x"}
    call = [sys.executable, "-m", "kit", "session", "list"]
    told = subprocess.run(call, capture_output=True, text=True, check=False, env=own)
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert "does not answer" in told.stderr
    assert PASSWORD not in told.stderr


@pytest.mark.skipif(os.name != "posix", reason="permissions")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_agenda_with_its_notes_is_for_its_owner_alone(tmp_path: Path, kind: str) -> None:
    place, file = str(tmp_path / "store.db"), tmp_path / f"agenda.{kind}"
    file.write_bytes(b"as it was before")
    file.chmod(0o644)
    for call in (["new", "--agenda", "half_day"], ["agenda", "CODE", "--out", str(file)]):
        with Store.open(place) as store:
            codes = [one.code for one in store.sessions.all()]
        with pytest.raises(SystemExit) as done:
            main(["session", *(codes[0] if one == "CODE" else one for one in call), "--store", place])
        assert done.value.code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() != b"as it was before"
