"""Rules of the agreement: topics with a status, what is written about each, and what is still missing.

A section of the content is a topic. A shared goal is counted as one line, with its indicator in brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from kit.answers import rows_of
from kit.content import Item, Section, Texts
from kit.errors import EndsBeforeStart
from kit.exercise import Exercise
from kit.picture import next_step, profile
from kit.session import Sector, Value
from kit.summary import Block, Bullets, Paragraph, Summary

STATUS = "status"
AGREED, TO_DISCUSS, NOT_FOR_US = "agreed", "to_discuss", "not_for_us"
GOALS, ROLES, REVIEWS = "goals_list", "roles_list", "review_list"
TERMS = ("short", "long")
Row = Mapping[str, Any]

# Simulated people only: how likely a topic is agreed, and how likely it is not for them (shares of 1).
USUAL = (0.5, 0.05)
LIKELY = {"vision": (0.8, 0.0), "information": (0.15, 0.05), "line": (0.4, 0.3), "line_staff": (0.2, 0.4)}
# How far a sector is from that; none of it is a finding about real sectors.
TENDENCY: Mapping[Sector, Mapping[str, float]] = {
    Sector.MUNICIPAL: {"decisions": 0.3, "changes": 0.2},
    Sector.SETTLEMENT: {"referral": 0.35, "roles": 0.2},
    Sector.ANTI_VIOLENCE: {"referral": -0.35, "information": -0.1},
    Sector.COMMUNITY: {"decisions": -0.3},
}
SKIPS, WRITES, SHARES = 0.05, 0.5, 0.7
DAYS = ("2027-01-15", "2027-03-31", "2027-06-30", "2027-12-15")


class Model(Exercise):
    """A memorandum of understanding that partners build topic by topic."""

    def compares(self, item: Item) -> bool:
        """Sectors (or partners) are set side by side on how far each topic is agreed."""
        return item.scale == STATUS

    def check_row(self, item: Item, row: dict[str, Any]) -> Value:
        """Raises `EndsBeforeStart`."""
        start, end = row.get("start", ""), row.get("end", "")
        if start and end and end < start:
            raise EndsBeforeStart(item=item.id, start=start, end=end, column="end")
        return row

    def counted(self, answers: Mapping[str, Value], options: tuple[str, ...] = ()) -> Mapping[str, Value]:
        """Choices and texts as they are, and the goals that their writer shares as lines."""
        kept: dict[str, Value] = {item: value for item, value in answers.items() if "." not in item}
        shared = [row for row in rows_of(answers, GOALS) if row.get("share") is True and row.get("goal")]
        if shared:
            kept[GOALS] = {"texts": [goal_line(row) for row in shared], "share": True}
        return kept

    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        """Topics by status, what is missing in what is agreed, and whom to check with."""
        texts = self.texts(lang)
        title = texts.say("feedback_title")
        if not answers:
            return Summary(title, (Paragraph(texts.say("empty")),))
        blocks: list[Block] = [Paragraph(texts.say("opening"))]
        sections = self.structure.chosen(options)
        stands = [(texts.sections[one.id]["title"], (status_of(one, answers),)) for one in sections]
        blocks += profile(texts, STATUS, self.structure.scales[STATUS].options, lang, stands)
        missing = self.gaps(answers, texts, options)
        blocks += next_step(lang, self._step(answers, texts, options, missing))
        for status in (AGREED, TO_DISCUSS, NOT_FOR_US, ""):
            found = [section for section in sections if status_of(section, answers) == status]
            lines = tuple(_line(section, texts, status == TO_DISCUSS) for section in found)
            if lines:
                blocks.append(Bullets(lines, texts.say(status or "no_status")))
        if missing:
            blocks.append(Bullets(tuple(missing), texts.say("gaps")))
        elif any(status_of(section, answers) == AGREED for section in sections):
            blocks.append(Paragraph(texts.say("no_gaps")))
        return Summary(title, (*blocks, Paragraph(texts.say("legal"), "note")))

    def _step(
        self, answers: Mapping[str, Value], texts: Texts, options: tuple[str, ...], missing: Sequence[str]
    ) -> str:
        """The first topic to discuss, else what is missing first, else the first that is not marked, else the draft."""
        stand = {status_of(one, answers): texts.sections[one.id] for one in reversed(self.structure.chosen(options))}
        for status, key in ((TO_DISCUSS, "step_to_discuss"), ("", "step_unmarked")):
            if status == "" and missing:
                return texts.say("step_gap", gap=missing[0])
            if says := stand.get(status):
                return texts.say(key, topic=says["title"], question=says["ask"])
        return texts.say("step_agreed") if AGREED in stand else ""

    def gaps(self, answers: Mapping[str, Value], texts: Texts, options: tuple[str, ...] = ()) -> list[str]:
        """What is agreed and not written down, and rows that lack a part; the same in every language."""
        told: list[str] = []
        for section in self.structure.chosen(options):
            status = status_of(section, answers)
            if status != NOT_FOR_US:
                topic = texts.sections[section.id]["title"]
                if status == AGREED and not is_written(section, answers):
                    told.append(texts.say("gap_text", topic=topic))
                told += _gaps_in_rows(section, answers, texts, topic)
        return told

    def open_points(self, answers: Mapping[str, Value], texts: Texts, options: tuple[str, ...] = ()) -> list[str]:
        """What is to discuss or not marked, each with its question, and then the gaps."""
        sections = self.structure.chosen(options)
        asked = [_line(one, texts, True) for one in sections if status_of(one, answers) in (TO_DISCUSS, "")]
        return asked + self.gaps(answers, texts, options)

    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        """A status for most topics, and a proposal in `lang` for some of them."""
        texts = self.texts(lang)
        for section in self.structure.chosen(options):
            if rng.random() < SKIPS:
                continue
            status = _rehearsed(rng, sector, section.id)
            yield f"{section.id}_status", status
            for item in section.items[1:]:
                if status != NOT_FOR_US and rng.random() < WRITES:
                    yield from _written(rng, item, texts)


def status_of(section: Section, answers: Mapping[str, Value]) -> str:
    """How far a topic is; empty when the person has not said."""
    return str(answers.get(f"{section.id}_status", ""))


def is_written(section: Section, answers: Mapping[str, Value]) -> bool:
    """Whether anything stands in a topic beside its status."""
    return any(text_of(answers, item.id) or rows_of(answers, item.id) for item in section.items[1:])


def text_of(answers: Mapping[str, Value], item_id: str) -> str:
    """What is written in a text item, or nothing."""
    value = answers.get(item_id)
    return str(value.get("text", "")) if isinstance(value, dict) else ""


def goal_line(row: Row) -> str:
    """A goal with its indicator, in the words of its writer."""
    indicator = row.get("indicator", "")
    return f"{row['goal']} ({indicator})" if indicator else str(row["goal"])


def _line(section: Section, texts: Texts, asks: bool) -> str:
    says = texts.sections[section.id]
    return texts.say("next", topic=says["title"], question=says["ask"]) if asks else says["title"]


def _gaps_in_rows(section: Section, answers: Mapping[str, Value], texts: Texts, topic: str) -> list[str]:
    """What rows of this topic lack; nothing where there are no rows."""
    told: list[str] = []
    for item in section.items:
        rows = rows_of(answers, item.id)
        if item.id == GOALS and rows:
            told += _gaps_in_goals(rows, texts, topic)
        elif item.id == ROLES:
            lacking = [n for n, row in enumerate(rows, 1) if not (row.get("partner") and row.get("role"))]
            told += [texts.say("gap_partner", topic=topic, n=n) for n in lacking]
        elif item.id == REVIEWS and rows and not any(row.get("day") for row in rows):
            told.append(texts.say("gap_review", topic=topic))
    return told


def _gaps_in_goals(rows: list[dict[str, Any]], texts: Texts, topic: str) -> list[str]:
    terms = {row.get("term") for row in rows}
    told = [
        texts.say("gap_term", topic=topic, term=texts.option("term", term)) for term in TERMS if term not in terms
    ]
    for n, row in enumerate(rows, 1):
        what = row.get("goal", f"{n}")
        told += [
            texts.say(f"gap_{part}", topic=topic, what=what) for part in ("indicator", "end") if not row.get(part)
        ]
    return told


def _rehearsed(rng: Random, sector: Sector, topic: str) -> str:
    agreed, not_for_us = LIKELY.get(topic, USUAL)
    agreed += TENDENCY.get(sector, {}).get(topic, 0.0)
    chance = rng.random()
    return NOT_FOR_US if chance < not_for_us else AGREED if chance < not_for_us + agreed else TO_DISCUSS


def _written(rng: Random, item: Item, texts: Texts) -> Iterator[tuple[str, Value]]:
    def say(key: str) -> str:
        return texts.say(f"rehearse_{key}")

    share = rng.random() < SHARES
    if item.kind == "text":
        yield item.id, {"text": say(item.id), "share": share}
    elif item.id == GOALS:
        for n, term in enumerate(TERMS, 1):
            parts = {"goal": say(f"goal_{term}"), "term": term, "indicator": say(f"indicator_{term}")}
            yield f"{item.id}.r000{n}", {**parts, "start": DAYS[0], "end": rng.choice(DAYS[1:]), "share": share}
    elif item.id == ROLES:
        parts = {name: say(name) for name in ("partner", "brings", "role")}
        yield f"{item.id}.r0001", {**parts, "share": False}
    else:
        yield f"{item.id}.r0001", {"day": rng.choice(DAYS[1:]), "look": say("look"), "share": False}


__all__ = ["GOALS", "REVIEWS", "ROLES", "Model", "goal_line", "is_written", "status_of", "text_of"]
