"""What the facilitator decides about a released list, and takes away: what passes between a console and `group.py`.

An exercise whose group makes a list together has a module `group` beside its model:

    GIVES   ids of the files that can be made of the list; the label of each is the sentence `group_<id>`
    holds(model, release) -> bool                        whether there is a list to decide about and to take away
    settled(model, release, decisions) -> Release        the release with its list as it was decided
    asks(model, release, decisions, lang) -> tuple[Ask]  what is left to decide, then what was decided
    give(model, release, what, lang) -> File             of a settled release; raises a `KitError`

The sentences `group_asks`, `group_asks_lead`, `group_files` and `group_files_lead` head what the console shows.

`decisions` are choices by the id of an `Ask`. They stand beside the released numbers and never change them:
disclosure control compares what was released, not what became of it. `settled` and `asks` leave alone whatever
they do not know, so a decision about what is no longer released does no harm. Every function depends on nothing
but what it is given: the screen, the report and the file tell the same list.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ask:
    """One thing to decide: a sentence about it, and the choices as (id, label).

    id      the same for the same two things, however they are released again
    chosen  what was decided; empty while it is open
    """

    id: str
    told: str
    choices: tuple[tuple[str, str], ...]
    chosen: str = ""
