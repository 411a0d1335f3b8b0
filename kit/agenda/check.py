"""Prove that an agenda holds together: minutes add up, nothing is asked before it is explained, stories have time."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml

from kit.agenda.model import AgendaStructure, AgendaTexts, Block, Meeting, words_of
from kit.content import Content, known_sources
from kit.errors import ContentFault
from kit.exercise import Exercise, exercises
from kit.faults import faults_of, loosely
from kit.sentences import unwritten
from kit.stories import Story, read_story, story_folders
from kit.texts import languages
from kit.yamls import LOADER, Places

# So long people sit at the most before there is a break.
LONGEST_STRETCH = 120
# A room that plays a story together needs so many minutes for each decision; the guide to the stories says the same.
MINUTES_A_DECISION = 4
# What must have happened before anything is asked: safety words before screens, the way in, the group's own rules.
FIRST = ("welcome", "joining", "rules")
SUMS = ("meeting_minutes", "block_minutes", "no_break", "story_short", "answer_short")


def is_agenda(folder: Traversable | Path) -> bool:
    """Whether this folder holds an agenda, and not an exercise: only an agenda has meetings."""
    try:
        told = yaml.load(folder.joinpath("structure.yaml").read_text("utf-8"), LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return False
    return isinstance(told, dict) and "meetings" in told


def check(folder: Traversable | Path) -> list[ContentFault]:
    """Every fault of an agenda's folder, each with file, line, id and mend; empty when it is sound."""
    texts = [f"{lang}.yaml" for lang in languages()]
    named: dict[str, type[Content]] = {"structure.yaml": AgendaStructure, **dict.fromkeys(texts, AgendaTexts)}
    by_file = {name: faults_of(folder, name, model) for name, model in named.items()}
    faults = [fault for found in by_file.values() for fault in found]
    # As far as it can be read with what is wrong taken out: else the next faults would show only after these.
    agenda = loosely(folder, "structure.yaml", AgendaStructure)
    if agenda is None:
        return faults
    inspector = _Inspector(folder, agenda)
    # What stands in for a wrong number says nothing about sums.
    sums = SUMS if by_file["structure.yaml"] else ()
    faults += [fault for fault in inspector.faults() if fault.details["fault"] not in sums]
    for lang in languages():
        if told := loosely(folder, f"{lang}.yaml", AgendaTexts):
            faults += inspector.texts(told, lang)
            if not by_file[f"{lang}.yaml"]:
                faults += unwritten(told.model_dump(exclude_none=True), f"{folder.name}/{lang}.yaml")
    return faults


class _Inspector:
    """What can be wrong with an agenda, asked one thing after the other."""

    def __init__(self, folder: Traversable | Path, agenda: AgendaStructure) -> None:
        self.folder = folder
        self.agenda = agenda
        self.places = Places(folder.joinpath("structure.yaml").read_text("utf-8"))
        self.at: dict[str, tuple[str | int, ...]] = {
            block.id: ("meetings", number, "blocks", place)
            for number, meeting in enumerate(self.agenda.meetings)
            for place, block in enumerate(meeting.blocks)
        }

    def faults(self) -> Iterator[ContentFault]:
        if self.agenda.slug != self.folder.name:
            yield self.fault(self.agenda.slug, "other_folder", ("slug",), folder=self.folder.name)
        ids = [block.id for block in self.agenda.blocks]
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            yield self.fault(twice, "two_blocks", self.at[twice])
        for number, meeting in enumerate(self.agenda.meetings):
            yield from self.meeting(meeting, number)
        yield from self.order()
        for block in self.agenda.blocks:
            yield from self.block(block)
        for source in (*self.agenda.source, *(one for block in self.agenda.blocks for one in block.source)):
            if source not in known_sources():
                yield self.fault("source", "unknown_source", ("source",), value=source)

    def meeting(self, meeting: Meeting, number: int) -> Iterator[ContentFault]:
        """Its minutes add up, it begins and ends as people need it, and there is a break in time."""
        where: tuple[str | int, ...] = ("meetings", number, "minutes")
        found = sum(block.minutes for block in meeting.blocks)
        if found != meeting.minutes:
            yield self.fault(f"meetings.{number + 1}", "meeting_minutes", where, found=found, said=meeting.minutes)
        first, last = meeting.blocks[0], meeting.blocks[-1]
        if first.kind not in ("welcome", "return"):
            yield self.of(first, "meeting_begins")
        if last.kind != "closing":
            yield self.of(last, "meeting_ends")
        stretch = 0
        for block in meeting.blocks:
            before, stretch = stretch, 0 if block.kind == "break" else stretch + block.minutes
            if before <= LONGEST_STRETCH < stretch:
                yield self.of(block, "no_break", most=LONGEST_STRETCH, found=stretch)

    def order(self) -> Iterator[ContentFault]:
        """Nothing is asked before people were welcomed, are in, have made their rules, and were told what it is."""
        seen: set[str] = set()
        explained: set[str] = set()
        for block in self.agenda.blocks:
            seen.add(block.kind)
            explained |= set(block.explains)
            if block.exercise is None:
                continue
            for kind in FIRST:
                if kind not in seen:
                    yield self.of(block, "comes_first", kind=kind)
                    seen.add(kind)
            phases = [one.id for one in block.steps]
            if phases[0] != "explain" and block.exercise not in explained:
                yield self.of(block, "not_explained", value=block.exercise)
            if "explain" in phases[1:]:
                yield self.of(block, "explained_late")
            explained.add(block.exercise)

    def block(self, block: Block) -> Iterator[ContentFault]:
        """Its steps add up, and what is asked in it has the minutes that it takes."""
        for slug in block.explains:
            if slug not in exercises():
                yield self.of(block, "unknown_exercise", value=slug, known=", ".join(exercises()))
        if block.exercise is None:
            return
        found = sum(one.minutes for one in block.steps)
        if found != block.minutes:
            yield self.of(block, "block_minutes", found=found, said=block.minutes)
        model = exercises().get(block.exercise)
        if model is None:
            yield self.of(block, "unknown_exercise", value=block.exercise, known=", ".join(exercises()))
            return
        lenses = [lens.id for lens in model.structure.lenses]
        for one in block.options:
            if one not in lenses:
                yield self.of(block, "unknown_lens", value=one, known=", ".join(lenses) or "–")
        if model.structure.once and block.step("again"):
            yield self.of(block, "asked_once", value=model.slug)
        yield from self.time(block, model)

    def time(self, block: Block, model: Exercise) -> Iterator[ContentFault]:
        story = next((one for one in stories_of(model) if one.id == block.story), None)
        if story is not None:
            longest = story.decisions[1]
            needed = MINUTES_A_DECISION * longest
            if block.step("together") < needed:
                have = block.step("together")
                yield self.of(block, "story_short", value=story.id, n=longest, needed=needed, found=have)
        elif block.step("answer") < model.structure.minutes:
            have = block.step("answer")
            yield self.of(block, "answer_short", value=model.slug, needed=model.structure.minutes, found=have)

    def texts(self, told: AgendaTexts, lang: str) -> Iterator[ContentFault]:
        """Every block has a title and both cells of the guide's table, and no block is told that is not there."""
        file = f"{self.folder.name}/{lang}.yaml"
        for block in self.agenda.blocks:
            words = words_of(block, told, lang)
            for name in ("title", "does", "laptop"):
                if getattr(words, name) is None:
                    yield ContentFault(file=file, where=f"blocks.{block.id}.{name}", fault="text_missing")
        for extra in sorted(told.blocks.keys() - self.at.keys()):
            yield ContentFault(file=file, where=f"blocks.{extra}", fault="text_extra")

    def of(self, block: Block, fault: str, **details: object) -> ContentFault:
        return self.fault(block.id, fault, self.at[block.id], **details)

    def fault(self, where: str, fault: str, path: tuple[str | int, ...], **details: object) -> ContentFault:
        file = f"{self.folder.name}/structure.yaml"
        return ContentFault(file=file, where=where, fault=fault, line=self.places.line(path), **details)


def stories_of(model: Exercise) -> list[Story]:
    """An exercise's stories, by name; none when it has no stories."""
    return [read_story(one) for one in story_folders(model.folder)]
