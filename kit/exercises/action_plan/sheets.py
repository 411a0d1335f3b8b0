"""A plan as a table: XLSX and CSV out and in. Of a file that came along, nothing is dropped without a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kit.brought import SHEET, day_of, left_out, order_of, which_comes_first, which_sheet
from kit.contact import contact_in
from kit.content import Column, Item, Texts
from kit.directory import headings
from kit.errors import FileUnreadable, KitError
from kit.exercises.action_plan.model import OWN, PLAN, Fields, Model, tidy
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
    "activity": ("action", "actions", "activité", "activités", "activity", "activities", "tâche", "task", "what",
        "task name", "nom de la tâche", "card name", "quoi", "name", "nom", "title", "titre", "étape", "step", "mesure",
    ),
    "means": ("moyens", "ressources", "means", "resources", "how", "comment", "ressources nécessaires"),
    "result": ("résultat", "résultats", "indicateur", "result", "results", "outcome", "indicator",
        "indicateur de suivi", "résultats attendus", "résultat attendu", "expected results", "livrable", "deliverable",
    ),
    "actors": (
        "responsable", "responsables", "qui", "who", "lead", "responsible", "owner", "partenaires", "partners",
        "personnes responsables", "assigned to", "à qui", "assigné à",
        "assignee", "members", "membres", "attribuée à", "attribué à", "porteur", "porteurs", "pilote",
        "responsible person",
        "par qui", "by whom", "affecté à",
    ),
    "role": ("rôle", "role", "fonction responsable"),
    "start": ("début", "start", "from", "du", "date de début", "start date", "begins", "débute le"),
    "end": ("échéance", "échéancier", "fin", "end", "due", "due date", "deadline", "quand", "when", "date limite",
        "end date", "date de fin", "due on", "finish", "by when", "pour quand", "d'ici", "échéance finale",
    ),
    "term": ("durée", "statut de la fin"),
    "status": ("statut", "état", "avancement", "status", "state", "progress", "où en est-on", "suivi"),
}  # fmt: skip

# How other plans say where an action stands.
STANDS: Mapping[str, tuple[str, ...]] = {
    "not_begun": ("not started", "to do", "todo", "à faire", "pas commencé", "non commencé", "planned",
        "planifié", "prévu"),
    "under_way": ("in progress", "doing", "started", "ongoing", "en cours", "commencé", "en marche"),
    "done": ("completed", "complete", "finished", "closed", "terminé", "complété", "fait", "réalisé", "achevé"),
    "dropped": ("cancelled", "canceled", "abandoned", "postponed", "deferred", "on hold", "annulé", "abandonné",
        "reporté"),
}


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
        for fault, is_so in (("surplus", self.line.surplus), ("torn", self.line.torn)):
            if is_so:
                self.tell("taken_other_line", say(self.lang, f"tables.{fault}"))
        if not row:
            return
        self.objective(row)
        if "term" in row:
            self.term(row)
        for which in ("start", "end"):
            if which in row:
                self.day(row, which)
        if "status" in row:
            self.status(row)
        for column in _item(self.model).columns:
            if column.kind == "text" and column.id in row:
                self.text(row, column)
        self.order_of_days(row)
        try:
            checked = self.model.check(f"{PLAN}.r0000", row)
        except KitError as error:
            self.tell("taken_left_line", error.tell(self.lang))
        else:
            if isinstance(checked, dict):
                self.got.rows.append(checked)

    def text(self, row: dict[str, Any], column: Column) -> None:
        """A text; what would lead to a person is left out, and what is too long is cut: the rest of the row is kept."""
        said, label = tidy(row.pop(column.id)), self.texts.text(PLAN, column.id)
        if not column.contact and (what := contact_in(said)):
            kind = say(self.lang, f"disclosure.contact_kind.{what}")
            self.tell("taken_other_line", self.texts.say("reason_contact", column=label, what=kind))
            return
        if len(said) > column.limit:
            self.tell("taken_other_line", self.texts.say("reason_cut", column=label, limit=column.limit))
        row[column.id] = said[: column.limit].strip()

    def order_of_days(self, row: dict[str, Any]) -> None:
        """Where the end does not fit the start, or what goes on, the row is taken without it."""
        end = row.get("end", "")
        if end and (end < row.get("start", "") or row.get("term") == "ongoing"):
            del row["end"]
            self.tell("taken_other_line", self.texts.say("reason_end", date=end))

    def objective(self, row: dict[str, Any]) -> None:
        """One of the plan's objectives, or an own one in the words of the file."""
        if "objective" in row:
            known = _option(self.model, "objective", row["objective"])
            if known is None:
                row.setdefault("aim", row["objective"])
                self.tell("taken_other_line", self.texts.say("reason_objective"))
            row["objective"] = known or OWN

    def term(self, row: dict[str, Any]) -> None:
        """Whether there is an end, or none; in other words than the plan's, the rest of the row is kept."""
        told = row.pop("term")
        if term := _option(self.model, "term", told):
            row["term"] = term
        else:
            self.tell("taken_other_line", self.texts.say("reason_term", term=told[:40]))

    def status(self, row: dict[str, Any]) -> None:
        """Where it stands; in other words than the plan's, the rest of the row is kept."""
        told = row.pop("status")
        known = {folded(one): status for status, called in STANDS.items() for one in called}
        if status := _option(self.model, "status", told) or known.get(folded(told)):
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
