"""One person's answers as a picture that needs no drawing program: a line for each, with a dot where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kit.content import Texts
from kit.session import Value
from kit.summary import Block, Heading, Paragraph, Profile, Table
from kit.texts import say

# Fewer lines than this are no picture.
LEAST = 2


def profile(
    texts: Texts, scale: str, options: Sequence[str], lang: str, lines: Sequence[tuple[str, Sequence[Value | None]]]
) -> list[Block]:
    """The picture of answers on one scale, in the order of `options`; nothing where hardly any were given.

    lines  what each is about, and the answer to it; with two, what it was before comes first
    """
    stops = [texts.option(scale, one) for one in options]
    rows, twin, twice = [], [], False
    for label, answers in lines:
        places = tuple(options.index(str(one)) for one in answers if one in options)
        if places:
            rows.append((label, places))
            twin.append((label, " → ".join(stops[at] for at in places)))
            twice = twice or len(places) > 1
    if len(rows) < LEAST:
        return []
    title = say(lang, "form.profile_title")
    alt = say(lang, "form.profile_alt_two" if twice else "form.profile_alt")
    told = Table(title, (say(lang, "form.profile_about"), say(lang, "form.profile_answer")), tuple(twin))
    return [Profile(title, alt, tuple(stops), tuple(rows), told)]


def next_step(lang: str, sentence: str) -> list[Block]:
    """One small thing that follows from somebody's own answers, below their picture; nothing where nothing does."""
    return [Heading(say(lang, "form.next_step")), Paragraph(sentence, "question")] if sentence else []


def first_seen(blocks: Sequence[Block], lang: str) -> int:
    """How many blocks of somebody's own picture are seen before it is unfolded: up to its next step, if it has one."""
    title = say(lang, "form.next_step")
    steps = [at + 2 for at, one in enumerate(blocks) if isinstance(one, Heading) and one.text == title]
    pictures = [at + 1 for at, one in enumerate(blocks) if isinstance(one, Profile)]
    return next(iter(steps + pictures), len(blocks))


def chosen(answers: Mapping[str, Value], *items: str) -> tuple[Value | None, ...]:
    """The answers to these items; None where there is none."""
    return tuple(answers.get(one) for one in items)
