"""See to it that a browser for the tests is there: one that is installed is used, else Debian's is installed.

`python tools/browser.py` prints the browser's path, or says what to do and exits with 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
)  # fmt: skip
# Debian's Chromium without a window: a new person's browser costs 0.14 s of processor in it, and 0.88 s in the other.
WITHOUT_WINDOW = "chromium-headless-shell"
ADVICE = (
    "The browser tests need Chromium, Chrome or Edge, and none was found. Install one, or name it with\n"
    "KIT_CHROMIUM=/path/to/it. Without one: python -m pytest -m 'not browser'.\n"
)


def find() -> str | None:
    """The path of a browser that is there: KIT_CHROMIUM, one on the path, or one in a usual place."""
    named = os.environ.get("KIT_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    on_path = (shutil.which(name) for name in NAMES)
    return next((found for found in (*on_path, *_usual_places()) if found and Path(found).exists()), None)


def without_window() -> str | None:
    """The same for who needs no profile that is kept: quicker, where it is there and KIT_CHROMIUM names none."""
    return (None if os.environ.get("KIT_CHROMIUM") else shutil.which(WITHOUT_WINDOW)) or find()


def _usual_places() -> Iterator[str]:
    if sys.platform == "darwin":
        for name in ("Chromium", "Google Chrome", "Microsoft Edge"):
            yield f"/Applications/{name}.app/Contents/MacOS/{name}"
    elif sys.platform == "win32":
        for root in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            for part in (r"Chromium\Application\chrome.exe", r"Google\Chrome\Application\chrome.exe",
                         r"Microsoft\Edge\Application\msedge.exe"):  # fmt: skip
                yield str(Path(os.environ.get(root, "C:\\")) / part)


def install() -> None:
    """Debian's package, where apt and the rights for it exist."""
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for call in (["update", "-qq"], ["install", "-y", "-qq", "chromium", WITHOUT_WINDOW]):
        subprocess.run(["apt-get", *call], env=quiet, check=False, stdout=subprocess.DEVNULL)


def main() -> int:
    if find() is None or (find() == shutil.which("chromium") and shutil.which(WITHOUT_WINDOW) is None):
        install()
    found = find()
    if found is None:
        sys.stderr.write(ADVICE)
        return 1
    sys.stdout.write(f"{found}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
