"""One task of a batch: all that a worker needs to make a report, wherever it runs, and what it gives back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import nbformat

from kit.errors import KitError, ReportFailed
from kit.reports.build import Selection
from kit.reports.document import Look
from kit.reports.formats import writer
from kit.reports.material import Material, Several
from kit.reports.run import plain, run

NOTEBOOK = "ipynb"


@dataclass(frozen=True)
class Task:
    """A report of one session, or a roll-up, in some formats. It travels: it needs no store and no folder.

    `beside` is a second language, in which the same stands beside the first.
    """

    material: Material | Several
    lang: str
    formats: tuple[str, ...]
    look: Look = field(default_factory=Look)
    choice: Selection = field(default_factory=Selection)
    beside: str = ""


@dataclass(frozen=True)
class Finished:
    """What became of a task: its files by format; `told` is whether anything was revealed.

    `error` says why there are none, `errors` why there is none in some of the formats.
    """

    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    error: KitError | None = None
    told: bool = True
    errors: Mapping[str, KitError] = field(default_factory=dict)

    def failed(self, formats: Iterable[str]) -> Iterator[tuple[str, KitError]]:
        """Which of these formats could not be made, and why."""
        for name in formats:
            if error := self.error or self.errors.get(name):
                yield name, error


def make(task: Task) -> Finished:
    """Make the files of one task; what fails comes back as an error, whatever it was."""
    try:
        ran = run(task.material, task.lang, NOTEBOOK in task.formats, task.choice, task.beside)
    except Exception as error:
        return Finished(error=_told(task, error))
    files, errors = dict[str, bytes](), dict[str, KitError]()
    for name in task.formats:
        try:
            if name == NOTEBOOK:
                files[name] = f"{nbformat.writes(plain(ran.notebook))}\n".encode()
            else:
                files[name] = writer(name)(ran.document, task.look)
        except Exception as error:
            errors[name] = _told(task, error)
    return Finished(files, told=ran.document.told, errors=errors)


def _told(task: Task, error: Exception) -> KitError:
    return error if isinstance(error, KitError) else failed(task, error)


def failed(task: Task, error: BaseException) -> ReportFailed:
    """An error as one line that says of which session it is."""
    reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return ReportFailed(session=task.material.name, reason=reason)
