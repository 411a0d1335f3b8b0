"""See to it that PostgreSQL and nginx for the tests are there: what is installed is used, else Debian's is installed.

`python tools/services.py` prints where they are, or says what to do and exits with 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = {"initdb": "postgresql", "nginx": "nginx-light"}
ADVICE = (
    "The tests of hosting need PostgreSQL (initdb, postgres) and nginx, and did not find: {missing}. Install them\n"
    "(Debian: apt-get install postgresql nginx-light). Without them: python -m pytest -m 'not services'.\n"
)


def find(program: str) -> str | None:
    """The path of a program: on the path, or where Debian keeps it, the newest version first."""
    # Debian's own wrappers on the path (pg_ctl and others) want a cluster that the system keeps.
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True), Path("/usr/sbin")]
    inside = next((str(one / program) for one in places if (one / program).is_file()), None)
    return inside or shutil.which(program)


def missing() -> list[str]:
    """The programs that are not there."""
    return [program for program in PACKAGES if find(program) is None]


def install(programs: list[str]) -> None:
    """Debian's packages, where apt and the rights for it exist. Neither service is started for that."""
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    # The tests start servers of their own on free ports; the system's own would only stand in their way.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    packages = [PACKAGES[one] for one in programs]
    for call in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *call], env=quiet, check=False, stdout=subprocess.DEVNULL)


def _version(path: Path) -> int:
    name = path.parent.name
    return int(name) if name.isdigit() else 0


def main() -> int:
    if gone := missing():
        install(gone)
    if gone := missing():
        sys.stderr.write(ADVICE.format(missing=", ".join(gone)))
        return 1
    sys.stdout.write("".join(f"{find(program)}\n" for program in PACKAGES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
