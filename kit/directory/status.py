"""Is a service still there? What a list says of it, in a column of its own or in its name and description."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from kit.letters import folded

Status = Literal["open", "paused", "ended", "unknown"]

# What Airtable writes of a box that is ticked; of one that is not it writes nothing.
TICKED, UNTICKED = frozenset({"checked", "x", "✓", "✔", "☑", "✅"}), "unchecked"
BRIEF = 2  # words
_ANYTHING = frozenset({"no", "non", "false", "faux", "yes", "oui", "true", "vrai", "x", "checked", UNTICKED})
# A heading that says so of the lines that are ticked, or that have a day.
_GONE = re.compile(
    r"(?:est |is |service |date )?(?:closed?|fermee?s?|inacti(?:f|ve?|ves)|archive[ed]*|defunct|disparue?|abolie?"
    r"|supprimee?"
    r"|deleted|discontinued|(?:de )?fermeture|closure|clos(?:ed|ing|ure) date|date closed|closed on"
    r"|fermee? le)(?: le| on| date)?"
)
_PAUSED = re.compile(
    r"\btempora|\bpour l instant\b|\bfor now\b|\bsaison|\bseason|\bpaus|\bsuspend|\bon hold\b"
    r"|\b(?:closed|ferme(?:e|s|es)?) (?:until|jusqu)"
)
_DENIED = re.compile(
    r"\b(?:not|pas|never|jamais|non|isn t) (?:\w+ ){0,2}(?:closed|ferme|inacti|archiv|defunct|supprim|suspend"
    r"|discontinu|deleted)"
)
_ENDED = re.compile(
    r"\binacti[fv]|\bnot activ|\bnon acti|\bpas acti|\bdefunct|\bclosed\b|\bferme(?:e|s|es)?\b|\bdo not refer\b"
    r"|\bne pas (?:orient|refer|dirig)|\barchiv|\bdiscontinu|\bno longer\b|\bn existe plus\b|\bcess[ae]|\bended\b"
    r"|\bdeleted\b|\bsupprim|\bretir|\bdissou|\babolis|\bterminat|\bexpired?\b|\bn est plus\b|\bne sont plus\b"
    r"|^(?:false|faux|no|non|unchecked)$"
)
_OPEN = re.compile(
    r"(?:is |est )?(?:activ|actif|active|open|ouvert|ouverte|current|published|publie|publiee|operating|operational"
    r"|en activite|en fonction|en cours|yes|oui|true|vrai|checked|verified|verifie)(?: |$)"
)
# In a name the words stand apart: "(closed)", "Frigo – FERMÉ".
_NAMED = re.compile(
    r"[(\[–—:*-]\s*(?:[^\W\d_]+ ){0,2}(?:closed|ferm[ée]e?s?|defunct|inactive?|inactif)\b", re.IGNORECASE
)
_SAID = re.compile(
    r"\b(?:out of business|defunct|has (?:been )?(?:permanently )?closed\b(?! (?:door|meeting|group|circle|session))"
    r"|have closed\b|closed (?:its|their) doors|closed (?:since|in|as of) (?:\w+ )?(?:19|20)\d\d"
    r"|(?:a|ont) (?:definitivement )?ferme (?:ses|leurs) portes|ferme(?:e|s|es)? (?:depuis|en"
    r"|le) (?:\w+ ){0,2}(?:19|20)\d\d"
    r"|s (?:est|sont) (?:termine|dissou)\w*|est (?:dissou|aboli)\w*|n est plus (?:en activite|en fonction|actif"
    r"|active|offerte?)"
    r"|mis fin a ses activites|shut down (?:in|since|permanently)|ceased (?:to exist|operating)"
    r"|permanently closed|closed permanently|no longer (?:offer|operat|avail|in operation|exist)"
    r"|definitivement ferme|ferme(?:e|s|es)? definitivement|n existe plus|n est plus offert|ne sont plus offert"
    r"|a cesse ses activites|ceased operations"
    r"|(?:ce |le )?(?:service|programme|projet) (?:a pris fin|a ete aboli|est termine)"
    r"|(?:service|program|project) (?:was |has been |has |is )?(?:discontinued|ended|cancelled|canceled|terminated))"
)
_SAID_PAUSED = re.compile(
    r"\b(?:(?:no longer|not (?:currently )?|not currently) ?(?:accepting|taking) (?:new )?(?:\w+ )?(?:referr"
    r"|client|applic|patient|request)"
    r"|n accepte(?:nt)? (?:plus|pas) (?:de |les )?(?:nouve|demande|reference|inscription|client)"
    r"|ne prend(?:nent)? plus (?:de |les )?(?:nouve|demande|reference|inscription|client)"
    r"|(?:service|programme?|activites?|activities) (?:is |are |est |sont )?(?:suspend\w*|on hold|paused|en pause"
    r"|interromp\w*)"
    r"|temporarily closed|closed temporarily|temporairement ferme|ferme(?:e|s|es)? temporairement"
    r"|closed (?:until|for (?:the (?:season|summer|winter)|renovations?))"
    r"|ferme(?:e|s|es)? (?:jusqu (?:en|au|a nouvel)|pour (?:la saison|l ete|l hiver|renovations?|travaux)))"
)


def is_gone(heading: str) -> bool:
    """Whether a heading is about services that are gone: "Closed?", "Fermé", "Date de fermeture"."""
    return bool(_GONE.fullmatch(folded(heading)))


def are_statuses(cells: Collection[str]) -> bool:
    """Whether these are the cells of a column about that, whatever it is called: nothing but its words, and one that
    says that a service is not open; a mere "no" may be about anything."""
    told = [status_of(cell) for cell in cells]
    words = [folded(cell) for cell in cells]
    brief = [one for one, status in zip(words, told, strict=True) if status != "open" and len(one.split()) <= BRIEF]
    return bool(brief) and "unknown" not in told and not any(one in _ANYTHING for one in words)


def status_of(told: str) -> Status:
    """What the cell of a status column means; a longer phrase counts by what it denies."""
    words = folded(told)
    if not words or words in TICKED:
        return "open"
    if _DENIED.search(words):
        # "Not closed", "n'est pas fermé": nobody guesses what it is then.
        return "unknown"
    if _PAUSED.search(words):
        return "paused"
    if _ENDED.search(words):
        return "ended"
    return "open" if _OPEN.match(words) else "unknown"


def status_said(name: str, description: str) -> Status:
    """What a name or a description says of it; "open" when they say nothing."""
    words = folded(f"{name}. {description}")
    if _SAID_PAUSED.search(words):
        return "paused"
    return "ended" if _SAID.search(words) or _NAMED.search(name) else "open"
