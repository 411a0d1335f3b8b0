"""Blocks of summaries become parts of a document, with numbers in the order in which they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kit.reports.document import Part, Pictured, ReportSection, Tabled
from kit.summary import Block, Bullets, Heading, Paragraph, Profile, Quotes, Table
from kit.texts import say
from kit.typeset import typeset

TABLES = "tables"
Blocks = tuple[Block, ...]


class Parts:
    """What numbers the parts of one document in one language, and keeps the table twins of its figures."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.figures = self.tables = 0
        self.twins: list[Tabled] = []

    def section(self, id: str, title: str, blocks: Iterable[Block]) -> ReportSection:
        """A section of these blocks."""
        return ReportSection(id, typeset(title), tuple(map(self.part, blocks)))

    def part(self, block: Block) -> Part:
        """A block with its number, where it has one."""
        if isinstance(block, Profile):
            # One person's own picture; a report tells of groups, and has its table at most.
            block = block.twin
        if isinstance(block, Table):
            self.tables += 1
            return Tabled(f"table-{self.tables}", str(self.tables), typeset(_without_empty_columns(block)))
        if isinstance(block, Heading | Paragraph | Bullets | Quotes):
            return typeset(block)
        self.figures += 1
        number, twin = str(self.figures), f"A{self.figures}"
        self.twins.append(Tabled(f"table-{twin}", twin, typeset(block.twin)))
        # The drawing itself stays as the room has it: what is kept is found by all that it was drawn of.
        return Pictured(f"figure-{number}", number, block, twin, f"table-{twin}")

    def of_twins(self) -> tuple[ReportSection, ...]:
        """The section with the twins of all figures so far; none without figures."""
        if not self.twins:
            return ()
        return (ReportSection(TABLES, say(self.lang, "report.tables"), tuple(self.twins)),)


def _without_empty_columns(table: Table) -> Table:
    """A column in which nothing stands only takes the room of the others."""
    kept = [at for at, _ in enumerate(table.columns) if at == 0 or any(row[at] for row in table.rows)]
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[at] for at in kept), rows=rows)
