"""The worksheet in Streamlit."""

from __future__ import annotations

import streamlit
from sheet import SHEET, new_seat, save

seat = streamlit.session_state.setdefault("seat", new_seat())


def stored(item: str) -> None:
    """Store one answer when it changes."""
    save(seat, item, streamlit.session_state[item])
    streamlit.session_state[f"{item}/saved"] = "Saved"


streamlit.title(SHEET["title"])
streamlit.write(SHEET["intro"])
for row in SHEET["rows"]:
    labels = dict(row["options"])
    streamlit.radio(
        row["text"], options=list(labels), format_func=labels.__getitem__, index=None, key=row["id"], on_change=stored,
        args=(row["id"],),
    )  # fmt: skip
    streamlit.caption(streamlit.session_state.get(f"{row['id']}/saved", ""))
