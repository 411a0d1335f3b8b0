"""The machine and the versions that figures belong to."""

from __future__ import annotations

import os
import platform
import re
from datetime import date
from importlib.metadata import version
from pathlib import Path

from bench.rows import words

PACKAGES = ("voila", "jupyter-server", "jupyter-client", "ipykernel", "ipywidgets", "pyzmq", "tornado", "playwright")


def described(lang: str = "en") -> str:
    """One sentence."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return str(words()["made"][lang]).format(
        date=date.today().isoformat(), cores=len(os.sched_getaffinity(0)), cpu=_cpu(), memory=_memory_gb(),
        system=_system(), python=platform.python_version(), versions=versions,
    )  # fmt: skip


def _cpu() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.system()
    return f"{name}, {platform.system()} {platform.release().split('-')[0]}"
