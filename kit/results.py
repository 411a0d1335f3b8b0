"""Reveal a result: from the store through disclosure control into a frozen snapshot, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import SystemRandom
from typing import Any

from kit import shared
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
from kit.errors import AnswersGone, UnknownExercise
from kit.exercise import exercise, exercises
from kit.session import Mode, Participant, Plan, Response, Session, State
from kit.store import Store
from kit.summaries import as_told, group_of, settled, still_decided
from kit.texts import languages

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
    first     what the first round told, of exercises of which a second round was revealed
    """

    people: Release
    revealed: Mapping[str, Release | None]
    unread: frozenset[str] = frozenset()
    told: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    since: Since | None = None
    first: Mapping[str, Release] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptResult:
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
        """What the first round told, once the second was revealed beside it."""
        return self.row.get("first")

    @property
    def begun(self) -> Json | None:
        """The same from when the second round begins until it is revealed: until then, nobody is told of two."""
        return self.row.get("begun")

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
        kept = kept_result(store, session, slug)
        made = _made(store, session, plan, kept)
        decided = still_decided(made.release, kept.decisions if kept else {})
        row = row_of(made.release, decided, plan.options, first=(kept.first or kept.begun) if kept else None)
        if _keep(store, session, slug, made, row):
            break
    _count_people(store, session)
    return made


def may_go_again(session: Session, slug: str) -> bool:
    """Whether a second round may follow once a result was told: people were asked once, and asking anew tells more."""
    plan = session.plan(slug)
    running = plan is not None and not session.closed and plan.state is not State.OPEN
    return running and plan is not None and plan.round == 1 and not exercise(slug).structure.once and not group_of(slug)


def go_again(store: Store, session: Session, slug: str) -> bool:
    """Open an exercise for a second round; what was told of the first one is kept as it is, to stand beside it.

    Shared texts are told once, with the second round. False when there can be none.
    """
    for _ in range(TRIES):
        kept = kept_result(store, session, slug)
        if kept is None or not kept.raw.people or not may_go_again(store.sessions.get(session.id), slug):
            return False
        first = release_to_json(replace(kept.raw, texts={}, asked=()))
        if store.snapshots.replace(session.id, slug, kept.row, {**kept.row, "begun": first}):
            store.sessions.open_again(session.id, slug)
            return True
    return False


def go_back(store: Store, session: Session, slug: str) -> bool:
    """Take a second round back of which nothing was told yet: the exercise is in its first one.

    False where the second round was revealed, or there is none.
    """
    for _ in range(TRIES):
        kept = kept_result(store, session, slug)
        if kept is None or not kept.begun:
            return False
        row = {name: one for name, one in kept.row.items() if name != "begun"}
        if store.snapshots.replace(session.id, slug, kept.row, row):
            store.sessions.take_round_back(session.id, slug)
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
    kept = kept_result(store, session, slug)
    return settled(kept.raw, kept.decisions) if kept else None


def first_round(store: Store, session: Session, slug: str) -> Release | None:
    """What the first of two rounds told; None while no second one was revealed."""
    kept = kept_result(store, session, slug)
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
    return None if row is None else settled(release_from_json(row), dict(row.get("decisions", {})))


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
            yield slug, row_of(without, {}, plan.options, "off" in row, row.get("first"), row.get("begun"))


def erase(store: Store, person: Participant) -> None:
    """Remove a person: their answers and seat, and the texts of theirs that others were shown. Raises `NoSeat`."""
    session = store.sessions.get(person.session_id)
    secret = store.snapshots.secrets(session.id).get(person.id, "")
    for plan in session.plans:
        # What cannot be read may hold a text of theirs: all of it goes.
        if is_of_another_form(store, session, plan.slug):
            store.snapshots.remove(session.id, plan.slug)
        for _ in range(TRIES):
            kept = kept_result(store, session, plan.slug)
            left = without_texts_of(kept.snapshot, person.id, secret) if kept else None
            if kept is None or left is None:
                break
            row = row_of(left, still_decided(left, kept.decisions), plan.options, kept.is_off, kept.first, kept.begun)
            if store.snapshots.replace(session.id, plan.slug, kept.row, row):
                break
    store.seats.erase(person.id)


# ---- in the store ----


def kept_result(store: Store, session: Session, slug: str) -> KeptResult | None:
    """What was revealed of an exercise; None when nothing was, or when it was told in another form than today's."""
    found = store.snapshots.get(session.id, slug)
    if found is None or not _is_read(found.release):
        return None
    return KeptResult(found.release, Basis(found.marks, found.left))


def _is_read(row: Mapping[str, Any]) -> bool:
    """Whether a release is of today's form, and whole."""
    if row.get("format") != FORMAT:
        return False
    try:
        release_from_json(row)
    except (KeyError, TypeError, AttributeError):
        return False
    return True


def _made(store: Store, session: Session, plan: Plan, kept: KeptResult | None) -> Snapshot:
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
        kept = kept_result(store, session, PARTICIPATION)
        people = _with_secrets(store, session, store.seats.people(session.id))
        made = release_participation(people, session.k, kept.snapshot if kept else None)
        if not made.news or _keep(store, session, PARTICIPATION, made, release_to_json(made.release)):
            return


def _with_secrets(store: Store, session: Session, responses: Sequence[Response]) -> list[Response]:
    """Each with the secret of their seat; somebody who is erased at this very moment is left out."""
    secrets = store.snapshots.secrets(session.id)
    return [replace(one, secret=secrets[one.key]) for one in responses if one.key in secrets]


def row_of(
    made: Release, decisions: Mapping[str, str], options: tuple[str, ...], off: bool = False,
    first: Json | None = None, begun: Json | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The release as it was let out, what was decided about it, and the result in every language as decided.

    While a result is `off`, what is told of it stands where no screen finds it. `first` and `begun`: see `KeptResult`.
    """
    # Of a text that is not there any more, no decision stays either: it would be a trace of it.
    decisions = {
        id: one for id, one in decisions.items() if not shared.is_text(id) or id in shared.decided(made, decisions)
    }
    shown = settled(made, decisions)
    before = release_from_json(first) if first else None
    told = {lang: as_told(shown, lang, options, before) for lang in languages()}
    version = exercise(made.exercise).version
    row = {**release_to_json(made), "told": told, "decisions": dict(decisions), "version": version}
    row |= {name: dict(one) for name, one in (("first", first), ("begun", begun)) if one}
    return {**row, "told": {}, "off": told} if off else row


def _keep(store: Store, session: Session, slug: str, made: Snapshot, row: Mapping[str, Any]) -> bool:
    """False, with nothing kept, when somebody whom it tells of has been erased meanwhile."""
    return store.snapshots.save(session.id, slug, row, made.basis.marks, made.basis.left)
