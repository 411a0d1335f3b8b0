"""E-mail addresses, links and accounts, written as they are or read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Ends of addresses that are no word after a full stop whose space was forgotten, nor an ending of inclusive
# French ("participant.es"): those need a path, a known host, or an "@" before them.
_ENDS = (
    "ca|com|org|net|info|gouv|gov|gc|qc|quebec|edu|biz|io|app|dev|xyz|fr|uk|eu|ch|au|nz|mx|jp|cn|ru|tv|cc|ly|gl|gle"
    "|gg|ee|ngo|ong|coop|asso|online|website|blog|cloud|tech|agency|foundation|montreal|toronto"
)
_SAFE_ENDS = "ca|com|org|gouv|gc|qc"
_HOSTS = r"youtu\.be|(?:t|m|wa|fb|about|paypal|linktr|msng)\.(?:me|ee)|zoom\.us|lnkd\.in|(?:discord|linktr)\.\w{2}"
_INCLUSIVE = r"(?:e|s|es|se|ses|ne|nes|le|les|rice|rices|euse|euses|x|xs|trice|trices|ve|ves|ere|eres|fe|fes|te|tes)\b"

_DOT = r"(?: ?\. ?| (?:dot|point|pt) )"
_MAIL_HOSTS = r"g ?mail|gee ?mail|hotmail|icloud|proton ?mail|videotron"

_EMAIL = re.compile(
    r"\w ?@ ?(?:[\w-]+\.)+[a-z]{2,}"
    rf"|\w ?@ ?[\w-]+(?:{_DOT}[\w-]+){{0,3}}{_DOT}(?:{_ENDS}|es|de|be|me|us)\b"
    r"|[a-z_]\d{0,9}@[a-z][\w-]{2}"
    rf"|\w (?:at|chez) [\w-]+(?:(?:\.| (?:dot|point) )[\w-]+){{0,3}}(?:\.| (?:dot|point) )(?:{_ENDS})\b"
    rf"|\b(?:at|chez|sur|a) (?:{_MAIL_HOSTS})\b|\b(?:at|chez) yahoo\b|\bchez outlook\b"
    r"|\b(?:mailto|courriel|e-?mail|gmail|hotmail) ?[:=] ?[\w.+-]*\w ?@"
    rf"|@[ ,]{{0,2}}[\w-]+[ ,]{{1,2}}(?:dot|point)[ ,]{{1,2}}(?:{_ENDS})\b"
    # "a n n a @ e x e m p l e", "anna gmail com", "gmail: anna"
    r"|(?:\b\w ){2}@(?: \w\b){2}"
    rf"|\b(?:{_MAIL_HOSTS}) ?(?:com|ca|fr|net|me)\b"
    rf"|\b(?:{_MAIL_HOSTS}) ?[:=] ?\w{{4}}|\b(?:{_MAIL_HOSTS}) (?:is|est|c'est) [a-z]\w{{0,30}}[\d_]",
    re.I,
)
# "annaATexempleDOTca"
_CAPITALS_BETWEEN = re.compile(r"[a-z\d]AT[a-z][\w-]{1,30}DOT[a-z]{2}")
_SCHEME = re.compile(r"\b(?:h(?:tt|xx)ps?|ftp|ssh|geo|tel|sms|mailto) ?: ?/? ?/? ?[\w+]*[\w+./]", re.I)
_LINK = re.compile(
    r"\bwww ?[. ] ?\w"
    rf"|(?<![^\W_])[^\W_][\w-]*\.(?:{_ENDS})\b(?![-'.]?\w*@)"
    rf"|\b(?:{_HOSTS})\b"
    rf"|(?<![^\W_])[^\W_][\w-]*\.(?!{_INCLUSIVE})[a-z]{{2,18}}/[\w?#~]"
    rf"|\w \. ?(?:{_SAFE_ENDS}|net)\b"
    rf"|[\w-]{{2}} dot (?:{_ENDS})\b|[\w-]{{2}}(?<!\ble)(?<!\bce)(?<!\bun)(?<!\bau) point (?:{_SAFE_ENDS})\b"
    rf"|\bhttps? [\w-]+ (?:{_ENDS})\b"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}:\d{2,5}",
    re.I,
)
_PLACES = (
    "instagram|insta|ig|facebook|fb|messenger|snapchat|snap|tik ?tok|twitter|telegram|discord|linkedin|whatsapp"
    "|skype|viber|wechat"
)
_ACCOUNT = re.compile(
    r"(?<![\w@])@[a-z_][\w.]|@ [a-z]{1,30}_\w"
    r"|\b[a-z][\w.]{1,31}#\d{4}\b"
    r"|\bskype\b.{0,4}\blive:|\bsignal ?[:=] ?@?[a-z_]{3,32}[._]?\d{2}"
    r"|(?<![\w/])u/(?=[a-z_-]{0,20}\d)[a-z_]"
    r"|\b(?:(?:playstation|psn|xbox|gamer|line) id|gamertag|pseudo|username|handle|nom d'utilisat\w{3,5})"
    r" ?(?:is|est|[:=]) ?@?[a-z_.]{3,30}\d{2}"
    rf"|\b(?:{_PLACES})\b(?: (?:est|is|c'est|account|compte|handle(?:'s)?|id|moi|me|ajoute|add|as|sous|under))?"
    r"[ :=@>→-]{1,4}"
    r"(?=[\w.-]{4,40}(?![\w.-]))(?=[a-z]*[\d_.-]*[a-z]{2})(?=[a-z-]*(?:[\d_]|\.\w))[a-z\d_][\w.-]*[a-z\d_]",
    re.I,
)


# Without any of these, no pattern finds anything: most texts need no closer look.
_OF_EMAIL = ("@", " at ", " chez ", "mail", "cloud", "videotron", "yahoo", "outlook")
_OF_LINK = (".", "www", "http", "dot", "point")
_OF_ACCOUNT = (
    "@", "#", "u/", "signal", " id", "gamertag", "pseudo", "username", "handle", "utilisat", "tik tok",
    *_PLACES.replace(" ?", "").split("|"),
)  # fmt: skip


def is_email(text: str) -> bool:
    """Whether an e-mail address stands in a plain text, with signs or read aloud."""
    return bool(_any_of(_OF_EMAIL, text) and _EMAIL.search(text)) or bool(_CAPITALS_BETWEEN.search(text))


def is_link(text: str) -> bool:
    """Whether an address of the web stands in a plain text: a link, a bare domain, or one read aloud."""
    return bool((":" in text and _SCHEME.search(text)) or (_any_of(_OF_LINK, text) and _LINK.search(text)))


def is_account(text: str) -> bool:
    """Whether an account of a social network stands in a plain text."""
    return bool(_any_of(_OF_ACCOUNT, text) and _ACCOUNT.search(text))


def _any_of(signs: Iterable[str], text: str) -> bool:
    lower = text.lower()
    return any(sign in lower for sign in signs)
