"""Roll-ups as files: one for each language and format, made by a crew, and only where something has changed."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path

from kit.errors import KitError
from kit.reports.batch import BatchProgress, ReportOutcome, Tell, Wish, crew_of, made_of
from kit.reports.crew import Crew
from kit.reports.done import Folder, digest
from kit.reports.index import name_rollups
from kit.reports.material import Several, gather
from kit.reports.task import Finished
from kit.session import Session
from kit.store import Store
from kit.texts import default_language


def make_rollup(
    store_url: str | Path | None,
    sessions: Iterable[str],
    out: Path,
    wish: Wish | None = None,
    title: str = "",
    jobs: int = 1,
    tell: Tell | None = None,
    cluster: str = "",
) -> Generator[ReportOutcome]:
    """Make one roll-up of all these sessions, named by code or id, in each language (`default_language` without any).

    Yields an outcome for each file; `jobs`, `cluster` and `tell` as for `make_reports`, a language at a time. Where the
    folder has a page that leads to reports, it leads to the roll-ups too. Raises what `make_reports` does, and
    `UnknownSession` for a name that is none.
    """
    wish = wish or Wish()
    wish.check()
    folder, named = Folder(out), list(dict.fromkeys(sessions))
    with Store.open(store_url, existing=True) as store:
        found = {one.id: one for one in (store.sessions.named(typed) for typed in named)}
        one = _Rollup(store, folder, wish, list(found.values()), title, ", ".join(named))
        crew = crew_of(jobs, cluster)
        try:
            yield from one.make(crew, tell or (lambda _: None))
        finally:
            crew.close()
            folder.remember()
            name_rollups(folder, default_language())


class _Rollup:
    """One run."""

    def __init__(
        self, store: Store, folder: Folder, wish: Wish, sessions: list[Session], title: str, typed: str
    ) -> None:
        self.folder, self.wish, self.typed = folder, wish, typed
        with store.at_once():
            self.several = Several(tuple(gather(store, one.id) for one in sessions), title)
            self.parts = [part for one in sessions for part in made_of(store, one)]
            self.told = any(store.snapshots.slugs(one.id) for one in sessions)
        self.secret = "".join(sorted(one.secret for one in sessions))

    def make(self, crew: Crew, tell: Tell) -> Iterator[ReportOutcome]:
        """Say what has not changed, hand out the rest, write what comes back."""
        waiting: dict[str, tuple[str, ...]] = {}
        langs = self.wish.spoken(default_language())
        for lang in langs:
            digests = self.digests(lang)
            there = [name for name in self.wish.formats if self.is_there(lang, name, digests[name])]
            for name in there:
                yield self.outcome(lang, name, state="unchanged", path=self.folder.path / name_of(lang, name))
            if due := tuple(name for name in self.wish.formats if name not in there):
                waiting[lang] = due
        running: dict[int, str] = {}
        every = list(waiting)
        while every or running:
            while every and len(running) < crew.places:
                lang = every.pop(0)
                running[langs.index(lang)] = lang
                crew.give(langs.index(lang), self.wish.task(self.several, lang, waiting[lang]))
            tell(BatchProgress(len(langs) - len(every) - len(running), len(langs), tuple(running.values())))
            number, made = crew.next()
            lang = running.pop(number)
            yield from self.finish(lang, waiting[lang], made)

    def digests(self, lang: str) -> Mapping[str, str]:
        """What each file would be made of."""
        base = (*self.wish.made_of(lang), self.several.title, *self.parts)
        return {name: digest(self.secret, (*base, name)) for name in self.wish.formats}

    def is_there(self, lang: str, format: str, made: str) -> bool:
        return not self.wish.again and self.folder.has(name_of(lang, format), made)

    def finish(self, lang: str, due: Iterable[str], made: Finished) -> Iterator[ReportOutcome]:
        """Write what a task has given back."""
        for name, error in made.failed(due):
            yield self.outcome(lang, name, problem=error.tell(default_language()))
        digests = self.digests(lang)
        for name, data in made.files.items():
            try:
                path = self.folder.write(name_of(lang, name), data, digests[name])
            except KitError as error:
                yield self.outcome(lang, name, problem=error.tell(default_language()))
            else:
                yield self.outcome(lang, name, state="made", path=path)

    def outcome(self, lang: str, format: str, **more: object) -> ReportOutcome:
        return ReportOutcome(self.typed, lang, format, told=self.told, **more)  # type: ignore[arg-type]


def name_of(lang: str, format: str) -> str:
    """A roll-up's file name."""
    return f"rollup-{lang}.{format}"


__all__ = ["make_rollup"]
