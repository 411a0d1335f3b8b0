"""The pages beside the workshops: reports of several, agendas and regional packs of one's own, the look of reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kit import regions
from kit.agenda import place
from kit.cli.home import desk, own, papers
from kit.errors import KitError
from kit.texts import languages, say

if TYPE_CHECKING:
    from kit.cli.home.views import Reply, Visit


def reports(visit: Visit, problem: str = "") -> Reply:
    """Reports of the workshops that are ticked, or one roll-up of them; with an index that leads to each."""
    lines = [desk.line(one) for one in visit.house.store.sessions.all()]
    codes = visit.ask.all("session", [one.code for one in lines])
    wanted = papers.read(visit.ask.form, codes)
    if visit.ask.method == "POST" and not problem:
        if not (problem := wanted.problem(visit.lang)):
            from kit.cli.home.views import to

            return to(f"job/{visit.house.report(wanted, visit.lang)}")
    elif visit.ask.method == "GET":
        wanted = papers.Wanted([one.code for one in lines], ("html",), (visit.lang,), theme=bool(papers.own_theme()))
    jobs = [(at, job) for at, job in enumerate(visit.house.jobs) if job.kind == "report" and not job.code]
    calls = (("report", "--all", "--format", "html,pdf"), ("report", "--all", "--rollup", "--lang", visit.lang))
    return visit.shown(
        "reports", lines=lines, wanted=wanted, problem=problem, formats=visit.formats(), theme=papers.theme_name(),
        jobs=jobs, commands=[desk.command(visit.lang, *call) for call in calls],
    )  # fmt: skip


def design(visit: Visit, problem: str = "") -> Reply:
    """The look of reports: a theme file and a logo, kept for every report that wants it."""
    if visit.ask.method == "POST" and not problem:
        try:
            if visit.ask.one("do") == "drop":
                papers.drop_theme()
            elif visit.ask.sent:
                papers.keep_theme(visit.ask.sent)
            else:
                problem = say(visit.lang, "home.bring_choose")
        except KitError as error:
            problem = error.tell(visit.lang)
    command = desk.command(visit.lang, "report", "CODE", "--theme", "FILE")
    return visit.shown("design", problem=problem, theme=papers.theme_name(), commands=[command])


def agendas(visit: Visit) -> Reply:
    """Agendas of one's own: begun as one of the kit's, or brought; what is wrong with each."""
    from kit.agenda.model import read_agenda, shipped

    problem, faults, done = "", list[str](), ""
    if visit.ask.method == "POST":
        try:
            if visit.ask.one("do") == "begin":
                done = _begun(visit, "agenda", place.home(), f"--like={visit.ask.one('like')}")
            elif visit.ask.sent:
                faults = [one.tell(visit.lang) for one in own.bring_agenda(visit.ask.sent)]
                done = "" if faults else say(visit.lang, "home.own_taken")
            else:
                problem = say(visit.lang, "home.bring_choose")
        except KitError as error:
            problem = error.tell(visit.lang)
    kits = [(name, read_agenda(folder).told(visit.lang).title) for name, folder in shipped().items()]
    calls = (("new", "agenda", "NAME", "--out", str(place.home())), ("check", str(place.home())))
    return visit.shown(
        "agendas", problem=problem, faults=faults, done=done, owned=own.agendas(visit.lang), kits=kits,
        folder=place.home(), files=["structure.yaml", *(f"{lang}.yaml" for lang in languages())],
        commands=[desk.command(visit.lang, *call) for call in calls],
    )  # fmt: skip


def packs(visit: Visit) -> Reply:
    """Regional packs of one's own: begun or brought; which one is in use, and what is still to be filled in."""
    problem, said = "", list[str]()
    if visit.ask.method == "POST":
        try:
            if visit.ask.one("do") == "begin":
                said = [_begun(visit, "region", regions.home())]
            elif name := next(iter(visit.ask.all("use", list(regions.own()))), ""):
                regions.choose(name)
            elif visit.ask.sent:
                said = own.bring_pack(visit.ask.sent, visit.lang)
            else:
                problem = say(visit.lang, "home.bring_choose")
        except KitError as error:
            problem = error.tell(visit.lang)
    calls = (("new", "region", "NAME"), ("check",))
    return visit.shown(
        "packs", problem=problem, said=said, owned=own.packs(visit.lang), folder=regions.home(),
        files=[regions.FILE, *(f"{lang}.yaml" for lang in languages())],
        commands=[desk.command(visit.lang, *call) for call in calls],
    )  # fmt: skip


def _begun(visit: Visit, what: str, folder: object, *more: str) -> str:
    """A folder to fill in, as `kit new` makes it; says where it is."""
    from kit.cli.calls import parser

    name = visit.ask.one("name").strip().lower().replace(" ", "_").replace("-", "_")
    args = parser().parse_args(["new", what, *more, f"--out={folder}", "--", name])
    args.run(args)
    return say(visit.lang, "home.own_begun", folder=f"{folder}/{name}")


SHELVES: Mapping[str, Callable[[Visit], Reply]] = {
    "reports": reports, "design": design, "agendas": agendas, "packs": packs,
}  # fmt: skip
