"""What Twine's own formats put into a passage, taken out: comments, code, markup; links that code makes are kept.

Harlowe, SugarCube, Chapbook and Snowman each have a language of their own. The kit runs none of them: what a reader
of the story would not see as words is dropped and told, what a condition holds is kept, and a link that a macro
makes becomes an ordinary one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from kit.twine_marks import without_marks

# Passages that hold code, settings or a frame; and tags that say so.
SPECIAL = frozenset({
    "StoryInit", "StoryCaption", "StoryMenu", "StoryBanner", "StorySubtitle", "StoryAuthor", "StoryInterface",
    "StorySettings", "StoryShare", "StoryIncludes", "StoryDisplayTitle", "StoryStylesheet", "StoryScript",
    "PassageReady", "PassageDone", "PassageHeader", "PassageFooter",
})  # fmt: skip
CODE_TAGS = frozenset({
    "script", "stylesheet", "widget", "init", "startup", "header", "footer", "debug-startup", "debug-header",
    "debug-footer", "Twine.private", "Twine.image", "Twine.audio", "Twine.video", "Twine.vtt",
})  # fmt: skip

_QUOTED = r"(?:\"(?P<{0}a>[^\"]*)\"|'(?P<{0}b>[^']*)')"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|/\*.*?\*/|/%.*?%/", re.DOTALL)
_LINK_GOTO = re.compile(
    rf"\(\s*link-(?:reveal-)?(?:goto|go-to)\s*:\s*{_QUOTED.format('text')}(?:\s*,\s*{_QUOTED.format('to')})?\s*\)", re.I
)
_LINK_HOOK = re.compile(
    rf"\(\s*link(?:-[a-z]+)?\s*:\s*{_QUOTED.format('text')}[^()]*\)\s*\[[^\[\]]*?"
    rf"\(\s*(?:goto|go-to)\s*:\s*{_QUOTED.format('to')}\s*\)[^\[\]]*\]",
    re.IGNORECASE,
)
_SUGAR_LINK = re.compile(
    rf"<<(?:link|button|click)\s+{_QUOTED.format('text')}\s+{_QUOTED.format('to')}\s*>>.*?<</(?:link|button|click)>>",
    re.IGNORECASE | re.DOTALL,
)
_SUGAR_INNER = re.compile(
    r"<<(?:link|button|click|actions)\s+(?P<link>\[\[.+?\]\])\s*>>(?:.*?<</(?:link|button|click)>>)?", re.I | re.DOTALL
)
_SUGAR_BODY = re.compile(
    rf"<<(?:link|button|click)\s+{_QUOTED.format('text')}\s*>>.*?<<goto\s+{_QUOTED.format('to')}\s*>>.*?"
    r"<</(?:link|button|click)>>",
    re.IGNORECASE | re.DOTALL,
)
_SUGAR_CHOICE = re.compile(
    rf"<<choice\s+{_QUOTED.format('to')}(?:\s+{_QUOTED.format('text')})?\s*>>", re.IGNORECASE
)
_SUGAR_BACK = re.compile(
    rf"<<(?:return|back)\s+{_QUOTED.format('text')}\s+{_QUOTED.format('to')}\s*>>", re.IGNORECASE
)
_SUGAR_ACTIONS = re.compile(
    r"<<actions\s+(?P<all>(?:\"[^\"]*\"|'[^']*')(?:\s+(?:\"[^\"]*\"|'[^']*'))*)\s*>>", re.IGNORECASE
)
_ANCHOR = re.compile(
    rf"<a\b[^<>]*?\bdata-passage\s*=\s*{_QUOTED.format('to')}[^<>]*>(?P<texta>.*?)</a>(?P<textb>)",
    re.IGNORECASE | re.DOTALL,
)
_IMAGE_LINK = re.compile(
    r"\[img\[(?:(?P<text>[^\[\]|]*)\|)?[^\[\]]*\]\[(?P<to>[^\[\]]+)\](?:\[[^\[\]]*\])?\]", re.IGNORECASE
)
# What no reader sees, with all that stands in it.
_UNSEEN = re.compile(
    r"<(?P<name>script|style)\b.*?</(?P=name)\s*>|<<(?P<macro>silently|script|widget)\b[^<>]*>>.*?<</(?P=macro)>>",
    re.IGNORECASE | re.DOTALL,
)
# Code that goes to another passage, or shows it here, with no link to press.
_JUMP = re.compile(
    rf"\(\s*(?:go-?to|display)\s*:\s*{_QUOTED.format('one')}|<<(?:goto|include|display)\s+{_QUOTED.format('two')}"
    rf"|\{{\s*embed passage(?: named)?\s*:\s*{_QUOTED.format('six')}",
    re.IGNORECASE,
)
_CHAPBOOK_LINK = re.compile(
    rf"\{{\s*link to\s*:\s*{_QUOTED.format('to')}\s*,\s*label\s*:\s*{_QUOTED.format('text')}\s*\}}",
    re.IGNORECASE,
)
_STRINGS = re.compile(r"\"[^\"]*\"|'[^']*'")
_LINKS = (
    _LINK_GOTO, _LINK_HOOK, _SUGAR_LINK, _SUGAR_BODY, _SUGAR_CHOICE, _SUGAR_BACK, _CHAPBOOK_LINK, _ANCHOR,
)  # fmt: skip
_SUGAR = re.compile(r"<<\s*(?P<name>/?[a-z=_-][\w-]*)[^<>]*(?:>(?!>)[^<>]*)*>>", re.IGNORECASE)
_SNOWMAN = re.compile(r"<%.*?%>", re.DOTALL)
_HARLOWE = (
    r"\(\s*(?P<name>set|put|move|unpack|print|verbatim|if|unless|else-?if|else|for|loop|either|cond|nth|link[\w-]*|"
    r"go-?to|display|undo|restart|text[\w-]*|font|align|colou?r|bg|background|hook|css|transition[\w-]*|t8n[\w-]*|"
    r"alert|prompt|confirm|live|stop|event|after|random|history|visits?|passages?|save[\w-]*|load[\w-]*|click[\w-]*|"
    r"mouse[\w-]*|replace[\w-]*|append[\w-]*|prepend[\w-]*|show|hide|hidden|rerun|enchant|change|a|array|dm|datamap|"
    r"ds|dataset|macro|output[\w-]*|meter|dialog|seq-link|cycling-link|input[\w-]*|force-[\w-]*|scroll|open-url|page)"
    r"\s*:"
)
# A macro, or the name of a hook; the hook itself stands behind both.
_CALL = re.compile(rf"{_HARLOWE}|(?P<hook>\|[\w-]+[>)])(?=\[)", re.IGNORECASE)
# Two brackets are a link, three a hook around one.
_HOOK = re.compile(r"\s*(?=\[)(?!\[\[(?!\[))")
_MODIFIER = re.compile(
    r"\[\s*(?P<name>if|ifalways|ifnever|unless|else|after|append|align|cont|continued?|cont'd|note|note to myself|"
    r"n\.b\.|fixme|todo|css|javascript)\b[^\[\]]*\]",
    re.IGNORECASE,
)
_UNSHOWN = ("note", "note to myself", "n.b.", "fixme", "todo", "css", "javascript")
_INSERT = re.compile(
    r"\{\{\s*(?P<inner>[a-z_$][\w.$]*)\s*\}\}|\{\s*(?P<name>[a-z_][\w.]*|back link|restart link|[a-z ]+ (?:link"
    r"|passage|menu|input"
    r"|image|sound|effect|to|named|switcher|video|flickr|unsplash)(?: for)?"
    r"|(?:no )?ambient[a-z ]*)\s*(?:[:,][^{}]*)?\}",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\[\[\s*\]\]")
_BRACES = re.compile(r"\{([^{}]*)\}")
_TEMPORARY = re.compile(r"(?<![\w\\])_[A-Za-z]\w*\b(?!_)")
_SETTING = re.compile(r"\s*[A-Za-z_][\w.]*(?:\s*\(.*\))?\s*:.*")
_VARIABLE = re.compile(r"\$[A-Za-z_]\w*(?:(?:\.|'s )[A-Za-z_]\w*)*")
_TAG = re.compile(r"</?(?P<name>[a-z][a-z0-9-]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_LINES = frozenset({"br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr", "table"})
_IMAGE = re.compile(r"\[img\[.*?\]+", re.IGNORECASE | re.DOTALL)
GAP = "…"


@dataclass
class Cleaned:
    """A passage's text with ordinary links, and what was taken out: names by kind ("comment", "code", …)."""

    text: str
    taken: dict[str, list[str]] = field(default_factory=dict)

    def drop(self, pattern: re.Pattern[str], kind: str, put: str | Callable[[re.Match[str]], str] = "") -> None:
        """Replace each match, and write down what it was called."""

        def one(found: re.Match[str]) -> str:
            groups = found.groupdict()
            named = groups.get("name") or groups.get("macro") or groups.get("inner") or found[0]
            self.note(kind, " ".join(named.split())[:30])
            return put if isinstance(put, str) else put(found)

        self.text = pattern.sub(one, self.text)

    def note(self, kind: str, name: str) -> None:
        """Something of this kind was taken out; what only closes it again is no other thing."""
        if kind == "code" and name.startswith("/"):
            return
        names = self.taken.setdefault(kind, [])
        if name not in names:
            names.append(name)


def cleaned(text: str, ours: bool = False) -> Cleaned:
    """A passage without what only Twine understands; in a file of the kit's own, marks around words are words."""
    made = Cleaned(text)
    made.drop(_COMMENT, "comment")
    made.drop(_UNSEEN, "code")
    for pattern in _LINKS:
        made.text = pattern.sub(_as_link, made.text)
    made.text = _SUGAR_INNER.sub(lambda found: found["link"], made.text)
    made.text = _SUGAR_ACTIONS.sub(lambda found: "\n".join(map(_own_link, _STRINGS.findall(found["all"]))), made.text)
    made.text = _IMAGE_LINK.sub(lambda found: f"[[{found['text'] or found['to']}->{found['to']}]]", made.text)
    for found in _JUMP.finditer(made.text):
        made.note("jump", next(name for name in found.groups() if name is not None))
    _settings(made)
    made.drop(_IMAGE, "code")
    made.drop(_EMPTY, "code")
    made.drop(_SUGAR, "code")
    made.drop(_SNOWMAN, "code")
    _macros(made)
    _modifiers(made)
    made.drop(_INSERT, "code", GAP)
    # A variable in a setter link goes with it; in a text, its place stays open for the author to fill.
    made.text = re.sub(r"(?<=\])\[[^\[\]]*\](?=\])", lambda found: _setter(made, found[0]), made.text)
    made.drop(_VARIABLE, "variable", GAP)
    if "code" in made.taken:
        made.drop(_TEMPORARY, "variable", GAP)
    _markup(made)
    if not ours:
        _marks(made)
    return made


def _own_link(quoted: str) -> str:
    return f"[[{quoted[1:-1]}]]"


def _marks(made: Cleaned) -> None:
    """Marks around words go, and braces that only draw lines together."""
    if _BRACES.search(made.text):
        made.note("markup", "{ }")
        made.text = _BRACES.sub(r"\1", made.text)
    made.text, marks = without_marks(made.text)
    for mark in marks:
        made.note("markup", mark)


def _as_link(found: re.Match[str]) -> str:
    text = found["texta"] or found["textb"] or ""
    target = found["toa"] or found["tob"] or text
    return f"[[{text}->{target}]]"


def _setter(made: Cleaned, setter: str) -> str:
    made.note("code", setter[1:-1].strip()[:30])
    return ""


def _settings(made: Cleaned) -> None:
    """Chapbook's variables stand above a line of two dashes."""
    above, dashes, below = made.text.partition("\n--\n")
    lines = [line for line in above.split("\n") if line.strip()]
    if dashes and lines and all(_SETTING.fullmatch(line) for line in lines):
        made.note("code", "--")
        made.text = below


def _macros(made: Cleaned) -> None:
    """Harlowe's macros go, with all that stands in their brackets; the text of a hook behind one stays."""
    kept, at, text = [], 0, made.text
    while found := _CALL.search(text, at):
        end = found.end() if found["hook"] else _closing(text, found.start(), "()")
        if end < 0:
            break
        made.note("code", (found["name"] or found["hook"]).lower())
        kept.append(text[at : found.start()])
        at = end
        hook = _HOOK.match(text, at)
        if hook and (over := _closing(text, hook.end(), "[]")) > 0:
            text = text[: hook.end()] + text[hook.end() + 1 : over - 1] + text[over:]
            at = hook.end()
    made.text = "".join(kept) + text[at:]


def _closing(text: str, start: int, marks: str) -> int:
    """Where the bracket that opens at `start` has been closed again; -1 when it is not."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == marks[0]) - (text[at] == marks[1])
        if depth == 0:
            return at + 1
    return -1


def _modifiers(made: Cleaned) -> None:
    """Chapbook's lines in brackets; below some of them stands nothing that a reader sees."""
    shown, lines = True, []
    for line in made.text.split("\n"):
        if found := _MODIFIER.fullmatch(line.strip()):
            made.note("code", found["name"].lower())
            shown = found["name"].lower() not in _UNSHOWN
        elif shown:
            lines.append(line)
    made.text = "\n".join(lines)


def _markup(made: Cleaned) -> None:
    """Tags go, their words stay."""
    before = made.text

    def one(found: re.Match[str]) -> str:
        made.note("markup", found["name"].lower())
        return "\n" if found["name"].lower() in _LINES and not found[0].startswith("<p") else ""

    made.text = _TAG.sub(one, before)
    if made.text != before or re.search(r"&(?:#\d+|#x[0-9a-f]+|[a-z]+);", before, re.IGNORECASE):
        made.text = unescape(made.text)
