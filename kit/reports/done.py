"""What stands in a folder of reports: which file was made of what, so that a second run makes only what changed."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from secrets import token_hex

from kit.errors import FolderUnwritable
from kit.reports.run import ROLLUP, find_notebook
from kit.versions import packages

NAME = ".kit-reports.json"
KINDS = (".py", ".yaml", ".j2", ".css", ".txt", ".typ")
OTHERS = ("matplotlib", "jinja2", "typst", "python-docx", "openpyxl")


def digest(secret: str, parts: Iterable[str]) -> str:
    """What a file is made of, in one word. Nobody without the session's secret can try out what it was."""
    made = hmac.new(secret.encode(), digestmod=hashlib.sha256)
    for part in parts:
        made.update(f"{len(part)}:{part}".encode())
    return made.hexdigest()[:32]


@cache
def kit_digest() -> str:
    """The kit's own files, those of other packages' exercises, and the versions of what draws and writes."""
    made = hashlib.sha256()
    roots = {Path(str(files("kit"))), *(Path(str(files(package))) for package in packages())}
    found = {path for root in roots for path in root.rglob("*") if path.suffix in KINDS}
    for path in sorted(found):
        if "node_modules" not in path.parts:
            made.update(path.read_bytes())
    made.update(find_notebook().read_bytes() + find_notebook(ROLLUP).read_bytes())
    made.update(repr([_version(name) for name in OTHERS]).encode())
    return made.hexdigest()


def _version(name: str) -> str:
    with suppress(PackageNotFoundError):
        return version(name)
    return ""


class Folder:
    """A folder of reports."""

    def __init__(self, path: Path) -> None:
        """Make it if need be; raises `FolderUnwritable` before any long work."""
        self.path = path
        self._new: dict[str, str] = {}
        try:
            # For this user's eyes only, as the store itself.
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                pass
        except OSError as error:
            raise _unwritable(path, error) from None
        self._known = self._read()

    def has(self, name: str, digest: str) -> bool:
        """Whether this file is there and was made of the same."""
        return self._known.get(name) == digest and (self.path / name).is_file()

    def names(self, start: str) -> list[str]:
        """The files that are there, of those that were made here, whose names begin so."""
        made = (name for name in {**self._known, **self._new} if name.startswith(start))
        return sorted(name for name in made if (self.path / name).is_file())

    def write(self, name: str, data: bytes, digest: str = "") -> Path:
        """Write a file, whole or not at all; raises `FolderUnwritable`."""
        path = self.path / name
        write_whole(path, data)
        if digest:
            self._new[name] = digest
        return path

    def remember(self) -> None:
        """Keep what was made of what; another run may have written here meanwhile."""
        if self._new:
            self._known = {**self._read(), **self._new}
            self._new = {}
            self.write(NAME, f"{json.dumps(self._known, indent=0, sort_keys=True)}\n".encode())

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads((self.path / NAME).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return dict(found) if isinstance(found, Mapping) else {}


def write_whole(path: Path, data: bytes) -> None:
    """Write a file for its owner alone, whole or not at all; raises `FolderUnwritable`."""
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
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
