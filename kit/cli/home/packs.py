"""Regional packs on the trainer's page: taken in from a stick, and to choose from where there are several."""

from __future__ import annotations

import os
from pathlib import Path

from kit import regions
from kit.texts import default_language, say


def bring(there: Path, named: bool) -> None:
    """Take in the packs of a stick; the only one on it is the one to use, unless another was `named`."""
    brought = regions.bring(there)
    for name, what in brought.items():
        if what is not regions.Brought.SAME:
            print(say(default_language(), f"calls.packs.{what}", name=name, folder=regions.home()), flush=True)
    sound = [name for name, what in brought.items() if what is not regions.Brought.BROKEN]
    if len(sound) == 1 and not named:
        regions.choose(sound[0])


def offered(lang: str) -> dict[str, str]:
    """The packs to choose from, with their names; none where there are not several, or one is in use already."""
    own = regions.own()
    if os.environ.get(regions.VARIABLE) or len(own) < 2:
        return {}
    return {name: regions.read(folder).texts(lang).name for name, folder in own.items() if not regions.check(folder)}
