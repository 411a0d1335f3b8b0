"""The type of a service from the words of other classifications: 211's, Open Eligibility's, a ministry's.

Only where the words point to one type alone; codes of other classifications are not read, since each has its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kit.letters import folded

_WORDS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(rf"\b(?:{words})")
    for kind, words in {
        "legal_aid": r"legal|lawyers?\b|attorney|juridi|droits?\b|avocat|notaire|immigration law|justice\b",
        "health": r"health|medical|medicine|clinic|sante\b|hospital|hopital|nurs(?:e|ing)\b|dent(?:al|aire)|clsc\b"
        r"|vih\b|hiv\b|pharmac",
        "language_classes": r"language (?:class|course|train|instruct|learn)|esl\b|fsl\b|francisation|literacy"
        r"|alphabetis|cours (?:de langue|de francais|d anglais)|(?:english|french) (?:class|course|as a second)",
        "interpretation": r"interpret|translat|traduct",
        "womens_groups": r"wom[ae]n s (?:group|cent|support|association)|centres? (?:de|des) femmes"
        r"|(?:groupes?|soutien) (?:de |des |pour |aux )?(?:les )?femmes",
        "mens_groups": r"men s (?:group|cent|support|program)"
        r"|(?:groupes?|soutien) (?:de |des |pour |aux )?(?:les )?hommes",
        "sexual_assault": r"sexual (?:assault|abuse|violence)|rape|agressions? sexuelle|violences? sexuelle|calacs",
        "lgbtq": r"(?:2s)?lgbt|2elgbt|queer|trans(?:gender| people)|diversite sexuelle",
        "crisis_support": r"crisis|crise\b|hot ?line|help ?line|ligne d ecoute|victim",
        "food": r"food|meals?\b|pantr|grocer|nutrition|aliment|repas\b|cuisine|soup kitchen|popote",
        "employment": r"employ|jobs?\b|career|emploi|vocational|work (?:training|search)|insertion professionnelle",
        "childcare": r"child ?care|day ?care|garderie|garde d enfants|halte garderie|cpe\b",
    }.items()
}


def kind_of(terms: Iterable[str]) -> str:
    """The one type that the words of a service's terms speak of; empty when it is none or several."""
    words = [folded(term) for term in terms]
    found = {kind for kind, pattern in _WORDS.items() if any(pattern.search(text) for text in words)}
    # "Women's health" is health for women; what is narrower says more than what is wide.
    for narrow, wide in (("sexual_assault", "crisis_support"), ("lgbtq", "health"), ("interpretation", "legal_aid")):
        if narrow in found:
            found.discard(wide)
    return found.pop() if len(found) == 1 else ""
