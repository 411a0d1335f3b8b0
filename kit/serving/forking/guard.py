"""The guard: parent of the warm process, heir of its kernels, and the one who tidies up.

    python -m kit.serving.forking.guard SOCKET SERVER_PID NEWS FOLDER MODULE…

It loads nothing and only waits. It lives as long as the server or the warm process; whichever of them is
killed, in whichever order, it ends the kernels that are left, reaps them, and removes the files of a
server that no longer can, with their FOLDER if it is the server's own. NEWS is a file: when it changes, the
kernels are to know (`bell.py`). Either may be "".
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import types
from collections import deque
from dataclasses import dataclass, field
from itertools import chain

from kit.serving.forking import bell, linux, wire
from kit.serving.forking.bell import Bell

# How often (ms) a guard whose warm process has ended looks whether the server has removed the kernels' files.
LOOK = 2000
# So many names of files are looked at when a kernel ends: more than it had itself.
LOOKS = 16
_PEEK = os.WEXITED | os.WNOHANG | os.WNOWAIT


@dataclass
class Guard:
    """What the guard knows: descriptors of the server and of a pipe that wakes it, the warm process and its notes,
    the kernels' bell, the server's own folder.

    kernels  those that live, and the files of each
    asked    the files of the latest one that was asked for
    left     the files of those that have ended, as long as the server has not removed them
    """

    server: int
    wake: int
    warm: int
    notes: socket.socket
    bell: Bell
    folder: str
    kernels: dict[int, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    left: deque[str] = field(default_factory=deque)
    server_lives: bool = True
    warm_lives: bool = True

    def watch(self) -> None:
        """Return when nothing is left to guard and everything is tidy."""
        while not self._done():
            ready = self._wait()
            self._read_notes()
            self._reap()
            if self.kernels:
                self.bell.look()
            if self.server in ready:
                self.server_lives = False
                if self.warm_lives:
                    os.kill(self.warm, signal.SIGKILL)
        if not self.server_lives:
            self._tidy()

    def _done(self) -> bool:
        if self.warm_lives or self.kernels:
            return False
        # The server removes the files, if it is not killed before it comes to that.
        return not self.server_lives or not any(map(os.path.lexists, self.files()))

    def files(self) -> list[str]:
        """What is to go if the server is killed."""
        return [*self.asked, *self.left, *chain.from_iterable(self.kernels.values())]

    def _wait(self) -> set[int]:
        poll = select.poll()
        poll.register(self.wake, select.POLLIN)
        if self.server_lives:
            poll.register(self.server, select.POLLIN)
        if self.notes.fileno() >= 0:
            poll.register(self.notes, select.POLLIN)
        ready = {fd for fd, _ in poll.poll(self._patience())}
        if self.wake in ready:
            os.read(self.wake, 4096)
        return ready

    def _patience(self) -> int | None:
        """Milliseconds; None when there is nothing to look after."""
        if not self.warm_lives:
            return LOOK
        return bell.LOOK if self.bell.file and self.kernels else None

    def _read_notes(self) -> None:
        while self.notes.fileno() >= 0:
            try:
                data = self.notes.recv(wire.LONGEST, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            if data:
                self.hear(wire.unpack(data))
            else:
                self.notes.close()

    def hear(self, note: wire.Note) -> None:
        """Take a note of the warm process: what a kernel's files will be, that it was born, that it has ended."""
        if "files" in note:
            # Those of one that could not be forked stay until it is seen that they are gone.
            self.left += self.asked
            self.asked = note["files"]
        if "born" in note:
            self.kernels[note["born"]], self.asked = self.asked, []
        if "died" in note:
            self._bury(note["died"])

    def _bury(self, kernel: int) -> None:
        """Its files are gone soon, and it makes no new ones. A few names of others are let go for it, if they are.

        Not all are looked at: when a whole room ends at once, all of them are still there each time.
        """
        for _ in range(min(len(self.left), LOOKS)):
            file = self.left.popleft()
            if os.path.lexists(file):
                self.left.append(file)
        self.left += self.kernels.pop(kernel, [])

    def _reap(self) -> None:
        """Everyone whose parent has ended is a child of the guard."""
        while dead := _dead_child(os.P_ALL, 0):
            if dead in self.kernels:
                # Still unreaped, so that nobody else can have its number: what it started ends with it.
                end_group(dead)
            os.waitpid(dead, 0)
            self._bury(dead)
            if dead == self.warm:
                self.warm_lives = False
                self._inherit()

    def _inherit(self) -> None:
        self._read_notes()
        for kernel in [one for one in self.kernels if not _is_child(one)]:
            self._bury(kernel)
        for kernel in self.kernels:
            # The system has killed it with its parent already, unless it has found a way around that.
            end_group(kernel)

    def _tidy(self) -> None:
        for file in self.files():
            with contextlib.suppress(OSError):
                os.unlink(file)
        if self.folder:
            # Also the files of kernels that were asked for and never forked, of which nobody has told the guard.
            from shutil import rmtree

            rmtree(self.folder, ignore_errors=True)


def end_group(leader: int) -> None:
    """Kill a process group; the caller knows that its leader is not reaped yet."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _dead_child(kind: int, number: int) -> int | None:
    try:
        found = os.waitid(kind, number, _PEEK)
    except ChildProcessError:
        return None
    return found.si_pid if found else None


def _is_child(number: int) -> bool:
    try:
        os.waitid(os.P_PID, number, _PEEK)
    except ChildProcessError:
        return False
    return True


def _wake_on_child() -> int:
    """A descriptor that is readable after a child has ended."""
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _signum, _frame: None)
    return woken


def _be_warm(control: socket.socket, notes: socket.socket, ear: int, modules: list[str]) -> None:
    """The rest of this process's life, in the fork that becomes the warm process."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.close(signal.set_wakeup_fd(-1))
    from kit.serving.forking.warm import serve

    serve(control, notes, ear, modules)


def _still_there(server_pid: int) -> int | None:
    """A pidfd of the server that started this process; None when it has ended meanwhile."""
    try:
        server = os.pidfd_open(server_pid)
    except ProcessLookupError:
        return None
    # Still its child, so that the number was not given to another process.
    return server if os.getppid() == server_pid else None


def _forget_start() -> None:
    """The folder that `-m` was started in is not where kernels look for modules."""
    if not sys.flags.safe_path:
        del sys.path[0]
    sys.modules["__main__"] = types.ModuleType("__main__")


def main(control_fd: int, server_pid: int, news: str, folder: str, modules: list[str]) -> None:
    """Start the warm process and guard it."""
    linux.set_name("kit-guard")
    linux.adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = _still_there(server_pid)
    if server is None:
        return
    control = socket.socket(fileno=control_fd)
    ours, theirs = wire.pair()
    wake = _wake_on_child()
    heard = Bell(news)
    guard = os.getpid()
    warm = os.fork()
    if warm == 0:
        linux.die_with_parent(signal.SIGKILL)
        if os.getppid() != guard:
            os._exit(1)
        for fd in (server, wake):
            os.close(fd)
        ours.close()
        heard.let_go()
        _be_warm(control, theirs, heard.ear, modules)
        return
    control.close()
    theirs.close()
    Guard(server, wake, warm, ours, heard, folder).watch()


if __name__ == "__main__":
    _forget_start()
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5:])
