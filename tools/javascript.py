"""Types and lint of the page's JavaScript, where Node is there; its parts are fetched when the lock file is newer."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).parent.parent / "kit" / "serving" / "frontend"


def main() -> int:
    """0 when all is sound, or when there is no Node to ask."""
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("No Node here: the page's JavaScript is not checked.\n")
        return 0
    have, wanted = FRONTEND / "node_modules" / ".package-lock.json", FRONTEND / "package-lock.json"
    if not have.exists() or have.stat().st_mtime < wanted.stat().st_mtime:
        got = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=FRONTEND)
        if got.returncode:
            return got.returncode
    done = [subprocess.run([npm, "run", "--silent", each], cwd=FRONTEND) for each in ("typecheck", "lint")]
    return max(one.returncode for one in done)


if __name__ == "__main__":
    sys.exit(main())
