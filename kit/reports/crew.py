"""Who makes the reports of a batch: this process, several, or a cluster. All of them call `kit.reports.task.make`."""

from __future__ import annotations

import multiprocessing
import signal
import tempfile
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from threading import current_thread, main_thread
from typing import Any

from kit.errors import ReportFailed
from kit.reports.task import Finished, Task, make

# A task that has taken so many workers down with it is not given to another one.
DEATHS = 2
LEAVE_SECONDS = 1.0


class Crew(ABC):
    """Takes tasks and gives back what became of them, in any order; `places` is how many it works at or keeps ready."""

    places: int

    @abstractmethod
    def give(self, number: int, task: Task) -> None:
        """Take one more task; `number` is the caller's name for it."""

    @abstractmethod
    def next(self) -> tuple[int, Finished]:
        """Wait for one of the tasks; there must be one."""

    @abstractmethod
    def close(self) -> None:
        """Leave nothing running, whatever is under way."""


class Alone(Crew):
    """This process, one after the other."""

    def __init__(self) -> None:
        self.places = 1
        self._given: deque[tuple[int, Task]] = deque()

    def give(self, number: int, task: Task) -> None:
        self._given.append((number, task))

    def next(self) -> tuple[int, Finished]:
        number, task = self._given.popleft()
        return number, make(task)

    def close(self) -> None:
        self._given.clear()


@contextmanager
def _deaf() -> Iterator[None]:
    """What is started inside never hears Ctrl-C, not even while it still starts: that is for who leads the batch."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Worker:
    """A process with a line to it, and the task that it is at."""

    def __init__(self, folder: str) -> None:
        # A process that is forked while threads run may hang; one that is spawned does not.
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, folder), daemon=True)
        with _deaf():
            self.process.start()
        theirs.close()
        self.at: tuple[int, Task, int] | None = None

    def take(self, number: int, task: Task, deaths: int) -> bool:
        """Send it a task; False when there is nobody any more."""
        self.at = number, task, deaths
        try:
            self.line.send(task)
        except OSError:
            return False
        return True

    def end(self) -> None:
        self.process.kill()
        self.process.join(LEAVE_SECONDS)
        self.line.close()


class Processes(Crew):
    """Processes of this machine. One that is killed is replaced, and its task made by another one."""

    def __init__(self, jobs: int) -> None:
        self.jobs, self.places = jobs, jobs + 1
        self._folder = tempfile.TemporaryDirectory(prefix="kit-reports-", ignore_cleanup_errors=True)
        self._workers: list[_Worker] = []
        self._waiting: deque[tuple[int, Task, int]] = deque()
        self._done: deque[tuple[int, Finished]] = deque()

    def give(self, number: int, task: Task) -> None:
        self._waiting.append((number, task, 0))
        self._hand_out()

    def next(self) -> tuple[int, Finished]:
        while not self._done:
            busy = [worker for worker in self._workers if worker.at]
            heard = wait([worker.line for worker in busy])
            for worker in busy:
                if worker.line in heard:
                    self._hear(worker)
            self._hand_out()
        return self._done.popleft()

    def close(self) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()
        self._folder.cleanup()

    def _hand_out(self) -> None:
        """Give what waits to whoever is free; workers are started when there is work for them."""
        while self._waiting:
            free = next((worker for worker in self._workers if worker.at is None), None)
            if free is None and len(self._workers) == self.jobs:
                return
            if free is None:
                free = _Worker(self._folder.name)
                self._workers.append(free)
            if not free.take(*self._waiting.popleft()):
                self._replace(free)

    def _hear(self, worker: _Worker) -> None:
        assert worker.at is not None
        try:
            made = worker.line.recv()
        except (EOFError, OSError):
            self._replace(worker)
            return
        self._done.append((worker.at[0], made))
        worker.at = None

    def _replace(self, worker: _Worker) -> None:
        """Somebody has killed it, or its memory ran out: its task begins anew, a few times at most."""
        assert worker.at is not None
        number, task, deaths = worker.at
        worker.end()
        self._workers.remove(worker)
        if deaths + 1 < DEATHS:
            self._waiting.appendleft((number, task, deaths + 1))
        else:
            error = ReportFailed(session=task.material.name, reason="its process was ended")
            self._done.append((number, Finished(error=error)))


def _work(line: Any, folder: str) -> None:
    """What a worker does until its line is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = folder
    while True:
        try:
            task = line.recv()
        except (EOFError, OSError):
            return
        line.send(make(task))
