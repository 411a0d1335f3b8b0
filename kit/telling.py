"""The one vocabulary in which a group's release is told: every summary says share, most, not shown and too few alike.

A summary subclasses `Telling` and says what is its own. What disclosure control lets out is turned into words, rows
and cells here, so that a rule of telling changes once. Sentences are in kit/texts/<lang>/telling.yaml.

Colours mean one thing everywhere: the first tint is the end where there is most to do, the last one the good end.
`GOOD_FIRST` names the scales that begin with their good end. Options that are told as one have a colour mixed of
theirs and upright lines, so that they never look like one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from kit.content import Texts
from kit.disclosure import HALF, TOGETHER, Band, ItemRelease, Release
from kit.exercise import Exercise
from kit.sectors import name_of, offered
from kit.summary import Bar, Block, Figure, Heading, Paragraph, Quotes, Row, Summary, Table, Tint
from kit.texts import say

Thing = TypeVar("Thing")


class Telling:
    """One release of an exercise in one language."""

    # Scales whose first option is the good end.
    GOOD_FIRST: frozenset[str] = frozenset()

    def __init__(self, model: Exercise, release: Release, lang: str) -> None:
        self.release, self.lang, self.slug = release, lang, model.slug
        self.texts: Texts = model.texts(lang)
        self.scales = model.structure.scales

    def summary(self, title: str, blocks: Iterable[Block]) -> Summary:
        """All that is told; in a page of several exercises, no two headings have one id."""
        if not self.release.people:
            return Summary(title, (Paragraph(self.word("too_few", k=self.release.k), "note"),))
        return Summary(title, tuple(map(self._prefixed, blocks)))

    def say(self, key: str, **details: object) -> str:
        """A sentence of the exercise."""
        return self.texts.say(key, **details)

    def word(self, key: str, **details: object) -> str:
        """A sentence that all exercises share."""
        return say(self.lang, f"telling.{key}", **details)

    # ---- one item ----

    def told(self, item: str) -> ItemRelease:
        """What was released about an item; nothing if it was not."""
        return self.release.items.get(item) or ItemRelease(item)

    def label(self, scale: str, options: Sequence[str]) -> str:
        """Options as one: the first keeps its capital letter."""
        first, *others = (self.texts.option(scale, option) for option in options)
        rest = [label[:1].lower() + label[1:] for label in others]
        return self.word("either", options=", ".join([first, *rest[:-1]]), last=rest[-1]) if rest else first

    def percent(self, band: Band | None) -> str:
        """A share as it is written, or that it is not shown."""
        return self.word("not_shown") if band is None else self.word("percent", n=band.range)

    def share(self, scale: str, band: Band) -> str:
        """A share with what it is the share of."""
        return self.word("share", option=self.label(scale, band.options), percent=self.percent(band))

    def shares(self, scale: str, one: ItemRelease) -> str:
        """All that was released about an item, in words."""
        if one.shape == "hidden":
            return self.word("not_shown")
        if one.shape == "most":
            return self.most(scale, one)
        if one.none_above is not None:
            return self.word("none_above", n=one.none_above)
        return "; ".join(self.share(scale, band) for band in one.bands)

    def most(self, scale: str, one: ItemRelease) -> str:
        """What most people chose, or nearly half of them and perhaps more."""
        (band,) = one.bands
        word = "most" if band.low >= HALF else "above"
        return self.word(word, options=self.label(scale, band.options), n=band.low)

    def cell(self, scale: str, one: ItemRelease, option: str) -> str:
        """A share in a table; where options are told as one, each of their cells says which they are."""
        band = next((band for band in one.bands if option in band.options), None)
        if band is None or one.shape == "hidden":
            return self.word("not_shown")
        if one.shape == "most":
            return self.most(scale, one)
        return self.percent(band) if len(band.options) == 1 else self.share(scale, band)

    # ---- a figure ----

    def row(self, scale: str, name: str, one: ItemRelease) -> Row:
        """Shares as bars; without any, the row says why."""
        if one.shape != "bands" or one.none_above is not None:
            return Row(name, note=self.shares(scale, one))
        # From the left, where there is most to do, to the good end, whatever the order of the options is.
        bars = sorted((self._bar(scale, band) for band in one.bands), key=lambda bar: _middle(bar.tint))
        return Row(name, tuple(bars))

    def stack(
        self,
        scale: str,
        title: str,
        alt: str,
        told: Sequence[tuple[str, ItemRelease]],
        twin: Table,
        palette: Literal["ends", "steps"] = "ends",
    ) -> Figure:
        """Stacked shares of several items on one scale."""
        rows = tuple(self.row(scale, name, one) for name, one in told)
        tints = len(self.scales[scale].options)
        return Figure("stack", title, alt, rows, twin, tints=tints, palette=palette)

    def tint(self, scale: str, options: Iterable[str]) -> Tint:
        """The tints of these options, from the end where there is most to do (0) to the good end."""
        every = self.scales[scale].options
        places = (every.index(option) for option in options)
        return tuple(sorted(len(every) - 1 - at if scale in self.GOOD_FIRST else at for at in places))

    def _bar(self, scale: str, band: Band) -> Bar:
        return Bar(self.label(scale, band.options), band.percent, self.tint(scale, band.options), band.range)

    # ---- what stands around it ----

    def held(self, hidden: int) -> list[Block]:
        """That something is not shown, and why; nothing where all is."""
        return [Paragraph(self.word("held", count=hidden), "note")] if hidden else []

    def columns(self, *names: str) -> tuple[str, ...]:
        """Headings of a table's columns."""
        return tuple(self.say(f"col_{name}") for name in names)

    def quotes(self, item: str, key: str, id: str) -> list[Block]:
        """Texts that their writers agreed to show, below a heading; none where there are none."""
        shared = self.release.texts.get(item, ())
        heading = Heading(self.say(f"{key}_heading"), id)
        return [heading, Quotes(tuple(shared), self.say(f"{key}_title"))] if shared else []

    def number(self, value: float | None, form: str = "g") -> str:
        """A number with the language's decimal sign."""
        return self.word("not_shown") if value is None else f"{value:{form}}".replace(".", self.word("decimal"))

    def group(self, group: str) -> str:
        """A sector's name in this language; a partner's as its members wrote it."""
        by_sector = self.release.by == "sector" or group == TOGETHER
        return name_of(group, self.lang) if by_sector else group

    def _prefixed(self, block: Block) -> Block:
        if isinstance(block, Heading) and block.id:
            return replace(block, id=f"{self.slug}-{block.id}")
        return block


def _middle(tint: Tint) -> float:
    parts = (tint,) if isinstance(tint, int) else tint
    return sum(parts) / len(parts)


def in_order(groups: Iterable[str]) -> list[str]:
    """Each group once: sectors as forms list them, partners by name, those put together last."""

    sectors = list(map(str, offered()))

    def place(group: str) -> tuple[int, str]:
        if group == TOGETHER:
            return len(sectors) + 1, group
        return (sectors.index(group), "") if group in sectors else (len(sectors), group.casefold())

    return sorted(set(groups), key=place)


def standing_out(values: Mapping[Thing, float]) -> Thing | None:
    """What has the highest value; None where it is not alone: a tie names nobody."""
    highest = max(values.values(), default=0.0)
    found = [one for one, value in values.items() if value == highest]
    return found[0] if len(found) == 1 else None
