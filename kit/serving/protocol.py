"""Jupyter's protocol for a kernel's websocket, v1: a message is a count, offsets and parts, all in one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NoReturn

NAME = "v1.kernel.websocket.jupyter.org"
# Parts of a message: channel, four of the message itself, a buffer or two.
MOST_PARTS = 32
FEWEST_PARTS = 5


class Refused(Exception):
    """A message that no page sends."""


def opened(message: bytes) -> tuple[str, dict[str, Any], bytes, list[bytes]]:
    """Channel, header, content and buffers of a message; raises `Refused`."""
    number = int.from_bytes(message[:8], "little")
    if not FEWEST_PARTS < number <= MOST_PARTS + 1 or len(message) < 8 * (number + 1):
        raise Refused
    ends = [int.from_bytes(message[8 * at : 8 * (at + 1)], "little") for at in range(1, number + 1)]
    if ends[0] != 8 * (number + 1) or ends != sorted(ends) or ends[-1] > len(message):
        raise Refused
    channel, header, _parent, _metadata, content, *buffers = (
        message[begin:end] for begin, end in pairwise(ends)
    )
    return channel.decode("ascii", "replace"), as_object(header), content, buffers


def parent_of(message: bytes) -> str:
    """The id of what a message answers to; empty for none."""
    begin, end = (int.from_bytes(message[8 * at : 8 * (at + 1)], "little") for at in (3, 4))
    return str(as_object(message[begin:end]).get("msg_id", ""))


def closed(*parts: bytes | memoryview) -> bytes:
    """A message of these parts, as they are."""
    ends = [8 * (len(parts) + 2)]
    for part in parts:
        ends.append(ends[-1] + len(part))
    return b"".join([one.to_bytes(8, "little") for one in (len(ends), *ends)] + [*parts])


def pack(channel: str, *parts: object, buffers: Sequence[bytes] = ()) -> bytes:
    """A message of channel, header, parent, metadata and content, and what goes along as it is."""
    return closed(channel.encode(), *(json.dumps(part).encode() for part in parts), *buffers)


def as_object(raw: bytes) -> dict[str, Any]:
    """A JSON object; raises `Refused` for anything else, and for text that cannot be written again.

    Half a character ("\\ud800") could not: whatever travels with it, other people's answers too, would be lost.
    """
    try:
        text = raw.decode()
        found = json.loads(text, parse_constant=_refuse)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refused from None
    if not isinstance(found, dict):
        raise Refused
    return found


def _refuse(_name: str) -> NoReturn:
    raise Refused
