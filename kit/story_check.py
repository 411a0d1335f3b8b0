"""Proof that a story holds together: what is found, an author is told with file, id and mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from kit.content import Content, known_sources, read_structure
from kit.errors import ContentFault
from kit.faults import faults_of, loosely, placed
from kit.sentences import unwritten
from kit.stories import Choice, Scene, Story, StoryTexts, story_folders
from kit.texts import languages

LEAST_ENDS = 2


class _DraftScene(Scene):
    choices: tuple[Choice, ...] = ()


class _Draft(Story):
    """A story of which something may be missing, or too much: as an author has it for a while."""

    version: int = 1
    source: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()  # type: ignore[assignment]
    start: str = ""
    scenes: tuple[_DraftScene, ...] = ()


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
