"""What stands around a line of a list and may be meant for it too: the title of its part, and a cell that is written
once for several lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kit.directory.kinds import kind_of
from kit.directory.shelter import shelter_in
from kit.letters import folded
from kit.tables.reading import Line, Sheet

# A cell that says "as above"; the marks themselves leave no letter.
_AGAIN = frozenset({"", "idem", "id", "ditto", "meme", "same"})
# What is given once for several lines, whatever stands to the left of the names besides.
_GIVEN_ONCE = frozenset({"organization", "type"})


# Of several houses speaks a title, of one its name.
_SEVERAL = re.compile(r"\b(?:shelters|refuges|maisons|houses|homes|housing|foyers|hebergements|logements)\b")


@dataclass
class Above:
    """Goes through the lines of a list, the first one first.

    part  the title of the part in which the last line stands
    """

    sheet: Sheet
    meant: Mapping[int, str]
    part: str = ""
    said: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = next((at for at, column in self.meant.items() if column == "name"), 0)
        places = range(len(self.sheet.head))
        self.once = [at for at in places if at < named or self.meant.get(at) in _GIVEN_ONCE]
        # Alone in its line stands a title only where lines have several cells.
        several = sum(len(line.cells) > 1 for line in self.sheet.lines)
        self.wide, self.mostly_wide = several > 0, 2 * several >= len(self.sheet.lines)

    def of(self, line: Line) -> tuple[tuple[str, ...], bool]:
        """The texts that may be meant for a line too, and whether it is the title of a part itself."""
        if self.repeats_headings(line):
            return (), True
        if self.titles(line):
            (self.part,) = line.cells.values()
            self.said.clear()
            return (), True
        if self.wide and len(line.cells) == 1 and shelter_in(line.cells.values(), ()) == "perhaps":
            # It may be an entry, or a title that only may be about houses.
            (self.part,) = line.cells.values()
        above = [self.part] if self.part else []
        for at in self.once:
            cell = line.cells.get(at, "")
            if folded(cell) not in _AGAIN:
                self.said[at] = cell
            elif at in self.said:
                above.append(self.said[at])
        return tuple(above), False

    @property
    def kind(self) -> str:
        """What the part says of its lines' type; a part of houses says nothing of those that are none."""
        return "" if shelter_in((self.part,), ()) else self.part

    def repeats_headings(self, line: Line) -> bool:
        """Whether a line is the headings again, as at the top of each printed page."""
        head = self.sheet.head
        return len(line.cells) > 1 and all(folded(cell) == folded(head[at]) for at, cell in line.cells.items())

    def titles(self, line: Line) -> bool:
        """Whether a line is the title of a part: alone, and written as titles are."""
        if not self.wide or len(line.cells) != 1 or line.surplus:
            return False
        ((at, text),) = line.cells.items()
        if at > max((place for place, column in self.meant.items() if column == "name"), default=0):
            return False
        words = text.strip(" :–—-")
        # A name has capitals of its own.
        plain = words.isupper() or text.rstrip().endswith(":") or words[1:] == words[1:].lower()
        if shelter_in((words,), ()) == "sure":
            return plain or bool(_SEVERAL.search(folded(words)))
        return self.mostly_wide and plain and bool(kind_of((words,)) or (self.part.isupper() and words.isupper()))
