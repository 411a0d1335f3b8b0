"""Stories with branches: read them, and walk through them. That they hold together is proven by `story_check`.

A story is a folder below an exercise's `stories/`: `structure.yaml` holds scenes and choices, the same in every
language; `<lang>.yaml` holds their texts by id.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, StringConstraints

from kit.content import Content, Id, SourceId, Words, read_file
from kit.session import Sector
from kit.yamls import LOADER

FOLDER = "stories"
MOST_CHOICES = 3

# An answer's id is "<story>.<scene>": together they stay within what a page may send.
StoryId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
SceneId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]


class Choice(Content):
    """Something that you can do in a scene. `repair` mends the relation; `source` is where the behaviour is from."""

    id: SceneId
    to: SceneId
    behaviour: Id | None = None
    source: tuple[SourceId, ...] = ()
    repair: bool = False


class Scene(Content):
    """One moment. `strained`: the relation is under strain here. Without choices it is an end."""

    id: SceneId
    strained: bool = False
    choices: tuple[Choice, ...] = Field(default=(), max_length=MOST_CHOICES)

    @property
    def is_end(self) -> bool:
        return not self.choices

    @property
    def is_fork(self) -> bool:
        """Whether there is something to decide: one choice alone only goes on."""
        return len(self.choices) > 1

    def choice(self, choice_id: object) -> Choice | None:
        """One choice by its id, or None."""
        return next((one for one in self.choices if one.id == choice_id), None)


class Story(Content):
    """`structure.yaml` of a story: `roles` are the sectors that meet in it, and you play the first.

    `concerned`: to be read with people concerned before it is used, and played only where a workshop names it.
    """

    id: StoryId
    version: int = Field(ge=1)
    concerned: bool = False
    source: tuple[SourceId, ...] = Field(min_length=1)
    roles: tuple[Sector, ...] = Field(min_length=2)
    start: SceneId
    scenes: tuple[Scene, ...] = Field(min_length=2)

    def scene(self, scene_id: str) -> Scene | None:
        """One scene by its id, or None."""
        return next((scene for scene in self.scenes if scene.id == scene_id), None)

    @property
    def forks(self) -> tuple[Scene, ...]:
        return tuple(scene for scene in self.scenes if scene.is_fork)

    @property
    def ends(self) -> tuple[Scene, ...]:
        return tuple(scene for scene in self.scenes if scene.is_end)

    def path(self, chosen: Mapping[str, object]) -> tuple[str, ...]:
        """The scenes that these choices (choice id by scene id) lead through; it stops where one comes back."""
        path = [self.start]
        while (scene := self.scene(path[-1])) and (choice := scene.choice(chosen.get(scene.id))):
            if choice.to in path:
                break
            path.append(choice.to)
        return tuple(path)

    def ways(self, most: int) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The decisions, (scene, choice) each, of the ways from the start, also of those that stop anywhere: short ones
        first, and so many at most. A way ends where it would come back."""
        found: list[tuple[tuple[str, str], ...]] = []
        waiting: list[tuple[tuple[tuple[str, str], ...], str, frozenset[str]]] = [((), self.start, frozenset())]
        for made, here, seen in waiting:
            scene = self.scene(here)
            if scene is None or here in seen or len(found) >= most:
                continue
            for choice in scene.choices:
                way = (*made, (scene.id, choice.id)) if scene.is_fork else made
                if way != made:
                    found.append(way)
                waiting.append((way, choice.to, seen | {here}))
        return tuple(found[:most])

    @property
    def decisions(self) -> tuple[int, int]:
        """How many decisions there are from the start to an end: on the shortest way, and on the longest without a
        circle."""
        lengths: set[int] = set()
        waiting: list[tuple[str, frozenset[str], int]] = [(self.start, frozenset(), 0)]
        while waiting:
            here, seen, made = waiting.pop()
            scene = self.scene(here)
            if scene is None or here in seen:
                continue
            if scene.is_end:
                lengths.add(made)
            waiting += [(choice.to, seen | {here}, made + scene.is_fork) for choice in scene.choices]
        return (min(lengths), max(lengths)) if lengths else (0, 0)


class SceneText(Content):
    """What is told in a scene; an end also has a `takeaway`, one sentence to talk about."""

    text: Words
    takeaway: Words | None = None


class ChoiceText(Content):
    """What you do, what it gives and what it takes: no choice is perfect, and some cost somebody else most."""

    text: Words
    gain: Words
    cost: Words


class StoryTexts(Content):
    """`<lang>.yaml` of a story. `questions`: for each fork, what the room is asked should it split there.

    theme     in a few words, for the table of stories
    caution   when a trainer had better leave it out
    ask       of a story that concerns people: what to ask them before it is used
    """

    title: Words
    intro: Words
    theme: Words | None = None
    caution: Words | None = None
    ask: tuple[Words, ...] = ()
    scenes: dict[SceneId, SceneText]
    choices: dict[SceneId, dict[SceneId, ChoiceText]] = {}
    questions: dict[SceneId, Words] = {}


def is_story(folder: Traversable | Path) -> bool:
    """Whether this folder holds a story alone, and not an exercise: only a story has scenes."""
    try:
        told = yaml.load(folder.joinpath("structure.yaml").read_text("utf-8"), LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return False
    return isinstance(told, dict) and "scenes" in told


def read_story(folder: Traversable | Path) -> Story:
    """Read `structure.yaml` of a story's folder; raises `ContentFault`."""
    return read_file(folder, "structure.yaml", Story)


def read_story_texts(folder: Traversable | Path, lang: str) -> StoryTexts:
    """Read one language of a story's folder; raises `ContentFault`."""
    return read_file(folder, f"{lang}.yaml", StoryTexts)


def story_folders(folder: Traversable | Path) -> list[Traversable]:
    """The folders of an exercise's stories, by name; none when it has no stories."""
    root = folder.joinpath(FOLDER)
    found = [one for one in root.iterdir() if one.is_dir() and one.name[0] not in "._"] if root.is_dir() else []
    return sorted(found, key=lambda one: one.name)


def layers(story: Story) -> list[list[str]]:
    """The scenes in rows for a drawing: each choice leads to a row below, unless it closes a circle.

    What nothing leads to stands in the first row, beside the start.
    """
    depth = {scene.id: 0 for scene in story.scenes}
    # A longest way has fewer steps than there are scenes; a choice that leads back is left out of it.
    forward = list(_forward(story))
    for _ in story.scenes:
        for start, end in forward:
            depth[end] = max(depth[end], depth[start] + 1)
    rows: dict[int, list[str]] = {}
    for scene, row in depth.items():
        rows.setdefault(row, []).append(scene)
    return [rows[row] for row in sorted(rows)]


def _forward(story: Story) -> Iterator[tuple[str, str]]:
    """The choices as pairs of scenes, without those that close a circle."""
    done: set[str] = set()
    path: list[str] = []

    def walk(scene: Scene) -> Iterator[tuple[str, str]]:
        path.append(scene.id)
        for choice in scene.choices:
            target = story.scene(choice.to)
            if target is not None and target.id not in path:
                yield scene.id, target.id
                if target.id not in done:
                    yield from walk(target)
        done.add(path.pop())

    for scene_id in (story.start, *(scene.id for scene in story.scenes)):
        scene = story.scene(scene_id)
        if scene is not None and scene_id not in done:
            yield from walk(scene)


def schemas() -> dict[str, str]:
    """JSON Schemas of a story's files for editors, by file name."""
    return {
        f"{name}.schema.json": json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, model in (("story", Story), ("story-texts", StoryTexts))
    }
