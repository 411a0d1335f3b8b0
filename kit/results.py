"""Reveal a result: from the store through disclosure control into a frozen snapshot, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.util import find_spec
from random import SystemRandom
from types import ModuleType
from typing import Any, cast

from kit import shared
from kit.decisions import Ask
from kit.disclosure import (
    FORMAT,
    Basis,
    Release,
    Snapshot,
    release,
    release_from_json,
    release_participation,
    release_to_json,
    without_texts_of,
)
from kit.errors import AnswersGone, NothingReleased, UnknownExercise
from kit.exercise import exercise, exercises
from kit.files import File
from kit.findings import OF_ONE, Finding
from kit.session import Mode, Participant, Plan, Response, Session, State
from kit.store import Store
from kit.summary import Block, Paragraph, Summary
from kit.texts import languages, say
from kit.twice import side_by_side
from kit.views.html import render
from kit.views.slides import embedded, slides

PARTICIPATION = "_participation"
# What has moved for people who came to the first workshop of a series too (see `kit.series`).
SINCE = "_since"
TOLD_LEVEL = 3
Json = Mapping[str, Any]
# So often a decision begins again when somebody else changed the same result meanwhile.
TRIES = 3


@dataclass(frozen=True)
class Since:
    """What has moved for those who came to the first workshop of a series too, by exercise.

    first    id of that workshop
    told     exercise → its release, and the options that both workshops had
    """

    first: str
    told: Mapping[str, tuple[Release, tuple[str, ...]]]


@dataclass(frozen=True)
class Results:
    """All that may be told of a session, as it stood at one moment: plain data that needs no store.

    people    who took part (see `participation`)
    revealed  the settled release of each exercise, in the order of the session; None where it was not revealed
    unread    exercises that another version of the kit revealed, in a form that this one does not read
    told      exercise → language → HTML, as the room has it; its drawings need not be drawn again
    versions  the version of each exercise when it was revealed; 0 where that was not kept yet
    since     what has moved since the first workshop of its series, once it has ended
    first     what the first round told, of exercises that people have answered twice
    """

    people: Release
    revealed: Mapping[str, Release | None]
    unread: frozenset[str] = frozenset()
    told: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    since: Since | None = None
    first: Mapping[str, Release] = field(default_factory=dict)


@dataclass(frozen=True)
class _Kept:
    """What stands in the store about a revealed exercise; `row` is the release as JSON with what is beside it."""

    row: Mapping[str, Any]
    basis: Basis

    @property
    def snapshot(self) -> Snapshot:
        return Snapshot(self.raw, self.basis, 0)

    @property
    def raw(self) -> Release:
        """The release as disclosure control let it out: no decision is in what the next one is compared with."""
        return release_from_json(self.row)

    @property
    def first(self) -> Json | None:
        """What the first round told, while the second is on or over."""
        return self.row.get("first")

    @property
    def is_off(self) -> bool:
        return "off" in self.row

    @property
    def decisions(self) -> dict[str, str]:
        return dict(self.row.get("decisions", {}))


def reveal(store: Store, session: Session, slug: str) -> Snapshot:
    """Freeze what may be shown about one exercise now; `news` of the result says whether anything is new."""
    plan = session.plan(slug)
    if plan is None:
        raise UnknownExercise(slug=slug, known=", ".join(one.slug for one in session.plans))
    if store.sessions.get(session.id).emptied_on:
        raise AnswersGone(title=session.title)
    for _ in range(TRIES):
        kept = _kept(store, session, slug)
        made = _made(store, session, plan, kept)
        decided = _still_decided(made.release, kept.decisions if kept else {})
        row = _row(made.release, decided, plan.options, first=kept.first if kept else None)
        if _keep(store, session, slug, made, row):
            break
    _count_people(store, session)
    return made


def may_go_again(session: Session, slug: str) -> bool:
    """Whether a second round may follow once a result was told: people were asked once, and asking anew tells more."""
    plan = session.plan(slug)
    running = plan is not None and not session.closed and plan.state is not State.OPEN
    return running and plan is not None and plan.round == 1 and not exercise(slug).structure.once and not _group(slug)


def go_again(store: Store, session: Session, slug: str) -> bool:
    """Open an exercise for a second round; what was told of the first one is kept as it is, to stand beside it.

    Shared texts are told once, with the second round. False when there can be none.
    """
    for _ in range(TRIES):
        kept = _kept(store, session, slug)
        if kept is None or not kept.raw.people or not may_go_again(store.sessions.get(session.id), slug):
            return False
        first = release_to_json(replace(kept.raw, texts={}, asked=()))
        if store.snapshots.replace(session.id, slug, kept.row, {**kept.row, "first": first}):
            store.sessions.open_again(session.id, slug)
            return True
    return False


def told(store: Store, session: Session, slug: str, lang: str) -> str:
    """What was revealed of one exercise, as HTML; empty when nothing was.

    Made once, by the process that reveals: a hundred participants' kernels draw no figure.
    """
    return store.snapshots.told(session.id, slug, lang)


def told_to_host(store: Store, session: Session, slug: str, lang: str) -> str:
    """The same, also while it is off every other screen."""
    return store.snapshots.told(session.id, slug, lang) or store.snapshots.told(session.id, slug, lang, "off")


def is_off(store: Store, session: Session, slug: str) -> bool:
    """Whether a revealed result was taken off every screen but the facilitator's."""
    return bool(store.snapshots.told(session.id, slug, languages()[0], "off"))


def take_off(store: Store, session: Session, slug: str, off: bool) -> bool:
    """Take a revealed result off every screen but the facilitator's, or (with False) put it back.

    It stays what it is, and so does what the next one is compared with. False when nothing was revealed.
    """
    for _ in range(TRIES):
        found = store.snapshots.get(session.id, slug)
        if found is None:
            return False
        row = dict(found.release)
        told = row.pop("off", None) or row.get("told", {})
        row |= {"told": {}, "off": told} if off else {"told": told}
        if store.snapshots.replace(session.id, slug, found.release, row):
            return True
    return False


def revealed(store: Store, session: Session, slug: str) -> Release | None:
    """The frozen release of one exercise as the facilitator settled it, or None when it was not revealed."""
    kept = _kept(store, session, slug)
    return _settled(kept.raw, kept.decisions) if kept else None


def first_round(store: Store, session: Session, slug: str) -> Release | None:
    """What the first of two rounds told; None while there is one."""
    kept = _kept(store, session, slug)
    return release_from_json(kept.first) if kept and kept.first else None


def is_of_another_form(store: Store, session: Session, slug: str) -> bool:
    """Whether the exercise was revealed by another version of the kit, in a form that this one does not read."""
    found = store.snapshots.get(session.id, slug)
    return found is not None and not _is_read(found.release)


def participation(store: Store, session: Session) -> Release:
    """Who took part, by sector, as it was frozen when something was last revealed; reading it releases nothing.

    Never fewer than took part in an exercise: beside that, a head count from before would show that somebody came.
    """
    return shown(store, session).people


def shown(store: Store, session: Session) -> Results:
    """All that may be told of a session, read at one moment; reading it releases nothing and writes nothing."""
    kept = store.snapshots.all(session.id)
    read = {slug: row for slug, row in kept.items() if _is_read(row)}
    revealed = {plan.slug: _settled_row(read.get(plan.slug)) for plan in session.plans}
    people = Release("", session.k, 0, "sector")
    if PARTICIPATION in read:
        people = release_from_json(read[PARTICIPATION])
    most = max([people.people, *(one.people for one in revealed.values() if one)])
    return Results(
        replace(people, people=most),
        revealed,
        frozenset(slug for slug in revealed if slug in kept and slug not in read),
        {slug: read[slug].get("told", {}) for slug in revealed if slug in read},
        {slug: read[slug].get("version", 0) for slug in revealed if slug in read},
        _since(kept.get(SINCE)),
        {slug: release_from_json(read[slug]["first"]) for slug in revealed if "first" in read.get(slug, {})},
    )


def _since(row: Mapping[str, Any] | None) -> Since | None:
    """What was frozen of people who came again, as far as it is told of the exercises as they are today."""
    if row is None:
        return None
    told = {
        slug: (release_from_json(one), tuple(one["options"]))
        for slug, one in row["told"].items()
        if _is_read(one) and slug in exercises() and one["version"] == exercise(slug).version
    }
    return Since(row["first"], told)


def _settled_row(row: Mapping[str, Any] | None) -> Release | None:
    return None if row is None else _settled(release_from_json(row), dict(row.get("decisions", {})))


def keep_results_only(store: Store, session: Session) -> None:
    """Remove all that people answered in a session that has ended; what was revealed stays, without shared texts.

    Nobody could take back a text of theirs any more. Raises `StillRuns`, `UnknownSession`.
    """
    emptied = False
    while not emptied:
        # Once more only where somebody revealed something, or decided about it, in this very moment.
        kept = store.snapshots.all(session.id)
        emptied = store.sessions.empty(session.id, kept, dict(_without_texts(session, kept)))


def _without_texts(session: Session, kept: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is released without anybody's words, told anew; what cannot be read may hold some, and goes."""
    for slug, row in kept.items():
        plan = session.plan(slug)
        if slug in (PARTICIPATION, SINCE):
            yield slug, row
        elif plan is not None and _is_read(row):
            without = replace(release_from_json(row), texts={}, asked=())
            yield slug, _row(without, {}, plan.options, "off" in row, row.get("first"))


def erase(store: Store, person: Participant) -> None:
    """Remove a person: their answers and seat, and the texts of theirs that others were shown. Raises `NoSeat`."""
    session = store.sessions.get(person.session_id)
    secret = store.snapshots.secrets(session.id).get(person.id, "")
    for plan in session.plans:
        # What cannot be read may hold a text of theirs: all of it goes.
        if is_of_another_form(store, session, plan.slug):
            store.snapshots.remove(session.id, plan.slug)
        for _ in range(TRIES):
            kept = _kept(store, session, plan.slug)
            left = without_texts_of(kept.snapshot, person.id, secret) if kept else None
            if kept is None or left is None:
                break
            row = _row(left, _still_decided(left, kept.decisions), plan.options, kept.is_off, kept.first)
            if store.snapshots.replace(session.id, plan.slug, kept.row, row):
                break
    store.seats.erase(person.id)


def summary(made: Release, lang: str, options: tuple[str, ...], first: Release | None = None) -> Summary:
    """A release told in one language, by the exercise's own `summary` module; beside it the `first` round's, if any."""
    if first is not None:
        return side_by_side(summary(first, lang, options), summary(made, lang, options), lang)
    model = exercise(made.exercise)
    shown = fitting(made, options)
    told = cast(Summary, import_module(f"{model.package}.summary").summarise(model, shown, lang, options))
    if shown == made:
        return told
    return replace(told, blocks=(*told.blocks, Paragraph(say(lang, "telling.renewed"), "note")))


def summary_since(made: Release, lang: str, options: tuple[str, ...]) -> tuple[Block, ...]:
    """What has moved for people who came to two workshops, told by the exercise's own `summary` module."""
    model = exercise(made.exercise)
    return cast("tuple[Block, ...]", import_module(f"{model.package}.summary").since(model, made, lang, options))


def findings(made: Release, lang: str, options: tuple[str, ...]) -> tuple[Finding, ...]:
    """What a room said, in a sentence each, the most telling one first; none where the exercise's summary has none."""
    model = exercise(made.exercise)
    find = getattr(import_module(f"{model.package}.summary"), "findings", None)
    found = find(model, fitting(made, options), lang, options) if find and made.people else ()
    return cast("tuple[Finding, ...]", found)[:OF_ONE]


# ---- what the facilitator decides about a released list (see `kit.decisions`) ----


def asks(store: Store, session: Session, slug: str, lang: str) -> tuple[Ask, ...]:
    """What there is to decide about a revealed result, then what was decided; nothing for most exercises."""
    kept = _kept(store, session, slug)
    return _asks(kept.raw, kept.decisions, lang) if kept else ()


def gives(store: Store, session: Session, slug: str) -> tuple[str, ...]:
    """Ids of the files that can be made of a revealed list; none where there is no list."""
    kept = _kept(store, session, slug)
    group = _group(slug) if kept else None
    return tuple(group.GIVES) if kept and group and group.holds(exercise(slug), _passed(kept)) else ()


def decide(store: Store, session: Session, slug: str, ask: str, choice: str) -> bool:
    """Keep a choice about one of the `asks` (with "", take it back) and tell the result anew.

    False when this is not asked (any more), or the choice is none of its. What was released, and what the next
    release is compared with, stay as they are.
    """

    def decided(kept: _Kept) -> dict[str, str] | None:
        asked = next((one for one in _asks(kept.raw, kept.decisions, languages()[0]) if one.id == ask), None)
        if asked is None or choice not in ("", *(id for id, _ in asked.choices)):
            return None
        return {id: chosen for id, chosen in {**kept.decisions, ask: choice}.items() if chosen}

    return _redecide(store, session, slug, decided)


def give(store: Store, session: Session, slug: str, what: str, lang: str) -> File:
    """A file of a revealed list as it was settled; raises `NothingReleased`."""
    group, made = _group(slug), revealed(store, session, slug)
    if group is None or made is None or what not in group.GIVES:
        raise NothingReleased()
    return cast(File, group.give(exercise(slug), made, what, lang))


# ---- what the facilitator lets pass of shared texts (see `kit.shared`) ----


def shared_lines(store: Store, session: Session, slug: str, lang: str) -> tuple[shared.SharedText, ...]:
    """The shared texts of a revealed result, also those that the room does not see (yet); for the facilitator only."""
    kept = _kept(store, session, slug)
    plan = session.plan(slug)
    if kept is None or plan is None:
        return ()
    return shared.lines(exercise(slug), fitting(kept.raw, plan.options), kept.decisions, lang)


def look_over(store: Store, session: Session, slug: str, line: str, choice: str) -> bool:
    """Show a shared text (with "", each one that waits), strike it out or put it back, and tell the result anew.

    False when it is not there (any more), or the choice is none.
    """
    return _redecide(store, session, slug, lambda kept: shared.decide(kept.raw, kept.decisions, line, choice))


def _redecide(store: Store, session: Session, slug: str, change: Callable[[_Kept], dict[str, str] | None]) -> bool:
    """Put a changed decision beside what was released; what was released, and its basis, stay as they are."""
    for _ in range(TRIES):
        kept, plan = _kept(store, session, slug), session.plan(slug)
        decided = change(kept) if kept else None
        if kept is None or plan is None or decided is None:
            return False
        row = _row(kept.raw, decided, plan.options, kept.is_off, kept.first)
        if store.snapshots.replace(session.id, slug, kept.row, row):
            return True
    return False


def _group(slug: str) -> ModuleType | None:
    """The exercise's module `group`, where it has one."""
    name = f"{exercise(slug).package}.group"
    return import_module(name) if find_spec(name) is not None else None


def _passed(kept: _Kept) -> Release:
    return shared.passed(kept.raw, kept.decisions)


def _settled(made: Release, decisions: Mapping[str, str]) -> Release:
    """The release with the texts that passed, and with its list as it was decided."""
    group, shown = _group(made.exercise), shared.passed(_without_untold_votes(made), decisions)
    return cast(Release, group.settled(exercise(made.exercise), shown, decisions)) if group else shown


def _without_untold_votes(made: Release) -> Release:
    """Of a place where no choice stands out, nothing is told: nobody hears whether anyone voted there."""
    model = exercise(made.exercise)
    votes = {one.item for one in model.votes(model.structure.every)}
    told = {item: one for item, one in made.items.items() if item not in votes or one.stands_out}
    return replace(made, items=told) if len(told) < len(made.items) else made


def _asks(made: Release, decisions: Mapping[str, str], lang: str) -> tuple[Ask, ...]:
    group = _group(made.exercise)
    shown = shared.passed(made, decisions)
    return cast("tuple[Ask, ...]", group.asks(exercise(made.exercise), shown, decisions, lang)) if group else ()


def _still_decided(made: Release, decisions: Mapping[str, str]) -> dict[str, str]:
    """Without decisions about what is no longer released: each would be a trace of it."""
    asked = _asks(made, decisions, languages()[0]) if decisions else ()
    return shared.decided(made, decisions) | {one.id: one.chosen for one in asked if one.chosen}


# ---- in the store ----


def _kept(store: Store, session: Session, slug: str) -> _Kept | None:
    """What was revealed of an exercise; None when nothing was, or when it was told in another form than today's."""
    found = store.snapshots.get(session.id, slug)
    if found is None or not _is_read(found.release):
        return None
    return _Kept(found.release, Basis(found.marks, found.left))


def _is_read(row: Mapping[str, Any]) -> bool:
    """Whether a release is of today's form, and whole."""
    if row.get("format") != FORMAT:
        return False
    try:
        release_from_json(row)
    except (KeyError, TypeError, AttributeError):
        return False
    return True


def fitting(made: Release, options: tuple[str, ...]) -> Release:
    """The release without what an older version of the exercise asked, and this one does not, or not in this way."""
    model = exercise(made.exercise)
    every = (*model.questions(options), *model.votes(options))
    asked, traits = {question.item: question for question in every}, model.traits(options)
    items = {item: one for item, one in made.items.items() if item in asked and one.scale in ((), asked[item].options)}
    texts = {item: told for item, told in made.texts.items() if item in asked}
    most = tuple(one for one in made.most if traits and one in traits.options)
    return replace(made, items=items, texts=texts, most=most)


def _made(store: Store, session: Session, plan: Plan, kept: _Kept | None) -> Snapshot:
    model = exercise(plan.slug)
    responses = _with_secrets(store, session, store.answers.responses(session.id, plan.slug))
    return release(
        plan.slug,
        (*model.questions(plan.options), *model.votes(plan.options)),
        [replace(one, answers=model.counted(one.answers, plan.options)) for one in responses],
        session.k,
        session.mode if model.structure.attributed else Mode.ANONYMOUS,
        kept.snapshot if kept else None,
        SystemRandom(),
        model.traits(plan.options),
    )


def _count_people(store: Store, session: Session) -> None:
    """Freeze who took part, as part of a reveal."""
    for _ in range(TRIES):
        kept = _kept(store, session, PARTICIPATION)
        people = _with_secrets(store, session, store.seats.people(session.id))
        made = release_participation(people, session.k, kept.snapshot if kept else None)
        if not made.news or _keep(store, session, PARTICIPATION, made, release_to_json(made.release)):
            return


def _with_secrets(store: Store, session: Session, responses: Sequence[Response]) -> list[Response]:
    """Each with the secret of their seat; somebody who is erased at this very moment is left out."""
    secrets = store.snapshots.secrets(session.id)
    return [replace(one, secret=secrets[one.key]) for one in responses if one.key in secrets]


def _row(
    made: Release, decisions: Mapping[str, str], options: tuple[str, ...], off: bool = False, first: Json | None = None
) -> dict[str, Any]:
    """The release as it was let out, what was decided about it, and the result in every language as decided.

    While a result is `off`, what is told of it stands where no screen finds it.
    """
    # Of a text that is not there any more, no decision stays either: it would be a trace of it.
    decisions = {
        id: one for id, one in decisions.items() if not shared.is_text(id) or id in shared.decided(made, decisions)
    }
    shown = _settled(made, decisions)
    before = release_from_json(first) if first else None
    told = {lang: as_told(shown, lang, options, before) for lang in languages()}
    version = exercise(made.exercise).version
    row = {**release_to_json(made), "told": told, "decisions": dict(decisions), "version": version}
    row |= {"first": dict(first)} if first else {}
    return {**row, "told": {}, "off": told} if off else row


def as_told(made: Release, lang: str, options: tuple[str, ...], first: Release | None = None) -> str:
    """A settled release as every screen has it: its summary, and the same as slides; beside it the `first` round's."""
    found = summary(made, lang, options, first)
    return render(found, lang, TOLD_LEVEL) + embedded(slides(found, findings(made, lang, options), lang))


def _keep(store: Store, session: Session, slug: str, made: Snapshot, row: Mapping[str, Any]) -> bool:
    """False, with nothing kept, when somebody whom it tells of has been erased meanwhile."""
    return store.snapshots.save(session.id, slug, row, made.basis.marks, made.basis.left)
