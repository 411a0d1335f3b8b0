"""Street addresses and postal codes, French and English, with the number before or after the street."""

from __future__ import annotations

import re

# The street words of French that are nothing else after a number, then those that need a name after them.
_RUE = r"(?:rue|avenue|av|ave|boulevard|boul|bd|blvd|chemin|ch(?=\.)|r(?=\. d)|ruelle|impasse|allee|montee)\b\.?"
_OTHER = (
    r"(?:place|pl\.|route|rte\.?|cours|cote|rang|rg|square|croissant|promenade|terrasse|quai|carre|autoroute|sentier)"
)
_OF = r"(?:de la |de l'|des |du |de |d'|l'|la |le )"
_NAME = r"(?:[A-Z0-9][\w.'-]*|\d{1,3}e)"
_NUMBER = r"(?<![\w,.$-])(?:no\.? |n° ?|# ?)?\d{1,6}(?: ?[a-zA-Z]| bis| ter| ?1/2)?(?:-\d{1,6})?"
_WRITTEN = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante"
    "|cinquante|soixante|cent|two|three|four|five|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
)
_AFTER = r"(?:,? (?:au (?:numero |n° ?)?|no\.? |n° ?|numero |number |# ?)?|,? ?#|,)"
_MONTH = "jan|fev|feb|mar[s ]|avr|apr|mai|may|juin|june?|juil|july?|aou|aug|sep|oct|nov|dec"
_END = rf"(?![\w$%-]|[.,]\d| ?(?:%|\$|h\b|min\b|er?\b|{_MONTH}))"
# Without capitals, only what ends there is a number of a house.
_STOP = r"(?= ?(?:$|[^\w\s'%$-]|app|apt))"
_LOWER_RUE = r"\b(?:rue|avenue|boulevard|boul\.?|chemin)"

# Words of English that are part of no street's name: "3 women on the street".
_NO_NAME = (
    r"(?:the|a|an|on|in|of|by|to|at|for|from|this|that|our|their|your|my|and|or|with|into|across|down|up|off|per|each"
    r"|every|is|are|was|were|have|has|had|go|goes|took|take|people|women|men|hours?|days?|weeks?|months?|years?"
    r"|minutes?|times?|more|new|way|other|different|same|one|de|du|des|la|le|les|et|dans|sur|pour|par|au|aux)"
)
_STREET = r"(?:street|str|avenue|ave|road|rd|boulevard|blvd|crescent|cres|parkway|pkwy|highway|hwy|lane|terrace|drive)"
_MAYBE_STREET = (
    r"(?:st|dr|ln|court|ct|place|pl|way|trail|circle|cir|close|gate|grove|square|sq|walk|mews|row|hill|heights)"
)
_WIND = r"(?i: (?:[NSEWO]|north|south|east|west|nord|sud|est|ouest)\b\.?)?"
_CAPITAL = r"(?:[A-Z][\w.'-]*|\d{1,3}(?:st|nd|rd|th))"

_STREETS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        # "12, rue des Lilas", "au 12 de la rue Ontario"
        (rf"{_NUMBER}[ ,]{{1,3}}{_RUE}(?= ?[\w'])(?! (?:par|pour|a|et|ou|chaque|sur|en)\b)", re.I),
        (rf"{_NUMBER},? \d{{1,3}}(?:re|er|e) (?:avenue|rue|rang)\b", re.I),
        (rf"\b\d{{1,3}}(?:re|er|e) (?:avenue|rue|rang){_AFTER}\d{{1,6}}{_STOP}", re.I),
        (rf"{_NUMBER},? (?i:{_OF})?(?i:{_RUE}|{_OTHER}) (?i:{_OF})?{_NAME}", 0),
        # "rue des Lilas, 12", "boul. René-Lévesque 1200"
        (
            rf"(?i:\b(?:{_RUE}|{_OTHER})) (?i:{_OF})?(?:{_NAME}[ -]){{0,3}}(?!\d+,? \d){_NAME}{_AFTER}\d{{1,6}}"
            rf"(?i:{_END})",
            0,
        ),
        # "au numéro 345 sur l'avenue Laurier", "55 ch des Érables"
        (rf"(?i:\b(?:numero|no\.?|n°)) \d{{1,6}},? (?i:sur |dans |de )?(?i:{_OF})?(?i:{_RUE}) (?i:{_OF})?{_NAME}", 0),
        (rf"{_NUMBER},? che?\.? (?:des|du|de la) [A-Z]", 0),
        (rf"{_LOWER_RUE} {_OF}[\w'-]{{3,}}{_AFTER}\d{{1,6}}{_STOP}", re.I),
        (rf"{_LOWER_RUE} [\w'-]{{4,}}{_AFTER}\d{{2,6}}{_STOP}", re.I),
        # "450 Main Street", "450-12 north main st", "Main Street 450"
        (rf"{_NUMBER},? (?:{_CAPITAL} ){{1,3}}(?i:{_STREET}|{_MAYBE_STREET})\b(?!['-]\w)", 0),
        (
            rf"{_NUMBER},? (?:(?!{_NO_NAME} )[\w.'-]+ ){{1,2}}{_STREET}\b{_WIND}"
            rf"(?= ?(?:$|[^\w\s'-]| (?:in|near|at|and|or|by|app|apt|unit|suite|[NSEW])\b))",
            re.I,
        ),
        (rf"(?<![\w,.$-])\d{{3,6}},? (?!{_NO_NAME} )[\w'-]+ st\b(?![.]? ?-|'|-)", re.I),
        (rf"{_NUMBER},? (?!{_NO_NAME} )[\w'-]+ (?:st|ave|rd)\.? (?:[nsew]|ne|nw|se|sw)\b(?!['-])", re.I),
        # "10203-101 Street", "55 - 5th Avenue"
        (r"(?<![\w,.$-])(?!(?:19|20)\d\d-)\d{3,6} ?-? ?\d{1,3} (?:Street|St|Avenue|Ave)\b", 0),
        (r"(?<![\w,.$-])\d{1,6} ?- ?\d{1,3}(?:st|nd|rd|th) (?:Street|St|Avenue|Ave)\b", 0),
        (rf"\b{_CAPITAL} (?!(?i:highway|hwy))(?i:{_STREET}|st)\b\.?{_WIND}{_AFTER}\d{{1,6}}(?i:{_END})", 0),
        (rf"\b(?!{_NO_NAME} )[\w'-]{{3,}} (?!highway|hwy){_STREET}\b\.?{_WIND}{_AFTER}\d{{1,6}}{_STOP}", re.I),
        (rf"(?i:\b(?:number|no\.?|house) \d{{1,6}},? (?:on|in|at)) (?:{_CAPITAL} ){{1,3}}(?i:{_STREET})\b", 0),
    )
)
# One of these stands in every street above: most texts have none.
_STREET_WORD = re.compile(rf"\b(?:{_RUE}|{_OTHER}|{_STREET}|{_MAYBE_STREET}|che?\b)", re.I)

_WITHOUT_STREETS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        # "1234 Saint-Denis"
        (r"(?<![\w,.$-])\d{3,5},? (?:st|ste|saint|sainte)[ -][a-z]{3}", re.I),
        # "1200, Ontario Est", "suite 200, 12 King", "R.R. #3"
        (rf"(?<![\w,.$-])(?!(?:19|20)\d\d\b)\d{{3,5}},? {_CAPITAL} (?:Est|Ouest|Nord|Sud|East|West|North|South)\b", 0),
        (r"(?i:\b(?:suite|unit|bureau)) ?\d{1,5}(?:, ?| ?- ?)\d{1,5} [A-Z]", 0),
        (rf"(?<![\w,.$-])\d{{1,5}},? {_CAPITAL}(?: {_CAPITAL})?,? (?i:suite|unit|apt\.?|app\.) ?#?\d", 0),
        (r"\bR\.? ?R\. ?#?\d|\bRR ?#\d|\bRR ?\d{1,2},? (?:site|box|stn|comp)\b|\brural route #?\d", re.I),
        # a house on a numbered road: "78 Highway 17"
        (rf"{_NUMBER},? (?:Highway|Hwy\.?|Autoroute|Concession|County Road|Range Road|Township Road) \d{{1,4}}\b", 0),
        # an apartment, a post-office box
        (r"\b(?:app\.|appt\.?|apt\.?|appartement|apartment) ?(?:no\.? ?|n° ?|# ?)?\d", re.I),
        (r"\b(?:c\. ?p\.|case postale|p\. ?o\. box|p\. ?o\. ?b\.|pob|po box|post office box) ?\d", re.I),
        (r"\bBox \d{1,5}, (?!(?:Table|Figure|Fig|Page|Section|Row|Column|Question|Box|Item|Part|Step)\b)[A-Z][a-z]", 0),
    )
)

# Without a digit: "douze, rue des Lilas", "coin Ontario et Panet", "corner of Main and 5th".
_WITHOUT_DIGITS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (rf"(?i:\b(?:{_WRITTEN})(?: hundred)?) {_CAPITAL}(?: {_CAPITAL})? (?i:street|avenue|road|boulevard)\b", 0),
        (rf"\b(?:{_WRITTEN})(?: cents?)?,? (?:rue|avenue|boulevard|chemin|street|road)\b", re.I),
        (
            rf"(?i:\b(?:coin|angle)) (?i:{_OF})?(?:(?i:{_RUE}|rues) )?(?i:{_OF})?{_NAME}"
            rf"(?: et | ?[/&] ?)(?i:{_OF})?(?:(?i:{_RUE}) )?(?i:{_OF})?{_NAME}",
            0,
        ),
        (rf"(?i:\bcorner(?: of)?) {_CAPITAL}(?: {_CAPITAL})?(?: and | ?[/&] ?){_CAPITAL}", 0),
    )
)
_DIGIT = re.compile(r"\d")

_FIRST = "[abceghj-nprstvxy]"
_NUMBERS = "un|deux|trois|quatre|cinq|six|sept|huit|neuf|zero|one|two|three|four|five|seven|eight|nine"
# "h deux x un y quatre"
_POSTAL_ALOUD = re.compile(
    rf"\b(?!(\w) \w+ \1 ){_FIRST} (?:{_NUMBERS}) [a-z],? (?:{_NUMBERS}) [a-z] (?:{_NUMBERS})\b", re.I
)
_POSTAL_CODE = re.compile(
    rf"(?<![a-z0-9]){_FIRST}\d[a-z](?:[ ._/-]{{0,5}}|,)\d[a-z]\d(?![a-z0-9])"
    # With signs between all of them; "y a 3 à 5" and hours are none.
    rf"|(?<![a-z0-9])(?!([a-z])\W{{0,5}}\d\W{{0,5}}\1|a\W{{0,5}}\d\W{{0,5}}b)"
    rf"{_FIRST}[ ._-]{{0,3}}\d[ ._-]{{0,3}}(?![ah])[a-z][ ._-]{{0,5}}\d[ ._-]{{0,3}}(?![ah])[a-z]"
    r"[ ._-]{0,3}\d(?![a-z0-9])"
    r"|(?<![\d-])\d{5}-\d{4}(?![\d-])"
    # With a letter where a zero is meant: "K1A OB1". Where it is called a postal code, its first half is enough.
    r"|(?<![a-z0-9])(?-i:[ABCEGHJ-NPR-TVXY]\d[A-Z][ -]?[\dO][A-Z][\dO])(?![a-z0-9])"
    rf"|\b(?:code postal|postal code)(?: is| est| c'est)? ?:? ?{_FIRST}\d[a-z]\b",
    re.I,
)
_COORDINATES = re.compile(
    r"(?<![\d.,])-?\d{1,2}\.\d{3,9} ?°? ?[NS]?[ ,;]{1,2}[NSEWO]? ?-?\d{1,3}\.\d{3,9}(?!\d)"
    r"|(?<![\d.,])-?\d{1,2},\d{4,9} ?[;/ ] ?-\d{1,3},\d{4,9}(?!\d)"
    r"|\d{1,3} ?° ?\d{1,2}(?:\.\d{1,6})? ?'"
    r"|\blat(?:itude)?\b.{0,3}-?\d{1,2}\.\d{3}",
    re.I,
)
_DECIMALS = re.compile(r"\d[.,]\d{3}")
# A code for a square on the map: "87Q6+R4", "///filled.count.soap".
_SQUARE = re.compile(
    r"(?<![\w+])(?=[2-9]{0,7}[CFGHJMPQRVWX])[2-9CFGHJMPQRVWX]{4,8}\+[2-9CFGHJMPQRVWX]{2,3}(?!\w)"
    r"|///[^\W\d_]{2,30}\.[^\W\d_]{2,30}\.[^\W\d_]{2}"
)


def is_street(text: str) -> bool:
    """Whether a street with its number, an apartment or a post-office box stands in a plain text."""
    patterns = (*_WITHOUT_DIGITS, *_WITHOUT_STREETS) if _DIGIT.search(text) else _WITHOUT_DIGITS
    if any(pattern.search(text) for pattern in patterns):
        return True
    return bool(_DIGIT.search(text) and _STREET_WORD.search(text)) and any(one.search(text) for one in _STREETS)


def is_postal_code(text: str) -> bool:
    """Whether a postal code of Canada, or a long one of the United States, stands in a plain text."""
    return bool((_DIGIT.search(text) and _POSTAL_CODE.search(text)) or _POSTAL_ALOUD.search(text))


def is_on_a_map(text: str) -> bool:
    """Whether latitude and longitude stand in a plain text: to a thousandth of a degree, that is a house."""
    near = "°" in text or _DECIMALS.search(text)
    return bool((near and _COORDINATES.search(text)) or (("+" in text or "///" in text) and _SQUARE.search(text)))
