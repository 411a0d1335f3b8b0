"""The room screen: how to join, how far the room is, and the result that the facilitator shows."""

from __future__ import annotations

from typing import Any, TypedDict

import traitlets

from kit.texts import section
from kit.views.agenda import Clock
from kit.views.base import View
from kit.views.scripts import built


class ScreenPage(TypedDict):
    """What stands on the wall; `html` is a revealed result, empty while the room is joining.

    `progress` tells in words how far the room is, a sentence for each open exercise: an exact number would show each
    person who comes, leaves or erases their answers. `block` is what is on in the room's agenda, with its clock.
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
    notice: str
    block: str
    clock: Clock | None


class Screen(View):
    """A page to look at: it says nothing to the kernel."""

    _esm = traitlets.Unicode(built("screen")).tag(sync=True)
    page = traitlets.Dict().tag(sync=True)

    def __init__(self, *, page: ScreenPage, styled: bool = True) -> None:
        self._page = page
        super().__init__(told={"page": self._shown()}, styled=styled)

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
