"""Before and after in one sitting, and again weeks later from the same seat.

A person's change is worked out from their own two answers; a group hears of it as shares, for at least k
people who gave both, and a unanimous change is told as "most".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from kit.content import Texts
from kit.exercise import Exercise, Named, Question
from kit.picture import chosen, next_step, profile
from kit.session import Sector, Value
from kit.summary import Block, Bullets, Heading, Paragraph, Summary

COMMITMENT, KEPT = "commitment", "kept"
NO_COMMITMENT = "made_none"
# Two moments that are compared, by what their change is called.
PAIRS: Mapping[str, tuple[str, str]] = {"change": ("before", "now"), "lasted": ("now", "later")}
SINCE = "since"
TITLES: Mapping[str, str] = {"change": "change_title", "lasted": "later_change_title", SINCE: "since_title"}
DIRECTIONS = ("rose", "same", "fell")
MOMENTS = ("before", "now", "later")

# Simulated people only: how often they skip, do not know, write, share, come back.
SKIPS, UNKNOWN, COMMITS, SHARES, RETURNS = 0.05, 0.06, 0.85, 0.7, 0.6


class Model(Exercise):
    """The same statements at two moments, or three."""

    def statements(self, options: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The statements that these lenses ask, in the order of the page."""
        return tuple(item.id.partition("_")[2] for item in self.structure.items(options) if item.group == "now")

    def _next(self, answers: Mapping[str, Value], texts: Texts, options: tuple[str, ...]) -> str:
        """The commitment, else something small about what is least true now; nothing once its end was told."""
        if KEPT in answers:
            return ""
        if COMMITMENT in answers:
            return texts.say("step_commitment")
        stops = self.structure.scales["degree"].options
        now = {one: str(answers.get(f"now_{one}")) for one in self.statements(options)}
        rated = [one for one in now if now[one] in stops]
        lowest = min(rated, key=lambda one: stops.index(now[one]), default="")
        return texts.say("step_lowest", name=texts.say(f"short_{lowest}")) if lowest else ""

    def content(self, lang: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
        """What the form shows, and what the two moments are called where they stand side by side."""
        texts = self.texts(lang)
        return super().content(lang, options) | {"moments": [texts.say(f"col_{moment}") for moment in PAIRS["change"]]}

    def questions(self, options: tuple[str, ...] = ()) -> tuple[Question, ...]:
        """For each statement the change between two moments, and what else is asked.

        What was said at one moment is not asked for: beside the change, it would give it away.
        """
        change = self.structure.scales["change"].options
        moments = {item.id for item in self.structure.items(options) if item.group in MOMENTS}
        derived = (
            Question(f"{which}_{one}", change, ordered=True, sensitive=True)
            for which in PAIRS
            for one in self.statements(options)
        )
        return (*(one for one in super().questions(options) if one.item not in moments), *derived)

    def asked_since(self, options: tuple[str, ...] = ()) -> tuple[Question, ...]:
        """For each statement the change from the end of one workshop to the end of a later one.

        What was said at either end is told of nobody, so a change between them can go together with any other.
        """
        change = self.structure.scales["change"].options
        asked = (f"{SINCE}_{one}" for one in self.statements(options))
        return tuple(Question(one, change, ordered=True, sensitive=True) for one in asked)

    def named(self, question: Question, lang: str) -> Named:
        """A statement with what moved between two moments; what else is asked as on the page."""
        which, _, statement = question.item.partition("_")
        if which not in TITLES:
            return super().named(question, lang)
        texts = self.texts(lang)
        title = texts.say(TITLES[which])
        return Named(title, texts.say(f"short_{statement}"), texts.scales["change"])

    def counted(self, answers: Mapping[str, Value], options: tuple[str, ...] = ()) -> Mapping[str, Value]:
        """One person's change where both moments are rated, and their other answers."""
        changes = {
            f"{which}_{one}": direction
            for which in PAIRS
            for one in self.statements(options)
            if (direction := self.direction(answers, which, one))
        }
        others = {item: value for item, value in answers.items() if item.partition("_")[0] not in MOMENTS}
        return {**others, **changes}

    def direction(self, answers: Mapping[str, Value], which: str, statement: str) -> str:
        """Whether a statement rose, stayed or fell between two moments; empty where one of them is not rated."""
        first, then = (answers.get(f"{moment}_{statement}") for moment in PAIRS[which])
        return self._step(first, then)

    def since(
        self, first: Mapping[str, Value], now: Mapping[str, Value], options: tuple[str, ...] = ()
    ) -> Mapping[str, Value]:
        """One person's change from the end of the first workshop to the end of this one."""
        found = {one: self._step(first.get(f"now_{one}"), now.get(f"now_{one}")) for one in self.statements(options)}
        return {f"{SINCE}_{one}": direction for one, direction in found.items() if direction}

    def _step(self, first: Value | None, then: Value | None) -> str:
        scale = self.structure.scales["degree"].options
        if first not in scale or then not in scale:
            return ""
        step = scale.index(str(then)) - scale.index(str(first))
        return "rose" if step > 0 else "fell" if step < 0 else "same"

    def asked(self, options: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Before and now: what is asked weeks later is no part of the workshop."""
        return tuple(one.id for one in self.structure.items(options) if one.group in ("before", "now"))

    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        """What has moved for this person, in words and without a number."""
        texts = self.texts(lang)
        if not answers:
            return Summary(texts.say("feedback_title"), (Paragraph(texts.say("empty")),))
        now, later = self._moved(answers, "change", options), self._moved(answers, "lasted", options)
        stops, moments = self.structure.scales["degree"].options, ("before", "now")
        lines = [
            (texts.say(f"short_{one}"), chosen(answers, *(f"{when}_{one}" for when in moments)))
            for one in self.statements(options)
        ]
        picture = profile(texts, "degree", stops, lang, lines)
        step = next_step(lang, self._next(answers, texts, options))
        blocks: list[Block] = [Paragraph(texts.say("opening")), *picture, *step, *_lists(now, "", texts)]
        if now["fell"]:
            blocks.append(Paragraph(texts.say("fell_note")))
        if not any(now.values()):
            blocks.append(Paragraph(texts.say("half_answered")))
        if any(later.values()):
            blocks += [Heading(texts.say("later_heading")), *_lists(later, "later_", texts)]
        return Summary(texts.say("feedback_title"), (*blocks, *_commitment(answers, texts, bool(any(later.values())))))

    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        """Answers that mostly rise a little; some people come back weeks later."""
        scale = self.structure.scales["degree"]
        moments: dict[str, int] = {}
        returns = rng.random() < RETURNS
        steps = {"before": (0, 1, 2, 3), "now": (-1, 0, 1, 1, 2), "later": (-1, 0, 0, 1)}
        for item in self.structure.items(options):
            if item.group is None or (item.group == "later" and not returns) or rng.random() < SKIPS:
                continue
            statement = item.id.partition("_")[2]
            place = moments.get(statement, 0) + rng.choice(steps[item.group])
            moments[statement] = min(max(place, 0), len(scale.options) - 1)
            unknown = rng.random() < UNKNOWN
            yield item.id, scale.apart[0] if unknown else scale.options[moments[statement]]
        if rng.random() < COMMITS:
            text = self.texts(lang).say(f"rehearse_commitment_{rng.randint(1, 8)}")
            yield COMMITMENT, {"text": text, "share": rng.random() < SHARES}
        if returns:
            yield KEPT, rng.choice(self.structure.scales["kept"].all)

    def _moved(
        self, answers: Mapping[str, Value], which: str, options: tuple[str, ...]
    ) -> dict[str, list[str]]:
        moved: dict[str, list[str]] = {direction: [] for direction in DIRECTIONS}
        for one in self.statements(options):
            if direction := self.direction(answers, which, one):
                moved[direction].append(one)
        return moved


def _lists(moved: Mapping[str, list[str]], prefix: str, texts: Texts) -> list[Block]:
    return [
        Bullets(tuple(texts.say(f"short_{one}") for one in found), texts.say(f"{prefix}{direction}"))
        for direction, found in moved.items()
        if found
    ]


def _commitment(answers: Mapping[str, Value], texts: Texts, came_back: bool) -> list[Block]:
    """The commitment repeated and what became of it; before that, the way back."""
    value, kept = answers.get(COMMITMENT), answers.get(KEPT)
    said: list[str] = []
    if isinstance(value, dict) and value.get("text"):
        key = "commitment_shared" if value.get("share") is True else "commitment_private"
        said.append(texts.say(key, text=value["text"]))
    elif kept is None:
        said.append(texts.say("commitment_missing"))
    if isinstance(kept, str) and kept != NO_COMMITMENT:
        said.append(texts.say(f"kept_{kept}"))
    elif kept is None and not came_back:
        said.append(texts.say("come_back"))
    return [Heading(texts.say("kept_heading")), *map(Paragraph, said)] if said else []


__all__ = ["Model"]
