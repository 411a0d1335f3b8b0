"""What a group is told about what has moved, from released numbers alone and never about one person."""

from __future__ import annotations

from kit.content import Texts
from kit.disclosure import Band, ItemRelease, Release
from kit.exercises.pulse.model import COMMITMENT, KEPT, Model
from kit.summary import Bar, Block, Figure, Heading, Paragraph, Quotes, Row, Summary, Table


def summarise(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang` for the lenses in `options`; says so when too few people answered."""
    texts = model.texts(lang)
    title = texts.say("group_title")
    if not release.people:
        return Summary(title, (Paragraph(texts.say("too_few", k=release.k), "note"),))
    teller = _Teller(model, release, texts, model.statements(options))
    return Summary(
        title,
        (
            Paragraph(texts.say("people", people=release.people)),
            Paragraph(texts.say("reading")),
            *teller.change(),
            *teller.later(),
            Heading(texts.say("question_heading"), "question"),
            Paragraph(texts.say("question"), "question"),
            *teller.commitments(),
        ),
    )


class _Teller:
    """The parts of one group's summary."""

    def __init__(self, model: Model, release: Release, texts: Texts, statements: tuple[str, ...]) -> None:
        self.release, self.texts, self.statements = release, texts, statements
        self.scales = model.structure.scales

    def change(self) -> list[Block]:
        """What has moved from before to now, where enough people gave both answers."""
        heading = Heading(self.texts.say("change_heading"), "change")
        if not self._any("change"):
            return [heading, Paragraph(self.texts.say("change_none"), "note")]
        return [heading, self._changes("change", "change"), *self._held("change")]

    def later(self) -> list[Block]:
        """What has lasted, and what became of the commitments, once enough people came back."""
        blocks: list[Block] = []
        if self._any("lasted"):
            lead = Paragraph(self.texts.say("later_change_lead"))
            blocks += [lead, self._changes("lasted", "later_change"), *self._held("lasted")]
        kept = self.release.items.get(KEPT)
        if kept is not None and _is_told(kept):
            blocks += [self._kept(kept), Paragraph(self.texts.say("kept_reading"))]
        return [Heading(self.texts.say("later_heading"), "later"), *blocks] if blocks else []

    def commitments(self) -> list[Block]:
        """The commitments that their writers agreed to show."""
        shared = self.release.texts.get(COMMITMENT, ())
        if not shared:
            return []
        heading = Heading(self.texts.say("commitments_heading"), "commitments")
        return [heading, Quotes(tuple(shared), self.texts.say("commitments_title"))]

    def _changes(self, which: str, say: str) -> Figure:
        told = [(self._name(one), self._told(which, one)) for one in self.statements]
        options = self.scales["change"].options
        title = self.texts.say(f"{say}_title")
        columns = (self.texts.say("col_statement"), *(self._option("change", option) for option in options))
        cells = ((name, *(self._cell("change", one, option) for option in options)) for name, one in told)
        rows = tuple(self._row("change", name, one) for name, one in told)
        twin = Table(title, columns, tuple(cells))
        return Figure("stack", title, self.texts.say(f"{say}_alt"), rows, twin, tints=len(options))

    def _kept(self, told: ItemRelease) -> Figure:
        options = self.scales[KEPT].options
        title = self.texts.say("kept_title")
        name = self.texts.text(KEPT)
        columns = (self.texts.say("col_answer"), *(self._option(KEPT, option) for option in options))
        twin = Table(title, columns, ((name, *(self._cell(KEPT, told, option) for option in options)),))
        rows = (self._row(KEPT, name, told),)
        return Figure("stack", title, self.texts.say("kept_alt"), rows, twin, tints=len(options))

    def _row(self, scale: str, name: str, told: ItemRelease) -> Row:
        if told.shape == "bands":
            options = self.scales[scale].options
            return Row(
                name,
                tuple(
                    Bar(self._label(scale, band), band.percent, _tint(options, band), band.range) for band in told.bands
                ),
            )
        if told.shape == "most":
            return Row(name, note=self.texts.say("most", options=self._label(scale, told.bands[0])))
        return Row(name, note=self.texts.say("not_shown"))

    def _cell(self, scale: str, told: ItemRelease, option: str) -> str:
        """A share; where neighbours are told as one, each of their cells says which they are."""
        band = next((band for band in told.bands if option in band.options), None)
        if told.shape == "hidden" or band is None:
            return self.texts.say("not_shown")
        if told.shape == "most":
            return self.texts.say("most", options=self._label(scale, band))
        share = self.texts.say("percent", number=band.range)
        if len(band.options) == 1:
            return share
        return self.texts.say("share_of", options=self._label(scale, band), share=share)

    def _held(self, which: str) -> list[Block]:
        hidden = any(self._told(which, one).shape == "hidden" for one in self.statements)
        return [Paragraph(self.texts.say("held_note"), "note")] if hidden else []

    def _told(self, which: str, statement: str) -> ItemRelease:
        item = f"{which}_{statement}"
        return self.release.items.get(item) or ItemRelease(item)

    def _any(self, which: str) -> bool:
        return any(_is_told(self._told(which, one)) for one in self.statements)

    def _label(self, scale: str, band: Band) -> str:
        return " / ".join(self._option(scale, option) for option in band.options)

    def _option(self, scale: str, option: str) -> str:
        return self.texts.option(scale, option)

    def _name(self, statement: str) -> str:
        return self.texts.say(f"short_{statement}")


def _is_told(told: ItemRelease) -> bool:
    """Whether anything was surely said by more than a few."""
    return any(not band.few for band in told.cells)


def _tint(options: tuple[str, ...], band: Band) -> int:
    """Neighbours that are told as one take the quieter colour: that of the one nearer to the middle."""
    return min(map(options.index, band.options), key=lambda at: abs(2 * at - len(options) + 1))


__all__ = ["summarise"]
