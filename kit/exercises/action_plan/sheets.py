"""A plan as a table: XLSX and CSV out and in. Of a file that came along, nothing is dropped without a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kit.brought import SHEET, day_of, left_out, order_of, which_comes_first, which_sheet
from kit.content import Item, Texts
from kit.directory import headings
from kit.errors import FileUnreadable, KitError
from kit.exercises.action_plan.model import OWN, PLAN, Fields, Model
from kit.files import Asked, FileChoice
from kit.letters import folded, without_markup
from kit.tables import writing
from kit.tables.dates import days_of
from kit.tables.reading import Line, read
from kit.texts import languages, say

WIDTHS = {"text": 38, "date": 13, "choice": 26}
# How other plans call a column.
CALLED: Mapping[str, tuple[str, ...]] = {
    "objective": ("objectif", "objectifs", "objective", "objectives", "goal", "goals", "but", "buts"),
    "aim": ("description de l'objectif", "sous-objectif"),
    "activity": ("action", "actions", "activité", "activités", "activity", "activities", "tâche", "task", "what"),
    "means": ("moyens", "ressources", "means", "resources", "how", "comment"),
    "result": ("résultat", "résultats", "indicateur", "result", "results", "outcome", "indicator"),
    "actors": (
        "responsable", "responsables", "qui", "who", "lead", "responsible", "owner", "partenaires", "partners",
        "personnes responsables", "assigned to", "à qui", "assigné à",
    ),
    "role": ("rôle", "role", "fonction responsable"),
    "start": ("début", "start", "from", "du", "date de début"),
    "end": ("échéance", "échéancier", "fin", "end", "due", "due date", "deadline", "quand", "when", "date limite"),
    "term": ("durée", "statut de la fin"),
    "status": ("statut", "état", "avancement", "status", "state", "progress"),
}  # fmt: skip


@dataclass(frozen=True)
class Got:
    """Rows of a file that fit into a plan, a sentence for each thing that was left out or understood otherwise, the
    dates that could be two days, and what is asked about the file."""

    rows: list[Fields] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    choices: list[FileChoice] = field(default_factory=list)


def workbook(model: Model, rows: Iterable[Fields], lang: str) -> bytes:
    """One sheet: headings that stay in sight, dates as dates, text that wraps."""
    item, texts = _item(model), model.texts(lang)
    head: list[writing.Cell] = [texts.text(PLAN, column.id) for column in item.columns]
    body: list[list[writing.Cell]] = [
        [
            date.fromisoformat(row[column.id])
            if column.kind == "date" and row.get(column.id)
            else _shown(column.scale, row.get(column.id, ""), texts)
            for column in item.columns
        ]
        for row in rows
    ]
    return writing.write_xlsx([head, *body], "Plan", [WIDTHS[column.kind] for column in item.columns])


def write_csv(model: Model, rows: Iterable[Fields], lang: str) -> bytes:
    """The plan as CSV in the way that spreadsheets of this language expect it."""
    item, texts = _item(model), model.texts(lang)
    head = [texts.text(PLAN, column.id) for column in item.columns]
    body = [[_shown(column.scale, row.get(column.id, ""), texts) for column in item.columns] for row in rows]
    return writing.write_csv([head, *body], lang)


def read_table(model: Model, asked: Asked) -> Got:
    """The rows of the CSV or XLSX file that was brought along, with headings in any language.

    Raises `FileUnreadable`.
    """
    name, lang = asked.name, asked.lang
    texts, called = model.texts(lang), _called(model)
    wanted = asked.chosen.get(SHEET, "")
    sheet = read(asked.data, name, lang, lambda heading: bool(headings.column_of(heading, called)), wanted)
    columns: dict[int, str] = {}
    for at, heading in enumerate(sheet.head):
        column = headings.column_of(heading, called)
        if column and column not in columns.values():
            columns[at] = column
    if not columns:
        raise FileUnreadable(name=name, reason=texts.say("reason_headings"))
    got = Got(choices=list(which_sheet(asked, sheet)))
    got.left.extend(left_out(sheet, columns, lang))
    for line in sheet.lines:
        _Row(model, texts, lang, order_of(asked), got, line, columns).take()
    if not sheet.lines and not got.choices:
        raise FileUnreadable(name=name, reason=texts.say("reason_empty"))
    if got.unclear:
        got.choices.append(which_comes_first(asked, len(got.unclear)))
    return got


@dataclass
class _Row:
    """One line on its way into the plan."""

    model: Model
    texts: Texts
    lang: str
    order: str
    got: Got
    line: Line
    columns: Mapping[int, str]

    def take(self) -> None:
        """The line as a row; what cannot be kept of it is told with its number and why."""
        row: dict[str, Any] = {
            column: without_markup(self.line.cells[at]) for at, column in self.columns.items() if at in self.line.cells
        }
        if self.line.surplus:
            self.tell("taken_other_line", say(self.lang, "tables.surplus"))
        if not row:
            return
        self.objective(row)
        if "term" in row and not self.term(row):
            return
        for which in ("start", "end"):
            if which in row:
                self.day(row, which)
        if "status" in row:
            self.status(row)
        try:
            checked = self.model.check(f"{PLAN}.r0000", row)
        except KitError as error:
            self.tell("taken_left_line", error.tell(self.lang))
        else:
            if isinstance(checked, dict):
                self.got.rows.append(checked)

    def objective(self, row: dict[str, Any]) -> None:
        """One of the plan's objectives, or an own one in the words of the file."""
        if "objective" in row:
            known = _option(self.model, "objective", row["objective"])
            if known is None:
                row.setdefault("aim", row["objective"])
                self.tell("taken_other_line", self.texts.say("reason_objective"))
            row["objective"] = known or OWN

    def term(self, row: dict[str, Any]) -> bool:
        """Whether it says that there is an end, or none."""
        term = _option(self.model, "term", row["term"])
        if term is None:
            self.tell("taken_left_line", self.texts.say("reason_term", term=row["term"][:40]))
            return False
        row["term"] = term
        return True

    def status(self, row: dict[str, Any]) -> None:
        """Where it stands; in other words than the plan's, the rest of the row is kept."""
        told = row.pop("status")
        if status := _option(self.model, "status", told):
            row["status"] = status
        elif told:
            self.tell("taken_other_line", self.texts.say("reason_status", status=told[:40]))

    def day(self, row: dict[str, Any], which: str) -> None:
        """A day; without one that is beyond doubt, the rest of the row is kept."""
        days = days_of(row.pop(which))
        if len(days) == 2:
            self.got.unclear.append(days[0])
        if day := day_of(days, self.order):
            row[which] = day
        else:
            self.tell("taken_other_line", self.texts.say("reason_date_unclear" if days else "reason_date"))

    def tell(self, sentence: str, reason: str) -> None:
        self.got.left.append(self.texts.say(sentence, line=self.line.number, reason=reason))


def _item(model: Model) -> Item:
    item = model.structure.item(PLAN)
    assert item is not None
    return item


def _shown(scale: str | None, value: str, texts: Texts) -> str:
    return texts.option(scale, value) if scale and value else value


def _called(model: Model) -> dict[str, str]:
    """The column that a heading means, in any language."""
    texts = [model.texts(lang) for lang in languages()]
    own = {one.id: (one.id, *(other.text(PLAN, one.id) for other in texts)) for one in _item(model).columns}
    return headings.called(own, CALLED)


def _option(model: Model, scale: str, told: str) -> str | None:
    """The option that is called so in any language."""
    wanted = folded(told)
    for lang in languages():
        for option in model.structure.scales[scale].options:
            if wanted in (folded(model.texts(lang).option(scale, option)), folded(option)):
                return option
    return None
