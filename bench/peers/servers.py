"""The peers as servers: their environments, their commands."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from bench.command import tell
from bench.server import Server, other
from bench.trouble import Trouble

HERE = Path(__file__).parent
NAMES = ("solara", "panel", "streamlit")
# Nothing may call home.
_QUIET = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False", "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "PYTHONDONTWRITEBYTECODE": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Peer:
    """`command` after the environment's folder of programs; "{port}" stands for the port."""

    name: str
    command: tuple[str, ...]
    ready: str


PEERS = {
    "solara": Peer(
        "solara",
        ("solara", "run", str(HERE / "apps" / "solara_sheet.py"), "--host", "127.0.0.1", "--port", "{port}",
         "--no-open", "--production", "--log-level", "error", "--log-level-uvicorn", "error"),
        "/readyz",
    ),
    "panel": Peer(
        "panel",
        ("panel", "serve", str(HERE / "apps" / "panel_sheet.py"), "--address", "127.0.0.1", "--port", "{port}",
         "--allow-websocket-origin=*", "--log-level", "error"),
        "/panel_sheet",
    ),
    "streamlit": Peer(
        "streamlit",
        ("streamlit", "run", str(HERE / "apps" / "streamlit_sheet.py"), "--server.address", "127.0.0.1",
         "--server.port", "{port}", "--server.headless", "true", "--server.fileWatcherType", "none",
         "--logger.level", "error"),
        "/_stcore/health",
    ),
}  # fmt: skip


@contextmanager
def peer(name: str) -> Iterator[Server]:
    """A running peer."""
    one, programs = PEERS[name], prepared(name)

    def command(port: int) -> list[str]:
        return [str(programs / one.command[0]), *(part.format(port=port) for part in one.command[1:])]

    os.environ.update(_QUIET)
    with other(name, command, one.ready) as server:
        yield server


def prepared(name: str) -> Path:
    """The folder of programs of a peer's environment, which is made when it is not there yet."""
    wanted = HERE / f"{name}.txt"
    mark = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = user_cache_path("collaboration-kit") / "bench-peers" / f"{name}-{mark}"
    if not (folder / "ready").exists():
        tell(f"{name}: making its environment in {folder}")
        venv.create(folder, clear=True, with_pip=True)
        done = subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "-r", wanted], capture_output=True, text=True
        )
        if done.returncode:
            raise Trouble(f"{name} could not be installed: {done.stderr[-1000:]}")
        (folder / "ready").touch()
    return folder / "bin"


def version_of(name: str) -> str:
    """The pinned version."""
    lines = (HERE / f"{name}.txt").read_text("utf-8").splitlines()
    return next(line.partition("==")[2] for line in lines if line.partition("==")[0] == name)
