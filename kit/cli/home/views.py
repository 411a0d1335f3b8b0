"""What the trainer's page answers: an address and a form in, a page or a way on out."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from kit import regions, series
from kit.cli.home import desk, papers
from kit.cli.home.chosen import CODE, LONGEST_PARTNERS, LONGEST_TITLE, SPEEDS, Chosen, read
from kit.cli.home.house import House
from kit.cli.home.shelves import SHELVES
from kit.cli.home.work import Job, back_of, packed
from kit.errors import KitError
from kit.session import EXPECTED_DEFAULT, EXPECTED_MOST, K_DEFAULT, K_LEAST, KEEP_DAYS, KEEP_MOST
from kit.texts import language_names, say, section


@dataclass(frozen=True)
class BrowserAsk:
    """What a browser asks for: `path` is below the page's own, `sent` are files with their names."""

    method: str
    path: str
    lang: str
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sent: Sequence[tuple[str, bytes]] = ()

    def all(self, name: str, known: Sequence[str]) -> list[str]:
        """What was ticked of what could be."""
        return [one for one in known if one in self.form.get(name, ())]

    def one(self, name: str) -> str:
        """A field, as it was typed."""
        return (self.form.get(name) or [""])[0]


@dataclass(frozen=True)
class Reply:
    """A page, a file, or the way on.

    to    below the page's own path (empty: all workshops), or a whole address; None for no other page
    last  after it, all ends
    """

    body: bytes = b""
    status: int = 200
    to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    last: bool = False


def to(where: str) -> Reply:
    """The way on."""
    return Reply(status=303, to=where)


def answer(house: House, ask: BrowserAsk) -> Reply:
    """The reply to a request; what went wrong is told on the page of all workshops."""
    house.tidy()
    visit = Visit(house, ask)
    for method, pattern, act in WAYS:
        found = re.fullmatch(pattern, ask.path)
        if found and method == ask.method:
            try:
                return act(visit, *found.groups())
            except KitError as error:
                return visit.overview(error.tell(ask.lang))
    return Reply(status=404)


class Visit:
    """One request to a house: a method for each address."""

    def __init__(self, house: House, ask: BrowserAsk) -> None:
        self.house, self.ask, self.lang = house, ask, ask.lang

    def overview(self, problem: str = "") -> Reply:
        """All workshops, what runs, and what else there is to do."""
        lines = [desk.line(one) for one in self.house.store.sessions.all()]
        server = self.house.server if self.house.server and not self.house.server.is_over else None
        return self.shown(
            "overview", here="", problem=problem, ahead=[one for one in lines if not one.closed],
            past=[one for one in lines if one.closed], server=server, where=self.house.store.where,
            commands=[desk.command(self.lang, *call) for call in CALLS],
        )  # fmt: skip

    def new(self) -> Reply:
        """The form for a new workshop: half a day is proposed; without an agenda, every exercise is ticked."""
        offered = [one.slug for one in desk.offers(self.lang)]
        return self.form(Chosen(lang=self.lang, agenda=PROPOSED, exercises=offered))

    def form(self, chosen: Chosen, problem: str = "", look: bool = False) -> Reply:
        """The form as it was filled in, with what is to be chosen otherwise, or what such a room would be told."""
        from kit.agenda.model import read_agenda, shipped
        from kit.cli.home.own import sound_agendas
        from kit.cli.home.packs import offered

        known = {**shipped(), **sound_agendas()}
        agendas = [(name, read_agenda(folder), name not in shipped()) for name, folder in known.items()]
        return self.shown(
            "new", chosen=chosen, problem=problem, agendas=agendas, offers=desk.offers(self.lang),
            foresight=desk.foresight(chosen, self.lang) if look else (), usual=EXPECTED_DEFAULT, most=EXPECTED_MOST,
            k_usual=K_DEFAULT, k_least=K_LEAST, days_usual=KEEP_DAYS, days_most=KEEP_MOST, speeds=SPEEDS,
            earlier=desk.earlier(self.house.store, self.lang), longest=LONGEST_TITLE, longest_partners=LONGEST_PARTNERS,
            command=desk.command(self.lang, "workshop", *chosen.call()) if look else "", packs=offered(self.lang),
        )  # fmt: skip

    def make(self) -> Reply:
        """What the form's buttons do: look, practise, make for later, make and lead."""
        chosen, what = read(self.ask.form), self.ask.one("do")
        chosen, parted = desk.continuing(self.house.store, chosen, self.lang)
        if problem := chosen.problem(self.lang) or parted:
            return self.form(chosen, problem)
        try:
            if what == "look":
                return self.form(chosen, look=True)
            if chosen.region:
                # What is started from here inherits it.
                regions.choose(chosen.region)
            if what == "practise":
                busy = self.house.practise(chosen, self.lang)
                return self.form(chosen, busy) if busy else to("wait")
            session = self.house.make(chosen)
        except KitError as error:
            return self.form(chosen, error.tell(self.lang))
        if what == "later":
            return to(f"w/{session.code}")
        self.house.lead(session, self.lang)
        return to("wait")

    def wait(self) -> Reply:
        """A word, and then `enter`: a form's own answer may not lead to another address (its policy forbids that)."""
        return self.shown("wait", seconds=0, then="enter")

    def enter(self) -> Reply:
        """A word until the workshop answers, then the way into it."""
        server = self.house.server
        if server is None or not self.house.is_leading:
            return to("")
        if server.is_over and not server.began_anew():
            problem = server.trouble() or say(self.lang, "home.server_ended")
            self.house.stop()
            return self.overview(problem)
        if way := self.house.way_in():
            return to(way)
        return self.shown("wait", seconds=1, then="enter")

    def one(self, code: str, problem: str = "") -> Reply:
        """One workshop, and what can be done with it."""
        session = self.house.find(code)
        calls = {
            "report": ("report", code, "--format", "html,pdf", "--lang", self.lang),
            "bring": ("import", "FOLDER", "--session", code), "link": ("binder-link", code),
            "key": ("session", "key", code, "--out", "FILE"), "purge": ("session", "purge", code),
            "agenda": ("session", "agenda", code, "--out", "FILE"),
            "answers": ("session", "purge", code, "--answers"), "due": ("session", "purge", "--due"),
            "close": ("session", "close", code), "lead": ("serve",),
        }  # fmt: skip
        return self.shown(
            "workshop", here=f"w/{code}", told=desk.tell(self.house.store, session, self.lang), problem=problem,
            formats=self.formats(), numbers=NUMBERS, tables=TABLES, theme=papers.theme_name(),
            jobs=[(number, job) for number, job in enumerate(self.house.jobs) if job.code == code],
            commands={name: desk.command(self.lang, *call) for name, call in calls.items()},
        )  # fmt: skip

    def lead(self, code: str) -> Reply:
        """Into the workshop."""
        self.house.lead(self.house.find(code), self.lang)
        return to("wait")

    def practice(self) -> Reply:
        """Back into the practice that runs."""
        self.house.go_on_practising()
        return to("wait")

    def close(self, code: str) -> Reply:
        """End a workshop for everyone."""
        series.close(self.house.store, self.house.find(code).id)
        return to(f"w/{code}")

    def reopen(self, code: str) -> Reply:
        """Take the end back."""
        self.house.store.sessions.reopen(self.house.find(code).id)
        return to(f"w/{code}")

    def report(self, code: str) -> Reply:
        """Make the reports that were ticked."""
        wanted = papers.read(self.ask.form, [self.house.find(code).code])
        if problem := wanted.problem(self.lang):
            return self.one(code, problem)
        return to(f"job/{self.house.report(wanted, self.lang)}")

    def agenda(self, code: str) -> Reply:
        """Write down the agenda as it went, with the notes."""
        session, format = self.house.find(code), next(iter(self.ask.all("format", TABLES)), TABLES[0])
        return to(f"job/{self.house.agenda(session, format, self.lang)}")

    def formats(self) -> list[tuple[str, str]]:
        """What reports can be made as, with what each is for."""
        from kit.reports.batch import known_formats

        labels = section(self.lang, "home.formats")
        return [(name, labels.get(name, name.upper())) for name in known_formats()]

    def bring(self, code: str) -> Reply:
        """Look at the files that were sent; nothing is taken in yet."""
        if not self.ask.sent:
            return self.one(code, say(self.lang, "home.bring_choose"))
        return to(f"job/{self.house.bring(self.house.find(code), self.ask.sent, self.lang)}")

    def undo(self, code: str) -> Reply:
        """Take a batch of files back."""
        self.house.store.imports.undo(self.house.find(code).id, self.ask.one("batch"))
        return to(f"w/{code}")

    def remove(self, code: str) -> Reply:
        """Ask once more before a workshop is removed."""
        command = desk.command(self.lang, "session", "purge", code, "--yes")
        return self.shown("remove", what="remove", line=desk.line(self.house.find(code)), command=command)

    def empty(self, code: str) -> Reply:
        """Ask once more before the answers of a workshop are removed."""
        command = desk.command(self.lang, "session", "purge", code, "--answers", "--yes")
        return self.shown("remove", what="empty", line=desk.line(self.house.find(code)), command=command)

    def emptied(self, code: str) -> Reply:
        """Remove all that people answered in a workshop; its results stay."""
        from kit.results import keep_results_only

        keep_results_only(self.house.store, self.house.find(code))
        return to(f"w/{code}")

    def purge(self, code: str) -> Reply:
        """Remove all that a workshop has kept, for good."""
        self.house.store.sessions.purge(self.house.find(code).id)
        return to("")

    def job(self, number: str) -> Reply:
        """A command that runs, or what came of it."""
        asked = self._job(number)
        if asked is None:
            return Reply(status=404)
        title = say(self.lang, f"home.job_{asked.kind}")
        if not asked.is_over:
            told = {"title": title, "lead": self.house.how_far(asked, self.lang)}
            return self.shown("wait", seconds=1, then=self.ask.path, **told)
        return self.shown(
            "job", title=title, number=number, job=asked, told=self.house.told(asked),
            made=self.house.made(asked), takes=self.house.takes(asked), back=back_of(asked),
        )  # fmt: skip

    def take(self, number: str) -> Reply:
        """Take in the files that were looked at."""
        asked = self._job(number)
        if asked is None or not self.house.takes(asked):
            return Reply(status=404)
        return to(f"job/{self.house.take(asked, self.lang)}")

    def made_file(self, number: str, name: str) -> Reply:
        """A file that a command has made."""
        asked = self._job(number)
        if asked is None or name not in self.house.made(asked):
            return Reply(status=404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        told = {"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'}
        return Reply((asked.folder / name).read_bytes(), headers=told)

    def all_files(self, number: str) -> Reply:
        """All of them in one."""
        asked = self._job(number)
        if asked is None or not (names := self.house.made(asked)):
            return Reply(status=404)
        told = {"Content-Type": "application/zip", "Content-Disposition": 'attachment; filename="reports.zip"'}
        return Reply(packed(asked.folder / name for name in names), headers=told)

    def check(self) -> Reply:
        """What on this machine would spoil a workshop of so many people."""
        from kit.serving.doctor import Verdict, examine, worst

        typed = self.ask.one("expected")
        people = int(typed) if re.fullmatch("[0-9]{1,4}", typed) and int(typed) else EXPECTED_DEFAULT
        checks = worst(examine(self.house.store, people, in_browser=True))
        return self.shown(
            "check", d=section(self.lang, "doctor"), checks=checks, people=people, most=EXPECTED_MOST,
            to_mend=sum(one.state is Verdict.MEND for one in checks),
            command=desk.command(self.lang, "doctor", "--expected", str(people)),
        )  # fmt: skip

    def keep(self) -> Reply:
        """Copy everything into one file."""
        return to(f"job/{self.house.keep(self.lang)}")

    def stop(self) -> Reply:
        """Stop the server; what was saved stays."""
        self.house.stop()
        return to("")

    def leave(self) -> Reply:
        """Stop everything, the page too."""
        self.house.stop()
        return replace(self.shown("bye"), last=True)

    def shown(self, which: str, **what: Any) -> Reply:
        """A page drawn from its template."""
        root = "../" * self.ask.path.count("/") or "./"
        told = {
            "problem": "", "lang": self.lang, "t": section(self.lang, "home"), "names": language_names(),
            "root": root, "here": self.ask.path, "style": _style(), **what,
        }  # fmt: skip
        return Reply(_drawing().get_template(f"{which}.html.j2").render(**told).encode())

    def _job(self, number: str) -> Job | None:
        return self.house.jobs[int(number)] if int(number) < len(self.house.jobs) else None


@cache
def _drawing() -> Environment:
    loader = PackageLoader("kit.cli.home", "pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _style() -> str:
    from kit.views.scripts import styles

    door = files("kit.serving").joinpath("static", "built", "door.css").read_text("utf-8")
    return f"{styles()}\n{door}\n{files('kit.cli.home').joinpath('home.css').read_text('utf-8')}"


CALLS = (("session", "list"), ("serve",), ("backup", "FILE"))
# What a new workshop follows unless something else is chosen.
PROPOSED = "half_day"
# Released numbers as tables.
NUMBERS = ("csv", "xlsx", "json")
TABLES = ("xlsx", "csv")
NUMBER = "([0-9]{1,4})"
WAYS: tuple[tuple[str, str, Callable[..., Reply]], ...] = (
    ("GET", "", Visit.overview),
    ("GET", "new", Visit.new),
    ("POST", "new", Visit.make),
    ("GET", "wait", Visit.wait),
    ("GET", "enter", Visit.enter),
    ("GET", f"w/({CODE})", Visit.one),
    ("POST", f"w/({CODE})/lead", Visit.lead),
    ("POST", f"w/({CODE})/close", Visit.close),
    ("POST", f"w/({CODE})/reopen", Visit.reopen),
    ("POST", f"w/({CODE})/report", Visit.report),
    ("POST", f"w/({CODE})/agenda", Visit.agenda),
    ("POST", f"w/({CODE})/bring", Visit.bring),
    ("POST", f"w/({CODE})/undo", Visit.undo),
    ("GET", f"w/({CODE})/remove", Visit.remove),
    ("POST", f"w/({CODE})/purge", Visit.purge),
    ("GET", f"w/({CODE})/empty", Visit.empty),
    ("POST", f"w/({CODE})/empty", Visit.emptied),
    ("GET", f"job/{NUMBER}", Visit.job),
    ("POST", f"job/{NUMBER}/take", Visit.take),
    ("GET", f"job/{NUMBER}/file/([\\w.-]+)", Visit.made_file),
    ("GET", f"job/{NUMBER}/all", Visit.all_files),
    *((method, name, act) for name, act in SHELVES.items() for method in ("GET", "POST")),
    ("GET", "check", Visit.check),
    ("POST", "check", Visit.check),
    ("POST", "keep", Visit.keep),
    ("POST", "practice", Visit.practice),
    ("POST", "stop", Visit.stop),
    ("POST", "leave", Visit.leave),
)
