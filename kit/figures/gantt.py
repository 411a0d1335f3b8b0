"""A plan over time: one bar for each row of it, months below, and the dates in figures beside each bar.

    python -m kit.figures.gantt        reads {"lang": …, "figure": {…}} and writes an <svg>

As a program it draws for a process that should not load matplotlib itself, such as a participant's kernel.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from typing import Any, Final

from kit.figures.pen import BAR, GAP, INK, LABEL, LEADING, MARGIN, QUIET, SMALL, TINTS, WIDTH, Pen, text_width
from kit.summary import Gantt, Span, Table

HEIGHT: Final = 14.0
POINT: Final = 7.0
# A plan of a few days still gets an axis on which its months can be told.
LEAST: Final = timedelta(days=60)
MOST_TICKS: Final = 7
STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
DONE, OPEN = TINTS[4], TINTS[3]


def draw(pen: Pen, figure: Gantt) -> None:
    """The legend, then group by group each span with its label, its bar and its dates, then the months."""
    scale = _Scale(figure.spans)
    _legend(pen, figure.spans)
    group = ""
    ticks = scale.ticks()
    _months(pen, scale, ticks)
    top = pen.y
    for span in figure.spans:
        pen.y += GAP / 2
        if span.group and span.group != group:
            pen.lines(span.group, size=SMALL, ink=QUIET)
        group = span.group
        pen.lines(span.label, size=LABEL)
        pen.y += 3
        if span.start or span.end:
            _bar(pen, scale, span)
        pen.lines(_dates(pen, span), size=SMALL, ink=QUIET)
        pen.y += GAP / 4
    if top != pen.y and ticks:
        _months(pen, scale, ticks)


class _Scale:
    """Where a day lies from left to right; whole months, so that a bar at the edge is seen to begin there."""

    def __init__(self, spans: tuple[Span, ...]) -> None:
        days = [date.fromisoformat(day) for span in spans for day in (span.start, span.end) if day]
        self.has_days = bool(days)
        self.first = min(days, default=date(2000, 1, 1)).replace(day=1)
        last = max(max(days, default=self.first), self.first + LEAST)
        if any(span.start and not span.end for span in spans):
            # What starts last and has no end still gets a bar that can be seen.
            last += (last - self.first) / 8
        self.last = _month_after(last, 1)
        self.left, self.right = MARGIN + POINT, WIDTH - MARGIN - POINT

    def x(self, day: date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return self.left + (self.right - self.left) * share

    def ticks(self) -> list[date]:
        """Firsts of months, as many as can be read side by side."""
        if not self.has_days:
            return []
        for step in STEPS:
            months = [self.first]
            while (after := _month_after(months[-1], step)) <= self.last:
                months.append(after)
            if len(months) <= MOST_TICKS:
                break
        return months


def _month_after(day: date, step: int) -> date:
    months = day.year * 12 + day.month - 1 + step
    year, month = divmod(months, 12)
    # A calendar has no year after 9999; a plan of this kit ends in 2199 at the latest.
    return date(year, month + 1, 1)


def _months(pen: Pen, scale: _Scale, ticks: list[date]) -> None:
    """A line with the months' names as 2027-01, every other one left out where they would touch."""
    if not ticks:
        return
    axis = pen.y + SMALL * LEADING + 5
    pen.line((scale.left, scale.right), (axis, axis))
    free = 0.0
    for day in ticks:
        x, name = scale.x(day), f"{day:%Y-%m}"
        pen.line((x, x), (axis - 4, axis + 4))
        half = text_width(name, SMALL) / 2
        middle = min(max(x, MARGIN + half), WIDTH - MARGIN - half)
        if middle - half >= free:
            pen.write(name, middle, pen.y + SMALL * LEADING / 2, size=SMALL, ink=QUIET, align="center")
            free = middle + half + 6
    pen.y = axis + 6


def _bar(pen: Pen, scale: _Scale, span: Span) -> None:
    """A bar from start to end; with an open end an arrow, with an end alone a diamond on its day."""
    y, middle = pen.y, pen.y + HEIGHT / 2
    if not span.start:
        _diamond(pen, scale.x(date.fromisoformat(span.end)), middle)
    elif span.end:
        left, after = scale.x(date.fromisoformat(span.start)), date.fromisoformat(span.end) + timedelta(days=1)
        pen.box(left, y, max(scale.x(after) - left, 3.0), HEIGHT, DONE)
    else:
        left = scale.x(date.fromisoformat(span.start))
        pen.box(left, y, max(scale.right - POINT - left, 3.0), HEIGHT, OPEN)
        _arrow(pen, max(scale.right - POINT, left + 3.0), middle)
    pen.y += HEIGHT + 3


def _diamond(pen: Pen, x: float, y: float) -> None:
    pen.shape((x - POINT, x, x + POINT, x), (y, y - POINT, y, y + POINT), INK, layer=3)


def _arrow(pen: Pen, x: float, y: float) -> None:
    tip = x + POINT + 3
    pen.shape((x, tip, x), (y - HEIGHT / 2 - 3, y, y + HEIGHT / 2 + 3), INK, layer=3)


def _legend(pen: Pen, spans: tuple[Span, ...]) -> None:
    """What the three shapes mean, of those that are there."""
    x = MARGIN + BAR / 4
    if any(span.start and span.end for span in spans):
        pen.key(pen.say("gantt_span"), lambda y: pen.box(MARGIN, y - 5, 13, 10, DONE))
    if any(span.start and not span.end for span in spans):

        def open_end(y: float) -> None:
            pen.box(MARGIN, y - 5, 7, 10, OPEN)
            pen.shape((MARGIN + 7, MARGIN + 15, MARGIN + 7), (y - 7, y, y + 7), INK, layer=3)

        pen.key(pen.say("gantt_open"), open_end)
    if any(span.end and not span.start for span in spans):
        pen.key(pen.say("gantt_due"), lambda y: _diamond(pen, x, y))


def _dates(pen: Pen, span: Span) -> str:
    """A row's dates in figures, so that nobody has to measure a bar."""
    if span.start and span.end:
        return pen.say("gantt_dates", start=span.start, end=span.end)
    if span.start:
        return pen.say("gantt_from", start=span.start)
    return pen.say("gantt_until", end=span.end) if span.end else pen.say("gantt_undated")


def read(raw: dict[str, Any]) -> Gantt:
    """A figure from its JSON form."""
    twin = raw["twin"]
    table = Table(twin["title"], tuple(twin["columns"]), tuple(map(tuple, twin["rows"])))
    return Gantt(raw["title"], raw["alt"], tuple(Span(**span) for span in raw["spans"]), table)


def main() -> None:
    """Draw what stands on standard input."""
    from kit.figures import svg

    told = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(svg(read(told["figure"]), told["lang"]).encode("utf-8"))


if __name__ == "__main__":
    main()
