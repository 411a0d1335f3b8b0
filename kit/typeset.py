"""Text as a printer would set it: a typewriter's apostrophe inside a word becomes a typographic one."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from kit.summary import Quotes

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
Thing = TypeVar("Thing")


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
