"""The one door for what comes as a file: read it, check it as live answers are checked, and take it in as a batch.

Nothing of a file is believed. It is read no further than the largest that can be, a link inside a folder is not
followed, and whatever is wrong with one of them is told in one line and keeps none of the others out.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kit import sealed, transfer
from kit.errors import ExerciseUnknownHere, FileRefused, KitError, TooManyFiles
from kit.session import Mode, Sector, Session, new_code
from kit.store import Store
from kit.store.imports import Incoming, Outcome, digest_of
from kit.texts import languages
from kit.transfer import LARGEST, AnswersFile

# The form of a sealed file adds a few hundred bytes, armour a third.
LARGEST_SEALED = LARGEST * 3 // 2
MOST_FILES = 5_000
MOST_BYTES = 200_000_000
# What systems put into every folder.
OF_THE_SYSTEM = frozenset({"desktop.ini", "thumbs.db"})
# Where there are such: do not open what a link leads to, do not wait for whoever fills a pipe.
_CAREFULLY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)

Said = Callable[[int, int], None]


@dataclass(frozen=True)
class Candidate:
    """A file to be read: `source` is what the facilitator named, the file itself or a folder it lies in."""

    path: Path
    source: Path


@dataclass(frozen=True)
class Entry:
    """What became of one file: `outcome`, or the `problem` for which it is refused.

    `beside` answers are to what the session does not ask; `later` is the file that counts instead of this one.
    """

    candidate: Candidate
    sealed: bool = False
    file: Incoming | None = None
    beside: int = 0
    outcome: Outcome | None = None
    problem: KitError | None = None
    later: Path | None = None


@dataclass(frozen=True)
class Defaults:
    """What the facilitator says about files that do not say it."""

    sector: Sector = Sector.OTHER
    partner: str | None = None


def gather(places: Sequence[Path]) -> list[Candidate]:
    """The files that were named or lie in the folders that were named, each once; raises `TooManyFiles`."""
    found: dict[Path, Candidate] = {}
    for place in places:
        for path in _below(place) if place.is_dir() else [place]:
            found.setdefault(path.absolute(), Candidate(path, place))
            if len(found) > MOST_FILES:
                raise TooManyFiles(most=MOST_FILES)
    return list(found.values())


def plan(
    store: Store, session: Session, found: Sequence[Candidate], defaults: Defaults, said: Said = lambda _n, _of: None
) -> list[Entry]:
    """What taking these files in would do; nothing is written. Raises `TooManyFiles`."""
    privates = store.keys.private(session.id)
    entries, total = [], 0
    for number, candidate in enumerate(found, 1):
        entry, size = _read(store, session, candidate, privates, defaults)
        total += size if entry.file else 0
        if total > MOST_BYTES:
            raise TooManyFiles(most=number - 1)
        entries.append(entry)
        said(number, len(found))
    return [_against_the_store(store, session, entry) for entry in _each_once(entries)]


def take(
    store: Store, session: Session, entries: Sequence[Entry], said: Said = lambda _n, _of: None
) -> tuple[str, list[Entry]]:
    """Take in what `plan` found good, and return the batch's id and what became of each file.

    Each file is one transaction: whoever stops it half-way has a batch of whole files, and can go on or take it back.
    """
    batch = new_code()
    done: list[Entry] = []
    chosen = sum(_is_good(entry) for entry in entries)
    for entry in entries:
        if _is_good(entry):
            assert entry.file is not None
            try:
                entry = replace(entry, outcome=store.imports.take(session, batch, entry.file))
            except KitError as problem:
                entry = replace(entry, outcome=None, problem=problem)
            said(sum(map(_is_good, done)) + 1, chosen)
        done.append(entry)
    if chosen:
        store.imports.done(session.id)
    return batch, done


def counts(entries: Sequence[Entry]) -> dict[str, Counter[str]]:
    """How many files came from where, by what became of them; never which."""
    told: dict[str, Counter[str]] = {}
    for entry in entries:
        own = told.setdefault(str(entry.candidate.source), Counter())
        own["files"] += 1
        own["plain"] += entry.problem is None and not entry.sealed
        own[entry.outcome.value if entry.outcome else "refused"] += 1
    return told


def _is_good(entry: Entry) -> bool:
    return entry.outcome is not None and entry.outcome.changes


def _below(folder: Path) -> Iterator[Path]:
    """Every file in a folder and the folders in it, in the order of their names; links are not followed."""
    for here, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        linked = [one for one in folders if os.path.islink(os.path.join(here, one))]
        for name in sorted([*names, *linked]):
            if not name.startswith(".") and name.casefold() not in OF_THE_SYSTEM:
                yield Path(here, name)


def _read(
    store: Store, session: Session, candidate: Candidate, privates: tuple[str, ...], defaults: Defaults
) -> tuple[Entry, int]:
    """One file, read and checked, and its size in bytes."""
    entry, size = Entry(candidate), 0
    try:
        data = _bytes(candidate)
        size = len(data)
        entry = replace(entry, sealed=sealed.is_sealed(data))
        if entry.sealed:
            data = _unsealed(store, session, data, privates)
        document = transfer.read(data)
        fitting = _checked(document, session)
        if document.exercises and not fitting.exercises:
            raise FileRefused(why="beside")
        incoming = _incoming(session, document, fitting.exercises, defaults)
    except KitError as problem:
        return replace(entry, problem=problem), size
    return replace(entry, file=incoming, beside=fitting.beside), size


def _checked(document: AnswersFile, session: Session) -> transfer.Checked:
    """The answers that fit; raises `FileRefused`: the page that makes a file lets nothing else into it."""
    try:
        return transfer.checked(document, session.plans)
    except (ExerciseUnknownHere, FileRefused):
        raise
    except KitError as error:
        raise FileRefused(why="answer", item=str(error.details.get("item", "?"))[:48]) from None


def _bytes(candidate: Candidate) -> bytes:
    """The file's bytes; raises `FileRefused` for what is no file, cannot be read or is too large to be one of ours."""
    named = candidate.path == candidate.source
    try:
        handle = os.open(candidate.path, os.O_RDONLY | _CAREFULLY | (0 if named else _NO_LINK))
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise FileRefused(why="no_file")
            with os.fdopen(handle, "rb", closefd=False) as stream:
                data = stream.read(LARGEST_SEALED + 1)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise FileRefused(why="missing") from None
    except (OSError, ValueError) as error:
        if not named and os.path.islink(candidate.path):
            raise FileRefused(why="link") from None
        if os.path.isdir(candidate.path):
            raise FileRefused(why="no_file") from None
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise FileRefused(why="unreadable", problem=reason) from None
    if len(data) > (LARGEST_SEALED if sealed.is_sealed(data) else LARGEST):
        raise FileRefused(why="large", most=LARGEST // 1_000_000)
    return data


def _unsealed(store: Store, session: Session, data: bytes, privates: tuple[str, ...]) -> bytes:
    """What a sealed file holds; raises `FileRefused`, which says of which other workshop it is where that is known."""
    try:
        return sealed.opened(data, privates)
    except FileRefused as refused:
        if refused.details["why"] != "sealed_other":
            raise
    for other, keys in store.keys.elsewhere(session.id).items():
        try:
            sealed.opened(data, keys)
        except FileRefused:
            continue
        raise FileRefused(why="other_session", code=store.sessions.get(other).code)
    raise FileRefused(why="sealed_other" if privates else "no_key")


def _incoming(session: Session, document: AnswersFile, answers: transfer.Answers, defaults: Defaults) -> Incoming:
    digest = digest_of(transfer.write(replace(document, person="", edition=0)))
    return Incoming(
        holder=document.person or digest_of(transfer.write(AnswersFile(person="", exercises=document.exercises))),
        edition=document.edition,
        digest=digest,
        sector=document.sector or defaults.sector,
        lang=document.lang if document.lang in languages() else session.lang,
        answers=answers,
        partner=_partner(session, document.partner) or defaults.partner if session.mode is Mode.ATTRIBUTED else None,
        card=document.card,
    )


def _partner(session: Session, typed: str) -> str | None:
    """The partner organization that was meant, however it was spaced and capitalized; else what was typed."""
    plain = " ".join(typed.split()).casefold()
    return next((one for one in session.partners if " ".join(one.split()).casefold() == plain), typed or None)


def _each_once(entries: Sequence[Entry]) -> list[Entry]:
    """Of several files of one person, the latest; the others say which one counts."""
    latest: dict[str, Entry] = {}
    for entry in entries:
        if entry.file and (entry.file.holder not in latest or entry.file.edition > _edition(latest, entry.file.holder)):
            latest[entry.file.holder] = entry
    return [_beside(entry, latest[entry.file.holder]) if entry.file else entry for entry in entries]


def _edition(latest: dict[str, Entry], holder: str) -> int:
    file = latest[holder].file
    return file.edition if file else -1


def _beside(entry: Entry, chosen: Entry) -> Entry:
    assert entry.file
    assert chosen.file
    if entry is chosen:
        return entry
    if entry.file.edition < chosen.file.edition:
        return replace(entry, outcome=Outcome.OLDER, later=chosen.candidate.path)
    if entry.file.digest != chosen.file.digest:
        return replace(entry, file=None, problem=FileRefused(why="twin"))
    return replace(entry, outcome=Outcome.SAME, later=chosen.candidate.path)


def _against_the_store(store: Store, session: Session, entry: Entry) -> Entry:
    if entry.file is None or entry.outcome is not None:
        return entry
    try:
        outcome = store.imports.look(session, entry.file)
    except KitError as problem:
        return replace(entry, file=None, problem=problem)
    if outcome in (Outcome.NEW, Outcome.PAIRED) and not entry.file.answers:
        return replace(entry, file=None, problem=FileRefused(why="nothing"))
    return replace(entry, outcome=outcome)
