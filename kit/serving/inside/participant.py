"""A participant's page: the store on one side, views on the other, callbacks between them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from functools import partial

from kit.errors import KitError, SessionClosed, StaleAnswer
from kit.exercise import exercise
from kit.results import erase
from kit.serving.inside.standing import Standing, standing
from kit.serving.inside.together import Ticking, block_title, phones_show
from kit.serving.inside.widgets import Stack, forget
from kit.session import Participant, Plan, Session, State, Value, card_words, fingerprint
from kit.store import Store
from kit.texts import card_list, say
from kit.views.form import FormView, Save
from kit.views.of import view_of
from kit.views.room import RoomExercise, RoomNow, RoomPage, Shell
from kit.views.scripts import BASE


def participant_page(store: Store, told: Mapping[str, str]) -> ParticipantPage:
    """The page of the participant with this `seat`, in this `lang`."""
    person = store.seats.get(told["seat"])
    return ParticipantPage(store, person, told["lang"])


def _tell_nobody(_place: str) -> None:
    """Until the page is held by somebody who counts."""


class ParticipantPage:
    """One participant's whole workshop: the shell, and one form for each exercise that they have seen."""

    every_answer = False

    def __init__(self, store: Store, person: Participant, lang: str) -> None:
        self.store, self.person, self.lang = store, person, lang
        self.session_id = person.session_id
        self._standing, self._ticking = standing(store, person.session_id), Ticking()
        self.forms: dict[str, FormView] = {}
        self.erased = False
        # Where this person has said that they are done; the server counts, and nothing of it is kept.
        self._ready = ""
        self.on_ready: Callable[[str], None] = _tell_nobody
        first = next((plan.slug for plan in self.session.plans if plan.state is State.OPEN), "")
        # Whoever comes late lands where the room is.
        self.current = self._standing.place or first
        self.room = Shell(
            page=self._page(), on_lang=self.set_lang, on_choose=self.choose, on_erase=self.erase,
            on_ready=self.be_ready, styled=False
        )
        self.widget = Stack([self.room])
        if self.current:
            self._show(self.current)
            self.room.set_page(self._page())

    @property
    def session(self) -> Session:
        """The workshop as this page shows it."""
        return self._standing.session

    async def set_lang(self, lang: str) -> None:
        """Everything in the other language; the seat remembers it."""
        self.lang = lang
        await self.room.aside(partial(self.store.seats.set_lang, self.person.id, lang))
        for slug, form in self.forms.items():
            form.set_lang(lang)
            self._show_group(slug)
        self.room.set_page(self._page())

    def choose(self, slug: str) -> None:
        """Bring an exercise onto the page; its widget is made when it is first seen."""
        self.current = slug
        self._show(slug)
        self.room.set_page(self._page())

    async def erase(self) -> None:
        """Remove the answers and the seat at once."""
        await self.room.aside(partial(erase, self.store, self.person))
        self.current, self.erased = "", True
        self.on_ready("")
        self.widget.children = (self.room,)
        for form in self.forms.values():
            forget(form)
        self.forms.clear()
        self.room.set_page(self._page())

    def be_ready(self, on: bool) -> None:
        """This person says that they are done at the place where the room is, or that they are not."""
        self._ready = self._standing.asks if on else ""
        self.on_ready(self._ready)
        self.room.set_page(self._page())

    def look(self) -> None:
        """Has the facilitator opened, closed or revealed something? Cheap when nothing has."""
        before, now = self._standing, standing(self.store, self.session_id)
        if now.tick == before.tick:
            return
        try:
            self._catch_up(now)
        except KitError:
            # What is new is still new at the next look.
            self._standing = before
            raise

    def _catch_up(self, now: Standing) -> None:
        before, self._standing = self.session, now
        session, place = now.session, now.place
        opened = [
            plan.slug
            for plan in session.plans
            if plan.state is State.OPEN and ((was := before.plan(plan.slug)) is None or was.state is not State.OPEN)
        ]
        staged = [plan.slug for plan in session.plans if plan.stage and plan != before.plan(plan.slug)]
        self._fit_forms(before, session)
        for slug, form in self.forms.items():
            form.set_open(self._is_open(slug))
            form.set_stage(self._stage(slug))
            self._show_group(slug)
        if self.erased:
            staged = opened = []
        if staged and staged[0] != self.current and self._is_open(staged[0]):
            # The room is together: somebody who was elsewhere comes along.
            self.choose(staged[0])
        if (place or opened) and not self.current and not self.erased:
            self.choose(place or opened[0])
        self.room.set_page(self._page())
        # Once the page says that it is open: then a form that begins anew asks whoever is busy in it.
        for slug, form in self.forms.items():
            form.round = self._plan(slug).round
        again = [plan for plan in session.plans if (was := before.plan(plan.slug)) and was.round != plan.round]
        if session.closed != before.closed and not self.erased:
            # Nothing is left of somebody who erased all: nobody says to them that it is.
            self.room.say(SessionClosed().tell(self.lang) if session.closed else say(self.lang, "room.reopened"))
        elif again and not self.erased:
            titles = ", ".join(exercise(plan.slug).texts(self.lang).title for plan in again)
            self.room.say(say(self.lang, "room.now_again", titles=titles))
        elif opened := [slug for slug in opened if slug not in (place, self.current)]:
            titles = ", ".join(exercise(slug).texts(self.lang).title for slug in opened)
            self.room.say(say(self.lang, "room.now_open", titles=titles))

    def _fit_forms(self, before: Session, now: Session) -> None:
        """A story that was added is asked too; what was added and taken back again goes."""
        for slug in list(self.forms):
            was, plan = before.plan(slug), now.plan(slug)
            if plan is None:
                forget(self.forms.pop(slug))
                if slug == self.current:
                    self.current, self.widget.children = "", (self.room,)
            elif was is not None and was.options != plan.options:
                self.forms[slug].ask_for(plan.options)

    def _show(self, slug: str) -> None:
        if slug not in self.forms:
            plan = self._plan(slug)
            model = exercise(slug)
            self.forms[slug] = view_of(model)(
                model=model,
                lang=self.lang,
                options=plan.options,
                answers=self.store.answers.of(self.person.id, slug),
                save=self._saver(slug),
                is_open=self._is_open(slug),
                styled=False,
                renewed=plan.renewed,
                round_=plan.round,
                elsewhere=self._elsewhere,
                seed=fingerprint(f"{self.session.secret}/{self.person.id}"),
            )
        self.forms[slug].set_stage(self._stage(slug))
        self._show_group(slug)
        self.widget.children = (self.room, self.forms[slug])

    def _elsewhere(self, slug: str) -> Mapping[str, Value]:
        """This person's answers in another exercise of the workshop."""
        return {item: one.value for item, one in self.store.answers.of(self.person.id, slug).items()}

    def _saver(self, slug: str) -> Save:
        async def save(item: str, value: Value | None, revision: int) -> int:
            # The page names the revision that it has changed; the same change sent twice is one revision.
            try:
                return await self._save(slug, item, value, revision + 1)
            except StaleAnswer as stale:
                # A new page is not told what was taken back before it came, so it counts from the start.
                kept = stale.details["revision"]
                if stale.details["value"] is not None or not isinstance(kept, int):
                    raise
                return await self._save(slug, item, value, kept + 1)

        return save

    async def _save(self, slug: str, item: str, value: Value | None, revision: int) -> int:
        return await asyncio.wrap_future(self.store.answers.save_soon(self.person.id, slug, item, value, revision))

    def _show_group(self, slug: str) -> None:
        """What was revealed to the room, as the facilitator's page has told it."""
        shown = standing(self.store, self.session_id).told(slug, self.lang)
        if self.forms[slug].group != shown:
            self.forms[slug].tell_group(shown)

    def _page(self) -> RoomPage:
        page: RoomPage = {
            "lang": self.lang,
            "title": self.session.title,
            "mode": "attributed" if self.session.mode.value == "attributed" else "anonymous",
            "exit_url": os.environ.get(BASE, "") + "/exit",
            "neutral_url": os.environ.get(BASE, "") + "/quiet",
        }
        if self.session.practice:
            page["practice"] = say(self.lang, f"door.practice.{self.session.practice}")
        if self.session.keep_days:
            page["days"] = self.session.keep_days
        if self.person.partner:
            page["partner"] = self.person.partner
        if self.session.closed:
            page["over"] = True
        if self.erased:
            page["gone"] = True
            if not self.session.closed:
                page["join"] = f"{os.environ.get(BASE, '')}/j/{self.session.code}"
        else:
            words = card_list(self.lang)
            page["card"] = card_words(self.session.secret, self.person.id, words)
            page["exercises"] = [self._line(plan) for plan in self.session.plans]
            page["current"] = self.current
            page["now"] = self._now()
            page["pass_url"] = os.environ.get(BASE, "") + "/pass"
        return page

    def _now(self) -> RoomNow:
        """Where the room is; the page goes along by itself, and asks whoever is busy."""
        form = self.forms.get(self.current)
        found, asks = self._standing.found, self._standing.asks
        return {
            "title": block_title(found, self.lang),
            "block": found.course.now if found else "",
            "phones": phones_show(found),
            "place": self._standing.place,
            "clock": self._ticking.clock(found.course) if found else None,
            "result": bool(form and form.group),
            "ready": self._ready == asks if asks else None,
        }

    def _line(self, plan: Plan) -> RoomExercise:
        model = exercise(plan.slug)
        state = State.CLOSED if self.session.closed else plan.state
        return {"slug": plan.slug, "title": model.texts(self.lang).title, "state": state.value}

    def _is_open(self, slug: str) -> bool:
        return not self.session.closed and self._plan(slug).state is State.OPEN

    def _stage(self, slug: str) -> str:
        """Where the room is in an exercise; once it is closed, everyone looks where they like."""
        return self._plan(slug).stage if self._is_open(slug) else ""

    def _plan(self, slug: str) -> Plan:
        plan = self.session.plan(slug)
        assert plan is not None
        return plan
