"""What a release hands out, made once for a whole run of the tests, however many processes share it; and uv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "constraints.txt"
PATIENCE = 400.0  # seconds until somebody else has made it
LEAVE = shutil.ignore_patterns(".git", ".venv*", "node_modules", "__pycache__", ".*_cache", "dist")
TOLD = "told"  # the file that says what became of it


@dataclass(frozen=True)
class Built:
    """What a release hands out."""

    wheel: Path
    sdist: Path


def uv(*words: str | Path, cwd: Path = ROOT, **env: str) -> None:
    """uv, which is one of the test tools; fails with what it said.

    Versions are pinned, so what lies in its cache is what a network would bring: that is asked only where the cache
    does not have all of it. Asking about each of 130 packages anew took up to a minute.
    """
    found = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert found, "uv is one of the test tools"
    for only_cache in ({"UV_OFFLINE": "1"}, {}):
        made = own(only_cache | env)
        done = subprocess.run([found, *words], cwd=cwd, env=made, capture_output=True, text=True, check=False)
        if not done.returncode:
            return
    raise AssertionError(done.stdout[-1500:] + done.stderr[-1500:])


def path_without_uv(folder: Path) -> str:
    """A PATH on which uv is found and fails, as where it may not reach what pip does; made in this folder."""
    folder.mkdir()
    (folder / "uv").write_text("#!/bin/sh\necho uv cannot >&2\nexit 2\n")
    (folder / "uv").chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def own(env: Mapping[str, str]) -> dict[str, str]:
    """This environment without what leads into the environment of the tests."""
    ours = ("VIRTUAL_ENV", "PYTHONPATH", "KIT_STORE")
    kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("PYTEST_")}
    return kept | dict(env)


def release(factory: pytest.TempPathFactory) -> Built:
    """Wheel and source archive, made of a copy: nothing is left in the tree."""
    base = factory.getbasetemp()
    # Below the folder that all processes of a run have in common.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "release"
    try:
        folder.mkdir()
    except FileExistsError:
        eventually((folder / TOLD).exists, "the wheel is made", PATIENCE)
    else:
        _make(folder)
    assert (folder / TOLD).read_text() == "made"
    (wheel,), (sdist,) = ((folder / "out").glob(f"*{end}") for end in (".whl", ".tar.gz"))
    return Built(wheel, sdist)


def _make(folder: Path) -> None:
    told = "failed"
    try:
        shutil.copytree(ROOT, folder / "tree", ignore=LEAVE)
        uv("build", "--quiet", "--out-dir", folder / "out", cwd=folder / "tree")
        told = "made"
    finally:
        # Whole as soon as it can be seen.
        (folder / "telling").write_text(told)
        (folder / "telling").rename(folder / TOLD)
