"""Each way to get the kit leads from an empty folder to a workshop: pip, uv tool, pipx, the source archive."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import pytest

from kit.rehearsal import PageClient
from kit.session import State
from kit.store import Store
from tests.support.built import LOCK, PATIENCE, ROOT, Built, own, path_without_uv, release, uv
from tests.support.device import Device
from tests.support.long import LONG
from tests.support.pythons import found
from tests.support.running import run
from tests.support.talk import form_of, put
from tests.support.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="environments have other places")]

SLUG, ITEM, VALUE = "reflection", "organisation_teams", "growth"
WORKSHOP = ("--no-browser", "--host", "127.0.0.1", "--port", "0", "--lang", "fr", "--exercises", SLUG)
JOIN = re.compile(r"(http://127\.0\.0\.1:\d+)/j/(\w+)")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Wheel and source archive; the whole run makes them once."""
    return release(tmp_path_factory)


def another(number: int) -> Path:
    """A Python of this machine, of another version for each way where there are so many; the last one is the newest."""
    return list(found())[-1 - number % len(found())]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A folder with nothing in it."""
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


@contextmanager
def running(call: Sequence[str | Path], cwd: Path, store: Path, **env: str) -> Iterator[tuple[str, str]]:
    """A workshop that was started so; yields its address and its code, and ends it with all that it has started."""
    with (store.parent / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [*call], cwd=cwd, env=own({"HOME": str(store.parent), **env}), stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip

    def told() -> re.Match[str] | None:
        text = (store.parent / "log.txt").read_text("utf-8", "replace")
        assert process.poll() is None, text[-2000:]
        return JOIN.search(text)

    try:
        said = eventually(told, "it says where it is", PATIENCE)
        assert said
        yield said[1], said[2]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def somebody_answers(workshop: tuple[str, str], store: Path) -> None:
    """A person takes a seat with the code, and what they answer is saved."""
    address, code = workshop
    with Store.open(store) as opened:
        opened.sessions.set_state(opened.sessions.by_code(code).id, SLUG, State.OPEN)
    person = Device(address)
    person.take_seat(code)
    run(_answer(person, person.enter()))
    with Store.open(store) as opened:
        (one,) = opened.answers.responses(opened.sessions.by_code(code).id, SLUG)
    assert one.answers == {ITEM: VALUE}


async def _answer(person: Device, page: str) -> None:
    line = await PageClient.open(person.address, page, person.cookie)
    try:
        told = await asyncio.wait_for(put(line, await form_of(line, SLUG), ITEM, VALUE), PATIENCE)
        assert told["kind"] == "saved", told
    finally:
        line.close()


def test_on_a_package_page_pictures_show_and_links_lead_somewhere(built: Built) -> None:
    """There, a path leads nowhere: each target is a whole address, of something that is in this repository."""
    described = message_from_bytes(zipfile.Path(built.wheel, of(built.wheel, "METADATA")).read_bytes())
    assert described["Description-Content-Type"] == "text/markdown"
    text, home = described.get_payload(), described.get_all("Project-URL")[0].partition(", ")[2]
    assert isinstance(text, str)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert [one for one in targets if not re.match(r"https://|#", one)] == []
    pictures = [one for one in targets if one.startswith(f"{home}/raw/HEAD/docs/pictures/")]
    assert len(pictures) == len(re.findall(r"\(docs/pictures/", (ROOT / "README.md").read_text("utf-8"))) > 0
    for one in targets:
        if found := re.match(rf"{re.escape(home)}/(?:raw|blob)/HEAD/([^#]+)", one):
            assert (ROOT / found[1]).exists(), one
    with tarfile.open(built.sdist) as archive:
        told = archive.extractfile(f"{built.sdist.name.removesuffix('.tar.gz')}/PKG-INFO")
        assert told
        assert message_from_bytes(told.read()).get_payload() == text


def of(wheel: Path, name: str) -> str:
    """The path of a file of the wheel's own description."""
    with zipfile.ZipFile(wheel) as archive:
        return next(one for one in archive.namelist() if one.endswith(f".dist-info/{name}"))


def test_pip_in_an_environment_of_its_own(built: Built, empty: Path, tmp_path: Path) -> None:
    uv("venv", "--quiet", "--python", another(0), tmp_path / "env", cwd=empty)
    asked = ("--quiet", "--python", tmp_path / "env/bin/python", "--constraint", LOCK, built.wheel)
    uv("pip", "install", *asked, cwd=empty)
    store = tmp_path / "store.db"
    with running([tmp_path / "env/bin/kit", "workshop", *WORKSHOP, "--store", store], empty, store) as workshop:
        somebody_answers(workshop, store)
    assert not list(empty.iterdir())


def test_uv_tool(built: Built, empty: Path, tmp_path: Path) -> None:
    places = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    asked = ("--quiet", "--python", another(1), "--constraints", LOCK, built.wheel)
    uv("tool", "install", *asked, cwd=empty, **places)
    store = tmp_path / "store.db"
    with running([tmp_path / "bin/kit", "workshop", *WORKSHOP, "--store", store], empty, store) as workshop:
        somebody_answers(workshop, store)
    assert not list(empty.iterdir())


def test_pipx(built: Built, empty: Path, tmp_path: Path) -> None:
    places = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    places["PIPX_DEFAULT_PYTHON"] = str(another(2))
    asked = ("tool", "run", "pipx", "install", "--quiet", f"--pip-args=--constraint={LOCK}", built.wheel)
    uv(*asked, cwd=empty, **places)
    store = tmp_path / "store.db"
    with running([tmp_path / "bin/kit", "workshop", *WORKSHOP, "--store", store], empty, store) as workshop:
        somebody_answers(workshop, store)


# pip takes five times as long; `test_setup` sees it take over.
@pytest.mark.parametrize("by", ["uv", "pip"] if LONG else ["uv"])
def test_the_source_archive(built: Built, tmp_path: Path, by: str) -> None:
    """`make workshop` in the folder that the archive unpacks to; it brings the lock, and no test tools come along."""
    path = path_without_uv(tmp_path / "bin") if by == "pip" else os.environ["PATH"]
    with tarfile.open(built.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / built.sdist.name.removesuffix(".tar.gz")
    store = tmp_path / "store.db"
    asked = " ".join(map(str, (*WORKSHOP, "--store", store)))
    call = ["make", "workshop", f"PYTHON={sys.executable}", f"ARGS={asked}"]
    # What is imported is compiled then; pip would compile all that there is, which takes half of its time.
    with running(call, folder, store, PIP_NO_COMPILE="1", PATH=path) as workshop:
        somebody_answers(workshop, store)
    assert (folder / ".venv/bin/kit").exists()
    assert not (folder / ".venv/bin/pytest").exists()
    assert {"constraints.txt", "tools", "tests", "binder"} <= {one.name for one in folder.iterdir()}
