"""Widgets that cost a kernel little: a hundred pages open at once, and each has its own."""

from __future__ import annotations

from typing import Any

import ipywidgets
import traitlets
from ipywidgets.widgets.trait_types import InstanceDict

# The trait that anywidget gives to each widget, in a class of its own.
_ANYWIDGET = {"_anywidget_id"}


class LeanWidget(ipywidgets.DOMWidget):
    """A widget that may do without a layout, and shares with others of its kind what is the same for all."""

    layout = InstanceDict(ipywidgets.Layout, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)

    @traitlets.default("layout")
    def _default_layout(self) -> ipywidgets.Layout:
        return ipywidgets.Layout()

    def add_traits(self, **traits: traitlets.TraitType[Any, Any]) -> None:
        """As ever; what anywidget adds makes one class for all widgets of a kind."""
        if traits.keys() != _ANYWIDGET:
            super().add_traits(**traits)
            return
        kind = type(self)
        if kind not in _extended:
            super().add_traits(**traits)
            _extended[kind] = type(self)
        self.__class__ = _extended[kind]

    @traitlets.default("keys")
    def _default_keys(self) -> list[str]:
        kind = type(self)
        if kind not in _keys:
            _keys[kind] = tuple(kind.class_traits(sync=True))
        return list(_keys[kind])


_extended: dict[type, type] = {}
_keys: dict[type, tuple[str, ...]] = {}
