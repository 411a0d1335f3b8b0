"""Answers that wait at the same moment are written in one transaction, by a thread that does nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from sqlalchemy import Connection, Engine

from kit.errors import KitError
from kit.store.engine import writing

MOST_AT_ONCE = 400


@dataclass(frozen=True)
class _Waiting:
    """Something to write, and who waits until it is on the disk; `order` keeps two writers out of each other's way."""

    order: str
    write: Callable[[Connection], int]
    done: Future[int] = field(default_factory=Future)


class Together:
    """Writes what it is given as soon as it can, together with all that came meanwhile.

    What is written may raise a `KitError` before it has changed anything: only its own future is told.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: SimpleQueue[_Waiting] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def write(self, order: str, write: Callable[[Connection], int]) -> Future[int]:
        """What `write` returns, as soon as it is on the disk. It cannot be cancelled: what was said is written."""
        one = _Waiting(order, write)
        # Whoever leaves while it waits cancels it otherwise, and this thread could not tell anybody anything any more.
        one.done.set_running_or_notify_cancel()
        self._waiting.put(one)
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="kit-answers", daemon=True)
                    self._thread.start()
        return one.done

    def _run(self) -> None:
        while True:
            batch = [self._waiting.get()]
            try:
                while len(batch) < MOST_AT_ONCE:
                    batch.append(self._waiting.get_nowait())
            except Empty:
                pass
            # Sorting keeps the order of what is of one person.
            self._write(sorted(batch, key=lambda one: one.order))

    def _write(self, batch: Sequence[_Waiting]) -> None:
        outcomes: list[int | KitError] = []
        try:
            with writing(self._engine) as connection:
                outcomes += [_written(connection, one) for one in batch]
        except Exception as error:
            if isinstance(error, KitError) or len(batch) == 1:
                # The store itself is in trouble: it would say the same to each.
                for one in batch:
                    one.done.set_exception(error)
                return
            # One of them cannot be written; alone, it hinders nobody.
            for one in batch:
                self._write([one])
            return
        for one, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, KitError):
                one.done.set_exception(outcome)
            else:
                one.done.set_result(outcome)


def _written(connection: Connection, one: _Waiting) -> int | KitError:
    try:
        return one.write(connection)
    except KitError as error:
        return error
