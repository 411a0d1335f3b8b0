"""What the processes below a server use: processor time, private memory, descriptors. From /proc, so Linux only."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
MB = 1e6

_USS = re.compile(r"^Private_\w+:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class _Stat:
    pid: int
    parent: int
    seconds: float
    started: int


def family(root: int) -> list[int]:
    """`root` and every living process that descends from it."""
    return [one.pid for one in _family(root)]


def cpu_seconds(root: int) -> float:
    """Processor time that a process and its descendants have used, with those that have ended and were reaped."""
    return sum(one.seconds for one in _family(root))


def cpu_of(pid: int) -> float:
    """Processor time that one process has used; 0.0 when it has ended."""
    found = _stat(pid)
    return found.seconds if found else 0.0


def private_mb(pid: int) -> float:
    """Memory that only this process has (USS), in MB of a million bytes; 0.0 when it has just ended."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return sum(int(kb) for kb in _USS.findall(told)) * 1024 / MB


def private_mb_below(root: int) -> float:
    """Private memory of a process and its descendants together, in MB."""
    return sum(private_mb(pid) for pid in family(root))


def shared_too_mb_below(root: int) -> float:
    """Memory of a process and its descendants, shared pages divided among those who share them (PSS), in MB."""
    total = 0
    for pid in family(root):
        with contextlib.suppress(OSError):
            told = Path(f"/proc/{pid}/smaps_rollup").read_text()
            found = re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)
            total += int(found[1]) if found else 0
    return total * 1024 / MB


def descriptors(pid: int) -> int:
    """How many descriptors a process has open; 0 when it has ended."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


def available_mb() -> float:
    """Memory that new processes can have without swapping, in MB."""
    told = Path("/proc/meminfo").read_text()
    found = re.search(r"^MemAvailable:\s+(\d+) kB", told, re.MULTILINE)
    return int(found[1]) * 1024 / MB if found else 0.0


@dataclass(frozen=True)
class Tree:
    """Processes by id and start time, so that a number that is used again is not taken for an old one."""

    members: frozenset[tuple[int, int]]

    @classmethod
    def below(cls, root: int) -> Tree:
        """What runs below `root` now, itself included."""
        return cls(frozenset((one.pid, one.started) for one in _family(root)))

    def living(self) -> list[int]:
        """Those that still run (a zombie counts: somebody has not reaped it)."""
        return [pid for pid, started in self.members if (stat := _stat(pid)) and stat.started == started]

    def end(self, patience: float = 10.0) -> list[int]:
        """Wait until all have ended by themselves, then kill the rest; returns those that had to be killed."""
        deadline = time.monotonic() + patience
        while (left := self.living()) and time.monotonic() < deadline:
            time.sleep(0.05)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return left


def _family(root: int) -> list[_Stat]:
    stats = {stat.pid: stat for stat in map(_stat, _numbers()) if stat}
    children: dict[int, list[int]] = {}
    for stat in stats.values():
        children.setdefault(stat.parent, []).append(stat.pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        if pid in stats:
            found.append(stats[pid])
        waiting.extend(children.get(pid, []))
    return found


def _numbers() -> Iterable[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid: int) -> _Stat | None:
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name in brackets may hold spaces; what follows it starts with the third field.
    fields = told.rpartition(")")[2].split()
    own, reaped = (sum(int(fields[i]) for i in pair) / TICK for pair in ((11, 12), (13, 14)))
    return _Stat(pid, int(fields[1]), max(_run_time(pid), own) + reaped, int(fields[19]))


def _run_time(pid: int) -> float:
    """Seconds that the threads which live have run, to the nanosecond; 0.0 where the system does not tell.

    The usual figure counts whoever happens to run when the clock ticks, a hundred times a second; but it has the
    threads that have ended too, so that the larger of both is nearer to what was used.
    """
    total = 0
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                total += int(Path(f"/proc/{pid}/task/{thread}/schedstat").read_text().split()[0])
    except OSError:
        return 0.0
    return total / 1e9
