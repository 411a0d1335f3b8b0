"""Where the room is, for a participant's page and for the wall."""

from __future__ import annotations

import time
from dataclasses import dataclass

from kit.agenda.course import Course
from kit.agenda.model import Phones
from kit.agenda.slots import slot_title
from kit.following import Followed, followed
from kit.session import Plan, Session, State
from kit.store import Store
from kit.texts import say
from kit.views.agenda import Clock


@dataclass
class Ticking:
    """A clock as it is told: anew only when something has changed, since a page counts on from there by itself."""

    number: int = -1
    sent: int = 0

    def clock(self, course: Course) -> Clock:
        """The clock of the block that is on."""
        if self.number != course.number:
            self.number, self.sent = course.number, int(time.time())
        return {"until": course.until, "left": course.left, "sent": self.sent}


def comes_in(session: Session, found: Followed | None) -> bool:
    """Whether people come in now: until something was opened, but not in a block in which the wall shows something else
    than the way in.
    """
    if any(plan.state is not State.WAITING for plan in session.plans):
        return False
    if found is None or not found.course.now:
        return True
    block = found.block
    return block is not None and block.wall == "join"


def room_place(session: Session, found: Followed | None) -> str:
    """The exercise at which the room is; empty while it is at none.

    With an agenda, that of its block, once it was opened; without one, the only exercise that is open.
    """
    if session.closed:
        return ""
    if found is None:
        open_ = [plan.slug for plan in session.plans if plan.state is State.OPEN]
        return open_[0] if len(open_) == 1 else ""
    block = found.block
    plan = session.plan(block.exercise) if block and block.exercise else None
    return plan.slug if plan and plan.state is not State.WAITING else ""


def phones_show(found: Followed | None) -> Phones | None:
    """What phones show in the block that is on; None before the beginning, and without an agenda.

    In a break or a talk that was added, phones are put away.
    """
    if found is None or not found.course.now:
        return None
    block = found.block
    return block.phones if block else "away"


def asks_ready(session: Session, place: str) -> str:
    """What people can say that they are done with, where the room is: an exercise, its round, its scene; empty where
    nothing is asked.

    It is a word to the room, and no answer: who skips may be done, who has answered may not.
    """
    plan = session.plan(place)
    return f"{plan.slug}/{plan.round}/{plan.stage}" if plan and plan.state is State.OPEN else ""


def block_title(found: Followed | None, lang: str) -> str:
    """What the block that is on is called; empty before the beginning, and without an agenda."""
    slot = found.course.slot(found.course.now) if found else None
    return slot_title(found.agenda, slot, lang) if found and slot else ""


def phase(course: Course, plan: Plan) -> str:
    """How far the room is in the exercise of a block: the id of its step."""
    if together(plan):
        return "together"
    if plan.state is State.OPEN:
        return "answer" if plan.round == 1 else "again"
    if "open" not in course.done:
        return "explain"
    return "talk" if "show" in course.done else "picture"


def together(plan: Plan) -> bool:
    """Whether the room is at one place of an exercise."""
    return bool(plan.stage) and plan.state is State.OPEN


def step_of(found: Followed | None, session: Session, lang: str) -> str:
    """The step that is on in the exercise of this block; empty where there is none."""
    block = found.block if found else None
    plan = session.plan(block.exercise) if block and block.exercise else None
    if found is None or plan is None:
        return ""
    return say(lang, f"agenda.console.step_{phase(found.course, plan)}")


def where(store: Store, session: Session) -> Followed | None:
    """The agenda that a workshop follows, while it runs."""
    return None if session.closed else followed(store, session.id)
