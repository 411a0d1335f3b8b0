"""A zip file from elsewhere, read in memory within limits: nothing is ever written to a disk."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from kit.errors import FileUnreadable

MOST_FILES = 200
LARGEST_FILE = 12_000_000
LARGEST_WHOLE = 30_000_000
CHUNK = 65_536


@dataclass(frozen=True)
class Packed:
    """The files that are wanted, by their name without folders, and how many names were not safe."""

    files: dict[str, bytes]
    others: tuple[str, ...]
    unsafe: int


def unpack(data: bytes, name: str, suffix: str, broken: str, large: str) -> Packed:
    """The files that end in `suffix`, from the top or from any folder; the first of two with one name counts.

    Sizes are counted while reading, since a zip file can lie about them. Raises `FileUnreadable` with the
    sentence `broken` or `large`.
    """
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > MOST_FILES:
                raise FileUnreadable(name=name, reason=large)
            safe = [info for info in infos if _is_safe(info)]
            files: dict[str, bytes] = {}
            others: list[str] = []
            left = LARGEST_WHOLE
            for info in sorted(safe, key=lambda one: one.filename.count("/")):
                short = PurePosixPath(info.filename).name
                if short.startswith((".", "_")) or "__MACOSX" in info.filename:
                    continue
                if not short.lower().endswith(suffix):
                    others.append(short)
                    continue
                content = _read(archive, info, min(left, LARGEST_FILE))
                if content is None:
                    raise FileUnreadable(name=name, reason=large)
                left -= len(content)
                files.setdefault(short.lower(), content)
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise FileUnreadable(name=name, reason=broken) from None
    return Packed(files, tuple(others), len(infos) - len(safe))


def _is_safe(info: ZipInfo) -> bool:
    """Whether a file's name stays inside its own folder, and it is a file rather than a link."""
    path = info.filename
    parts = path.replace("\\", "/").split("/")
    link = (info.external_attr >> 16) & 0o170000 == 0o120000
    return not (link or path.startswith(("/", "\\")) or ".." in parts or ":" in path or "\x00" in path)


def _read(archive: ZipFile, info: ZipInfo, most: int) -> bytes | None:
    """At most so many bytes; None when there would be more."""
    found = bytearray()
    with archive.open(info) as file:
        while chunk := file.read(CHUNK):
            found += chunk
            if len(found) > most:
                return None
    return bytes(found)
