"""Files of a board: public entries go out as CSV, XLSX or open data; lists from elsewhere come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit.content import Column, Texts
from kit.directory import hsds
from kit.directory.entries import Row, for_everyone
from kit.errors import NothingPublic
from kit.exercises.resources.bring import Bringing
from kit.exercises.resources.listed import ENTRIES
from kit.exercises.resources.model import AREA_NAME, Model, entries
from kit.files import Asked, File, Taken
from kit.tables.writing import write_csv, write_xlsx

GIVES = ("csv", "xlsx", "hsds")
TAKES = {"list": ".csv,.tsv,.txt,.xlsx,.zip"}
# What is about the person who made the entry, not about the service.
OWN = ("knowledge", "together", "visibility")
DAY = len("2026-01-31")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def give(model: Model, asked: Asked) -> File:
    """A file of what anyone may see; raises `NothingPublic` when that is nothing."""
    rows = for_everyone(entries(asked.values).values())
    if not rows:
        raise NothingPublic()
    area = _area(model.texts(asked.lang), asked.values)
    fields = tuple(column.id for column in columns_of(model) if column.id not in OWN)
    return made_of(model, rows, fields, asked.what, asked.lang, area)


def made_of(model: Model, rows: Sequence[Row], fields: Sequence[str], what: str, lang: str, area: str = "") -> File:
    """A file of these fields of these entries; whatever else an entry holds is not in it."""
    texts = model.texts(lang)
    rows = [{name: row[name] for name in fields if name in row} for row in rows]
    if what == "hsds":
        services = [_service(texts, row, area) for row in rows]
        kinds = {row["type"]: texts.option("type", row["type"]) for row in rows}
        about = (texts.sections["types"]["title"], texts.sections["types"]["title"])
        return File("services.zip", "application/zip", hsds.write(services, kinds, about, lang))
    columns = [column for column in columns_of(model) if column.id in fields]
    head = tuple(texts.text(ENTRIES, column.id) for column in columns)
    table = [head, *(tuple(told(texts, column, row.get(column.id)) for column in columns) for row in rows)]
    if what == "xlsx":
        return File("services.xlsx", XLSX, write_xlsx(table, texts.say("sheet")))
    return File("services.csv", "text/csv;charset=utf-8", write_csv(table, lang))


def take(model: Model, asked: Asked) -> Taken:
    """The entries that would be added, and line by line what would not; raises `FileUnreadable`."""
    return Bringing(model, asked).taken()


def columns_of(model: Model) -> tuple[Column, ...]:
    """The fields of an entry."""
    item = model.structure.item(ENTRIES)
    assert item is not None
    return item.columns


def told(texts: Texts, column: Column, value: Any) -> str:
    """A field in words."""
    if column.scale is None:
        return str(value or "")
    chosen = value if isinstance(value, list) else [value] if value else []
    return ", ".join(texts.option(column.scale, one) for one in chosen)


def _service(texts: Texts, row: Mapping[str, Any], area: str) -> hsds.Service:
    def many(scale: str, chosen: Iterable[str]) -> str:
        return ", ".join(texts.option(scale, one) for one in chosen)

    # The specification knows days only; a month that was made a day would be a date on which nobody looked.
    day = row.get("checked", "")
    return hsds.Service(
        name=row["name"],
        kind=row["type"],
        organization=row.get("organization", ""),
        description=row.get("offers", ""),
        url=row.get("page", ""),
        languages=tuple(one.strip() for one in row.get("languages", "").split(",") if one.strip()),
        interpreting=many("interpreting", [row["interpreting"]] if row.get("interpreting") else []),
        eligibility=_lines(many("served", row.get("served", [])), row.get("who_can_come", "")),
        access=_lines(many("access", row.get("access", [])), row.get("refer", "")),
        wait=many("waiting", [row["waiting"]] if row.get("waiting") else []),
        day=day if len(day) == DAY else "",
        area=area,
    )


def _lines(*told: str) -> str:
    """What is said in two fields here and in one there, a line each."""
    return "\n".join(filter(None, told))


def _area(texts: Texts, values: Mapping[str, Any]) -> str:
    """The area's own name, else how large it is."""
    named = values.get(AREA_NAME)
    if isinstance(named, dict) and named.get("text"):
        return str(named["text"])
    size = values.get("area")
    return texts.option("area", size) if isinstance(size, str) else ""
