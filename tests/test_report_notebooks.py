"""The report's notebooks as people run them: by Papermill's own command, on a kernel, then read by nbconvert."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from markupsafe import escape

from kit.reports.build import build
from kit.reports.document import Report
from kit.reports.material import Several, gather
from kit.reports.rollup import build_rollup
from kit.session import Session
from kit.store import Store
from kit.typeset import typeset
from tests.support.workshop import ROOT
from tests.test_report_batches import codes, place, sessions

__all__ = ["place", "sessions"]


def ran(name: str, store: Path, folder: Path, *parameters: str) -> Path:
    """The notebook as Papermill leaves it."""
    written = folder / name
    call = [sys.executable, "-m", "papermill", "--no-progress-bar", ROOT / "notebooks/desk" / name, written]
    words = [word for one in parameters for word in ("-p", *one.split("=", 1))]
    env = {**os.environ, "KIT_STORE": str(store), "KIT_LANG": "en"}
    done = subprocess.run([*call, *words], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return written


def read(notebook: Path) -> str:
    """The page that nbconvert makes of it."""
    call = [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", "--stdout", notebook]
    return subprocess.run(call, cwd=notebook.parent, capture_output=True, text=True, check=True).stdout


def check(notebook: Path, document: Report) -> None:
    """Each section once, in the report's order, nothing in its way."""
    made = nbformat.read(notebook, 4)
    nbformat.validate(made)
    assert not [out for cell in made.cells for out in cell.get("outputs", ()) if out.output_type in ("error", "stream")]
    page = read(notebook)
    titles = [f">{escape(typeset(one.title))}</h" for one in document.all()]
    assert [page.count(title) for title in titles] == [1] * len(titles)
    places = [page.index(title) for title in titles]
    assert places == sorted(places)
    assert "report.opening(" not in page
    assert "Traceback" not in page


@pytest.mark.slow
def test_a_report(place: Path, sessions: list[Session], tmp_path: Path) -> None:
    with Store.open(place) as store:
        document = build(gather(store, sessions[0].id), "en")
    check(ran("report.ipynb", place, tmp_path, f"session={sessions[0].code}", "lang=en"), document)


@pytest.mark.slow
def test_a_rollup(place: Path, sessions: list[Session], tmp_path: Path) -> None:
    with Store.open(place) as store:
        document = build_rollup(Several(tuple(gather(store, one.id) for one in sessions), "Spring"), "fr")
    named = "sessions=" + " ".join(codes(sessions))
    check(ran("rollup.ipynb", place, tmp_path, named, "title=Spring", "lang=fr"), document)
