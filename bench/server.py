"""Servers to measure: each with a folder of its own that goes with it, on a port of the loopback address."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from bench.processes import Tree, cpu_seconds
from bench.trouble import Trouble
from kit.session import EXPECTED_MOST

ROOT = Path(__file__).parent.parent
ROWS = 16
START = 90.0
SHARED_MEMORY = Path("/dev/shm")
STOP = 60.0

_JOIN = re.compile(r"(http://\S+)/j/(\w+)")
_HOST = re.compile(r"/host#([0-9a-f]+)\.(\S+)")
# What would make a run depend on the machine's owner, or write into their folders.
_OWN = (
    "IPYTHONDIR", "JUPYTER_PATH", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "KIT_STORE",
    "KIT_SEAT", "KIT_SESSION",
)  # fmt: skip
_LIMITS = resource.getrlimit(resource.RLIMIT_NOFILE)


@dataclass
class Server:
    """A server that runs: its process, where it is reached, its folder."""

    name: str
    process: subprocess.Popen[bytes]
    folder: Path
    address: str
    told: str = ""
    killed: list[int] = field(default_factory=list)
    stopped: bool = False

    @property
    def pid(self) -> int:
        """The server's own process; kernels and helpers descend from it."""
        return self.process.pid

    @property
    def log(self) -> str:
        """What it has written out."""
        return (self.folder / "log.txt").read_text("utf-8", errors="replace")

    def cpu(self) -> float:
        """Processor seconds of everything that it has started, itself included."""
        return cpu_seconds(self.pid)

    def stop(self) -> None:
        """End it politely; what does not end is killed and noted in `killed`."""
        self.stopped = True
        tree = Tree.below(self.pid)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.killed = tree.end()


@dataclass
class Workshop(Server):
    """`kit workshop` with every exercise open."""

    code: str = ""
    session_id: str = ""
    key: str = ""

    @property
    def store(self) -> str:
        """The file of the store."""
        return str(self.folder / "store.db")


Kind = TypeVar("Kind", bound=Server)


@contextmanager
def kit(
    limit: int = 400, kernels: int = 0, exercises: str = "", program: Sequence[str] = ("-m", "kit")
) -> Iterator[Workshop]:
    """The kit's server with all exercises, or those named, and so many kernels for participants (0: as it likes)."""
    with _folder() as folder:
        command = [
            sys.executable, *program, "workshop", "--store", str(folder / "store.db"), "--host", "127.0.0.1",
            "--port", str(free_port()), "--lang", "en", "--limit", str(limit), "--no-browser",
            # Nobody here has to wait at the door.
            "--expected", str(EXPECTED_MOST),
            *(("--exercises", exercises) if exercises else ()),
        ]  # fmt: skip
        own = {"KIT_LANG": "en"} | ({"KIT_KERNELS": str(kernels)} if kernels else {})
        with _running(folder, command, own) as process:
            told = _wait(process, folder, lambda text: _HOST.search(text) and text)
            join, host = _JOIN.search(told), _HOST.search(told)
            assert join is not None
            assert host is not None
            workshop = Workshop("kit", process, folder, join[1], told, code=join[2], session_id=host[1], key=host[2])
            _open_all(workshop)
            yield from _until_stopped(workshop)


@contextmanager
def stock(follow: bool = False) -> Iterator[Server]:
    """Voila as it comes, with the same questions as core ipywidgets; pages that `follow` look where the room is."""
    with _folder() as folder:
        port = free_port()
        command = [
            sys.executable, "-m", "voila", str(ROOT / "bench" / "stock" / "worksheet.ipynb"), "--no-browser",
            f"--port={port}", "--Voila.ip=127.0.0.1", "--Voila.log_level=ERROR", "--template=lab",
        ]  # fmt: skip
        own = worksheet(folder) | ({"BENCH_FOLLOW": "yes"} if follow else {})
        with _running(folder, command, own) as process:
            server = Server("stock", process, folder, f"http://127.0.0.1:{port}")
            _wait(process, folder, lambda _text: answers(f"{server.address}/voila/static/voila.js", any_status=True))
            yield from _until_stopped(server)


@contextmanager
def other(name: str, make: Callable[[int], Sequence[str]], ready: str) -> Iterator[Server]:
    """Any other server: `make(port)` is its command, `ready` a path that answers once it serves."""
    with _folder() as folder:
        port = free_port()
        with _running(folder, make(port), worksheet(folder)) as process:
            server = Server(name, process, folder, f"http://127.0.0.1:{port}")
            _wait(process, folder, lambda _text: answers(server.address + ready))
            yield from _until_stopped(server)


def worksheet(folder: Path) -> dict[str, str]:
    """The reflection's first questions and an empty store for a page that is not the kit's; where they are."""
    import sqlite3

    from kit.exercise import exercise

    content = exercise("reflection").content("en")
    items = [item for part in content["sections"] for item in part["items"]]
    asked = [item for item in items if item["kind"] == "choice" and not item["about"]][:ROWS]
    rows = [
        {"id": one["id"], "text": one["text"], "options": [(o["id"], o["label"]) for o in one["options"]]}
        for one in asked
    ]
    sheet, store = folder / "worksheet.json", folder / "answers.db"
    sheet.write_text(json.dumps({"title": content["title"], "intro": content["intro"], "rows": rows}), "utf-8")
    with contextlib.closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE answers (seat TEXT, item TEXT, value TEXT, PRIMARY KEY (seat, item))")
        connection.execute("CREATE TABLE room (place TEXT)")
        connection.execute("INSERT INTO room VALUES ('')")
        connection.commit()
    return {"BENCH_WORKSHEET": str(sheet), "BENCH_STORE": str(store)}


def more_descriptors() -> None:
    """Hundreds of visitors need as many sockets; the servers keep the limit that they would have without this."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (_LIMITS[1], _LIMITS[1]))


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answers(url: str, any_status: bool = False) -> bool:
    """Whether something answers there."""
    try:
        build_opener(ProxyHandler({})).open(url, timeout=5).close()
    except URLError as error:
        return any_status and hasattr(error, "code")
    except OSError:
        return False
    return True


def environment(folder: Path, own: Mapping[str, str]) -> dict[str, str]:
    """The environment of somebody at whose home nothing of this was ever run."""
    # A font list is made once per machine; it is not part of any start that is measured here.
    fonts = os.environ.get("MPLCONFIGDIR") or str(Path.home() / ".cache" / "matplotlib")
    kept = {name: value for name, value in os.environ.items() if name not in _OWN and not name.startswith("XDG_")}
    place = str(folder / "tmp")
    home = {"HOME": str(folder / "home"), "TMPDIR": place, "XDG_RUNTIME_DIR": place, "MPLCONFIGDIR": fonts}
    return kept | home | dict(own)


@contextmanager
def _folder() -> Iterator[Path]:
    # Short: the path of a local socket has room for about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="kb_"))
    # In memory, as the runtime folder of whoever has logged in.
    memory = Path(tempfile.mkdtemp(prefix="kb_", dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None))
    try:
        (folder / "home").mkdir()
        (folder / "tmp").symlink_to(memory)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(memory, ignore_errors=True)


@contextmanager
def _running(folder: Path, command: Sequence[str], own: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(folder, own), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )  # fmt: skip
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, _LIMITS)
    try:
        yield process
    finally:
        if process.poll() is None:
            Server("", process, folder, "").stop()


def _until_stopped(server: Kind) -> Iterator[Kind]:
    yield server
    if server.stopped:
        return
    if server.process.poll() is not None:
        raise Trouble(f"{server.name} ended in the middle of the measurement: {server.log[-2000:]}")
    server.stop()


def _wait(process: subprocess.Popen[bytes], folder: Path, look: Callable[[str], object]) -> str:
    deadline = time.monotonic() + START
    while True:
        text = (folder / "log.txt").read_text("utf-8", errors="replace")
        if process.poll() is not None:
            raise Trouble(f"the server ended at once: {text[-2000:]}")
        if look(text):
            return text
        if time.monotonic() > deadline:
            raise Trouble(f"the server did not come up: {text[-2000:]}")
        time.sleep(0.02)


def _open_all(workshop: Workshop) -> None:
    """Open every exercise, as the facilitator would from the console."""
    from kit.session import State
    from kit.store import Store

    with Store.open(workshop.store) as store:
        for plan in store.sessions.get(workshop.session_id).plans:
            store.sessions.set_state(workshop.session_id, plan.slug, State.OPEN)
