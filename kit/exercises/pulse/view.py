"""The shared form with "before today" and "now" side by side under each statement, on a phone too."""

from __future__ import annotations

from pathlib import Path

import traitlets

from kit.views.form import FormView
from kit.views.scripts import module


class View(FormView):
    """A `FormView` that sets two choices about one statement side by side."""

    _esm = traitlets.Unicode(module(Path(__file__).parent / "view.js")).tag(sync=True)
