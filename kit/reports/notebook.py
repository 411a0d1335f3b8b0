"""What the cells of `notebooks/report.ipynb` call: each function returns sections of the report.

Everything comes from frozen snapshots. What was not revealed is not told, and nothing is released here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import wraps

from kit import regions, results
from kit.disclosure import Release
from kit.exercise import exercise
from kit.reports.section import ReportSection, Sections
from kit.session import Session
from kit.store import Store
from kit.summary import Block, Bullets, Paragraph, Summary, Table
from kit.texts import say, section
from kit.views import astray
from kit.views.html import render
from kit.views.support import pack

LEVEL = 2


@dataclass(frozen=True)
class Workshop:
    """A session with what may be told about it. `revealed` has an entry per exercise, None when hidden.

    `unread` are the exercises that another version of the kit revealed, in a form that this one does not read.
    """

    session: Session
    lang: str
    people: Release
    revealed: dict[str, Release | None]
    unread: frozenset[str]

    def say(self, key: str, **details: object) -> str:
        return say(self.lang, f"report.{key}", **details)

    def section(self, section_id: str, told: Summary) -> ReportSection:
        return ReportSection(section_id, told.title, render(told, self.lang, LEVEL))


def load(store: str, session: str, lang: str) -> Workshop | None:
    """Read what was revealed in a session; raises `UnknownSession` and what `Store.open` raises.

    None, after it has said how a report is made, where the notebook was opened by itself and no session is named.
    """
    if not session:
        astray.tell("report")
        return None
    with Store.open(store) as opened:
        found = opened.sessions.get(session)
        revealed = {plan.slug: results.revealed(opened, found, plan.slug) for plan in found.plans}
        unread = frozenset(slug for slug in revealed if results.is_of_another_form(opened, found, slug))
        return Workshop(found, lang, results.participation(opened, found), revealed, unread)


def _of_a_workshop(made: Callable[[Workshop], Sections]) -> Callable[[Workshop | None], Sections | None]:
    """Where there is no workshop, its cell shows nothing."""

    @wraps(made)
    def told(workshop: Workshop | None) -> Sections | None:
        return made(workshop) if workshop else None

    return told


@_of_a_workshop
def about(workshop: Workshop) -> Sections:
    """How the workshop was held: mode and threshold in plain words."""
    k = workshop.session.k
    told = (
        Paragraph(workshop.say(f"mode.{workshop.session.mode}")),
        Paragraph(workshop.say("threshold", k=k)),
        Paragraph(workshop.say("rounded", k=k)),
    )
    return Sections([workshop.section("about", Summary(workshop.say("about"), told))])


@_of_a_workshop
def people(workshop: Workshop) -> Sections:
    """Who took part, by sector."""
    made = workshop.people
    told: tuple[Block, ...] = (Paragraph(workshop.say("few_people", k=made.k), "note"),)
    if made.people:
        told = (Paragraph(workshop.say("took_part", people=made.people)),)
    if made.groups:
        rows = tuple((say(workshop.lang, f"sectors.{group.id}"), str(group.people)) for group in made.groups)
        columns = (workshop.say("sector"), workshop.say("number"))
        told += (Table(workshop.say("by_sector"), columns, rows),)
    return Sections([workshop.section("people", Summary(workshop.say("people"), told))])


@_of_a_workshop
def exercises(workshop: Workshop) -> Sections:
    """The group picture of each exercise, or that it was not revealed."""
    return Sections(
        workshop.section(f"exercise-{slug}", _picture(workshop, slug, made))
        for slug, made in workshop.revealed.items()
    )


@_of_a_workshop
def held_back(workshop: Workshop) -> Sections:
    """How many cells were held back and by which rule; never what they were."""
    tables = tuple(_held(workshop))
    told: tuple[Block, ...] = (Paragraph(workshop.say("held_intro" if tables else "nothing_held")), *tables)
    return Sections([workshop.section("held", Summary(workshop.say("held"), told))])


@_of_a_workshop
def next_steps(workshop: Workshop) -> Sections:
    """How to use the report with partners, and how long to keep it; then what the regional pack tells."""
    told = tuple(
        Bullets(tuple(part["items"]), part["title"]) for part in section(workshop.lang, "report.use").values()
    )
    sections = [workshop.section("use", Summary(workshop.say("use_heading"), told))]
    if region := pack():
        found = regions.told(region, workshop.lang, date.today())
        sections.append(ReportSection("region", found.title, render(found, region.lang(workshop.lang), LEVEL)))
    return Sections(sections)


def _picture(workshop: Workshop, slug: str, made: Release | None) -> Summary:
    if made is None:
        title = exercise(slug).texts(workshop.lang).title
        why = say(workshop.lang, "telling.other_form") if slug in workshop.unread else workshop.say("not_revealed")
        return Summary(title, (Paragraph(why, "note"),))
    plan = workshop.session.plan(slug)
    return results.summary(made, workshop.lang, plan.options if plan else ())


def _held(workshop: Workshop) -> Iterator[Table]:
    """A table for each part of the report in which something is missing: the rule's sentence, the number."""
    releases = {workshop.say("people"): workshop.people}
    for slug, made in workshop.revealed.items():
        if made is not None:
            releases[exercise(slug).texts(workshop.lang).title] = made
    columns = (workshop.say("why"), workshop.say("how_many"))
    for title, made in releases.items():
        rules = {rule: say(workshop.lang, f"disclosure.{rule}", k=made.k) for rule in made.hidden}
        if rules:
            rows = tuple((rules[rule], str(cells)) for rule, cells in made.hidden.items())
            yield Table(workshop.say("held_table", part=title), columns, rows)
