"""The kit's own wheel, packed again from an installation: what `pip install` unpacked, put back."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

NAME = "collaboration_kit"
# What the installer writes, not the wheel.
NOT_IN_A_WHEEL = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}
SHARED = "share/"


def pack(target: Path) -> Path:
    """Write the wheel of the installed kit into `target`; returns its path."""
    found = distribution("collaboration-kit")
    info = f"{NAME}-{found.version}.dist-info"
    path = target / f"{NAME}-{found.version}-py3-none-any.whl"
    lines = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, source in _files(found, info):
            data = source.read_bytes()
            wheel.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            lines.append(f"{name},sha256={digest},{len(data)}")
        wheel.writestr(f"{info}/RECORD", "\n".join([*lines, f"{info}/RECORD,,", ""]))
    return path


def _files(found: Distribution, info: str) -> Iterator[tuple[str, Path]]:
    for one in found.files or ():
        where = Path(str(one.locate()))
        name = one.as_posix()
        if where.suffix == ".pyc" or not where.is_file():
            continue
        if name.startswith("kit/") or (name.startswith(f"{info}/") and one.name not in NOT_IN_A_WHEEL):
            yield name, where
        elif SHARED in name:  # laid beside the packages: ../../../share/jupyter/…
            yield f"{NAME}-{found.version}.data/data/{name[name.index(SHARED) :]}", where
