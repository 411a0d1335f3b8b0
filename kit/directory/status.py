"""Is a service still there? What a list says of it, in a column of its own or in its name and description."""

from __future__ import annotations

import re
from typing import Literal

from kit.letters import folded

Status = Literal["open", "paused", "ended", "unknown"]

# What Airtable writes of a box that is ticked; of one that is not it writes nothing.
TICKED, UNTICKED = "checked", "unchecked"
_PAUSED = re.compile(r"\btempora|\bpour l instant\b|\bfor now\b|\bsaison|\bseason|\bpaus|\bsuspend|\bon hold\b")
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
    r"\b(?:permanently closed|closed permanently|no longer (?:offer|operat|avail|in operation|exist)"
    r"|definitivement ferme|ferme(?:e|s|es)? definitivement|n existe plus|n est plus offert|ne sont plus offert"
    r"|a cesse ses activites|ceased operations"
    r"|(?:ce |le )?(?:service|programme|projet) (?:a pris fin|a ete aboli|est termine)"
    r"|(?:service|program|project) (?:was |has been |has |is )?(?:discontinued|ended|cancelled|canceled|terminated))"
)
_SAID_PAUSED = re.compile(
    r"\b(?:temporarily closed|closed temporarily|temporairement ferme|ferme(?:e|s|es)? temporairement"
    r"|closed (?:until|for (?:the (?:season|summer|winter)|renovations?))"
    r"|ferme(?:e|s|es)? (?:jusqu (?:en|au|a nouvel)|pour (?:la saison|l ete|l hiver|renovations?|travaux)))"
)


def status_of(told: str) -> Status:
    """What the cell of a status column means; a longer phrase counts by what it denies."""
    words = folded(told)
    if not words:
        return "open"
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
