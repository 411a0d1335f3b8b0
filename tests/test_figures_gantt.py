"""kit.figures.gantt: a plan over time, here and in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from kit.figures import svg
from kit.figures.gantt import read
from kit.figures.pen import MARGIN, SMALL, TINTS, WIDTH, text_width
from kit.summary import Gantt, Span, Table
from kit.texts import say

SPANS = (
    Span("1. Meet & greet <all>", "2027-01-10", "2027-03-01", "A collaboration that lasts"),
    Span("2. Write one page on how we refer to each other, in both languages", "2027-02-15", "", "Another"),
    Span("3. Review", "", "2027-06-30", "Another"),
    Span("4. Something without a day", "", "", "Another"),
)


def gantt(*spans: Span) -> Gantt:
    rows = tuple((span.label, span.start, span.end) for span in spans)
    return Gantt("The plan", 'Four "actions" & more', spans, Table("Plan", ("Action", "Start", "End"), rows))


def drawn(figure: Gantt, lang: str = "en") -> ElementTree.Element:
    return ElementTree.fromstring(svg(figure, lang).replace('xmlns="http://www.w3.org/2000/svg"', ""))


def words(picture: ElementTree.Element) -> list[str]:
    return ["".join(node.itertext()) for node in picture.iter("text")]


def boxes(picture: ElementTree.Element, fill: str) -> list[tuple[float, float]]:
    """Left and right of every filled box of a colour, in the order in which they are drawn."""
    found = []
    for node in picture.iter("path"):
        if node.get("fill") == fill:
            numbers = [float(part) for part in node.attrib["d"].split() if part not in "MLz"]
            found.append((min(numbers[::2]), max(numbers[::2])))
    return found


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_span_has_its_label_and_its_dates_in_words(lang: str) -> None:
    picture = drawn(gantt(*SPANS), lang)
    shown = " ".join(words(picture))
    for span in SPANS:
        assert span.label in shown
    for key, dates in (
        ("dates", {"start": "2027-01-10", "end": "2027-03-01"}), ("from", {"start": "2027-02-15"}),
        ("until", {"end": "2027-06-30"}), ("undated", {}),
    ):  # fmt: skip
        assert say(lang, f"figures.gantt_{key}", **dates) in shown
    assert shown.count("Another") == 1, "a group stands once over its rows"


def test_it_is_one_image_with_its_text_alternative() -> None:
    figure = gantt(*SPANS)
    picture = drawn(figure)
    assert (picture.get("role"), picture.get("aria-label")) == ("img", figure.alt)
    assert picture.findtext("title") == figure.title
    assert float(picture.attrib["viewBox"].split()[2]) == WIDTH


def test_bars_lie_where_their_days_are() -> None:
    one, two = Span("a", "2027-01-01", "2027-01-31"), Span("b", "2027-02-01", "2027-06-30")
    picture = drawn(gantt(one, two))
    legend, first, second = boxes(picture, TINTS[4].fill)
    assert first[1] == pytest.approx(second[0], abs=0.1), "one day after the other"
    assert (second[1] - second[0]) / (first[1] - first[0]) == pytest.approx(150 / 31, rel=0.02)
    assert legend[0] >= MARGIN


def test_an_open_end_is_another_shape_that_reaches_the_edge() -> None:
    picture = drawn(gantt(Span("a", "2027-01-01", "2027-01-31"), Span("b", "2027-03-01")))
    (_, done), (_, opened) = boxes(picture, TINTS[4].fill), boxes(picture, TINTS[3].fill)
    assert opened[1] > done[1]
    assert say("en", "figures.gantt_open") in words(picture)
    assert say("en", "figures.gantt_due") not in words(picture)


def test_an_end_alone_is_a_point_and_a_day_alone_is_seen() -> None:
    picture = drawn(gantt(Span("a", "", "2037-01-31"), Span("b", "2027-01-05", "2027-01-05")))
    assert say("en", "figures.gantt_due") in words(picture)
    _, day = boxes(picture, TINTS[4].fill)
    assert day[1] - day[0] >= 3


def test_months_do_not_touch_and_a_day_has_months_around_it() -> None:
    for end in ("2027-01-10", "2027-07-10", "2027-12-31", "2029-01-01"):
        picture = drawn(gantt(Span("a", "2027-01-10", end)))
        names = [node for node in picture.iter("text") if len("".join(node.itertext())) == 7]
        places = sorted({float(node.attrib["x"]) for node in names})
        assert len(places) >= 3
        assert all(right - left > text_width("2027-01", SMALL) for left, right in pairwise(places)), end


@pytest.mark.parametrize(
    "spans",
    [
        (),
        (Span("nothing known"),),
        (Span("a day", "2027-01-05", "2027-01-05"),),
        (Span("two centuries", "1900-01-01", "2199-12-31"), Span("open", "2199-12-31")),
        tuple(Span(f"{n}. " + "x" * 90, "2027-01-01", f"2027-{1 + n % 12:02}-28", f"Group {n}") for n in range(100)),
    ],
    ids=["none", "undated", "one day", "centuries", "hundred"],
)
def test_any_plan_is_drawn_inside_its_paper(spans: tuple[Span, ...]) -> None:
    picture = drawn(gantt(*spans))
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    assert width == WIDTH
    for node in picture.iter("text"):
        assert 0 <= float(node.attrib["y"]) <= height if "y" in node.attrib else True
    for fill in {TINTS[3].fill, TINTS[4].fill}:
        assert all(0 <= left <= right <= width for left, right in boxes(picture, fill))
    months = [word for word in words(picture) if len(word) == 7 and word[4] == "-"]
    assert len(months) <= 2 * 7


def test_a_process_of_its_own_draws_the_same() -> None:
    figure = gantt(*SPANS)
    told = json.dumps({"lang": "fr", "figure": asdict(figure)}).encode()
    done = subprocess.run([sys.executable, "-m", "kit.figures.gantt"], input=told, capture_output=True, check=True)
    assert done.stdout.decode() == svg(figure, "fr")
    assert done.stderr == b""
    assert read(json.loads(json.dumps(asdict(figure)))) == figure


def test_is_the_same_every_time_and_loads_nothing() -> None:
    made = svg(gantt(*SPANS), "en")
    assert made == svg(gantt(*SPANS), "en")
    assert made != svg(replace(gantt(*SPANS), title="Another"), "en")
    assert "http" not in made.replace('xmlns="http://www.w3.org/2000/svg"', "")
