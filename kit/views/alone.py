"""One exercise for one person alone: in a notebook, in JupyterLab or on a Voila page. Nothing is stored."""

from __future__ import annotations

import ipywidgets

from kit.exercise import exercise
from kit.session import Value
from kit.texts import FALLBACK
from kit.views.base import known_language
from kit.views.of import view_of
from kit.views.room import Room


def alone(slug: str, lang: str = "fr") -> ipywidgets.VBox:
    """An exercise with every lens on, its language bar and quick exit; answers live in this kernel's memory.

    Raises `UnknownExercise`.
    """
    model = exercise(slug)
    lang = known_language(lang) or FALLBACK
    lenses = tuple(lens.id for lens in model.structure.lenses)
    form = view_of(model)(
        model=model, lang=lang, options=lenses, answers={}, save=_remember, is_open=True, alone=True, styled=False
    )
    room = Room(page={"lang": lang, "alone": True})

    def speak(chosen: str) -> None:
        room.set_page({"lang": chosen, "alone": True})
        form.set_lang(chosen)

    room.on_lang = speak
    room.on_erase = lambda: form.replace_answers({})
    return ipywidgets.VBox([room, form])


def _remember(_item: str, _value: Value | None, revision: int) -> int:
    """The form itself holds the answers; there is nowhere else to put them."""
    return revision + 1
