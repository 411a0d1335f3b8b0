"""Answers from home: the link that people get, the key that opens what they send, and taking their files in."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.cli.session_words import tell
from kit.errors import FolderUnwritable, KeyUnreadable, WrongOption
from kit.session import Sector, Session
from kit.texts import default_language, say

if TYPE_CHECKING:
    from kit.intake import Entry
    from kit.store import Store

Counted = Mapping[str, Mapping[str, int]]  # by what was named, then by what became of the files in it
BAR = 24
KEY_BYTES = 10_000


def binder_link(args: Namespace) -> int:
    """Print the link with which people at home answer, and send what only this workshop can open."""
    from kit.invitation import Invitation, binder, link
    from kit.sealed import check_number
    from kit.store import Store

    with Store.open(args.store, existing=True) as store:
        session = store.sessions.named(args.session)
        public = store.keys.public(session.id)
    made = link(args.base or binder(), Invitation(public, session.plans, session.mode))
    if args.json:
        print(json.dumps({"link": made, "public": public, "check": check_number(public)}))
    else:
        tell("link", link=made, check=check_number(public), code=session.code)
    return 0


def session_key(args: Namespace) -> int:
    """Write a workshop's key into a file, or bring one back."""
    from kit.sealed import check_number, key_file, key_in
    from kit.store import Store

    with Store.open(args.store, existing=True) as store:
        session = store.sessions.named(args.session)
        if args.bring_back:
            public = store.keys.bring_back(session.id, key_in(_key_text(args.bring_back)))
            tell("key_back", code=session.code, check=check_number(public))
            return 0
        public = store.keys.public(session.id)
        privates = store.keys.private(session.id)
    if args.out is None:
        tell("key_is", code=session.code, check=check_number(public))
        return 0
    _write_private(args.out, "".join(map(key_file, privates)))
    tell("key_written", code=session.code, file=args.out)
    return 0


def bring_in(args: Namespace) -> int:
    """Take files into a workshop as a batch, take a batch back, or list the batches."""
    from kit.store import Store

    with Store.open(args.store, existing=True) as store:
        session = store.sessions.named(args.session)
        if args.undo:
            return _undo(store, session, args)
        if not args.files:
            return _batches(store, session, args)
        return _bring_in(store, session, args)


def _bring_in(store: Store, session: Session, args: Namespace) -> int:
    from kit import intake

    defaults = intake.Defaults(_sector(store, session, args.sector), args.partner)
    entries = intake.plan(store, session, intake.gather(args.files), defaults, _bar(args, "import_reads"))
    refused = [entry for entry in entries if entry.problem]
    told = intake.counts(entries)
    _summary(args, session, told, entries)
    good = sum(entry.outcome is not None and entry.outcome.changes for entry in entries)
    batch = ""
    if good and _agreed(args, good):
        batch, done = intake.take(store, session, entries, _bar(args, "import_takes"))
        late = [entry for entry in done if entry.problem and entry not in refused]
        refused += late
        if not args.json:
            _each_problem(late)
            tell("import_taken", n=good - len(late), batch=batch, code=session.code)
    elif not args.json:
        tell("import_nothing_good" if not good else "import_left")
    if args.json:
        print(json.dumps(_as_json(told, refused, batch), ensure_ascii=False))
    return 1 if refused or (good and not batch and not args.dry_run) else 0


def _sector(store: Store, session: Session, typed: str) -> Sector:
    """One of this workshop's sectors: those to choose from here, and those that people in it have chosen.

    Raises `WrongOption`, which lists them.
    """
    from kit.sectors import offered

    chosen = sorted({one.sector for one in store.seats.people(session.id)})
    known = {str(one): one for one in (*offered(), *chosen)}
    if typed not in known:
        raise WrongOption(option="--sector", value=typed[:40], allowed=", ".join(known))
    return known[typed]


def _undo(store: Store, session: Session, args: Namespace) -> int:
    people = store.imports.undo(session.id, args.undo.strip().upper())
    if args.json:
        print(json.dumps({"undone": args.undo, "people": people}))
    else:
        tell("import_undone", batch=args.undo, n=people)
    return 0


def _batches(store: Store, session: Session, args: Namespace) -> int:
    rows = store.imports.batches(session.id)
    if args.json:
        print(json.dumps([{"batch": one.id, "made_on": one.made_on.isoformat(), "people": one.people} for one in rows]))
    elif not rows:
        tell("import_no_batches", code=session.code)
    for one in rows if not args.json else []:
        tell("import_batch", batch=one.id, made_on=one.made_on.isoformat(), n=one.people)
    return 0


def _summary(args: Namespace, session: Session, told: Counted, entries: Sequence[Entry]) -> None:
    if args.json:
        return
    _each_problem(entries)
    tell("import_for", title=session.title, code=session.code)
    for source, own in told.items():
        kinds = ("new", "paired", "newer", "older", "same", "plain", "refused")
        parts = [_word(f"import_kinds.{kind}", n=own[kind]) for kind in kinds if own.get(kind)]
        tell("import_source", source=source, n=own["files"], parts="; ".join(parts))
    beside = sum(entry.beside for entry in entries)
    if beside:
        tell("import_beside", n=beside)


def _each_problem(entries: Sequence[Entry]) -> None:
    from kit.transfer import problem

    lang = default_language()
    for entry in entries:
        if entry.problem:
            sys.stderr.write(f"{_plain(entry.candidate.path)}: {problem(entry.problem, lang)}\n")


def _plain(path: Path) -> str:
    """A file's name as a line: what a name could say to a terminal is left out."""
    return "".join(ch if ch.isprintable() else "?" for ch in str(path))


def _agreed(args: Namespace, good: int) -> bool:
    """Whether the facilitator takes the batch: said before, or asked now where there is somebody to ask."""
    if args.dry_run:
        return False
    if args.yes:
        return True
    if args.json or not sys.stdin.isatty():
        return False
    sys.stdout.write(_word("import_ask", n=good) + " ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().casefold() in _word("import_yes").split()


def _as_json(told: Counted, refused: Sequence[Entry], batch: str) -> dict[str, Any]:
    from kit.transfer import problem

    lang = default_language()
    return {
        "batch": batch or None,
        "sources": {source: dict(own) for source, own in told.items()},
        "refused": [
            {"file": str(one.candidate.path), "reason": problem(one.problem, lang)} for one in refused if one.problem
        ],
    }


def _bar(args: Namespace, key: str) -> Callable[[int, int], None]:
    """A bar on the terminal, where there is one; a last call wipes it away."""
    shown = not args.json and sys.stderr.isatty()

    def said(done: int, of: int) -> None:
        if not shown:
            return
        filled = BAR * done // max(of, 1)
        line = f"\r{_word(key)} [{'#' * filled}{'.' * (BAR - filled)}] {done}/{of}"
        sys.stderr.write(line if done < of else "\r" + " " * len(line) + "\r")
        sys.stderr.flush()

    return said


def _key_text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(KEY_BYTES).decode("utf-8", "replace")
    except OSError:
        raise KeyUnreadable() from None


def _write_private(file: Path, text: str) -> None:
    """For this user's eyes only; a file that is there already is not written over. Raises `FolderUnwritable`."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise FolderUnwritable(folder=file, reason=error.strerror or error) from None


def _word(key: str, **details: object) -> str:
    return say(default_language(), f"cli.{key}", **details)
