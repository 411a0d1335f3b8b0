"""A house that people flee to never slips in with a list: everything that a line says is looked at.

What is called so is one; what only speaks of such a place may be one, and is asked about. Patterns, not
understanding: they are wide, since a service too many that is asked about costs a click.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from kit.letters import folded, without_markup

# All of them read folded text: small letters, no accents, no marks.
_HOUSE = re.compile(
    r"hebergement|maisons? (?:de|d) (?:transition|aide|accueil)\b|\brefuges?\b|\bshelters?\b|\bsheltering\b"
    r"|\btransition(?:al)? (?:hous|home)|\bsafe ?(?:hous|home)|\b(?:second|2nd) stage\b"
    r"|\b(?:deuxieme|seconde|2e|2eme) etape\b|\binterval house|\b(?:crisis|emergency) hous"
    r"|\blogements? (?:d urgence|transitoires?|de transition)\b|\bmaisons? pour (?:les )?(?:femmes|victimes)\b"
    r"|\bwomen s (?:house|home|residence)"
)
_PERHAPS = re.compile(
    r"\bfoyers?\b|\bgites?\b|\bhaven\b|\bsanctuary\b|\bhostels?\b|\bmaisons? (?:des|de la|de) (?:femmes?|meres?)\b"
    r"|\bresidences? (?:pour|for|de|d)\b|\babris?\b|\bhaltes? nuit\b|\bovernight\b|\bpour la nuit\b|\bbeds?\b|\blits\b"
    r"|\bplaces? to (?:stay|sleep|live)\b|\b(?:lieu|endroit|place) (?:ou|pour|sure pour) (?:dormir|rester|vivre)\b"
    r"|\b(?:lieu|adresse|endroit|emplacement|coordonnee)s? (?:\w+ ){0,4}(?:secret|confidentiel|non publi|masque|cache)"
    r"|\b(?:location|address|place|site) (?:\w+ ){0,4}(?:secret|confidential|undisclosed|unlisted|hidden|not public)"
    r"|\b(?:confidential|undisclosed|secret|unlisted|hidden) (?:\w+ )?(?:location|address|place|site)"
    r"|\b(?:fui[rt]|fuient|fuyant|fuyent|quitt\w+|flee|flees|fled|fleeing|escap\w+|leav\w+)\b(?: \w+){0,5}"
    r" (?:violen\w+|abus\w+|conjoint\w*|partner|danger)"
    r"|\bdomestic violence (?:hous|residen|program)|\bsafe (?:stay|bed|place|accommodation)"
)
# A web address has no words: "refuge" is looked for, "refugee" is not.
_RUN_TOGETHER = re.compile(
    r"hebergement|shelter(?!ed)|refuge(?![ei])|transition(?:al)?(?:hous|home)|safe(?:hous|home)|maisonde?(?:transition|daide)"
    r"|maisondaccueil|secondstage|2estage|2eetape|intervalhouse|womenshouse|womenshome"
)

Found = Literal["sure", "perhaps", ""]


def shelter_in(called: Iterable[str], said: Iterable[str], pages: Iterable[str] = ()) -> Found:
    """Whether a line is about such a house.

    called  what it is called by: its name, its organization, its type, the codes and names of its terms
    said    whatever else stands in the line; `pages` are web addresses
    """
    names = [folded(without_markup(text)) for text in called]
    if any(_HOUSE.search(name) for name in names):
        return "sure"
    others = [folded(without_markup(text)) for text in said]
    spoken = any(_HOUSE.search(text) or _PERHAPS.search(text) for text in (*names, *others))
    # A word whose letters stand apart, in a name or in an address.
    spread = any(_RUN_TOGETHER.search(folded(text).replace(" ", "")) for text in (*pages, *names))
    return "perhaps" if spoken or spread else ""
