"""Rules of the action plan: rows with the six columns of the source's plan, and what is counted of them.

A plan's time is a start date, an end date, or "ongoing". A row counts for a group when it has an activity
and is not the worked example, word for word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import chain
from random import Random
from typing import Any

from kit.content import Item, Texts
from kit.errors import EndsBeforeStart, OngoingEnds
from kit.exercise import Exercise, Named, Question
from kit.picture import LEAST, next_step
from kit.session import Sector, Value
from kit.summary import Block, Bullets, Paragraph, Profile, Summary, Table
from kit.texts import languages

PLAN = "plan"
OWN = "own"
NOT_PLANNED = "not_planned"
# What is counted of a plan as a whole; each is a scale of its own.
STANDS = ("carried", "progress")
# How far a plan is, by the furthest of its rows; what was dropped says nothing of that.
PROGRESS = {"done": "some_done", "under_way": "some_begun", "not_begun": "nothing_begun"}
Fields = Mapping[str, Any]

# The worked example: the source's objectives with the months that stand there (start, end, ongoing).
EXAMPLE: Mapping[str, Mapping[str, str]] = {
    "durable": {"start": "2018-01-01", "end": "2018-02-28", "term": "ends"},  # S2-1
    "convergence": {"start": "2018-01-01", "end": "2018-02-28", "term": "ends"},  # S2-2
    "path": {"start": "2018-03-01", "end": "2018-04-30", "term": "ends"},  # S2-3
    "integrated": {"term": "ongoing"},  # S2-4
    "advocacy": {"start": "2017-12-11", "term": "ongoing"},  # S2-5
    "others": {"start": "2018-10-01", "term": "ongoing"},  # S2-6
}
WORDS = ("activity", "means", "result", "actors")
WHO, WHEN = ("actors", "role"), ("start", "end", "term")
# How often the worked example has been written: a row with the words of an earlier edition is nobody's own either.
EDITION = 3
# Days from a plan's first start up to which a row starts "soon", and "next".
SOON, NEXT = 91, 182
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

# Simulated people only.
FIRST_DAY = date(2027, 1, 4)
SHARES, ENDS, UNDATED, CARRIED, STANDING = 0.6, 0.7, 0.15, 0.7, 0.6


class Model(Exercise):
    """A plan of rows, and what a group may hear about its plans."""

    @property
    def objectives(self) -> tuple[str, ...]:
        """The six of the source, and an own one."""
        return self.structure.scales["objective"].options

    def example(self, lang: str) -> list[dict[str, Any]]:
        """The worked example's six rows, with single spaces, as they come back once they are kept."""
        texts = self.texts(lang)
        return [
            {"objective": one, **{word: tidy(texts.say(f"{one}_{word}")) for word in WORDS}, **when, "share": False}
            for one, when in EXAMPLE.items()
        ]

    def is_example(self, row: Fields) -> bool:
        """Whether a row still says what the worked example says, in whichever language."""
        told = {**row, "share": 0}
        return any({**one, "share": 0} == told for lang in languages() for one in self._examples(lang))

    @cache  # noqa: B019 - an exercise lives as long as the process
    def _examples(self, lang: str) -> list[dict[str, Any]]:
        """The rows of the worked example, as they are and as each earlier edition had them.

        A sentence that ends in a number is one of before: it stood there up to that edition.
        """
        now, said = self.example(lang), self.texts(lang).sentences

        def then(one: Fields, word: str, edition: int) -> str:
            names = (f"{one['objective']}_{word}_{n}" for n in range(edition, EDITION))
            return next((tidy(said[name]) for name in names if name in said), one[word])

        before = ({**one, **{word: then(one, word, n) for word in WORDS}} for n in range(1, EDITION) for one in now)
        return [*now, *before]

    def check_row(self, item: Item, row: dict[str, Any]) -> Value:
        """Nothing ends before it starts, and what is ongoing has no end."""
        start, end = row.get("start", ""), row.get("end", "")
        if start and end and end < start:
            raise EndsBeforeStart(item=item.id, start=start, end=end, column="end")
        if end and row.get("term") == "ongoing":
            raise OngoingEnds(item=item.id, end=end, column="end")
        return row

    def questions(self, options: tuple[str, ...] = ()) -> tuple[Question, ...]:
        """Of each objective: when something planned starts, or that nothing is; whether the whole plan has responsible
        roles, and how far it is; and the activities that are shared."""
        starts = self.structure.scales["start"].all
        both = (starts, (NOT_PLANNED,))
        asked = (Question(f"plan_{one}", (*starts, NOT_PLANNED), coarse=both) for one in self.objectives)
        of_plan = ((one, self.structure.scales[one]) for one in STANDS)
        stands = (Question(one, scale.options, scale.apart, ordered=True) for one, scale in of_plan)
        return (*asked, *stands, Question("activities", text=True))

    def named(self, question: Question, lang: str) -> Named:
        """An objective with when something planned for it starts; or how the whole plan stands."""
        texts = self.texts(lang)
        if question.item in STANDS:
            return Named(texts.say("stand_title"), texts.say(f"stand_{question.item}"), texts.scales[question.item])
        labels = {**texts.scales["start"], NOT_PLANNED: texts.option("planned", NOT_PLANNED)}
        objective = texts.option("objective", question.item.removeprefix("plan_"))
        return Named(texts.say("figure_title"), objective, labels)

    def counted(self, answers: Mapping[str, Value], options: tuple[str, ...] = ()) -> Mapping[str, Value]:
        """One person's plan as answers to the `questions`; nothing where no row counts."""
        rows = [row for _, row in rows_of(answers) if row.get("activity") and not self.is_example(row)]
        if not rows:
            return {}
        told: dict[str, Value] = {}
        first = min((row["start"] for row in rows if row.get("start")), default="")
        for one in self.objectives:
            starts = [row.get("start", "") for row in rows if row.get("objective", OWN) == one]
            soonest = min((day for day in starts if day), default="")
            told[f"plan_{one}"] = _phase(first, soonest) if starts else NOT_PLANNED
        told |= {"carried": _carried(rows), "progress": _progress(rows)}
        if shared := [row["activity"] for row in rows if row.get("share") is True]:
            told["activities"] = {"texts": shared, "share": True}
        return told

    def is_done(self, answers: Mapping[str, Value], options: tuple[str, ...] = ()) -> bool | None:
        """Whether the plan has an action of the person's own that says who and when."""
        return any(
            row.get("activity") and any(map(row.get, WHO)) and any(map(row.get, WHEN)) and not self.is_example(row)
            for _, row in rows_of(answers)
        )

    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        """The plan as a table, what could still be decided, and which objectives stand empty; no judgement."""
        texts = self.texts(lang)
        rows = [row for _, row in rows_of(answers)]
        if not rows:
            return Summary(texts.say("feedback_title"), (Paragraph(texts.say("empty")),))
        blocks: list[Block] = [Paragraph(texts.say("opening", count=len(rows))), _picture(rows, texts)]
        blocks += next_step(lang, texts.say("question_first"))
        if untouched := sum(map(self.is_example, rows)):
            blocks.append(Paragraph(texts.say("untouched", count=untouched), "note"))
        blocks += [*_missing([row for row in rows if not self.is_example(row)], texts), *self._bare(rows, texts)]
        return Summary(texts.say("feedback_title"), tuple(blocks))

    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        """Two to five rows that begin within a year."""
        texts = self.texts(lang)
        chosen = rng.sample(self.objectives, rng.randint(2, 5))
        for key, objective in zip(free_keys({}), chosen, strict=False):
            yield f"{PLAN}.{key}", _rehearsed(rng, objective, texts)

    def _bare(self, rows: list[Fields], texts: Texts) -> list[Block]:
        """The source's objectives for which there is no row; nobody has to cover them all."""
        bare = [one for one in EXAMPLE if all(row.get("objective") != one for row in rows)]
        if not bare or len(bare) == len(EXAMPLE):
            return []
        labels = tuple(texts.option("objective", one) for one in bare)
        return [Bullets(labels, texts.say("bare")), Paragraph(texts.say("bare_note"))]


def tidy(text: str) -> str:
    """A text as it is kept: with single, ordinary spaces."""
    return " ".join(text.split())


def rows_of(answers: Mapping[str, Value]) -> list[tuple[str, Fields]]:
    """The rows with their keys, in the order in which they were added."""
    found = ((item.partition("."), value) for item, value in answers.items())
    return sorted((key, value) for (name, _, key), value in found if name == PLAN and isinstance(value, dict) and key)


def free_keys(answers: Mapping[str, Value]) -> Iterator[str]:
    """Keys for new rows, behind those that are taken."""
    taken = {key for key, _ in rows_of(answers)}
    last = max((int(key[1:], 36) for key in taken), default=0)
    numbers = chain(range(last + 1, 36**4), range(1, last))
    return (key for number in numbers if (key := f"r{_base36(number)}") not in taken)


def aim_of(row: Fields, texts: Texts) -> str:
    """What a row is for: in the person's own words where there are any, else the objective's name."""
    if row.get("aim"):
        return str(row["aim"])
    return texts.option("objective", row["objective"]) if row.get("objective") else texts.say("not_yet")


def when(row: Fields, texts: Texts) -> str:
    """A row's time in words."""
    start, end = row.get("start", ""), row.get("end", "")
    if row.get("term") == "ongoing":
        return texts.say("when_ongoing_from", start=start) if start else texts.say("when_ongoing")
    if start and end:
        return texts.say("when_span", start=start, end=end)
    if start or end:
        return texts.say("when_from", start=start) if start else texts.say("when_until", end=end)
    return texts.say("when_open")


def plan_table(rows: list[Fields], texts: Texts) -> Table:
    """Activity, objective, who, who answers for it, when, and where it stands."""
    names = [texts.text(PLAN, one) for one in ("activity", "objective", "actors", "role", "status")]
    columns = (texts.say("row_number"), *names[:4], texts.say("col_when"), names[4])
    return Table(texts.say("table"), columns, tuple(_cells(n, row, texts) for n, row in enumerate(rows, 1)))


def _picture(rows: list[Fields], texts: Texts) -> Profile | Table:
    """When each row begins, on a line, with the whole plan as its table; a row by itself is a table at once."""
    told, stops = plan_table(rows, texts), list(texts.scales["start"])
    if len(rows) < LEAST:
        return told
    first = min((row["start"] for row in rows if row.get("start")), default="")
    lines = [
        (row.get("activity") or aim_of(row, texts), (stops.index(_phase(first, row.get("start", ""))),)) for row in rows
    ]
    labels = tuple(texts.option("start", one) for one in stops)
    return Profile(texts.say("lines"), texts.say("lines_alt"), labels, tuple(lines), told)


def _cells(number: int, row: Fields, texts: Texts) -> tuple[str, ...]:
    activity, actors, role = (row.get(one) or texts.say("not_yet") for one in ("activity", "actors", "role"))
    status = texts.option("status", row["status"]) if row.get("status") else texts.say("not_yet")
    return str(number), activity, aim_of(row, texts), actors, role, when(row, texts), status


def _missing(rows: list[Fields], texts: Texts) -> list[Block]:
    lines = []
    for row in rows:
        gone = [one for one in ("activity", "actors", "result") if not row.get(one)]
        if not row.get("end") and row.get("term") != "ongoing":
            gone.append("when")
        if gone:
            parts = ", ".join(texts.say(f"missing_{one}") for one in gone)
            name = (row.get("activity") or aim_of(row, texts)).rstrip(".")
            lines.append(texts.say("missing_line", row=name, parts=parts))
    if lines:
        return [Bullets(tuple(lines), texts.say("missing"))]
    return [Paragraph(texts.say("none_missing"))] if rows else []


def _phase(first: str, day: str) -> str:
    """When something starts, counted from the first start in the same plan."""
    if not day:
        return "undated"
    days = (date.fromisoformat(day) - date.fromisoformat(first)).days
    return "soon" if days <= SOON else "next" if days <= NEXT else "later"


def _carried(rows: list[Fields]) -> str:
    """Whether a responsible role is named for no row, for some, or for all."""
    named = sum(bool(row.get("role")) for row in rows)
    return "nobody" if not named else "all" if named == len(rows) else "some"


def _progress(rows: list[Fields]) -> str:
    stands = {row.get("status") for row in rows}
    return next((told for status, told in PROGRESS.items() if status in stands), "not_said")


def _base36(number: int) -> str:
    digits = ""
    for _ in range(4):
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits


def _rehearsed(rng: Random, objective: str, texts: Texts) -> Value:
    number = rng.randint(1, 8)
    row: dict[str, Any] = {
        "objective": objective,
        "activity": texts.say(f"rehearse_activity_{number}"),
        "actors": texts.say(f"rehearse_actors_{rng.randint(1, 4)}"),
        "share": rng.random() < SHARES,
    }
    if rng.random() < CARRIED:
        row["role"] = texts.say(f"rehearse_role_{rng.randint(1, 3)}")
    if rng.random() < STANDING:
        row["status"] = rng.choice(["not_begun", "not_begun", "under_way", "done"])
    if rng.random() >= UNDATED:
        start = FIRST_DAY + timedelta(weeks=rng.randint(0, 45))
        row["start"] = start.isoformat()
        if rng.random() < ENDS:
            row |= {"end": (start + timedelta(weeks=rng.randint(2, 30))).isoformat(), "term": "ends"}
        else:
            row["term"] = "ongoing"
    return row


__all__ = ["Model"]
