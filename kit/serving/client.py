"""The other end of a page's line: what its browser says and hears, for whoever plays a participant.

Simulated people, measurements and tests share it. They differ in when they read: each has a way of its own.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tornado.websocket import WebSocketClientConnection

from kit.serving.protocol import opened, pack, parent_of
from kit.serving.wire import CONTROL

States = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Heard:
    """A message as it came: kind, the id of what it answers to, content (empty where nobody looks at it)."""

    kind: str
    parent: str
    content: dict[str, Any]


@dataclass
class Client:
    """The widgets of one page, by model id, and what was said to it: model, content, seconds of a clock."""

    socket: WebSocketClientConnection | None = None
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    states: States = field(default_factory=dict)
    heard: list[tuple[str, dict[str, Any], float]] = field(default_factory=list)

    async def ask_states(self) -> None:
        """Ask for every widget's state, as a page does that was away."""
        control = uuid.uuid4().hex
        opening = {"comm_id": control, "target_name": CONTROL, "data": {}}
        await self.send("comm_open", opening, {"version": "1.0.0"})
        await self.send("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})

    async def say(self, model: str, content: object) -> None:
        """A custom message to a widget."""
        await self.send("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": content}})

    async def send(
        self, kind: str, content: object, metadata: object = None, channel: str = "shell",
        buffers: Sequence[bytes] = (),
    ) -> str:  # fmt: skip
        """One Jupyter message; its id."""
        number = uuid.uuid4().hex
        header = {
            "msg_id": number, "session": self.session, "username": "", "version": "5.3", "msg_type": kind,
            "date": "2000-01-01T00:00:00Z",
        }  # fmt: skip
        assert self.socket is not None
        message = pack(channel, header, {}, metadata or {}, content, buffers=buffers)
        await self.socket.write_message(message, binary=True)
        return number

    def find(self, fits: Callable[[dict[str, Any]], bool]) -> str | None:
        """The first widget whose state fits."""
        return next((model for model, state in self.states.items() if fits(state)), None)

    def take(self, raw: str | bytes) -> Heard:
        """Understand a message; widgets and what was said are kept."""
        message = heard(raw)
        content = message.content
        data = content.get("data") or {}
        if message.kind == "comm_open":
            self.states[content["comm_id"]] = data.get("state", {})
        elif message.kind == "comm_msg" and data.get("method") == "update_states":
            self.states |= {model: one["state"] for model, one in data["states"].items()}
        elif message.kind == "comm_msg" and data.get("method") == "update":
            # A change may come before the whole state was told; the whole state has it too.
            if content["comm_id"] in self.states:
                self.states[content["comm_id"]].update(data["state"])
        elif message.kind == "comm_msg" and data.get("method") == "custom":
            self.heard.append((content["comm_id"], data["content"], time.perf_counter()))
        return message


def heard(raw: str | bytes) -> Heard:
    """A message of the kernel protocol that browsers use."""
    assert isinstance(raw, bytes), "the server does not speak the protocol that browsers use"
    _, header, content, _ = opened(raw)
    kind = str(header["msg_type"])
    return Heard(kind, parent_of(raw), json.loads(content) if kind.startswith("comm_") else {})
