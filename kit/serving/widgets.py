"""How the widgets of a served page come to it: with the page itself, and again whenever it asks.

It asks when its connection was away. ipywidgets makes every widget's state twice for such a question, and looks
through each for binary values. A page of the kit has few widgets, and they hold none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ipywidgets
from jupyter_client.jsonutil import json_default

from kit.views.lean import LeanWidget

TARGET = "jupyter.widget.control"
# What the template looks for in a cell's output: `states` as a JSON text.
STATES = "application/x-kit-states"


class Column(LeanWidget, ipywidgets.VBox):
    """Widgets below each other, with the measures of the page."""

    def __init__(self, children: Iterable[ipywidgets.Widget]) -> None:
        super().__init__(tuple(children), layout=None)


def answer_for(page: ipywidgets.Widget, targets: dict[str, Any]) -> None:
    """Answer the page's question for its widgets; `targets` are the kernel's, by the name of a comm."""
    theirs = targets.get(TARGET)

    def opened(line: Any, message: Mapping[str, Any]) -> None:
        if theirs is None or _is_lean(page):
            line.on_msg(lambda asked: _answer(line, asked, page))
        else:
            # An exercise from elsewhere may have widgets of any kind.
            theirs(line, message)

    targets[TARGET] = opened


def shown(page: ipywidgets.Widget) -> dict[str, Any]:
    """A page's widget as the output of a cell, by MIME type, with all states where none holds a binary value.

    So the page need not connect, ask and wait before it can show anything.
    """
    bundle: dict[str, Any] = page._repr_mimebundle_()
    if _is_lean(page):
        bundle[STATES] = json.dumps(states(page), default=json_default, ensure_ascii=False, separators=(",", ":"))
    return bundle


def family(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """A widget and all that it refers to."""
    yield widget
    for name in widget.keys:
        value = getattr(widget, name)
        for one in value if isinstance(value, (tuple, list)) else (value,):
            if isinstance(one, ipywidgets.Widget):
                yield from family(one)


def states(page: ipywidgets.Widget) -> dict[str, dict[str, Any]]:
    """The state of a widget and of all that it refers to, by their ids, as a page reads it."""
    return {
        one.model_id: {
            "model_name": one._model_name, "model_module": one._model_module,
            "model_module_version": one._model_module_version, "state": one.get_state(),
        }
        for one in family(page)
    }  # fmt: skip


def _is_lean(page: ipywidgets.Widget) -> bool:
    return all(isinstance(one, LeanWidget) for one in family(page))


def _answer(line: Any, message: Mapping[str, Any], page: ipywidgets.Widget) -> None:
    data = message["content"]["data"]
    if isinstance(data, dict) and data.get("method") == "request_states":
        line.send({"method": "update_states", "states": states(page), "buffer_paths": []})
