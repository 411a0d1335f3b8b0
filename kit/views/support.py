"""What the regional pack tells, as every page shows it: rendered once a day for each language."""

from __future__ import annotations

import logging
from datetime import date
from functools import lru_cache

from kit import regions
from kit.errors import KitError
from kit.texts import say
from kit.views.html import render

LEVEL = 3

_log = logging.getLogger(__name__)


def pack() -> regions.Region | None:
    """The pack in use; None where there is none, or none that can be read: a workshop is held all the same."""
    try:
        return regions.in_use()
    except KitError as error:
        _log.warning("no regional pack: %s", error)
        return None


def support(lang: str, level: int = LEVEL) -> str:
    """The pack in use as HTML; empty where there is none, or none that can be read."""
    region = pack()
    return _rendered(region, lang, date.today(), level) if region else ""


def care(lang: str) -> str:
    """What the facilitator must know of the pack; empty when all is well."""
    try:
        return regions.care(regions.in_use(), lang, date.today())
    except KitError as error:
        return error.tell(lang)


def menu(lang: str) -> str:
    """What leads to it."""
    return say(lang, "regions.menu")


@lru_cache(maxsize=16)
def _rendered(region: regions.Region, lang: str, today: date, level: int) -> str:
    return render(regions.told(region, lang, today), region.lang(lang), level)
