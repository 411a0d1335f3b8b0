"""The sentences of the interface: one folder per language, one file per part, looked up by dotted key.

`say("fr", "form.saved")` is `saved` in `kit/texts/fr/form.yaml`.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

FALLBACK = "en"


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a folder here, French first."""
    found = sorted(p.name for p in files(__package__).iterdir() if p.is_dir() and p.joinpath("errors.yaml").is_file())
    return tuple(sorted(found, key=lambda lang: lang != "fr"))


@cache
def language_names() -> Mapping[str, str]:
    """Every language with its name in itself, in the order of `languages`."""
    return {lang: str(_find(lang, "language.name")) for lang in languages()}


@cache
def texts(lang: str) -> Mapping[str, Any]:
    """All sentences of one language as nested mappings, by part.

    An unknown language falls back to English: this also serves error messages, which must not fail.
    """
    folder = files(__package__).joinpath(lang if lang in languages() else FALLBACK)
    parts = (p for p in folder.iterdir() if p.name.endswith(".yaml"))
    return {p.name.removesuffix(".yaml"): yaml.load(p.read_text("utf-8"), _Loader) for p in parts}


@cache
def card_list(lang: str) -> tuple[str, ...]:
    """The plain words that word cards are made of; the same position means the same card in each language."""
    folder = files(__package__).joinpath(lang if lang in languages() else FALLBACK)
    return tuple(folder.joinpath("cards.txt").read_text("utf-8").split())


def section(lang: str, key: str) -> dict[str, Any]:
    """The sentences below one dotted key, for a page that needs a whole set of them."""
    return dict(_find(lang, key))


def say(lang: str, key: str, /, **details: object) -> str:
    """One sentence with its details filled in; raises KeyError with the whole key if it is missing."""
    return str(_find(lang, key)).format(**details)


def default_language() -> str:
    """The language of the person at the command line: KIT_LANG, else the system's, else English.

    The system's is what the person has set, also where it has no letters and dates for it (a small Linux, a container).
    """
    said = (os.environ.get(name) for name in ("KIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    asked = next(filter(None, said), None) or locale.getlocale()[0] or FALLBACK
    return asked[:2].lower() if asked[:2].lower() in languages() else FALLBACK


def _find(lang: str, key: str) -> Any:
    node: Any = texts(lang)
    for part in key.split("."):
        try:
            node = node[part]
        except (KeyError, TypeError):
            raise KeyError(f"{key} in kit/texts/{lang}/") from None
    return node


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
