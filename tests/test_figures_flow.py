"""The flow of a room's paths, and the picture of a story's branches for its author."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kit.exercise import exercises
from kit.figures import svg
from kit.figures.flow import BLOCK
from kit.figures.pen import MARGIN, SMALL, WIDTH, text_width
from kit.figures.storymap import BOX, LANE, STEP, _Plan, description, storymap
from kit.stories import Story, StoryTexts, read_story, read_story_texts, story_folders
from kit.summary import Flow, Link, Table
from kit.texts import languages, say
from tests.support.stories import structure, texts

LONG = "Scene 12: A very long beginning of a scene with many words that goes on and on"
LINKS = (
    Link("Scene 1: Monday…", "Scene 2: A call…", 45),
    Link("Scene 1: Monday…", LONG, 40),
    Link("Scene 1: Monday…", "End A: It is spring…", 15),
    Link("Scene 2: A call…", "End A: It is spring…", 95),
    Link("Scene 2: A call…", "Scene 1: Monday…", 5),
)
NS = "{http://www.w3.org/2000/svg}"
FOLDERS = [pytest.param(one, id=one.name) for model in exercises().values() for one in story_folders(model.folder)]


def flow(links: tuple[Link, ...] = LINKS) -> Flow:
    rows = tuple((link.end, link.start, str(link.percent)) for link in links)
    return Flow("Where we went", "A flow of two scenes.", links, Table("T", ("To", "From", "Share"), rows))


def parts(made: str, tag: str) -> list[ElementTree.Element]:
    return [node for node in ElementTree.fromstring(made).iter() if node.tag.removeprefix(NS) == tag]


def words(made: str) -> str:
    return " ".join("".join(node.itertext()) for node in parts(made, "text"))


@pytest.mark.parametrize("lang", languages())
def test_every_share_and_every_scene_stands_in_words(lang: str) -> None:
    shown = words(svg(flow(), lang))
    for link in LINKS:
        assert say(lang, "figures.percent", percent=link.percent) in shown
        assert link.end in shown
    assert shown.count("Scene 1: Monday…") == 2  # as a start, and as the end of the way back


def test_it_is_one_image_with_its_text_alternative() -> None:
    root = ElementTree.fromstring(svg(flow(), "en"))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == flow().alt
    assert root.attrib["viewBox"].split()[2] == f"{WIDTH:g}"


def test_nothing_leaves_the_picture() -> None:
    made = svg(flow(), "en")
    height = float(ElementTree.fromstring(made).attrib["viewBox"].split()[3])
    for node in parts(made, "text"):
        x, y = float(node.attrib["x"]), float(node.attrib["y"])
        assert x >= MARGIN
        assert x + text_width("".join(node.itertext()), SMALL) <= WIDTH
        assert 0 <= y <= height


def test_no_line_of_letters_lies_on_another() -> None:
    lines = sorted(float(node.attrib["y"]) for node in parts(svg(flow(), "en"), "text"))
    assert min(after - before for before, after in pairwise(lines)) >= SMALL


def thickness(made: str) -> list[float]:
    """How high each stem is, in the order of drawing."""
    stems = (node.attrib["d"] for node in parts(made, "path") if node.attrib.get("fill") == BLOCK)
    heights = ([float(one) for one in re.findall(r"-?[\d.]+", stem)[1::2]] for stem in stems)
    return [max(ys) - min(ys) for ys in heights]


def test_ribbons_are_as_wide_as_the_shares() -> None:
    stem, *ends = thickness(svg(flow(LINKS[:3]), "en"))
    assert [round(100 * end / stem) for end in ends] == [45, 40, 15]


def test_it_is_the_same_every_time_and_differs_with_the_shares() -> None:
    assert svg(flow(), "fr") == svg(flow(), "fr")
    assert svg(flow(), "fr") != svg(flow(LINKS[:4]), "fr")


# ---- the author's picture ----


@pytest.mark.parametrize("folder", FOLDERS)
def test_boxes_and_lanes_do_not_lie_on_one_another(folder: Path) -> None:
    plan = _Plan.of(read_story(folder))
    for number, row in enumerate(plan.rows):
        spots = sorted((plan.places[number, slot][0], BOX[0] if isinstance(slot, str) else LANE / 4) for slot in row)
        for (left, wide), (right, next_wide) in pairwise(spots):
            assert right - left >= (wide + next_wide) / 2
        assert all(plan.places[number, slot][1] == plan.places[number, row[0]][1] for slot in row)
    assert BOX[1] < STEP


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_picture_names_each_scene_and_choice_and_says_them_in_words(folder: Path, lang: str) -> None:
    story = read_story(folder)
    made = storymap(story, read_story_texts(folder, lang), lang)
    root = ElementTree.fromstring(made)
    assert root.attrib["role"] == "img"
    told = root.findtext(f"{NS}desc") or ""
    assert told == description(story, lang)
    for scene in story.scenes:
        assert scene.id in words(made)
        assert scene.id in told
        for choice in scene.choices:
            assert choice.id in words(made)
            assert f"{choice.to}: {choice.id}" in told


def test_the_picture_of_a_story_with_a_circle_and_a_scene_that_nothing_leads_to() -> None:
    content = structure()
    content["scenes"].append({"id": "lost"})
    content["scenes"][0]["choices"][0]["to"] = "nowhere"
    made = storymap(Story.model_validate(content), StoryTexts.model_validate(texts("en")), "en")
    assert "lost" in words(made)
    assert "again" in words(made)
    assert made == storymap(Story.model_validate(content), StoryTexts.model_validate(texts("en")), "en")


@pytest.mark.parametrize("word", ["ᐃᓱᐊ", "نهاية", "終わり"])
def test_a_story_in_a_language_of_another_script_is_drawn_without_a_complaint(
    word: str, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    """A language that was added may have letters that matplotlib's font lacks."""
    monkeypatch.setattr("kit.figures.storymap.say", lambda *_key, **_details: word)
    made = storymap(Story.model_validate(structure()), StoryTexts.model_validate(texts("en")), "en")
    assert word in words(made)
    assert [str(one.message) for one in recwarn if "lyph" in str(one.message)] == []
    assert caplog.text == ""
