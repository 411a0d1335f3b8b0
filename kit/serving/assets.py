"""Style sheets and scripts: read and compressed once when the server starts, kept by browsers for good.

Their address holds a digest of their content, so a newer kit has other addresses and nothing stale is used.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from tornado.web import HTTPError, RequestHandler

from kit.exercise import exercises
from kit.serving.headers import set_headers
from kit.views.scripts import PATH, ahead, built, name_of, script_of, styles

SUFFIXES = (".css", ".js", ".txt")
_FIRST = {"participant": ("room", "form"), "console": ("console",), "screen": ("screen",)}
_STYLES = {"participant": ("kit.css",)}
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    kind: str
    plain: bytes
    packed: bytes


@dataclass(frozen=True)
class Assets:
    """All files by name, and the address under which they stand."""

    prefix: str
    by_name: dict[str, Asset]


@cache
def assets() -> Assets:
    """The files of the front door, the views and the page, from this package."""
    package = Path(str(files("kit")))
    folders = (package / "serving" / "static", package / "serving" / "template" / "static")
    wanted = [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES]
    by_name = {path.name: _read(ahead(path)) for path in wanted} | {"kit.css": _packed(styles().encode(), "text/css")}
    digest = hashlib.sha256(b"\0".join(one.plain for one in by_name.values())).hexdigest()[:12]
    return Assets(f"/a/{digest}/", by_name)


@cache
def scripts() -> dict[str, Asset]:
    """The views' scripts, by the names that kernels know them by."""
    shared = [built(view) for views in _FIRST.values() for view in views]
    found = [*shared, *(script_of(Path(str(one.folder))) for one in exercises().values())]
    return {name_of(script): _packed(script.encode(), "text/javascript") for script in found}


def first_scripts(page: str) -> list[str]:
    """Where the scripts are that a page needs at once: a browser need not wait to hear of them from the kernel."""
    views = _FIRST.get(page, ())
    return [PATH + name_of(built(view)) for view in views]


def first_styles(page: str) -> list[str]:
    """The names of a page's style sheets: what console and wall have of their own goes to no phone."""
    return [assets().prefix + name for name in _STYLES.get(page, ("kit.css", "desk.css"))]


class ScriptHandler(RequestHandler):
    """`/v/NAME`: the script of a view. Its name says what is in it, so that it never changes."""

    def set_default_headers(self) -> None:
        set_headers(self)

    def get(self, name: str) -> None:
        """One script, compressed where the browser takes that."""
        script = scripts().get(name)
        if script is None:
            raise HTTPError(404)
        self.set_header("Cache-Control", FOR_GOOD)
        _send(self, script)


class AssetHandler(RequestHandler):
    """`/a/DIGEST/NAME`."""

    def set_default_headers(self) -> None:
        set_headers(self)

    def get(self, digest: str, name: str) -> None:
        """One file, compressed where the browser takes that."""
        asset = assets().by_name.get(name)
        if asset is None:
            raise HTTPError(404)
        # A page that an older kit has sent may still ask; it gets the file, but not to keep.
        self.set_header("Cache-Control", FOR_GOOD if assets().prefix == f"/a/{digest}/" else "no-store")
        _send(self, asset)


def _send(handler: RequestHandler, asset: Asset) -> None:
    handler.set_header("Content-Type", asset.kind)
    handler.set_header("Vary", "Accept-Encoding")
    if "gzip" in handler.request.headers.get("Accept-Encoding", ""):
        handler.set_header("Content-Encoding", "gzip")
        handler.finish(asset.packed)
    else:
        handler.finish(asset.plain)


def _read(path: Path) -> Asset:
    return _packed(path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream")


def _packed(plain: bytes, kind: str) -> Asset:
    # mtime=0: the same file gives the same bytes on every machine.
    return Asset(f"{kind}; charset=utf-8", plain, gzip.compress(plain, 9, mtime=0))
