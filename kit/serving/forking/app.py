"""Jupyter's kernel as it runs in a fork: the same kernel, which touches less of the memory that forks share.

A page that a kernel writes to is copied, and counting a reference to an object is writing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import ipykernel.ipkernel
import IPython.core.shellapp
import zmq
from ipykernel.kernelapp import IPKernelApp
from traitlets.config.loader import Config, DeferredConfigString

# How long (seconds) the control thread may take to end.
LAST_WORDS = 2.0
_SETTING = re.compile(r"--(?P<section>[A-Z]\w*)\.(?P<name>\w+)=(?P<value>.*)", re.DOTALL)


class ForkedKernelApp(IPKernelApp):
    """Says when its sockets are bound (`on_bound`): whoever connects before waits 100 ms and more.

    `loaded` names the modules that were loaded before the first fork.
    """

    on_bound: Callable[[], None] | None = None
    loaded: frozenset[str] = frozenset()

    def parse_command_line(self, argv: Sequence[str] | None = None) -> None:
        """Arguments of the plain kind need no parser that visits every setting there is (4 MB)."""
        plain = plain_arguments(sys.argv[1:] if argv is None else argv)
        if plain is None:
            super().parse_command_line(argv)
        else:
            self.cli_config = plain
            self.update_config(plain)

    def init_poller(self) -> None:
        """No thread that asks every second whether the parent lives: the system tells."""

    def init_io(self) -> None:
        """Called right after the sockets were bound."""
        if self.on_bound is not None:
            self.on_bound()
        super().init_io()

    def init_code(self) -> None:
        """Called last: the shell remembers which modules were there from the start."""
        super().init_code()
        self.shell._sys_modules_keys = self.loaded

    def start(self) -> None:
        """Run until the end, and let the control thread say its last while there is a thread that sends it.

        At the exit of a process that one is stopped first, and now and then the other waits for it forever.
        """
        super().start()
        if self.control_thread is not None and self.control_thread.is_alive():
            self.control_thread.stop()
            self.control_thread.join(LAST_WORDS)


class _FewModules(ModuleType):
    """`sys`, except that no modules are loaded."""

    modules: dict[str, ModuleType] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(sys, name, value)


def list_no_modules() -> None:
    """Every kernel would list the files of all modules, for a debugger that is not there (5 MB), and their names.

    The names are kept for "%reset --aggressive", which unloads what came since: kernels share one list (1 MB).
    """
    for lister in (ipykernel.ipkernel, IPython.core.shellapp):
        vars(lister)["sys"] = _FewModules("sys")


def touch_annotations() -> None:
    """Asked for its annotations, a class without any is changed, and every class that inherits from it (1 MB).

    pyzmq asks whenever an option is set; asked here, it is over before the first fork.
    """
    for kind in (*zmq.Socket.__mro__, *zmq.Context.__mro__):
        getattr(kind, "__annotations__", None)


def plain_arguments(argv: Sequence[str]) -> Config | None:
    """`-f FILE` and `--Section.name=value` as configuration; None when there is anything else, or more than one."""
    config = Config()
    rest = iter(argv)
    for argument in rest:
        if argument == "-f":
            argument = f"--{ForkedKernelApp.__name__}.connection_file={next(rest, '')}"
        found = _SETTING.fullmatch(argument)
        if found is None or found["name"] in config[found["section"]]:
            return None
        config[found["section"]][found["name"]] = DeferredConfigString(found["value"])
    return config


list_no_modules()
touch_annotations()
