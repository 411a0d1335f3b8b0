"""The facilitator's console, and what its buttons do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

from kit import series
from kit.agenda.course import STAGED
from kit.closing import LIMIT, closing_words
from kit.days import tell_day
from kit.deciding import asks, decide, give, gives, look_over, shared_lines
from kit.errors import KitError
from kit.exercise import exercise
from kit.files import File
from kit.results import go_again, is_of_another_form, is_off, may_go_again, reveal, take_off, told_to_host
from kit.serving.inside.conducting import Conducting
from kit.serving.inside.done import Done, done_words
from kit.serving.inside.together import asks_ready, room_place, together, where
from kit.serving.inside.undoing import stands
from kit.serving.inside.wall import OnTheWall, staged
from kit.serving.inside.watching import Watching
from kit.serving.network import join_qr, qr_svg, scanned_from
from kit.session import EXPECTED_MOST, Plan, Reason, Session, State
from kit.shared import SHOW, STRIKE
from kit.store import Store
from kit.store.hosts import Opens
from kit.store.sessions import Counts
from kit.summaries import TOLD_LEVEL
from kit.summary import Paragraph, Summary
from kit.texts import say, section
from kit.views.agenda import AgendaWish
from kit.views.console import Console
from kit.views.desk import (
    ConsoleExercise,
    ConsolePage,
    Door,
    GroupList,
    LinkLine,
    NewLink,
    Stages,
    TextLine,
)
from kit.views.html import render
from kit.views.support import care

# On the wall, in heights of its picture (desk.css): the sides of the two QR codes, and the capitals of the smallest
# letters. Letters are read from about 200 times their height; the picture of a projector is taken to be so many metres
# high.
QR_LARGE, QR_SMALL, LETTERS = 0.62, 0.14, 0.7 / 30
LETTERS_AWAY, PICTURE = 200, 1.5
# The links that a console makes.
LINKS = (Opens.SECOND, Opens.WALL)
# What the console says once a shared text was shown, struck out or put back.
NOW = {SHOW: "shown", STRIKE: "struck", "": "back"}


def console_page(store: Store, told: Mapping[str, str]) -> FacilitatorPage:
    """The console of this `session`, in this `lang`; `address` is where people reach the server.

    `reached` is empty when phones cannot be expected to get there; `right` is what the key may do that opened it.
    """
    leads = told.get("right") == Opens.LEAD
    made = FacilitatorPage(store, told["session"], told["address"], told["lang"], bool(told["reached"]), leads)
    made.here(int(told.get("here", 0)), {})
    if told.get("rush"):
        made.rushed(True)
    return made


class FacilitatorPage(Watching):
    """The console and what its buttons do (a `Facilitator`)."""

    def __init__(
        self, store: Store, session_id: str, address: str, lang: str, reached: bool = True, leads: bool = True
    ) -> None:
        self.leads = leads
        self.agenda, self._wall = Conducting(store, session_id), OnTheWall(store)
        self._done = Done(store)
        super().__init__(store, session_id, address, lang, reached)
        self._tick = store.sessions.tick(session_id)
        self.rush = False
        self.widget = self.console = Console(page=self.page(), desk=self, styled=False)

    def draw(self) -> None:
        """Show the session as it stands."""
        self.console.set_page(self.page())
        tick = self.store.sessions.tick(self.session_id)
        if tick != self._tick:
            self._tick = tick
            self.console.look_again()

    def rushed(self, now: bool) -> None:
        """More people than expected come in a short time, or (with False) no longer."""
        self.rush = now
        # While the store is away, the next look shows it.
        with suppress(KitError):
            self.draw()

    def lock(self, locked: bool) -> str:
        """Let nobody new in, or everybody again."""
        self.store.sessions.lock(self.session_id, locked)
        return say(self.lang, "console.door_locked" if locked else "console.door_open")

    def expect(self, people: int) -> str:
        """Say how many people are expected."""
        self.store.sessions.expect(self.session_id, people)
        return say(self.lang, "console.expected_noted", n=people)

    def set_lang(self, lang: str) -> None:
        """This console in another language; the other trainer's and the wall keep theirs."""
        self._lang = lang

    def open(self, slug: str) -> None:
        """Let answers in."""
        with self.agenda.undoable(slug, "open"):
            self.store.sessions.set_state(self.session_id, slug, State.OPEN)

    def close(self, slug: str) -> None:
        """Let no more answers in."""
        with self.agenda.undoable(slug):
            self.store.sessions.set_state(self.session_id, slug, State.CLOSED)

    def reveal(self, slug: str) -> str:
        """Freeze the result and say whether anything in it is new."""
        first = slug not in self.store.snapshots.slugs(self.session_id)
        made = reveal(self.store, self._session(), slug)
        self.agenda.done(slug, self._deed("reveal", slug))
        if made.release.people == 0:
            return say(self.lang, "console.revealed_few", k=made.release.k)
        if self._hides_vote(slug):
            return say(self.lang, "console.vote_hidden")
        said = say(self.lang, "console.revealed_now" if made.news or first else "console.revealed_same")
        waits = any(one["state"] == "waiting" for one in self.texts(slug))
        return f"{said} {say(self.lang, 'console.texts_look')}" if waits else said

    def again(self, slug: str) -> str:
        """Open an exercise for a second round; what was shown of the first one stays, to stand beside it."""
        was = stands(self.store, self.session_id, slug)
        if not go_again(self.store, self._session(), slug):
            return say(self.lang, "console.again_not")
        self.agenda.again(slug, was)
        return say(self.lang, "console.again_open")

    def show(self, slug: str) -> str:
        """Put a revealed result on the room screen, at the vote that is on, or (with "") take it off.

        Where a vote is on of which nothing is told, the wall stays at its scene, and the facilitator hears why.
        """
        session = self._session()
        vote = self._wall.vote(session, slug, session.wall_lang) if slug else None
        if self._hides_vote(slug):
            self.agenda.done(slug, self._deed("show", slug))
            return say(self.lang, "console.vote_hidden")
        with self.agenda.undoable(slug, self._deed("show", slug)):
            self.store.sessions.show(self.session_id, slug or None, vote or 0)
        return ""

    def _hides_vote(self, slug: str) -> bool:
        """Whether the room votes at a place of this exercise, and nothing of the vote is told."""
        session = self.session
        plan = staged(session)
        if plan is None or plan.slug != slug or not exercise(slug).vote_at(plan.stage):
            return False
        return self._wall.vote(session, slug, session.wall_lang) is None

    def _deed(self, deed: str, slug: str) -> str:
        """What the agenda notes: while the room plays a story together, for the scene alone."""
        plan = self.session.plan(slug)
        return f"{deed}/{plan.stage}" if plan and together(plan) else deed

    def looks(self, looks: tuple[str, ...], lang: str = "") -> None:
        """Say how the room screen looks, and (unless it is "") which language it speaks."""
        self.store.sessions.set_wall(self.session_id, looks, lang)

    def slide(self, slide: int) -> None:
        """Bring the wall to a slide of the result that it shows."""
        session = self._session()
        self._wall.turn(session, slide, session.wall_lang)

    def take_off(self, slug: str, off: bool) -> str:
        """Take a result off every screen but this one, or put it back."""
        with self.agenda.undoable(slug):
            if off and self.store.sessions.showing(self.session_id) == slug:
                self.store.sessions.show(self.session_id, None)
            if not take_off(self.store, self._session(), slug, off):
                return ""
        return say(self.lang, "console.taken_off" if off else "console.put_back_done")

    def conduct(self, wish: AgendaWish) -> str:
        """Change where the room is in its agenda."""
        return self.agenda.conduct(wish, self.lang)

    def foresee(self, slug: str) -> Sequence[str]:
        """What a reveal would and would not show now."""
        return self.agenda.foresee(self._session(), slug, self.lang)

    def conclude(self, decided: str, asks: str) -> str:
        """Keep what the room decided and asks of its partners, once both were looked through."""
        self.store.sessions.conclude(self.session_id, closing_words(decided), closing_words(asks))
        return say(self.lang, "console.closing_noted")

    def end(self) -> None:
        """End the workshop for everyone."""
        series.close(self.store, self.session_id)
        self.agenda.rest()

    def reopen(self) -> None:
        """Take the end back, on its own day."""
        self.store.sessions.reopen(self.session_id)

    def told(self, slug: str) -> str:
        """What was revealed, as HTML; of what cannot be read any more, as it was shown, and what to do."""
        shown = told_to_host(self.store, self.session, slug, self.lang)
        if not is_of_another_form(self.store, self.session, slug):
            return shown
        note = Summary(self.title_of(slug), (Paragraph(say(self.lang, "telling.other_form"), "note"),))
        return render(note, self.lang, TOLD_LEVEL) + shown

    def stage(self, slug: str, stage: str) -> None:
        """Bring the room to one place of an exercise, or (with "") let everyone go on at their own pace."""
        plan = self._session().plan(slug)
        onward = {one.id: dict(one.onward) for one in exercise(slug).stages(self.lang, plan.options)} if plan else {}
        if plan is None or stage not in ("", *onward):
            return
        way = (*plan.way, plan.stage)
        if stage in way:
            # Back on the way, as far as it had led there.
            way = way[: way.index(stage)]
        elif stage not in onward.get(plan.stage, {}):
            way = ()
        with self.agenda.undoable(slug, STAGED if stage else ""):
            self.store.sessions.set_stage(self.session_id, slug, stage, way)
            # The wall goes along: to the scene, from the result of the one before, or from another slide of it.
            if self.store.sessions.on_the_wall(self.session_id) != (None, 0):
                self.store.sessions.show(self.session_id, None)

    def list(self, slug: str) -> GroupList | None:
        """What there is to decide about a revealed list, and its files; None where there is no list."""
        files = gives(self.store, self.session, slug)
        if not files:
            return None
        words = exercise(slug).texts(self.lang).say
        return {
            "title": words("group_asks"), "lead": words("group_asks_lead"),
            "filesTitle": words("group_files"), "filesLead": words("group_files_lead"),
            "asks": [
                {"id": one.id, "told": one.told, "choices": one.choices, "chosen": one.chosen}
                for one in asks(self.store, self.session, slug, self.lang)
            ],
            "gives": [{"id": one, "label": words(f"group_{one}")} for one in files],
        }  # fmt: skip

    def decide(self, slug: str, ask: str, choice: str) -> str:
        """Keep a decision, or (with "") take it back, and say what is left."""
        if not decide(self.store, self._session(), slug, ask, choice):
            return say(self.lang, "console.not_asked")
        found = asks(self.store, self.session, slug, self.lang)
        left = sum(not one.chosen for one in found)
        labels = {id: label for one in found for id, label in one.choices}
        if not choice:
            return say(self.lang, "console.asked_again", n=left)
        return say(self.lang, "console.noted", choice=labels.get(choice, ""), n=left)

    def give(self, slug: str, what: str) -> File:
        """A file of a revealed list."""
        return give(self.store, self._session(), slug, what, self.lang)

    def texts(self, slug: str) -> Sequence[TextLine]:
        """The shared texts of a result, which nobody else sees before they were looked at."""
        found = shared_lines(self.store, self.session, slug, self.lang)
        return [{"id": one.id, "told": one.told, "state": one.state} for one in found]

    def text(self, slug: str, text: str, choice: str) -> str:
        """Show a text (with "", each one that waits), strike it out or (with "") put it back; say what became of it."""
        if not look_over(self.store, self._session(), slug, text, choice):
            return say(self.lang, "console.texts_gone")
        return say(self.lang, f"console.texts_now_{NOW[choice]}")

    def new_link(self, kind: str) -> NewLink | None:
        """A link for a second trainer or for the wall; its key is shown this once."""
        if not self.leads or kind not in LINKS:
            return None
        key = self.store.hosts.add(self.session_id, Opens(kind))
        link = f"{self.way.address}/host#{self.session_id}.{key}"
        return {"link": link, "qr": qr_svg(link, say(self.lang, f"console.link_qr_{kind}"))}

    def end_link(self, kind: str, number: int) -> str:
        """End one of them."""
        if not self.leads or kind not in LINKS:
            return ""
        self.store.hosts.end(self.session_id, Opens(kind), number)
        return say(self.lang, "console.link_ended")

    def _session(self) -> Session:
        self.session = self.store.sessions.get(self.session_id)
        return self.session

    def page(self) -> ConsolePage:
        """The workshop as it stands."""
        session, counts = self._session(), self.store.sessions.counts(self.session_id)
        showing, slide = self.store.sessions.on_the_wall(self.session_id)
        on_it = showing or (plan.slug if (plan := staged(session)) else "")
        slides, first = self._wall.count(session, showing, session.wall_lang) if on_it else (0, 0)
        shown = self.store.snapshots.slugs(self.session_id)
        at = asks_ready(session, room_place(session, where(self.store, session)))
        lines: list[ConsoleExercise] = [
            {
                **self._stages(plan),
                "slug": plan.slug,
                "title": self.title_of(plan.slug),
                "state": (State.CLOSED if session.closed else plan.state).value,
                "answered": counts.answered[plan.slug],
                "done": self._done_told(session, plan, counts, at),
                "revealed": plan.slug in shown,
                "round": plan.round,
                "again": plan.slug in shown and may_go_again(session, plan.slug),
                "once": say(self.lang, f"console.once_{why}") if (why := exercise(plan.slug).structure.once) else "",
                "off": plan.slug in shown and is_off(self.store, session, plan.slug),
                "showing": showing == plan.slug,
                "slide": slide if on_it == plan.slug else 0,
                "slides": slides if on_it == plan.slug else 0,
                "first": first if on_it == plan.slug else 0,
            }
            for plan in session.plans
        ]
        return {
            "lang": self.lang, "title": session.title, "code": session.code, "room": session.room, "link": self.link,
            "qr": join_qr(self.link, say(self.lang, "console.qr")), "here": self._here, "joined": counts.joined,
            "mode": session.mode.value, "k": session.k, "closed": session.closed, "exercises": lines,
            "notice": self.notice("moved"),
            "leads": self.leads, "links": self._links(), "reopens": session.closed_on == date.today(),
            "looks": session.wall, "wall_lang": session.wall_lang, "reads": self._reads(), "region": care(self.lang),
            "door": self._door(session, counts.again),
            "agenda": self.agenda.head(session, shown, self.lang),
            "keeps": self._keeps(session), "practice": self.practice,
            "closing": {"decided": session.decided, "asks": session.asks, "limit": LIMIT},
        }  # fmt: skip

    def _done_told(self, session: Session, plan: Plan, counts: Counts, place: str) -> str:
        """How many have gone through all of an exercise, in its own words where it has some, once anybody has begun and
        where that can be said; and how many say that they are done, where the room is."""
        done = self._done.count(session, plan, counts.answered[plan.slug])
        answered = done is not None and counts.answered[plan.slug]
        told = [done_words(plan.slug, "done_count", self.lang, n=done)] if answered else []
        if place.partition("/")[0] == plan.slug and (ready := self._ready.get(place)):
            told.append(say(self.lang, "console.ready_count", n=ready))
        return " · ".join(told)

    def _keeps(self, session: Session) -> str:
        """When answers go, in words; empty where they are gone, or nothing was agreed."""
        if (day := session.answers_go_on) is None:
            return ""
        if session.closed:
            return say(self.lang, "console.keeps_until", day=tell_day(day, self.lang))
        return say(self.lang, "console.keeps_days", days=session.keep_days)

    def _reads(self) -> str:
        """From how far the wall is read: its two codes, and its smallest letters."""
        far, near = (scanned_from(self.link, side * PICTURE) for side in (QR_LARGE, QR_SMALL))
        words = LETTERS * PICTURE * LETTERS_AWAY
        return say(self.lang, "console.wall_reads", far=round(far), near=round(near), words=round(words))

    def _links(self) -> Sequence[LinkLine]:
        found = self.store.hosts.links(self.session_id) if self.leads else []
        return [{"kind": one.kind.value, "number": one.number, "opened": one.opened} for one in found]

    def _door(self, session: Session, again: Mapping[str, int]) -> Door:
        reasons = section(self.lang, "door.reasons")
        return {
            "locked": session.locked, "expected": session.expected, "most": EXPECTED_MOST, "rush": self.rush,
            "again": [(reasons[one.value], again[one.value]) for one in Reason if one.value in again],
        }  # fmt: skip

    def _stages(self, plan: Plan) -> Stages:
        """Where the room can be brought while an exercise is open, and where it is."""
        open_ = plan.state is State.OPEN and not self.session.closed
        stages = exercise(plan.slug).stages(self.lang, plan.options) if open_ else ()
        groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for one in stages:
            groups.setdefault((one.group, one.care), []).append((one.id, one.label))
        now = next((one for one in stages if one.id == plan.stage), None)
        back = next((one for one in stages if plan.way and one.id == plan.way[-1]), None)
        return {
            "stages": [
                {"title": title, "care": care_of, "stages": members} for (title, care_of), members in groups.items()
            ],
            "stage": {
                "id": now.id,
                "label": f"{now.group} – {now.label}",
                "onward": now.onward,
                "back": (back.id, back.label) if back else None,
            }
            if now
            else None,
        }
