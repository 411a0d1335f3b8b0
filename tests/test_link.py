"""The server's client to a kernel, with an ordinary kernel that says how much came at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

from kit.serving import kernels, link
from kit.serving.kernels import Post
from kit.serving.link import KernelLink

# A batch is dealt with when its number stands as a file in the folder.
KERNEL = """
import comm, pathlib, time
line = comm.create_comm(target_name="kit.pages", data={{}})
folder, seen = pathlib.Path({folder!r}), []
def hear(message):
    seen.append(len(message["content"]["data"]["batch"]))
    (folder / f"at {{len(seen)}}").touch()
    while not (folder / str(len(seen))).exists():
        time.sleep(0.01)
    line.send({{"batch": [[0, "tell", "page", seen[-1]]]}})
line.on_msg(hear)
"""


class Heard:
    """What the kernel has said: the size of each batch."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sizes: list[int] = []

    def hear(self, _what: str, _page: str, rest: list[Any], _buffers: Sequence[Any]) -> None:
        self.sizes += rest

    def let(self, number: int) -> None:
        """The kernel may go on after this batch."""
        (self.folder / str(number)).touch()

    async def at(self, number: int) -> None:
        """Wait until the kernel is at this batch."""
        await until(lambda: (self.folder / f"at {number}").exists())


class Stubborn:
    """A manager of kernels that neither start nor end."""

    def __init__(self) -> None:
        self.starts = 0

    async def start_kernel(self, **_given: Any) -> str:
        self.starts += 1
        raise OSError

    async def signal_kernel(self, _kernel_id: str, _signal: int) -> None:
        """Nobody hears it."""

    async def shutdown_kernel(self, _kernel_id: str, now: bool) -> None:
        raise TimeoutError

    def __contains__(self, _kernel_id: str) -> bool:
        return True


def test_a_kernel_that_cannot_be_ended_does_not_keep_the_next_one_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its place stayed empty until the server was started again."""
    manager = Stubborn()

    async def story() -> None:
        post = Post(manager, {}, lambda *_: None, lambda: None, lambda _link: asyncio.sleep(0), lambda _link: None)
        post.open()
        await until(lambda: manager.starts > 2)
        await post.close()

    monkeypatch.setattr(kernels, "AGAIN", 0.0)
    asyncio.run(story())


async def until(true: Callable[[], bool]) -> None:
    for _ in range(3000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("in vain")


def with_kernel(folder: Path, story: Callable[[KernelLink, Heard], Coroutine[Any, Any, None]]) -> None:
    async def play() -> None:
        heard = Heard(folder)
        manager = ServerKernelManager(kernel_name="python3")
        await manager.start_kernel()
        made = KernelLink(manager, heard.hear, lambda: None)
        try:
            await made.listen()
            assert await made.run(KERNEL.format(folder=str(folder))) == []
            await story(made, heard)
        finally:
            made.close()
            await manager.shutdown_kernel(now=True)

    asyncio.run(play())


def test_what_is_said_while_the_kernel_is_at_work_travels_together(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(link, "GATHER_SECONDS", 60.0)

    async def story(made: KernelLink, heard: Heard) -> None:
        made.tell("look")
        await heard.at(1)
        for _ in range(20):
            made.tell("look")
            await asyncio.sleep(0)
        heard.let(1)
        await heard.at(2)
        heard.let(2)
        await until(lambda: len(heard.sizes) == 2)
        # Nobody is at work: who says something waits for nothing.
        heard.let(3)
        made.tell("look")
        await until(lambda: len(heard.sizes) == 3)
        assert heard.sizes == [1, 20, 1]

    with_kernel(tmp_path, story)


def test_a_kernel_that_says_nothing_of_a_batch_is_not_waited_for(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(link, "GATHER_SECONDS", 0.05)

    async def story(made: KernelLink, heard: Heard) -> None:
        made.tell("look")
        await heard.at(1)
        made.tell("look")
        await until(lambda: not made._out.items)
        assert heard.sizes == []
        for number in (1, 2):
            heard.let(number)
        await until(lambda: heard.sizes == [1, 1])

    with_kernel(tmp_path, story)
