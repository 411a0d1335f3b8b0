"""Kernels that fork from one warmed-up process: a kernel provisioner for Linux, called "kit-fork".

    server ── guard ── warm process ─┬─ kernel
                                     └─ kernel …

provisioner.py  what Jupyter talks to; launches the ordinary way wherever forking is not possible
pool.py         the server's warm processes: one for each interpreter and list of modules, made anew when
                the package's files change
start.py        has one kernel forked, or makes certain that it is not
streams.py      where a kernel's output is to go, in every form that `subprocess` takes
fingerprint.py  whether the package's files have changed
kernel.py       one forked kernel as its server sees it
wire.py         what the processes say to each other
guard.py        outlives the warm process and the server for a moment: no orphan, no zombie, no file stays
warm.py         imports everything once, stays single-threaded, forks
child.py        turns a fork into a kernel
app.py          Jupyter's kernel, which touches less of the memory that forks share
output.py       what a kernel says, with fewer turns between threads
bell.py         wakes kernels when the store has news; until then they sleep
arguments.py    a kernel's command line, without the parser that visits every setting
shell.py        IPython's shell, made before the fork
trial.py        a page made for nobody, so that kernels need not do everything for the first time
heap.py         no holes in the memory that is shared
layout.py       what every kernel uses lies side by side; `layout.txt` says what that is
participant.py  what a participant's page needs, imported by the warm process
linux.py        the system calls that Python has no function for

Set KIT_FORK=0 to launch kernels the ordinary way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["PARTICIPANT", "PROVISIONER", "close", "register", "warm_up"]

PROVISIONER = "kit-fork"
# The modules that a warm process imports beside Jupyter's own.
PARTICIPANT = ("kit.serving.forking.participant",)


def register() -> None:
    """Make the provisioner known to Jupyter, also where the package's entry points are not installed."""
    from importlib.metadata import EntryPoint

    from jupyter_client.provisioning import KernelProvisionerFactory

    factory = KernelProvisionerFactory.instance()
    target = f"{__name__}.provisioner:ForkProvisioner"
    factory.provisioners.setdefault(PROVISIONER, EntryPoint(PROVISIONER, target, factory.GROUP_NAME))


def warm_up(preload: Sequence[str] = PARTICIPANT, env: Mapping[str, str] | None = None, folder: str = "") -> None:
    """Start the warm process for this interpreter now, so that the first kernel need not wait for it.

    env     what kernels have in their environment beside this process's own: KIT_STORE, if they all use one store
    folder  made for this process alone: when it is killed, the guard removes the folder with all that is in it
    Returns at once; does nothing where kernels do not fork.
    """
    from kit.serving.forking.pool import pool, why_not

    if why_not() is None:
        pool().folder = folder
        pool().get_for_this_interpreter(tuple(preload), env)


def close() -> None:
    """Let this process's warm processes go: each ends with its last kernel."""
    from kit.serving.forking.pool import pool

    pool().close()
