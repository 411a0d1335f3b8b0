"""The facilitator's pages in their kernels: console and room screen."""

from __future__ import annotations

import os

from IPython.display import display

from kit.exercise import exercise
from kit.results import reveal, revealed, told
from kit.serving.network import qr_svg
from kit.serving.pages import LOOK_SECONDS, every, lock_the_door
from kit.session import Session, State
from kit.store import Store
from kit.texts import say
from kit.views.console import Console, ConsoleExercise, ConsolePage, Desk
from kit.views.screen import Screen, ScreenPage


def console_page() -> None:
    """Show the console of the session whose facilitator this kernel was started for."""
    lock_the_door()
    page = FacilitatorPage(Store.open(), os.environ["KIT_SESSION"], os.environ["KIT_ADDRESS"], os.environ["KIT_LANG"])
    display(page.console)
    every(LOOK_SECONDS, page.look)


def screen_page() -> None:
    """Show the room screen of the same session."""
    lock_the_door()
    page = RoomScreen(Store.open(), os.environ["KIT_SESSION"], os.environ["KIT_ADDRESS"], os.environ["KIT_LANG"])
    display(page.screen)
    every(LOOK_SECONDS, page.look)


class _Watching:
    """A session, looked at again when the store has changed."""

    def __init__(self, store: Store, session_id: str, address: str, lang: str) -> None:
        self.store, self.session_id, self.lang = store, session_id, lang
        self.session = store.sessions.get(session_id)
        self.link = f"{address}/j/{self.session.code}"
        self.seen = store.changed()

    def look(self) -> None:
        """Draw anew if anything was written."""
        seen = self.store.changed()
        if seen != self.seen:
            self.draw()
            self.seen = seen

    def draw(self) -> None:
        """Show the session as it stands."""
        raise NotImplementedError

    def title_of(self, slug: str) -> str:
        """An exercise's title in this page's language."""
        return exercise(slug).texts(self.lang).title


class FacilitatorPage(_Watching):
    """The console and what its buttons do."""

    def __init__(self, store: Store, session_id: str, address: str, lang: str) -> None:
        super().__init__(store, session_id, address, lang)
        desk = Desk(self.set_lang, self.open, self.close, self.reveal, self.show, self.end, self.told)
        self.console = Console(page=self._page(), desk=desk, styled=False)

    def draw(self) -> None:
        """Show the session as it stands."""
        self.console.set_page(self._page())

    def set_lang(self, lang: str) -> None:
        """The console in the other language."""
        self.lang = lang
        self.draw()

    def open(self, slug: str) -> None:
        """Let answers in."""
        self.store.sessions.set_state(self.session_id, slug, State.OPEN)
        self.draw()

    def close(self, slug: str) -> None:
        """Let no more answers in."""
        self.store.sessions.set_state(self.session_id, slug, State.CLOSED)
        self.draw()

    def reveal(self, slug: str) -> str:
        """Freeze the result and say whether anything in it is new."""
        first = revealed(self.store, self._session(), slug) is None
        made = reveal(self.store, self._session(), slug)
        self.draw()
        if made.release.people == 0:
            return say(self.lang, "console.revealed_few", k=made.release.k)
        return say(self.lang, "console.revealed_now" if made.news or first else "console.revealed_same")

    def show(self, slug: str) -> None:
        """Put a revealed result on the room screen, or (with "") take it off."""
        self.store.sessions.show(self.session_id, slug or None)
        self.draw()

    def end(self) -> None:
        """End the workshop for everyone."""
        self.store.sessions.close(self.session_id)
        self.draw()

    def told(self, slug: str) -> str:
        """What was revealed, as HTML."""
        return told(self.store, self.session, slug, self.lang)

    def _session(self) -> Session:
        self.session = self.store.sessions.get(self.session_id)
        return self.session

    def _page(self) -> ConsolePage:
        session, counts = self._session(), self.store.sessions.counts(self.session_id)
        showing = self.store.sessions.showing(self.session_id)
        lines: list[ConsoleExercise] = [
            {
                "slug": plan.slug,
                "title": self.title_of(plan.slug),
                "state": (State.CLOSED if session.closed else plan.state).value,
                "answered": counts.answered[plan.slug],
                "revealed": revealed(self.store, session, plan.slug) is not None,
                "showing": showing == plan.slug,
            }
            for plan in session.plans
        ]
        return {
            "lang": self.lang, "title": session.title, "code": session.code, "link": self.link,
            "qr": qr_svg(self.link, say(self.lang, "console.qr")), "joined": counts.joined, "mode": session.mode.value,
            "k": session.k, "closed": session.closed, "exercises": lines,
        }  # fmt: skip


class RoomScreen(_Watching):
    """What the room sees on the wall."""

    def __init__(self, store: Store, session_id: str, address: str, lang: str) -> None:
        super().__init__(store, session_id, address, lang)
        self.screen = Screen(page=self._page(), styled=False)

    def draw(self) -> None:
        """Show the room as it stands."""
        self.screen.set_page(self._page())

    def _page(self) -> ScreenPage:
        session = self.session = self.store.sessions.get(self.session_id)
        slug = self.store.sessions.showing(self.session_id)
        return {
            "lang": self.lang, "title": session.title, "code": session.code, "link": self.link,
            "qr": qr_svg(self.link, say(self.lang, "console.qr")), "closed": session.closed,
            "joined": self.store.sessions.counts(self.session_id).joined,
            "heading": self.title_of(slug) if slug else "",
            "html": told(self.store, session, slug, self.lang) if slug else "",
        }  # fmt: skip
