"""What a group is told about its plans, from released numbers alone: no row of anybody's plan stands here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kit.content import Texts
from kit.disclosure import Band, ItemRelease, Release
from kit.exercises.action_plan.model import NOT_PLANNED, Model
from kit.summary import Bar, Block, Figure, Heading, Paragraph, Quotes, Row, Summary, Table

# Up to which share a sentence says "few" (per cent).
FEW = 30


def summarise(
    model: Model, release: Release, lang: str, options: tuple[str, ...] = (),  # noqa: ARG001 - a plan has no lenses
) -> Summary:
    """Tell `release` in `lang`; says so when too few people wrote a plan."""
    texts = model.texts(lang)
    title = texts.say("group_title")
    if not release.people:
        return Summary(title, (Paragraph(texts.say("too_few", k=release.k), "note"),))
    teller = _Teller(model, release, texts)
    blocks = (*teller.planned(), *teller.starts(), *teller.gap(), *teller.activities())
    return Summary(title, (Paragraph(texts.say("people", people=release.people)), *blocks))


class _Teller:
    """The parts of one group's summary."""

    def __init__(self, model: Model, release: Release, texts: Texts) -> None:
        self.release, self.texts = release, texts
        self.objectives = model.objectives
        self.scales = model.structure.scales

    def planned(self) -> list[Block]:
        """For which objectives something is planned."""
        shares = {one: share.low for one in self.objectives if (share := self._share(one)) and not share.few}
        top = [one for one in shares if shares[one] == max(shares.values())]
        alt = self.texts.say("figure_alt", top=self._names(top) or self.texts.say("not_shown"))
        figure = self._figure("planned", self.texts.say("figure_title"), alt)
        blocks: list[Block] = [Heading(self.texts.say("figure_heading"), "planned"), figure]
        hidden = any(self._told("planned", one).shape == "hidden" for one in self.objectives)
        note = [Paragraph(self.texts.say("held_note"), "note")] if hidden else []
        return [*blocks, *note, Paragraph(self.texts.say("figure_reading"))]

    def starts(self) -> list[Block]:
        """When the first thing would begin, where enough people have set dates."""
        heading = Heading(self.texts.say("start_heading"), "starts")
        if all(self._told("start", one).shape == "hidden" for one in self.objectives):
            return [heading, Paragraph(self.texts.say("start_none"), "note")]
        figure = self._figure("start", self.texts.say("start_title"), self.texts.say("start_alt"))
        return [heading, Paragraph(self.texts.say("start_reading")), figure]

    def gap(self) -> list[Block]:
        """A question about the objectives for which few plan something."""
        shares = {one: self._share(one) for one in self.objectives if one != "own"}
        few = [one for one, share in shares.items() if share is not None and share.high <= FEW]
        if not few:
            return []
        key = "gap_one" if len(few) == 1 else "gap_several"
        asked = Paragraph(self.texts.say(key, items=self._names(few)), "question")
        return [Heading(self.texts.say("gap_heading"), "gap"), asked]

    def activities(self) -> list[Block]:
        """The activities that their writers agreed to show."""
        shared = self.release.texts.get("activities", ())
        if not shared:
            return []
        heading = Heading(self.texts.say("activities_heading"), "activities")
        return [heading, Quotes(tuple(shared), self.texts.say("activities_title"))]

    def _figure(self, scale: str, title: str, alt: str) -> Figure:
        """Stacked shares by objective, with their twin; what stands beside the scale has a column of its own."""
        options = self.scales[scale].options
        apart = bool(self.scales[scale].apart)
        told = [(self._name(one), self._told(scale, one)) for one in self.objectives]
        columns = [self.texts.say("col_objective"), *(self.texts.option(scale, one) for one in options)]
        cells = (
            (name, *(self._cell(one, option) for option in options), *([self._percent(one.apart)] if apart else []))
            for name, one in told
        )
        twin = Table(title, (*columns, *([self.texts.say("col_undated")] if apart else [])), tuple(cells))
        return Figure("stack", title, alt, tuple(self._row(scale, *one) for one in told), twin, tints=len(options))

    def _row(self, scale: str, name: str, told: ItemRelease) -> Row:
        if told.shape == "bands":
            options = self.scales[scale].options
            # Neighbours that are told as one take the colour of the first of them.
            bars = (
                Bar(self._label(scale, band), band.percent, options.index(band.options[0]), band.range)
                for band in told.bands
            )
            return Row(name, tuple(bars))
        if told.shape == "most":
            return Row(name, note=self.texts.say("most", options=self._label(scale, told.bands[0])))
        return Row(name, note=self.texts.say("not_shown"))

    def _cell(self, told: ItemRelease, option: str) -> str:
        """A share; where neighbours are told as one, each of their cells says which they are."""
        band = next((band for band in told.bands if option in band.options), None)
        if told.shape == "hidden" or band is None:
            return self.texts.say("not_shown")
        scale = "start" if option in self.scales["start"].options else "planned"
        if told.shape == "most":
            return self.texts.say("most", options=self._label(scale, band))
        share = self._percent(band)
        return share if len(band.options) == 1 else self.texts.say(
            "share_of", options=self._label(scale, band), share=share
        )  # fmt: skip

    def _told(self, scale: str, objective: str) -> ItemRelease:
        """The one table of an objective, seen as what is planned, or as when it starts."""
        item = f"plan_{objective}"
        both, starts = self.release.items.get(item) or ItemRelease(item), self.scales["start"]
        if scale == "planned":
            planned, not_planned = both.union(*starts.all), both.union(NOT_PLANNED)
            if planned is None or not_planned is None:
                return ItemRelease(item)
            return ItemRelease(item, self.scales[scale].options, (replace(planned, options=("planned",)), not_planned))
        cells = tuple(band for band in both.cells if band.options[0] in starts.options and len(band.options) == 1)
        return ItemRelease(item, starts.options, cells, both.union(*starts.apart) if cells else None)

    def _share(self, objective: str) -> Band | None:
        """How many plan something for an objective; None where that is not told."""
        return self._told("planned", objective).union("planned")

    def _label(self, scale: str, band: Band) -> str:
        return " / ".join(self.texts.option(scale, option) for option in band.options)

    def _percent(self, band: Band | None) -> str:
        return self.texts.say("not_shown") if band is None else self.texts.say("percent", number=band.range)

    def _name(self, objective: str) -> str:
        return self.texts.option("objective", objective)

    def _names(self, objectives: Iterable[str]) -> str:
        return "; ".join(map(self._name, objectives))


__all__ = ["summarise"]
