"""Make the files of a release, if nothing stands in the way: `python tools/release.py [FOLDER]`.

What stands in the way: OWNER/REPOSITORY, where nobody has said yet where this repository is published.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = "OWNER" + "/REPOSITORY"
READ = ("*.md", "pyproject.toml", "facilitation/**/*.md", "kit/**/*.py", "kit/texts/**/*.yaml")


def unsaid(root: Path) -> list[str]:
    """Each file in which the placeholder still stands."""
    files = sorted({path for pattern in READ for path in root.glob(pattern)})
    return [str(path.relative_to(root)) for path in files if PLACEHOLDER in path.read_text("utf-8")]


def main() -> int:
    """Exit code 1, with the places told, when something stands in the way."""
    if found := unsaid(ROOT):
        sys.stderr.write(f"{PLACEHOLDER} has to be replaced before a release, in: {', '.join(found)}\n")
        return 1
    return subprocess.call(["uv", "build", "--out-dir", sys.argv[1] if len(sys.argv) > 1 else "dist", str(ROOT)])


if __name__ == "__main__":
    sys.exit(main())
