"""Whoever is killed, in whichever order: no orphan, no zombie and no file stays."""

import contextlib
import ctypes
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels fork on Linux only")

DEADLINE = 30.0
KERNELS = 3

# A server: it starts kernels, says where they are, and goes on until its stdin ends. "more" has it start another.
SERVER = """
import asyncio, json, os, sys
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from kit.serving import forking

forking.register()
folder, how_many = sys.argv[1], int(sys.argv[2])
forking.warm_up([], folder=folder)

class Specs(KernelSpecManager):
    def get_kernel_spec(self, kernel_name):
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False"]
        wanted = {"provisioner_name": forking.PROVISIONER, "config": {"preload": []}}
        return KernelSpec(argv=argv, display_name="t", language="python", metadata={"kernel_provisioner": wanted})

async def start(number):
    file = os.path.join(folder, f"k{number}.json")
    manager = AsyncKernelManager(kernel_spec_manager=Specs(), transport="ipc", connection_file=file)
    await manager.start_kernel()
    return manager

async def main():
    managers = await asyncio.gather(*(start(number) for number in range(how_many)))
    print(json.dumps([one.provisioner.pid for one in managers]), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if line == "poll\\n":
            print(json.dumps([await one.provisioner.poll() for one in managers]), flush=True)
        elif line == "spawn\\n":
            client = managers[0].client()
            client.start_channels()
            code = "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"
            await client.execute_interactive(code, output_hook=lambda m: print(m["content"].get("text", ""), end=""))
            sys.stdout.flush()
            client.stop_channels()
        elif line == "more\\n":
            managers.append(await start(len(managers)))
            print(json.dumps(managers[-1].provisioner.pid), flush=True)
    if "politely" in sys.argv:
        await asyncio.gather(*(one.shutdown_kernel(now=True) for one in managers))

asyncio.run(main())
"""


class Family:
    """A server, its guard, its warm process and its kernels."""

    def __init__(self, folder, *arguments):
        self.folder = folder
        command = [sys.executable, "-c", SERVER, folder, str(KERNELS), *arguments]
        env = {name: value for name, value in os.environ.items() if name != "KIT_FORK"}
        self.popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        self.kernels = self._heard()
        self.server = self.popen.pid
        self.warm = parent(self.kernels[0])
        self.guard = parent(self.warm)
        self.all = {*self.kernels, self.server, self.warm, self.guard}

    def ask(self, what):
        self.popen.stdin.write(what + "\n")
        self.popen.stdin.flush()
        return self._heard()

    def _heard(self):
        return json.loads(self.popen.stdout.readline())

    def kill(self, who):
        """SIGKILL the server, the guard, the warm process or one kernel, if it is still there."""
        pid = self.kernels[0] if who == "kernel" else getattr(self, who)
        if state(pid) not in (None, "Z"):
            # It may end in this very moment, as whoever is killed before takes others along.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if who == "server":
            self.popen.wait()

    def settled(self):
        """Nobody is a zombie that somebody else than this test should have reaped."""
        until(lambda: not zombies(self.server), "reaping")

    def gone(self):
        """Everyone has ended."""
        until(lambda: not reap_orphans(self.server) and not descendants(self.server), "the end of all")
        until(lambda: all(state(one) is None for one in self.all), "the end of all")

    def end(self):
        self.popen.stdin.close()
        self.popen.stdout.close()
        if self.popen.poll() is None:
            self.popen.kill()
            self.popen.wait()


def until(true, what):
    last = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < last, f"{what} did not come about"
        time.sleep(0.01)


def stat(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def state(pid):
    found = stat(pid)
    return found[0] if found and found[0] != "X" else None


def parent(pid):
    return int(stat(pid)[1])


def children(pid):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (known := stat(entry.name)) and int(known[1]) == pid:
            found.append(int(entry.name))
    return found


def descendants(pid):
    found = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


def zombies(server):
    return [one for one in descendants(server) if state(one) == "Z"]


def reap_orphans(server):
    """This test process stands in for init: orphans become its children. Those that still run are returned."""
    left = []
    for child in children(os.getpid()):
        if child != server:
            pid, _ = os.waitpid(child, os.WNOHANG)
            left += [] if pid else [child]
    return left


@pytest.fixture(autouse=True)
def heir():
    """Orphans come here, whatever the machine's init does with them."""
    subreaper = 36
    libc = ctypes.CDLL(None)
    assert libc.prctl(subreaper, 1, 0, 0, 0) == 0
    before = set(children(os.getpid()))
    yield
    assert set(children(os.getpid())) <= before
    libc.prctl(subreaper, 0, 0, 0, 0)


@pytest.fixture
def family():
    started = []

    def start(*arguments):
        started.append(Family(tempfile.mkdtemp(prefix="kk"), *arguments))
        return started[-1]

    yield start
    for one in started:
        one.end()
        one.gone()
        for file in Path(one.folder).glob("*"):
            file.unlink()
        if Path(one.folder).exists():
            Path(one.folder).rmdir()


@pytest.mark.parametrize("pause", [False, True], ids=["at once", "one by one"])
@pytest.mark.parametrize("order", list(itertools.permutations(["warm", "server", "kernel"])), ids="-".join)
def test_killed_in_this_order_nobody_and_nothing_stays(family, order, pause):
    one = family()
    assert len(os.listdir(one.folder)) > KERNELS
    for who in order:
        one.kill(who)
        if pause:
            one.settled()
    one.gone()
    until(lambda: not os.path.exists(one.folder), "tidying up")


@pytest.mark.parametrize("second", ["server", "warm", "kernel"])
def test_with_its_guard_killed_nobody_stays(family, second):
    one = family()
    one.kill("guard")
    one.kill(second)
    until(lambda: all(state(pid) in (None, "Z") for pid in (one.warm, *one.kernels)), "the end of the kernels")
    one.kill("server")
    one.gone()


@pytest.mark.parametrize("who", ["warm", "guard"])
def test_a_server_that_lives_on_learns_of_its_kernels_end_and_starts_others(family, who):
    one = family()
    one.kill(who)
    until(lambda: one.ask("poll") == [-signal.SIGKILL] * KERNELS, "the news")
    another = one.ask("more")
    assert state(another) not in (None, "Z")
    assert parent(another) != one.warm
    assert one.ask("poll")[-1] is None


def test_one_killed_kernel_is_reaped_and_the_others_go_on(family):
    one = family()
    one.kill("kernel")
    until(lambda: state(one.kernels[0]) is None, "reaping")
    assert one.ask("poll") == [-signal.SIGKILL, None, None]
    assert parent(one.ask("more")) == one.warm


def test_a_warm_process_that_is_stopped_does_not_keep_a_dead_server_s_kernels_alive(family):
    one = family()
    os.kill(one.warm, signal.SIGSTOP)
    # One more is asked for, whose files the guard has not heard of.
    one.popen.stdin.write("more\n")
    one.popen.stdin.flush()
    until(lambda: os.path.exists(f"{one.folder}/k{KERNELS}.json"), "its connection file")
    one.kill("server")
    one.gone()
    until(lambda: not os.path.exists(one.folder), "tidying up")


@pytest.mark.parametrize("who", ["server", "warm", "kernel"])
def test_what_a_cell_has_started_ends_with_its_kernel(family, who):
    one = family()
    sleeper = one.ask("spawn")
    assert state(sleeper) not in (None, "Z")
    one.kill(who)
    until(lambda: reap_orphans(one.server) is not None and state(sleeper) is None, "its end")


def test_a_server_that_ends_politely_leaves_nothing_either(family):
    one = family("politely")
    one.popen.stdin.close()
    one.popen.wait(DEADLINE)
    assert one.popen.returncode == 0
    one.gone()
    assert os.listdir(one.folder) == []


def test_a_server_that_just_ends_leaves_nothing_either(family):
    one = family()
    one.popen.stdin.close()
    one.popen.wait(DEADLINE)
    one.gone()
    until(lambda: not os.path.exists(one.folder), "tidying up")
