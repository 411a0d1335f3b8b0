"""From what may be told of a session to the document of its report. Frozen releases go in, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise

from kit import regions, summaries
from kit.days import tell_day
from kit.disclosure import Release
from kit.errors import WrongOption
from kit.exercise import exercise, exercises
from kit.findings import leading
from kit.reports.data import data
from kit.reports.document import Head, Report, ReportSection
from kit.reports.material import Material
from kit.reports.parts import Blocks, Parts
from kit.sectors import name_of
from kit.summary import Block, Bullets, Flow, Heading, Paragraph, Table
from kit.texts import say, section
from kit.typeset import typeset
from kit.views.html import drawings

USE = "use"


@dataclass(frozen=True)
class Selection:
    """What the facilitator has chosen: which exercises, in which order ("use" says where the advice stands; without
    it, last; empty: all of them, as in the workshop), and a cover note, paragraph by paragraph."""

    sections: tuple[str, ...] = ()
    note: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises `WrongOption` for a section that is none."""
        known = (*exercises(), USE)
        for one in self.sections:
            if one not in known:
                raise WrongOption(option="--sections", value=one[:48], allowed=", ".join(known))


def next_steps(lang: str) -> Blocks:
    """How to use a report with partners, and how long to keep it."""
    parts = section(lang, "report.use").values()
    return tuple(Bullets(tuple(part["items"]), part["title"]) for part in parts)


def build(material: Material, lang: str, choice: Selection | None = None) -> Report:
    """The report of a session in one language."""
    return _Builder(material, lang, choice or Selection()).document()


class _Builder:
    """One document while it is put together."""

    def __init__(self, material: Material, lang: str, choice: Selection) -> None:
        self.choice = choice
        self.material, self.session, self.shown, self.lang = material, material.session, material.shown, lang
        self.parts = Parts(lang)

    def document(self) -> Report:
        """Main parts first, then the appendix with the twins of all figures."""
        told = [self.told(slug, made) for slug, made in self.chosen.items()]
        opening = [self.section("people", self.say("people"), self.people()), *self.first_page()]
        main = [*self.main({slug: (title, blocks) for slug, title, blocks, _ in told}), *self.region()]
        details = [
            self.section(f"details-{slug}", self.say("details", part=title), blocks)
            for slug, title, _, blocks in told
            if blocks
        ]
        last = [
            self.section("held", self.say("held"), self.held_back()),
            self.section("about", self.say("about"), self.about()),
        ]
        return Report(
            self.lang,
            Head(self.say("page.name"), typeset(self.session.title), self.session.made_on, self.day()),
            tuple(opening),
            tuple(main),
            (*details, *self.parts.of_twins(), *last),
            tuple(Paragraph(typeset(one)) for one in self.choice.note),
            told=any(one is not None for one in self.shown.revealed.values()),
            data=partial(data, self.material, self.lang, self.revealed),
            drawn=self.drawn(),
        )

    @property
    def chosen(self) -> dict[str, Release | None]:
        """The exercises that were chosen and are part of this workshop, in the order in which they are told."""
        held = self.shown.revealed
        return {slug: held[slug] for slug in (self.choice.sections or held) if slug in held}

    @property
    def revealed(self) -> dict[str, Release]:
        """Those of them of which something was revealed."""
        return {slug: made for slug, made in self.chosen.items() if made is not None}

    def main(self, told: Mapping[str, tuple[str, Blocks]]) -> Iterator[ReportSection]:
        """The main part in its order."""
        order = list(told) if USE not in self.choice.sections else [
            slug for slug in self.choice.sections if slug in told or slug == USE
        ]  # fmt: skip
        for slug in (*order, *(() if USE in order else (USE,))):
            if slug == USE:
                yield self.section(USE, self.say("use_heading"), next_steps(self.lang))
            else:
                yield self.section(f"exercise-{slug}", *told[slug])

    # ---- what is told ----

    def told(self, slug: str, made: Release | None) -> tuple[str, str, Blocks, Blocks]:
        """An exercise's result: slug, title, what stands in the main part, and what in the appendix."""
        if made is None:
            why = say(self.lang, "telling.other_form") if slug in self.shown.unread else self.say("not_revealed")
            return slug, exercise(slug).texts(self.lang).title, (Paragraph(why, "note"),), ()
        plan = self.session.plan(slug)
        told = summaries.summary(made, self.lang, plan.options if plan else (), self.shown.first.get(slug))
        main, details = _parted(told.blocks)
        return slug, told.title, main, details

    def people(self) -> Blocks:
        """Who took part, by sector."""
        made = self.shown.people
        if not made.people:
            return (Paragraph(self.say("few_people", k=made.k), "note"),)
        told = Paragraph(self.say("took_part", people=made.people))
        if not made.groups:
            return (told,)
        rows = tuple((name_of(group.id, self.lang), str(group.people)) for group in made.groups)
        return told, Table(self.say("by_sector"), (self.say("sector"), self.say("number")), rows)

    def first_page(self) -> Iterator[ReportSection]:
        """What the room said, in a few sentences; what it decided and asks, where the facilitator has typed it."""
        if self.revealed:
            yield self.section("said", self.say("said"), self.findings(self.revealed))
        for id, text in (("decided", self.session.decided), ("asks", self.session.asks)):
            if text:
                yield self.section(id, self.say(id), map(Paragraph, text.splitlines()))

    def findings(self, revealed: Mapping[str, Release]) -> Blocks:
        """Three to five statements, each with a question to take along; fewer where fewer stand alone."""
        plans = {slug: self.session.plan(slug) for slug in revealed}
        options = {slug: plan.options if plan else () for slug, plan in plans.items()}
        found = leading([summaries.findings(made, self.lang, options[slug]) for slug, made in revealed.items()])
        if not found:
            return (Paragraph(self.say("said_none"), "note"),)
        pairs = ((Paragraph(one.statement), Paragraph(one.question, "question")) for one in found)
        return tuple(block for pair in pairs for block in pair)

    def about(self) -> Blocks:
        """How the workshop was held: mode and threshold in plain words."""
        k = self.session.k
        mode = Paragraph(self.say(f"mode.{self.session.mode}"))
        return mode, Paragraph(self.say("threshold", k=k)), Paragraph(self.say("rounded", k=k))

    def held_back(self) -> Blocks:
        """How many cells were held back and by which rule; never what they were."""
        tables = tuple(self.held())
        return (Paragraph(self.say("held_intro" if tables else "nothing_held")), *tables)

    def held(self) -> Iterator[Table]:
        """A table for each part of the report in which something is missing: the rule's sentence, the number."""
        releases = {self.say("people"): self.shown.people}
        for slug, made in self.chosen.items():
            if made is not None:
                releases[exercise(slug).texts(self.lang).title] = made
        columns = (self.say("why"), self.say("how_many"))
        for title, made in releases.items():
            rules = {rule: say(self.lang, f"disclosure.{rule}", k=made.k) for rule in made.hidden}
            if rules:
                rows = tuple((rules[rule], str(cells)) for rule, cells in made.hidden.items())
                yield Table(self.say("held_table", part=title), columns, rows)

    def region(self) -> Iterator[ReportSection]:
        """What the regional pack tells, in a language that it has."""
        if region := self.material.region:
            told = regions.told(region, self.lang, date.today())
            yield replace(self.section("region", told.title, told.blocks), lang=region.lang(self.lang))

    # ---- small parts ----

    def section(self, id: str, title: str, blocks: Iterable[Block]) -> ReportSection:
        return self.parts.section(id, title, blocks)

    def drawn(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for told in self.shown.told.values():
            found |= drawings(told.get(self.lang, ""))
        return found

    def day(self) -> str:
        return tell_day(self.session.made_on, self.lang)

    def say(self, key: str, **details: object) -> str:
        return say(self.lang, f"report.{key}", **details)


def _parted(blocks: Blocks) -> tuple[Blocks, Blocks]:
    """What stands in the main part, and what in the appendix: the scenes of stories with what is said of them, and all
    below a heading that says so. A heading of the main part under which something moved stands in both."""
    main: list[Block] = []
    details: list[Block] = []
    last: Heading | None = None
    into = main
    for block in blocks:
        if isinstance(block, Heading):
            last, into = block, details if block.detail else main
        elif isinstance(block, Flow) and last and into is main:
            into = details
            details.append(Heading(last.text))
        elif isinstance(block, Bullets) and last and not last.detail:
            into = main
        into.append(block)
    return tuple(_filled(main)), tuple(details)


def _filled(blocks: Sequence[Block]) -> Iterator[Block]:
    """Without headings below which nothing is left."""
    for block, following in pairwise((*blocks, None)):
        if block and not (isinstance(block, Heading) and (following is None or isinstance(following, Heading))):
            yield block
