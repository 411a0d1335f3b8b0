"""The worksheet in Panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel
from sheet import SHEET, new_seat, save

panel.extension()


def saver(seat: str, item: str, state: panel.pane.Markdown) -> Callable[[Any], None]:
    """Store one answer when it changes, and say so."""

    def stored(change: Any) -> None:
        save(seat, item, change.new)
        state.object = "Saved"

    return stored


def question(seat: str, row: dict[str, Any]) -> panel.Column:
    """One question with its options."""
    state = panel.pane.Markdown("")
    options = {label: one for one, label in row["options"]}
    choice = panel.widgets.RadioBoxGroup(options=options, value=None)
    choice.param.watch(saver(seat, row["id"], state), "value")
    return panel.Column(panel.pane.Markdown(row["text"]), choice, state)


seat = new_seat()
rows = [question(seat, row) for row in SHEET["rows"]]
panel.Column(f"# {SHEET['title']}", SHEET["intro"], *rows).servable(title="Worksheet")
