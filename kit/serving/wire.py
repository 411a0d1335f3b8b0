"""What the server and a kernel that holds pages say to each other: batches of short messages on one comm.

All messages that are ready when the kernel is travel as one, since a kernel needs longer to take a message than
most pages need to answer it. To the kernel go

    make  page, kind, told         make this page; `told` is what it needs to know (seat, language …)
    say   page, id, type           what came on the page's line; buffers: the content as JSON, then its own
    end   page                     forget it
    look                           something in the store has changed
    beat  number                   say the same number

and back come

    made     page, model, comms    it is there, with these comms; buffers: the states of its widgets as JSON
    refused  page, error, details  it cannot be made; `error` is a `KitError`'s name, or empty
    tell     page, type, comm, parent, metadata     for the page's line; buffers as above
    done     page, id              the message with this id was dealt with
    look                           something in the store was changed by a page of this kernel
    beat     number
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TARGET = "kit.pages"
CONTROL = "jupyter.widget.control"

# What the template looks for in a cell's output, and what stands there until a page is made.
WIDGET, STATES = "application/vnd.jupyter.widget-view+json", "application/x-kit-states"
PAGE_MARK, MODEL_MARK, STATES_MARK = "@kit-page@", "@kit-model@", "@kit-states@"
FRAME = {WIDGET: {"model_id": MODEL_MARK, "version_major": 2, "version_minor": 0}, STATES: STATES_MARK}

Item = list[Any]
Buffer = bytes | memoryview


@dataclass
class Parcel:
    """Messages that travel together; each says how many of the buffers are its own."""

    items: list[Item] = field(default_factory=list)
    buffers: list[Buffer] = field(default_factory=list)

    def add(self, *item: object, buffers: Sequence[Buffer] = ()) -> None:
        """One message more."""
        self.items.append([len(buffers), *item])
        self.buffers += buffers

    def taken(self) -> tuple[dict[str, Any], list[Buffer]]:
        """Data and buffers of a comm's message; the batch is empty after."""
        items, self.items = self.items, []
        buffers, self.buffers = self.buffers, []
        return {"batch": items}, buffers


def messages(data: Mapping[str, Any], buffers: Sequence[Buffer]) -> Iterator[tuple[Item, Sequence[Buffer]]]:
    """Each message of a batch with its buffers."""
    at = 0
    for count, *item in data["batch"]:
        yield item, buffers[at : at + count]
        at += count
