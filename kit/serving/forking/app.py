"""Jupyter's kernel as it runs in a fork: the same kernel, which touches less of the memory that forks share.

A page that a kernel writes to is copied, and counting a reference to an object is writing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any

import ipykernel.ipkernel
import ipykernel.kernelapp
import IPython.core.shellapp
import zmq
from ipykernel.heartbeat import Heartbeat
from ipykernel.kernelapp import IPKernelApp
from traitlets import Bool, default
from traitlets.config.loader import Config

from kit.serving.forking import output
from kit.serving.forking import shell as ready
from kit.serving.forking.arguments import plain_arguments

# How long (seconds) the control thread may take to end.
LAST_WORDS = 2.0
# Older versions of ipykernel, or of jupyter_client, have none.
_HEARTBEAT_KEYS = {"curve_publickey", "curve_secretkey"} & set(signature(Heartbeat).parameters)


class ForkedKernelApp(IPKernelApp):
    """Says when its sockets are bound (`on_bound`): whoever connects before waits 100 ms and more.

    `loaded` names the modules that were loaded before the first fork.
    """

    on_bound: Callable[[], None] | None = None
    loaded: frozenset[str] = frozenset()

    subshells = Bool(True, help="Whether clients may ask for subshells, for which each message passes two threads.")
    subshells.tag(config=True)

    def parse_command_line(self, argv: Sequence[str] | None = None) -> None:
        """Arguments of the plain kind need no parser that visits every setting there is (4 MB)."""
        plain = plain_arguments(sys.argv[1:] if argv is None else argv)
        if plain is None:
            super().parse_command_line(argv)
        else:
            self.cli_config = plain
            self.config.merge(plain)
            self._load_config(plain)
        # Otherwise each note that nobody wants to read is made, and then put aside.
        self.log.setLevel(self.log_level)

    def init_profile_dir(self) -> None:
        """That of the shell which was made before the fork, where it is the same folder."""
        profile = None if self.trait_has_value("profile_dir") else ready.profile(self)
        if profile is None:
            super().init_profile_dir()
        else:
            self.profile_dir = profile
            self.config_file_paths.append(profile.location)

    def load_config_file(self, *args: Any, **kwargs: Any) -> None:
        """Looking for files of which there are none takes a tenth of a kernel's start."""
        stems = {Path(name).stem for name in ("ipython_config.py", *self.config_files) if name}
        names = [stem + ending for stem in stems for ending in (".py", ".json")]
        if any(os.path.exists(os.path.join(folder, name)) for folder in self.config_file_paths for name in names):
            super().load_config_file(*args, **kwargs)

    def update_config(self, config: Config) -> None:
        """What is as it should be already need not be told to every setting again."""
        if config != self.config:
            super().update_config(config)

    def init_poller(self) -> None:
        """No thread that asks every second whether the parent lives: the system tells."""

    @default("outstream_class")
    def _outstream(self) -> str:
        return f"{output.__name__}.OutStream"

    def init_sockets(self) -> None:
        """Every message is copied: sending a long one without would take another thread and another ZeroMQ context."""
        self.session.copy_threshold = sys.maxsize
        super().init_sockets()

    def init_control(self, context: Any) -> None:
        """Without the thread that deals messages out to subshells, where nobody will ask for one."""
        super().init_control(context)
        if not self.subshells:
            self.shell_channel_thread = None

    def init_heartbeat(self) -> None:
        """Over the context that is there: no message that Python would have to free leaves through it, so that
        Python's lock never holds its thread up, which is why Jupyter has another one with two more threads."""
        mine: Any = self
        keys = {name: getattr(self, name) for name in _HEARTBEAT_KEYS if hasattr(self, name)}
        self.heartbeat = Heartbeat(self.context, (self.transport, self.ip, mine.hb_port), **keys)
        mine.hb_port = self.heartbeat.port
        self.heartbeat.start()

    def close(self) -> None:
        """In order; the heart stops with the context."""
        self.heartbeat = None
        super().close()

    def init_io(self) -> None:
        """Called right after the sockets were bound."""
        if self.on_bound is not None:
            self.on_bound()
        super().init_io()

    def init_kernel(self) -> None:
        """With the shell that was made before the fork, where that is what this kernel asks for."""
        shell = ready.take(self)
        super().init_kernel()
        if shell is not None:
            ready.settle(shell, self.kernel)

    def init_extensions(self) -> None:
        """Those that were loaded before the fork are there."""
        if not ready.has_loaded([*self.default_extensions, *self.extensions, *self.extra_extensions]):
            super().init_extensions()

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


def prepare(loaded: frozenset[str]) -> None:
    """Make what every fork of this process starts from: the application with its log, the shell."""
    ForkedKernelApp.loaded = loaded
    app = ForkedKernelApp.instance()
    app.log.debug("a kernel is about to be forked")
    ready.prepare()


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


def say_in_fewer_turns() -> None:
    """The thread that sends is made by the module's name for it."""
    vars(ipykernel.kernelapp)["IOPubThread"] = output.IOPubThread


def touch_annotations() -> None:
    """Asked for its annotations, a class without any is changed, and every class that inherits from it (1 MB).

    pyzmq asks whenever an option is set; asked here, it is over before the first fork.
    """
    for kind in (*zmq.Socket.__mro__, *zmq.Context.__mro__):
        getattr(kind, "__annotations__", None)


list_no_modules()
say_in_fewer_turns()
touch_annotations()
