"""`kit check`: what is wrong with the content of this installation, or of a folder, and what a region still lacks."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from kit import regions
from kit.cli.session_words import tell
from kit.errors import ContentFault


def check(args: Namespace) -> int:
    """Check the content of this installation, of an exercise's folder or of a region's; write the schemas."""
    if args.schemas:
        _write_schemas(args.schemas)
    path = args.path
    region = path if path and (path / regions.FILE).is_file() else regions.found() if path is None else None
    folders = [] if path and region else _folders(path)
    faults = [*_installed(path), *of_folders(folders), *_of_regions(path, region)]
    due = regions.to_do(region) if region and not regions.check(region) else []
    if args.json:
        _tell_json(folders, faults, due)
    else:
        _tell(len(folders), faults, region, due, checked=bool(folders) or not region)
    return 0 if (folders or region) and not faults else 1


def _folders(path: Path | None) -> list[Path]:
    """The folders of exercises and agendas: the installation's, one that was named, or all that lie in it."""
    from kit.agenda.model import shipped
    from kit.exercise import exercises

    if path is None:
        own = [model.folder for model in exercises().values()]
        return [Path(str(folder)) for folder in (*own, *shipped().values())]
    if (path / "structure.yaml").exists():
        return [path]
    return sorted(one.parent for one in path.glob("*/structure.yaml"))


def _installed(path: Path | None) -> list[ContentFault]:
    """What is wrong with the installation besides its exercises' folders."""
    from kit import sentences, terms
    from kit.exercise import left_out

    if path is not None:
        return []
    found = [ContentFault(file=one, where="-", fault="left_out", reason=why) for one, why in left_out().items()]
    return found + sentences.check() + terms.check()


def of_folders(folders: Sequence[Path]) -> list[ContentFault]:
    """Everything that is wrong in these folders: exercises, stories, agendas."""
    from kit import content_check, stories, story_check, terms
    from kit.agenda import check as agendas
    from kit.exercise import exercises

    faults: list[ContentFault] = []
    for folder in folders:
        if stories.is_story(folder):
            behaviours = {one.id for model in exercises().values() for one in model.structure.behaviours}
            faults += story_check.check_story(folder, behaviours)
            continue
        checks = (agendas.check,) if agendas.is_agenda(folder) else (content_check.check, story_check.check)
        faults += [fault for one in checks for fault in one(folder)]
    with_stories = [each for folder in folders for each in (folder, *sorted(folder.glob("stories/*/")))]
    return faults + [fault for folder in with_stories for fault in terms.in_folder(folder)]


def _of_regions(path: Path | None, region: Path | None) -> list[ContentFault]:
    """The pack that was named or is in use; with the installation, the worked example too."""
    from kit import terms

    example = [regions.folders()[regions.EXAMPLE]] if path is None else []
    packs = dict.fromkeys([*example, *([region] if region else [])])
    return [fault for one in packs for fault in (*regions.check(one), *terms.in_folder(one))]


def _write_schemas(folder: Path) -> None:
    from kit import content, stories
    from kit.agenda import model as agenda

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (content.schemas() | stories.schemas() | agenda.schemas() | regions.schemas()).items():
        (folder / name).write_text(text, "utf-8")


def _tell_json(folders: Sequence[Path], faults: Sequence[ContentFault], due: Sequence[ContentFault]) -> None:
    told = {
        name: [{**one.details, "told": str(one)} for one in found] for name, found in (("faults", faults), ("due", due))
    }
    print(json.dumps({"checked": [folder.name for folder in folders], **told}, ensure_ascii=False))


def _tell(
    n: int, faults: Sequence[ContentFault], region: Path | None, due: Sequence[ContentFault], checked: bool
) -> None:
    for fault in faults:
        print(fault)
    if region and not regions.check(region):
        # Not a fault: a workshop can be held, and a page without a number is safer than one that nobody has checked.
        key = "region_to_do" if due else "region_done"
        tell(key, name=region.name, n=len(due), months=regions.MONTHS)
        for one in due:
            print(f"  {one}")
    if checked:
        tell("checked" if n else "nothing_to_check", n=n, faults=len(faults))
