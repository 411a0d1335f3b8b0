"""Open a page in this person's browser without telling the machine its secret.

What a browser is called with stands in the list of processes, which everybody on the machine can read. So it is called
with a file that only this person can read, and the file leads on: by a form, so that no history keeps what it sends.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import shutil
import tempfile
import time
import webbrowser
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from threading import Thread

from kit.serving.tickets import LASTS_SECONDS
from kit.texts import languages, say

# Sent by itself where scripts run, else by the button.
SEND = 'document.getElementById("on").submit()'
SEND_HASH = f"'sha256-{base64.b64encode(hashlib.sha256(SEND.encode()).digest()).decode()}'"
PREFIX, FILE = "kit-open-", "workshop.html"


@contextlib.contextmanager
def private_file(page: str) -> Iterator[Path]:
    """A file with this page that nobody else can read, removed on the way out.

    It lies in the person's home: browsers that are shut in (snap, flatpak) read neither temporary nor hidden folders.
    """
    home = Path.home()
    _clear_up(home)
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        file = folder / FILE
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
            stream.write(page)
        yield file
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_up(home: Path) -> None:
    """Remove what a kit has left that did not end by itself; it opens nothing any more."""
    for file in home.glob(f"{PREFIX}*/{FILE}"):
        with contextlib.suppress(OSError):
            if time.time() - file.stat().st_mtime > LASTS_SECONDS:
                file.unlink()
                file.parent.rmdir()


def open_file(file: Path) -> None:
    """Call the browser, and do not wait for it; that there is none is no trouble, the address was told."""

    def call() -> None:
        with contextlib.suppress(webbrowser.Error, OSError):
            webbrowser.open(file.as_uri())

    # Some are waited for until they end.
    Thread(target=call, daemon=True).start()


def leading_page(address: str, fields: Mapping[str, str], method: str = "post") -> str:
    """A page that leads on to this address with these fields."""
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
    told = "".join(
        f'<p lang="{lang}">{escape(say(lang, "start.leads_on"))} '
        f'<button type="submit">{escape(say(lang, "start.leads_on_button"))}</button></p>'
        for lang in languages()
    )
    return (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Atelier · Workshop</title>'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; script-src {SEND_HASH}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width"></head><body><main>'
        f'<form id="on" method="{method}" action="{escape(address)}">{hidden}{told}</form></main>'
        f"<script>{SEND}</script></body></html>\n"
    )
