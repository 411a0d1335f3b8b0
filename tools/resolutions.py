"""Try the kit with other versions than the lock's: `python -m tools.resolutions lowest|newest [--python PATH] [TEST…]`.

`lowest`: of each package that `pyproject.toml` names the lowest version that it allows, and of theirs the lock's; for
the oldest Python, since a newer one has no files of so old versions. `newest`: the newest of everything that can be had
today. Both in a fresh environment that is gone afterwards, in which the tests run that would notice (or those that are
named). What came of it stands in `docs/installing.md`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What goes with one version of a package that is named, or allows no low one: these are free.
BOUND = {"greenlet", "ipython", "psycopg-binary", "pydantic-core", "pyee"}
# Everything that a direct dependency does for the kit, without what a browser or another service is needed for.
TESTS = (
    "tests/test_cli.py", "tests/test_content.py", "tests/test_door.py", "tests/test_figures.py",
    "tests/test_imports.py", "tests/test_private_parts.py", "tests/test_reports.py", "tests/test_serving.py",
    "tests/test_start.py", "tests/test_store.py", "tests/test_tables.py", "tests/test_transfer.py",
    "tests/test_views.py",
)  # fmt: skip


def main() -> int:
    """Exit code 0 when everything was installed and the tests have passed."""
    call = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    call.add_argument("which", choices=("lowest", "newest"))
    call.add_argument("--python", default=sys.executable, metavar="PATH")
    call.add_argument("tests", nargs="*", default=TESTS, metavar="TEST")
    asked = call.parse_args()
    with tempfile.TemporaryDirectory(prefix="kit-versions-") as folder:
        python = environment(Path(folder), asked.which, asked.python)
        told = [str(python), "-m", "pytest", "-q", "-m", "not browser", "-p", "no:cacheprovider", *asked.tests]
        return subprocess.call(told, cwd=ROOT)


def environment(folder: Path, which: str, python: str) -> Path:
    """A fresh environment below `folder` with these versions and the test tools; returns its Python."""
    rest = folder / "rest.txt"
    rest.write_text("\n".join([*lowest(), *of_others()]) + "\n", "utf-8")
    chosen = ["--constraint", str(rest)] if which == "lowest" else ["--upgrade"]
    made = folder / "env" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", python, str(folder / "env")], check=True)
    install = [*uv, "pip", "install", "--quiet", "--python", str(made), *chosen, "--editable", ".[test]"]
    subprocess.run(install, cwd=ROOT, check=True)
    return made


def lowest() -> list[str]:
    """Each package that is named, held to the lowest version that is allowed."""
    return [re.sub(r"\[.*?\]", "", asked).replace(">=", "==") for asked in direct_dependencies()]


def of_others() -> list[str]:
    """The lock's lines for what only other packages ask for."""
    direct = {name(asked) for asked in direct_dependencies()} | BOUND
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and line[0] != "#" and name(line) not in direct]


def direct_dependencies() -> list[str]:
    """What `pyproject.toml` names, with the versions that it allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    # Readability is measured with a tool that the kit never loads.
    extras = [extra for part, extra in project["optional-dependencies"].items() if part != "readability"]
    return [*project["dependencies"], *(one for extra in extras for one in extra)]


def name(asked: str) -> str:
    """A requirement's package, written as packages are compared."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", asked, maxsplit=1)[0]).lower()


if __name__ == "__main__":
    sys.exit(main())
