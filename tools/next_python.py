"""Try the kit on the next Python before a machine has it: `python -m tools.next_python [FOLDER] [-- PYTEST…]`.

Debian's next release, the smallest that starts, is put into FOLDER (a temporary one else, gone afterwards) with the
Python that it brings. There the lock is installed by `tools/setup.py`, as on anyone's machine, and all tests run that
need no browser, or what stands after `--`. Needs Linux, root and the package debootstrap. What came of it stands in
`docs/installing.md`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUITE = "testing"
BROUGHT = "python3,python3-venv,ca-certificates,git"
TESTS = ("-m", "not browser and not services")
# Where a machine says how the network is reached; that machine's own files are not in the folder.
NETWORK = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt")
ADVICE = "This needs Linux, root and debootstrap (apt-get install debootstrap).\n"


def main() -> int:
    """Exit code 0 when the lock was installed and the tests have passed."""
    call = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    call.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    call.add_argument("tests", nargs="*", metavar="PYTEST")
    asked = call.parse_args()
    if shutil.which("debootstrap") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        sys.stderr.write(ADVICE)
        return 1
    with tempfile.TemporaryDirectory(prefix="kit-next-") as spare:
        folder = asked.folder or Path(spare)
        if not (folder / "usr").is_dir():
            made = ["debootstrap", "--variant=minbase", f"--include={BROUGHT}", SUITE, str(folder)]
            subprocess.run(made, check=True)
        return tried(folder.resolve(), asked.tests or TESTS)


def tried(folder: Path, tests: list[str] | tuple[str, ...]) -> int:
    """What the tests say inside this system, on a clone of the last commit."""
    for path in map(Path, NETWORK):
        if path.is_file():
            shutil.copy(path, folder / path.relative_to("/"))
    place = folder / "kit"
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place)], check=True)
    inside(folder, "python3", "tools/setup.py", ".venv", "--test")
    inside(folder, ".venv/bin/python", "-VV")
    return inside(folder, ".venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, must=False)


def inside(folder: Path, *call: str, must: bool = True) -> int:
    """A command in the clone, seen from inside the folder; what is mounted for it, no other process ever sees."""
    mounted = " && ".join(f'mount --rbind /{name} "{folder}/{name}"' for name in ("proc", "dev", "sys"))
    shell = 'cd /kit && git config --global --replace-all safe.directory /kit && exec "$@"'
    env = {**os.environ, "HOME": "/root", "LANG": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
    env.pop("VIRTUAL_ENV", None)
    alone = ["unshare", "--mount", "/bin/sh", "-c", f'{mounted} && exec "$@"', "sh"]
    entered = ["chroot", str(folder), "/bin/sh", "-c", shell, "sh"]
    return subprocess.run([*alone, *entered, *call], env=env, check=must).returncode


if __name__ == "__main__":
    raise SystemExit(main())
