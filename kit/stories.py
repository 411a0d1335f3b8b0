"""Stories with branches: read them, walk through them, and prove that they hold together.

A story is a folder below an exercise's `stories/`: `structure.yaml` holds scenes and choices, the same in every
language; `<lang>.yaml` holds their texts by id. What `check` finds, an author is told with file, id and mend.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, StringConstraints

from kit.content import Content, Id, SourceId, Words, known_sources, read_file, read_structure
from kit.errors import ContentFault
from kit.faults import faults_of, loosely, placed
from kit.sentences import unwritten
from kit.session import Sector
from kit.texts import languages
from kit.yamls import LOADER

FOLDER = "stories"
LEAST_ENDS = 2
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


class _DraftScene(Scene):
    choices: tuple[Choice, ...] = ()


class _Draft(Story):
    """A story of which something may be missing, or too much: as an author has it for a while."""

    version: int = 1
    source: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()  # type: ignore[assignment]
    start: str = ""
    scenes: tuple[_DraftScene, ...] = ()


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


def check(folder: Traversable | Path) -> list[ContentFault]:
    """Every fault in the stories of an exercise's folder; empty when they are sound, or when there are none."""
    found = story_folders(folder)
    if not found:
        return []
    try:
        behaviours = {behaviour.id for behaviour in read_structure(folder).behaviours}
        sources = known_sources(folder)
    except ContentFault:
        return []  # `kit.content_check` tells it
    return [fault for one in found for fault in check_story(one, behaviours, sources)]


def check_story(
    folder: Traversable | Path, behaviours: Iterable[str], sources: Iterable[str] | None = None
) -> list[ContentFault]:
    """Every fault of one story's folder, each with file, id and mend.

    `behaviours` and `sources` are those that exist; without the latter, the kit's own.
    """
    named: dict[str, type[Content]] = {"structure.yaml": Story, **{f"{lang}.yaml": StoryTexts for lang in languages()}}
    by_file = {name: faults_of(folder, name, model) for name, model in named.items()}
    faults = [fault for found in by_file.values() for fault in found]
    # As far as it can be read with what is wrong taken out: else the next faults would show only after these.
    story = loosely(folder, "structure.yaml", _Draft)
    if story is None:
        return faults
    known = frozenset(known_sources() if sources is None else sources)
    inspector = _Inspector(story, f"{folder.name}/structure.yaml", frozenset(behaviours), known)
    found = list(inspector.faults(folder.name))
    for lang in languages():
        if texts := loosely(folder, f"{lang}.yaml", StoryTexts):
            found += _compare(story, texts, f"{folder.name}/{lang}.yaml")
            if not by_file[f"{lang}.yaml"]:
                found += unwritten(texts.model_dump(), f"{folder.name}/{lang}.yaml")
    return faults + placed(folder, found)


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


@dataclass(frozen=True)
class _Inspector:
    """What can be wrong with a story, asked one thing after the other."""

    story: Story
    file: str
    behaviours: frozenset[str]
    sources: frozenset[str]

    def faults(self, folder_name: str) -> Iterator[ContentFault]:
        if self.story.id != folder_name:
            yield self.fault(self.story.id, "other_folder", folder=folder_name)
        yield from self.ids()
        yield from self.targets()
        yield from self.ways()
        yield from self.relations()
        yield from self.grounds()

    def ids(self) -> Iterator[ContentFault]:
        for twice in _twice(scene.id for scene in self.story.scenes):
            yield self.fault(twice, "two_scenes")
        for scene in self.story.scenes:
            for twice in _twice(choice.id for choice in scene.choices):
                yield self.fault(f"{scene.id}.{twice}", "two_choices")

    def targets(self) -> Iterator[ContentFault]:
        known = {scene.id for scene in self.story.scenes}
        if self.story.start not in known:
            yield self.fault("start", "no_start", value=self.story.start)
        for scene in self.story.scenes:
            for choice in scene.choices:
                if choice.to not in known:
                    yield self.fault(f"{scene.id}.{choice.id}", "no_target", value=choice.to)

    def ways(self) -> Iterator[ContentFault]:
        """Every scene is reached, and from every scene an end."""
        onward = {scene.id: [choice.to for choice in scene.choices] for scene in self.story.scenes}
        back: dict[str, list[str]] = {scene: [] for scene in onward}
        for scene, targets in onward.items():
            for target in targets:
                back.setdefault(target, []).append(scene)
        reached = _reached([self.story.start], onward)
        ending = _reached([scene.id for scene in self.story.ends], back)
        for scene in onward:
            # Without a start nothing is reached, which is told already.
            if self.story.start in onward and scene not in reached:
                yield self.fault(scene, "unreached")
            if scene not in ending:
                yield self.fault(scene, "no_way_out")
        if len(self.story.ends) < LEAST_ENDS:
            yield self.fault("scenes", "few_ends", least=LEAST_ENDS, found=len(self.story.ends))
        for fork in self.story.forks:
            if len({choice.to for choice in fork.choices}) == 1:
                yield self.fault(fork.id, "no_consequence")

    def relations(self) -> Iterator[ContentFault]:
        """What is strained can be repaired."""
        strained = [scene for scene in self.story.scenes if scene.strained]
        if not strained:
            yield self.fault("scenes", "none_strained")
        for scene in strained:
            if scene.is_end:
                yield self.fault(scene.id, "end_strained")
            elif not any(choice.repair for choice in scene.choices):
                yield self.fault(scene.id, "unrepaired")

    def grounds(self) -> Iterator[ContentFault]:
        """Where things come from."""
        named: list[tuple[str, Sequence[str]]] = [(self.story.id, self.story.source)]
        for scene in self.story.scenes:
            if scene.is_fork and not any(choice.behaviour for choice in scene.choices):
                yield self.fault(scene.id, "no_behaviour")
            for choice in scene.choices:
                where = f"{scene.id}.{choice.id}"
                named.append((where, choice.source))
                if choice.behaviour is not None and choice.behaviour not in self.behaviours:
                    yield self.fault(where, "unknown_behaviour", value=choice.behaviour)
        for where, sources in named:
            for source in sources:
                if source not in self.sources:
                    yield self.fault(where, "unknown_source", value=source)

    def fault(self, where: str, fault: str, **details: object) -> ContentFault:
        return ContentFault(file=self.file, where=where, fault=fault, **details)


def _compare(story: Story, texts: StoryTexts, file: str) -> list[ContentFault]:
    """The texts that this language lacks, and those that belong to nothing."""
    wanted = {f"scenes.{scene.id}" for scene in story.scenes}
    wanted |= {f"scenes.{scene.id}.takeaway" for scene in story.ends}
    wanted |= {f"choices.{scene.id}.{choice.id}" for scene in story.scenes for choice in scene.choices}
    wanted |= {f"questions.{scene.id}" for scene in story.forks}
    wanted |= {"caution", "ask"} if story.concerned else set()
    found = {f"scenes.{scene}" for scene in texts.scenes}
    found |= {f"scenes.{scene}.takeaway" for scene, told in texts.scenes.items() if told.takeaway}
    found |= {f"choices.{scene}.{choice}" for scene, told in texts.choices.items() for choice in told}
    found |= {f"questions.{scene}" for scene in texts.questions}
    # Any story may have them; one that concerns people must.
    found |= {name for name in wanted & {"caution", "ask"} if getattr(texts, name)}
    gone = [(where, "text_missing") for where in sorted(wanted - found)]
    left = [(where, "text_extra") for where in sorted(found - wanted)]
    return [ContentFault(file=file, where=where, fault=fault) for where, fault in gone + left]


def _reached(starts: Iterable[str], ways: Mapping[str, Sequence[str]]) -> set[str]:
    """Every scene to which these ways lead from these scenes, themselves included."""
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += ways.get(here, ())
    return reached


def _twice(ids: Iterable[str]) -> list[str]:
    listed = list(ids)
    return sorted({one for one in listed if listed.count(one) > 1})
