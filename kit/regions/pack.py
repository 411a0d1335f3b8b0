"""The form of a regional pack: reading it, and everything that is wrong with it or still to be done."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from kit.contact import contact_in
from kit.content import Content, Id, Words, read_file
from kit.errors import ContentFault
from kit.faults import broken, faults_of
from kit.sentences import MARK, flat, unwritten
from kit.texts import FALLBACK, languages
from kit.yamls import LOADER

FILE = "region.yaml"
# After so many months, what was checked counts as overdue.
MONTHS = 12
# A number as it is called, from "211" on, in one line, and the extension behind it.
_PHONE = re.compile(
    r"(\+?[0-9*#(][0-9*# \u00a0\u202f().\u2010-\u2013-]{1,24}[0-9])"
    r"(?:[ \u00a0]?(?:ext|poste|p)\.?[ \u00a0]?([0-9]{1,6}))?"
)
_DIGITS = range(3, 16)
_WEB = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/[\w./%~-]*)?", re.IGNORECASE)


def _blank(value: object) -> object:
    """What is marked as still to be written counts as not there."""
    return None if isinstance(value, str) and (not value.strip() or value.startswith(MARK)) else value


def _phone(value: str | None) -> str | None:
    found = None if value is None else _PHONE.fullmatch(value)
    if value is not None and not (found and len(re.sub("[^0-9]", "", found[1])) in _DIGITS):
        raise broken("phone_form", value=value[:40])
    return value


def _web(value: str | None) -> str | None:
    if value is not None and not _WEB.fullmatch(value):
        raise broken("web_form", value=value[:40])
    return value


Blank = BeforeValidator(_blank)
Maybe = Annotated[Words | None, Blank]
Phone = Annotated[str | None, Blank, AfterValidator(_phone)]
Web = Annotated[str | None, Blank, AfterValidator(_web)]


class Verified(Content):
    """On which day somebody made sure that it is still so, and in which role: never a person's name."""

    day: Annotated[date, Field(strict=False)]
    by: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]

    def due(self) -> date:
        """The first day on which it is overdue."""
        years, month = divmod(self.day.month - 1 + MONTHS, 12)
        # Whoever checked on February 29 has until the end of that month.
        return date(self.day.year + years, month + 1, min(self.day.day, 28))


class RegionService(Content):
    """A public line or a service. There is no field for an address: a shelter's must not be given away.

    source  the document or page on which it stands
    """

    id: Id
    phone: Phone = None
    sms: Phone = None
    web: Web = None
    source: Maybe = None
    checked: Annotated[Verified | None, Blank] = None

    @property
    def ways(self) -> tuple[tuple[Literal["phone", "sms", "web"], str], ...]:
        """How it is reached."""
        all_ = (("phone", self.phone), ("sms", self.sms), ("web", self.web))
        return tuple((kind, way) for kind, way in all_ if way)  # type: ignore[misc]

    @property
    def calls(self) -> tuple[tuple[str, str], ...]:
        """Its numbers, each with the address at which a phone calls it or writes to it."""
        found = ((number, scheme) for number, scheme in ((self.phone, "tel"), (self.sms, "sms")) if number)
        return tuple((number, f"{scheme}:{_dialled(number)}") for number, scheme in found)


class Duty(Content):
    """A question about a duty to report, to be checked with somebody who knows the law of the region."""

    id: Id
    source: Maybe = None
    checked: Annotated[Verified | None, Blank] = None


class RegionStructure(Content):
    """`region.yaml`. `glossary` are the words that it explains.

    sectors          those that the kit does not have, or calls otherwise (see `kit.sectors`)
    without_sectors  those of the kit that nobody is asked to choose from here
    """

    region: Id
    services: tuple[RegionService, ...] = ()
    duties: tuple[Duty, ...] = ()
    sectors: tuple[Id, ...] = ()
    without_sectors: tuple[Id, ...] = ()
    glossary: tuple[Id, ...] = ()
    programs: tuple[RegionService, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> RegionStructure:
        for what, ids in self.ids().items():
            twice = sorted({one for one in ids if ids.count(one) > 1})
            if twice:
                raise broken("used_twice", what=what, value=", ".join(twice))
        return self

    def ids(self) -> dict[str, tuple[str, ...]]:
        """The ids of each part, as the texts must have them."""
        return {
            "services": tuple(one.id for one in self.services), "duties": tuple(one.id for one in self.duties),
            "sectors": self.sectors, "glossary": self.glossary, "programs": tuple(one.id for one in self.programs),
        }  # fmt: skip

    def dated(self) -> Iterator[tuple[str, Verified]]:
        """Everything that somebody has checked, by part and id."""
        for part, found in (("services", self.services), ("duties", self.duties), ("programs", self.programs)):
            yield from ((f"{part}.{one.id}", one.checked) for one in found if one.checked)


class ServiceTexts(Content):
    """What is told of a service: its name, what it does, who can come, when, in which languages, how to refer."""

    name: Maybe = None
    what: Words
    who: Maybe = None
    hours: Maybe = None
    languages: Maybe = None
    how: Maybe = None


class DutyTexts(Content):
    """A question to check, and what was found."""

    question: Words
    answer: Maybe = None


class Term(Content):
    """A word and what it means."""

    term: Words
    meaning: Words


class RegionTexts(Content):
    """`<lang>.yaml` of a region."""

    name: Words
    services: dict[Id, ServiceTexts] = {}
    duties: dict[Id, DutyTexts] = {}
    sectors: dict[Id, Words] = {}
    glossary: dict[Id, Term] = {}
    programs: dict[Id, ServiceTexts] = {}


def _dialled(number: str) -> str:
    """A number as an address holds it (RFC 3966); an extension of a text message leads nowhere, and is harmless."""
    found = _PHONE.fullmatch(number)
    assert found, "what is not a number was refused when the pack was read"
    plain = re.sub(r"[^+0-9*#]", "", found[1]).replace("#", "%23")
    return f"{plain};ext={found[2]}" if found[2] else plain


@dataclass(frozen=True, eq=False)
class Region:
    """A pack as it is used: at least one language can be read."""

    structure: RegionStructure
    by_lang: Mapping[str, RegionTexts]

    def lang(self, wished: str) -> str:
        """The language in which it is told to somebody who wishes for this one."""
        return next(lang for lang in (wished, FALLBACK, *self.by_lang) if lang in self.by_lang)

    def texts(self, wished: str) -> RegionTexts:
        """Its texts in that language, or in one that it has."""
        return self.by_lang[self.lang(wished)]

    @property
    def checked_on(self) -> date:
        """The last day on which anything in it was checked; long ago where nothing was."""
        return max((checked.day for _, checked in self.structure.dated()), default=date.min)

    def overdue(self, today: date) -> list[str]:
        """What was checked too long ago, by part and id."""
        return [where for where, checked in self.structure.dated() if today >= checked.due()]


def read(folder: Path) -> Region:
    """Read a pack; raises `ContentFault`, the first of what `check` finds."""
    for fault in check(folder):
        raise fault
    structure = read_file(folder, FILE, RegionStructure)
    return Region(structure, {lang: read_file(folder, f"{lang}.yaml", RegionTexts) for lang in _written(folder)})


def check(folder: Path, today: date | None = None) -> list[ContentFault]:
    """Every fault of a pack's form; what is only to be filled in or overdue is told by `to_do`."""
    faults = faults_of(folder, FILE, RegionStructure)
    written = _written(folder) or [FALLBACK]
    by_lang = {lang: faults_of(folder, f"{lang}.yaml", RegionTexts) for lang in written}
    faults = [*faults, *(fault for found in by_lang.values() for fault in found)]
    if faults:
        return faults
    structure = read_file(folder, FILE, RegionStructure)
    if structure.region != folder.resolve().name:
        details = {"fault": "other_folder", "folder": folder.resolve().name}
        faults.append(ContentFault(file=f"{folder.name}/{FILE}", where="region", **details))
    faults += _future(folder, structure, today or date.today())
    for lang in written:
        faults += _compare(structure, folder, lang)
    return faults


def to_do(folder: Path, today: date | None = None) -> list[ContentFault]:
    """What a sound pack still lacks: a language, what is to be filled in, and what was checked too long ago."""
    found = [
        ContentFault(file=f"{folder.name}/{lang}.yaml", where="-", fault="region_language")
        for lang in languages()
        if lang not in _written(folder)
    ]
    for name in (FILE, *(f"{lang}.yaml" for lang in _written(folder))):
        found += unwritten(_raw(folder, name), f"{folder.name}/{name}")
    structure = read_file(folder, FILE, RegionStructure)
    for where, checked in structure.dated():
        if (today or date.today()) >= checked.due():
            details = {"fault": "overdue", "day": checked.day.isoformat(), "by": checked.by, "months": MONTHS}
            found.append(ContentFault(file=f"{folder.name}/{FILE}", where=where, **details))
    for one in (*structure.services, *structure.programs):
        if one.ways and not one.checked:
            found.append(ContentFault(file=f"{folder.name}/{FILE}", where=one.id, fault="unchecked"))
    return found


def schemas() -> dict[str, str]:
    """The JSON Schemas of both kinds of file, by the name to write them under."""
    return {
        f"{name}.schema.json": json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
        for name, model in (("region", RegionStructure), ("region-texts", RegionTexts))
    }


def _written(folder: Path) -> list[str]:
    return [lang for lang in languages() if (folder / f"{lang}.yaml").is_file()]


def _raw(folder: Path, name: str) -> Mapping[str, Any]:
    """A file as it stands; what is listed goes by its id."""
    raw = yaml.load((folder / name).read_text("utf-8"), LOADER)
    return {key: {one["id"]: one for one in part} if _is_of_ids(part) else part for key, part in raw.items()}


def _is_of_ids(part: object) -> bool:
    return isinstance(part, list) and bool(part) and all(isinstance(one, dict) for one in part)


def _future(folder: Path, structure: RegionStructure, today: date) -> list[ContentFault]:
    return [
        ContentFault(file=f"{folder.name}/{FILE}", where=where, fault="in_future", day=checked.day.isoformat())
        for where, checked in structure.dated()
        if checked.day > today
    ]


def _compare(structure: RegionStructure, folder: Path, lang: str) -> Iterator[ContentFault]:
    """Texts that are missing, too many, or hold what leads to a door or a person."""
    file = f"{folder.name}/{lang}.yaml"
    told = _raw(folder, f"{lang}.yaml")
    for part, ids in structure.ids().items():
        texts = told.get(part) or {}
        missing, extra = [one for one in ids if one not in texts], [one for one in texts if one not in ids]
        for fault, found in (("text_missing", missing), ("region_extra", extra)):
            yield from (ContentFault(file=file, where=f"{part}.{one}", fault=fault) for one in found)
    for where, said in flat(told):
        if isinstance(said, str) and not said.startswith(MARK) and contact_in(said):
            yield ContentFault(file=file, where=where, fault="region_contact")
