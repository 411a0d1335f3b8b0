"""How an agenda runs in one workshop: which block is on, until when, and what the trainer has changed.

Every change is a function from one course to the next, so that it can be undone. Times are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from kit.agenda.model import AgendaStructure, Block
from kit.agenda.slots import KINDS, Slot, block_at

# So many changes can be undone.
KEPT: Final = 20
MOST_SLOTS: Final = 60
LONGEST_TITLE: Final = 80
# What is done in a block with an exercise, one after the other.
DEEDS: Final = ("open", "look", "reveal", "show")
# The room was brought to a scene of the block's story.
STAGED: Final = "stage"
# Stands among what was done once the second round has begun.
AGAIN: Final = "again"


@dataclass(frozen=True)
class Course:
    """Where a workshop is.

    now      the block that is on; empty before the beginning
    until    when its time is over; 0 while the clock stands
    left     seconds that were left when the clock was stopped; below 0 they are over
    done     what was done with its exercise (of `DEEDS`, and `AGAIN`)
    number   grows with every change
    earlier  what undoing leads back to, the latest last
    notes    what the trainers wrote down, by block; undoing leaves them alone
    """

    slots: tuple[Slot, ...]
    now: str = ""
    until: int = 0
    left: int = 0
    done: tuple[str, ...] = ()
    number: int = 0
    earlier: tuple[Mapping[str, Any], ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    def slot(self, block: str) -> Slot | None:
        """One block's place, or None."""
        return next((one for one in self.slots if one.id == block), None)

    @property
    def next(self) -> Slot | None:
        """What comes after the block that is on, without what is skipped; None at the end."""
        ids = [one.id for one in self.slots]
        after = ids.index(self.now) + 1 if self.now in ids else 0
        return next((one for one in self.slots[after:] if not one.skipped), None)

    @property
    def paused(self) -> bool:
        """Whether a block is on and its clock stands."""
        return bool(self.now) and not self.until


Change = Callable[[Course], Course]


def beginning(agenda: AgendaStructure) -> Course:
    """Before the first block."""
    return Course(tuple(Slot(block.id, block.minutes) for block in agenda.blocks))


def go(course: Course, block: str, clock: int) -> Course:
    """Be at a block, with all its minutes; to be there already changes nothing."""
    slot = course.slot(block)
    if slot is None or block == course.now:
        return course
    slots = _with(course, replace(slot, skipped=False))
    return _changed(course, slots=slots, now=block, until=clock + 60 * slot.minutes, left=0, done=())


def stop_clock(course: Course, clock: int) -> Course:
    """Let the clock stand."""
    return _changed(course, until=0, left=course.until - clock) if course.until else course


def run_clock(course: Course, clock: int) -> Course:
    """Let it run again."""
    return _changed(course, until=clock + course.left, left=0) if course.paused else course


def lengthen(course: Course, block: str, minutes: int) -> Course:
    """Give a block so many minutes; if it is on, its clock moves with it."""
    slot = course.slot(block)
    if slot is None or slot.minutes == minutes or not 1 <= minutes <= 600:
        return course
    more = 60 * (minutes - slot.minutes)
    slots = _with(course, replace(slot, minutes=minutes))
    if block != course.now:
        return _changed(course, slots=slots)
    moved = {"until": course.until + more} if course.until else {"left": course.left + more}
    return _changed(course, slots=slots, **moved)


def skip(course: Course, block: str, skipped: bool) -> Course:
    """Leave a block out, or put it back; the one that is on stays."""
    slot = course.slot(block)
    if slot is None or slot.skipped == skipped or block == course.now:
        return course
    return _changed(course, slots=_with(course, replace(slot, skipped=skipped)))


def move(course: Course, block: str, place: int) -> Course:
    """Put a block at this place, counted from 0."""
    slot = course.slot(block)
    if slot is None or not 0 <= place < len(course.slots):
        return course
    others = [one for one in course.slots if one.id != block]
    others.insert(place, slot)
    return _changed(course, slots=tuple(others)) if tuple(others) != course.slots else course


def add(course: Course, kind: str, title: str, minutes: int, exercise: str = "", story: str = "") -> Course:
    """Add a block of the trainer's own after the one that is on: a break, a talk, an `exercise` or a `story` of it."""
    fits = kind in KINDS and bool(exercise) == (kind == "exercise") and 1 <= minutes <= 600
    if not fits or len(course.slots) >= MOST_SLOTS:
        return course
    taken = {one.id for one in course.slots}
    name = next(f"own_{n}" for n in range(1, MOST_SLOTS + 1) if f"own_{n}" not in taken)
    ids = [one.id for one in course.slots]
    # Before the beginning there is no such block: then it comes before the last one, the closing.
    at = ids.index(course.now) + 1 if course.now in ids else max(len(ids) - 1, 0)
    new = Slot(name, minutes, kind=kind, title=title.strip()[:LONGEST_TITLE], exercise=exercise, story=story)
    return _changed(course, slots=(*course.slots[:at], new, *course.slots[at:]))


def begin_again(course: Course) -> Course:
    """Be where the exercise of the block that is on has just been opened, for its second round."""
    return _changed(course, done=("open", AGAIN)) if course.now else course


def did(course: Course, deed: str, was: Mapping[str, Any]) -> Course:
    """Note that something was done with an exercise, as one more change that can be undone (see `remember`).

    `deed` is what stands among `done` from now on; empty where it is not the exercise of the block that is on.
    """
    done = course.done if not deed or deed in course.done else (*course.done, deed)
    return remember(_changed(course, done=done), was)


def remember(course: Course, was: Mapping[str, Any]) -> Course:
    """Keep beside the last change how things stood before it that are no part of the course (see `stood`)."""
    if not course.earlier:
        return course
    *others, last = course.earlier
    return replace(course, earlier=(*others, {**last, "was": dict(was)}))


def stood(course: Course) -> Mapping[str, Any]:
    """What `remember` kept beside the last change; undoing it puts that back, too."""
    return dict(course.earlier[-1].get("was", {})) if course.earlier else {}


def last_change(course: Course) -> tuple[str, str]:
    """What undoing would take back: "go", "add", "move", "minutes", "skip", "back", "run", "stop" or `AGAIN`.

    And which block, empty where it is about none; both are where nothing of it is seen here (see `stood`).
    """
    if not course.earlier:
        return "", ""
    before = _course(course.earlier[-1])
    ids, were = [one.id for one in course.slots], [one.id for one in before.slots]
    if course.now != before.now:
        return "go", course.now
    if new := next((one for one in ids if one not in were), ""):
        return "add", new
    if ids != were:
        return "move", ""
    for was, now in zip(before.slots, course.slots, strict=True):
        if was.minutes != now.minutes:
            return "minutes", now.id
        if was.skipped != now.skipped:
            return "skip" if now.skipped else "back", now.id
    if bool(course.until) != bool(before.until):
        return "run" if course.until else "stop", ""
    return (AGAIN if AGAIN in course.done and AGAIN not in before.done else ""), ""


def note(course: Course, block: str, text: str) -> Course:
    """Keep what a trainer wrote down about a block (nothing: what was there goes)."""
    if course.slot(block) is None or course.notes.get(block, "") == text:
        return course
    notes = {one: told for one, told in {**course.notes, block: text}.items() if told}
    return replace(course, notes=notes, number=course.number + 1)


def mark(course: Course, deed: str) -> Course:
    """Note that something was done with the block's exercise; what was done is not undone here."""
    if deed in course.done:
        return course
    return replace(course, done=(*course.done, deed), number=course.number + 1)


def undo(course: Course) -> Course:
    """Be where one was before the last change."""
    if not course.earlier:
        return course
    before = _course(course.earlier[-1])
    return replace(before, earlier=course.earlier[:-1], number=course.number + 1, notes=course.notes)


def asked(agenda: AgendaStructure, course: Course) -> Block | None:
    """The block that is on; None before the beginning, and in a break or a talk that was added."""
    slot = course.slot(course.now)
    return block_at(agenda, slot) if slot else None


def course_to_json(course: Course) -> dict[str, Any]:
    """For the store."""
    return asdict(course)


def course_from_json(kept: Mapping[str, Any]) -> Course:
    """The course that `course_to_json` was made of."""
    return replace(_course(kept), earlier=tuple(kept.get("earlier", ())), notes=dict(kept.get("notes", {})))


def _with(course: Course, slot: Slot) -> tuple[Slot, ...]:
    return tuple(slot if one.id == slot.id else one for one in course.slots)


def _changed(course: Course, **to: Any) -> Course:
    """The next course, which remembers this one."""
    now = asdict(replace(course, earlier=(), notes={}))
    earlier = (*course.earlier, now)[-KEPT:]
    return replace(course, **to, earlier=earlier, number=course.number + 1)


def _course(kept: Mapping[str, Any]) -> Course:
    slots = tuple(Slot(**one) for one in kept["slots"])
    plain = {name: kept[name] for name in ("now", "until", "left", "number")}
    return Course(slots, **plain, done=tuple(kept["done"]))
