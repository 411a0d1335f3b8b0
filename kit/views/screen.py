"""The room screen: how to join, how far the room is, and the result that the facilitator shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypedDict

import traitlets

from kit.errors import KitError
from kit.texts import section
from kit.views.agenda import Clock
from kit.views.base import Message, View, known_language
from kit.views.scripts import built

# In how many languages, and by day or by night.
LOOKS = ("both", "dark", "light")
# Sentences in kit/texts (`console.<key>`).
SAID = ("how", "code", "slide_at", "slide_more")


class Side(TypedDict):
    """What is told of the room in one language; `how` and `code` say how to come in."""

    lang: str
    heading: str
    block: str
    step: str
    progress: list[str]
    how: str
    code: str


class ScreenPage(TypedDict):
    """What stands on the wall; `html` is a revealed result, or the scene at which the room is, as slides.

    `progress` tells in words how far the room is, a sentence for each open exercise: an exact number would show each
    person who comes, leaves or erases their answers. `slide` is the one of the result that is on, from 0. `block` is
    what is on in the room's agenda, with its `step` and its clock. `beside` tells the same in a second
    language, `looks` is as `Session.wall`, and `joining` whether nothing has been opened yet: people come in.
    `practice` says that people are simulated (empty: they are real).
    """

    lang: str
    title: str
    code: str
    link: str
    qr: str
    progress: list[str]
    closed: bool
    heading: str
    html: str
    slide: int
    notice: str
    block: str
    step: str
    beside: list[Side]
    looks: Sequence[str]
    joining: bool
    practice: str
    clock: Clock | None


def slide_of(message: Message) -> int | None:
    """The slide that a page asks for; None where it asks for none."""
    slide = message.get("slide")
    return slide if type(slide) is int and 0 <= slide < 1000 else None


def looks_of(message: Message) -> tuple[str, ...] | None:
    """How a page asks for the wall to look (see `Session.wall`); None where it asks for nothing that there is."""
    looks = message.get("looks")
    if not isinstance(looks, list) or not all(one in LOOKS for one in looks):
        return None
    return tuple(one for one in LOOKS if one in looks)


class Screen(View):
    """A page to look at. Where it stands in the facilitator's own browser, its keys turn the slides and change how it
    looks: it says `slide` and `looks` (with `lang`, where its language changes, too).

    From a page that only looks, the server passes nothing on.
    """

    _esm = traitlets.Unicode(built("screen")).tag(sync=True)
    page = traitlets.Dict().tag(sync=True)
    # What is said on the page; it changes with the language only.
    texts = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        *,
        page: ScreenPage,
        turn: Callable[[int], None] = lambda _: None,
        look: Callable[[tuple[str, ...], str], None] = lambda _looks, _lang: None,
        styled: bool = True,
    ) -> None:
        self._page, self._turn, self._look = page, turn, look
        super().__init__(told={"page": dict(page), "texts": _texts(self.lang)}, styled=styled)

        self.hear("slide", self._slide)
        self.hear("looks", self._looks)

    async def _slide(self, message: Message) -> None:
        slide = slide_of(message)
        if slide is not None:
            # The store may be away; the page has turned by itself meanwhile.
            with suppress(KitError):
                await self.aside(partial(self._turn, slide))

    async def _looks(self, message: Message) -> None:
        looks = looks_of(message)
        if looks is not None:
            with suppress(KitError):
                await self.aside(partial(self._look, looks, known_language(message.get("lang")) or ""))

    @property
    def lang(self) -> str:
        """The language that this view speaks now."""
        return self._page["lang"]

    def set_page(self, page: ScreenPage) -> None:
        """Show the room as it stands."""
        self._page = page
        # What has not changed is not sent again.
        with self.hold_sync():
            self.page, self.texts = dict(page), _texts(self.lang)


def _texts(lang: str) -> dict[str, Any]:
    """Of what the console says, the wall says little."""
    console = section(lang, "console")
    return {"ui": {key: console[key] for key in SAID} | section(lang, "agenda.clock")}
