"""Kernels that fork: they behave as ordinary ones do, and where they cannot, ordinary ones take their place."""

import asyncio
import contextlib
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels fork on Linux only")

import ipywidgets  # noqa: E402
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager  # noqa: E402
from jupyter_client.manager import AsyncKernelManager, KernelManager  # noqa: E402

from kit.serving import forking  # noqa: E402
from kit.serving.forking import bell, wire  # noqa: E402
from kit.serving.forking import guard as guards  # noqa: E402
from kit.serving.forking import pool as pools  # noqa: E402
from kit.serving.forking import provisioner as provisioners  # noqa: E402
from kit.serving.forking.app import ForkedKernelApp  # noqa: E402
from kit.serving.forking.arguments import plain_arguments  # noqa: E402
from kit.serving.forking.guard import Guard  # noqa: E402
from kit.serving.forking.kernel import ForkedKernel  # noqa: E402
from kit.serving.forking.pool import pool  # noqa: E402
from kit.serving.forking.trial import try_page  # noqa: E402
from kit.session import Mode, Plan, Sector, Session, State, new_code, new_id  # noqa: E402
from kit.store import Store  # noqa: E402

DEADLINE = 30.0
FORKED, ORDINARY = "forked", "ordinary"

# What a program can find out about the process that it runs in.
FACTS = """
import json, os, resource, signal, sys, threading, time
umask = os.umask(0o22)
os.umask(umask)
print(json.dumps({
    "cwd": os.getcwd(),
    "argv": sys.argv,
    "path": sys.path,
    "env": {k: v for k, v in os.environ.items() if k != "KIT_FORK" and not k.startswith("PYDEVD_")},
    "signals": {s.name: str(signal.getsignal(s)) for s in signal.Signals if s != signal.SIGINT},
    "blocked": [int(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
    "own group": os.getpgid(0) == os.getpid(),
    "own session": os.getsid(0) == os.getpid(),
    "files": resource.getrlimit(resource.RLIMIT_NOFILE),
    "umask": umask,
    "stdin": os.read(0, 10).decode(),
    "main": sorted(k for k in sys.modules["__main__"].__dict__ if not k.startswith("_")),
    "zone": time.tzname,
    "threads": sorted(t.name for t in threading.enumerate() if not t.name.startswith("Thread-")),
    "debugger waits": "debugpy" in sys.modules,
}))
"""


class Specs(KernelSpecManager):
    """One kernelspec, with some modules to preload."""

    preload: list = []
    patience = 60.0

    def get_kernel_spec(self, kernel_name):
        config = {"preload": self.preload, "patience": self.patience}
        return KernelSpec(
            argv=[
                sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}",
                "--HistoryManager.enabled=False", "--IPKernelApp.log_level=40",
            ],
            display_name="test", language="python", name=kernel_name,
            metadata={"kernel_provisioner": {"provisioner_name": forking.PROVISIONER, "config": config}},
        )  # fmt: skip


class Kernel:
    """A running kernel and a client of it."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    @property
    def process(self):
        return self.manager.provisioner.process

    @property
    def pid(self):
        return self.manager.provisioner.pid

    async def run(self, code):
        """The reply of one cell and what it printed."""
        printed = []

        def hear(message):
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = await self.client.execute_interactive(code, timeout=DEADLINE, output_hook=hear)
        return reply["content"], "".join(printed)

    async def value(self, expression):
        """A Python value that the kernel printed as JSON."""
        content, printed = await self.run(f"import json; print(json.dumps({expression}))")
        assert content["status"] == "ok", content
        return json.loads(printed)

    async def ready(self):
        await self.client.wait_for_ready(timeout=DEADLINE)

    async def gone(self):
        await until(lambda: not alive(self.pid))
        while await self.manager.provisioner.poll() is None:
            await asyncio.sleep(0.01)
        return await self.manager.provisioner.poll()


@contextlib.asynccontextmanager
async def kernel(folder, transport="ipc", specs=Specs, **how):
    file = Path(folder, f"k{time.monotonic_ns()}.json")
    manager = AsyncKernelManager(kernel_spec_manager=specs(), transport=transport, connection_file=str(file))
    await manager.start_kernel(**how)
    client = manager.client()
    client.start_channels()
    one = Kernel(manager, client)
    try:
        await one.ready()
        yield one
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def until(true, what="it"):
    """Wait until something is true."""
    last = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < last, f"{what} did not come about"
        await asyncio.sleep(0.01)


def alive(pid):
    return state(pid) not in (None, "Z", "X")


def state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


def parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def children(pid):
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def name(pid):
    return Path(f"/proc/{pid}/comm").read_text().strip()


@pytest.fixture(scope="module", autouse=True)
def registered():
    forking.register()
    # A soft limit of its own, which kernels are to have although the warm process raises it for itself.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    guards = [place.warm.guard for place in pool()._places.values() if place.warm is not None]
    forking.close()
    last = time.monotonic() + DEADLINE
    while any(map(alive, guards)):
        assert time.monotonic() < last, "a warm process did not end"
        time.sleep(0.01)


@pytest.fixture
def folder():
    """A short path: a socket's name has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="kf") as made:
        yield made


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Nothing said yet, and forking not switched off for the whole run."""
    monkeypatch.delenv(pools.SWITCH, raising=False)
    provisioners._told.clear()


@pytest.fixture
def said(caplog):
    """The log lines of the provisioner."""
    caplog.set_level(logging.INFO)
    return lambda: [one.getMessage() for one in caplog.records if "not forked" in one.getMessage()]


@pytest.fixture(params=[FORKED, ORDINARY])
def way(request, monkeypatch):
    if request.param == ORDINARY:
        monkeypatch.setenv(pools.SWITCH, "0")
    return request.param


def is_forked(one):
    return isinstance(one.process, ForkedKernel)


def test_a_kernel_forks_from_a_warm_process_that_a_guard_guards(folder):
    async def go():
        async with kernel(folder) as one:
            assert is_forked(one)
            warm = parent(one.pid)
            assert (name(one.pid), name(warm), name(parent(warm))) == ("kit-kernel", "kit-warm", "kit-guard")
            assert parent(parent(warm)) == os.getpid()
            assert await one.value("6 * 7") == 42

    asyncio.run(go())


def test_a_guard_forgets_the_files_of_a_kernel_that_has_ended(folder):
    kept, gone, late = (f"{folder}/{name}" for name in ("kept", "gone", "late"))
    ours, theirs = wire.pair()
    with ours, theirs:
        guard = Guard(-1, -1, -1, ours, bell.Bell(""), "")
        for number, file in enumerate((gone, kept), start=1):
            guard.hear({"files": [file]})
            guard.hear({"born": number})
        guard.hear({"files": [late]})
        Path(kept).touch()
        assert sorted(guard.files()) == [gone, kept, late]
        # No file of the first is there yet, and it may make one as long as it lives.
        guard.hear({"died": 2})
        assert sorted(guard.files()) == [gone, kept, late]
        guard.hear({"died": 1})
        guard.hear({"born": 3})
        # Not looked for before somebody ends again: the server removes them a moment after it is told.
        assert sorted(guard.files()) == [gone, kept, late]
        guard.hear({"died": 3})
        assert sorted(guard.files()) == [kept, late]


def test_a_guard_looks_at_few_files_for_each_kernel_and_at_all_in_time(folder, monkeypatch):
    there, looked = set(), []
    monkeypatch.setattr(os.path, "lexists", lambda file: bool(looked.append(file)) or file in there)
    ours, theirs = wire.pair()
    with ours, theirs:
        guard = Guard(-1, -1, -1, ours, bell.Bell(""), "")

        def end(kernels):
            for number in kernels:
                files = [f"{number}-{part}" for part in range(6)]
                there.update(files)
                guard.hear({"files": files})
                guard.hear({"born": number})
                guard.hear({"died": number})

        end(range(1, 301))
        assert len(guard.files()) == 1800
        for number in range(301, 601):
            # The server has removed those before.
            there.clear()
            end([number])
        assert len(guard.files()) <= 2 * guards.LOOKS
        assert len(looked) <= 600 * guards.LOOKS


@pytest.mark.parametrize("transport", ["ipc", "tcp"])
def test_a_program_finds_the_same_process_around_it(folder, monkeypatch, transport):
    async def facts():
        env = {**os.environ, "TZ": "America/St_Johns", "ONLY_HERE": "yes \udc80", "PYTHONUTF8": "1"}
        async with kernel(folder, transport, env=env, cwd=folder) as one:
            _, printed = await one.run(FACTS)
            found = json.loads(printed)
            assert found["argv"].pop(2) == os.path.realpath(one.manager.connection_file)
            return is_forked(one), found

    forked, mine = asyncio.run(facts())
    monkeypatch.setenv(pools.SWITCH, "0")
    ordinary, theirs = asyncio.run(facts())
    assert (forked, ordinary) == (True, False)
    # An ordinary kernel loads the debugger and asks every second whether its parent lives.
    assert theirs.pop("debugger waits") is True
    assert mine.pop("debugger waits") is False
    assert mine["env"]["ONLY_HERE"] == "yes \udc80"
    assert mine["zone"][0] == "NST"
    assert set(mine.pop("env").items()) ^ set(theirs.pop("env").items()) == set()
    assert mine == theirs


# What a program can find out about its shell.
SHELL = """
import json, os, sys
shell = get_ipython()
print(json.dumps({
    "type": type(shell).__name__,
    "kernel": shell.kernel is shell.parent is not None,
    "log": shell.log is shell.kernel.log,
    "folders": [shell.ipython_dir, shell.profile_dir.location, shell.starting_dir, shell.home_dir],
    "history": [str(shell.history_manager.hist_file), shell.history_manager.enabled, *map(str, _dh)],
    "names": sorted(name for name in globals() if name not in ("json", "os", "sys")),
    "main": sys.modules["__main__"].__dict__ is globals(),
    "magics": sorted(shell.magics_manager.magics["line"]),
    "extensions": sorted(shell.extension_manager.loaded),
    "inputs": [shell.execution_count, In],
    "env": {name: os.environ.get(name) for name in ("TERM", "PAGER", "CLICOLOR")},
    "streams": [kept.name for kept in (shell._orig_sys_module_state[name] for name in ("stdout", "stderr"))],
}))
"""
PREPARED = "not any(one is get_ipython() for one in __import__('gc').get_objects())"


def test_a_shell_made_before_the_fork_is_like_any_other(folder, monkeypatch):
    async def facts(prepared):
        async with kernel(folder, cwd=folder) as one:
            found = json.loads((await one.run(SHELL))[1])
            assert await one.value(PREPARED) is prepared
            return found

    mine = asyncio.run(facts(True))
    monkeypatch.setenv(pools.SWITCH, "0")
    assert mine == asyncio.run(facts(False))


@pytest.mark.parametrize(
    ("asked", "home"), [("--HistoryManager.enabled=True", False), ("--InteractiveShell.xmode=Plain", False), ("", True)]
)
def test_a_kernel_that_asks_for_another_shell_makes_its_own(folder, asked, home):
    class Asking(Specs):
        def get_kernel_spec(self, kernel_name):
            spec = super().get_kernel_spec(kernel_name)
            if asked.startswith("--HistoryManager"):
                spec.argv.remove("--HistoryManager.enabled=False")
            spec.argv += [asked] if asked else []
            return spec

    async def go():
        env = dict(os.environ) | ({"IPYTHONDIR": folder} if home else {})
        async with kernel(folder, specs=Asking, env=env) as one:
            assert is_forked(one)
            assert await one.value(PREPARED) is False
            told = "[get_ipython().xmode, get_ipython().history_manager.enabled, get_ipython().ipython_dir]"
            xmode, history, place = await one.value(told)
            assert (xmode == "Plain") is ("xmode" in asked)
            assert history is ("HistoryManager" in asked)
            assert (place == folder) is home
            assert (await one.run("%pwd"))[0]["status"] == "ok"

    asyncio.run(go())


def test_a_kernel_hears_that_the_store_has_news_and_sleeps_until_then(folder, monkeypatch):
    """Not when somebody answers: that concerns nobody else."""
    place = str(Path(folder, "s.db"))
    listens = """
from kit.serving.forking import bell
rung = []
listening = bell.listen(lambda: rung.append(1))
"""

    class Default(Specs):
        preload = list(forking.PARTICIPANT)

    async def go(store, session, person):
        async with kernel(folder, specs=Default, env={**os.environ, "KIT_STORE": place}) as one:
            await one.run(listens)
            assert await one.value("listening")
            for revision in (1, 2, 3):
                store.answers.save(person.id, "reflection", "a", "b", revision)
                await asyncio.sleep(bell.LOOK / 1000)
            assert await one.value("rung") == []
            store.sessions.set_state(session.id, "reflection", State.CLOSED)
            last = time.monotonic() + DEADLINE
            while await one.value("rung") != [1]:
                assert time.monotonic() < last

    with Store.open(place) as store:
        plans = (Plan("reflection", (), State.OPEN),)
        session = store.sessions.add(Session(new_id(), new_code(), "-", "fr", Mode.ANONYMOUS, 5, plans), "-")
        person, _ = store.seats.take(session, Sector.OTHER, None, "fr")
        asyncio.run(go(store, session, person))


def test_a_kernel_of_a_server_without_a_store_has_no_bell(folder):
    async def go():
        async with kernel(folder) as one:
            assert await one.value("__import__('kit.serving.forking.bell', fromlist=['']).listen(print)") is False

    asyncio.run(go())


FRAGMENTED = """
import sys
from kit.serving.forking.heap import fill_holes, python_holes
kept = [[bytes(n) for _ in range(3000)][::3] for n in range(20, 400, 40)]
before = sum(size * free for size, free in python_holes())
fill_holes()
after = sum(size * free for size, free in python_holes())
print(before, after)
"""


def test_no_holes_stay_in_the_memory_that_kernels_share():
    """What is left are new pools, one for each size."""
    told = subprocess.run([sys.executable, "-c", FRAGMENTED], capture_output=True, text=True, check=True)
    before, after = map(int, told.stdout.split())
    assert before > 3_000_000
    assert after < 500_000
    assert told.stderr == ""


def test_a_page_is_tried_before_the_first_fork_and_leaves_nothing(tmp_path):
    with Store.open(tmp_path / "s.db") as store:
        try_page(store)
        assert store.sessions.all() == []
        assert not ipywidgets.Widget.widgets


def test_nothing_that_the_warm_process_has_open_is_open_in_a_kernel(folder):
    def unshared(pid):
        kinds = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
        return {kind for kind in kinds if kind.startswith(("socket:", "anon_inode:[pidfd]"))}

    async def go():
        async with kernel(folder), kernel(folder) as one:
            assert len(unshared(parent(one.pid))) > 2
            assert unshared(parent(one.pid)) & unshared(one.pid) == set()

    asyncio.run(go())


def test_the_debugger_can_still_be_imported(folder):
    async def go():
        async with kernel(folder) as one:
            content, _ = await one.run("import debugpy")
            assert content["status"] == "ok"

    asyncio.run(go())


def test_an_aggressive_reset_unloads_what_was_loaded_since(folder, way):
    async def go():
        async with kernel(folder) as one:
            await one.run("import sys; import wave")
            await one.run("%reset -f --aggressive")
            await one.run("import sys")
            assert await one.value("[name in sys.modules for name in ('wave', 'zmq', 'IPython', 'os')]") == [
                False, True, True, True,
            ]  # fmt: skip

    asyncio.run(go())


def test_two_kernels_draw_different_numbers(folder):
    class Numbers(Specs):
        preload = ["numpy.random", "uuid", "secrets"]

    drawn = "[random.random(), float(numpy.random.random()), str(uuid.uuid1()), secrets.token_hex(), tempfile.mktemp()]"

    async def go():
        async with kernel(folder, specs=Numbers) as first, kernel(folder, specs=Numbers) as second:
            lists = []
            for one in (first, second):
                await one.run("import random, numpy, uuid, secrets, tempfile")
                lists.append(await one.value(drawn))
            assert not set(lists[0]) & set(lists[1])

    asyncio.run(go())


def test_interrupt(folder, way):
    async def go():
        async with kernel(folder) as one:
            started = asyncio.Event()
            cell = one.client.execute_interactive(
                "print('on'); import time\nwhile True: time.sleep(0.05)", timeout=DEADLINE,
                output_hook=lambda message: started.set() if message["msg_type"] == "stream" else None,
            )  # fmt: skip
            running = asyncio.ensure_future(cell)
            await started.wait()
            await one.manager.interrupt_kernel()
            reply = await running
            assert reply["content"]["ename"] == "KeyboardInterrupt"
            assert await one.value("1 + 1") == 2

    asyncio.run(go())


@pytest.mark.parametrize(("code", "status"), [("os._exit(7)", 7), ("os.kill(os.getpid(), 15)", -15)])
def test_exit_status(folder, way, code, status):
    async def go():
        async with kernel(folder) as one:
            one.client.execute(f"import os; {code}")
            assert await one.gone() == status
            assert await one.manager.is_alive() is False
            assert await one.manager.provisioner.wait() == status
            assert one.manager.has_kernel is False
            # As with any kernel that has ended, nothing happens.
            await one.manager.provisioner.send_signal(signal.SIGTERM)

    asyncio.run(go())


def test_a_polite_shutdown_ends_with_status_0_and_runs_what_was_asked_for_at_exit(folder):
    async def go():
        async with kernel(folder) as one:
            trace = Path(folder, "trace")
            await one.run(f"import atexit, pathlib; atexit.register(pathlib.Path({str(trace)!r}).write_text, 'bye')")
            await one.manager.request_shutdown()
            assert await one.gone() == 0
            assert trace.read_text() == "bye"
            await one.manager.finish_shutdown()
            await one.manager.cleanup_resources()
            assert not Path(one.manager.connection_file).exists()

    asyncio.run(go())


@pytest.mark.parametrize("now", [True, False])
def test_restart_keeps_the_connection_and_nothing_else(folder, way, now):
    async def go():
        async with kernel(folder, env={**os.environ, "KEPT": "1"}) as one:
            before, file = one.pid, one.manager.connection_file
            await one.run("x = 1")
            await one.manager.restart_kernel(now=now)
            await one.ready()
            assert one.pid != before
            assert not alive(before)
            assert one.manager.connection_file == file
            assert await one.value("['x' in globals(), __import__('os').environ['KEPT']]") == [False, "1"]
            assert is_forked(one) == (way == FORKED)

    asyncio.run(go())


def test_signals_reach_what_the_kernel_has_started(folder, way):
    async def go():
        async with kernel(folder) as one:
            await one.run("import subprocess; p = subprocess.Popen(['sleep', '600'])")
            sleeper = await one.value("p.pid")
            await one.run("import signal; signal.signal(signal.SIGUSR1, signal.SIG_IGN)")
            await one.manager.signal_kernel(signal.SIGUSR1)
            await until(lambda: not alive(sleeper), "its end")
            assert await one.value("p.wait()") == -signal.SIGUSR1

    asyncio.run(go())


def test_what_a_killed_kernel_has_started_ends_with_it(folder):
    async def go():
        async with kernel(folder) as one:
            await one.run("import subprocess; p = subprocess.Popen(['sleep', '600'])")
            sleeper = await one.value("p.pid")
            os.kill(one.pid, signal.SIGKILL)
            assert await one.gone() == -signal.SIGKILL
            await until(lambda: state(sleeper) is None, "its end")

    asyncio.run(go())


@pytest.mark.parametrize("kind", ["file", "pipe"])
def test_stdout_and_stderr_go_where_they_are_to_go(folder, way, kind):
    async def go():
        with open(Path(folder, "log"), "w+b") as log:
            how = {"stdout": log, "stderr": subprocess.STDOUT} if kind == "file" else {"stdout": subprocess.PIPE}
            async with kernel(folder, **how) as one:
                await one.run("import sys; print('kept', file=sys.__stdout__, flush=True)")
                out = one.process.stdout
                text = out.readline() if out is not None else Path(folder, "log").read_bytes()
                assert text == b"kept\n"

    asyncio.run(go())


def test_a_folder_that_does_not_exist_is_refused_as_for_any_kernel(folder, way):
    async def go():
        with pytest.raises(FileNotFoundError):
            async with kernel(folder, cwd=str(Path(folder, "nowhere"))):
                pass

    asyncio.run(go())


def test_widgets_are_announced_as_if_they_were_imported_in_the_kernel(folder, way):
    class Widgets(Specs):
        preload = ["ipywidgets"]

    async def go():
        async with kernel(folder, specs=Widgets) as one:
            await one.run("import ipywidgets; targets = get_ipython().kernel.comm_manager.targets")
            assert await one.value("sorted(targets)") == ["jupyter.widget", "jupyter.widget.control"]

    asyncio.run(go())


def test_twenty_at_once(folder):
    async def go():
        async with contextlib.AsyncExitStack() as stack:
            many = await asyncio.gather(*(stack.enter_async_context(kernel(folder)) for _ in range(20)))
            assert all(map(is_forked, many))
            assert len({parent(one.pid) for one in many}) == 1
            assert await asyncio.gather(*(one.value("[1]") for one in many)) == [[1]] * 20

    asyncio.run(go())


def test_from_a_program_without_an_event_loop(folder):
    manager = KernelManager(kernel_spec_manager=Specs(), transport="ipc", connection_file=str(Path(folder, "k.json")))
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=DEADLINE)
        assert isinstance(manager.provisioner.process, ForkedKernel)
        assert client.execute("1", reply=True, timeout=DEADLINE)["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    assert not os.listdir(folder)


def test_the_default_warm_process_serves_participants_pages(folder):
    class Default(Specs):
        preload = list(forking.PARTICIPANT)

    Store.open(Path(folder, "s.db")).close()

    async def go():
        forking.warm_up()
        async with kernel(folder, specs=Default) as one:
            loaded = "[name in sys.modules for name in ('kit.serving.pages', 'sqlalchemy', 'matplotlib', 'debugpy')]"
            await one.run("import sys")
            assert await one.value(loaded) == [True, True, False, False]
            late = "[m for m in set(sys.modules) - before if m.startswith(('kit.', 'sqlalchemy.', 'ipywidgets.'))]"
            await one.run("before = set(sys.modules); import kit.serving.pages; from kit.store import Store")
            await one.run(f"store = Store.open({str(Path(folder, 's.db'))!r}); store.sessions.all(); store.changed()")
            assert await one.value(late) == []

    asyncio.run(go())


def test_the_warm_process_has_one_thread_and_no_loop(folder):
    async def go():
        async with kernel(folder) as one:
            warm = parent(one.pid)
            assert len(os.listdir(f"/proc/{warm}/task")) == 1
            kinds = [os.readlink(f"/proc/{warm}/fd/{fd}") for fd in os.listdir(f"/proc/{warm}/fd")]
            assert not [kind for kind in kinds if "eventpoll" in kind or "eventfd" in kind]

    asyncio.run(go())


@pytest.mark.parametrize(
    ("started", "told"),
    [
        ("import threading, time; threading.Thread(target=time.sleep, args=[9], daemon=True).start()", "threads"),
        ("import asyncio; loop = asyncio.new_event_loop()", "event loop"),
        ("import zmq; context = zmq.Context(); socket = context.socket(zmq.PUB)", ""),
        ("", None),
    ],
)
def test_a_process_in_which_something_runs_is_not_forked(started, told):
    code = f"from kit.serving.forking.warm import check_alone\n{started}\ncheck_alone()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode == 0) == (told is None)
    assert told is None or ("RuntimeError" in done.stderr and told in done.stderr)


class Broken(Specs):
    preload = ["no_such_module_anywhere"]


def test_a_warm_process_that_cannot_start_gives_way_to_ordinary_kernels_with_one_line(folder, said, capfd):
    async def go():
        for _ in range(2):
            async with kernel(folder, specs=Broken) as one:
                assert not is_forked(one)
                assert await one.value("1 + 1") == 2

    asyncio.run(go())
    assert len(said()) == 1, said()
    assert "no_such_module_anywhere" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("fault", "dies", "forked"),
    [
        ("raise AttributeError('another version')", True, False),
        ("raise SystemExit(0)", True, False),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", True, True),
        ("pass", False, True),
    ],
)
def test_a_fork_that_ends_before_it_can_be_reached_gives_way_to_an_ordinary_kernel(
    folder, monkeypatch, said, capfd, fault, dies, forked
):
    """Unless somebody has killed it: then it is dead, as an ordinary one would be."""
    Path(folder, "kit_faulty.py").write_text(
        f"from kit.serving.forking.app import ForkedKernelApp\ndef initialize(self, *_):\n    {fault}\n"
        + ("ForkedKernelApp.initialize = initialize\n" if dies else "")
    )
    monkeypatch.setenv("PYTHONPATH", folder)

    class Faulty(Specs):
        preload = ["kit_faulty"]

    async def go():
        manager = AsyncKernelManager(
            kernel_spec_manager=Faulty(), transport="ipc", connection_file=str(Path(folder, "k.json"))
        )
        await manager.start_kernel()
        try:
            assert isinstance(manager.provisioner.process, ForkedKernel) is forked
            assert await manager.is_alive() is (not (dies and forked))
        finally:
            await manager.shutdown_kernel(now=True)

    asyncio.run(go())
    assert len(said()) == (not forked)
    assert ("another version" in capfd.readouterr().err) is ("version" in fault)


@pytest.mark.parametrize("how", ["switch", "system"])
def test_where_kernels_do_not_fork_one_line_says_so(folder, monkeypatch, said, how):
    if how == "switch":
        monkeypatch.setenv(pools.SWITCH, "0")
    else:
        monkeypatch.setattr(sys, "platform", "darwin")

    async def go():
        for _ in range(2):
            async with kernel(folder) as one:
                assert not is_forked(one)
                assert await one.value("1 + 1") == 2

    asyncio.run(go())
    assert len(said()) == 1
    assert ("KIT_FORK=0" if how == "switch" else "darwin") in said()[0]


def test_what_a_fork_cannot_give_is_launched(folder, said):
    async def go():
        async with kernel(folder, independent=True) as one:
            assert not is_forked(one)
        async with kernel(folder, stdin=subprocess.PIPE) as one:
            assert not is_forked(one)
        async with kernel(folder, restore_signals=False) as one:
            assert not is_forked(one)

    asyncio.run(go())
    assert len(said()) == 3


def test_a_request_that_is_not_answered_in_time_is_taken_back(folder, said):
    class Hasty(Specs):
        preload = ["email"]
        patience = 0.3

    class Patient(Hasty):
        patience = 60.0

    async def go():
        async with contextlib.AsyncExitStack() as stack:
            one = await stack.enter_async_context(kernel(folder, specs=Patient))
            warm = parent(one.pid)
            os.kill(warm, signal.SIGSTOP)
            try:
                other = await stack.enter_async_context(kernel(folder, specs=Hasty))
            finally:
                os.kill(warm, signal.SIGCONT)
            assert not is_forked(other)
            # It was let go too, so it ends once it has read what was sent to it and lost its last kernel.
            os.kill(one.pid, signal.SIGKILL)
            await until(lambda: not alive(warm), "its end")
            assert await other.value("__import__('os').getpid()") == other.pid

    asyncio.run(go())
    assert len(said()) == 1


def test_a_fork_whose_server_has_given_up_touches_nothing(folder):
    near, far = wire.pair()
    file, made = Path(folder, "k.json"), Path(folder, "trace")
    manager = KernelManager(transport="ipc", connection_file=str(file))
    manager.write_connection_file()
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", str(file)]
    argv.append(f"--IPKernelApp.exec_lines=open({str(made)!r}, 'w')")
    request = {"argv": argv, "env": dict(os.environ), "cwd": folder, "files": []}
    with far:
        pool().get_for_this_interpreter(()).send(wire.pack(request), (far.fileno(), 1, 2))
    born, fds = wire.receive(near, most_fds=1)
    near.close()
    forked = ForkedKernel(wire.pair()[0], born["pid"], fds[0])
    assert forked.wait(DEADLINE) is not None
    assert os.listdir(folder) == ["k.json"]


def test_a_warm_process_that_died_is_replaced(folder, said):
    async def go():
        async with kernel(folder) as one:
            warm = parent(one.pid)
            os.kill(warm, signal.SIGKILL)
            assert await one.gone() == -signal.SIGKILL
            async with kernel(folder) as other:
                assert is_forked(other)
                assert parent(other.pid) != warm
                assert await other.value("1 + 1") == 2

    asyncio.run(go())
    assert said() == []


def test_changed_files_make_a_new_warm_process_and_the_old_one_ends_with_its_last_kernel(folder, monkeypatch):
    package = Path(folder, "package_that_changes")
    package.mkdir()
    Path(package, "__init__.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", folder)

    class Changing(Specs):
        preload = ["package_that_changes"]

    async def value(one):
        await one.run("import package_that_changes")
        return await one.value("package_that_changes.VALUE")

    async def go():
        async with kernel(folder, specs=Changing) as old:
            assert await value(old) == 1
            warm = parent(old.pid)
            Path(package, "__init__.py").write_text("VALUE = 22\n")
            last = time.monotonic() + DEADLINE
            found = 1
            while found == 1:
                assert time.monotonic() < last
                async with kernel(folder, specs=Changing) as new:
                    found = await value(new)
            assert found == 22
            assert parent(old.pid) == warm
            assert await value(old) == 1
        await until(lambda: not alive(warm), "the old warm process's end")

    asyncio.run(go())


def test_a_new_folder_of_modules_needs_a_process_of_its_own(folder, monkeypatch):
    Path(folder, "only_here.py").write_text("VALUE = 5\n")

    async def go():
        async with kernel(folder) as one, kernel(folder, env={**os.environ, "PYTHONPATH": folder}) as other:
            assert parent(one.pid) != parent(other.pid)
            await other.run("import only_here")
            assert await other.value("only_here.VALUE") == 5

    asyncio.run(go())


def test_many_starts_leave_nothing_behind(folder):
    def descriptors(pid):
        return len(os.listdir(f"/proc/{pid}/fd"))

    async def go():
        async with kernel(folder) as one:
            warm = parent(one.pid)
            async with kernel(folder):
                pass
            before = descriptors("self"), descriptors(warm)
            for _ in range(10):
                async with kernel(folder):
                    pass
            await until(lambda: children(warm) == [one.pid], "the end of the others")
            assert (descriptors("self"), descriptors(warm)) == before

    asyncio.run(go())
    assert not os.listdir(folder)


@pytest.mark.parametrize(
    "argv",
    [
        ["-f", "/some/file.json"],
        ["-f", "x.json", "--HistoryManager.enabled=False", "--IPKernelApp.log_level=40"],
        ["--IPKernelApp.connection_file=y.json", "--Session.key=b'abc'", "--InteractiveShellApp.exec_lines=a=1"],
        ["--IPKernelApp.extensions=one", "--IPKernelApp.extensions=two"],
        ["-f", "x.json", "--matplotlib=inline"],
        ["--debug"],
        ["-f=z.json"],
    ],
)
def test_plain_arguments_mean_what_jupyter_takes_them_to_mean(argv):
    ours, theirs = ForkedKernelApp(), ForkedKernelApp()
    ours.parse_command_line(list(argv))
    super(ForkedKernelApp, theirs).parse_command_line(list(argv))
    for app in (ours, theirs):
        app.config = app.cli_config
    names = ("connection_file", "log_level", "extensions", "exec_lines", "matplotlib")
    assert [getattr(ours, one) for one in names] == [getattr(theirs, one) for one in names]
    assert {k for k in ours.cli_config if ours.cli_config[k]} == {k for k in theirs.cli_config if theirs.cli_config[k]}


def test_only_plain_arguments_are_plain():
    assert plain_arguments(["-f", "x", "--A.b=c"]) is not None
    assert plain_arguments(["--debug"]) is None
    assert plain_arguments(["--matplotlib=inline"]) is None


def test_the_kernelspec_works_with_either_provisioner(folder, way):
    described = json.loads(files("kit.serving.forking").joinpath("kernelspec/kernel.json").read_text("utf-8"))
    assert described["metadata"]["kernel_provisioner"]["provisioner_name"] == forking.PROVISIONER

    class Shipped(KernelSpecManager):
        def get_kernel_spec(self, kernel_name):
            return KernelSpec(name=kernel_name, **described)

    async def go():
        async with kernel(folder, specs=Shipped) as one:
            assert is_forked(one) == (way == FORKED)
            assert await one.value("1 + 1") == 2

    asyncio.run(go())
