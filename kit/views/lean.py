"""Widgets that cost a kernel little: a hundred pages open at once, and each has its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import comm
import ipywidgets
import traitlets
from ipykernel.kernelbase import Kernel
from ipywidgets.widgets.trait_types import InstanceDict

# The trait that anywidget gives to each widget, in a class of its own.
_ANYWIDGET = {"_anywidget_id"}


class LeanWidget(ipywidgets.DOMWidget):
    """A widget that may do without a layout, and shares with others of its kind what is the same for all."""

    layout = InstanceDict(ipywidgets.Layout, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)

    @traitlets.default("layout")
    def _default_layout(self) -> ipywidgets.Layout:
        return ipywidgets.Layout()

    def open(self) -> None:
        """Become known to the kernel and, unless nobody listens, to the page."""
        widget: Any = self
        if _Listening.nobody and widget.comm is None:
            widget.comm = _line_for_later()
        else:
            super().open()

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


def _line_for_later() -> Any:
    """A line to a page that will ask for the widget: nothing is said on it now."""
    line: Any = comm.create_comm(target_name="jupyter.widget", primary=False)
    comm.get_comm_manager().register_comm(line)
    if Kernel.initialized():
        # ipykernel's line learns this when it says its first word, and ipywidgets says nothing before.
        line.kernel = Kernel.instance()
    return line


class _Listening:
    nobody = False


@contextmanager
def unannounced() -> Iterator[None]:
    """While the cell of a page runs, nobody listens: what is made inside comes with the page, or when it asks."""
    _Listening.nobody = True
    try:
        yield
    finally:
        _Listening.nobody = False


_extended: dict[type, type] = {}
_keys: dict[type, tuple[str, ...]] = {}
