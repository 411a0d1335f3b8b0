"""Run the report's notebook with Papermill, in this process, and take the document out of it."""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

import kit
from kit.errors import KitError, ReportFailed
from kit.reports import notebook
from kit.reports.build import Selection
from kit.reports.document import Report
from kit.reports.material import Material

NAME = "report.ipynb"
REASON_LENGTH = 200
# The cell that Papermill adds; in it stand the parameters as they were given.
INJECTED = "injected-parameters"


@dataclass(frozen=True)
class Run:
    """A notebook that has run: the document it made, and the notebook itself with what its cells show."""

    document: Report
    notebook: Any


def run(material: Material, lang: str, shows: bool = True, choice: Selection | None = None) -> Run:
    """Run the notebook for one report; without `shows` its cells keep nothing. Raises `ReportFailed`."""
    from papermill import execute_notebook

    from kit.reports.engine import NAME as ENGINE

    # It would tell each report the paths of this machine.
    logging.getLogger("papermill").setLevel(logging.ERROR)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    parameters = {"session": material.session.code, "lang": lang}
    try:
        with notebook.given(material, choice or Selection()):
            made = execute_notebook(
                deepcopy(_source(find_notebook())),
                None,
                parameters,
                engine_name=ENGINE,
                progress_bar=False,
                autosave_cell_every=0,
                namespace=namespace,
                shows=shows,
            )
    except KitError:
        raise
    except Exception as error:
        raise ReportFailed(session=material.session.code, reason=_reason(error)) from error
    return Run(namespace["document"], made)


def find_notebook() -> Path:
    """The report's notebook: inside the installed package, or beside it in the source tree."""
    package = Path(kit.__file__).parent
    folders = (package / "notebooks" / "desk", package.parent / "notebooks" / "desk")
    return next(folder / NAME for folder in folders if (folder / NAME).is_file())


def plain(made: Any) -> Any:
    """The notebook without what Papermill records: paths, parameters, times."""
    made = deepcopy(made)
    made.cells = [cell for cell in made.cells if INJECTED not in cell.metadata.get("tags", ())]
    for part in (made, *made.cells):
        part.metadata.pop("papermill", None)
    for count, cell in enumerate((one for one in made.cells if one.cell_type == "code"), start=1):
        cell.execution_count = count
        for output in cell.outputs:
            output.execution_count = count
    return made


@cache
def _source(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def _reason(error: Exception) -> str:
    """What went wrong in a line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:REASON_LENGTH]
