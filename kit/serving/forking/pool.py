"""The warm processes of one server: started when first needed, made anew when files change, let go after."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import kit
from kit.errors import KitError
from kit.serving.forking import wire
from kit.serving.forking.fingerprint import Fingerprint, Watcher

SWITCH = "KIT_FORK"
# After a warm process that could not even start, kernels are launched the ordinary way for so long (seconds).
COOL_DOWN = 60.0
# Tries to start one before that.
TRIES = 2
OWN_WORDS = "its own words are further up in this log"
FAILS = f"the warm process does not start, or does not last; {OWN_WORDS}"
# What is read only at the start, by the interpreter or by what it preloads (the store, whose statements are then
# prepared): kernels that differ in these need a warm process of their own.
_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "MALLOC_", "KIT_STORE")
# One thread for number libraries: more would not survive the fork. One heap for all threads, which takes little in
# advance and gives back what a long message took: less memory.
_LEAN = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMEXPR_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1", "MALLOC_TOP_PAD_": "16384", "MALLOC_MMAP_THRESHOLD_": "32768",
    "MALLOC_TRIM_THRESHOLD_": "32768",
}  # fmt: skip


class NotForked(Exception):
    """No kernel was forked, nor will be; the message says why."""


class WarmProcessDied(NotForked):
    """The warm process has ended: another one may do better."""


@dataclass(frozen=True)
class Kind:
    """What sets one warm process apart from another: `settings` are environment variables read at the start."""

    interpreter: str
    modules: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = field(repr=False)

    @classmethod
    def of(cls, interpreter: str, modules: tuple[str, ...], env: Mapping[str, str]) -> Kind:
        """The kind of process that a kernel with this environment can fork from."""
        return cls(interpreter, modules, tuple(sorted((k, v) for k, v in env.items() if k.startswith(_AT_START))))


class WarmProcess:
    """A guard and its warm process, as their server sees them."""

    def __init__(self, kind: Kind, seen: Fingerprint, folder: str = "") -> None:
        self.kind, self.seen = kind, seen
        # Whether it has ever forked a kernel.
        self.proved = False
        self._control, far = wire.pair()
        self._control.setblocking(False)
        with far:
            self._guard = _start_guard(kind, far.fileno(), folder)
        # Reaps the guard whenever it ends, also when no event loop runs.
        threading.Thread(target=self._guard.wait, name="kit-guard", daemon=True).start()

    @property
    def guard(self) -> int:
        """The number of the guard's process."""
        return self._guard.pid

    def send(self, data: bytes, fds: tuple[int, ...]) -> None:
        """Send one request; raises BlockingIOError when it cannot take more now, `WarmProcessDied` if it never will."""
        try:
            socket.send_fds(self._control, [data], fds, socket.MSG_NOSIGNAL)
        except (BrokenPipeError, ConnectionError) as error:
            raise WarmProcessDied(f"the warm process has ended: {error}") from None

    def let_go(self) -> None:
        """It ends with its last kernel."""
        self._control.close()


@dataclass
class _Place:
    watcher: Watcher
    warm: WarmProcess | None = None
    failures: int = 0
    failed_at: float = 0.0


@dataclass
class Pool:
    """One warm process of each kind. `folder` goes when the server is killed."""

    folder: str = ""
    _places: dict[Kind, _Place] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get_for_this_interpreter(self, modules: tuple[str, ...], env: Mapping[str, str] | None = None) -> WarmProcess:
        """The warm process for kernels that differ from this process in nothing but `env`."""
        return self.get(Kind.of(sys.executable, modules, {**os.environ, **(env or {})}))

    def get(self, kind: Kind) -> WarmProcess:
        """The warm process of this kind, started or made anew if need be; raises `NotForked`."""
        with self._lock:
            if (place := self._places.get(kind)) is None:
                place = self._places[kind] = _Place(Watcher(kind.interpreter, kind.modules))
            seen = place.watcher.look()
            if place.warm is not None and place.warm.seen != seen:
                place.warm.let_go()
                place.warm, place.failures = None, 0
            if place.warm is None:
                _refuse_failing(place)
                place.warm = WarmProcess(kind, seen, self.folder)
            return place.warm

    def drop(self, warm: WarmProcess) -> None:
        """Ask this one no more: it has died or does not answer."""
        with self._lock:
            place = self._places.get(warm.kind)
            if place is None or place.warm is not warm:
                return
            place.warm = None
            place.failures = 0 if warm.proved else place.failures + 1
            place.failed_at = time.monotonic()
            warm.let_go()

    def close(self) -> None:
        """Let all of them go."""
        with self._lock:
            for place in self._places.values():
                if place.warm is not None:
                    place.warm.let_go()
            self._places.clear()


@cache
def pool() -> Pool:
    """This process's own."""
    return Pool()


def why_not() -> str | None:
    """Why kernels cannot be forked here; None if they can."""
    if os.environ.get(SWITCH) == "0":
        return f"{SWITCH}=0"
    if sys.platform != "linux":
        return sys.platform
    return _no_pidfd()


@cache
def _no_pidfd() -> str | None:
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (OSError, AttributeError) as error:
        return f"pidfd_open: {error}"
    return None


def _refuse_failing(place: _Place) -> None:
    if place.failures < TRIES:
        return
    if time.monotonic() - place.failed_at < COOL_DOWN:
        raise NotForked(FAILS)
    place.failures = 0


def _start_guard(kind: Kind, control: int, folder: str) -> subprocess.Popen[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(_AT_START)}
    # What ipykernel would watch is not the parent of a forked kernel; the guard does that.
    env.pop("JPY_PARENT_PID", None)
    command = [
        kind.interpreter, "-m", "kit.serving.forking.guard", str(control), str(os.getpid()), _news(kind), folder,
        *kind.modules,
    ]  # fmt: skip
    return subprocess.Popen(
        command, env={**env, **dict(kind.settings), **_LEAN}, cwd=Path(kit.__file__).parents[1],
        stdin=subprocess.DEVNULL, pass_fds=[control], start_new_session=True,
    )  # fmt: skip


def _news(kind: Kind) -> str:
    """The file that changes with what pages show, or ""."""
    place = dict(kind.settings).get("KIT_STORE")
    if place is None:
        return ""
    from kit.store.news import file_of
    from kit.store.place import locate

    try:
        return file_of(locate(place)) or ""
    except KitError:
        # The page that needs the store says so.
        return ""


def _after_fork() -> None:
    """A fork of the server has no warm process of its own yet; those of its parent go on."""
    pool.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
