"""Everything that is wrong with an exercise's content files: in one, between them, between the languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Formatter

from kit.content import SOURCES, Content, Sources, Structure, Texts, known_sources, read_file
from kit.errors import ContentFault
from kit.faults import faults_of, loosely, placed
from kit.sentences import unwritten
from kit.texts import languages


def check(folder: Traversable | Path) -> list[ContentFault]:
    """Every fault of one exercise's folder, each with file, line, id and mend; empty when it is sound.

    Its stories have a check of their own: `kit.story_check.check`.
    """
    named: dict[str, type[Content]] = {"structure.yaml": Structure, **{f"{lang}.yaml": Texts for lang in languages()}}
    if folder.joinpath(SOURCES).is_file():
        named[SOURCES] = Sources
    by_file = {name: faults_of(folder, name, model) for name, model in named.items()}
    faults = [fault for found in by_file.values() for fault in found]
    # As far as it can be read with what is wrong taken out: else the next faults would show only after these.
    structure = loosely(folder, "structure.yaml", Structure)
    if structure is not None:
        told = {lang: texts for lang in languages() if (texts := loosely(folder, f"{lang}.yaml", Texts))}
        faults += placed(folder, _across(folder, structure, told, by_file))
    return faults


def _across(
    folder: Traversable | Path, structure: Structure, told: Mapping[str, Texts], by_file: Mapping[str, object]
) -> Iterator[ContentFault]:
    """What does not fit together: inside the structure, with its sources, with the texts, between the languages."""
    file = f"{folder.name}/structure.yaml"
    for rule, details in structure.unfit():
        yield ContentFault(file=file, where=details.get("item", details["value"]), fault=rule, **details)
    if not by_file.get(SOURCES):
        yield from _sources(folder, structure)
    if not structure.sections and not folder.joinpath("stories").is_dir():
        yield ContentFault(file=file, where="sections", fault="nothing_asked")
    for lang, texts in told.items():
        yield from _compare(structure, texts, f"{folder.name}/{lang}.yaml")
        if not by_file[f"{lang}.yaml"]:
            yield from unwritten(texts.model_dump(), f"{folder.name}/{lang}.yaml")
    yield from _blanks(told, folder.name)


def _sources(folder: Traversable | Path, structure: Structure) -> list[ContentFault]:
    """Sources that nobody knows, and own ones under an ID that the kit has for something else."""
    known = known_sources(folder)
    own = read_file(folder, SOURCES, Sources).titles if folder.joinpath(SOURCES).is_file() else {}
    blank = unwritten(read_file(folder, SOURCES, Sources).model_dump(), f"{folder.name}/{SOURCES}") if own else []
    taken = [
        ContentFault(file=f"{folder.name}/{SOURCES}", where=one, fault="source_taken")
        for one in own
        if one in known_sources()
    ]
    return blank + taken + [
        ContentFault(file=f"{folder.name}/structure.yaml", where=where, fault="unknown_source", value=source)
        for where, source in structure.sources()
        if source not in known
    ]


def _blanks(told: Mapping[str, Texts], folder: str) -> Iterator[ContentFault]:
    """Sentences whose fields in braces are not the same in all languages, or whose braces do not match."""
    fields: dict[str, dict[str, frozenset[str]]] = {}
    for lang, texts in told.items():
        for key, sentence in texts.sentences.items():
            try:
                fields.setdefault(key, {})[lang] = _fields_of(sentence)
            except ValueError:
                yield ContentFault(file=f"{folder}/{lang}.yaml", where=f"sentences.{key}", fault="braces")
    for key, by_lang in fields.items():
        (first, wanted), *others = by_lang.items()
        for lang, found in others:
            if found != wanted:
                here, there = (", ".join(sorted(one)) or "–" for one in (found, wanted))
                where = {"file": f"{folder}/{lang}.yaml", "where": f"sentences.{key}"}
                yield ContentFault(fault="other_blanks", other=first, here=here, there=there, **where)


def _fields_of(sentence: str) -> frozenset[str]:
    """The names in braces that a sentence takes; raises ValueError when its braces do not match."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def _compare(structure: Structure, texts: Texts, file: str) -> list[ContentFault]:
    wanted: dict[str, set[str]] = {
        "scales": {f"{name}.{option}" for name, scale in structure.scales.items() for option in scale.all},
        "lenses": {lens.id for lens in structure.lenses},
        "sections": {f"{section.id}.{which}" for section in structure.sections for which in section.says},
        "items": {f"{item.id}.{which}" for item in structure.items() for which in item.told},
        "behaviours": {f"{one.id}.{which}" for one in structure.behaviours for which in ("name", "line")},
        "sentences": set(structure.sentences),
    }
    found: dict[str, set[str]] = {
        part: {f"{key}.{which}" for key, below in getattr(texts, part).items() for which in below}
        for part in ("scales", "sections", "items", "behaviours")
    } | {part: set(getattr(texts, part)) for part in ("lenses", "sentences")}
    return [
        ContentFault(file=file, where=f"{part}.{where}", fault=fault)
        for part, ids in wanted.items()
        for fault, names in (("text_missing", ids - found[part]), ("text_extra", found[part] - ids))
        for where in sorted(names)
    ]
