"""The few things that Linux offers and Python has no function for."""

from __future__ import annotations

import ctypes
import os

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36
# Since Linux 6.9: the signal goes to the process group of the process that the descriptor stands for.
PIDFD_SIGNAL_PROCESS_GROUP = 4

_system = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signum: int) -> None:
    """Have the system send this process a signal when its parent ends, however that comes about."""
    _prctl(PR_SET_PDEATHSIG, signum)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def set_name(name: str) -> None:
    """What `ps` and `top` call this process: at most 15 bytes."""
    _prctl(PR_SET_NAME, ctypes.c_char_p(name.encode()))


def _prctl(option: int, value: object) -> None:
    if _system.prctl(option, value, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
