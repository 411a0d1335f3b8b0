"""A regional pack as it is told: to people in the room, alone and in the report alike, and to whoever keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from kit.days import tell_day
from kit.regions.pack import MONTHS, Region, RegionService, ServiceTexts, Verified
from kit.summary import Block, Bullets, Heading, Paragraph, Summary
from kit.texts import say


def told(region: Region, wished: str, today: date) -> Summary:
    """The pack in the language that was wished for, or in one that it has; nothing that is not filled in.

    A service without a check is left out: a wrong number can cost somebody their one try.
    """
    lang = region.lang(wished)
    texts, structure = region.texts(lang), region.structure
    checked = [one for one in structure.services if one.checked]
    parts: dict[str, list[Block]] = {
        "services": [block for one in checked for block in _service(one, texts.services, lang, today)],
        "duties": _duties(region, lang, today),
        "programs": [block for one in structure.programs for block in _service(one, texts.programs, lang, today)],
        "glossary": _glossary(region, lang),
    }
    blocks: list[Block] = []
    for part, found in parts.items():
        if found:
            lead = Paragraph(say(lang, f"regions.{part}_lead"))
            blocks += [Heading(say(lang, f"regions.{part}")), lead, *found]
    return Summary(say(lang, "regions.title", name=texts.name), tuple(blocks))


def care(region: Region | None, lang: str, today: date) -> str:
    """What whoever leads a workshop must know: that there is no pack, or that something in it is overdue."""
    if region is None:
        return say(lang, "regions.none")
    late, name = region.overdue(today), region.texts(lang).name
    if late:
        return say(lang, "regions.overdue", name=name, n=len(late), months=MONTHS, which=", ".join(late))
    if not any(one.checked and one.ways for one in region.structure.services):
        return say(lang, "regions.no_service", name=name)
    return ""


def _service(one: RegionService, texts: Mapping[str, ServiceTexts], lang: str, today: date) -> Iterator[Block]:
    said = texts[one.id]
    if said.name is None:
        return
    lines = [said.what, *(say(lang, f"regions.{kind}", way=way) for kind, way in one.ways)]
    for field in ("who", "hours", "languages", "how"):
        if text := getattr(said, field):
            lines.append(say(lang, f"regions.{field}", text=text))
    if one.source:
        lines.append(say(lang, "regions.source", source=one.source))
    lines.append(_checked(one.checked, lang, today))
    yield Bullets(tuple(lines), said.name, one.calls)


def _checked(checked: Verified | None, lang: str, today: date) -> str:
    if checked is None:
        return say(lang, "regions.unchecked")
    key = "checked_late" if today >= checked.due() else "checked"
    return say(lang, f"regions.{key}", day=tell_day(checked.day, lang), by=checked.by)


def _duties(region: Region, lang: str, today: date) -> list[Block]:
    found: list[Block] = []
    for one in region.structure.duties:
        said = region.texts(lang).duties[one.id]
        answer = [said.answer, _checked(one.checked, lang, today)] if said.answer and one.checked else []
        found.append(Bullets(tuple(answer) or (say(lang, "regions.to_check"),), said.question))
    return found


def _glossary(region: Region, lang: str) -> list[Block]:
    terms = [region.texts(lang).glossary[one] for one in region.structure.glossary]
    lines = sorted(say(lang, "regions.term", term=one.term, meaning=one.meaning) for one in terms)
    return [Bullets(tuple(lines))] if lines else []
