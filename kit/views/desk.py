"""What crosses between the console and the workshop: what it shows, and what a facilitator can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypedDict

from kit.files import File
from kit.views.agenda import AgendaHead, AgendaWish


class StageGroup(TypedDict):
    """Places of an exercise to which the room can be brought: ids with their labels, under one title.

    `care` is what to think of before the room is brought to any of them; empty when nothing is.
    """

    title: str
    care: str
    stages: Sequence[tuple[str, str]]


class StageNow(TypedDict):
    """Where the room is, where it can go on from there, and where it was before."""

    id: str
    label: str
    onward: Sequence[tuple[str, str]]
    back: tuple[str, str] | None


class Stages(TypedDict):
    """The places of an exercise (none when it has none, or is not open), and the one where the room is."""

    stages: Sequence[StageGroup]
    stage: StageNow | None


class ConsoleExercise(Stages):
    """One line: how many have begun, who is done ("" where nothing can be said of that), and where it stands.

    `round` is 2 once people answer a second time, `again` is whether they can be asked to; `once` says why never.

    `off` is whether a revealed result was taken off every screen but this. While the wall shows it, or the place at
    which the room is, `slide` of `slides` (from 0) is there; the `first` of them come before those that tell all of it.
    """

    slug: str
    title: str
    state: str
    answered: int
    done: str
    revealed: bool
    round: int
    again: bool
    once: str
    off: bool
    showing: bool
    slide: int
    slides: int
    first: int


class LinkLine(TypedDict):
    """A link that works: "second" is a second trainer's, "wall" shows the wall; each kind is counted from 1.

    `opened` says whether it was opened: it does so once.
    """

    kind: str
    number: int
    opened: bool


class NewLink(TypedDict):
    """A link that was just made: its address with the key, which nobody sees again, and that as a QR code (SVG)."""

    link: str
    qr: str


class Door(TypedDict):
    """Who comes in.

    locked    whether nobody new does
    expected  how many people are expected; `most` is the highest number that can be said
    rush      whether more than expected have come in a short time
    again     how often a device took a second seat, by reason: its label and the count
    """

    locked: bool
    expected: int
    most: int
    rush: bool
    again: Sequence[tuple[str, int]]


class Closing(TypedDict):
    """What was typed at the end, for the report: `limit` is how many characters each text may have."""

    decided: str
    asks: str
    limit: int


class ConsolePage(TypedDict):
    """What the console shows; `mode` and `k` are for reading only, `reopens` is whether the end can be taken back.

    `region` is what must be known of the regional pack: that there is none, or that something in it is overdue.
    `here` is how many people's pages are connected at this moment, `joined` how many seats were taken.
    `room` is the name by which people join (empty: by the code).
    `practice` says that people are simulated; empty where they are real.
    `keeps` says when answers go; empty where nothing was agreed, or they are gone.
    `lang` is this console's own language, `wall_lang` the wall's.
    `looks` is as `kit.session.Session.wall`, `reads` says from how far the wall is read.
    `leads` is whether this console makes and ends links; a second trainer's does not, and has no `links`.
    """

    lang: str
    title: str
    code: str
    room: str
    link: str
    qr: str
    here: int
    joined: int
    mode: str
    k: int
    closed: bool
    reopens: bool
    door: Door
    closing: Closing
    exercises: Sequence[ConsoleExercise]
    notice: str
    region: str
    leads: bool
    links: Sequence[LinkLine]
    agenda: AgendaHead | None
    keeps: str
    practice: str
    looks: Sequence[str]
    wall_lang: str
    reads: str


class TextLine(TypedDict):
    """A shared text as the facilitator looks at it; `state` is "waiting", "shown" or "struck"."""

    id: str
    told: str
    state: str


class Given(TypedDict):
    """A file that can be made: its id and what its button says."""

    id: str
    label: str


class AskState(TypedDict):
    """An `Ask` as it crosses to the page."""

    id: str
    told: str
    choices: Sequence[tuple[str, str]]
    chosen: str


class GroupList(TypedDict):
    """What there is to decide about a released list, and the files that can be made of it, each with a heading."""

    title: str
    lead: str
    filesTitle: str
    filesLead: str
    asks: Sequence[AskState]
    gives: Sequence[Given]


class Facilitator(Protocol):
    """What the console can ask for. Each may take its time, touches no widget, and may raise a `KitError`.

    `slug` is an exercise's; "" where it says so.
    """

    def page(self) -> ConsolePage:
        """The workshop as it stands."""

    def set_lang(self, lang: str) -> None:
        """Let this console speak another language from now on."""

    def open(self, slug: str) -> None:
        """Let answers in."""

    def close(self, slug: str) -> None:
        """Let no more answers in."""

    def reveal(self, slug: str) -> str:
        """Freeze the result; returns a sentence: is anything new in it."""

    def again(self, slug: str) -> str:
        """Open an exercise for a second round; returns a sentence."""

    def show(self, slug: str) -> str:
        """Put a revealed result on the room screen, or (with "") take it off; returns a sentence, or nothing."""

    def looks(self, looks: tuple[str, ...], lang: str = "") -> None:
        """Say how the room screen looks (see `kit.session.Session`), and (unless it is "") which language it speaks."""

    def slide(self, slide: int) -> None:
        """Bring the wall to a slide of what it shows."""

    def take_off(self, slug: str, off: bool) -> str:
        """Take a result off every screen but this one, or put it back; returns a sentence."""

    def lock(self, locked: bool) -> str:
        """Let nobody new in, or everybody again; returns a sentence."""

    def expect(self, people: int) -> str:
        """Say how many people are expected; returns a sentence."""

    def conclude(self, decided: str, asks: str) -> str:
        """Keep what the room decided and asks of its partners; returns a sentence."""

    def end(self) -> None:
        """End the workshop for everyone."""

    def reopen(self) -> None:
        """Take the end back, on its own day."""

    def told(self, slug: str) -> str:
        """What was revealed, as HTML; empty when nothing was."""

    def stage(self, slug: str, stage: str) -> None:
        """Bring the room to one place of an exercise, or (with "") let everyone go on at their own pace."""

    def list(self, slug: str) -> GroupList | None:
        """What there is to decide about a result (see `kit.decisions`), and its files; None for most."""

    def decide(self, slug: str, ask: str, choice: str) -> str:
        """Keep a decision, or (with "") take it back; returns a sentence: what became of it."""

    def give(self, slug: str, what: str) -> File:
        """A file of a revealed list, by its id."""

    def texts(self, slug: str) -> Sequence[TextLine]:
        """The shared texts of a result, for the facilitator to look at (see `kit.shared`)."""

    def text(self, slug: str, text: str, choice: str) -> str:
        """Show a text, strike it out or put it back, by its id ("": each that waits); returns a sentence."""

    def conduct(self, wish: AgendaWish) -> str:
        """Change where the room is in its agenda; returns a sentence, or nothing."""

    def foresee(self, slug: str) -> Sequence[str]:
        """Sentences on what a reveal would and would not show now."""

    def new_link(self, kind: str) -> NewLink | None:
        """Make a link of this kind; None where this console may not, or there is no such kind."""

    def end_link(self, kind: str, number: int) -> str:
        """End a link; returns a sentence, which is empty where this console may not."""
