"""What console and wall share: the session as it stands, and the way by which people reach it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from kit.errors import KitError
from kit.exercise import exercise
from kit.store import Store
from kit.texts import say


@dataclass(frozen=True)
class Way:
    """How people get here: the server's address, whether phones reach it, whether it was another one before."""

    address: str
    reached: bool
    moved: bool = False


class Watching:
    """A session, looked at again when the store has changed."""

    every_answer = True

    def __init__(self, store: Store, session_id: str, address: str, lang: str, reached: bool = True) -> None:
        self.store, self.session_id, self._lang = store, session_id, lang
        self.session = store.sessions.get(session_id)
        self.way = Way(address, reached)
        self._here, self._ready = 0, dict[str, int]()

    @property
    def lang(self) -> str:
        """What this page speaks."""
        return self._lang

    @property
    def link(self) -> str:
        """What people open to join."""
        return f"{self.way.address}/j/{self.session.join_name}"

    def moved(self, address: str, reached: bool) -> None:
        """Show the new way, and that it is new."""
        self.way = Way(address, reached, moved=True)
        # While the store is away, the next look shows it.
        with suppress(KitError):
            self.draw()

    def here(self, people: int, ready: Mapping[str, int]) -> None:
        """So many people's pages are connected now; so many of them say that they are done, by place."""
        if (people, ready) != (self._here, self._ready):
            self._here, self._ready = people, dict(ready)
            # While the store is away, the next look shows it.
            with suppress(KitError):
                self.draw()

    def notice(self, moved: str) -> str:
        """What must be known about the way, or nothing."""
        said = [say(self.lang, "console.unreached")] if not self.way.reached else []
        return " ".join([say(self.lang, f"console.{moved}"), *said] if self.way.moved else said)

    @property
    def practice(self) -> str:
        """That people here are simulated, and what becomes of it; empty where they are real."""
        return say(self.lang, f"door.practice.{self.session.practice}") if self.session.practice else ""

    def look(self) -> None:
        """Draw anew."""
        self.draw()

    def draw(self) -> None:
        """Show the session as it stands."""
        raise NotImplementedError

    def title_of(self, slug: str) -> str:
        """An exercise's title in this page's language."""
        return self.title_in(slug, self.lang)

    def title_in(self, slug: str, lang: str) -> str:
        """An exercise's title in one language."""
        return exercise(slug).texts(lang).title
