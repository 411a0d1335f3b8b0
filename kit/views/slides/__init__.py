"""A result as slides: one message each, set so that the back row of a room reads every word.

What a room said comes first, a finding to each slide; of two rounds, then what differs most between them; then all that
the summary tells, part by part, each as much as fits. How much fits is worked out here, once (`stage`): so the
trainer's "3 of 12" is everybody's. In two languages a figure is drawn once, and everything else stands side by side.

    stage    how large the stage is, and how much of a text fits
    blocks   words, rows of shares and tables on slides
    rounds   what of two rounds is shown first
    scenes   the place of a story at which the room is
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kit.findings import Finding
from kit.summary import Block, Heading, Summary
from kit.typeset import joinable
from kit.views.slides.blocks import SAME, is_shares, joint_bars, runs, slides_of
from kit.views.slides.rounds import Part, first_shown
from kit.views.slides.scenes import scene_slides
from kit.views.slides.stage import GAP, HALF, HEADING, JOINT, LINE, WHOLE, Slide, Space, letter_width, lines

# A finding's letters, the largest that fit; its question's.
SIZES, ASKED = (2.2, 1.8, 1.5, 1.2), 1.3
# The longest number of a part's slides.
NUMBER = " (88/88)"
_EMBEDDED = re.compile(r'<script type="application/json" class="kit-slides">(.*?)</script>', re.DOTALL)

Told = Mapping[str, tuple[Summary, Sequence[Finding]]]


def slides(summary: Summary, findings: Sequence[Finding], lang: str) -> list[Slide]:
    """All slides of a result, in order; what a report has in its appendix comes last."""
    return side_by_side({lang: (summary, findings)})


def side_by_side(told: Told) -> list[Slide]:
    """The same result in several languages, part by part beside each other; whoever has said all waits for the rest.

    Where there is a part that is shown first, the slides behind it are marked as `more`: it has their words, too.
    """
    space = HALF if len(told) > 1 else WHOLE
    said = zip(*(found for _, found in told.values()), strict=False)
    found = [{lang: [_finding(one, space)] for lang, one in zip(told, some, strict=True)} for some in said]
    made = [slide for some in found for slide in _beside(some)]
    first = first_shown({lang: summary for lang, (summary, _) in told.items()})
    made += _part(first) if first else []
    more = {"more": True} if first else {}
    return made + [{**slide, **more} for part in _parts(told) for slide in _part(part)]


def scene(told: Mapping[str, tuple[Summary, str]]) -> list[Slide]:
    """A place where the room is together, in one language or several, each with the way that has led there."""
    space = HALF if len(told) > 1 else WHOLE
    return _beside({lang: list(scene_slides(summary, way, space)) for lang, (summary, way) in told.items()})


def short_of(found: Sequence[Slide]) -> int:
    """How many slides there are before those that tell all of it once more; all where there are none."""
    return sum(not one.get("more") for one in found)


def embedded(found: Sequence[Slide]) -> str:
    """The slides as data that stands in a result's HTML, where the scripts of the pages find it."""
    told = json.dumps(found, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" class="kit-slides">{told}</script>'


def slides_in(told: str) -> list[Slide]:
    """The slides in a result's HTML; none in one that an earlier version has made."""
    found = _EMBEDDED.search(told)
    made: list[Slide] = json.loads(found[1]) if found else []
    return made


def _parts(told: Told) -> Iterator[dict[str, Part]]:
    """The parts in each language; what a report has in its appendix comes last."""
    found = zip(*(_headed(one) for one, _ in told.values()), strict=False)
    every = [dict(zip(told, some, strict=True)) for some in found]
    for wanted in (False, True):
        yield from (part for part in every if next(iter(part.values()))[0].detail is wanted)


def _headed(summary: Summary) -> Iterator[Part]:
    """The blocks below each heading."""
    heading, blocks = Heading(summary.title), list[Block]()
    for block in summary.blocks:
        if isinstance(block, Heading):
            if blocks:
                yield heading, blocks
            heading, blocks = block, []
        else:
            blocks.append(block)
    if blocks:
        yield heading, blocks


def _part(told: Mapping[str, Part]) -> list[Slide]:
    """The slides of one part under its heading, which says how many they are."""
    headings = {lang: heading for lang, (heading, _) in told.items()}
    space = HALF if len(told) > 1 else WHOLE
    room = {lang: _below([heading], space) for lang, heading in headings.items()}
    found: list[Slide] = []
    # Every language tells the same, run by run.
    named_once = ([_named_once(one, heading.text) for one in blocks] for heading, blocks in told.values())
    for some in zip(*map(runs, named_once), strict=True):
        own = dict(zip(told, some, strict=True))
        figures = {lang: run[0] for lang, run in own.items() if is_shares(run[0])}
        joint = joint_bars(figures, _below(headings.values(), JOINT)) if len(figures) == len(told) > 1 else []
        found += joint or _beside({lang: list(slides_of(run, room[lang], lang, space)) for lang, run in own.items()})
    return [_under(headings, one, number, len(found)) for number, one in enumerate(found, 1)]


def _named_once(block: Block, heading: str) -> Block:
    """A figure that is called like its part says below the heading only what that does not say."""
    if not is_shares(block) or not (begins := re.match(rf"{re.escape(heading)}\s*(:|$)\s*", block.title)):
        return block
    rest = block.title[begins.end() :]
    return replace(block, title=rest[:1].upper() + rest[1:])


def _below(headings: Iterable[Heading], space: Space) -> float:
    """How much room a part's heading leaves."""
    told = SAME.join(one.text for one in headings)
    return space.high - lines(told + NUMBER, space.wide, HEADING, True) * HEADING * LINE - GAP


def _under(headings: Mapping[str, Heading], slide: Slide, number: int, of: int) -> Slide:
    """A slide with its title."""
    titles = {
        lang: f"{joinable(one.text)} ({number}/{of})" if of > 1 else one.text for lang, one in headings.items()
    }
    (lang, heading), *others = headings.items()
    part = {"part": heading.id} if heading.id else {}
    if sides := slide.get("sides"):
        return {**slide, "sides": [[lang, {**one, "title": titles[lang]}] for lang, one in sides], **part}
    also = {"also": [[other, one.text] for other, one in others]} if others else {}
    return {**slide, "title": titles[lang], **also, **part}


def _beside(told: Mapping[str, Sequence[Slide]]) -> list[Slide]:
    """The slides of one language, or those of several beside each other."""
    if len(told) == 1:
        return [one for found in told.values() for one in found]
    longest = max(map(len, told.values()))
    some_of = {lang: some for lang, some in told.items() if some}
    return [_joined({lang: some[min(at, len(some) - 1)] for lang, some in some_of.items()}) for at in range(longest)]


def _joined(told: Mapping[str, Slide]) -> Slide:
    """The same slide in several languages: the letters of all are as large as those of the longest."""
    size = {"size": min(sizes)} if len(sizes := [one["size"] for one in told.values() if "size" in one]) > 1 else {}
    return {"kind": "both", "sides": [[lang, {**one, **size}] for lang, one in told.items()]}


def _finding(one: Finding, space: Space) -> Slide:
    """A sentence in letters as large as the stage has room for."""
    for size in SIZES:
        asked = lines(one.question, space.wide, ASKED) * ASKED * LINE + 2
        if lines(one.statement, space.wide, size, True) * size * LINE + asked <= space.high:
            break
    return {"kind": "finding", "text": one.statement, "ask": one.question, "size": size}


__all__ = ["Slide", "embedded", "letter_width", "scene", "short_of", "side_by_side", "slides", "slides_in"]
