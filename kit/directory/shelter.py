"""A house that people flee to never slips in with a list: everything that a line says is looked at.

What is called so is one; what only speaks of such a place may be one, and is asked about. Patterns, not
understanding: they are wide, since a service too many that is asked about costs a click.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from kit.directory.spellings import spellings

# All of them read folded text: small letters, no accents, no marks.
_HOUSE = re.compile(
    r"hebergement|maisons? (?:de|d) (?:transition|aide|accueil)\b|\brefuges?\b|\bshelters?\b|\bsheltering\b"
    r"|\btransition(?:al)? (?:hous|home|hse?\b)|\bsafe ?(?:hous|home)|\b(?:second|2nd|third|3rd) stage\b"
    r"|\b(?:deuxieme|seconde|troisieme|[23]e|[23]eme) etape\b|\binterval house|\b(?:crisis|emergency) hous"
    r"|\blogements? (?:d urgence|transitoires?|de transition)\b|\bmaisons? pour (?:les )?(?:femmes|victimes)\b"
    r"|\bwomen s (?:house|home|residence)|\bbergement\b|\bshltrs?\b|\bhebergt\b|\bmh2\b|\bchrs\b"
    # As 211 numbers them: emergency shelter, transitional housing.
    r"|\bbh 1800\b|\bbh 8600\b"
)
# Such a word beside one of these is another roof.
_OTHER_ROOF = re.compile(r"\b(?:anima\w*|pets?|dogs?|cats?|chiens?|chats?|spca|spa|autobus|bus|web|internet)\b")
_PERHAPS = re.compile(
    r"\bheb(?!d|r[eai]|et)|ebergement|\bfoyers?\b|\bgites?\b|\bhaven\b|\bsanctu?ar\w+|\bsanctuaires?\b|\bhostels?\b|\bauberges?\b"
    r"|\bmaisons? (?:des|de la|de) (?:femmes?|meres?)\b|\bmaisons? (?:femmes|meres)\b|\bcentres? maternels?\b"
    r"|\bresidences? (?:pour|for|de|d)\b|\babris?\b|\bhaltes? nuit\b|\bovernight\b|\bpour la nuit\b|\bbeds?\b|\blits\b"
    r"|\baccueil de nuit\b|\bnuitees?\b|\bdort?o?irs?\b|\bdormitor\w+|\brefugios?\b|\balbergues?\b"
    r"|\b(?:mise|mises|mettre) (?:a l abri|en surete|en securite)\b|\bmaisons? de repit\b|\bdormir\b"
    r"|\baccueil d urgence\b|\brespite (?:hous|home)|\blength of stay\b"
    r"|\b(?:duree (?:du|de) )?sejours? (?:maxim|de (?:\w+ )?(?:semaines?|mois|jours?))|\bstays? (?:of )?up to\b"
    r"|\bplaces? to (?:stay|sleep|live)\b|\b(?:lieu|endroit|place) (?:ou|pour|sure pour) (?:dormir|rester|vivre)\b"
    r"|\b(?:fui[rt]|fuient|fuyant|fuyent|quitt\w+|flee|flees|fled|fleeing|escap\w+|leav\w+)\b(?: \w+){0,5}"
    r" (?:violen\w+|abus\w+|conjoint\w*|partner|danger)"
    r"|\bdomestic violence (?:hous|residen|program)|\bsafe (?:stay|bed|place|accommodation)"
    r"|\baccueil\w*(?: \w+){0,3} (?:jour et nuit|24)|\b(?:women|woman) s lodge"
)
# A roof for a while: what it is, beside how it is given.
_ROOM = (
    r"(?:housing|hsg|accommodations?|lodgings?|lodges?|apartments?|residen(?:ce|cy|tial|tiel)\w*|rooms?|motels?|hotels?"
    r"|logements?|logis|log(?:er|eons|ees?)|appartements?|apparts?|chambres?|hebergees?|maisons?|toits?|units?)"
)
_GIVEN = (
    r"(?:emergency|emerg|crisis|temporary|interim|short term|transition\w*|safe|secure|supervised|urgence|temporaires?"
    r"|transitoires?|securitaires?|securises?|proteges?|supervisee?s?|d urgence)"
)
# An emergency room is a hospital's.
_FOR_A_WHILE = re.compile(
    rf"\b{_GIVEN}(?: \w+)? (?!rooms?\b|units?\b){_ROOM}\b|\b(?!rooms?\b|units?\b){_ROOM}(?: \w+){{0,2}} {_GIVEN}\b"
)
# A roof of whatever kind, in a line that speaks of violence.
_ROOF = re.compile(
    rf"\b{_ROOM}\b|\bhouses?\b|\bvillas?\b|\bcome and stay|\bstay with us|\bsejour\w*"
)
_VIOLENCE = re.compile(
    r"\bviolen\w+|\babus(?:e|ed|ive|es)\b|\bsurvivors?\b|\bsurvivantes?\b|\bvictim\w*|\bbattered\b|\bbattues?\b|\bvaw\b|\bdv\b"
    r"|\bipv\b|\ben danger\b|\bin danger\b|\bfemmes? en difficulte\b|\btrafficked\b|\bfle(?:e|d|es|eing)\b"
    r"|\bfui\w*|\bwomen s crisis\b"
)
_PLACE = r"(?:lieux?|adresses?|endroits?|emplacements?|coordonnees|location|addresse?s?|place|site|whereabouts)"
_KEPT = (
    r"(?:secr[ei]t\w*|confidenti\w+|undisclosed|unlisted|unpublished|hidden|withheld|private|privee?s?|masque\w*|cache\w*"
    r"|(?:not|n est pas|ne sont pas|non|pas|jamais|never) (?:\w+ ){0,2}(?:publi\w+|disclos\w+|divulgu\w+|shar\w+"
    r"|list\w+"
    r"|donn\w+|given|affich\w+|communiqu\w+|reveal\w+|revel\w+|public)"
    r"|(?:for|par|pour la|pour votre) (?:safety|security|securite)|on request|sur demande|(?:provided|given"
    r"|donnee?s?) (?:by|once"
    r"|after|when|upon|par|au)|upon (?:intake|referral|request))"
)
# An address that is kept from others.
_UNTOLD = re.compile(
    rf"\b{_PLACE} (?:\w+ ){{0,5}}{_KEPT}|\b{_KEPT} (?:\w+ ){{0,3}}{_PLACE}\b"
    rf"|\b(?:call|appelez|appeler|telephone\w*|phone) (?:\w+ ){{0,5}}(?:location|address|adresse|lieu|endroit)\b"
)
# A web address has no words: "refuge" is looked for, "refugee" is not.
_RUN_TOGETHER = re.compile(
    r"hebergement|shelter(?!ed)|refuge(?![ei])|transition(?:al)?(?:hous|home)|safe(?:hous|home)"
    r"|maisonde?(?:transition|daide)|maisondaccueil|(?:second|2nd|third)stage|2estage|2eetape|deuxiemeetape|intervalhouse"
    r"|womenshouse|womenshome|maisonpour(?:les)?femmes|bergement"
)

Found = Literal["sure", "perhaps", ""]


def shelter_in(called: Iterable[str], said: Iterable[str], pages: Iterable[str] = ()) -> Found:
    """Whether a line is about such a house.

    called  what it is called by: its name, its organization, its type, the codes and names of its terms
    said    whatever else stands in the line; `pages` are web addresses
    """
    names = [one for text in called for one in spellings(text)]
    if any(_HOUSE.search(name) and not _OTHER_ROOF.search(name) for name in names):
        return "sure"
    others = [one for text in said for one in spellings(text)]
    spoken = any(pattern.search(text) for text in (*names, *others) for pattern in _SPOKEN)
    # A word whose letters stand apart, in a name or in an address.
    places = [one for page in pages for one in spellings(page)]
    spread = any(_RUN_TOGETHER.search(text.replace(" ", "")) for text in (*names, *places))
    spread = spread or any(_HOUSE.search(text) for text in places)
    return "perhaps" if spoken or spread or _roof_from_violence([*names, *others]) else ""


_SPOKEN = (_HOUSE, _PERHAPS, _FOR_A_WHILE, _UNTOLD)


def _roof_from_violence(texts: Iterable[str]) -> bool:
    """A roof in one part of the line, violence in the same or in another: its type, its description."""
    whole = " | ".join(texts)
    return bool(_ROOF.search(whole) and _VIOLENCE.search(whole))
