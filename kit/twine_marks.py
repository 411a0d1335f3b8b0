"""Marks that Twine's formats put around words: what they make bold, slanted or a heading. The words stay."""

from __future__ import annotations

import re

# Mark → its name, as an author would look for it; the first group is what stays.
_AROUND = tuple(
    (name, re.compile(pattern, re.DOTALL))
    for name, pattern in {
        "@@": r"@@(?:[^@;\n]*;|[.#][\w.-]+;?)?[ \n]*(.*?)@@",
        "{{{ }}}": r"\{\{\{(.*?)\}\}\}",
        '"""': r'"""(.*?)"""',
        "''": r"''(?=\S)(.+?)(?<=\S)''",
        "//": r"(?<![:/\w])//(?=\S)(?!/)([^\n]+?)(?<=[^\s:/])//(?!/)",
        "**": r"\*\*(?=\S)(.+?)(?<=\S)\*\*",
        "*": r"(?<![\w*])\*(?=\w)([^*\n]+?)(?<=[\w.!?…])\*(?![\w*])",
        "__": r"(?<![\w_])__(?=\w)([^_\n]+?)__(?![\w_])",
        "_": r"(?<![\w_\\])_(?=\w)([^_\n]+?)(?<=[\w.!?…])_(?![\w_])",
        "~~": r"~~(?=\S)(.+?)(?<=\S)~~",
        "^^": r"\^\^(?=\S)(.+?)(?<=\S)\^\^",
        "==": r"(?<![=<])==(?=[^\s=>])(.+?)(?<=[^\s=])==(?![=>])",
        "<|": r"(?<!\])\[([^\[\]]*)\]<[\w-]+\|",
        "|>": r"(?<=\])()<[\w-]+\|",
    }.items()
)
# A line that says how the next ones stand, a rule, a heading's marks.
_LINES = (
    ("=><=", re.compile(r"^[ \t]*(?:=+><=+|<=+>|=+>|<=+)[ \t]*$\n?", re.MULTILINE)),
    ("---", re.compile(r"^[ \t]*-{3,}[ \t]*$\n?", re.MULTILINE)),
    ("#", re.compile(r"^(?:#{1,6} +|!{1,6} ?(?=\w))", re.MULTILINE)),
)


def without_marks(text: str) -> tuple[str, list[str]]:
    """The words alone, and which marks stood around them."""
    found = []
    for name, pattern in _AROUND:
        text, count = pattern.subn(r"\1", text)
        found += [name] if count else []
    for name, pattern in _LINES:
        text, count = pattern.subn("", text)
        found += [name] if count else []
    return text, found
