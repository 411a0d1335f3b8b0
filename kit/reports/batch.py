"""Many reports at a time, each in a process of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from kit.errors import KitError
from kit.reports.make import make_report
from kit.texts import default_language


@dataclass(frozen=True)
class ReportOutcome:
    """What became of one report: its `path`, or the `problem` in words."""

    session_id: str
    lang: str
    path: Path | None = None
    problem: str = ""


def make_reports(
    store_url: str | Path | None,
    session_ids: Iterable[str],
    out: Path,
    langs: Sequence[str],
    jobs: int = 1,
    executor: Executor | None = None,
) -> Iterator[ReportOutcome]:
    """Make a report of each session in each language and yield each outcome as soon as it is there.

    One report that fails does not stop the others. `jobs` processes work at a time; another `executor`
    (a cluster's) may take their place. When the caller stops early, what has not begun is dropped.
    """
    wanted = [(session_id, lang) for session_id in session_ids for lang in langs]
    if executor is None and jobs == 1:
        yield from (_make(store_url, session_id, out, lang, default_language()) for session_id, lang in wanted)
    elif executor is None:
        # A process that is forked while threads run may hang; one that is spawned does not.
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            yield from _spread(pool, store_url, wanted, out)
    else:
        yield from _spread(executor, store_url, wanted, out)


def _spread(
    executor: Executor, store_url: str | Path | None, wanted: Iterable[tuple[str, str]], out: Path
) -> Iterator[ReportOutcome]:
    begun: list[Future[ReportOutcome]] = [
        executor.submit(_make, store_url, session_id, out, lang, default_language()) for session_id, lang in wanted
    ]
    try:
        for future in as_completed(begun):
            yield future.result()
    finally:
        for future in begun:
            future.cancel()


def _make(store_url: str | Path | None, session_id: str, out: Path, lang: str, tell_in: str) -> ReportOutcome:
    """One report in whatever process this is; an error goes back as words, which every process understands."""
    try:
        return ReportOutcome(session_id, lang, make_report(store_url, session_id, out, lang))
    except KitError as error:
        return ReportOutcome(session_id, lang, problem=error.tell(tell_in))
