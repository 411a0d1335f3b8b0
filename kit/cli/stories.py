"""What an author does with a story: to Twine and back, and a picture of its branches."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from kit.cli.session_words import tell
from kit.errors import AlreadyThere, ContentFault, FolderUnwritable, UnknownStory
from kit.texts import default_language

WIDTH = 116


def export(args: Namespace) -> int:
    """Write a story as Twee 3."""
    from kit import twee
    from kit.stories import read_story, read_story_texts

    folder = _folder(args.story)
    story = read_story(folder)
    return _write(
        args.out or Path(f"{story.id}.{args.lang}.twee"),
        twee.export(story, read_story_texts(folder, args.lang), args.lang),
    )


def picture(args: Namespace) -> int:
    """Draw a story's branches."""
    from kit.figures.storymap import storymap
    from kit.stories import read_story, read_story_texts

    folder = _folder(args.story)
    story = read_story(folder)
    return _write(args.out or Path(f"{story.id}.svg"), storymap(story, read_story_texts(folder, args.lang), args.lang))


def bring_in(args: Namespace) -> int:
    """Read Twee 3 into a story's folder, and tell what could not be used and what is still missing."""
    from kit import twee
    from kit.exercise import exercises
    from kit.story_check import check_story

    imported = twee.parse(_read(args.file), args.file.name)
    folder = (args.out or Path()) / imported.structure["id"]
    lang = args.lang or imported.lang or default_language()
    files = {"structure.yaml": imported.structure, f"{lang}.yaml": imported.texts}
    for name, content in files.items():
        if (folder / name).is_file() and not args.force and _there(folder / name) != content:
            raise AlreadyThere(file=folder / name)
    for name, content in files.items():
        _write(folder / name, yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=WIDTH))
    behaviours = {one.id for model in exercises().values() for one in model.structure.behaviours}
    checked = (_by_name(fault, imported.names) for fault in check_story(folder, behaviours))
    return _tell([*imported.faults, *checked])


def _by_name(fault: ContentFault, names: Mapping[str, str]) -> ContentFault:
    """The fault at the name that its author gave the scene; what they never saw has no line."""
    where = ".".join(names.get(part, part) for part in str(fault.details["where"]).split("."))
    return ContentFault(**{**fault.details, "where": where, "line": 0})


def _tell(faults: Iterable[ContentFault]) -> int:
    found = list(faults)
    tell("story_faults" if found else "story_sound", n=len(found))
    for fault in found:
        print(f"- {fault}")
    return 1 if found else 0


def _folder(typed: str) -> Traversable | Path:
    """A story's folder: the one that was named, or one of an exercise that is installed; raises `UnknownStory`."""
    from kit.exercise import exercises
    from kit.stories import story_folders

    if (Path(typed) / "structure.yaml").is_file():
        return Path(typed).resolve()
    known = {one.name: one for model in exercises().values() for one in story_folders(model.folder)}
    if typed not in known:
        raise UnknownStory(story=typed[:64], known=", ".join(known))
    return known[typed]


def _read(file: Path) -> str:
    """A file's text; raises `ContentFault`."""
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        raise ContentFault(file=file.name, where="-", fault="file_missing") from None
    except (OSError, UnicodeDecodeError):
        raise ContentFault(file=file.name, where="-", fault="not_utf8") from None


def _there(file: Path) -> Mapping[str, Any] | None:
    """What a YAML file says; None when it is none."""
    try:
        found = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    return found if isinstance(found, dict) else None


def _write(file: Path, text: str) -> int:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise FolderUnwritable(folder=file.parent, reason=error.strerror or error) from None
    tell("story_written", file=file)
    return 0
