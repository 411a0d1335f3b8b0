"""Speak with a page's widgets as its own front end does, and with its kernel as no front end should."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from kit.rehearsal import PageClient
from kit.serving.protocol import NAME, pack
from tests.support.device import SOURCE, Device
from tests.support.waiting import PATIENCE


def model_with(page: PageClient, key: str) -> str:
    """The widget whose `page` trait has this key: "exercises" is a shell, "heading" a wall."""
    found = [model for model, state in page.states.items() if key in (state.get("page") or {})]
    assert found, f"no widget with {key} on the page"
    return found[-1]


async def form_of(page: PageClient, slug: str) -> str:
    """Bring an exercise onto the page; its form's model id."""
    return await page.form_of(slug)


async def put(
    page: PageClient, form: str, item: object, value: object, revision: object = 1, n: object = 1
) -> dict[str, Any]:
    """Send an answer; what the form says to it: saved or refused."""
    await page.say(form, {"kind": "answer", "item": item, "value": value, "revision": revision, "n": n})
    return await page.reply(form, n if type(n) is int else 0)


async def states_of(page: PageClient) -> dict[str, dict[str, Any]]:
    """Ask for every widget's state anew, as after a reconnection."""
    page.states.clear()
    await page.ask_states()
    await page.until(lambda: bool(page.states))
    return page.states


async def raw(page: PageClient, kind: str, content: object, channel: object = "shell", **metadata: object) -> str:
    """Any message on any channel; its id."""
    number = uuid.uuid4().hex
    header = {
        "msg_id": number, "session": page.session, "username": "", "version": "5.3", "msg_type": kind,
        "date": "2000-01-01T00:00:00Z",
    }  # fmt: skip
    await page.socket.write_message(pack(str(channel), header, {}, metadata, content), binary=True)
    return number


async def v1_line(device: Device, kernel: str) -> WebSocketClientConnection:
    """A line that speaks Jupyter's binary protocol, as the page's own front end does."""
    url = device.address.replace("http", "ws", 1) + f"/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
    wanted = [NAME]
    socket = await websocket_connect(
        HTTPRequest(url, headers={"Cookie": device.cookie}, validate_cert=False), subprotocols=wanted
    )
    assert socket.selected_subprotocol == wanted[0]
    return socket


def v1_message(kind: str, content: str | bytes, channel: str = "shell", header: str = "") -> bytes:
    """A message of that protocol: `content` goes to the kernel as it is, valid JSON or not."""
    head = header or json.dumps(
        {"msg_id": uuid.uuid4().hex, "session": "s", "username": "", "version": "5.3", "msg_type": kind,
        "date": "2000-01-01T00:00:00Z"}
    )  # fmt: skip
    body = content.encode() if isinstance(content, str) else content
    parts = [channel.encode(), head.encode(), b"{}", b"{}", body]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return b"".join(one.to_bytes(8, "little") for one in (len(offsets), *offsets)) + b"".join(parts)


async def v1_until(socket: WebSocketClientConnection, kind: str) -> None:
    """Read such a line until a message of this kind has come."""
    while True:
        told = await asyncio.wait_for(socket.read_message(), PATIENCE)
        assert told is not None, "the line was closed"
        if isinstance(told, bytes) and f'"{kind}"'.encode() in told:
            return


async def answers_to(page: PageClient, number: str) -> None:
    """Wait for the reply to one message."""
    while True:
        message = page.take(await page.read())
        if message.parent == number and message.kind.endswith("reply"):
            return


async def line_status(device: Device, kernel: str, **headers: str) -> int:
    """What a websocket to this kernel gets: 101 when it opens, else the refusal."""
    url = device.address.replace("http", "ws", 1) + f"/api/kernels/{kernel}/channels?session_id=x"
    own = {"Cookie": device.cookie} | headers
    try:
        # A test's certificate is one that nobody has signed.
        request = HTTPRequest(url, headers=own, network_interface=SOURCE, validate_cert=False)
        socket = await websocket_connect(request, subprotocols=[NAME])
    except HTTPClientError as error:
        return error.code
    socket.close()
    return 101


async def is_closed(socket: WebSocketClientConnection) -> bool:
    """Wait until the other side hangs up."""
    while await asyncio.wait_for(socket.read_message(), PATIENCE) is not None:
        pass
    return True
