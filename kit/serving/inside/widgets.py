"""How the widgets of a served page come to it: with the page itself, and again whenever it asks.

It asks when its connection was away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import ipywidgets
from ipywidgets.widgets.widget import _remove_buffers
from jupyter_client.jsonutil import json_default

from kit.views.lean import LeanWidget

States = dict[str, dict[str, Any]]

# What the page's own models have anyway, until they are told something else.
_BLANK: dict[str, object] = {
    "_dom_classes": [], "_view_count": None, "layout": None, "tabbable": None, "tooltip": None, "box_style": "",
}  # fmt: skip
# What stands beside a state.
_BESIDE = frozenset({"_model_name", "_model_module", "_model_module_version"})
# The traits of each kind of widget that hold JSON as text.
_json: dict[type, tuple[str, ...]] = {}


class Stack(LeanWidget, ipywidgets.VBox):
    """Widgets below each other, with the measures of the page."""

    def __init__(self, children: Iterable[ipywidgets.Widget]) -> None:
        super().__init__(tuple(children), layout=None)

    def _handle_msg(self, msg: object) -> None:
        """A browser decides nothing here, and nothing that it says stands in the log."""


def family(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """A widget and all that it refers to."""
    yield widget
    for name in widget.keys:
        value = getattr(widget, name)
        for one in value if isinstance(value, (tuple, list)) else (value,):
            if isinstance(one, ipywidgets.Widget):
                yield from family(one)


def states(page: ipywidgets.Widget) -> tuple[States, list[list[Any]], list[Any]]:
    """The states of a widget and of all that it refers to, by their ids, with the paths and values of what is binary.

    The widgets of the kit hold none of that.
    """
    found = {
        one.model_id: {
            "model_name": one._model_name, "model_module": one._model_module,
            "model_module_version": one._model_module_version, "state": one.get_state(),
        }
        for one in family(page)
    }  # fmt: skip
    if all(isinstance(one, LeanWidget) for one in family(page)):
        return found, [], []
    plain, paths, buffers = _remove_buffers(found)
    return plain, paths, buffers


def forget(widget: ipywidgets.Widget) -> None:
    """Close a widget and let go of all that it knows.

    It and those who listen to it hold each other: it would go some time later, when garbage is collected.
    """
    widget.close()
    vars(widget).clear()
    # Only that it has no comm: it will look for it when it is cleared away.
    vars(widget)["_trait_values"] = {"comm": None}


def states_json(page: ipywidgets.Widget) -> bytes:
    """The same as a page has it in its HTML; empty where something is binary, and the page must ask.

    It travels to each phone: what is blank, or stands beside the state, is left out. A trait that holds JSON (tagged
    `json`) stands beside it as it is: in a text within a text, each quotation mark would be two signs.
    """
    found, paths, _ = states(page)
    if paths:
        return b""
    widgets = {one.model_id: one for one in family(page)}
    return f"{{{','.join(_told(name, found[name], one) for name, one in widgets.items())}}}".encode()


def _told(name: str, told: dict[str, Any], widget: ipywidgets.Widget) -> str:
    state = {
        key: value
        for key, value in told["state"].items()
        if key not in _BESIDE and (key not in _BLANK or value != _BLANK[key])
    }
    texts = ",".join(f'"{key}":{text}' for key in _json_traits(type(widget)) if (text := state.pop(key)))
    told = {**told, "state": state}
    plain = json.dumps(told, default=json_default, ensure_ascii=False, separators=(",", ":"))
    return f'"{name}":{plain[:-1]},"json":{{{texts}}}}}' if texts else f'"{name}":{plain}'


def _json_traits(kind: type[ipywidgets.Widget]) -> tuple[str, ...]:
    if kind not in _json:
        _json[kind] = tuple(kind.class_traits(sync=True, json=True))
    return _json[kind]
