"""A workshop whose pages are made by cells of a test's own: the same server, the same kernels, other notebooks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.session import State
from tests.support.workshop import ROOT, Workshop, serving

_AT_HOME = """
from pathlib import Path
from kit.cli import main
from kit.serving import app

app.notebook_folder = Path.home
main()
"""


@contextmanager
def with_cells(folder: Path, *options: str, **cells: str) -> Iterator[Workshop]:
    """`kit workshop` with its own home below `folder`; `participant`, `console`, `screen`: another first cell."""
    (folder / "home").mkdir(exist_ok=True)
    for name in ("participant", "console", "screen"):
        notebook = json.loads((ROOT / "notebooks" / "desk" / f"{name}.ipynb").read_text("utf-8"))
        if name in cells:
            notebook["cells"][0]["source"] = cells[name]
        (folder / "home" / f"{name}.ipynb").write_text(json.dumps(notebook), "utf-8")
    with serving(folder, *options, program=(sys.executable, "-c", _AT_HOME)) as made:
        made.set_state(State.OPEN)
        yield made
