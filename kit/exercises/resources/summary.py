"""What a group is told about the services that it knows, from released numbers alone.

Knowledge is a scale of three steps (1 not known, 2 a little, 3 well). A sector knows a type when its middle is
2.5 or more, and does not know it when its middle is 1.5 or less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from kit.content import Structure, Texts
from kit.disclosure import TOGETHER, Band, ItemRelease, Release
from kit.exercises.resources.listed import ENTRIES, named, rows_of
from kit.exercises.resources.model import KNOWLEDGE, Model
from kit.session import Sector
from kit.summary import (
    Bar,
    Block,
    Bullets,
    Cell,
    Figure,
    Heading,
    Matrix,
    Network,
    Paragraph,
    Quotes,
    Row,
    Summary,
    Table,
)  # fmt: skip
from kit.texts import say

KNOWS, KNOWS_NOT = 2.5, 1.5
STEPS = 5
SECTORS = tuple(str(sector) for sector in Sector)
MOST_PAIRS = 6


def summarise(model: Model, release: Release, lang: str, _options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang`; says so when too few people answered."""
    texts = model.texts(lang)
    if not release.people:
        return Summary(texts.title, (Paragraph(texts.say("too_few", k=release.k)),))
    teller = _Teller(texts, lang, release, model.types, model.structure)
    blocks = [
        Paragraph(texts.say("people", people=release.people)),
        Paragraph(texts.say("how_to_read")),
        *teller.knowledge(),
        *teller.gaps(),
        *teller.sectors(),
        *teller.together(),
        *teller.words(),
    ]
    return Summary(texts.title, tuple(blocks))


@dataclass(frozen=True)
class _Teller:
    """One release with the language and the types in which it is told."""

    texts: Texts
    lang: str
    release: Release
    types: tuple[str, ...]
    structure: Structure

    # ---- how well each type is known ----

    def knowledge(self) -> list[Block]:
        """Each type with its shares, the least known on top, and how many types are held back."""
        told = sorted((one for one in map(self.told, self.types) if _shown(one)), key=lambda one: one.middle or 4.0)
        blocks: list[Block] = [Heading(self.texts.say("knowledge_title"), "knowledge")]
        if told:
            stack = self.stack(told)
            blocks.append(stack if any(row.bars for row in stack.rows) else stack.twin)
        if hidden := len(self.types) - len(told):
            blocks.append(Paragraph(self.texts.say("held_back", count=hidden), "note"))
        return blocks

    def stack(self, told: Sequence[ItemRelease]) -> Figure:
        title = self.texts.say("knowledge_title")
        first, last = self.name(told[0]), self.name(told[-1])
        alt = self.texts.say("knowledge_alt", rows=len(told), first=first, last=last)
        columns = tuple(self.texts.say(f"col_{one}") for one in ("type", "knowledge", "middle"))
        lines = tuple((self.name(one), self.shares(one), self.number(one.middle)) for one in told)
        rows = tuple(self.row(one) for one in told)
        return Figure("stack", title, alt, rows, Table(title, columns, lines), tints=len(KNOWLEDGE))

    def row(self, one: ItemRelease) -> Row:
        if one.shape != "bands":
            note = self.texts.say("shares_held") if one.shape == "hidden" else self.shares(one)
            return Row(self.name(one), note=note)
        bars = (Bar(self.band(band, "knowledge"), band.percent, _tint(band), band.range) for band in one.bands)
        return Row(self.name(one), bars=tuple(bars))

    def shares(self, one: ItemRelease, scale: str = "knowledge") -> str:
        """The shares of one item in words."""
        if one.shape == "hidden":
            return self.texts.say("not_shown")
        if one.shape == "most":
            return self.texts.say("most", options=" / ".join(self.band(band, scale) for band in one.bands))
        told = (
            self.texts.say("share", option=self.band(band, scale), percent=self.texts.say("percent", n=band.range))
            for band in one.bands
        )
        return "; ".join(told)

    # ---- what nobody knows, and who knows what ----

    def gaps(self) -> list[Block]:
        """Types that the whole hardly knows, and no sector that is shown knows better."""
        found = [one for one in map(self.told, self.types) if one.middle is not None and one.middle <= KNOWS_NOT]
        shared = tuple(self.name(one) for one in found if all(v <= KNOWS_NOT for v in self.middles(one).values()))
        blocks: list[Block] = [Heading(self.texts.say("gaps"), "gaps")]
        if not shared:
            return [*blocks, Paragraph(self.texts.say("gaps_none"))]
        ask = Paragraph(self.texts.say("gaps_ask"), "question")
        return [*blocks, Bullets(shared, self.texts.say("gaps_lead")), ask]

    def sectors(self) -> list[Block]:
        """Sectors side by side: a grid, what only one knows, who could introduce whom, and a picture of lines."""
        blocks: list[Block] = [Heading(self.texts.say("sectors"), "sectors")]
        if self.release.by != "sector":
            return [*blocks, Paragraph(self.texts.say("sectors_partner"), "note")]
        compared = [one for one in map(self.told, self.types) if len(self.middles(one)) > 1]
        if not compared:
            return [*blocks, Paragraph(self.texts.say("sectors_none"), "note")]
        blocks += [Paragraph(self.texts.say("sectors_lead")), self.matrix(compared), *self.network(compared)]
        return [*blocks, *self.only(compared), *self.introductions(compared)]

    def matrix(self, compared: Sequence[ItemRelease]) -> Matrix:
        groups = _groups(value for one in compared for value in self.middles(one))
        columns = (*map(self.group, groups), self.texts.say("all_of_us"))
        cells = []
        for one in compared:
            values = [self.middles(one).get(group) for group in groups]
            cells.append(tuple(self.cell(value) for value in (*values, one.middle)))
        title = self.texts.say("matrix_title")
        rows = tuple(map(self.name, compared))
        lines = tuple((row, *(cell.label for cell in line)) for row, line in zip(rows, cells, strict=True))
        twin = Table(title, (self.texts.say("col_type"), *columns), lines)
        alt = self.texts.say("matrix_alt", rows=len(rows), columns=len(groups))
        legend = tuple(self.texts.say(f"legend_{step}") for step in range(1, STEPS + 1))
        return Matrix(title, alt, columns, rows, tuple(cells), legend, twin)

    def cell(self, middle: float | None) -> Cell:
        """A middle from 1 to 3 in halves has five tints."""
        tint = None if middle is None else round(2 * (middle - 1))
        return Cell(tint, "–" if middle is None else self.number(middle))

    def network(self, compared: Sequence[ItemRelease]) -> list[Block]:
        """A line from each sector to each type that it knows."""
        known = [
            (group, one, middle)
            for one in compared
            for group, middle in self.middles(one).items()
            if middle >= KNOWS
        ]
        if not known:
            return []
        groups = _groups(group for group, _, _ in known)
        kinds = list(dict.fromkeys(self.name(one) for one in compared if any(one is other for _, other, _ in known)))
        edges = [(self.group(group), self.name(one), round(2 * (middle - 1)) + 1) for group, one, middle in known]
        edges.sort(key=lambda edge: [self.group(group) for group in groups].index(edge[0]))
        title = self.texts.say("network_title")
        columns = tuple(self.texts.say(f"col_{one}") for one in ("sector", "type", "how"))
        lines = tuple((left, right, self.texts.say(f"how_{width}")) for left, right, width in edges)
        alt = self.texts.say("network_alt", sectors=len(groups), types=len(kinds))
        left = tuple(map(self.group, groups))
        return [Network(title, alt, left, tuple(kinds), tuple(edges), Table(title, columns, lines))]

    def only(self, compared: Sequence[ItemRelease]) -> list[Block]:
        """Types that one shown sector knows and no other."""
        lines = []
        for one in compared:
            knowing = [group for group, middle in self.middles(one).items() if middle >= KNOWS]
            others = [middle for group, middle in self.middles(one).items() if group not in knowing]
            if len(knowing) == 1 and all(middle <= KNOWS_NOT for middle in others):
                lines.append(self.texts.say("only_line", type=self.name(one), sector=self.group(knowing[0])))
        if not lines:
            return []
        return [Heading(self.texts.say("only"), "only"), Bullets(tuple(lines), self.texts.say("only_lead"))]

    def introductions(self, compared: Sequence[ItemRelease]) -> list[Block]:
        """Pairs of sectors of which each knows what the other does not."""
        lines = []
        for one, other in combinations(_groups(group for item in compared for group in self.middles(item)), 2):
            gives, takes = self.ahead(compared, one, other), self.ahead(compared, other, one)
            if gives and takes:
                names = {"one": self.group(one), "other": self.group(other)}
                line = self.texts.say("introduce_line", **names, gives=", ".join(gives), takes=", ".join(takes))
                lines.append((-len(gives) - len(takes), line))
        if not lines:
            return []
        told = tuple(line for _, line in sorted(lines)[:MOST_PAIRS])
        heading = Heading(self.texts.say("introduce"), "introduce")
        return [heading, Bullets(told, self.texts.say("introduce_lead"))]

    def ahead(self, compared: Sequence[ItemRelease], one: str, other: str) -> list[str]:
        """What `one` knows and `other` does not."""
        found = []
        for item in compared:
            middles = self.middles(item)
            if middles.get(one, 0) >= KNOWS and middles.get(other, KNOWS) <= KNOWS_NOT:
                found.append(self.name(item))
        return found

    # ---- words ----

    def together(self) -> list[Block]:
        told = self.release.items.get("table")
        if told is None or told.shape == "hidden":
            return []
        return [Paragraph(self.texts.say("table_line", told=self.shares(told, "table")))]

    def words(self) -> list[Block]:
        """Texts that people share, and the public entries of all of them, each once."""
        blocks: list[Block] = []
        for item, key in (("issue", "issues"), ("next_step", "steps")):
            if shared := self.release.texts.get(item, ()):
                blocks.append(Quotes(shared, self.texts.say(key)))
        if lines := self.entries():
            blocks.append(Bullets(lines, self.texts.say("entries_shared")))
        return blocks

    def entries(self) -> tuple[str, ...]:
        """Public entries by type and name, with their organization; what is not one is left out."""
        rows = rows_of(self.structure, self.release.texts.get(ENTRIES, ()))
        names = ((named(self.texts, row), self.texts.option("type", row["type"])) for row in rows)
        return tuple(dict.fromkeys(self.texts.say("entry", name=name, type=kind) for name, kind in names))

    def told(self, kind: str) -> ItemRelease:
        """What was released about a type; hidden if nothing was."""
        return self.release.items.get(f"know_{kind}") or ItemRelease(f"know_{kind}")

    def middles(self, one: ItemRelease) -> dict[str, float]:
        """The middle of each sector on a type; none in a release by partner."""
        return {value.group: value.middle for value in one.groups} if self.release.by == "sector" else {}

    def name(self, one: ItemRelease) -> str:
        return self.texts.option("type", one.item.removeprefix("know_"))

    def group(self, group: str) -> str:
        return say(self.lang, f"sectors.{group}")

    def band(self, band: Band, scale: str) -> str:
        first, *others = (self.texts.option(scale, option) for option in band.options)
        rest = [label[:1].lower() + label[1:] for label in others]
        if not rest:
            return first
        return self.texts.say("either", options=", ".join([first, *rest[:-1]]), last=rest[-1])

    def number(self, value: float | None) -> str:
        if value is None:
            return self.texts.say("not_shown")
        return f"{value:g}".replace(".", self.texts.say("decimal"))


def _shown(one: ItemRelease) -> bool:
    return one.shape != "hidden" or one.middle is not None


def _tint(band: Band) -> int:
    """The tint of a band's middle option, the outer one where two are in the middle."""
    places = [KNOWLEDGE.index(option) for option in band.options]
    return 2 if sum(places) / len(places) > 1 else round(sum(places) / len(places) - 0.1)


def _groups(found: Iterable[str]) -> list[str]:
    """Groups in the order in which forms list them, those put together last."""
    return sorted(set(found), key=lambda group: SECTORS.index(group) if group != TOGETHER else len(SECTORS))
