"""The wall: what the room sees, and which slide is on it."""

from __future__ import annotations

from collections.abc import Mapping

from kit.exercise import exercise
from kit.results import first_round, revealed, told
from kit.serving.inside.done import Done, done_words
from kit.serving.inside.progress import Progress
from kit.serving.inside.together import Ticking, asks_ready, block_title, comes_in, room_place, step_of, where
from kit.serving.inside.watching import Watching
from kit.serving.network import join_qr
from kit.session import Plan, Session, State
from kit.store import Store
from kit.store.sessions import Counts
from kit.summaries import findings, summary
from kit.texts import languages, say
from kit.views.screen import Screen, ScreenPage, Side
from kit.views.slides import embedded, scene, short_of, side_by_side, slides_in

# Of the ways in which a wall can look (see `Session.wall`), the one with two languages.
BOTH = "both"
# How the keys of what is said of a vote begin: it is about the place where the room is, and names nothing.
VOTED = "wall_voted"
# A sentence in kit/texts (`console.<key>`), and the exercise that it is about ("" for none).
Line = tuple[str, str]


def screen_page(store: Store, of: Mapping[str, str]) -> RoomScreen:
    """The room screen of the same session."""
    return RoomScreen(store, of["session"], of["address"], of["lang"], bool(of["reached"]))


class RoomScreen(Watching):
    """What the room sees on the wall."""

    def __init__(self, store: Store, session_id: str, address: str, lang: str, reached: bool = True) -> None:
        super().__init__(store, session_id, address, lang, reached)
        self._progress, self._ticking, self._on = Progress(self.session.k), Ticking(), OnTheWall(store)
        self._done = Done(store)
        self.widget = self.screen = Screen(page=self._page(), turn=self._turn, look=self._look, styled=False)

    @property
    def lang(self) -> str:
        """What was chosen for the wall, on a console or here; until then, what the page was asked for in."""
        return self.session.room_lang or self._lang

    def draw(self) -> None:
        """Show the room as it stands."""
        self.screen.set_page(self._page())

    def _turn(self, slide: int) -> None:
        self._on.turn(self.store.sessions.get(self.session_id), slide, self.lang)

    def _look(self, looks: tuple[str, ...], lang: str) -> None:
        self.store.sessions.set_wall(self.session_id, looks, lang)

    def _page(self) -> ScreenPage:
        session = self.session = self.store.sessions.get(self.session_id)
        slug, slide = self.store.sessions.on_the_wall(self.session_id)
        found = where(self.store, session)
        html = self._on.html(session, slug, self.lang)
        plan = session.plan(slug) if slug else staged(session)
        joining, asks = comes_in(session, found), asks_ready(session, room_place(session, found))
        lines = self._lines(bool(slug or html), asks, joining)
        sides: list[Side] = []
        for lang in langs_of(session, self.lang):
            heading = self.title_in(plan.slug, lang) if plan else ""
            block = block_title(found, lang) or self._open_title(lang)
            large = heading if html else block
            sides.append({
                "lang": lang, "heading": heading, "block": block, "step": step_of(found, session, lang),
                "progress": [self._told(line, lang, large) for line in lines],
                "how": say(lang, "console.how"), "code": say(lang, "console.code"),
            })  # fmt: skip
        first, beside = sides[0], sides[1:]
        return {
            "lang": self.lang, "title": session.title, "code": session.join_name, "link": self.link,
            "qr": join_qr(self.link, say(self.lang, "console.qr")), "closed": session.closed,
            "progress": first["progress"], "heading": first["heading"], "html": html, "slide": slide,
            "notice": self._wall_notice(session), "block": first["block"], "step": first["step"], "beside": beside,
            "looks": session.wall, "joining": joining, "practice": self.practice,
            "clock": self._ticking.clock(found.course) if found and found.course.now else None,
        }  # fmt: skip

    def _lines(self, beside_slides: bool, place: str, joining: bool) -> list[Line]:
        """How far the room is in each open exercise, or while people come in whether anybody has; never in numbers.

        Beside slides there is room for one line: where several exercises are open, none is told.
        """
        if self.session.closed:
            return [("ended", "")]
        counts = self.store.sessions.counts(self.session_id)
        here = self._progress.any("", counts.joined)
        at = place.partition("/")[0]
        lines = [
            (self._far(plan, counts, place if plan.slug == at else ""), plan.slug)
            for plan in self.session.plans
            if plan.state is State.OPEN
        ]
        if beside_slides and len(lines) > 1:
            return [line for line in lines if line[1] == at and staged(self.session)]
        if joining:
            return [(f"wall_{'empty' if here == 'nobody' else 'here'}", "")]
        return lines

    def _far(self, plan: Plan, counts: Counts, place: str) -> str:
        """How many say that they are done, where the room is; until somebody does, whether somebody has voted or has
        gone through all of it, and before that how many have begun.

        Neither of what is told in four words says who skipped a question.
        """
        if place and (says := self._progress.word(f"ready/{place}", self._ready.get(place, 0), self._here)) != "nobody":
            return f"wall_ready_{says}"
        if vote := exercise(plan.slug).vote_at(plan.stage):
            voted = self.store.answers.whole(self.session_id, plan.slug, (vote,))
            return f"{VOTED}_{self._progress.any(f'voted/{plan.slug}/{vote}', voted)}"
        begun = self._progress.word(plan.slug, counts.answered[plan.slug], counts.joined)
        done = self._done.count(self.session, plan, counts.answered[plan.slug])
        far = self._progress.any(f"done/{plan.slug}", done) if done is not None else "nobody"
        return f"wall_{begun}" if "nobody" in (begun, far) else f"wall_done_{far}"

    def _told(self, line: Line, lang: str, large: str) -> str:
        """A line of its own; of an exercise whose title is not what is `large` already, with that."""
        key, slug = line
        told = done_words(slug, key, lang) if slug else say(lang, f"console.{key}")
        title = self.title_in(slug, lang) if slug and not key.startswith(VOTED) else large
        return say(lang, "console.wall_of", title=title, told=told) if title != large else told[:1].upper() + told[1:]

    def _open_title(self, lang: str) -> str:
        """What is on where there is no agenda: the only exercise that is open."""
        open_ = [plan.slug for plan in self.session.plans if plan.state is State.OPEN and not self.session.closed]
        return self.title_in(open_[0], lang) if len(open_) == 1 else ""

    def _wall_notice(self, session: Session) -> str:
        locked = say(self.lang, "console.door_wall") if session.locked and not session.closed else ""
        return " ".join(one for one in (self.notice("moved_wall"), locked) if one)


class OnTheWall:
    """A result or a scene as slides, in one language or in two; worked out anew only when it is told otherwise."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: tuple[object, str] = (None, "")

    def html(self, session: Session, slug: str | None, lang: str) -> str:
        """What the wall has of this exercise, or (None) of the place at which the room is."""
        if slug is None:
            return self._scene(session, lang)
        html = told(self._store, session, slug, lang)
        langs = langs_of(session, lang)
        if not html or len(langs) == 1:
            return html
        of = (slug, html, langs)
        if self._last[0] != of:
            made, plan = revealed(self._store, session, slug), session.plan(slug)
            options = plan.options if plan else ()
            if made is None:
                return html
            first = first_round(self._store, session, slug)
            sides = {one: (summary(made, one, options, first), findings(made, one, options)) for one in langs}
            self._last = of, embedded(side_by_side(sides))
        return self._last[1]

    def count(self, session: Session, slug: str | None, lang: str) -> tuple[int, int]:
        """How many slides there are, and how many of them are shown before those that tell all of it."""
        found = slides_in(self.html(session, slug, lang))
        return len(found), short_of(found)

    def vote(self, session: Session, slug: str, lang: str) -> int | None:
        """The slide that tells the vote at the place where the room is; None where there is none."""
        plan = session.plan(slug)
        if plan is None or not plan.stage:
            return None
        # The heading of what is told of a place has its id (`Telling.summary` puts the exercise's name before it).
        part = f"{slug}-{plan.stage}"
        found = slides_in(self.html(session, slug, lang))
        return next((at for at, one in enumerate(found) if one.get("part") == part), None)

    def turn(self, session: Session, slide: int, lang: str) -> None:
        """Bring the wall to a slide of what it shows, or to the last one that there is."""
        slug = self._store.sessions.showing(session.id)
        count = 0 if session.closed else self.count(session, slug, lang)[0]
        if count:
            # Working out how many there are takes a moment, in which something else may have been put on the wall.
            self._store.sessions.turn(session.id, slug, min(slide, count - 1))

    def _scene(self, session: Session, lang: str) -> str:
        plan = staged(session)
        if plan is None:
            return ""
        model, places = exercise(plan.slug), (*plan.way, plan.stage)
        sides = {one: (model.tell_stage(plan.stage, one), model.way(places, one)) for one in langs_of(session, lang)}
        found = {one: (scene_, way) for one, (scene_, way) in sides.items() if scene_ is not None}
        return embedded(scene(found)) if found else ""


def staged(session: Session) -> Plan | None:
    """The exercise in which the room was brought to a place together."""
    plans = () if session.closed else session.plans
    return next((plan for plan in plans if plan.stage and plan.state is State.OPEN), None)


def langs_of(session: Session, lang: str) -> tuple[str, ...]:
    """The languages of the wall: its own, and a second one beside it where the facilitator wants both."""
    others = [one for one in languages() if one != lang]
    return (lang, *others[:1]) if BOTH in session.wall else (lang,)
