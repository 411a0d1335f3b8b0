"""Each Python of this machine, in a fresh environment: the lock installs, and what differs between Pythons passes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.built import ROOT, own, uv
from tests.support.long import LONG, in_test_long
from tests.support.pythons import found
from tools import resolutions

# The parts that differ: the command line's words (argparse), the store's SQLite, setting up, the start's page.
START = "tests/test_start.py"
MADE = (f"{START}::test_a_workshop_is_made_for_later_as_the_command_makes_it", f"{START}::test_the_page_closes_the_kit")
DIFFER = ("tests/test_cli.py::TestWords", *(("tests/test_cli.py::TestSessions", START) if LONG else MADE))

# Where other versions of the packages would be noticed first; in test-long also where it takes longer.
NOTICE = ("tests/test_private_parts.py", "tests/test_tables.py", "tests/test_transfer.py")
LONGER = ("tests/test_page_states.py", START, "tests/test_report_cluster.py") if LONG else ()

# The Python that runs the tests runs all of them, and on the lock.
OTHERS = [path for path, version in found().items() if version != sys.version_info[:3]]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="environments have other places there")
@pytest.mark.parametrize("python", OTHERS, ids=lambda path: ".".join(map(str, found()[path])))
def test_the_lock_installs_and_what_differs_passes(python: Path, tmp_path: Path) -> None:
    made = tmp_path / "env"
    uv("venv", "--quiet", "--python", python, made)
    asked = ("--quiet", "--python", made / "bin/python", "--constraint", "constraints.txt", "--editable", ".[test]")
    uv("pip", "install", *asked)
    passes(made / "bin/python", *DIFFER)


def passes(python: Path, *tests: str) -> None:
    """These tests, in the environment of this Python."""
    call = [python, "-m", "pytest", "-q", "-m", "not browser", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(call, cwd=ROOT, env=own({}), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_each_lowest_version_is_a_whole_one() -> None:
    """`>=` and nothing else, so that the lowest can be asked for by name."""
    for asked in resolutions.direct_dependencies():
        assert re.fullmatch(r"[\w-]+(\[\w+\])?>=[\d.]+", asked), asked
    assert "psycopg==3.2.3" in resolutions.lowest()
    lock = resolutions.of_others()
    assert {"jupyter-core", "lark"} <= {resolutions.name(one) for one in lock}
    assert not {"voila", "psycopg", "pyyaml"} & {resolutions.name(one) for one in lock}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="environments have other places there")
@in_test_long
def test_the_lowest_versions_do(tmp_path: Path) -> None:
    """What `pyproject.toml` allows is true: on the oldest Python, with the lowest version of each package at once."""
    oldest = min(found(), key=lambda path: found()[path])
    python = resolutions.environment(tmp_path, "lowest", str(oldest))
    wanted = [asked.split("==") for asked in resolutions.lowest()]
    told = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    call = [python, "-c", told, *(name for name, _ in wanted)]
    there = subprocess.run(call, capture_output=True, text=True, check=True).stdout.split()
    for (name, version), found_there in zip(wanted, there, strict=True):
        assert re.fullmatch(rf"{re.escape(version)}(\.0)*", found_there), name
    passes(python, *NOTICE, *LONGER)
