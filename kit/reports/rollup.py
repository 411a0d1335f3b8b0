"""Several workshops side by side: one group over time, many groups, a year. What each report tells, and nothing else.

No answer is read: a roll-up is worked out from what each summary and each finding says of a frozen release, so whoever
has the reports learns nothing new. The same people may have come to several of the workshops, and nobody knows who: it
is assumed everywhere that they have. So numbers of people are never added up, and shares of two workshops never made
one. Of a release only the tables of all who took part go in: no sector or partner, and no text that a room agreed to
share in its own report.

Only what was asked in the same version of an exercise (and the same edition of its questions) stands side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kit import summaries
from kit.days import tell_day
from kit.disclosure import Release
from kit.exercise import exercise, exercises
from kit.findings import FIRST_PAGE, Finding
from kit.reports.build import Selection, next_steps
from kit.reports.data import Data, data, data_since, together
from kit.reports.document import Head, Report, ReportSection
from kit.reports.material import Material, Several
from kit.reports.parts import Parts
from kit.reports.waves import Wave, figures
from kit.summary import Block, Bullets, Figure, Flow, Heading, Paragraph, Table
from kit.texts import say, section
from kit.typeset import typeset

# So many workshops a table has beside each other; where there are more, tables stand in the appendix.
AT_ONCE = 4
# A share or another number that does not say of what it is one.
_SHARE = re.compile(r"[\d–.,\s%]+")


@dataclass(frozen=True)
class _Held:
    """One exercise in one of the workshops, whose number is `n`."""

    n: int
    release: Release
    options: tuple[str, ...]
    edition: tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class _Again:
    """A finding, with the workshops in which it is one; `least` is that of the workshop where the fewest said so."""

    least: Finding
    count: int
    of: int


def build_rollup(several: Several, lang: str, choice: Selection | None = None) -> Report:
    """The roll-up of these sessions in one language."""
    return _Rollup(several, lang, choice or Selection()).document()


class _Rollup:
    """One document while it is put together; workshops have numbers, the earliest first."""

    def __init__(self, several: Several, lang: str, choice: Selection) -> None:
        every = sorted(several.all, key=lambda one: (one.session.made_on, one.session.title, one.session.code))
        self.all = [_bare(one) for one in every]
        self.title, self.lang, self.choice = several.title, lang, choice
        self.parts = Parts(lang)

    def document(self) -> Report:
        """What was said again and again on the first page, then each exercise, then the method."""
        main: list[ReportSection] = []
        details: list[ReportSection] = []
        again: list[_Again] = []
        workshops = self.section("workshops", self.say("workshops"), self.workshops())
        for slug in self.slugs():
            title, found = exercise(slug).texts(self.lang).title, self.of(slug)
            compared = [one for one in _editions(found) if len(one) > 1]
            said = [line for one in compared for line in self.again(one)]
            again += said
            tables = [table for one in compared for table in self.tables(one)]
            few = len(found) <= AT_ONCE
            drawn = [figure for one in compared for figure in self.figures(one)]
            blocks = (*self.told(found, compared, said), *drawn, *self.since(slug), *(tables if few else ()))
            main.append(self.section(slug, title, blocks))
            if tables and not few:
                details.append(self.section(f"details-{slug}", say(self.lang, "report.details", part=title), tables))
        days = [one.session.made_on for one in self.all]
        return Report(
            self.lang,
            Head(self.say("name"), typeset(self.title or self.say("title", n=len(self.all))), days[-1], self.days()),
            (workshops, self.section("again", self.say("again"), self.first_page(again))),
            (*main, self.section("use", say(self.lang, "report.use_heading"), next_steps(self.lang))),
            (*details, *self.parts.of_twins(), self.section("about", self.say("about"), self.about())),
            tuple(Paragraph(typeset(one)) for one in self.choice.note),
            told=bool(main),
            wide=True,
            data=self.data,
        )

    # ---- which workshops ----

    def slugs(self) -> list[str]:
        """The exercises of which something was revealed somewhere, in the order that was chosen or is usual."""
        return [slug for slug in self.choice.sections or exercises() if slug in exercises() and self.of(slug)]

    def of(self, slug: str) -> list[_Held]:
        """Where an exercise was revealed."""
        earlier, found = list(exercise(slug).structure.editions)[:-1], []
        for n, one in enumerate(self.all, start=1):
            made, plan = one.shown.revealed.get(slug), one.session.plan(slug)
            if made is not None and made.people and plan is not None:
                edition = tuple(name for name in plan.options if name in earlier)
                found.append(_Held(n, made, plan.options, (one.shown.versions.get(slug, 0), edition)))
        return found

    def workshops(self) -> Iterator[Block]:
        """Which workshops these are, with how many came to each at least."""
        columns = tuple(section(self.lang, "rollup.columns").values())
        rows = tuple(
            (
                self.say("workshop", n=n), one.session.title, tell_day(one.session.made_on, self.lang),
                str(one.shown.people.people) if one.shown.people.people else self.say("few", k=one.session.k),
            )
            for n, one in enumerate(self.all, start=1)
        )  # fmt: skip
        yield Table(self.say("workshops"), columns, rows)
        yield Paragraph(self.say("overlap"), "note")

    def days(self) -> str:
        first, last = (tell_day(self.all[at].session.made_on, self.lang) for at in (0, -1))
        return first if first == last else self.say("days", first=first, last=last)

    def names(self, found: Iterable[_Held]) -> str:
        return ", ".join(self.say("workshop", n=one.n) for one in found)

    # ---- what they said ----

    def again(self, held: Sequence[_Held]) -> list[_Again]:
        """What is a finding in at least two of these workshops: in the most first, then what the most people said."""
        by_thing: dict[str, list[Finding]] = {}
        for one in held:
            for said in summaries.findings(one.release, self.lang, one.options):
                if said.about:
                    by_thing.setdefault(said.about, []).append(said)
        found = [
            _Again(min(every, key=lambda one: one.weight), len(every), len(held))
            for every in by_thing.values()
            if len(every) > 1
        ]
        return sorted(found, key=lambda one: (-one.count, -one.least.weight))

    def told(
        self, found: Sequence[_Held], compared: Sequence[Sequence[_Held]], said: Sequence[_Again]
    ) -> Iterator[Block]:
        """What is said in several of the workshops, and which of them are not set side by side."""
        if said:
            yield Bullets(tuple(map(self.line, said)))
        elif compared:
            yield Paragraph(self.say("nothing_again"), "note")
        alone = [one for one in found if not any(one in group for group in compared)]
        if alone:
            key = "other_edition" if len(found) > 1 else "only_one"
            yield Paragraph(self.say(key, names=self.names(alone)), "note")

    def first_page(self, again: Sequence[_Again]) -> Iterator[Block]:
        """The first of all exercises."""
        if not again:
            yield Paragraph(self.say("nothing_again"), "note")
            return
        yield Paragraph(self.say("again_lead"))
        for one in sorted(again, key=lambda one: (-one.count / one.of, -one.least.weight))[:FIRST_PAGE]:
            yield Paragraph(self.line(one))
            yield Paragraph(one.least.question, "question")

    def line(self, one: _Again) -> str:
        said = one.least.least
        return self.say("in_several", n=one.count, all=one.of, said=f"{said[:1].lower()}{said[1:]}")

    def figures(self, held: Sequence[_Held]) -> Iterator[Figure]:
        """What stood out, with a bar for each workshop."""
        told = []
        for one in held:
            about = (said.about.split("/") for said in summaries.findings(one.release, self.lang, one.options))
            blocks = summaries.summary(one.release, self.lang, one.options).blocks
            told.append(Wave(self.dated(one.n), blocks, tuple(names[1] for names in about if len(names) == 2)))
        return figures(told, self.lang)

    def since(self, slug: str) -> Iterator[Block]:
        """What has moved for people who came again, told by themselves: see `kit.series`."""
        for first, now in self.series():
            since = self.all[now - 1].shown.since
            if since and slug in since.told:
                yield Heading(self.say("since", first=self.dated(first), now=self.dated(now)))
                yield from summaries.summary_since(since.told[slug][0], self.lang, since.told[slug][1])

    def series(self) -> Iterator[tuple[int, int]]:
        """The workshops that go on with another one that is here: the numbers of both."""
        numbers = {one.session.id: n for n, one in enumerate(self.all, start=1)}
        for n, one in enumerate(self.all, start=1):
            if one.shown.since and one.shown.since.first in numbers:
                yield numbers[one.shown.since.first], n

    def dated(self, n: int) -> str:
        """A workshop's name with its day."""
        day = tell_day(self.all[n - 1].session.made_on, self.lang)
        return self.say("dated", name=self.say("workshop", n=n), day=day)

    def tables(self, held: Sequence[_Held]) -> Iterator[Table]:
        """Each table of the exercise's summaries with a column for each workshop."""
        for at in range(0, len(held), AT_ONCE):
            some = held[at : at + AT_ONCE]
            by_title: dict[tuple[str, str], dict[str, dict[int, str]]] = {}
            for one in some:
                for block in summaries.summary(one.release, self.lang, one.options).blocks:
                    table = _table(block)
                    if table is not None:
                        rows = by_title.setdefault((table.title, table.columns[0]), {})
                        for label, cell in self.rows(block, table):
                            rows.setdefault(label, {}).setdefault(one.n, cell)
            columns = tuple(self.say("workshop", n=one.n) for one in some)
            for (title, first), rows in by_title.items():
                lines = tuple((label, *(cells.get(one.n, "–") for one in some)) for label, cells in rows.items())
                yield Table(title, (first, *columns), lines)

    def rows(self, block: Block, table: Table) -> Iterator[tuple[str, str]]:
        """What each row is about, and all that it tells in one cell."""
        if isinstance(block, Flow):
            # A choice, its scene, the scene that it leads to, its share.
            yield from ((f"{scene}: {choice}", share) for choice, scene, _, share in table.rows)
            return
        untold = say(self.lang, "telling.not_shown")
        for label, *cells in table.rows:
            if len(cells) == 1:
                yield label, cells[0]
                continue
            told = [(name, cell) for name, cell in zip(table.columns[1:], cells, strict=True) if cell != untold]
            # What is told of several columns together says so, and stands in each of them.
            each = dict.fromkeys(self.share(name, cell) if _SHARE.fullmatch(cell) else cell for name, cell in told)
            yield label, "; ".join(each) or untold

    def share(self, name: str, share: str) -> str:
        return say(self.lang, "telling.share", option=name, percent=share)

    # ---- what stands around it ----

    def about(self) -> Iterator[Block]:
        """How it was worked out, and what it does not do."""
        yield Bullets(tuple(section(self.lang, "rollup.method").values()))
        k = min(one.session.k for one in self.all)
        yield Paragraph(say(self.lang, "report.threshold", k=k))
        yield Paragraph(say(self.lang, "report.rounded", k=k))

    def data(self) -> Data:
        """The numbers of all of them; each tells of which workshop it is."""
        slugs = self.slugs()
        every = [
            data(one, self.lang, {slug: made for slug in slugs if (made := one.shown.revealed.get(slug))})
            for one in self.all
        ]
        return together([*every, *(data_since(self.all[a - 1], self.all[b - 1], self.lang) for a, b in self.series())])

    def section(self, id: str, title: str, blocks: Iterable[Block]) -> ReportSection:
        return self.parts.section(id, title, blocks)

    def say(self, key: str, **details: object) -> str:
        return say(self.lang, f"rollup.{key}", **details)


def _bare(one: Material) -> Material:
    """A session with the tables of all who took part, and nothing else of its releases."""
    revealed = {slug: made and _of_all(made) for slug, made in one.shown.revealed.items()}
    people = replace(one.shown.people, groups=())
    return replace(one, shown=replace(one.shown, people=people, revealed=revealed, told={}))


def _of_all(made: Release) -> Release:
    items = {item: replace(one, leanings={}, compared=False) for item, one in made.items.items()}
    return replace(made, by="sector", items=items, texts={}, asked=())


def _editions(found: Iterable[_Held]) -> list[list[_Held]]:
    """The workshops that answered the same questions, the newest of these first."""
    by_edition: dict[tuple[int, tuple[str, ...]], list[_Held]] = {}
    for one in found:
        by_edition.setdefault(one.edition, []).append(one)
    return [by_edition[edition] for edition in sorted(by_edition, reverse=True)]


def _table(block: Block) -> Table | None:
    """The numbers of a block; None where it has none."""
    return block if isinstance(block, Table) else getattr(block, "twin", None)

