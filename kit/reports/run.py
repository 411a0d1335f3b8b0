"""Run the report's notebook with Papermill and take the sections out of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import kit
from kit.errors import ReportFailed
from kit.reports.section import MIME, ReportSection
from kit.session import Session

NAME = "report.ipynb"
CELL_SECONDS = 300
REASON_LENGTH = 200


def run(place: str, session: Session, lang: str) -> list[ReportSection]:
    """Run the notebook in a kernel of its own, in a folder that is gone afterwards; raises `ReportFailed`.

    `place` is the store's URL as it is found from any folder.
    """
    parameters = {"store": place, "session": session.id, "lang": lang}
    with tempfile.TemporaryDirectory() as folder:
        try:
            notebook = _execute(find_notebook(), Path(folder), parameters)
        except Exception as error:
            raise ReportFailed(session=session.code, reason=_reason(error)) from error
    return list(_sections(notebook.cells))


def find_notebook() -> Path:
    """The report's notebook: inside the installed package, or beside it in the source tree."""
    package = Path(kit.__file__).parent
    folders = (package / "notebooks", package.parent / "notebooks")
    return next((path for folder in folders if (path := folder / NAME).is_file()), folders[0] / NAME)


def _execute(notebook: Path, folder: Path, parameters: dict[str, str]) -> Any:
    from papermill import execute_notebook
    from traitlets.config import Config

    # Sockets in our own folder: no other user of the machine can listen in on what the kernel says.
    private = {"transport": "ipc", "ip": str(folder / "kernel")} if os.name == "posix" else {}
    return execute_notebook(
        notebook,
        folder / NAME,
        parameters,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        execution_timeout=CELL_SECONDS,
        autosave_cell_every=0,
        resources={"metadata": {"path": str(_home(notebook, folder))}},
        config=Config({"KernelManager": private}),
        extra_arguments=["--log-level=CRITICAL"],
    )


def _home(notebook: Path, folder: Path) -> Path:
    """Where the kernel starts: from a source tree it must find `kit`, which need not be installed."""
    tree = notebook.parent.parent
    return tree if (tree / "kit" / "__init__.py").is_file() else folder


def _sections(cells: Iterable[Any]) -> Iterable[ReportSection]:
    for cell in cells:
        for output in cell.get("outputs", ()):
            yield from (ReportSection(**one) for one in output.get("data", {}).get(MIME, ()))


def _reason(error: Exception) -> str:
    """What went wrong in a line: of an error in the notebook its name and message, not its traceback."""
    from papermill.exceptions import PapermillExecutionError

    told = f"{error.ename}: {error.evalue}" if isinstance(error, PapermillExecutionError) else str(error)
    return (" ".join(told.split()) or type(error).__name__)[:REASON_LENGTH]
