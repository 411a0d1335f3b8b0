"""The agenda on a page: what the console's head shows of it, and what a trainer can ask for there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypedDict, get_args

from kit.closing import LIMIT

Deed = Literal["go", "stop", "run", "minutes", "skip", "move", "add", "undo", "note"]
DEEDS: Final[tuple[Deed, ...]] = get_args(Deed)
LONGEST = 80
# Characters of what a trainer writes down about a block.
LONGEST_NOTE = LIMIT


class Clock(TypedDict):
    """The block's clock. Seconds since 1970 on the server: `until` (0: it stands), and `sent`, when this was told.

    `left` are the seconds that were left when it was stopped.
    """

    until: int
    left: int
    sent: int


class BlockNow(TypedDict):
    """The block that is on, in words; `steps` are its exercise's with their minutes, `step` the one that is on.

    `slug` is its exercise (empty: none); `note` is what a trainer wrote down about it.
    """

    id: str
    title: str
    minutes: int
    laptop: str
    say: Sequence[str]
    watch: Sequence[str]
    debrief: Sequence[str]
    materials: Sequence[str]
    steps: Sequence[tuple[str, int]]
    step: str
    story: str
    note: str
    slug: str


class Action(TypedDict):
    """What the large button does: "begin", "open", "stage" (to `stage`, a story's first scene), "free" (from there on,
    each at their own pace), "close", "look", "reveal", "show", "again", "next" or "meeting".
    """

    kind: str
    slug: str
    block: str
    stage: str
    title: str


class BlockLine(TypedDict):
    """A block in the list of all; `meeting` is its number where one begins with it (0 elsewhere)."""

    id: str
    title: str
    minutes: int
    skipped: bool
    meeting: int


class OfferLine(TypedDict):
    """An exercise that can be added, or a story of `group`; `minutes` is what it takes."""

    id: str
    title: str
    group: str
    minutes: int


class AgendaHead(TypedDict):
    """The agenda at the head of the console; `again` is the exercise that can be answered once more (empty: none).

    `undo` says what was done last and can be taken back (empty: nothing); `offers` is what can be added.
    """

    title: str
    place: int
    now: BlockNow | None
    action: Action | None
    next: str
    note: str
    clock: Clock
    blocks: Sequence[BlockLine]
    undo: str
    again: str
    number: int
    offers: Sequence[OfferLine]


@dataclass(frozen=True)
class AgendaWish:
    """Something that a trainer asks of the agenda; what a deed does not need is empty.

    `kind` is what is added: "break", "talk", or an `OfferLine`'s id.
    """

    deed: Deed
    block: str = ""
    number: int = 0
    yes: bool = False
    kind: str = ""
    title: str = ""
    note: str = ""


def wish_of(message: Mapping[str, Any]) -> AgendaWish | None:
    """What a page asks for; None when it cannot be understood."""
    deed = message.get("deed")
    texts = {name: message.get(name, "") for name in ("block", "what", "title")}
    note = message.get("note", "")
    if not isinstance(note, str) or len(note) > LONGEST_NOTE:
        return None
    number, yes = message.get("number", 0), message.get("yes", False)
    if deed not in DEEDS or not all(isinstance(one, str) and len(one) <= LONGEST for one in texts.values()):
        return None
    if type(number) is not int or type(yes) is not bool or not -1 <= number <= 1000:
        return None
    return AgendaWish(deed, texts["block"], number, yes, texts["what"], texts["title"], note)
