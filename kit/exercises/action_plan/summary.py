"""What a group is told about its plans, from released numbers alone: no row of anybody's plan stands here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kit.disclosure import Band, ItemRelease, Release
from kit.exercises.action_plan.model import NOT_PLANNED, STANDS, Model
from kit.findings import Finding, finding, foremost
from kit.summary import Block, Figure, Heading, Paragraph, Summary, Table
from kit.telling import Telling, standing_out

# Up to which share a sentence says "few" (per cent).
FEW = 30


def summarise(
    model: Model,
    release: Release,
    lang: str,
    options: tuple[str, ...] = (),  # noqa: ARG001 - a plan has no lenses
) -> Summary:
    """Tell `release` in `lang`; says so when too few people wrote a plan."""
    teller = _Teller(model, release, lang)
    return teller.summary(teller.say("group_title"), teller.blocks())


def findings(model: Model, release: Release, lang: str, _options: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """What the room said, in a sentence each; none where nothing stands alone."""
    return tuple(_Teller(model, release, lang).findings())


class _Teller(Telling):
    """The parts of one group's summary."""

    GOOD_FIRST = frozenset({"planned"})

    def __init__(self, model: Model, release: Release, lang: str) -> None:
        super().__init__(model, release, lang)
        self.objectives = model.objectives

    def blocks(self) -> list[Block]:
        """Everything, in order."""
        opening = Paragraph(self.say("people", people=self.release.people))
        activities = self.quotes("activities", "activities", "activities")
        return [opening, *self.planned(), *self.starts(), *self.stands(), *self.gap(), *activities]

    def planned(self) -> list[Block]:
        """For which objectives something is planned."""
        shares = {one: share.low for one in self.objectives if (share := self._share(one)) and not share.few}
        top = standing_out(shares)
        alt = self.say("figure_alt", top=self._name(top)) if top else self.say("figure_alt_even")
        figure = self._figure("planned", self.say("figure_title"), alt)
        blocks: list[Block] = [Heading(self.say("figure_heading"), "planned"), figure]
        hidden = sum(self._of("planned", one).shape == "hidden" for one in self.objectives)
        return [*blocks, *self.held(hidden), Paragraph(self.say("figure_reading"))]

    def starts(self) -> list[Block]:
        """When the first thing would begin, where enough people have set dates."""
        heading = Heading(self.say("start_heading"), "starts")
        if all(self._of("start", one).shape == "hidden" for one in self.objectives):
            return [heading, Paragraph(self.say("start_none"), "note")]
        figure = self._figure("start", self.say("start_title"), self.say("start_alt"))
        return [heading, Paragraph(self.say("start_reading")), figure]

    def stands(self) -> list[Block]:
        """Whether plans have responsible roles, and how far they are; nothing where neither is told."""
        told = [(one, self.told(one)) for one in STANDS]
        if all(table.shape == "hidden" for _, table in told):
            return []
        rows = tuple(
            (self.say(f"stand_{one}"), self.shares(one, table), self.percent(table.apart) if one == "progress" else "–")
            for one, table in told
        )
        table = Table(self.say("stand_title"), self.columns("stand", "shares", "not_said"), rows)
        return [Heading(self.say("stand_heading"), "stands"), Paragraph(self.say("stand_reading")), table]

    def gap(self) -> list[Block]:
        """A question about the objectives for which few plan something."""
        shares = {one: self._share(one) for one in self.objectives if one != "own"}
        few = [one for one, share in shares.items() if share is not None and share.high <= FEW]
        if not few:
            return []
        key = "gap_one" if len(few) == 1 else "gap_several"
        asked = Paragraph(self.say(key, items=self._names(few)), "question")
        return [Heading(self.say("gap_heading"), "gap"), asked]

    def findings(self) -> list[Finding]:
        """For which objective the most plan something, and for which of the source's they plan nothing."""
        told = [(one, self._of("planned", one)) for one in self.objectives]
        theirs = [(one, table) for one, table in told if one != "own"]
        return [
            *finding(self, "planned", foremost(told, "planned"), self._name),
            *finding(self, "gap", foremost(theirs, NOT_PLANNED), self._name),
        ]

    def _figure(self, scale: str, title: str, alt: str) -> Figure:
        """Stacked shares by objective, with their twin; what stands beside the scale has a column of its own."""
        options = self.scales[scale].options
        apart = bool(self.scales[scale].apart)
        told = [(self._name(one), self._of(scale, one)) for one in self.objectives]
        columns = [*self.columns("objective"), *(self.texts.option(scale, one) for one in options)]
        cells = (
            (name, *(self.cell(scale, one, each) for each in options), *((self.percent(one.apart),) if apart else ()))
            for name, one in told
        )
        twin = Table(title, (*columns, *(self.columns("undated") if apart else ())), tuple(cells))
        return self.stack(scale, title, alt, told, twin, "steps" if scale == "start" else "ends")

    def _of(self, scale: str, objective: str) -> ItemRelease:
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
        return self._of("planned", objective).union("planned")

    def _name(self, objective: str) -> str:
        return self.texts.option("objective", objective)

    def _names(self, objectives: Iterable[str]) -> str:
        return "; ".join(map(self._name, objectives))


__all__ = ["findings", "summarise"]
