"""Each Python of this machine, in a fresh environment: the lock installs, and what differs between Pythons passes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.pythons import found

ROOT = Path(__file__).parent.parent
# The parts that differ: the command line's words (argparse), the store's SQLite, setting up, the start's page.
DIFFER = ("tests/test_cli.py::TestWords", "tests/test_cli.py::TestSessions", "tests/test_start.py")


def _uv() -> str:
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert uv, "uv is one of the test tools"
    return uv


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="environments have other places there")
@pytest.mark.parametrize("python", found(), ids=lambda path: ".".join(map(str, found()[path])))
def test_the_lock_installs_and_what_differs_passes(python: Path, tmp_path: Path) -> None:
    made = tmp_path / "env"
    subprocess.run([_uv(), "venv", "--quiet", "--python", python, made], check=True)
    install = [_uv(), "pip", "install", "--quiet", "--python", made / "bin/python", "--constraint", "constraints.txt"]
    subprocess.run([*install, "--editable", ".[test]"], cwd=ROOT, check=True)
    call = [made / "bin/python", "-m", "pytest", "-q", "-m", "not browser", "-p", "no:cacheprovider", *DIFFER]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
