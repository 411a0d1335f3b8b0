"""`kit report`: which workshops are meant, how far it is, what became of each."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.cli.commands import _tell
from kit.cli.session_words import tell
from kit.errors import FileUnreadable
from kit.quick import quickly
from kit.texts import default_language, say

if TYPE_CHECKING:
    from kit.reports import BatchProgress, ReportOutcome
    from kit.session import Session

# Files were made, and there is something that the facilitator should know.
WARNED = 3


def report(args: Namespace) -> int:
    """Write reports of the workshops that are named; 1 when one failed, 3 when one tells nothing yet."""
    with quickly():
        from kit.reports import Selection, Wish, make_reports, make_rollup, theme
        from kit.reports.document import Look
        from kit.store import Store

    chosen = [*args.sessions, *_listed(args.file)]
    if not (chosen or args.all or args.since or args.tag):
        tell("name_a_session")
        return 2
    if args.all or args.since or args.tag:
        with Store.open(args.store, existing=True) as store:
            chosen += [one.code for one in store.sessions.all() if _meant(one, args)]
    if not chosen:
        tell("no_tagged" if args.tag or args.since else "no_sessions")
        return 1
    formats = [name.strip() for typed in args.format or ["html"] for name in typed.split(",")]
    sections = tuple(name.strip() for name in (args.sections or "").split(",") if name.strip())
    choice = Selection(sections, tuple(filter(None, (" ".join(one.split()) for one in _text(args.note).split("\n\n")))))
    look = Look(paper=args.paper)
    if args.theme:
        look = theme.read(args.theme, look)
    wish = Wish(tuple(args.lang or ()), tuple(dict.fromkeys(formats)), look, choice, args.again, args.beside)
    line = _Line()
    if args.rollup:
        rolled = make_rollup(args.store, chosen, args.out, wish, args.title, args.jobs, line.show, args.cluster)
        with closing(rolled) as outcomes:
            return _told(args, outcomes, line)
    # Closed at once, also when Ctrl-C comes between two outcomes: so nothing is left running.
    made = make_reports(args.store, dict.fromkeys(chosen), args.out, wish, args.jobs, line.show, args.cluster)
    with closing(made) as outcomes:
        return _told(args, outcomes, line)


def _meant(session: Session, args: Namespace) -> bool:
    """Whether a workshop is of the days and of one of the tags that were named."""
    recent = args.since is None or session.made_on >= args.since
    return recent and (not args.tag or bool(set(args.tag) & set(session.tags)))


def _told(args: Namespace, outcomes: Iterator[ReportOutcome], line: _Line) -> int:
    """Tell each outcome when it is there, and all of them at the end; after Ctrl-C too."""
    rows: list[dict[str, Any]] = []
    count: Counter[str] = Counter()
    empty: set[str] = set()
    try:
        for one in outcomes:
            count[one.state] += 1
            rows.append(_row(one))
            line.wipe()
            if one.problem:
                sys.stderr.write(f"kit: {one.problem}\n")
            elif not args.json and one.state == "made":
                print(one.path, flush=True)
            if not one.told:
                empty.add(one.session.code if one.session else one.typed)
    except KeyboardInterrupt:
        line.wipe()
        tell("reports_stopped", made=count["made"], out=args.out)
        raise
    line.wipe()
    for code in sorted(empty):
        sys.stderr.write(f"kit: {say(default_language(), 'cli.report_empty', code=code)}\n")
    if args.json:
        _tell(args, rows)
    elif len(rows) > 1 or count["unchanged"]:
        tell("reports_done", made=count["made"], unchanged=count["unchanged"], failed=count["failed"])
    return 1 if count["failed"] else WARNED if empty else 0


def _row(one: ReportOutcome) -> dict[str, Any]:
    return {
        "session": one.session.id if one.session else one.typed, "lang": one.lang, "format": one.format,
        "state": one.state, "path": str(one.path or ""), "problem": one.problem, "told": one.told,
    }  # fmt: skip


def _listed(path: Path | None) -> list[str]:
    """The codes in a file: the first word of each line; what follows a # is for people."""
    lines = _text(path).splitlines()
    words = (line.partition("#")[0].replace(",", " ").replace(";", " ").split() for line in lines)
    return [found[0] for found in words if found]


def _text(path: Path | None) -> str:
    """What stands in a file of this person's; raises `FileUnreadable`."""
    if path is None:
        return ""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or say(default_language(), "cli.no_text")
        raise FileUnreadable(name=path.name, reason=reason) from None


class _Line:
    """One line on the terminal that says how far it is; none where nobody looks."""

    def __init__(self) -> None:
        self.seen = sys.stderr.isatty()

    def show(self, now: BatchProgress) -> None:
        if self.seen:
            told = {"done": now.done, "all": now.all, "codes": ", ".join(dict.fromkeys(now.running))}
            self.wipe()
            sys.stderr.write(say(default_language(), "cli.reports_progress", **told)[:79])
            sys.stderr.flush()

    def wipe(self) -> None:
        if self.seen:
            sys.stderr.write("\r\x1b[K")
