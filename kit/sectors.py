"""The sectors that people choose from, and what they are called: content that a community changes, and no code.

The kit's own stand in `kit/texts/<lang>/sectors.yaml`, in the order in which forms list them. A regional pack adds to
them or calls them otherwise (`sectors`), and leaves out those in which nobody there works (`without_sectors`). Whoever
took a seat under a sector that is not offered any more keeps it: a workshop of before is told as it was.
"""

from __future__ import annotations

from typing import Final

from kit.errors import KitError
from kit.regions import Region, in_use
from kit.sentences import MARK
from kit.session import Sector
from kit.texts import FALLBACK, languages, section

# What small groups are called when they are told as one; nobody can choose it.
TOGETHER: Final = "together"
OTHER: Final = Sector.OTHER


def offered() -> tuple[Sector, ...]:
    """The sectors to choose from, in order; the last one is for everybody else."""
    region = _region()
    added = tuple(one for one in region.structure.sectors if _theirs(region, one)) if region else ()
    without = region.structure.without_sectors if region else ()
    named = (*(one for one in section(languages()[0], "sectors") if one != TOGETHER), *added)
    kept = (one for one in dict.fromkeys(named) if one not in without and one != OTHER)
    return (*map(Sector, kept), OTHER)


def name_of(sector: str, lang: str) -> str:
    """What a sector is called: by the region, by the kit, or (when neither knows it any more) by its id."""
    region = _region()
    theirs = _theirs(region, sector, lang) if region else ""
    known = section(lang, "sectors")
    return theirs or str(known.get(sector) or sector.replace("_", " ").capitalize())


def _theirs(region: Region, sector: str, lang: str = FALLBACK) -> str:
    """What the region calls a sector; empty where it does not, or has still to write it."""
    name = region.texts(lang).sectors.get(sector, "")
    return "" if name.startswith(MARK) else name


def _region() -> Region | None:
    """The pack in use; a broken one, which is told elsewhere, keeps nobody from the door."""
    try:
        return in_use()
    except KitError:
        return None
