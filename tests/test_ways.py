"""Each way to get the kit leads from an empty folder to a workshop: pip, uv tool, pipx, the source archive."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.support.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="environments have other places")]

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "constraints.txt"
PATIENCE = 400
WORKSHOP = ("--no-browser", "--host", "127.0.0.1", "--port", "0", "--lang", "fr")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Built:
    """What a release hands out."""

    wheel: Path
    sdist: Path


def uv(*words: str | Path, cwd: Path, **env: str) -> None:
    found = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert found, "uv is one of the test tools"
    done = subprocess.run([found, *words], cwd=cwd, env=own(env), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]


def own(env: Mapping[str, str]) -> dict[str, str]:
    """This environment without what leads into the environment of the tests."""
    ours = ("VIRTUAL_ENV", "PYTHONPATH", "KIT_STORE")
    return {name: value for name, value in os.environ.items() if name not in ours} | dict(env)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Wheel and source archive, made of a copy: nothing is left in the tree."""
    folder = tmp_path_factory.mktemp("built")
    leave = shutil.ignore_patterns(".git", ".venv*", "node_modules", "__pycache__", ".*_cache", "dist")
    shutil.copytree(ROOT, folder / "tree", ignore=leave)
    uv("build", "--quiet", "--out-dir", folder / "out", cwd=folder / "tree")
    (wheel,), (sdist,) = ((folder / "out").glob(f"*{end}") for end in (".whl", ".tar.gz"))
    return Built(wheel, sdist)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A folder with nothing in it."""
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


@contextmanager
def running(call: Sequence[str | Path], cwd: Path, store: Path, **env: str) -> Iterator[str]:
    """A workshop that was started so; yields its address, and ends it with all that it has started."""
    with (store.parent / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [*call], cwd=cwd, env=own({"HOME": str(store.parent), **env}), stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip

    def told() -> str:
        text = (store.parent / "log.txt").read_text("utf-8", "replace")
        assert process.poll() is None, text[-2000:]
        found = ADDRESS.search(text)
        return found[0] if found else ""

    try:
        yield eventually(told, "it says where it is", PATIENCE)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def answers(address: str) -> bool:
    with urllib.request.urlopen(f"{address}/", timeout=60) as page:
        return page.status == 200 and b"<form" in page.read()


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
    uv("venv", "--quiet", "--python", sys.executable, tmp_path / "env", cwd=empty)
    asked = ("--quiet", "--python", tmp_path / "env/bin/python", "--constraint", LOCK, built.wheel)
    uv("pip", "install", *asked, cwd=empty)
    store = tmp_path / "store.db"
    with running([tmp_path / "env/bin/kit", "workshop", *WORKSHOP, "--store", store], empty, store) as address:
        assert answers(address)
    assert not list(empty.iterdir())


def test_uv_tool(built: Built, empty: Path, tmp_path: Path) -> None:
    places = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    asked = ("--quiet", "--python", sys.executable, "--constraints", LOCK, built.wheel)
    uv("tool", "install", *asked, cwd=empty, **places)
    store = tmp_path / "store.db"
    with running([tmp_path / "bin/kit", "workshop", *WORKSHOP, "--store", store], empty, store) as address:
        assert answers(address)
    assert not list(empty.iterdir())


def test_pipx(built: Built, empty: Path, tmp_path: Path) -> None:
    places = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    places["PIPX_DEFAULT_PYTHON"] = sys.executable
    asked = ("tool", "run", "pipx", "install", "--quiet", f"--pip-args=--constraint={LOCK}", built.wheel)
    uv(*asked, cwd=empty, **places)
    store = tmp_path / "store.db"
    with running([tmp_path / "bin/kit", "workshop", *WORKSHOP, "--store", store], empty, store) as address:
        assert answers(address)


def test_the_source_archive(built: Built, tmp_path: Path) -> None:
    """`make workshop` in the folder that the archive unpacks to; it brings the lock, and no test tools come along."""
    with tarfile.open(built.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = (one for one in tmp_path.iterdir() if one.is_dir())
    store = tmp_path / "store.db"
    asked = " ".join(map(str, (*WORKSHOP, "--store", store)))
    with running(["make", "workshop", f"PYTHON={sys.executable}", f"ARGS={asked}"], folder, store) as address:
        assert answers(address)
    assert (folder / ".venv/bin/kit").exists()
    assert not (folder / ".venv/bin/pytest").exists()
    assert {"constraints.txt", "tools", "tests", "binder"} <= {one.name for one in folder.iterdir()}
