"""The matrix figure: every cell and name is in the picture, nothing sticks out, and no information by colour alone."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from kit.figures import svg
from kit.figures.matrix import LEAST_LABEL
from kit.figures.pen import MARGIN, SMALL, TINTS, WIDTH, text_width
from kit.summary import Cell, Matrix, Table

LEGEND = ("1: not known", "1.5: between", "2: a little", "2.5: between", "3: well known")
ROWS = ("Legal aid clinics", "Crisis intervention and support for survivors", "Groups for men")
LABELS = ("1", "1.5", "2", "2.5", "3")


def matrix(columns: tuple[str, ...], rows: tuple[str, ...] = ROWS, label: str = "") -> Matrix:
    cells = tuple(
        tuple(
            Cell(None, "–") if (at + place) % 6 == 5 else Cell((at + place) % 6, label or LABELS[(at + place) % 6])
            for place in range(len(columns))
        )
        for at in range(len(rows))
    )
    lines = tuple((row, *(cell.label for cell in line)) for row, line in zip(rows, cells, strict=True))
    return Matrix("Types", 'The "grid"', columns, rows, cells, LEGEND, Table("T", ("Type", *columns), lines))


LONG = tuple(f"Sector number {n} with a name that does not fit above a cell" for n in range(1, 8))
CASES = [
    matrix(("All",)),
    matrix(("Few", "Many")),
    matrix(LONG[:3]),
    matrix(LONG),
    matrix(("A", "B"), label="not shown"),
    matrix(("A", "B"), label="en a besoin"),
]


def picture(figure: Matrix, lang: str = "en") -> ElementTree.Element:
    return ElementTree.fromstring(svg(figure, lang))


def texts(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [node for node in root.iter() if node.tag.endswith("text")]


def words(root: ElementTree.Element) -> str:
    return " ".join("".join(node.itertext()) for node in texts(root))


@pytest.mark.parametrize("figure", CASES, ids=range(len(CASES)))
def test_every_name_label_and_legend_is_in_the_picture(figure: Matrix) -> None:
    root = picture(figure)
    shown = words(root)
    for one in (*figure.rows, *figure.columns, *figure.legend):
        assert one in shown
    labels = [cell.label for line in figure.cells for cell in line]
    drawn = ["".join(node.itertext()) for node in texts(root)]
    assert all(drawn.count(label) >= labels.count(label) for label in set(labels))
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", figure.alt)


def boxes(root: ElementTree.Element) -> list[tuple[float, float, float]]:
    """Left, right and middle height of each text, by a width that is more than the page's own font needs."""
    found = []
    for node in texts(root):
        where = node.attrib.get("transform", "")
        moved = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", where)
        x = float(moved[1]) if moved else float(node.attrib["x"])
        y = float(moved[2]) if moved else float(node.attrib["y"])
        wide = text_width("".join(node.itertext()), SMALL, "bold" in str(node.attrib))
        anchor = node.attrib.get("text-anchor", "start")
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
        found.append((left, left + wide, y))
    return found


@pytest.mark.parametrize("figure", CASES, ids=range(len(CASES)))
def test_nothing_is_cut_off_and_no_two_texts_of_a_line_touch(figure: Matrix) -> None:
    found = sorted(boxes(picture(figure)), key=lambda box: (round(box[2]), box[0]))
    assert all(left >= 0 and right <= WIDTH for left, right, _ in found)
    for (_, right, y), (left, _, other) in pairwise(found):
        assert round(y) != round(other) or right <= left


def test_names_stand_beside_few_cells_and_above_many() -> None:
    few, many = picture(matrix(("Few", "Many"))), picture(matrix(LONG))
    place = {"".join(node.itertext()): box for node, box in zip(texts(few), boxes(few), strict=True)}
    assert place["Groups for men"][1] < MARGIN + LEAST_LABEL + 60
    assert any(abs(box[2] - place["Groups for men"][2]) < 3 for name, box in place.items() if name in LABELS)
    above = {"".join(node.itertext()): box for node, box in zip(texts(many), boxes(many), strict=True)}
    assert not any(abs(box[2] - above["Groups for men"][2]) < 3 for name, box in above.items() if name in LABELS)


def test_long_columns_become_letters_that_are_explained() -> None:
    shown = [("".join(node.itertext())) for node in texts(picture(matrix(LONG)))]
    assert shown.count("A") == shown.count("G") == 2
    assert "A" not in [("".join(node.itertext())) for node in texts(picture(matrix(("Few", "Many"))))]


def test_a_cell_that_may_not_be_shown_has_no_tint() -> None:
    figure = Matrix("T", "A", ("X",), ("R",), ((Cell(None, "–"),),), LEGEND, Table("T", ("", "X"), (("R", "–"),)))
    legend_only = {tint.fill: svg(figure, "en").count(tint.fill) for tint in TINTS}
    shown = Matrix("T", "A", ("X",), ("R",), ((Cell(4, "3"),),), LEGEND, Table("T", ("", "X"), (("R", "3"),)))
    assert svg(shown, "en").count(TINTS[4].fill) == legend_only[TINTS[4].fill] + 1


def test_is_the_same_every_time() -> None:
    assert svg(CASES[0], "fr").encode() == svg(CASES[0], "fr").encode()
