"""What the cells of the notebooks call: from then on, this kernel makes pages when its server asks for one."""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module
from typing import Any

import comm
from IPython.core.getipython import get_ipython
from IPython.display import display

from kit.serving.inside.keeper import Keeper
from kit.serving.inside.ready import get_ready
from kit.serving.wire import FRAME, TARGET
from kit.store import Store
from kit.views import astray
from kit.views.scripts import BASE

_MAKERS = {
    "participant": ("kit.serving.inside.participant", "participant_page"),
    "console": ("kit.serving.inside.facilitator", "console_page"),
    "screen": ("kit.serving.inside.wall", "screen_page"),
}
# The page on which results are revealed.
REVEALS = "console"
_keepers: list[Keeper] = []


def hold(kind: str) -> None:
    """Hold pages of this kind ("participant", "console", "screen"), and show where one's widgets go.

    Without a server of the kit around this kernel: say where such a page is opened.
    """
    if BASE not in os.environ:
        astray.tell(kind)
        return
    keeper = _keepers[0] if _keepers else _new_keeper()
    module, name = _MAKERS[kind]
    keeper.kinds[kind] = getattr(import_module(module), name)
    if kind == REVEALS:
        get_ready()
    display(FRAME, raw=True)


def held() -> list[str]:
    """The pages that this kernel holds now."""
    return [page for keeper in _keepers for page in keeper.pages]


def _new_keeper() -> Keeper:
    lock_the_door()
    log_to_the_server()
    line: Any = comm.create_comm(target_name=TARGET)
    store = Store.open()
    keeper = Keeper(store, lambda data, buffers: line.send(data, buffers=buffers))
    store.on_news(keeper.pass_on)
    line.on_msg(keeper.hear)
    keeper.begin()
    _keepers.append(keeper)
    return keeper


def lock_the_door() -> None:
    """Nobody opens a comm in this kernel: its one line to the server is there already."""
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is not None:
        kernel.comm_manager.targets.clear()


def log_to_the_server() -> None:
    """What the kit tells in this kernel stands where its server tells things: ipykernel would send it to a page."""
    if sys.__stderr__ is not None:
        kit = logging.getLogger("kit")
        kit.addHandler(logging.StreamHandler(sys.__stderr__))
        kit.propagate = False
