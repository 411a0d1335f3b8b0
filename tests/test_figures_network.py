"""The network figure: all names and lines are in the picture, nothing is cut off, lines are told apart by marks."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from kit.figures import svg
from kit.figures.pen import MARKERS, SMALL, WIDTH, text_width
from kit.summary import Network, Table

LEFT = ("Settlement and newcomer services", "Anti-violence services", "Municipal government")
RIGHT = ("Language classes", "Crisis intervention and support for survivors", "Food security", "Childcare")
EDGES = (
    (LEFT[0], RIGHT[0], 5), (LEFT[1], RIGHT[1], 5), (LEFT[1], RIGHT[0], 4), (LEFT[2], RIGHT[2], 4),
    (LEFT[2], RIGHT[3], 1),
)  # fmt: skip


def network(
    left: tuple[str, ...] = LEFT, right: tuple[str, ...] = RIGHT, edges: tuple[tuple[str, str, int], ...] = EDGES
) -> Network:
    twin = Table("T", ("Sector", "Type", "How"), tuple((one, other, str(width)) for one, other, width in edges))
    return Network("Who knows what", 'Lines & "ties"', left, right, edges, twin)


MANY = tuple(f"Type number {n} with quite a long name of its own" for n in range(14))
ALL = tuple((one, other, 1 + (n + m) % 5) for n, one in enumerate(LEFT) for m, other in enumerate(MANY))
CASES = [network(), network(right=MANY, edges=ALL), network(LEFT[:1], RIGHT[:1], EDGES[:1])]


def picture(figure: Network) -> ElementTree.Element:
    return ElementTree.fromstring(svg(figure, "en"))


def texts(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [node for node in root.iter() if node.tag.endswith("text")]


@pytest.mark.parametrize("figure", CASES, ids=range(len(CASES)))
def test_every_name_stands_in_the_picture_in_order(figure: Network) -> None:
    root = picture(figure)
    shown = " ".join("".join(node.itertext()) for node in texts(root))
    places = [shown.index(name) for name in figure.left]
    assert places == sorted(places)
    assert all(name in shown for name in figure.right)
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", figure.alt)


@pytest.mark.parametrize("figure", CASES, ids=range(len(CASES)))
def test_nothing_is_cut_off_and_names_do_not_overlap(figure: Network) -> None:
    root = picture(figure)
    height = float(root.attrib["viewBox"].split()[3])
    sides: dict[str, list[float]] = {"start": [], "end": []}
    for node in texts(root):
        moved = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", node.attrib.get("transform", ""))
        x, y = (float(moved[1]), float(moved[2])) if moved else (float(node.attrib["x"]), float(node.attrib["y"]))
        wide, anchor = text_width("".join(node.itertext()), SMALL), node.attrib.get("text-anchor", "start")
        left = x if anchor == "start" else x - wide
        assert left >= 0
        assert left + wide <= WIDTH
        assert SMALL / 2 <= y <= height
        sides[anchor].append(y)
    for ys in sides.values():
        assert all(below - above >= SMALL for above, below in pairwise(sorted(ys)))


def lines(root: ElementTree.Element) -> list[tuple[str, float]]:
    """Colour and width of each line from side to side."""
    found = []
    for node in root.iter():
        ends = re.fullmatch(r"M ([\d.]+) [\d.]+ L ([\d.]+) [\d.]+", " ".join(node.attrib.get("d", "").split()))
        if ends and float(ends[2]) - float(ends[1]) > 20:
            found.append((node.attrib["stroke"], float(node.attrib.get("stroke-width", 1))))
    return found


@pytest.mark.parametrize("figure", CASES, ids=range(len(CASES)))
def test_every_tie_is_a_line_as_wide_as_it_is_strong(figure: Network) -> None:
    drawn = lines(picture(figure))
    assert len(drawn) == len(figure.edges)
    wanted = Counter(MARKERS[figure.left.index(one)][1] for one, _, _ in figure.edges)
    assert Counter(colour for colour, _ in drawn) == wanted
    widths = sorted(width for _, width in drawn)
    steps = sorted(width for _, _, width in figure.edges)
    assert [widths[0] / steps[0] * step for step in steps] == pytest.approx(widths)


def test_a_tie_can_be_followed_without_colour() -> None:
    uses = [node for node in picture(network()).iter() if node.tag.endswith("use")]
    # A mark at the beginning for each name of the left, and one at each end.
    assert len(uses) == len(LEFT) + len(EDGES)
    assert len({(node.attrib["x"], node.attrib["y"]) for node in uses}) == len(uses)


def test_is_the_same_every_time() -> None:
    assert svg(CASES[0], "fr").encode() == svg(CASES[0], "fr").encode()
