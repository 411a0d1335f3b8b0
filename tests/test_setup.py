"""`tools/setup.py`: makes an environment, leaves a good one alone, and makes a wrong or half-made one anew."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tools.setup
from tests.support.built import path_without_uv
from tests.support.pythons import found

ROOT = Path(__file__).parent.parent
# A project that installs in a second, with a build of its own: nothing is fetched for it. As hatchling does, it writes
# where it lies.
BUILD = """
import os, zipfile
def wheel(folder, *_):
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as made:
        made.writestr("tiny.pth", os.getcwd())
        made.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\nProvides-Extra: test")
        made.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any")
        made.writestr("tiny-1.dist-info/RECORD", "")
    return name
build_wheel = build_editable = wheel
"""  # noqa: E501
PROJECT = """
[project]
name = "tiny"
version = "1"
optional-dependencies = { test = [] }
[build-system]
requires = []
build-backend = "build"
backend-path = ["."]
"""


def make(root: Path) -> Path:
    """A tiny project with the kit's own setup.py."""
    (root / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools/setup.py", root / "tools")
    (root / "build.py").write_text(BUILD, "utf-8")
    (root / "tiny.py").touch()
    (root / "pyproject.toml").write_text(PROJECT, "utf-8")
    (root / "constraints.txt").write_text("", "utf-8")
    return root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which nothing has been set up."""
    return make(tmp_path / "project")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that uv has set up, in a folder with a space and an accent; it passes from test to test."""
    project = make(tmp_path_factory.mktemp("setup") / "Trousse d’été")
    done = setup(project, PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert (done.returncode, done.stderr) == (0, "")
    return project


def setup(
    project: Path, *options: str, python: str | Path = sys.executable, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run it as make does."""
    call, env = [str(python), "tools/setup.py", ".venv", *options], os.environ | env
    return subprocess.run(call, cwd=project, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def ready(project: Path) -> bool:
    """Whether the environment's own Python finds what was to be installed, in a console of few letters too."""
    python = project / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    call, env = [python, "-c", "import tiny"], os.environ | {"LC_ALL": "C"}
    return subprocess.run(call, cwd=project.parent, env=env, check=False, capture_output=True).returncode == 0


def stamp(project: Path) -> dict[str, object]:
    """What the environment says of itself; `when` changes when it is made anew, or installed into."""
    file = project / ".venv/kit-ready.json"
    return {**json.loads(file.read_text("utf-8")), "when": file.stat().st_mtime_ns}


def test_one_that_is_ready_is_left_alone(installed: Path) -> None:
    assert ready(installed)
    assert sys.platform == "win32" or installer(installed) == "uv", "which is one of the test tools"
    before = stamp(installed)
    again = setup(installed)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert stamp(installed) == before


def test_tests_add_their_tools_once_and_a_workshop_takes_none_away(installed: Path) -> None:
    assert not stamp(installed)["test"]
    setup(installed, "--test")
    before = stamp(installed)
    assert before["test"]
    setup(installed)
    setup(installed, "--test")
    assert stamp(installed) == before


def test_what_it_depends_on_has_changed(installed: Path) -> None:
    before = stamp(installed)
    (installed / ".venv/kept").touch()
    (installed / "constraints.txt").write_text("# more\n", "utf-8")
    assert setup(installed).returncode == 0
    assert stamp(installed)["of"] != before["of"]
    assert (installed / ".venv/kept").exists(), "a good environment is kept"


def interrupted(folder: Path) -> None:
    (folder / "kit-ready.json").unlink()


def python_gone(folder: Path) -> None:
    (folder / "bin/python").unlink()
    (folder / "bin/python").symlink_to("/nowhere/python3")


def moved(folder: Path) -> None:
    told = json.loads((folder / "kit-ready.json").read_text("utf-8"))
    (folder / "kit-ready.json").write_text(json.dumps(told | {"folder": "/made/there"}), "utf-8")


def garbled(folder: Path) -> None:
    (folder / "kit-ready.json").write_text("[", "utf-8")


def older_kit(folder: Path) -> None:
    (folder / "kit-ready.json").write_text("{}", "utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="environments have other places there")
@pytest.mark.parametrize("spoil", [interrupted, python_gone, moved, garbled, older_kit])
def test_a_wrong_or_half_made_one_is_noticed(installed: Path, tmp_path: Path, spoil) -> None:
    folder = tmp_path / ".venv"
    shutil.copytree(installed / ".venv", folder, symlinks=True, ignore=shutil.ignore_patterns("site-packages"))
    told = json.loads((folder / "kit-ready.json").read_text("utf-8"))
    (folder / "kit-ready.json").write_text(json.dumps(told | {"folder": str(folder.resolve())}), "utf-8")
    assert tools.setup._made(folder)
    spoil(folder)
    assert not tools.setup._made(folder)


def installer(project: Path) -> str:
    """What has installed it: uv or pip."""
    (told,) = project.glob(".venv/lib/*/site-packages/tiny-1.dist-info/INSTALLER")
    return told.read_text().strip()


@pytest.mark.skipif(sys.platform == "win32", reason="environments have other places there")
def test_a_failure_says_what_next_and_the_next_try_starts_anew_with_pip_where_uv_cannot(
    project: Path, tmp_path: Path
) -> None:
    (project / "pyproject.toml").write_text(PROJECT.replace('= "build"', '= "gone"'), "utf-8")
    failed = setup(project)
    assert failed.returncode == 1
    assert "Try again" in failed.stderr
    assert not tools.setup._made(project / ".venv")
    (project / "pyproject.toml").write_text(PROJECT, "utf-8")
    (project / ".venv/leftover").touch()
    again = setup(project, PATH=path_without_uv(tmp_path / "bin"))
    assert again.returncode == 0, again.stderr
    assert "made anew" in again.stderr
    assert "refait" in again.stderr
    assert not (project / ".venv/leftover").exists()
    assert ready(project)
    assert installer(project) == "pip"


def test_another_python_is_used_where_it_was_named(installed: Path) -> None:
    others = [path for path, version in found().items() if version[:2] != sys.version_info[:2]]
    if not others:
        pytest.skip("one Python only")
    before = stamp(installed)
    assert setup(installed, python=others[0]).returncode == 0
    assert stamp(installed) == before, "one that is ready serves"
    assert setup(installed, "--this-python", python=others[0]).returncode == 0
    assert stamp(installed)["python"] == list(found()[others[0]])
    assert ready(installed)


def test_a_folder_that_is_something_else_is_not_touched(project: Path) -> None:
    (project / ".venv").mkdir()
    (project / ".venv/notes.txt").write_text("mine", "utf-8")
    refused = setup(project)
    assert refused.returncode == 1
    assert "nothing in it is touched" in refused.stderr
    assert (project / ".venv/notes.txt").read_text("utf-8") == "mine"


def test_an_old_python_is_told_what_is_needed(project: Path) -> None:
    old = [path for path, version in found(least=(3, 6)).items() if version < (3, 11, 2)]
    if not old:
        pytest.skip("no old Python here")
    for python in old:
        told = setup(project, python=python)
        assert told.returncode == 1
        assert "3.11.2" in told.stderr
        assert "Traceback" not in told.stderr
    assert not (project / ".venv").exists()
