"""Reports by the hundred: one outcome for each file, whatever becomes of the others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Literal

from kit import regions
from kit.errors import KitError, UnknownFormat, UnknownLanguage
from kit.reports.build import Selection
from kit.reports.crew import Alone, Crew, Processes
from kit.reports.document import Look
from kit.reports.done import Folder, digest, kit_digest
from kit.reports.formats import formats
from kit.reports.index import write_index
from kit.reports.material import Material, Several, gather
from kit.reports.task import NOTEBOOK, Finished, Task
from kit.session import Session
from kit.store import Store
from kit.texts import default_language, languages
from kit.views.support import pack


@dataclass(frozen=True)
class Wish:
    """What is wanted of each session. Without `langs`, its own language; `again` also makes what has not changed.

    `beside`: one file with all of it in two languages, side by side: in those of `langs`, or in its own and another.
    """

    langs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("html",)
    look: Look = field(default_factory=Look)
    choice: Selection = field(default_factory=Selection)
    again: bool = False
    beside: bool = False

    def spoken(self, own: str) -> tuple[str, ...]:
        """The languages of the files of a workshop in its `own`: "fr", or "fr-en" for one in two."""
        if not self.beside:
            return self.langs or (own,)
        first, second, *_ = dict.fromkeys((*(self.langs or (own,)), *languages()))
        return (f"{first}-{second}",)

    def task(self, material: Material | Several, lang: str, formats: tuple[str, ...]) -> Task:
        """What makes files in a language, or in two ("fr-en")."""
        first, _, beside = lang.partition("-")
        return Task(material, first, formats, self.look, self.choice, beside)

    def made_of(self, lang: str) -> tuple[str, ...]:
        """All that files in a language are made of beside what they tell."""
        return kit_digest(), lang, repr(self.choice), _look(self.look)

    def check(self) -> None:
        """Raises `UnknownLanguage`, `UnknownFormat` and `WrongOption`."""
        self.choice.check()
        for lang in self.langs:
            if lang not in languages():
                raise UnknownLanguage(lang=lang, known=", ".join(languages()))
        for name in self.formats:
            if name not in known_formats():
                raise UnknownFormat(format=name, known=", ".join(known_formats()))


@dataclass(frozen=True)
class ReportOutcome:
    """What became of one file of one report.

    typed    the session as it was named; `session` is what was found
    state    "made", "unchanged" (it was there, made of the same) or "failed" (`problem` says why, in words)
    told     whether anything was revealed of the session: a report of nothing says so, and little else
    """

    typed: str
    lang: str = ""
    format: str = ""
    state: Literal["made", "unchanged", "failed"] = "failed"
    path: Path | None = None
    problem: str = ""
    told: bool = True
    session: Session | None = None


@dataclass(frozen=True)
class BatchProgress:
    """How far a batch has come: reports (of one session in one language) done and in all, and what is under way."""

    done: int
    all: int
    running: tuple[str, ...]


Tell = Callable[[BatchProgress], None]


def known_formats() -> tuple[str, ...]:
    """The names of all formats."""
    return (*formats(), NOTEBOOK)


def name_of(session: Session, lang: str, format: str) -> str:
    """A report's file name: the join code and the language, nothing that says what it is about."""
    return f"report-{session.code}-{lang}.{format}"


def make_reports(
    store_url: str | Path | None,
    sessions: Iterable[str],
    out: Path,
    wish: Wish | None = None,
    jobs: int = 1,
    tell: Tell | None = None,
    cluster: str = "",
) -> Generator[ReportOutcome]:
    """Make reports of sessions, named by code or id, into the folder `out` (made if need be).

    Yields an outcome for each file as soon as it is known: first those of names that are none, then what has not
    changed since it was made, then what is made, `jobs` reports at a time, each in a process of its own if `jobs` is
    more than one, or by the workers of the Dask cluster at the address `cluster`. One that fails does not stop the
    others. When the caller stops early, or Ctrl-C comes, what is under way is dropped and nothing half written is left.
    Of several sessions, a page (`index.html`) leads to all files, and a table (`outcomes.csv`) has what became of each.
    `tell` hears how far it is.

    Raises `UnknownLanguage`, `UnknownFormat`, `FolderUnwritable`, `ClusterAway` and what `Store.open` raises, before
    anything is made.
    """
    wish = wish or Wish()
    wish.check()
    with Store.open(store_url, existing=True) as store:
        batch, known = _Batch(store, Folder(out), wish, tell or (lambda _: None)), list[ReportOutcome]()
        try:
            for one in batch.run(list(sessions), crew_of(jobs, cluster)):
                known.append(one)
                yield one
        finally:
            batch.folder.remember()
            if len({one.typed for one in known}) > 1:
                write_index(batch.folder, known, default_language())


def crew_of(jobs: int, cluster: str) -> Crew:
    """Who makes the reports; raises `ClusterAway`."""
    if not cluster:
        return Processes(jobs) if jobs > 1 else Alone()
    from kit.reports.cluster import Cluster

    return Cluster(cluster)


@dataclass(frozen=True)
class _Wanted:
    """One report: a session in one language, and what each of the files that are due will be made of."""

    typed: str
    session: Session
    lang: str
    digests: Mapping[str, str]

    def outcome(self, format: str, **more: object) -> ReportOutcome:
        return ReportOutcome(self.typed, self.lang, format, session=self.session, **more)  # type: ignore[arg-type]


class _Batch:
    """One run over a list of sessions."""

    def __init__(self, store: Store, folder: Folder, wish: Wish, tell: Tell) -> None:
        self.store, self.folder, self.wish, self.tell = store, folder, wish, tell
        self.running: dict[int, _Wanted] = {}
        self.numbers = count()
        self.done = self.all = 0

    def run(self, named: Sequence[str], crew: Crew) -> Iterator[ReportOutcome]:
        """Everything in order; the crew is always let go."""
        try:
            found: list[tuple[str, Session]] = []
            for typed in named:
                try:
                    found.append((typed, self.store.sessions.named(typed)))
                except KitError as error:
                    yield ReportOutcome(typed, problem=error.tell(default_language()))
            yield from self.make(found, crew)
        finally:
            crew.close()

    def make(self, found: Sequence[tuple[str, Session]], crew: Crew) -> Iterator[ReportOutcome]:
        """Read, hand out, write: never more at a time than the crew has places for."""
        waiting = iter([(typed, session, lang) for typed, session in found for lang in self.langs(session)])
        self.all = sum(len(self.langs(session)) for _, session in found)
        more = True
        while more or self.running:
            while more and len(self.running) < crew.places:
                try:
                    typed, session, lang = next(waiting)
                except StopIteration:
                    more = False
                    break
                yield from self.begin(typed, session, lang, crew)
            if self.running:
                number, made = crew.next()
                yield from self.finish(self.running.pop(number), made)
            self.tell(BatchProgress(self.done, self.all, tuple(one.session.code for one in self.running.values())))

    def begin(self, typed: str, session: Session, lang: str, crew: Crew) -> Iterator[ReportOutcome]:
        """Hand a report out, or say that it has not changed."""
        try:
            with self.store.at_once():
                # Purged meanwhile, it is not read as a session without results.
                wanted = _Wanted(typed, session, lang, self.digests(self.store.sessions.get(session.id), lang))
                due = tuple(name for name in self.wish.formats if not self.is_there(wanted, name))
                material = gather(self.store, session.id) if due else None
                told = bool(self.store.snapshots.slugs(session.id))
        except KitError as error:
            self.done += 1
            yield from self.failed(_Wanted(typed, session, lang, {}), error)
            return
        for name in self.wish.formats:
            if name not in due:
                path = self.folder.path / name_of(session, lang, name)
                yield wanted.outcome(name, state="unchanged", path=path, told=told)
        if material is None:
            self.done += 1
            return
        number = next(self.numbers)
        self.running[number] = replace(wanted, digests={name: wanted.digests[name] for name in due})
        crew.give(number, self.wish.task(material, lang, due))

    def digests(self, session: Session, lang: str) -> dict[str, str]:
        """What each file would be made of."""
        region = repr([regions.told(found, one, date.today()) for one in lang.split("-")]) if (found := pack()) else ""
        base = (*self.wish.made_of(lang), region, *made_of(self.store, session))
        return {name: digest(session.secret, (*base, name)) for name in self.wish.formats}

    def is_there(self, wanted: _Wanted, format: str) -> bool:
        file = name_of(wanted.session, wanted.lang, format)
        return not self.wish.again and self.folder.has(file, wanted.digests[format])

    def finish(self, wanted: _Wanted, made: Finished) -> Iterator[ReportOutcome]:
        """Write what a task has given back."""
        self.done += 1
        for name, error in made.failed(wanted.digests):
            yield wanted.outcome(name, problem=error.tell(default_language()))
        for name, data in made.files.items():
            try:
                path = self.folder.write(name_of(wanted.session, wanted.lang, name), data, wanted.digests[name])
            except KitError as error:
                yield wanted.outcome(name, problem=error.tell(default_language()))
            else:
                yield wanted.outcome(name, state="made", path=path, told=made.told)

    def failed(self, wanted: _Wanted, error: KitError) -> Iterator[ReportOutcome]:
        for name in self.wish.formats:
            yield wanted.outcome(name, problem=error.tell(default_language()))

    def langs(self, session: Session) -> tuple[str, ...]:
        return self.wish.spoken(session.lang)


def made_of(store: Store, session: Session) -> tuple[str, ...]:
    """All that a report tells of a session, as it stands in the store."""
    plans = [(plan.slug, plan.options) for plan in session.plans]
    told = repr((session.title, session.made_on, session.mode, session.k, plans, session.decided, session.asks))
    return (told, *(f"{slug}={row}" for slug, row in store.snapshots.raw(session.id).items()))


def _look(look: Look) -> str:
    return f"{look!r}{hashlib.sha256(look.logo.data).hexdigest() if look.logo else ''}"
