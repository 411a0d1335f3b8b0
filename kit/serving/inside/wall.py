"""The wall: what the room sees, and which slide of a result is on it."""

from __future__ import annotations

from collections.abc import Mapping

from kit.exercise import exercise
from kit.results import told
from kit.serving.inside.progress import Progress
from kit.serving.inside.together import Ticking, block_title, where
from kit.serving.inside.watching import Watching
from kit.serving.network import qr_svg
from kit.session import Session, State
from kit.store import Store
from kit.texts import say
from kit.views.html import render
from kit.views.screen import Screen, ScreenPage
from kit.views.slides import slides_in

STAGE_LEVEL = 3


def screen_page(store: Store, of: Mapping[str, str]) -> RoomScreen:
    """The room screen of the same session."""
    return RoomScreen(store, of["session"], of["address"], of["lang"], bool(of["reached"]))


class RoomScreen(Watching):
    """What the room sees on the wall."""

    def __init__(self, store: Store, session_id: str, address: str, lang: str, reached: bool = True) -> None:
        super().__init__(store, session_id, address, lang, reached)
        self._progress, self._ticking = Progress(self.session.k), Ticking()
        self.widget = self.screen = Screen(page=self._page(), turn=self._turn, styled=False)

    def draw(self) -> None:
        """Show the room as it stands."""
        self.screen.set_page(self._page())

    def _turn(self, slide: int) -> None:
        turn(self.store, self.store.sessions.get(self.session_id), slide, self.lang)

    def _page(self) -> ScreenPage:
        session = self.session = self.store.sessions.get(self.session_id)
        slug, slide = self.store.sessions.on_the_wall(self.session_id)
        found = where(self.store, session)
        heading, html = (self.title_of(slug), told(self.store, session, slug, self.lang)) if slug else self._stage()
        return {
            "lang": self.lang, "title": session.title, "code": session.join_name, "link": self.link,
            "qr": qr_svg(self.link, say(self.lang, "console.qr")), "closed": session.closed,
            "progress": self._told_progress(bool(slug)), "heading": heading, "html": html, "slide": slide,
            "notice": self._wall_notice(session), "block": block_title(found, self.lang),
            "clock": self._ticking.clock(found.course) if found and found.course.now else None,
        }  # fmt: skip

    def _told_progress(self, beside_result: bool) -> list[str]:
        """How far the room is in each open exercise, or whether anybody is here, in words; never in numbers.

        Beside a result there is room for one line: where several exercises are open, none is told.
        """
        if self.session.closed:
            return [say(self.lang, "console.ended")]
        counts = self.store.sessions.counts(self.session_id)
        here = self._progress.word("", min(counts.joined, 1), 1)
        words = {
            plan.slug: self._progress.word(plan.slug, counts.answered[plan.slug], counts.joined)
            for plan in self.session.plans
            if plan.state is State.OPEN
        }
        if beside_result and len(words) > 1:
            return []
        return [say(self.lang, f"console.wall_{word}", title=self.title_of(slug)) for slug, word in words.items()] or [
            say(self.lang, f"console.wall_{'empty' if here == 'nobody' else 'here'}")
        ]

    def _wall_notice(self, session: Session) -> str:
        locked = say(self.lang, "console.door_wall") if session.locked and not session.closed else ""
        return " ".join(one for one in (self.notice("moved_wall"), locked) if one)

    def _stage(self) -> tuple[str, str]:
        """The place to which the room was brought, while no result is shown: its heading, and what is told there."""
        open_ = () if self.session.closed else self.session.plans
        plan = next((one for one in open_ if one.stage and one.state is State.OPEN), None)
        scene = exercise(plan.slug).tell_stage(plan.stage, self.lang) if plan else None
        return (self.title_of(plan.slug), render(scene, self.lang, STAGE_LEVEL)) if plan and scene else ("", "")


def turn(store: Store, session: Session, slide: int, lang: str) -> None:
    """Bring the wall to a slide of the result that it shows, or to the last one that there is."""
    slug = store.sessions.showing(session.id)
    if slug is not None and not session.closed:
        store.sessions.show(session.id, slug, min(slide, max(count_slides(store, session, slug, lang) - 1, 0)))


def count_slides(store: Store, session: Session, slug: str, lang: str) -> int:
    return len(slides_in(told(store, session, slug, lang)))
