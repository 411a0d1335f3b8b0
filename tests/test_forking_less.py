"""What a forked kernel leaves out is not missed: files of settings, a port for children, a thread for subshells."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import pytest

from kit.serving import app as serving
from kit.serving.forking.app import ForkedKernelApp
from tests.test_forking import FORKED, Specs, folder, fresh, is_forked, kernel, registered, way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels fork on Linux only")
__all__ = ["folder", "fresh", "registered", "way"]

CHILD = """
import os, sys
pid = os.fork()
if pid == 0:
    print("from the child", flush=True)
    os._exit(0)
_ = os.waitpid(pid, 0)
"""
# TCP ports on which this process listens.
PORTS = """[
    line.split()[1] for name in ("tcp", "tcp6") for line in open(f"/proc/self/net/{name}").readlines()[1:]
    if line.split()[3] == "0A" and f"socket:[{line.split()[9]}]" in {
        os.readlink(fd.path) for fd in os.scandir("/proc/self/fd") if os.path.lexists(fd.path)
    }
]"""
INFO = "kernel subshells"


def test_what_a_child_prints_arrives(folder, way):
    async def go():
        async with kernel(folder) as one:
            assert is_forked(one) == (way == FORKED)
            for _ in range(2):
                assert "from the child" in (await one.run(CHILD))[1]
            assert (await one.run("print('and its parent')"))[1] == "and its parent\n"

    asyncio.run(go())


def test_nobody_else_on_the_machine_can_reach_a_kernel_before_it_has_a_child(folder):
    async def go():
        async with kernel(folder) as one:
            await one.run("import os")
            assert await one.value(PORTS) == []
            await one.run(CHILD)
            assert len(await one.value(PORTS)) == 1

    asyncio.run(go())


def test_all_that_is_printed_arrives_in_order_however_many_threads_print(folder):
    async def go():
        async with kernel(folder) as one:
            code = """
import sys, threading
def say(who):
    for n in range(300):
        _ = sys.stdout.write(f"{who} {n}\\n")
        sys.stdout.flush()
threads = [threading.Thread(target=say, args=(who,)) for who in "abc"]
for one in threads: one.start()
for one in threads: one.join()
"""
            lines = (await one.run(code))[1].split("\n")
            for who in "abc":
                assert [line for line in lines if line.startswith(who)] == [f"{who} {n}" for n in range(300)]

    asyncio.run(go())


@pytest.mark.parametrize("name", ["ipython_config.py", "ipython_kernel_config.py", "ipython_kernel_config.json"])
def test_a_file_of_settings_that_came_after_the_warm_process_counts(folder, monkeypatch, way, name):
    home = Path(folder, "ipython")
    monkeypatch.setenv("IPYTHONDIR", str(home))
    text = '{"InteractiveShellApp": {"exec_lines": ["told = 5"]}}'
    if name.endswith(".py"):
        text = "c.InteractiveShellApp.exec_lines = ['told = 5']\n"

    async def go():
        async with kernel(folder) as one:
            assert (await one.run("told"))[0]["status"] == "error"
        (home / "profile_default" / name).write_text(text)
        async with kernel(folder) as one:
            assert is_forked(one) == (way == FORKED)
            assert await one.value("told") == 5

    asyncio.run(go())


def test_a_file_to_run_at_the_start_is_run(folder, monkeypatch, way):
    monkeypatch.setenv("IPYTHONDIR", str(Path(folder, "ipython")))

    async def go():
        async with kernel(folder):
            pass
        Path(folder, "ipython", "profile_default", "startup", "first.py").write_text("told = 6")
        async with kernel(folder) as one:
            assert await one.value("told") == 6

    asyncio.run(go())


def test_an_extension_that_is_asked_for_is_loaded(folder, way):
    class Asking(Specs):
        def get_kernel_spec(self, kernel_name):
            spec = super().get_kernel_spec(kernel_name)
            spec.argv.append("--InteractiveShellApp.extra_extensions=autoreload")
            return spec

    async def go():
        async with kernel(folder, specs=Asking) as one:
            loaded = await one.value("sorted(get_ipython().extension_manager.loaded)")
            assert loaded == ["IPython.extensions.autoreload", "IPython.extensions.storemagic"]

    asyncio.run(go())


@pytest.mark.parametrize("asked", [True, False])
def test_subshells_are_left_out_only_where_nobody_will_ask_for_one(folder, asked):
    if not hasattr(ForkedKernelApp, "shell_channel_thread"):
        pytest.skip("this version of ipykernel has no subshells")

    class Asking(Specs):
        def get_kernel_spec(self, kernel_name):
            spec = super().get_kernel_spec(kernel_name)
            spec.argv += [] if asked else ["--ForkedKernelApp.subshells=False"]
            return spec

    async def go():
        async with kernel(folder, specs=Asking) as one:
            assert is_forked(one)
            number = one.client.kernel_info()
            reply = await one.client.get_shell_msg(timeout=30)
            assert reply["parent_header"]["msg_id"] == number
            assert (INFO in reply["content"].get("supported_features", [])) is asked
            assert await one.value("1 + 1") == 2

    asyncio.run(go())


@pytest.fixture
def places(tmp_path, monkeypatch):
    for name in ("XDG_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)
    with tempfile.TemporaryDirectory(prefix="kp", dir="/tmp") as made:
        for name in ("session", "shared", "asked"):
            Path(made, name).mkdir()
        monkeypatch.setattr(serving, "SHARED_MEMORY", str(Path(made, "shared")))
        yield Path(made)


@pytest.mark.parametrize(
    ("env", "place"),
    [
        ({"XDG_RUNTIME_DIR": "session"}, "session"),
        ({"XDG_RUNTIME_DIR": "session", "TMPDIR": "asked"}, "session"),
        ({}, "shared"),
        ({"TMPDIR": "asked"}, "asked"),
        ({"XDG_RUNTIME_DIR": "nowhere", "TMPDIR": "asked"}, "asked"),
        ({"XDG_RUNTIME_DIR": "nowhere"}, "shared"),
    ],
)
def test_sockets_are_made_in_memory_unless_somebody_says_where(places, monkeypatch, env, place):
    for name, where in env.items():
        monkeypatch.setenv(name, str(places / where))
    made = Path(serving.connection_folder())
    assert made.parent == places / place
    assert made.stat().st_mode & 0o777 == 0o700
    assert os.listdir(made) == []


def test_a_path_that_is_too_long_for_a_socket_is_not_taken(places, monkeypatch):
    long = places / ("x" * 80)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    made = Path(serving.connection_folder())
    try:
        assert made.parent == Path("/tmp")
        assert os.listdir(long) == []
    finally:
        made.rmdir()
