"""A workshop that really runs: the command, its process, its kernels, its traces."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.session import Plan, Session, State, fingerprint, new_code, new_id
from kit.store import Store
from kit.store.hosts import Opens
from tests.support.device import AGENT, SOURCE, Device
from tests.support.kernels import held_below
from tests.support.processes import is_running, kernels_below
from tests.support.waiting import PATIENCE, eventually

ROOT = Path(__file__).parent.parent.parent
KIT = (sys.executable, "-m", "kit")
WORKSHOP = ("workshop", "--no-browser")
# Where the server itself listens, when people reach it elsewhere.
_LISTENS = re.compile(r"\((?:\S+ )+(https?://\S+?)\.?\)")
_HOST = re.compile(r"(https?://\S+)/host#([0-9a-f]+)\.(\S+)")
_JOIN = re.compile(r"https?://\S+/j/(\w+)")
_ADDRESS = re.compile(r"https?://[\w.]+:\d+[\w./-]*[\w-]")


@dataclass
class Workshop:
    """A server, and the session that it was started with (empty fields when it serves a store only).

    `place` is a file, or the URL of a database. `key` is what the facilitator's link carries that was printed: it opens
    once. `source` is where its devices ask from.
    """

    process: subprocess.Popen[bytes]
    folder: Path
    place: Path | str
    temporary: Path
    address: str
    code: str = ""
    session_id: str = ""
    key: str = ""
    source: str = SOURCE

    @property
    def log(self) -> str:
        """Everything that the server and its kernels have written out."""
        return (self.folder / "log.txt").read_text("utf-8", errors="replace")

    def another(self, *plans: Plan, **changed: Any) -> Workshop:
        """A workshop of its own on this server, like the first or with these exercises; `changed` as in `Session`."""
        with self.store() as store:
            like = store.sessions.get(self.session_id)
            own = plans or tuple(Plan(plan.slug, plan.options) for plan in like.plans)
            new = Session(new_id(), new_code(), like.title, like.lang, like.mode, like.k, own, expected=like.expected)
            made = store.sessions.add(replace(new, **changed), fingerprint(new_id()))
        return replace(self, code=made.code, session_id=made.id, key="")

    def new_link(self, kind: Opens = Opens.LEAD) -> str:
        """What a link of this kind carries that nobody has opened yet."""
        with self.store() as store:
            return store.hosts.add(self.session_id, kind)

    def host_path(self, kind: Opens = Opens.LEAD) -> str:
        """A facilitator's link that nobody has opened yet, without the address."""
        return f"/host#{self.session_id}.{self.new_link(kind)}"

    def device(self, lang: str = "fr") -> Device:
        """A new browser."""
        return Device(self.address, lang, source=self.source)

    def host_device(self, lang: str = "fr") -> Device:
        """The facilitator's browser; console and wall speak their language."""
        with self.store() as store:
            store.sessions.speak(self.session_id, lang)
        made = self.device(lang)
        made.host(self.session_id, self.new_link())
        return made

    def kernels(self) -> dict[int, str]:
        """The kernels that run: process id → kernel id."""
        return kernels_below(self.process.pid)

    def pages(self) -> list[str]:
        """The pages that its kernels hold."""
        return [page for pages in held_below(self.temporary).values() for page in pages]

    def pages_are(self, number: int) -> None:
        """Wait until so many pages are held."""
        eventually(lambda: len(self.pages()) == number, f"{number} pages, and not {self.pages()}")

    def holder_of(self, page: str) -> int:
        """The process of the kernel that holds this page."""
        kernel = next(one for one, pages in held_below(self.temporary).items() if page in pages)
        return next(pid for pid, one in self.kernels().items() if one == kernel)

    def store(self) -> Store:
        """The same store, opened here."""
        return Store.open(self.place)

    def session(self) -> Session:
        """The session as it stands."""
        with self.store() as store:
            return store.sessions.get(self.session_id)

    def set_state(self, state: State, *slugs: str) -> None:
        """Open or close exercises, as the facilitator would."""
        with self.store() as store:
            for plan in store.sessions.get(self.session_id).plans:
                if not slugs or plan.slug in slugs:
                    store.sessions.set_state(self.session_id, plan.slug, state)

    def answers_of(self, seat: str, slug: str) -> dict[str, object]:
        """What is stored for one seat, by item."""
        with self.store() as store:
            return {item: one.value for item, one in store.answers.of(seat, slug).items()}

    def stop(self) -> None:
        """End it politely, and see that nothing is left of it."""
        kernels = self.kernels()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0, self.log[-3000:]
        assert not [pid for pid in kernels if is_running(pid)], "a kernel outlives its server"
        self.check_traces()
        shutil.rmtree(self.temporary)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(PATIENCE)
        shutil.rmtree(self.temporary, ignore_errors=True)

    def check_traces(self) -> None:
        """No temporary folder, no history of commands, nothing about a visitor in what was written out."""
        assert not list(self.temporary.glob("kit_*")), "a temporary folder is left"
        assert not list((self.folder / "home").rglob("history.sqlite*")), "a history file was written"
        log = self.log
        assert AGENT not in log
        assert SOURCE == "127.0.0.1" or SOURCE not in log, log[-3000:]
        assert not re.search(r"\b(seat|host)=", log), "a cookie is in the log"


@contextmanager
def serving(
    folder: Path, *options: str, command: Sequence[str] = WORKSHOP, program: Sequence[str] = KIT, **env: str
) -> Iterator[Workshop]:
    """Run `kit workshop` (or another command that serves) with its own home, temporary folder and store.

    On the way out it is stopped if it still runs.
    """
    made = start(folder, *options, command=command, program=program, **env)
    try:
        yield made
    except BaseException:
        made.kill()
        raise
    if made.process.poll() is None:
        made.stop()


def start(
    folder: Path, *options: str, command: Sequence[str] = WORKSHOP, program: Sequence[str] = KIT, **env: str
) -> Workshop:
    """Start a server and wait until it answers; `options` may name a port, else any free one is taken."""
    (folder / "home").mkdir(exist_ok=True)
    place, temporary = folder / "store.db", Path(tempfile.mkdtemp(prefix="t"))
    port = () if "--port" in options else ("--port", "0")
    # A test's people are no crowd that has to wait, unless the test is about that.
    expected = ("--expected", "5000") if "workshop" in command and "--expected" not in options else ()
    called = [*command, "--host", "127.0.0.1", "--lang", "fr", "--store", str(place), *port, *expected, *options]
    before = len((folder / "log.txt").read_bytes()) if (folder / "log.txt").exists() else 0
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [*program, *called], cwd=ROOT, env=environment(folder, temporary) | env, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def told() -> str:
        text = (folder / "log.txt").read_bytes()[before:].decode(errors="replace")
        assert process.poll() is None, f"it ended with {process.returncode}: {text}"
        return text if (_HOST.search(text) if "workshop" in command else _ADDRESS.search(text)) else ""

    try:
        made = _made(process, folder, place, temporary, eventually(told, "the server says where it is"))
        assert made.device().get("/healthz").status == 200
    except BaseException:
        # Nobody else knows of it.
        process.kill()
        process.wait(PATIENCE)
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return made


def environment(folder: Path, temporary: Path, lang: str = "fr") -> dict[str, str]:
    """The environment of a person at whose home nothing of this was ever run."""
    # A font list is made once per machine and takes long: it is no trace of a workshop.
    fonts = os.environ.get("MPLCONFIGDIR") or str(Path.home() / ".cache" / "matplotlib")
    gone = ("IPYTHONDIR", "JUPYTER_PATH", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "KIT_STORE")
    kept = {name: value for name, value in os.environ.items() if name not in gone and not name.startswith("XDG_")}
    own = {"HOME": str(folder / "home"), "TMPDIR": str(temporary), "KIT_LANG": lang, "MPLCONFIGDIR": fonts}
    return kept | own


def _made(process: subprocess.Popen[bytes], folder: Path, place: Path, temporary: Path, told: str) -> Workshop:
    host, join = _HOST.search(told), _JOIN.search(told)
    if host is None or join is None:
        address, listens = _ADDRESS.search(told), _LISTENS.search(told)
        assert address
        return Workshop(process, folder, place, temporary, listens[1] if listens else address[0])
    listens = _LISTENS.search(told)
    return Workshop(process, folder, place, temporary, (listens or host)[1], join[1], host[2], host[3])
