"""Stories as Twee 3, the text format of Twine, so that an author can draw branches there: one language at a time.

A passage is a scene, and its name the scene's id; a link is a choice. What Twine does not know stands on lines that
begin with @, below the thing that they belong to. A repeated line goes on where the one before it ended.

    :: StoryTitle                     the story's title
    :: StoryData                      JSON: ifid, start
    :: kit story [kit]                the story:  @id @version @source @roles @lang @intro
                                      and, where it has them,  @concerned @theme @caution @ask
    :: waiting_room [strained]        a scene: its text, then  @question  or, for an end,  @takeaway
    [[What you do->coffee]]           a choice, then  @id @behaviour @source @repair @gain @cost

In a file that the kit wrote, a backslash takes the meaning from the mark after it. What an import cannot use, code and
comments of Twine's formats above all (`kit.twine`), is told with its passage, and the rest is kept.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit import twine, twine_html
from kit.errors import ContentFault
from kit.letters import bare
from kit.stories import Choice, Scene, Story, StoryTexts, layers

ABOUT = "kit"
STRAINED = "strained"
TITLE, DATA, START = "StoryTitle", "StoryData", "Start"
# What may stand below the story, a scene and a choice.
STORY_NOTES = frozenset({"id", "version", "source", "roles", "lang", "intro", "concerned", "theme", "caution", "ask"})
SCENE_NOTES = frozenset({"takeaway", "question"})
CHOICE_NOTES = frozenset({"id", "behaviour", "source", "repair", "gain", "cost"})
# Where Twine shows a passage: a step to the right and a step down.
STEP = (175, 150)
SCENE_ID, STORY_ID = 20, 24
MOST_NAMES = 20
IFIDS = uuid.UUID("5a3c1f0e-7d54-4a53-9a3e-2f6b8a6f0c11")

_HEADER = re.compile(
    r"::\s*(?P<name>(?:\\.|[^\\\[\]{}])*?)\s*(?:\[(?P<tags>(?:\\.|[^\\\[\]])*)\])?\s*(?P<meta>\{.*\})?\s*(?:<\d+,\s*\d+>)?\s*"
)
# The innermost brackets: a hook may stand around a link, and a setter inside it.
_LINK = re.compile(r"\[\[(?!\[)(?P<inside>(?:(?!\[\[|\]\]).)+?)\](?:\[[^\[\]]*\])?\]")
# What the import would take for something else: an export puts a backslash before it.
_MEANING = re.compile(
    r"\\|\[\[|\]|^\[|<(?=[<!%/a-zA-Z])|\((?=\s*[a-zA-Z][\w-]*\s*:)|\{|\$(?=[A-Za-z_])|/(?=[*%])|\|(?=[\w-]+[>)]\[)"
    r"|&(?=[#a-zA-Z])|^--$",
    re.MULTILINE,
)
_ESCAPE = re.compile(r"\\([\\\[\]<({$/|&:@>-])")
# Escaped marks stand aside, as characters that no text holds, while the others are read.
_ASIDE = 0xF0000
_KEY = re.compile(r"@(?P<key>[a-z]+):?(?: (?P<value>.*))?")


@dataclass(frozen=True)
class Imported:
    """What was read: content of the two YAML files as far as it was there, and what could not be used.

    names  the name of each scene's passage, by the scene's id
    """

    structure: dict[str, Any]
    texts: dict[str, Any]
    lang: str = ""
    faults: tuple[ContentFault, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Link:
    text: str
    target: str
    to: str = ""
    notes: dict[str, str] = field(default_factory=dict)


@dataclass
class _Passage:
    name: str
    tags: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    text: str = ""
    notes: dict[str, str] = field(default_factory=dict)
    links: list[_Link] = field(default_factory=list)
    id: str = ""


# ---- export ----


def export(story: Story, texts: StoryTexts, lang: str) -> str:
    """A story in one language as Twee 3."""
    data = {"ifid": str(uuid.uuid5(IFIDS, story.id)).upper(), "format": "Harlowe", "start": story.start}
    about = {
        "id": story.id, "version": str(story.version), "source": " ".join(story.source),
        "roles": " ".join(story.roles), "lang": lang, "intro": texts.intro, "theme": texts.theme or "",
        "caution": texts.caution or "", "ask": "\n".join(one.replace("\n", " ") for one in texts.ask),
    }  # fmt: skip
    concerned = "\n@concerned" if story.concerned else ""
    places = {
        scene: {"position": f"{STEP[0] * column + 25},{STEP[1] * row + 25}"}
        for row, layer in enumerate(layers(story))
        for column, scene in enumerate(layer)
    }
    parts = [
        f":: {TITLE}\n{_plain(texts.title)}",
        f":: {DATA}\n{json.dumps(data, indent=2)}",
        f":: {ABOUT} story [{ABOUT}]\n{_noted(about)}{concerned}",
        *(_passage(scene, texts, places[scene.id]) for scene in story.scenes),
    ]
    return "\n\n\n".join(parts) + "\n"


def _passage(scene: Scene, texts: StoryTexts, place: Mapping[str, str]) -> str:
    told = texts.scenes[scene.id]
    tags = f" [{STRAINED}]" if scene.strained else ""
    notes = {"takeaway": told.takeaway or "", "question": texts.questions.get(scene.id, "")}
    links = (_choice(choice, texts, scene.id) for choice in scene.choices)
    parts = [_plain(told.text), _noted(notes), *links]
    return f":: {scene.id}{tags} {json.dumps(place)}\n" + "\n\n".join(part for part in parts if part)


def _choice(choice: Choice, texts: StoryTexts, scene_id: str) -> str:
    told = texts.choices[scene_id][choice.id]
    notes = {
        "id": choice.id, "behaviour": choice.behaviour or "", "source": " ".join(choice.source),
        "gain": told.gain, "cost": told.cost,
    }  # fmt: skip
    text = _escaped(told.text.replace("\n", " "))
    repair = "\n@repair" if choice.repair else ""
    return f"[[{text}->{choice.to}]]\n{_noted(notes)}{repair}"


def _noted(notes: Mapping[str, str]) -> str:
    lines = [f"@{key} {_escaped(line)}" for key, value in notes.items() if value for line in value.split("\n")]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Text in which no line is taken for a header or a note."""
    lines = (_escaped(line) for line in text.split("\n"))
    return "\n".join(f"\\{line}" if line.startswith(("::", "@")) else line for line in lines)


def _escaped(text: str) -> str:
    return _MEANING.sub(lambda found: "".join(f"\\{mark}" for mark in found[0]), text)


# ---- import ----


def parse(text: str, file: str) -> Imported:
    """Read Twee 3, or the page that Twine publishes; raises `ContentFault` when there is no passage in it."""
    reader = _Reader(file)
    if twine_html.is_page(text):
        text, others = twine_html.to_twee(text)
        for other in others:
            reader.tell(other or "-", "twee_other")
    passages = reader.passages(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    if not passages:
        raise reader.fault("-", "not_twee")
    special = {one.name: "\n".join(one.lines).strip() for one in passages if one.name in (TITLE, DATA)}
    ours = any(ABOUT in one.tags for one in passages)
    about = next((reader.read(one, ours) for one in passages if ABOUT in one.tags), _Passage(ABOUT, ()))
    scenes = [reader.read(one, ours) for one in reader.scenes(passages)]
    reader.name(scenes)
    title = _back(_aside(special.get(TITLE, ""), ours))
    notes = about.notes
    structure: dict[str, Any] = {
        "id": slug(notes.get("id") or title, STORY_ID) or "story",
        "version": int(notes["version"]) if notes.get("version", "").isdecimal() else 1,
        **({"concerned": True} if "concerned" in notes else {}),
        "source": notes.get("source", "").split(),
        "roles": notes.get("roles", "").split(),
        "start": reader.start(special.get(DATA, ""), scenes),
        "scenes": reader.structures(scenes),
    }
    names = {one.id: one.name for one in scenes}
    return Imported(structure, reader.texts(title, notes, scenes), notes.get("lang", ""), tuple(reader.faults), names)


def slug(name: str, most: int = SCENE_ID) -> str:
    """An id made of a name: small letters without accents, digits and _; empty when it has no Latin letter."""
    made = re.sub(r"[^a-z0-9]+", "_", "".join(one for one in bare(name) if one.isascii())).strip("_")
    made = made if made[:1].isalpha() or not made else f"s_{made}"
    return made[:most].strip("_")


def unlike(wanted: str, used: Container[str], most: int = SCENE_ID) -> str:
    """The id, with a number where it is taken: two names that begin alike stay two."""
    made, number = wanted, 1
    while made in used:
        number += 1
        end = f"_{number}"
        made = wanted[: most - len(end)].strip("_") + end
    return made


@dataclass
class _Reader:
    """Reads one file, and writes down what it could not use."""

    file: str
    faults: list[ContentFault] = field(default_factory=list)

    def fault(self, where: str, fault: str, **details: object) -> ContentFault:
        return ContentFault(file=self.file, where=where, fault=fault, **details)

    def tell(self, where: str, fault: str, **details: object) -> None:
        self.faults.append(self.fault(where, fault, **details))

    def passages(self, text: str) -> list[_Passage]:
        found: list[_Passage] = []
        for line in text.split("\n"):
            if line.startswith("::"):
                found.append(self.header(line))
            elif found:
                found[-1].lines.append(line)
        return [one for one in found if one.name]

    def header(self, line: str) -> _Passage:
        """A passage without its content; without a name when its header cannot be read."""
        found = _HEADER.fullmatch(line)
        name = _unescaped(found["name"]) if found else ""
        if found is None or not name:
            self.tell(line[2:].strip()[:40] or "::", "twee_header")
            return _Passage("", ())
        try:
            json.loads(found["meta"] or "{}")
        except ValueError:
            self.tell(name, "twee_place")
        return _Passage(name, tuple(_unescaped(tag) for tag in (found["tags"] or "").split()))

    def scenes(self, passages: Sequence[_Passage]) -> list[_Passage]:
        """The passages that a reader sees; of two with one name, the first."""
        kept: dict[str, _Passage] = {}
        for one in passages:
            if one.name in (TITLE, DATA) or ABOUT in one.tags:
                continue
            if one.name in twine.SPECIAL or twine.CODE_TAGS & set(one.tags):
                self.tell(one.name, "twee_special")
            elif kept.setdefault(one.name, one) is not one:
                self.tell(one.name, "twee_twice")
        return list(kept.values())

    def name(self, scenes: Sequence[_Passage]) -> None:
        """Give each scene an id of its own, made of its name."""
        used: set[str] = set()
        for scene in scenes:
            scene.id = unlike(slug(scene.name) or "scene", used)
            used.add(scene.id)

    def read(self, passage: _Passage, ours: bool) -> _Passage:
        """Text, notes and links of a passage; a note belongs to the link before it, or to the scene."""
        made = twine.cleaned(_aside("\n".join(passage.lines), ours), ours)
        for kind, names in made.taken.items():
            more = ", …" if len(names) > MOST_NAMES else ""
            self.tell(passage.name, f"twee_{kind}", names=", ".join(names[:MOST_NAMES]) + more)
        text: list[str] = []
        for line in made.text.split("\n"):
            if found := _KEY.fullmatch(line):
                self.note(passage, found["key"], _back(found["value"] or ""))
                continue
            links = [_link(one["inside"]) for one in _LINK.finditer(line)]
            passage.links += links
            rest = _LINK.sub("", line)
            # What a list has before a link ("> [[Go]]", "1. [[Go]]") goes with the link.
            if not links or rest.strip(" \t>*•–-.)0123456789"):
                text.append(_back(rest))
        told = "\n".join(text)
        # Where something was taken out, its empty lines go too.
        passage.text = (re.sub(r"\n{3,}", "\n\n", told) if made.taken else told).strip()
        return passage

    def note(self, passage: _Passage, key: str, said: str) -> None:
        """One line that begins with @."""
        known = STORY_NOTES if ABOUT in passage.tags else CHOICE_NOTES if passage.links else SCENE_NOTES
        if key not in known:
            self.tell(passage.name, "twee_note", note=f"@{key}", known=", ".join(f"@{one}" for one in sorted(known)))
            return
        notes = passage.links[-1].notes if passage.links else passage.notes
        notes[key] = f"{notes[key]}\n{said}" if key in notes else said

    def start(self, data: str, scenes: Sequence[_Passage]) -> str:
        try:
            told = json.loads(data or "{}")
        except ValueError:
            told = {}
            self.tell(DATA, "twee_data")
        ids = {scene.name: scene.id for scene in scenes}
        named = told.get("start") if isinstance(told, dict) else None
        if named is not None and named not in ids:
            self.tell(DATA, "twee_start", start=str(named)[:60])
        return next((ids[name] for name in (named, START, *ids) if name in ids), "")

    def structures(self, scenes: Sequence[_Passage]) -> list[dict[str, Any]]:
        ids = {scene.name: scene.id for scene in scenes}
        made = []
        for scene in scenes:
            kept = []
            for link in scene.links:
                if link.target in ids:
                    link.to = ids[link.target]
                    kept.append(link)
                else:
                    self.tell(scene.name, "twee_nowhere", target=link.target[:60])
            scene.links = kept
            made.append(_structure(scene))
        return made

    def texts(self, title: str, notes: Mapping[str, str], scenes: Sequence[_Passage]) -> dict[str, Any]:
        """The texts that are there; what is missing is left out, so that `kit check` asks for it."""
        told = {
            "title": title,
            "intro": notes.get("intro", ""),
            "theme": notes.get("theme", ""),
            "caution": notes.get("caution", ""),
            "ask": [line for line in notes.get("ask", "").split("\n") if line.strip()],
            "scenes": {one.id: _some(text=one.text, takeaway=one.notes.get("takeaway")) for one in scenes},
            "choices": {
                one.id: {
                    choice: _some(text=link.text, gain=link.notes.get("gain"), cost=link.notes.get("cost"))
                    for choice, link in _named(one)
                }
                for one in scenes
                if one.links
            },
            "questions": {one.id: one.notes["question"] for one in scenes if one.notes.get("question")},
        }
        return {key: value for key, value in told.items() if value}


def _unescaped(text: str) -> str:
    """A name from a header, where Twee itself puts backslashes before brackets."""
    return re.sub(r"\\(.)", r"\1", text)


def _aside(text: str, ours: bool) -> str:
    """Text with the marks behind a backslash put aside; elsewhere than in our own files it is a mark like any other."""
    return _ESCAPE.sub(lambda found: chr(_ASIDE + ord(found[1])), text) if ours else text


def _back(text: str) -> str:
    return "".join(chr(ord(one) - _ASIDE) if _ASIDE <= ord(one) < _ASIDE + 128 else one for one in text)


def _link(inside: str) -> _Link:
    """text->target, target<-text, text|target, or a target alone; of several arrows, Twine takes the outer one."""
    for mark, text_first in (("->", True), ("<-", False), ("|", True)):
        if mark in inside:
            parts = inside.rsplit(mark, 1) if text_first else inside.split(mark, 1)[::-1]
            text, target = (_back(part).strip() for part in parts)
            return _Link(text, target)
    return _Link(_back(inside).strip(), _back(inside).strip())


def _structure(scene: _Passage) -> dict[str, Any]:
    choices = []
    for choice, link in _named(scene):
        made: dict[str, Any] = {"id": choice, "to": link.to}
        if link.notes.get("behaviour"):
            made["behaviour"] = link.notes["behaviour"]
        if link.notes.get("source"):
            made["source"] = link.notes["source"].split()
        if "repair" in link.notes:
            made["repair"] = True
        choices.append(made)
    strained = {"strained": True} if STRAINED in scene.tags else {}
    return {"id": scene.id, **strained, **({"choices": choices} if choices else {})}


def _named(scene: _Passage) -> Iterator[tuple[str, _Link]]:
    """Each link with an id of its own: the one that it names, or one made of its text."""
    used: set[str] = set()
    for link in scene.links:
        made = unlike(slug(link.notes.get("id") or link.text) or "choice", used)
        used.add(made)
        yield made, link


def _some(**told: str | None) -> dict[str, str]:
    return {key: value for key, value in told.items() if value}
