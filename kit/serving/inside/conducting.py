"""The agenda on the console: where the room is, what to say, and the one thing that is right to do next."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from kit.agenda.course import (
    STAGED,
    Change,
    Course,
    add,
    begin_again,
    did,
    go,
    last_change,
    lengthen,
    mark,
    move,
    note,
    remember,
    run_clock,
    skip,
    stood,
    stop_clock,
    undo,
)
from kit.agenda.model import Agenda, Block, BlockTexts
from kit.agenda.slots import slot_title
from kit.closing import closing_words
from kit.exercise import Stage, exercise
from kit.following import change, followed
from kit.foretelling import foretold
from kit.results import may_go_again
from kit.serving.inside.adding import NO_EXERCISE, ask_too, asked_before, offer_of, offered
from kit.serving.inside.together import Ticking, phase
from kit.serving.inside.undoing import put_back, stands, taken_back
from kit.session import Plan, Session, State
from kit.store import Store
from kit.texts import say
from kit.views.agenda import Action, AgendaHead, AgendaWish, BlockLine, BlockNow


class Conducting:
    """One workshop's agenda, for one page."""

    def __init__(self, store: Store, session_id: str) -> None:
        self._store, self._session_id = store, session_id
        self._ticking = Ticking()

    def head(self, session: Session, revealed: Collection[str], lang: str) -> AgendaHead | None:
        """What stands at the head of the console; None where no agenda is followed, and at the end."""
        found = followed(self._store, session.id)
        if found is None or session.closed:
            return None
        agenda, course = found.agenda, found.course
        block = found.block
        plan = session.plan(block.exercise) if block and block.exercise else None
        action = self._action(agenda, course, block, plan, revealed, lang)
        ids = [one.id for one in course.slots]
        return {
            "title": agenda.told(lang).title, "place": ids.index(course.now) + 1 if course.now in ids else 0,
            "now": self._now(agenda, course, block, plan, lang), "action": action,
            "next": self._next(agenda, course, lang), "note": self._note(agenda, course, lang),
            "clock": self._ticking.clock(course), "blocks": self._lines(agenda, course, lang),
            "undo": self._undoing(agenda, course, block, lang), "number": course.number,
            "offers": offered(session, revealed, lang),
            "again": plan.slug if plan and "show" in course.done and may_go_again(session, plan.slug) else "",
        }  # fmt: skip

    def conduct(self, wish: AgendaWish, lang: str) -> str:
        """Do what a trainer asks for; returns a sentence, or nothing."""
        now = int(time.time())
        if wish.deed == "note":
            # As it is kept; raises what `closing_words` does.
            wish = replace(wish, note=closing_words(wish.note))
        if wish.kind not in NO_EXERCISE and wish.deed == "add":
            return self._add(wish, lang)
        by, wall = _change(wish, now), stands(self._store, self._session_id, "")
        if wish.deed == "go" and wall["showing"]:
            by = partial(_leaving, by, wall)
        changed = change(self._store, self._session_id, by)
        if changed is None:
            return ""
        before, after = changed
        if wish.deed == "undo":
            put_back(self._store, self._session_id, stood(before))
            return say(lang, "agenda.console.undone" if before != after else "agenda.console.nothing_undone")
        if wish.deed == "go" and after.now != before.now and wall["showing"]:
            # The wall goes along.
            self._store.sessions.show(self._session_id, None)
        if wish.deed == "note":
            return say(lang, "agenda.console.noted")
        return say(lang, "agenda.console.added") if wish.deed == "add" and before != after else ""

    def _add(self, wish: AgendaWish, lang: str) -> str:
        """Add an exercise, or a story, which the workshop then asks too; nothing where it cannot be."""
        session = self._store.sessions.get(self._session_id)
        offer = offer_of(session, self._store.snapshots.slugs(session.id), wish.kind)
        if offer is None or followed(self._store, session.id) is None:
            return say(lang, "agenda.console.added_not")
        was = stands(self._store, session.id, "") | asked_before(session, offer)
        ask_too(self._store, session, offer)

        def by(course: Course) -> Course:
            after = add(course, "exercise", wish.title, wish.number, offer.exercise, offer.story)
            return remember(after, was) if after != course else course

        changed = change(self._store, session.id, by)
        if changed is None or changed[0] == changed[1]:
            put_back(self._store, session.id, was)
            return say(lang, "agenda.console.added_not")
        return say(lang, "agenda.console.added_exercise")

    def done(self, slug: str, deed: str) -> None:
        """Something was done with an exercise: if it is the one that is on, the agenda notes it."""
        if deed and self._is_on(slug):
            change(self._store, self._session_id, lambda one: mark(one, deed))

    @contextmanager
    def undoable(self, slug: str, deed: str = "") -> Iterator[None]:
        """What is done inside with an exercise, or (with "") with the wall, is one more step that can be undone.

        If it is the exercise that is on, the agenda notes the `deed`.
        """
        before = stands(self._store, self._session_id, slug)
        yield
        if stands(self._store, self._session_id, slug) == before:
            self.done(slug, deed)
        else:
            noted = deed if self._is_on(slug) else ""
            change(self._store, self._session_id, lambda one: did(one, noted, before))

    def again(self, slug: str, was: Mapping[str, Any]) -> None:
        """An exercise was opened for its second round: if it is the one that is on, its steps begin anew.

        `was` is how it stood before (see `stands`).
        """
        by = begin_again if self._is_on(slug) else lambda one: did(one, "", was)
        change(self._store, self._session_id, lambda one: remember(by(one), was))

    def _is_on(self, slug: str) -> bool:
        found = followed(self._store, self._session_id)
        block = found.block if found else None
        return block is not None and block.exercise == slug

    def rest(self) -> None:
        """The workshop has ended: the clock stands."""
        change(self._store, self._session_id, lambda one: stop_clock(one, int(time.time())))

    def foresee(self, session: Session, slug: str, lang: str) -> Sequence[str]:
        """What a reveal would and would not show now; it knows how many have answered, and no answer."""
        plan = session.plan(slug)
        if plan is None:
            return ()
        people = self._store.answers.responses(session.id, slug)
        sectors = Counter(one.sector.value for one in people)
        partners = Counter(one.partner for one in people if one.partner)
        self.done(slug, "look")
        told = foretold(exercise(slug), sectors, session.mode, session.k, lang, plan.options, partners)
        if slug not in self._store.snapshots.slugs(session.id):
            return told
        return (*told, say(lang, "foresight.second" if plan.round > 1 else "foresight.again", k=session.k))

    def _action(
        self, agenda: Agenda, course: Course, block: Block | None, plan: Plan | None, revealed: Collection[str],
        lang: str,
    ) -> Action | None:  # fmt: skip
        if block is not None and plan is not None:
            together = block.story is not None and bool(block.step("together"))
            if together and plan.state is State.OPEN and (kind := _vote_deed(course, plan)):
                stage = _scenes(block, lang)[0].id if kind == "stage" else ""
                return {"kind": kind, "slug": plan.slug, "block": "", "stage": stage, "title": ""}
            if together and plan.state is State.OPEN and plan.stage:
                # Where the room goes is its own choice.
                return None
            if kind := _deed(course, plan, plan.slug in revealed, bool(block.step("again"))):
                return {"kind": kind, "slug": plan.slug, "block": "", "stage": "", "title": ""}
        following = course.next
        if following is None:
            return None
        kind = "meeting" if _begins_meeting(agenda, following.id) else "next"
        title = slot_title(agenda, following, lang)
        return {"kind": kind if course.now else "begin", "slug": "", "block": following.id, "stage": "", "title": title}

    def _now(
        self, agenda: Agenda, course: Course, block: Block | None, plan: Plan | None, lang: str
    ) -> BlockNow | None:
        slot = course.slot(course.now)
        if slot is None:
            return None
        words = agenda.words(block, lang) if block else BlockTexts()
        steps = [(say(lang, f"agenda.console.step_{one.id}"), one.minutes) for one in block.steps] if block else []
        return {
            "id": slot.id, "title": slot_title(agenda, slot, lang), "minutes": slot.minutes,
            "laptop": words.laptop or "", "say": words.say or (), "watch": words.watch or (),
            "debrief": words.debrief or (), "materials": words.materials or (), "steps": steps,
            "step": say(lang, f"agenda.console.step_{phase(course, plan)}") if plan else "",
            "story": _story(block, lang), "note": course.notes.get(slot.id, ""),
            "slug": plan.slug if plan else "",
        }  # fmt: skip

    def _undoing(self, agenda: Agenda, course: Course, block: Block | None, lang: str) -> str:
        """What "Undo" would take back, whoever did it; empty where nothing can be."""
        if not course.earlier:
            return ""
        kind, about = last_change(course)
        if kind:
            slot = course.slot(about)
            what = say(lang, f"agenda.undo.{kind}", title=slot_title(agenda, slot, lang) if slot else "")
        else:
            kind, slug = taken_back(self._store, self._session_id, stood(course))
            if not kind:
                return say(lang, "agenda.console.undo")
            what = say(lang, f"agenda.undo.{kind}")
            if slug and not (block and block.exercise == slug):
                what = say(lang, "agenda.undo.elsewhere", what=what, title=exercise(slug).texts(lang).title)
        return say(lang, "agenda.undo.label", what=what)

    def _next(self, agenda: Agenda, course: Course, lang: str) -> str:
        following = course.next
        if following is None:
            return ""
        key = "next_meeting" if course.now and _begins_meeting(agenda, following.id) else "next"
        title = slot_title(agenda, following, lang)
        return say(lang, f"agenda.console.{key}", title=title, n=following.minutes)

    def _note(self, agenda: Agenda, course: Course, lang: str) -> str:
        following = course.next
        if following is None:
            return say(lang, "agenda.console.last")
        return say(lang, "agenda.console.stop_here") if course.now and _begins_meeting(agenda, following.id) else ""

    def _lines(self, agenda: Agenda, course: Course, lang: str) -> list[BlockLine]:
        first = {meeting.blocks[0].id: n for n, meeting in enumerate(agenda.structure.meetings, 1)}
        several = len(first) > 1
        return [
            {
                "id": one.id, "title": slot_title(agenda, one, lang), "minutes": one.minutes, "skipped": one.skipped,
                "meeting": first.get(one.id, 0) if several else 0,
            }
            for one in course.slots
        ]  # fmt: skip


def _leaving(by: Change, wall: Mapping[str, Any], course: Course) -> Course:
    """Go on, and remember what was on the wall."""
    after = by(course)
    return remember(after, wall) if after.now != course.now else after


def _change(wish: AgendaWish, now: int) -> Change:
    changes: dict[str, Change] = {
        "go": lambda one: go(one, wish.block, now),
        "stop": lambda one: stop_clock(one, now),
        "run": lambda one: run_clock(one, now),
        "minutes": lambda one: lengthen(one, wish.block, wish.number),
        "skip": lambda one: skip(one, wish.block, wish.yes),
        "move": lambda one: move(one, wish.block, wish.number),
        "add": lambda one: add(one, wish.kind, wish.title, wish.number),
        "undo": undo,
        "note": lambda one: note(one, wish.block, wish.note),
    }
    return changes[wish.deed]


def _deed(course: Course, plan: Plan, revealed: bool, twice: bool) -> str:
    """What comes next with an exercise, answered `twice` where the agenda says so; nothing when all is done."""
    if plan.state is State.OPEN:
        return "close"
    if "open" not in course.done:
        return "open"
    if not (revealed and "reveal" in course.done):
        return "reveal" if "look" in course.done else "look"
    if "show" not in course.done:
        return "show"
    return "again" if twice and plan.round == 1 else ""


def _vote_deed(course: Course, plan: Plan) -> str:
    """What comes next where the room plays a story together; nothing once it may choose where to go, or has played it.

    The vote at each scene is revealed and shown by itself: the story's whole picture comes later.
    """
    if not plan.stage:
        return "" if STAGED in course.done else "stage"
    if not exercise(plan.slug).vote_at(plan.stage):
        return "free"
    return next((deed for deed in ("reveal", "show") if f"{deed}/{plan.stage}" not in course.done), "")


def _begins_meeting(agenda: Agenda, block: str) -> bool:
    return block in [meeting.blocks[0].id for meeting in agenda.structure.meetings[1:]]


def _scenes(block: Block, lang: str) -> Sequence[Stage]:
    """The scenes of the block's story; none where it has no story."""
    if block.story is None or block.exercise is None:
        return ()
    return exercise(block.exercise).stages(lang, (block.story,))


def _story(block: Block | None, lang: str) -> str:
    stages = _scenes(block, lang) if block else ()
    return say(lang, "agenda.console.story", title=stages[0].group) if stages else ""
