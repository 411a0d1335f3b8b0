"""kit.figures: the picture of released numbers, as an element of an HTML page."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from kit.figures import svg
from kit.figures.pen import INK, LABEL, MARKERS, PAPER, QUIET, TINTS, WIDTH, wrapped
from kit.summary import Bar, Figure, Row, Table

LABELS = ("Never", "Rarely", "Sometimes", "Often", "Always")
SPLIT = tuple(Bar(label, (10, 5, 25, 40, 20)[tint], tint) for tint, label in enumerate(LABELS))
JOINED = (Bar("Never or rarely", 35, 0), Bar("Sometimes", 30, 2), Bar("Often or always", 35, 4))
XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
NOTE = "Not shown: fewer than 5 people answered this one."


def stack(copies: int = 1) -> Figure:
    rows = (
        Row("We know each other's mandate & limits <well>.", SPLIT),
        Row("We look at our agreement again every year, and all the partners have a say in what we change.", SPLIT),
        Row("People with lived experience are paid.", JOINED),
        Row("Costs $5 or $10", (), note=NOTE),
    ) * copies
    twin = Table("Table", ("Statement", "Answers"), tuple((row.label, row.note) for row in rows))
    return Figure("stack", "How it goes", 'Most "often": a & b', rows, twin)


def dots() -> Figure:
    rows = (
        Row("Trust", dots=(("Settlement", 1), ("Health", 2.5), ("Municipal", 2.5), ("Community", 5))),
        Row("Sharing", note=NOTE),
    )
    twin = Table("Table", ("Statement",), tuple((row.label,) for row in rows))
    return Figure("dots", "Gaps", "Trust has the widest gap.", rows, twin, ends=("Not at all", "Fully"))


def pieces(made: str) -> list[ElementTree.Element]:
    plain = made.replace(f" {XMLNS}", "")
    return list(ElementTree.fromstring(f"<page>{plain}</page>"))


def words(made: str) -> str:
    return " ".join("".join(node.itertext()) for piece in pieces(made) for node in piece.iter("text"))


def ids(made: str) -> list[str]:
    return [node.attrib["id"] for piece in pieces(made) for node in piece.iter() if "id" in node.attrib]


@pytest.mark.parametrize("figure", [stack(), dots()], ids=["stack", "dots"])
def test_is_an_image_with_its_text_alternative(figure: Figure) -> None:
    (picture,) = pieces(svg(figure, "en"))
    assert picture.tag == "svg"
    assert (picture.attrib["role"], picture.attrib["aria-label"]) == ("img", figure.alt)
    assert picture.attrib["lang"] == "en"
    assert picture.findtext("title") == figure.title


@pytest.mark.parametrize("figure", [stack(), dots()], ids=["stack", "dots"])
def test_shows_every_row_that_the_twin_has(figure: Figure) -> None:
    shown = words(svg(figure, "en"))
    assert [row[0] for row in figure.twin.rows] == [row.label for row in figure.rows]
    for row in figure.rows:
        assert row.label in shown
        assert row.note in shown


def test_keeps_the_viewbox_and_has_no_fixed_size() -> None:
    (picture,) = pieces(svg(stack(), "en"))
    assert picture.attrib["width"] == "100%"
    assert "height" not in picture.attrib
    assert float(picture.attrib["viewBox"].split()[2]) == WIDTH


@pytest.mark.parametrize("figure", [stack(5), dots()], ids=["stack", "dots"])
def test_points_only_at_its_own_ids(figure: Figure) -> None:
    made = svg(figure, "fr")
    targets = re.findall(r'href="([^"]*)"', made) + re.findall(r"url\(([^)]*)\)", made)
    assert targets or figure.kind == "stack"
    assert {target.removeprefix("#") for target in targets} == set(ids(made))
    outside = made.replace(XMLNS, "")
    assert not re.search(r"https?:|<style|<script|<metadata|<\?xml|<!DOCTYPE|font-family", outside)


def test_ids_are_unique_in_a_page_of_several_figures() -> None:
    figures = (stack(5), dots(), replace(dots(), title="Another"), replace(dots(), rows=dots().rows[:1]))
    all_ids = [one for figure in figures for one in ids(svg(figure, "en"))]
    assert all_ids
    assert len(all_ids) == len(set(all_ids))


def test_is_the_same_every_time() -> None:
    assert svg(stack(), "en").encode() == svg(stack(), "en").encode()
    assert svg(stack(), "en") != svg(stack(), "fr")


def test_percent_inside_from_ten_in_the_language_of_the_page() -> None:
    assert "40%" in words(svg(stack(), "en"))
    assert "40\u00a0%" in words(svg(stack(), "fr"))
    assert " 5% " not in f" {words(svg(replace(stack(), rows=stack().rows[:1]), 'en'))} "


def test_joined_answers_are_told_in_words_below_their_bar() -> None:
    assert "Never or rarely: 35%; Sometimes: 30%; Often or always: 35%" in words(svg(stack(), "en"))
    assert "Never: 10%" not in words(svg(stack(), "en"))


def test_many_rows_become_pieces_of_which_none_is_taller_than_a_page() -> None:
    figure = stack(6)
    made = pieces(svg(figure, "en"))
    assert len(made) > 2
    assert all(float(piece.attrib["viewBox"].split()[3]) < 760 for piece in made)
    assert [piece.get("aria-hidden") for piece in made] == [None] + ["true"] * (len(made) - 1)
    assert words(svg(figure, "en")).count(NOTE) == 6
    assert all("Sometimes" in "".join(piece.itertext()) for piece in made)


def test_equal_values_stand_above_each_other() -> None:
    (picture,) = pieces(svg(replace(dots(), rows=dots().rows[:1]), "en"))
    spots = [(node.attrib["x"], node.attrib["y"]) for node in picture.iter("use")]
    assert len(spots) == len(set(spots))


def test_scale_with_two_steps_and_empty_figure() -> None:
    bars = (Bar("Not yet", 40, 0), Bar("In place", 60, 1))
    made = svg(Figure("stack", "T", "A", (Row("Agreement", bars),), Table("T", ("",), ()), tints=2), "en")
    assert TINTS[1].fill in made
    assert TINTS[4].fill in made
    assert pieces(svg(Figure("stack", "T", "A", (), Table("T", ("",), ())), "en"))


def test_a_long_word_stays_inside() -> None:
    long = Figure("stack", "T", "A", (Row("x" * 120, SPLIT),), Table("T", ("",), ()))
    assert "x" * 120 not in words(svg(long, "en"))
    assert words(svg(long, "en")).count("x") == 120


def test_contrast() -> None:
    for tint in TINTS:
        assert contrast(tint.fill, tint.ink) >= 4.5
    for ink in (INK, QUIET, *(colour for _, colour in MARKERS)):
        assert contrast(ink, PAPER) >= 4.5
    for left, right in pairwise(TINTS):
        assert max(contrast(left.fill, right.fill), contrast(INK, left.fill), contrast(INK, right.fill)) >= 3


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


SCRIPTS = ("ᐃᓄᒃᑎᑐᑦ ᓇᓗᓇᐃᕈᑎ", "العمل معا ضد العنف", "🌱 Growing 👩🏽‍🤝‍👩🏿", "共に働く 合作", "ܫܠܡܐ", "e\u0301te\u0301")


@pytest.mark.parametrize("label", SCRIPTS)
def test_other_scripts_are_carried_as_text_and_nothing_is_complained_about(
    label: str, recwarn: pytest.WarningsRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    bars = (Bar(label, 60, 4, label), Bar("b", 40, 0))
    twin = Table("T", ("S",), ((label,),))
    for figure in (
        Figure("stack", "t", "a", (Row(label, bars),), twin),
        Figure("dots", "t", "a", (Row(label, dots=((label, 2),)),), twin, ends=(label, label)),
    ):
        made = svg(figure, "en")
        for word in label.split():
            assert word in words(made)
        # What the page shows is in the reader's own font: no letters turned into outlines, and none left out.
        assert "font-family" not in made
    assert [str(one.message) for one in recwarn if "lyph" in str(one.message)] == []
    assert caplog.text == ""


def test_a_line_of_wide_signs_is_broken_before_it_runs_out_of_the_picture() -> None:
    lines = wrapped("共" * 60, WIDTH, LABEL)
    assert "".join(lines) == "共" * 60
    assert all(len(line) * LABEL <= WIDTH for line in lines)
