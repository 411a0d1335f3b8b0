"""Rules of the self-reflection: what a person is told about their own answers, and simulated answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from kit.content import Item, Section, Texts
from kit.exercise import Exercise
from kit.picture import chosen, next_step, profile
from kit.session import Sector, Value
from kit.summary import Block, Bullets, Heading, Paragraph, Summary

WARM_UP = "warm_up"
PRACTICE = "practice"
# Where a practice stands in one's own picture.
STOPS = ("growth", "strength")
COMMITMENT = "commitment"

# How much likelier than the others a sector is to call a practice a strength (a share, 0 … 1).
USUAL = 0.55
TENDENCY: Mapping[Sector, Mapping[str, float]] = {
    Sector.SETTLEMENT: {"all_bias": 0.15, "all_trauma": -0.15, "people_network": 0.1, "sectors_meet": 0.05},
    Sector.ANTI_VIOLENCE: {"all_trauma": 0.2, "all_choice": 0.15, "between_equal": -0.1, "organisation_care": -0.1},
    Sector.MUNICIPAL: {"between_evaluate": 0.1, "sectors_meet": 0.1, "all_power": -0.1, "people_network": -0.1},
    Sector.HEALTH_HIV: {"all_choice": 0.1, "all_trauma": 0.1, "between_expertise": -0.1},
    Sector.INSTITUTION: {"between_evaluate": 0.1, "organisation_teams": 0.1, "people_choice": -0.1},
    Sector.COMMUNITY: {"all_power": 0.1, "people_choice": 0.1, "between_evaluate": -0.15},
}
SKIPS, UNSURE, OWN, COMMITS, SHARES = 0.06, 0.1, 0.06, 0.85, 0.7
WORRIES = (0.3, 0.4, 0.2, 0.1)


class Model(Exercise):
    """The worksheet of thirteen practices, with a warm-up, a journal and a commitment."""

    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        """What is strong, where to grow with one step each, and what is still to find out; no score."""
        texts = self.texts(lang)
        items = self.structure.items(options)
        levels = [_level(section, answers, texts) for section in self.structure.chosen(options)]
        blocks = [
            *_worries(items, answers, texts),
            *(block for level in levels for block in level),
            *_closing(items, answers, texts),
        ]
        opening = "opening" if blocks else "empty"
        sorted_ = [(texts.text(one.id, "short"), chosen(answers, one.id)) for one in items if _is_practice(one)]
        picture = profile(texts, PRACTICE, STOPS, lang, sorted_)
        step = next_step(lang, _step(items, answers, texts))
        return Summary(texts.say("feedback_title"), (Paragraph(texts.say(opening)), *picture, *step, *blocks))

    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        """Seeded answers with a small tendency of the sector; some skip, some are unsure, no journal."""
        texts = self.texts(lang)
        added: set[str] = set()
        for item in self.structure.items(options):
            value = _rehearsed(item, rng, sector, texts, added)
            if value is not None:
                if item.kind == "text":
                    added.add(item.id)
                yield item.id, value


def _is_practice(item: Item) -> bool:
    return item.scale == PRACTICE and item.about is None


def _worries(items: tuple[Item, ...], answers: Mapping[str, Value], texts: Texts) -> list[Block]:
    """One short supportive remark, and one line for each worry that weighs a lot."""
    worries = {item.id: answers[item.id] for item in items if item.group == WARM_UP and item.id in answers}
    heavy = tuple(texts.text(item_id, "support") for item_id, weight in worries.items() if weight == "much")
    title = Heading(texts.sections[WARM_UP]["title"])
    if heavy:
        return [title, Paragraph(texts.say("heavy")), Bullets(heavy)]
    weights = list(worries.values())
    key = "middling" if "some" in weights else "light" if "little" in weights else ""
    return [title, Paragraph(texts.say(key))] if key else []


def _level(section: Section, answers: Mapping[str, Value], texts: Texts) -> list[Block]:
    """One level: a list each for strengths, areas to grow, what is unsure, and what was added but not sorted."""
    lines: dict[str, list[str]] = {"strength": [], "growth": [], "unsure": [], "own": []}
    for item in section.items:
        mark = _mark(item, answers)
        if mark in lines:
            lines[mark].append(_line(item, mark, answers, texts))
    told: list[Block] = [Bullets(tuple(found), texts.say(key)) for key, found in lines.items() if found]
    return [Heading(texts.sections[section.id]["title"]), *told] if told else []


def _mark(item: Item, answers: Mapping[str, Value]) -> str:
    """How a practice was sorted; "own" for an added one that was not sorted, "" for what is not told."""
    if item.scale != PRACTICE:
        return ""
    if item.about is None:
        return str(answers.get(item.id, ""))
    return str(answers.get(item.id, "own")) if _written(answers, item.about) else ""


def _line(item: Item, mark: str, answers: Mapping[str, Value], texts: Texts) -> str:
    """What is said about one practice; an area to grow goes by its short name and carries one step."""
    if item.about is not None:
        practice = texts.say("own_practice", text=_written(answers, item.about))
        step = texts.say("own_next")
    else:
        practice = texts.text(item.id, "short" if mark == "growth" else "text")
        step = texts.text(item.id, "next")
    return texts.say("growth_line", practice=practice, next=step) if mark == "growth" else practice


def _step(items: tuple[Item, ...], answers: Mapping[str, Value], texts: Texts) -> str:
    """The commitment, else what comes first in the exercise of what is to grow, to find out, or strong."""
    if _written(answers, COMMITMENT):
        return texts.say("step_commitment")
    marked = {mark: item for item in reversed(items) if (mark := _mark(item, answers))}
    for mark in ("growth", "unsure", "strength"):
        if item := marked.get(mark):
            own = texts.say("own_practice", text=_written(answers, item.about)) if item.about else ""
            practice = own or texts.text(item.id, "short" if mark == "growth" else "text")
            step = texts.say("own_next") if own else texts.text(item.id, "next")
            return texts.say(f"step_{mark}", practice=practice, next=step)
    return ""


def _closing(items: tuple[Item, ...], answers: Mapping[str, Value], texts: Texts) -> list[Block]:
    """The commitment repeated, or an invitation to make one; a kind word when nothing is to grow."""
    marks = {_mark(item, answers) for item in items} - {"", "own"}
    said = [texts.say("no_growth")] if marks and "growth" not in marks else []
    value = answers.get(COMMITMENT)
    if text := _written(answers, COMMITMENT):
        shared = isinstance(value, dict) and value.get("share") is True
        said.append(texts.say("commitment_shared" if shared else "commitment_private", text=text))
    elif "growth" in marks:
        said.append(texts.say("commitment_missing"))
    title = Heading(texts.sections["next_step"]["title"])
    return [title, *(Paragraph(one) for one in said)] if said else []


def _written(answers: Mapping[str, Value], item_id: str) -> str:
    """The text that stands in an answer, or an empty one."""
    value = answers.get(item_id)
    return str(value.get("text", "")) if isinstance(value, dict) else ""


def _rehearsed(item: Item, rng: Random, sector: Sector, texts: Texts, added: set[str]) -> Value | None:
    """One simulated answer, or None when this person leaves the item out."""
    if item.kind == "journal" or (item.about is not None and item.about not in added):
        return None
    if item.id == COMMITMENT:
        text = rng.choice(_lines(texts, "rehearse_commitment"))
        return {"text": text, "share": rng.random() < SHARES} if rng.random() < COMMITS else None
    if item.kind == "text":
        return {"text": rng.choice(_lines(texts, "rehearse_own")), "share": False} if rng.random() < OWN else None
    if rng.random() < SKIPS:
        return None
    if item.group == WARM_UP:
        return rng.choices(("little", "some", "much", "none"), WORRIES)[0]
    if rng.random() < UNSURE:
        return "unsure"
    likely = USUAL + TENDENCY.get(sector, {}).get(item.id, 0.0)
    return "strength" if rng.random() < likely else "growth"


def _lines(texts: Texts, start: str) -> list[str]:
    return [line for key, line in sorted(texts.sentences.items()) if key.startswith(f"{start}_")]


__all__ = ["Model"]
