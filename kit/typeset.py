"""Text as a printer would set it: typographic apostrophes, and no line that ends inside "20–35 %"."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from kit.summary import Quotes

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_RANGE = re.compile(r"(?<=\d)–(?=\d)")
Thing = TypeVar("Thing")


def joinable(sentence: str) -> str:
    """The sentence without its full stop, since something follows in the same line; "…", "?" and "!" stay."""
    return sentence[:-1] if sentence.endswith(".") and not sentence.endswith("..") else sentence


def unbroken(text: str) -> str:
    """The text with a sign after the dash of each "20–35" that nobody sees, and at which no line ends."""
    return _RANGE.sub("–\u2060", text)


def typeset(thing: Thing) -> Thing:
    """A text, or a block with all of its texts; what people wrote themselves stays as they wrote it."""
    made: Any = thing
    if isinstance(thing, str):
        made = _APOSTROPHE.sub("’", thing)
    elif isinstance(thing, tuple):
        made = tuple(map(typeset, thing))
    elif isinstance(thing, Quotes):
        made = replace(thing, title=typeset(thing.title))
    elif is_dataclass(thing) and not isinstance(thing, type):
        made = replace(thing, **{one.name: typeset(getattr(thing, one.name)) for one in fields(thing)})
    return made
