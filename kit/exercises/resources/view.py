"""The board's own view: entries in lanes, by type or by how well they are known, and suggestions to merge two."""

from __future__ import annotations

from typing import Any

from kit.directory.likeness import merged, suggest
from kit.errors import ExerciseClosed, KitError
from kit.exercises.resources.listed import ENTRIES
from kit.exercises.resources.model import entries
from kit.views.base import Message
from kit.views.form import FormView


class View(FormView):
    """A `FormView` with a board. The page may also say `alike` and `merge` (keep, drop: ids of two entries).

    It also hears `alike` (pairs of ids) and `merged` (the id that was kept). Entries that never leave the device
    are not known here: they are neither compared nor merged.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.hear("alike", lambda _message: self._suggest())
        self.hear("merge", self._merge)

    def _suggest(self) -> None:
        pairs = suggest(entries(self.values()))
        self.send({"kind": "alike", "pairs": [[f"{ENTRIES}.{key}" for key in pair] for pair in pairs]})

    async def _merge(self, message: Message) -> None:
        keep, drop = message.get("keep"), message.get("drop")
        known = {f"{ENTRIES}.{key}": row for key, row in entries(self.values()).items()}
        if not (isinstance(keep, str) and isinstance(drop, str) and keep != drop and {keep, drop} <= set(known)):
            return
        try:
            if not self.is_open:
                raise ExerciseClosed(exercise=self._exercise.slug)
            await self.keep({keep: merged(known[keep], known[drop]), drop: None})
        except KitError as error:
            self.send({"kind": "trouble", "message": error.tell_people(self.lang)})
        else:
            self.send({"kind": "merged", "id": keep})
        self._suggest()
