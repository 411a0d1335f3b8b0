"""The workers of a Dask cluster as a batch's crew: what a report needs travels with its task, its files come back.

No folder is shared, and no worker sees the store. Each has the kit installed, in the version of whoever leads.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from kit import __version__
from kit.errors import ClusterAway, ClusterDiffers, PartMissing
from kit.reports.crew import Crew
from kit.reports.task import Finished, Task, failed, make
from kit.versions import versions

# So long it is waited for a scheduler that does not answer, and for the first worker of one that does.
ANSWER_SECONDS, WORKER_SECONDS = 10, 30
# So many tasks are kept ready for each thread, so that none waits for the way there and back.
AHEAD = 2
Kit = tuple[str, Mapping[str, int]]


class Cluster(Crew):
    """Dask gives a task to another worker when one is gone, a few times at most."""

    def __init__(self, address: str) -> None:
        """Raises `PartMissing`, `ClusterAway`."""
        try:
            import distributed
        except ImportError:
            raise PartMissing(what="--cluster", install='pip install "collaboration-kit[cluster]"') from None
        # What it would tell on the terminal stands in the outcome of a report, or in `ClusterAway`.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._client = distributed.Client(
                address, timeout=ANSWER_SECONDS, set_as_default=False, direct_to_workers=False
            )
        except (OSError, ValueError, TypeError, AssertionError) as error:
            # The last is what its client says where its own thread has not come up in ten seconds.
            raise ClusterAway(address=address, reason=_line(error)) from None
        self._tasks: dict[Any, tuple[int, Task]] = {}
        try:
            self._client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except OSError as error:
            self.close()
            raise ClusterAway(address=address, reason=_line(error)) from None
        self._ready = distributed.as_completed(loop=self._client.loop)
        self.places = AHEAD * sum(self._client.nthreads().values())

    def give(self, number: int, task: Task) -> None:
        future = self._client.submit(make_there, task, own_kit(), pure=False)
        self._tasks[future] = number, task
        self._ready.add(future)

    def next(self) -> tuple[int, Finished]:
        future = next(self._ready)
        number, task = self._tasks.pop(future)
        try:
            made: Finished = future.result()
        except Exception as error:
            # Its workers were gone, one after the other; or the scheduler is.
            made = Finished(error=failed(task, error))
        return number, made

    def close(self) -> None:
        self._client.cancel(list(self._tasks), force=True)
        self._tasks.clear()
        self._client.close(timeout=1)


def make_there(task: Task, wanted: Kit) -> Finished:
    """What a worker does: a report of another version of the kit would look like the others and tell something else."""
    if (here := own_kit()) != wanted:
        return Finished(error=ClusterDiffers(there=here[0], here=wanted[0]))
    return make(task)


def own_kit() -> Kit:
    """The version of the kit, and of each exercise."""
    return __version__, dict(versions())


def _line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
