"""Run a report's notebook with Papermill, in this process, and take the document out of it."""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

import kit
from kit.errors import KitError, ReportFailed
from kit.reports import notebook
from kit.reports.build import Selection, build
from kit.reports.document import Report
from kit.reports.material import Material, Several
from kit.reports.rollup import build_rollup

NAME, ROLLUP = "report.ipynb", "rollup.ipynb"
REASON_LENGTH = 200
# The cell that Papermill adds; in it stand the parameters as they were given.
INJECTED = "injected-parameters"


@dataclass(frozen=True)
class Run:
    """A notebook that has run: the document it made, and the notebook itself with what its cells show."""

    document: Report
    notebook: Any


def run(
    material: Material | Several, lang: str, shows: bool = True, choice: Selection | None = None, beside: str = ""
) -> Run:
    """Run the notebook for one report or roll-up; without `shows` its cells keep nothing. Raises `ReportFailed`.

    `beside` is a second language, in which the same stands beside the first.
    """
    from papermill import execute_notebook

    from kit.reports.engine import NAME as ENGINE

    # It would tell each report the paths of this machine.
    logging.getLogger("papermill").setLevel(logging.ERROR)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    name = NAME if isinstance(material, Material) else ROLLUP
    try:
        with notebook.given(lambda: _document(material, lang, choice or Selection(), beside)):
            made = execute_notebook(
                deepcopy(_source(find_notebook(name))),
                None,
                {"lang": lang},
                engine_name=ENGINE,
                progress_bar=False,
                autosave_cell_every=0,
                namespace=namespace,
                shows=shows,
            )
    except KitError:
        raise
    except Exception as error:
        raise ReportFailed(session=material.name, reason=_reason(error)) from error
    return Run(namespace["document"], made)


def _document(material: Material | Several, lang: str, choice: Selection, beside: str) -> Report:
    def made(lang: str) -> Report:
        return build(material, lang, choice) if isinstance(material, Material) else build_rollup(material, lang, choice)

    return replace(made(lang), beside=made(beside)) if beside else made(lang)


def find_notebook(name: str = NAME) -> Path:
    """A report's notebook: inside the installed package, or beside it in the source tree."""
    package = Path(kit.__file__).parent
    folders = (package / "notebooks" / "desk", package.parent / "notebooks" / "desk")
    return next(folder / name for folder in folders if (folder / name).is_file())


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
