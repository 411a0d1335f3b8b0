"""Make the files of a release, if nothing stands in the way: `python tools/release.py [FOLDER]`.

What stands in the way: OWNER/REPOSITORY, where nobody has said yet where this repository is published.
`python tools/release.py --at NAME/REPOSITORY` says it once and for all, in every file: GitHub's name of it.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = "OWNER" + "/REPOSITORY"
# What people read, and what the package is made of.
READ = ("*.md", "Makefile", "pyproject.toml", "docs", "facilitation", "kit", "notebooks", "binder", "bench")


def unsaid(root: Path) -> list[str]:
    """Each file in which the placeholder still stands."""
    return [path.relative_to(root).as_posix() for path in _texts(root) if PLACEHOLDER in path.read_text("utf-8")]


def say(root: Path, repository: str) -> list[str]:
    """Put the repository's name wherever the placeholder stands; returns the files that were changed."""
    changed = unsaid(root)
    for name in changed:
        told = (root / name).read_bytes().replace(PLACEHOLDER.encode(), repository.encode())
        (root / name).write_bytes(told)
    return changed


def _texts(root: Path) -> Iterator[Path]:
    """What is text among the files that are read."""
    for found in sorted({path for pattern in READ for path in root.glob(pattern)}):
        for path in sorted(found.rglob("*")) if found.is_dir() else (found,):
            if path.is_file() and not {"node_modules", "__pycache__"} & set(path.parts) and _is_text(path):
                yield path


def _is_text(path: Path) -> bool:
    try:
        path.read_text("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def main() -> int:
    """Exit code 1, with the places told, when something stands in the way."""
    call = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    call.add_argument("folder", nargs="?", default="dist")
    call.add_argument("--at", metavar="NAME/REPOSITORY", help="where this repository is published, on GitHub")
    asked = call.parse_args()
    if asked.at:
        if not re.fullmatch(r"[\w-]+/[\w.-]+", asked.at):
            call.error(f"{asked.at} is not of the form NAME/REPOSITORY")
        sys.stdout.write("".join(f"{name}\n" for name in say(ROOT, asked.at)))
        return 0
    if found := unsaid(ROOT):
        sys.stderr.write(
            f"{PLACEHOLDER} has to be replaced before a release, in: {', '.join(found)}\n"
            "Say where this repository is published: python tools/release.py --at NAME/REPOSITORY\n"
        )
        return 1
    return subprocess.call(["uv", "build", "--out-dir", asked.folder, str(ROOT)])


if __name__ == "__main__":
    sys.exit(main())
