"""The worksheet in Solara."""

from __future__ import annotations

from typing import Any

import reacton.ipyvuetify as v
import solara
from sheet import SHEET, new_seat, save


@solara.component
def Question(seat: str, row: dict[str, Any]) -> None:
    """One question with its options; says when its answer is saved."""
    value, set_value = solara.use_state(None)
    saved, set_saved = solara.use_state("")

    def answer(chosen: str) -> None:
        set_value(chosen)
        save(seat, row["id"], chosen)
        set_saved("Saved")

    solara.Text(row["text"])
    with v.RadioGroup(v_model=value, on_v_model=answer):
        for one, label in row["options"]:
            v.Radio(label=label, value=one)
    solara.Text(saved)


@solara.component
def Page() -> None:
    """All questions."""
    seat = solara.use_memo(new_seat, [])
    with solara.Column():
        solara.HTML(tag="h1", unsafe_innerHTML=SHEET["title"])
        solara.Text(SHEET["intro"])
        for row in SHEET["rows"]:
            Question(seat, row)
