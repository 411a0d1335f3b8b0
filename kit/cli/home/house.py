"""What the trainer's page does: what the kit's commands do. What takes long runs in a process of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from threading import Event, RLock
from typing import Any

from kit.cli.home.chosen import MOST_SIMULATED, Chosen
from kit.cli.home.papers import Wanted
from kit.cli.home.work import Job, Server, environment
from kit.errors import UnknownSession
from kit.session import Session
from kit.store import Store
from kit.store.hosts import Opens
from kit.texts import say

SIMULATED = 12
LONGEST_NAME = 80
# How the files of reports and roll-ups begin.
REPORT_NAMES = ("report-", "rollup-")


class House:
    """One store, at most one server that runs, and the commands that were asked for.

    folder  a private place for files on their way; whoever made the house removes it
    over    set when the page is no longer wanted
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.over = Event()
        self.server: Server | None = None
        self.jobs: list[Job] = []
        self._wanted = ""
        self._numbers = count(1)
        self._lock = RLock()

    def find(self, code: str) -> Session:
        """A workshop by its code; raises `UnknownSession`."""
        for one in self.store.sessions.all():
            if one.code == code:
                return one
        raise UnknownSession(session=code[:64])

    def make(self, chosen: Chosen) -> Session:
        """A new workshop, as `kit session new` makes it; raises a `KitError`."""
        from kit.cli.calls import parser
        from kit.cli.commands import make_session

        return make_session(self.store, parser().parse_args(["session", "new", *chosen.call()]))[0]

    # ---- the server ----

    def lead(self, session: Session, lang: str) -> None:
        """Let `way_in` lead into a workshop, and start the server if it does not run; a practice ends."""
        with self._lock:
            if self.server and (self.server.is_over or self.server.practice):
                self.stop()
            if self.server is None:
                self.server = Server(["serve", "--lang", session.lang], self._env(lang), self._new_folder() / "log.txt")
            self._wanted = session.id

    def practise(self, chosen: Chosen, lang: str) -> str:
        """Start a workshop of simulated people, in a store of its own; returns why not, in words."""
        with self._lock:
            if self.server and not self.server.is_over and not self.server.practice:
                return say(lang, "home.practise_busy")
            self.stop()
            folder = self._new_folder()
            people = min(chosen.people if chosen.expected else SIMULATED, MOST_SIMULATED)
            place = folder / "practice.db"
            how = ("--rehearse", str(people), "--speed", chosen.speed, "--store", str(place), "--store-passes")
            call = ["workshop", "--no-browser", *chosen.call(), *how]
            self.server = Server(call, environment(lang, str(place)), folder / "log.txt", practice=place)
            self._wanted = "practice"
            return ""

    def go_on_practising(self) -> None:
        """Let `way_in` lead back into the practice that runs, if one does."""
        with self._lock:
            if self.server and self.server.practice and not self.server.is_over:
                self._wanted = "practice"

    @property
    def is_leading(self) -> bool:
        """Whether somebody waits to be led in."""
        return bool(self._wanted)

    def way_in(self) -> str:
        """The link into the workshop that was asked for, once; empty while the server does not answer."""
        with self._lock:
            server = self.server
            if server is None or not self._wanted or not server.is_up():
                return ""
            if server.practice:
                with Store.open(server.practice, existing=True) as store:
                    link = _link(store, store.sessions.all()[0].id)
            else:
                link = _link(self.store, self._wanted)
            self._wanted = ""
            return f"{server.address}{link}"

    def stop(self) -> None:
        """End the server; of a practice nothing is left."""
        with self._lock:
            if self.server:
                self.server.stop()
                # What a server says may hold a link that opens.
                shutil.rmtree(self.server.log.parent, ignore_errors=True)
            self.server, self._wanted = None, ""

    # ---- commands that take a while ----

    def report(self, wanted: Wanted, lang: str) -> int:
        """Make reports of one workshop or of several; returns the job's number."""
        folder = self._new_folder()
        call = [*wanted.call(), "--json", "--out", str(folder)]
        code = wanted.codes[0] if len(wanted.codes) == 1 else ""
        number = self._run("report", code, call, folder, lang)
        self.jobs[number].files = wanted.files
        return number

    def how_far(self, job: Job, lang: str) -> str:
        """How much of it is there, in words."""
        if not job.files:
            return say(lang, "home.job_wait")
        there = sum(one.name.startswith(REPORT_NAMES) for one in job.folder.iterdir())
        return say(lang, "home.job_far", n=min(there, job.files), all=job.files)

    def keep(self, lang: str) -> int:
        """Copy the store; returns the job's number."""
        folder = self._new_folder()
        return self._run("keep", "", ["backup", str(folder / "workshops.db")], folder, lang)

    def agenda(self, session: Session, format: str, lang: str) -> int:
        """Write down the agenda as it went; returns the job's number."""
        folder = self._new_folder()
        file = folder / f"agenda-{session.code}-{session.lang}.{format}"
        call = ["session", "agenda", session.code, "--lang", session.lang, "--out", str(file)]
        return self._run("agenda", session.code, call, folder, lang)

    def bring(self, session: Session, sent: Sequence[tuple[str, bytes]], lang: str) -> int:
        """Look at files of answers; returns the job's number."""
        folder = self._new_folder()
        for number, (name, data) in enumerate(sent, 1):
            kept = "".join(ch if ch.isalnum() or ch in "-_. " else "_" for ch in name)[-LONGEST_NAME:]
            (folder / f"{number:03}-{kept}").write_bytes(data)
        call = ["import", str(folder), "--session", session.code, "--dry-run"]
        return self._run("look", session.code, call, folder, lang)

    def take(self, job: Job, lang: str) -> int:
        """Take in what a look was at; returns the job's number."""
        call = ["import", str(job.folder), "--session", job.code, "--yes"]
        return self._run("take", job.code, call, job.folder, lang)

    def made(self, job: Job) -> list[str]:
        """The files that a job has made, by name."""
        if job.kind not in ("report", "keep", "agenda") or not job.is_over:
            return []
        return sorted(one.name for one in job.folder.iterdir() if one.is_file() and not one.name.startswith("."))

    def takes(self, job: Job) -> bool:
        """Whether a job has looked at files that can be taken in, and that are still here."""
        return job.kind == "look" and job.folder.is_dir() and _left(job) in job.out

    def told(self, job: Job) -> list[str]:
        """What a job has said, line by line; of reports, what went wrong."""
        if job.kind != "report":
            # The page has a button for what a command line would have to say.
            return [line for line in job.told().splitlines() if line != _left(job)]
        try:
            rows: list[dict[str, Any]] = json.loads(job.out)
        except ValueError:
            rows = []
        said = [*(row["problem"] for row in rows), *(line.removeprefix("kit: ") for line in job.err.splitlines())]
        return list(dict.fromkeys(filter(None, said)))

    def tidy(self) -> None:
        """Remove the files of answers that were taken in."""
        for job in self.jobs:
            if job.kind == "take" and job.is_over:
                shutil.rmtree(job.folder, ignore_errors=True)

    def close(self) -> None:
        """End all that runs."""
        self.over.set()
        self.stop()
        for job in self.jobs:
            if not job.is_over:
                job.stop()

    def _run(self, kind: str, code: str, call: Sequence[str], folder: Path, lang: str) -> int:
        with self._lock:
            self.jobs.append(Job(kind, code, call, self._env(lang), folder))
            return len(self.jobs) - 1

    def _env(self, lang: str) -> dict[str, str]:
        return environment(lang, self.store.engine.url.render_as_string(hide_password=False))

    def _new_folder(self) -> Path:
        made = self.folder / str(next(self._numbers))
        made.mkdir(mode=0o700)
        return made


def _left(job: Job) -> str:
    """The sentence that files were looked at which can be taken in, as the job says it."""
    return say(job.env["KIT_LANG"], "cli.import_left")


def _link(store: Store, session_id: str) -> str:
    """A way to the console that opens once; see `kit.store.hosts`."""
    return f"/host#{session_id}.{store.hosts.add(session_id, Opens.LEAD)}"
