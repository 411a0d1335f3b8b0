"""The kernels below a server, found from outside: by their command line or by the sockets that they listen on."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_KERNEL = re.compile(r"kernel-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_INODE = re.compile(r"socket:\[(\d+)\]")
_LISTENS = "00010000"


def kernels_below(server: int) -> dict[int, str]:
    """Every kernel among the processes that descend from `server`: process id → kernel id."""
    listening = dict(_listening_kernels())
    found = {}
    for pid, command in _descendants(server):
        named = _KERNEL.search(command) if "ipykernel" in command else None
        kernel = named[1] if named else next((listening[one] for one in _sockets(pid) if one in listening), None)
        if kernel:
            found[pid] = kernel
    return found


def is_running(pid: int) -> bool:
    """Whether this process runs; one that has ended and waits to be collected does not."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(told.stdout.strip()) and not told.stdout.strip().startswith("Z")


def environment_of(pid: int) -> dict[str, str]:
    """The environment that a process was started with (Linux)."""
    raw = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    return dict(line.split("=", 1) for line in raw.split("\0") if "=" in line)


def _descendants(server: int) -> Iterator[tuple[int, str]]:
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True)
    children: dict[int, list[tuple[int, str]]] = {}
    for line in told.stdout.splitlines():
        pid, parent, state, *command = line.split(None, 3)
        if not state.startswith("Z"):
            children.setdefault(int(parent), []).append((int(pid), command[0] if command else ""))
    waiting = [server]
    while waiting:
        for pid, command in children.get(waiting.pop(), []):
            yield pid, command
            waiting.append(pid)


def _listening_kernels() -> Iterator[tuple[str, str]]:
    """Inode of a listening socket → id of the kernel that it was made for."""
    if sys.platform != "linux":
        return
    for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
        fields = line.split()
        kernel = _KERNEL.search(fields[7]) if len(fields) > 7 else None
        if kernel and fields[3] == _LISTENS:
            yield fields[6], kernel[1]


def _sockets(pid: int) -> Iterator[str]:
    if sys.platform != "linux":
        return
    try:
        for one in Path(f"/proc/{pid}/fd").iterdir():
            found = _INODE.match(str(one.readlink()))
            if found:
                yield found[1]
    except OSError:
        return  # It has just ended.
