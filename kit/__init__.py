"""Collaboration Kit: exercises with which sectors learn to work together to end gender-based violence.

Importing this package loads nothing heavy: no widget, no database, no figure library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipywidgets import DOMWidget

__version__ = "0.1.0"
__all__ = ["__version__", "open_exercise", "open_welcome"]


def open_exercise(slug: str, lang: str | None = None, link: str | None = None) -> DOMWidget:
    """Return one exercise as a widget for studying alone: no session, nothing kept on the server.

    `slug` is an exercise's name such as "reflection"; `lang` is "fr" or "en", or None for the
    browser's, and the person can switch on the page. `link` is the one that a facilitator sent, where the
    notebook was not opened with it. Raises `UnknownExercise` with the names that exist.
    """
    from kit.views.alone import alone

    return alone(slug, lang, link)


def open_welcome(lang: str | None = None) -> DOMWidget:
    """Return the list of all exercises as a widget; each leads to the notebook of its name beside this one."""
    from kit.views.welcome import welcome

    return welcome(lang)
