"""IPython's shell, made before the fork: a third of a kernel's start.

The shell has neither thread nor socket nor file open. What depends on the one kernel it gets in that kernel, which
takes it only where its own would come out the same; otherwise it makes its own as ever.
"""

from __future__ import annotations

import atexit
import glob
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.profiledir import ProfileDir
from IPython.paths import get_ipython_dir
from traitlets.config.loader import Config

from kit.serving.forking.arguments import APP, plain_arguments

# The shell's part of what the server asks for: with a history, it would have a thread and a file.
SETTINGS = ("--HistoryManager.enabled=False",)
STORE = "storemagic"
BUILT_IN = "IPython.extensions."
# Sections that are no concern of a shell.
_APP = frozenset({APP, "IPKernelApp"})


def prepare() -> None:
    """Make a shell for every fork of this process."""
    config = plain_arguments(SETTINGS)
    folder = get_ipython_dir()
    profile = ProfileDir.create_profile_dir_by_name(folder, "default")
    shell: Any = ZMQInteractiveShell.instance(
        config=config, ipython_dir=folder, profile_dir=profile, compiler_class=XCachingCompiler
    )
    shell.extension_manager.load_extension(STORE)
    _look_for_files(profile)
    # Some of what it needs for its first cell, it makes only then.
    shell.run_cell("pass", store_history=False, silent=True)
    shell.display_formatter.format(None)
    shell.last_execution_result = None


def _look_for_files(profile: ProfileDir) -> None:
    """Patterns of file names are compiled once; every kernel looks for files to run at its start."""
    for name in ("*.py", "*.ipy"):
        glob.glob(str(Path(profile.startup_dir, name)))
        list(Path(profile.startup_dir).glob(name))


def profile(app: Any) -> Any | None:
    """The profile of the shell that was made before, if it is the one that this application would find."""
    if not ZMQInteractiveShell.initialized() or "ProfileDir" in app.config or app.profile != "default":
        return None
    made = ZMQInteractiveShell.instance().profile_dir
    same = made.location == os.path.join(app.ipython_dir, "profile_default")
    return made if same and os.path.isdir(made.location) else None


def has_loaded(extensions: Iterable[str]) -> bool:
    """Whether the shell that was made before has these: under the short name, each kernel would look for a file."""
    loaded = ZMQInteractiveShell.instance().extension_manager.loaded
    return {f"{BUILT_IN}{name}" for name in extensions} <= loaded


def take(app: Any) -> Any | None:
    """The shell that was made before, if it suits this application; if not, it is gone."""
    if not ZMQInteractiveShell.initialized():
        return None
    shell: Any = ZMQInteractiveShell.instance()
    if _suits(shell, app):
        return shell
    atexit.unregister(shell.atexit_operations)
    sys.modules["__main__"] = shell._orig_sys_modules_main_mod
    ZMQInteractiveShell.clear_instance()
    return None


def settle(shell: Any, kernel: Any) -> None:
    """Give the shell what only its kernel has."""
    shell.kernel = shell.parent = kernel
    shell.profile_dir = kernel.profile_dir
    shell.init_environment()
    shell.starting_dir = os.getcwd()
    shell.history_manager.dir_hist[:] = [Path.cwd()]
    shell.init_pushd_popd_magic()
    shell._orig_sys_module_state |= {"stdin": sys.stdin, "stdout": sys.stdout, "stderr": sys.stderr}


def _suits(shell: Any, app: Any) -> bool:
    asked = Config({section: told for section, told in app.config.items() if told and section not in _APP})
    return (
        asked == plain_arguments(SETTINGS)
        and app.kernel_class is IPythonKernel
        and (app.ipython_dir, app.profile_dir.location) == (shell.ipython_dir, shell.profile_dir.location)
    )
