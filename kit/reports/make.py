"""One report: from a session in a store to one file, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from kit.errors import FolderUnwritable, UnknownLanguage
from kit.reports.page import page
from kit.reports.run import run
from kit.session import Session
from kit.store import Store
from kit.texts import languages


def make_report(store_url: str | Path | None, session_id: str, out: Path, lang: str) -> Path:
    """Write `report-<code>-<lang>.html` into the folder `out` (made if need be) and return its path.

    `store_url` is what `Store.open` takes. The file holds what was revealed and nothing else; one that is
    already there is replaced. Raises `UnknownLanguage`, `UnknownSession`, `FolderUnwritable`,
    `ReportFailed` and what `Store.open` raises; then, and after Ctrl-C, nothing half written is left.
    """
    if lang not in languages():
        raise UnknownLanguage(lang=lang, known=", ".join(languages()))
    with Store.open(store_url) as store:
        session, place = store.sessions.get(session_id), _place(store)
    _check_folder(out)
    made = page(session, run(place, session, lang), lang)
    path = out / name_of(session, lang)
    _write(path, made)
    return path


def name_of(session: Session, lang: str) -> str:
    """The report's file name: the join code and the language, nothing that says what it is about."""
    return f"report-{session.code}-{lang}.html"


def _place(store: Store) -> str:
    """Where the store is, as another process finds it from another folder."""
    url = store.engine.url
    if url.get_backend_name() == "sqlite" and "uri" not in url.query:
        url = url.set(database=str(Path(url.database or "").absolute()))
    return url.render_as_string(hide_password=False)


def _check_folder(out: Path) -> None:
    """Find out before the long work whether the report can be written at all."""
    try:
        # For this user's eyes only, as the store itself.
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise _unwritable(out, error) from None


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise _unwritable(path.parent, error) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _unwritable(folder: Path, error: OSError) -> FolderUnwritable:
    return FolderUnwritable(folder=folder, reason=error.strerror or type(error).__name__)


__all__ = ["make_report", "name_of"]
