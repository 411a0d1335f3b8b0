"""What a plan can be taken away as, and what can be brought into it.

A file that came along, the worked example and the answers of other exercises all become new rows; nothing
that stands in the plan is changed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from html import escape
from textwrap import shorten

from kit.content import Texts
from kit.errors import NothingDue, PictureFailed
from kit.exercise import exercise
from kit.exercises.action_plan import calendar, sheets
from kit.exercises.action_plan.model import OWN, PLAN, Fields, Model, aim_of, free_keys, plan_table, rows_of, tidy
from kit.files import Asked, File, FileChoice, Taken
from kit.session import Value
from kit.summary import Block, Bullets, Gantt, Paragraph, Span, Summary

GIVES = ("table", "text", "calendar", "picture")
TAKES: Mapping[str, str] = {"example": "", "partnership": "", "reflection": "", "text": ".csv,.tsv,.txt,.xlsx"}

# A process of its own draws: matplotlib costs a participant's kernel more than all the rest of it.
PAINTER = (sys.executable, "-m", "kit.figures.gantt")
PATIENCE = 60
# Letters of an activity that stand over its bar; the table below the picture has all of it.
LABEL = 90
# What a low rating is called in the exercises from which draft rows come.
GAPS = {"partnership": ("disagree", "strongly_disagree"), "reflection": ("growth",)}


def give(model: Model, asked: Asked) -> File:
    """The plan as a file with a neutral name; raises `NothingDue`, `PictureFailed`."""
    rows = [row for _, row in rows_of(asked.values)]
    if asked.what == "table":
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return File("plan.xlsx", media, sheets.workbook(model, rows, asked.lang))
    if asked.what == "text":
        return File("plan.csv", "text/csv;charset=utf-8", sheets.write_csv(model, rows, asked.lang))
    if asked.what == "calendar":
        return File("plan.ics", "text/calendar;charset=utf-8", _calendar(model, asked))
    return File("plan.html", "text/html;charset=utf-8", _picture(model, rows, asked.lang))


def take(model: Model, asked: Asked) -> Taken:
    """New rows for the plan, and what was understood; raises `FileUnreadable`."""
    texts = model.texts(asked.lang)
    left: list[str] = []
    choices: tuple[FileChoice, ...] = ()
    if asked.what == "example":
        found: Iterable[Fields] = model.example(asked.lang)
    elif asked.what == "text":
        got = sheets.read_table(model, asked)
        found, left, choices = got.rows, got.left, tuple(got.choices)
    else:
        found = _drafts(model, asked)
    kept = list(_new(asked.values, found))
    room = _room(model, asked.values)
    told: list[Block] = []
    if kept:
        told += [Paragraph(texts.say(f"taken_{asked.what}"))] if asked.what != "text" else []
        told.append(replace(plan_table(kept[:room], texts), title=texts.say("taken_rows")))
    else:
        told.append(Paragraph(texts.say("taken_none")))
    if left:
        told.append(Bullets(tuple(left), texts.say("taken_left")))
    if len(kept) > room:
        most = model.structure.items()[0].most
        told.append(Paragraph(texts.say("taken_full", most=most, left=len(kept) - room), "note"))
    keys = free_keys(asked.values)
    answers: dict[str, Value] = {f"{PLAN}.{next(keys)}": dict(row) for row in kept[:room]}
    return Taken(answers, Summary(texts.say("taken_title"), tuple(told)), choices)


def _room(model: Model, values: Mapping[str, Value]) -> int:
    return max(model.structure.items()[0].most - len(rows_of(values)), 0)


def _new(values: Mapping[str, Value], found: Iterable[Fields]) -> Iterable[Fields]:
    """The rows that the plan does not hold already: pressing the same button twice adds nothing."""
    held = [{**row, "share": False} for _, row in rows_of(values)]
    for row in found:
        if {**row, "share": False} not in held:
            held.append({**row, "share": False})
            yield row


def _drafts(model: Model, asked: Asked) -> Iterable[Fields]:
    """A draft for each gap of another exercise: an objective, and nothing that the person has not decided."""
    other = exercise(asked.what)
    low = GAPS[asked.what]
    here, there = model.texts(asked.lang), other.texts(asked.lang)
    limit = next(column.limit for column in model.structure.items()[0].columns if column.id == "aim")
    answers = asked.elsewhere(asked.what)
    for item in other.structure.items():
        if answers.get(item.id) in low and item.kind == "choice":
            text = _own(answers, item.about) if item.about else there.items[item.id].get("short") or there.text(item.id)
            if text:
                yield {"objective": OWN, "aim": tidy(here.say("draft_aim", text=text))[:limit], "share": False}


def _own(answers: Mapping[str, Value], item: str) -> str:
    value = answers.get(item)
    return str(value.get("text", "")) if isinstance(value, dict) else ""


def _calendar(model: Model, asked: Asked) -> bytes:
    """The end dates under neutral names: a calendar is often seen by others. Taken again, it updates its dates."""
    texts = model.texts(asked.lang)
    due = [
        calendar.Event(
            calendar.uid_of(asked.seed, key), asked.revisions.get(f"{PLAN}.{key}", 0), date.fromisoformat(row["end"]),
            _event(number, row, texts),
        )
        for number, (key, row) in enumerate(rows_of(asked.values), 1)
        if row.get("end")
    ]  # fmt: skip
    if not due:
        raise NothingDue()
    return calendar.write(due, date.today())


def _event(number: int, row: Fields, texts: Texts) -> str:
    """What a date is called: its row in the plan, and where that stands; who answers for it stays in the plan."""
    named = texts.say("event", number=number)
    if not row.get("status"):
        return named
    return texts.say("event_stands", event=named, status=texts.option("status", row["status"]))


def _picture(model: Model, rows: list[Fields], lang: str) -> bytes:
    """A page with the plan over time and the same as a table, drawn by a process of its own."""
    figure = gantt(model, rows, lang)
    told = json.dumps({"lang": lang, "figure": asdict(figure)}).encode()
    try:
        done = subprocess.run(PAINTER, input=told, capture_output=True, timeout=PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise PictureFailed(reason=type(error).__name__) from None
    return _page(figure, done.stdout.decode("utf-8"), lang).encode("utf-8")


def gantt(model: Model, rows: list[Fields], lang: str) -> Gantt:
    """A plan as bars over time, one for each row, in the order of the plan."""
    texts = model.texts(lang)
    days = sorted(row[which] for row in rows for which in ("start", "end") if row.get(which))
    key = "picture_alt" if days else "picture_undated"
    alt = texts.say(key, count=len(rows), first=days[0] if days else "", last=days[-1] if days else "")
    spans = tuple(
        Span(f"{n}. {_label(row, texts)}", row.get("start", ""), row.get("end", ""),
             aim_of(row, texts) if row.get("activity") else "")
        for n, row in enumerate(rows, 1)
    )  # fmt: skip
    return Gantt(texts.say("picture_title"), alt, spans, replace(plan_table(rows, texts), title=texts.say("table")))


def _label(row: Fields, texts: Texts) -> str:
    return shorten(row.get("activity") or aim_of(row, texts), LABEL, placeholder="…")


_STYLE = """
body{font-family:system-ui,sans-serif;line-height:1.5;max-width:60rem;margin:1rem auto;padding:0 1rem;
color:#1a1a1a;background:#fff}
.scroll{overflow-x:auto}table{border-collapse:collapse}caption{text-align:left;font-weight:bold;padding:.5rem 0}
th,td{border:1px solid #767676;padding:.4rem .6rem;text-align:left;vertical-align:top}td{min-width:7rem}
"""


def _page(figure: Gantt, svg: str, lang: str) -> str:
    """A whole page that loads nothing."""
    twin = figure.twin
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in twin.columns)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(one)}</td>" for one in row[1:])}</tr>'
        for row in twin.rows
    )
    title = escape(figure.title)
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{svg}"
        f'<div class="scroll" role="region" aria-label="{escape(twin.title)}" tabindex="0"><table>'
        f"<caption>{escape(twin.title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        "</main></body></html>\n"
    )


__all__ = ["GIVES", "TAKES", "give", "take"]
