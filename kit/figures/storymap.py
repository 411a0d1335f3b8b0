"""A story's branches as a picture for its author: scenes from the top down, choices as arrows between them.

Unlike the other figures it is a file of its own, wide enough for a screen or a sheet of paper. What is strained, what
repairs and what is an end is told by words and lines, not by colour.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from kit.figures import _RC, _SETTINGS, written
from kit.figures.pen import INK, PAPER, QUIET, TINTS
from kit.stories import Choice, Scene, Story, StoryTexts, layers
from kit.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BOX: Final = (170.0, 58.0)
STEP: Final = 165.0
COLUMN: Final = 225.0
LANE: Final = 64.0
EDGE: Final = 30.0
TEXT: Final = 9.5
SMALL: Final = 8.0
LABEL_AT: Final = 0.38
Place = tuple[float, float]
# A place in a row: a scene, or the lane of a choice that passes the row on its way further down.
Slot = str | tuple[str, str]


def storymap(story: Story, texts: StoryTexts, lang: str) -> str:
    """The picture as an SVG file, with a name and a description that says every scene and choice in words."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Drawing

    plan = _Plan.of(story)
    settings: dict[Any, Any] = {**_RC, "svg.hashsalt": f"{story.id}/{lang}"}
    with _SETTINGS, matplotlib.rc_context(settings):
        drawing = Drawing(figsize=(plan.width / 72, plan.height / 72), facecolor=PAPER)
        FigureCanvasSVG(drawing)
        axes = drawing.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, plan.width)
        axes.set_ylim(plan.height, 0)
        _draw(axes, story, plan, lang)
        drawn = written(drawing)
    return _named(drawn, texts.title, description(story, lang))


def description(story: Story, lang: str) -> str:
    """What the picture shows, in words."""
    lines = []
    for scene in story.scenes:
        marks = _marks(scene, lang)
        ways = "; ".join(_way(choice, lang) for choice in scene.choices)
        lines.append(f"{scene.id}{f' ({marks})' if marks else ''}{f' → {ways}' if ways else ''}.")
    return " ".join([say(lang, "figures.story_start", scene=story.start), *lines])


def _way(choice: Choice, lang: str) -> str:
    mended = f" ({say(lang, 'figures.story_repair')})" if choice.repair else ""
    return f"{choice.to}: {choice.id}{mended}"


def _marks(scene: Scene, lang: str) -> str:
    words = (("story_end", scene.is_end), ("story_strained", scene.strained))
    return ", ".join(say(lang, f"figures.{key}") for key, applies in words if applies)


@dataclass(frozen=True)
class _Plan:
    """Where everything stands. A choice that passes rows has a lane in each, so that no arrow crosses a box."""

    rows: list[list[Slot]]
    places: dict[tuple[int, Slot], Place]
    row_of: dict[str, int]
    width: float

    @property
    def height(self) -> float:
        return STEP * (len(self.rows) - 1) + BOX[1] + 2 * EDGE

    @classmethod
    def of(cls, story: Story) -> _Plan:
        rows: list[list[Slot]] = [list(row) for row in layers(story)]
        row_of = {scene: number for number, row in enumerate(rows) for scene in row if isinstance(scene, str)}
        above: dict[tuple[int, Slot], list[Slot]] = {}
        for scene in story.scenes:
            for choice in scene.choices:
                last: Slot = scene.id
                for number in range(row_of[scene.id] + 1, row_of.get(choice.to, 0)):
                    lane = (scene.id, choice.id)
                    rows[number].append(lane)
                    above[number, lane] = [last]
                    last = lane
                above.setdefault((row_of.get(choice.to, 0), choice.to), []).append(last)
        width = max(sum(map(_room, row)) for row in rows) + 2 * EDGE
        places: dict[tuple[int, Slot], Place] = {}
        for number, row in enumerate(rows):
            means = {slot: _mean(places, number - 1, above.get((number, slot), [])) for slot in row}
            row.sort(key=means.__getitem__)
            x = (width - sum(map(_room, row))) / 2
            for slot in row:
                places[number, slot] = (x + _room(slot) / 2, EDGE + BOX[1] / 2 + STEP * number)
                x += _room(slot)
        return cls(rows, places, row_of, width)

    def box(self, scene_id: str) -> Place:
        """The middle of a scene's box."""
        return self.places[self.row_of[scene_id], scene_id]

    def lanes(self, scene_id: str, choice: Choice) -> list[Place]:
        """Where a choice passes the rows between its two scenes."""
        between = range(self.row_of[scene_id] + 1, self.row_of[choice.to])
        return [self.places[number, (scene_id, choice.id)] for number in between]


def _room(slot: Slot) -> float:
    return COLUMN if isinstance(slot, str) else LANE


def _mean(places: dict[tuple[int, Slot], Place], row: int, slots: Sequence[Slot]) -> float:
    """The middle of what leads here from the row above; what nothing leads to goes to the left."""
    found = [places[row, slot][0] for slot in slots if (row, slot) in places]
    return sum(found) / len(found) if found else 0.0


def _draw(axes: Axes, story: Story, plan: _Plan, lang: str) -> None:
    for scene in story.scenes:
        # From left to right in the order of what they lead to, so that arrows do not cross at their start.
        known = [choice for choice in scene.choices if choice.to in plan.row_of]
        ways = sorted((_heading(plan, scene, choice), number) for number, choice in enumerate(known))
        for place, (_, number) in enumerate(ways):
            _arrow(axes, plan, scene, known[number], place - (len(ways) - 1) / 2)
    for scene in story.scenes:
        _box(axes, scene, plan.box(scene.id), lang)


def _heading(plan: _Plan, scene: Scene, choice: Choice) -> float:
    lanes = plan.lanes(scene.id, choice)
    return (lanes[0] if lanes else plan.box(choice.to))[0]


def _arrow(axes: Axes, plan: _Plan, scene: Scene, choice: Choice, offset: float) -> None:
    """From the lower edge of a scene through its lanes to the next; back up, it swings around the boxes."""
    start, end = plan.box(scene.id), plan.box(choice.to)
    leave = (start[0] + offset * BOX[0] / 3, start[1] + BOX[1] / 2)
    if end[1] > start[1]:
        stops = [leave]
        for x, y in plan.lanes(scene.id, choice):
            stops += [(x, y - BOX[1] / 2), (x, y + BOX[1] / 2)]
        stops.append((end[0] + (leave[0] - end[0]) * 0.12, end[1] - BOX[1] / 2))
        curve = _swing(stops)
        spot = _at(curve[:4], LABEL_AT)
    else:
        leave, arrive = (start[0] + BOX[0] / 2, start[1]), (end[0] + BOX[0] / 2, end[1])
        out = max(leave[0], arrive[0]) + LANE
        curve = [leave, (out, leave[1]), (out, arrive[1]), arrive]
        spot = _at(curve, 0.2)
    _line(axes, curve, choice.repair)
    label = f"{choice.id} ↺" if choice.repair else choice.id
    paper = {"boxstyle": "round,pad=0.15", "fc": PAPER, "ec": "none"}
    axes.text(spot[0], spot[1] + offset * 16, label, fontsize=SMALL, color=INK, ha="center", va="center", bbox=paper)


def _swing(stops: Sequence[Place]) -> list[Place]:
    """Curves through these places that leave and arrive straight down."""
    curve = [stops[0]]
    for start, end in pairwise(stops):
        half = (start[1] + end[1]) / 2
        curve += [(start[0], half), (end[0], half), end]
    return curve


def _at(curve: Sequence[Place], share: float) -> Place:
    """A place on the first curve."""
    parts = ((1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3)
    weighted = list(zip(parts, curve[:4], strict=True))
    return sum(part * x for part, (x, _) in weighted), sum(part * y for part, (_, y) in weighted)


def _line(axes: Axes, curve: Sequence[Place], repair: bool) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    path = Path(curve, [Path.MOVETO, *[Path.CURVE4] * (len(curve) - 1)])
    style = "--" if repair else "-"
    axes.add_patch(
        FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=12, lw=1.2, color=INK, linestyle=style, zorder=1)
    )


def _box(axes: Axes, scene: Scene, middle: Place, lang: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    corner = (middle[0] - BOX[0] / 2, middle[1] - BOX[1] / 2)
    fill = TINTS[2].fill if scene.is_end else PAPER
    style: dict[str, Any] = {"boxstyle": "round,pad=0,rounding_size=8", "fc": fill, "ec": INK, "zorder": 3}
    axes.add_patch(FancyBboxPatch(corner, *BOX, lw=2.6 if scene.strained else 1.2, **style))
    marks = _marks(scene, lang)
    x, y = middle
    centre: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 4}
    axes.text(x, y - 9 if marks else y, scene.id, fontsize=TEXT, fontweight="bold", color=INK, **centre)
    axes.text(x, y + 12, marks, fontsize=SMALL, color=QUIET, **centre)


def _named(svg: str, title: str, description: str) -> str:
    """The file with what a screen reader says of it."""
    start = svg.index("<svg")
    opening = svg.index(">", start) + 1
    told = f"<title id='t'>{html.escape(title)}</title><desc id='d'>{html.escape(description)}</desc>"
    tag = svg[start : opening - 1] + " role='img' aria-labelledby='t d'>"
    return f"{svg[:start]}{tag}{told}{svg[opening:]}"
