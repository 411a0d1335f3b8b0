"""What a group is told about the services that it knows, from released numbers alone.

Knowledge is a scale of three steps (1 not known, 2 a little, 3 well). A sector knows a type when its middle is
2.5 or more, and does not know it when its middle is 1.5 or less.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from kit.directory.entries import Row
from kit.disclosure import ItemRelease, Release
from kit.exercises.resources.listed import ENTRIES, named, rows_of
from kit.exercises.resources.model import Model
from kit.findings import Finding, finding, foremost
from kit.summary import (
    Block,
    Bullets,
    Cell,
    Figure,
    Heading,
    Matrix,
    Network,
    Paragraph,
    Quotes,
    Summary,
    Table,
)  # fmt: skip
from kit.telling import Telling, in_order

SCALE = "known_here"
KNOWS, KNOWS_NOT = 2.5, 1.5
STEPS = 5
HALF = 50
MOST_PAIRS = 6
# What helps to refer somebody to a service, in the order of the table.
REFERRING = ("who_can_come", "refer", "waiting")


def summarise(model: Model, release: Release, lang: str, _options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang`; says so when too few people answered."""
    teller = _Teller(model, release, lang)
    return teller.summary(teller.texts.title, teller.blocks())


def findings(model: Model, release: Release, lang: str, _options: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """What the room said, in a sentence each; none where nothing stands alone."""
    return tuple(_Teller(model, release, lang).findings())


class _Teller(Telling):
    """One release with the language and the types in which it is told."""

    def __init__(self, model: Model, release: Release, lang: str) -> None:
        super().__init__(model, release, lang)
        self.types, self.structure = model.types, model.structure

    def blocks(self) -> list[Block]:
        """Everything, in order."""
        return [
            Paragraph(self.say("people", people=self.release.people)),
            Paragraph(self.say("how_to_read")),
            *self.knowledge(),
            *self.gaps(),
            *self.sectors(),
            *self.together(),
            *self.words(),
        ]

    # ---- how well each type is known ----

    def knowledge(self) -> list[Block]:
        """Each type with its shares, the least known on top, and how many types are held back."""
        told = sorted((one for one in self.known() if _shown(one)), key=lambda one: one.middle or 4.0)
        blocks: list[Block] = [Heading(self.say("knowledge_title"), "knowledge")]
        if told:
            stack = self.bars(told)
            blocks.append(stack if any(row.bars for row in stack.rows) else stack.twin)
        return [*blocks, *self.held(len(self.types) - len(told))]

    def bars(self, told: Sequence[ItemRelease]) -> Figure:
        title = self.say("knowledge_title")
        first, last = self.name(told[0]), self.name(told[-1])
        alt = self.say("knowledge_alt", rows=len(told), first=first, last=last)
        extra = ("none_here",) if any(one.apart for one in told) else ()
        lines = [
            (self.name(one), self.shares(SCALE, one), self.number(one.middle), self.percent(one.apart)) for one in told
        ]
        columns = self.columns("type", "knowledge", "middle", *extra)
        twin = Table(title, columns, tuple(line[: len(columns)] for line in lines))
        return self.stack(SCALE, title, alt, [(self.name(one), one) for one in told], twin)

    # ---- what nobody knows, and who knows what ----

    def gaps(self) -> list[Block]:
        """Types that the whole hardly knows, and no sector that is shown knows better."""
        found = [one for one in self.known() if one.middle is not None and one.middle <= KNOWS_NOT]
        shared = tuple(self.name(one) for one in found if all(v <= KNOWS_NOT for v in self.middles(one).values()))
        blocks: list[Block] = [Heading(self.say("gaps"), "gaps")]
        if missing := tuple(self.name(one) for one in self.known() if one.apart and one.apart.low >= HALF):
            blocks.append(Bullets(missing, self.say("gaps_none_here")))
        if not shared:
            return [*blocks, Paragraph(self.say("gaps_none"))]
        ask = Paragraph(self.say("gaps_ask"), "question")
        return [*blocks, Bullets(shared, self.say("gaps_lead")), ask]

    def sectors(self) -> list[Block]:
        """Sectors side by side: a grid, what only one knows, who could introduce whom, and a picture of lines."""
        blocks: list[Block] = [Heading(self.say("sectors"), "sectors")]
        if self.release.by != "sector":
            return [*blocks, Paragraph(self.say("sectors_partner"), "note")]
        compared = [one for one in self.known() if len(self.middles(one)) > 1]
        if not compared:
            return [*blocks, Paragraph(self.say("sectors_none"), "note")]
        blocks += [Paragraph(self.say("sectors_lead")), self.matrix(compared), *self.network(compared)]
        return [*blocks, *self.only(compared), *self.introductions(compared)]

    def matrix(self, compared: Sequence[ItemRelease]) -> Matrix:
        groups = in_order(value for one in compared for value in self.middles(one))
        columns = (*map(self.group, groups), self.say("all_of_us"))
        cells = []
        for one in compared:
            values = [self.middles(one).get(group) for group in groups]
            cells.append(tuple(self.square(value) for value in (*values, one.middle)))
        title = self.say("matrix_title")
        rows = tuple(map(self.name, compared))
        lines = tuple((row, *(cell.label for cell in line)) for row, line in zip(rows, cells, strict=True))
        twin = Table(title, (*self.columns("type"), *columns), lines)
        alt = self.say("matrix_alt", rows=len(rows), columns=len(groups))
        legend = tuple(self.say(f"legend_{step}") for step in range(1, STEPS + 1))
        return Matrix(title, alt, columns, rows, tuple(cells), legend, twin)

    def square(self, middle: float | None) -> Cell:
        """A middle from 1 to 3 in halves has five tints."""
        tint = None if middle is None else round(2 * (middle - 1))
        return Cell(tint, "–" if middle is None else self.number(middle))

    def network(self, compared: Sequence[ItemRelease]) -> list[Block]:
        """A line from each sector to each type that it knows."""
        known = [
            (group, one, middle) for one in compared for group, middle in self.middles(one).items() if middle >= KNOWS
        ]
        if not known:
            return []
        groups = in_order(group for group, _, _ in known)
        kinds = list(dict.fromkeys(self.name(one) for one in compared if any(one is other for _, other, _ in known)))
        edges = [(self.group(group), self.name(one), round(2 * (middle - 1)) + 1) for group, one, middle in known]
        edges.sort(key=lambda edge: [self.group(group) for group in groups].index(edge[0]))
        title = self.say("network_title")
        columns = self.columns("sector", "type", "how")
        lines = tuple((left, right, self.say(f"how_{width}")) for left, right, width in edges)
        alt = self.say("network_alt", sectors=len(groups), types=len(kinds))
        left = tuple(map(self.group, groups))
        return [Network(title, alt, left, tuple(kinds), tuple(edges), Table(title, columns, lines))]

    def only(self, compared: Sequence[ItemRelease]) -> list[Block]:
        """Types that one shown sector knows and no other."""
        lines = []
        for one in compared:
            knowing = [group for group, middle in self.middles(one).items() if middle >= KNOWS]
            others = [middle for group, middle in self.middles(one).items() if group not in knowing]
            if len(knowing) == 1 and all(middle <= KNOWS_NOT for middle in others):
                lines.append(self.say("only_line", type=self.name(one), sector=self.group(knowing[0])))
        if not lines:
            return []
        return [Heading(self.say("only"), "only"), Bullets(tuple(lines), self.say("only_lead"))]

    def introductions(self, compared: Sequence[ItemRelease]) -> list[Block]:
        """Pairs of sectors of which each knows what the other does not."""
        lines = []
        for one, other in combinations(in_order(group for item in compared for group in self.middles(item)), 2):
            gives, takes = self.ahead(compared, one, other), self.ahead(compared, other, one)
            if gives and takes:
                names = {"one": self.group(one), "other": self.group(other)}
                line = self.say("introduce_line", **names, gives=", ".join(gives), takes=", ".join(takes))
                lines.append((-len(gives) - len(takes), line))
        if not lines:
            return []
        told = tuple(line for _, line in sorted(lines)[:MOST_PAIRS])
        heading = Heading(self.say("introduce"), "introduce")
        return [heading, Bullets(told, self.say("introduce_lead"))]

    def ahead(self, compared: Sequence[ItemRelease], one: str, other: str) -> list[str]:
        """What `one` knows and `other` does not."""
        found = []
        for item in compared:
            middles = self.middles(item)
            if middles.get(one, 0) >= KNOWS and middles.get(other, KNOWS) <= KNOWS_NOT:
                found.append(self.name(item))
        return found

    def findings(self) -> list[Finding]:
        """Which type the most say is missing, which the most do not know, which the most know well."""
        told = [(one, one) for one in self.known()]
        return [
            *finding(self, "missing", foremost(told, "none_here"), self.name),
            *finding(self, "unknown", foremost(told, "not_known"), self.name),
            *finding(self, "known", foremost(told, "well"), self.name),
        ]

    # ---- words ----

    def together(self) -> list[Block]:
        told = self.told("table")
        if told.shape == "hidden":
            return []
        return [Paragraph(self.say("table_line", told=self.shares("table", told)))]

    def words(self) -> list[Block]:
        """Texts that people share, and the public entries of all of them, each once."""
        blocks: list[Block] = []
        for item, key in (("issue", "issues"), ("next_step", "steps")):
            if shared := self.release.texts.get(item, ()):
                blocks.append(Quotes(shared, self.say(key)))
        return [*blocks, *self.entries()]

    def entries(self) -> list[Block]:
        """Public entries by type and name, with what helps to refer somebody there, where it is known of any."""
        rows = rows_of(self.structure, self.release.texts.get(ENTRIES, ()))
        title = self.say("entries_shared")
        if not any(row.get(one) for row in rows for one in REFERRING):
            names = ((named(self.texts, row), self.texts.option("type", row["type"])) for row in rows)
            lines = tuple(dict.fromkeys(self.say("entry", name=name, type=kind) for name, kind in names))
            return [Bullets(lines, title)] if lines else []
        columns = tuple(self.texts.text(ENTRIES, one) for one in ("name", "type", *REFERRING))
        return [Table(title, columns, tuple(dict.fromkeys(map(self.referring, rows))))]

    def referring(self, row: Row) -> tuple[str, ...]:
        """One entry as cells; what is not known is left empty."""
        waiting = self.texts.option("waiting", row["waiting"]) if row.get("waiting") else ""
        kind = self.texts.option("type", row["type"])
        return named(self.texts, row), kind, row.get("who_can_come", ""), row.get("refer", ""), waiting

    def known(self) -> list[ItemRelease]:
        """What was released about how well each type is known."""
        return [self.told(f"know_{kind}") for kind in self.types]

    def middles(self, one: ItemRelease) -> dict[str, float]:
        """The middle of each sector on a type; none in a release by partner."""
        return {value.group: value.middle for value in one.groups} if self.release.by == "sector" else {}

    def name(self, one: ItemRelease) -> str:
        return self.texts.option("type", one.item.removeprefix("know_"))


def _shown(one: ItemRelease) -> bool:
    return one.shape != "hidden" or one.middle is not None
