"""Stories as Twee 3, the text format of Twine, so that an author can draw branches there: one language at a time.

A passage is a scene, and its name the scene's id; a link is a choice. What Twine does not know stands on lines that
begin with @, below the thing that they belong to. A repeated line goes on where the one before it ended.

    :: StoryTitle                     the story's title
    :: StoryData                      JSON: ifid, start
    :: kit story [kit]                the story:  @id @version @source @roles @lang @intro
    :: waiting_room [strained]        a scene: its text, then  @question  or, for an end,  @takeaway
    [[What you do->coffee]]           a choice, then  @id @behaviour @source @repair @gain @cost

A backslash takes the meaning from the character after it. What an import cannot use is told, and the rest is kept.
"""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.errors import ContentFault
from kit.stories import Choice, Scene, Story, StoryTexts, layers

ABOUT = "kit"
STRAINED = "strained"
TITLE, DATA, START = "StoryTitle", "StoryData", "Start"
CODE_TAGS = {"script", "stylesheet"}
# Where Twine shows a passage: a step to the right and a step down.
STEP = (175, 150)
SCENE_ID, STORY_ID = 20, 24
IFIDS = uuid.UUID("5a3c1f0e-7d54-4a53-9a3e-2f6b8a6f0c11")

_HEADER = re.compile(
    r"::\s*(?P<name>(?:\\.|[^\\\[\]{}])*?)\s*(?:\[(?P<tags>(?:\\.|[^\\\[\]])*)\])?\s*(?P<meta>\{.*\})?\s*"
)
_LINK = re.compile(r"(?<!\\)\[\[(?P<inside>(?:\\.|[^\\])+?)\]\]")
_KEY = re.compile(r"@(?P<key>[a-z]+)(?: (?P<value>.*))?")


@dataclass(frozen=True)
class Imported:
    """What was read: content of the two YAML files as far as it was there, and what could not be used."""

    structure: dict[str, Any]
    texts: dict[str, Any]
    lang: str = ""
    faults: tuple[ContentFault, ...] = ()


@dataclass
class _Link:
    text: str
    target: str
    notes: dict[str, str] = field(default_factory=dict)


@dataclass
class _Passage:
    name: str
    tags: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    text: str = ""
    notes: dict[str, str] = field(default_factory=dict)
    links: list[_Link] = field(default_factory=list)


# ---- export ----


def export(story: Story, texts: StoryTexts, lang: str) -> str:
    """A story in one language as Twee 3."""
    data = {"ifid": str(uuid.uuid5(IFIDS, story.id)).upper(), "format": "Harlowe", "start": story.start}
    about = {
        "id": story.id, "version": str(story.version), "source": " ".join(story.source),
        "roles": " ".join(story.roles), "lang": lang, "intro": texts.intro,
    }  # fmt: skip
    places = {
        scene: {"position": f"{STEP[0] * column + 25},{STEP[1] * row + 25}"}
        for row, layer in enumerate(layers(story))
        for column, scene in enumerate(layer)
    }
    parts = [
        f":: {TITLE}\n{_plain(texts.title)}",
        f":: {DATA}\n{json.dumps(data, indent=2)}",
        f":: {ABOUT} story [{ABOUT}]\n{_noted(about)}",
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
    text = _escaped(told.text.replace("\n", " ")).replace("]", "\\]")
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
    return text.replace("\\", "\\\\").replace("[[", "\\[\\[")


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


# ---- import ----


def parse(text: str, file: str) -> Imported:
    """Read Twee 3; raises `ContentFault` when there is no passage in it."""
    reader = _Reader(file)
    passages = reader.passages(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    if not passages:
        raise reader.fault("-", "no passage was found: it is not Twee", "export the story from Twine as Twee 3")
    special = {one.name: "\n".join(one.lines).strip() for one in passages if one.name in (TITLE, DATA)}
    about = next((_read(one) for one in passages if ABOUT in one.tags), _Passage(ABOUT, ()))
    scenes = [_read(one) for one in passages if one.name not in special and not {ABOUT, *CODE_TAGS} & set(one.tags)]
    scenes = reader.unlike(scenes)
    title = _unescaped(special.get(TITLE, ""))
    notes = about.notes
    structure: dict[str, Any] = {
        "id": slug(notes.get("id") or title, STORY_ID),
        "version": int(notes["version"]) if notes.get("version", "").isdecimal() else 1,
        "source": notes.get("source", "").split(),
        "roles": notes.get("roles", "").split(),
        "start": reader.start(special.get(DATA, ""), scenes),
        "scenes": reader.structures(scenes),
    }
    return Imported(structure, reader.texts(title, notes, scenes), notes.get("lang", ""), tuple(reader.faults))


def slug(name: str, most: int = SCENE_ID) -> str:
    """An id made of a name: small letters without accents, digits and _."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
    made = made if made[:1].isalpha() else f"s_{made}"
    return made[:most].strip("_")


@dataclass
class _Reader:
    """Reads one file, and writes down what it could not use."""

    file: str
    faults: list[ContentFault] = field(default_factory=list)

    def fault(self, where: str, fault: str, mend: str) -> ContentFault:
        return ContentFault(file=self.file, where=where, fault=fault, mend=mend)

    def tell(self, where: str, fault: str, mend: str) -> None:
        self.faults.append(self.fault(where, fault, mend))

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
            self.tell(line[2:].strip()[:40] or "::", "this header cannot be read", "write `:: name [tags]`")
            return _Passage("", ())
        try:
            json.loads(found["meta"] or "{}")
        except ValueError:
            self.tell(name, "what stands in { } is not JSON", "nothing was lost: it only says where Twine draws it")
        return _Passage(name, tuple(_unescaped(tag) for tag in (found["tags"] or "").split()))

    def unlike(self, scenes: Sequence[_Passage]) -> list[_Passage]:
        """The scenes with one id each; of two that share one, the first is kept."""
        kept: dict[str, _Passage] = {}
        for scene in scenes:
            if kept.setdefault(slug(scene.name), scene) is not scene:
                mend = "rename one of them, and the links to it; the first was kept"
                self.tell(slug(scene.name), "two scenes have this id", mend)
        return list(kept.values())

    def start(self, data: str, scenes: Sequence[_Passage]) -> str:
        try:
            told = json.loads(data or "{}")
        except ValueError:
            told = {}
            self.tell(DATA, "this is not JSON", "see to quotes and commas; the first scene was taken as the start")
        names = [scene.name for scene in scenes]
        named = told.get("start") if isinstance(told, dict) else None
        found = next((name for name in (named, START, *names[:1]) if name in names), "")
        return slug(found) if found else ""

    def structures(self, scenes: Sequence[_Passage]) -> list[dict[str, Any]]:
        known = {slug(scene.name) for scene in scenes}
        made = []
        for scene in scenes:
            kept = []
            for link in scene.links:
                if slug(link.target) in known:
                    kept.append(link)
                else:
                    mend = "write that passage, or lead to another one; this choice was left out"
                    self.tell(slug(scene.name), f"leads to “{link.target}”, and there is no such passage", mend)
            scene.links = kept
            made.append(_structure(scene))
        return made

    def texts(self, title: str, notes: Mapping[str, str], scenes: Sequence[_Passage]) -> dict[str, Any]:
        """The texts that are there; what is missing is left out, so that `kit check` asks for it."""
        told = {
            "title": title,
            "intro": notes.get("intro", ""),
            "scenes": {slug(one.name): _some(text=one.text, takeaway=one.notes.get("takeaway")) for one in scenes},
            "choices": {
                slug(one.name): {
                    choice: _some(text=link.text, gain=link.notes.get("gain"), cost=link.notes.get("cost"))
                    for choice, link in _named(one)
                }
                for one in scenes
                if one.links
            },
            "questions": {slug(one.name): one.notes["question"] for one in scenes if one.notes.get("question")},
        }
        return {key: value for key, value in told.items() if value}


def _read(passage: _Passage) -> _Passage:
    """Text, notes and links of a passage; a note belongs to the link before it, or to the scene."""
    text: list[str] = []
    for line in passage.lines:
        if found := _KEY.fullmatch(line):
            notes = passage.links[-1].notes if passage.links else passage.notes
            said, key = _unescaped(found["value"] or ""), found["key"]
            notes[key] = f"{notes[key]}\n{said}" if key in notes else said
            continue
        links = [_link(one["inside"]) for one in _LINK.finditer(line)]
        passage.links += links
        rest = _LINK.sub("", line)
        if not links or rest.strip():
            text.append(_unescaped(rest))
    passage.text = "\n".join(text).strip()
    return passage


def _link(inside: str) -> _Link:
    """text->target, target<-text, text|target, or a target alone; of several arrows, Twine takes the outer one."""
    for mark, text_first in (("->", True), ("<-", False), ("|", True)):
        if mark in inside:
            parts = inside.rsplit(mark, 1) if text_first else inside.split(mark, 1)[::-1]
            text, target = (_unescaped(part).strip() for part in parts)
            return _Link(text, target)
    return _Link(_unescaped(inside).strip(), _unescaped(inside).strip())


def _structure(scene: _Passage) -> dict[str, Any]:
    choices = []
    for choice, link in _named(scene):
        made: dict[str, Any] = {"id": choice, "to": slug(link.target)}
        if link.notes.get("behaviour"):
            made["behaviour"] = link.notes["behaviour"]
        if link.notes.get("source"):
            made["source"] = link.notes["source"].split()
        if "repair" in link.notes:
            made["repair"] = True
        choices.append(made)
    strained = {"strained": True} if STRAINED in scene.tags else {}
    return {"id": slug(scene.name), **strained, **({"choices": choices} if choices else {})}


def _named(scene: _Passage) -> Iterator[tuple[str, _Link]]:
    """Each link with an id of its own: the one that it names, or one made of its text."""
    used: set[str] = set()
    for link in scene.links:
        wanted = slug(link.notes.get("id") or link.text)
        made, number = wanted, 1
        while made in used:
            number += 1
            made = f"{wanted[: SCENE_ID - 3]}_{number}"
        used.add(made)
        yield made, link


def _some(**told: str | None) -> dict[str, str]:
    return {key: value for key, value in told.items() if value}
