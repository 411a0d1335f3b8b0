"""Running the cells of a page: one question over the kernel's own sockets, and what it shows."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode, from_dict

from kit.serving.kernel import RoomKernel, listen

SHOWN = ("display_data", "execute_result", "error")


@dataclass
class _Run:
    """One cell. It is over when the kernel has answered and has nothing more to show."""

    session: Any
    asked: str
    over: asyncio.Future[None]
    outputs: list[NotebookNode] = field(default_factory=list)
    _awaited: set[str] = field(default_factory=lambda: {"idle", "execute_reply"})

    def hear(self, frames: list[bytes]) -> None:
        """Anything that the kernel says."""
        _, (_, header, parent, _, told, *_) = self.session.feed_identities(frames)
        if json.loads(parent).get("msg_id") != self.asked:
            return
        kind, content = json.loads(header)["msg_type"], json.loads(told)
        if kind in SHOWN:
            self.outputs.append(from_dict({**content, "output_type": kind}))
        self._awaited.discard(content["execution_state"] if kind == "status" else kind)
        if not self._awaited and not self.over.done():
            self.over.set_result(None)


async def prepare(kernel: RoomKernel) -> None:
    """Connect to a kernel that has just been started; its page takes the sockets over."""
    channels = kernel.connect("iopub", "shell")
    kernel.keep(channels)
    # What the kernel tells its widgets between the cells' end and the page's coming waits in the socket for it.
    await listen(kernel, channels)


async def run(kernel: RoomKernel, source: str) -> list[NotebookNode]:
    """What a cell shows; raises CancelledError when the kernel ends before."""
    channels = kernel.take()
    kernel.keep(channels)
    question = kernel.session.msg(
        "execute_request",
        {
            "code": source, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False,
            "stop_on_error": True,
        },
    )  # fmt: skip
    made = _Run(kernel.session, question["header"]["msg_id"], kernel.future())
    for stream in channels.values():
        stream.on_recv(made.hear)
    kernel.session.send(channels["shell"], question)
    await made.over
    for stream in channels.values():
        stream.stop_on_recv()
    return made.outputs
