"""Visitors of the peers at the level of each one's own protocol: what its page asks and says, until it has the form."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from bench.people import Person
from bench.server import ROWS, Server
from bench.trouble import Trouble
from bench.web import PATIENCE, Browser

_TOKEN = re.compile(r'"token":\s*"([^"]+)"')
# Streamlit's messages are protocol buffers: a request to run the script, and the fields that matter of what comes.
_RUN = b"\x5a\x00"
_DELTA, _FINISHED = 5, 6
_LENGTH, _EIGHT, _FOUR = 2, 1, 5


@dataclass
class Guest(Person):
    """Somebody with a websocket to a peer."""

    socket: WebSocketClientConnection | None = None

    async def answer(self) -> float:
        raise NotImplementedError

    async def leave(self) -> None:
        """Close the page."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    async def connect(self, path: str, subprotocols: list[str] | None = None) -> None:
        """Open the websocket; raises `Trouble`."""
        address = self.browser.address
        request = HTTPRequest(
            address.replace("http", "ws", 1) + path, headers=self.browser.headers | {"Origin": address},
            connect_timeout=PATIENCE, request_timeout=PATIENCE,
        )  # fmt: skip
        try:
            self.socket = await websocket_connect(request, subprotocols=subprotocols, max_message_size=2**28)
        except (HTTPClientError, OSError) as error:
            raise Trouble(f"the websocket was refused: {error}") from None

    async def say(self, message: str | bytes) -> None:
        """Send one frame."""
        assert self.socket is not None
        await self.socket.write_message(message, binary=isinstance(message, bytes))

    async def hear(self) -> str | bytes:
        """The next frame; raises `Trouble` when there is none any more."""
        assert self.socket is not None
        try:
            raw = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
        except TimeoutError:
            raise Trouble("the page fell silent") from None
        if raw is None:
            raise Trouble("the line was cut")
        return raw


class SolaraGuest(Guest):
    """Asks for the app to be run; the widgets arrive before it is said to be finished."""

    async def open(self) -> None:
        await self.browser.get("/")
        kernel, self._session = str(uuid.uuid4()), uuid.uuid4().hex
        await self.connect(f"/jupyter/api/kernels/{kernel}/channels?session_id={self._session}")
        control = uuid.uuid4().hex
        await self._send("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        run = {"method": "run", "args": {"path": "/", "dark": False, "themes": {"light": {}, "dark": {}}}}
        await self._send("comm_msg", {"comm_id": control, "data": run})
        radios, finished = 0, False
        while not finished:
            message = json.loads(_json_of(await self.hear()))
            content = message["content"]
            if message["header"]["msg_type"] == "comm_open":
                radios += content["data"].get("state", {}).get("_model_name") == "RadioModel"
            finished = content.get("comm_id") == control and content.get("data", {}).get("method") == "finished"
        if radios < 3 * ROWS:
            raise Trouble(f"the page came with {radios} options")

    async def _send(self, kind: str, content: object) -> None:
        header = {
            "msg_id": uuid.uuid4().hex, "session": self._session, "username": "", "version": "5.3", "msg_type": kind,
            "date": "2000-01-01T00:00:00Z",
        }  # fmt: skip
        message = {
            "channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content,
            "buffers": [],
        }  # fmt: skip
        await self.say(json.dumps(message))


class PanelGuest(Guest):
    """Asks for the document, with the token that came with the page."""

    async def open(self) -> None:
        token = _TOKEN.search(await self.browser.get("/panel_sheet"))
        if token is None:
            raise Trouble("the page came without a token")
        await self.connect("/panel_sheet/ws", ["bokeh", token[1]])
        await self._await("ACK")
        for part in ({"msgid": uuid.uuid4().hex, "msgtype": "PULL-DOC-REQ"}, {}, {}):
            await self.say(json.dumps(part))
        content = await self._await("PULL-DOC-REPLY")
        if content.count("\"RadioGroup\"") != ROWS:
            raise Trouble("the document came without the form")

    async def _await(self, kind: str) -> str:
        """The content of the next message of this kind: header, metadata and content are frames of their own."""
        while True:
            header = json.loads(await self.hear())
            await self.hear()
            content = await self.hear()
            for _ in range(2 * header.get("num_buffers", 0)):
                await self.hear()
            if header["msgtype"] == kind:
                return content if isinstance(content, str) else content.decode()


class StreamlitGuest(Guest):
    """Asks for the script to be run; the elements arrive one by one before it is said to be finished."""

    async def open(self) -> None:
        for path in ("/", "/_stcore/health", "/_stcore/host-config"):
            await self.browser.get(path)
        await self.connect("/_stcore/stream", ["streamlit"])
        await self.say(_RUN)
        deltas, finished = 0, False
        while not finished:
            raw = await self.hear()
            numbers = list(fields(raw if isinstance(raw, bytes) else raw.encode()))
            deltas += _DELTA in numbers
            finished = _FINISHED in numbers
        if deltas < 2 * ROWS:
            raise Trouble(f"the page came with {deltas} elements")


def guests(place: Server, number: int) -> list[Person]:
    """So many people who are about to visit a peer."""
    kinds: dict[str, Callable[[Browser, Random], Person]] = {
        "solara": SolaraGuest, "panel": PanelGuest, "streamlit": StreamlitGuest,
    }  # fmt: skip
    return [kinds[place.name](Browser(place.address), Random(one)) for one in range(number)]


def fields(message: bytes) -> Iterator[int]:
    """The numbers of the fields at the top level of a protocol buffer."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        yield key >> 3
        kind = key & 7
        if kind == _LENGTH:
            length, at = _varint(message, at)
            at += length
        elif kind in (_EIGHT, _FOUR):
            at += 8 if kind == _EIGHT else 4
        else:
            _, at = _varint(message, at)


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _json_of(raw: str | bytes) -> str | bytes:
    """The JSON of a Jupyter message, which stands first behind a table of offsets when it has buffers."""
    if isinstance(raw, str):
        return raw
    count = int.from_bytes(raw[:4], "big")
    offsets = [int.from_bytes(raw[4 * (one + 1) : 4 * (one + 2)], "big") for one in range(count)]
    return raw[offsets[0] : offsets[1] if count > 1 else len(raw)]
