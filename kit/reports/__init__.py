"""Reports: what was revealed in workshops, as files that partners can act on, one or hundreds of them.

    for outcome in make_reports(None, ["ACD347"], Path("reports"), Wish(("fr", "en"))):
        print(outcome.state, outcome.path or outcome.problem)

    material.py   what is read out of the store, in one transaction
    build.py      the document made of it; parts.py: its numbered parts
    rollup.py     that of several sessions; waves.py: its figures
    data.py       the numbers behind it, with a codebook
    document.py   the document, and what an author of a format has to know
    formats/      its writers, a module each
    press.py      what sets type for PDF and draws pictures for Word (typst)
    notebook.py   what the cells of notebooks/desk/report.ipynb call
    run.py        that notebook through Papermill, by `engine.py` in this process
    task.py       what travels to a worker and back; crew.py: the workers;
                  cluster.py: those of a Dask cluster
    done.py       a folder of reports, and what each file in it was made of
    theme.py      the file that says how reports look
    index.py      the page and the table beside them
    batch.py      all of it for a list of sessions; together.py: for one roll-up of them
"""

from __future__ import annotations

from kit.reports.batch import BatchProgress, ReportOutcome, Wish, make_reports
from kit.reports.build import Selection
from kit.reports.together import make_rollup

__all__ = ["BatchProgress", "ReportOutcome", "Selection", "Wish", "make_reports", "make_rollup"]
