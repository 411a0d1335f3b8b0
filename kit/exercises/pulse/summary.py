"""What a group is told about what has moved, from released numbers alone and never about one person."""

from __future__ import annotations

from kit.disclosure import ItemRelease, Release
from kit.exercises.pulse.model import COMMITMENT, KEPT, Model
from kit.findings import Finding, finding, foremost
from kit.summary import Block, Figure, Heading, Paragraph, Summary, Table
from kit.telling import Telling


def summarise(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang` for the lenses in `options`; says so when too few people answered."""
    teller = _Teller(model, release, lang, model.statements(options))
    return teller.summary(teller.say("group_title"), teller.blocks())


def findings(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """What the room said, in a sentence each; none where nothing stands alone."""
    return tuple(_Teller(model, release, lang, model.statements(options)).findings())


def since(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> tuple[Block, ...]:
    """What has moved since the first workshop of a series, for those who came to both and said so."""
    return tuple(_Teller(model, release, lang, model.statements(options)).since())


class _Teller(Telling):
    """The parts of one group's summary."""

    GOOD_FIRST = frozenset({KEPT})

    def __init__(self, model: Model, release: Release, lang: str, statements: tuple[str, ...]) -> None:
        super().__init__(model, release, lang)
        self.statements = statements

    def blocks(self) -> list[Block]:
        """Everything, in order."""
        return [
            Paragraph(self.say("people", people=self.release.people)),
            Paragraph(self.say("reading")),
            *self.change(),
            *self.later(),
            Heading(self.say("question_heading"), "question"),
            Paragraph(self.say("question"), "question"),
            *self.quotes(COMMITMENT, "commitments", "commitments"),
        ]

    def change(self) -> list[Block]:
        """What has moved from before to now, where enough people gave both answers."""
        heading = Heading(self.say("change_heading"), "change")
        if all(self._of("change", one).shape == "hidden" for one in self.statements):
            return [heading, Paragraph(self.say("change_none"), "note")]
        return [heading, self._changes("change", "change"), *self._held("change")]

    def later(self) -> list[Block]:
        """What has lasted, and what became of the commitments, once enough people came back."""
        blocks: list[Block] = []
        if self._any("lasted"):
            lead = Paragraph(self.say("later_change_lead"))
            blocks += [lead, self._changes("lasted", "later_change"), *self._held("lasted")]
        kept = self.release.items.get(KEPT)
        if kept is not None and _is_told(kept):
            blocks += [self._kept(kept), Paragraph(self.say("kept_reading"))]
        return [Heading(self.say("later_heading"), "later"), *blocks] if blocks else []

    def since(self) -> list[Block]:
        """What has moved from the end of one workshop to the end of another, where enough people told it."""
        if not self._any("since"):
            return [Paragraph(self.say("since_none"), "note")]
        lead = Paragraph(self.say("since_lead", people=self.release.people))
        return [lead, self._changes("since", "since"), *self._held("since")]

    def findings(self) -> list[Finding]:
        """What rose and what fell for the most people, and what became of the commitments."""
        told = [(one, self._of("change", one)) for one in self.statements]
        return [
            *finding(self, "rose", foremost(told, "rose"), self._name),
            *finding(self, "fell", foremost(told, "fell"), self._name),
            *finding(self, "kept", foremost([(KEPT, self.told(KEPT))], "done"), self.texts.text),
        ]

    def _changes(self, which: str, say: str) -> Figure:
        told = [(self._name(one), self._of(which, one)) for one in self.statements]
        return self._figure("change", say, "statement", told)

    def _kept(self, told: ItemRelease) -> Figure:
        return self._figure(KEPT, "kept", "answer", [(self.texts.text(KEPT), told)])

    def _figure(self, scale: str, say: str, column: str, told: list[tuple[str, ItemRelease]]) -> Figure:
        """Stacked shares with a table that has a column for each option."""
        options = self.scales[scale].options
        columns = (*self.columns(column), *(self.texts.option(scale, option) for option in options))
        cells = tuple((name, *(self.cell(scale, one, option) for option in options)) for name, one in told)
        title = self.say(f"{say}_title")
        return self.stack(scale, title, self.say(f"{say}_alt"), told, Table(title, columns, cells))

    def _held(self, which: str) -> list[Block]:
        return self.held(sum(self._of(which, one).shape == "hidden" for one in self.statements))

    def _of(self, which: str, statement: str) -> ItemRelease:
        return self.told(f"{which}_{statement}")

    def _any(self, which: str) -> bool:
        return any(_is_told(self._of(which, one)) for one in self.statements)

    def _name(self, statement: str) -> str:
        return self.say(f"short_{statement}")


def _is_told(told: ItemRelease) -> bool:
    """Whether anything was surely said by more than a few."""
    return any(not band.few for band in told.cells)


__all__ = ["findings", "since", "summarise"]
