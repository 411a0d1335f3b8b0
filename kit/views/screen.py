"""The room screen: how to join, how far the room is, and the result that the facilitator shows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypedDict

import traitlets

from kit.errors import KitError
from kit.texts import section
from kit.views.agenda import Clock
from kit.views.base import Message, View
from kit.views.scripts import built


class ScreenPage(TypedDict):
    """What stands on the wall; `html` is a revealed result, empty while the room is joining.

    `progress` tells in words how far the room is, a sentence for each open exercise: an exact number would show each
    person who comes, leaves or erases their answers. `slide` is the one of the result that is on, from 0. `block` is
    what is on in the room's agenda, with its clock.
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
    clock: Clock | None


def slide_of(message: Message) -> int | None:
    """The slide that a page asks for; None where it asks for none."""
    slide = message.get("slide")
    return slide if type(slide) is int and 0 <= slide < 1000 else None


class Screen(View):
    """A page to look at. Where it stands in the facilitator's own browser, its keys turn the slides: it says `slide`.

    From a page that only looks, the server passes nothing on.
    """

    _esm = traitlets.Unicode(built("screen")).tag(sync=True)
    page = traitlets.Dict().tag(sync=True)

    def __init__(self, *, page: ScreenPage, turn: Callable[[int], None] = lambda _: None, styled: bool = True) -> None:
        self._page, self._turn = page, turn
        super().__init__(told={"page": self._shown()}, styled=styled)

        self.hear("slide", self._slide)

    async def _slide(self, message: Message) -> None:
        slide = slide_of(message)
        if slide is not None:
            # The store may be away; the page has turned by itself meanwhile.
            with suppress(KitError):
                await self.aside(partial(self._turn, slide))

    @property
    def lang(self) -> str:
        """The language that this view speaks now."""
        return self._page["lang"]

    def set_page(self, page: ScreenPage) -> None:
        """Show the room as it stands."""
        self._page = page
        shown = self._shown()
        if self.page != shown:
            self.page = shown

    def _shown(self) -> dict[str, Any]:
        return {**self._page, "ui": section(self.lang, "console") | section(self.lang, "agenda.clock")}
