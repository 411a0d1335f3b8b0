"""Stories with branches: each way in which one can be broken is found, and named with file, id and mend."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.cli import main
from kit.content import known_sources
from kit.errors import ContentFault
from kit.exercise import exercise, exercises
from kit.stories import Story, layers, read_story, read_story_texts, story_folders
from kit.story_check import check, check_story
from kit.texts import languages, say
from tests.support.stories import BEHAVIOURS, structure, texts, write

Broken = Callable[[dict[str, Any]], object]
FOLDERS = [
    pytest.param(folder, {one.id for one in model.structure.behaviours}, id=folder.name)
    for model in exercises().values()
    for folder in story_folders(model.folder)
]


def said(fault: ContentFault) -> str:
    """A fault as it is told in English, without its file, place and mend."""
    return say("en", f"check.{fault.details['fault']}.fault", **{**fault.details, "fault": ""})


def faults(folder: Path) -> list[tuple[str, str, str]]:
    found = check_story(folder, BEHAVIOURS)
    for fault in found:
        assert all(str(fault.details["where"]) in fault.tell(lang) for lang in languages())
    return [(str(one.details["file"]), str(one.details["where"]), said(one)) for one in found]


def scene(content: dict[str, Any], scene_id: str) -> dict[str, Any]:
    return next(one for one in content["scenes"] if one["id"] == scene_id)


def choice(content: dict[str, Any], scene_id: str, choice_id: str) -> dict[str, Any]:
    return next(one for one in scene(content, scene_id)["choices"] if one["id"] == choice_id)


def test_a_sound_story_has_no_fault(tmp_path: Path) -> None:
    assert faults(write(tmp_path, structure())) == []


@pytest.mark.parametrize(
    ("broken", "where", "fault"),
    [
        (lambda s: scene(s, "end_well").update(id="end_apart"), "end_apart", "two scenes have this id"),
        (lambda s: choice(s, "opening", "wait").update(id="ask"), "opening.ask", "two choices have this id"),
        (lambda s: s.update(start="nowhere"), "start", "there is no scene nowhere"),
        (
            lambda s: choice(s, "silence", "leave").update(to="nowhere"),
            "silence.leave",
            "leads to nowhere, and there is no such scene",
        ),
        (lambda s: choice(s, "silence", "leave").update(to="end_well"), "end_apart", "nothing leads here"),
        (lambda s: s.update(id="other"), "other", "the folder is called tiny"),
        (lambda s: s.update(source=["S9-9"]), "tiny", "unknown source S9-9"),
        (lambda s: choice(s, "opening", "ask").update(source=["S9-9"]), "opening.ask", "unknown source S9-9"),
        (lambda s: choice(s, "opening", "ask").update(behaviour="shout"), "opening.ask", "unknown behaviour shout"),
        (lambda s: choice(s, "opening", "ask").pop("behaviour"), "opening", "no choice shows a behaviour"),
        (lambda s: choice(s, "silence", "mend").pop("repair"), "silence", "strained, and nothing repairs it"),
        (lambda s: scene(s, "silence").pop("strained"), "scenes", "no scene is strained"),
        (lambda s: scene(s, "end_well").update(strained=True), "end_well", "an end is strained"),
        (
            lambda s: choice(s, "opening", "wait").update(to="end_well"),
            "opening",
            "every choice here leads to the same scene",
        ),
    ],
)
def test_each_fault_is_named(tmp_path: Path, broken: Broken, where: str, fault: str) -> None:
    content = structure()
    broken(content)
    found = faults(write(tmp_path, content))
    assert ("tiny/structure.yaml", where, fault) in found


def test_a_circle_without_a_way_out_is_named_in_each_of_its_scenes(tmp_path: Path) -> None:
    content = structure()
    for one in scene(content, "silence")["choices"]:
        one["to"] = "opening"
    for one in scene(content, "opening")["choices"]:
        one["to"] = "silence"
    found = faults(write(tmp_path, content))
    stuck = {where for _, where, fault in found if fault == "no way out: from here no end is reached"}
    assert stuck == {"opening", "silence"}


def test_a_circle_with_a_way_out_is_sound(tmp_path: Path) -> None:
    """The tiny story has one: from the silence one can begin again."""
    content = structure()
    assert choice(content, "silence", "again")["to"] == content["start"]
    assert faults(write(tmp_path, content)) == []


def test_a_story_needs_two_ends(tmp_path: Path) -> None:
    content = structure()
    content["scenes"].remove(scene(content, "end_apart"))
    choice(content, "silence", "leave")["to"] = "end_well"
    assert ("tiny/structure.yaml", "scenes", "a story needs 2 ends, and there are 1") in faults(
        write(tmp_path, content)
    )


def test_four_choices_are_too_many(tmp_path: Path) -> None:
    content = structure()
    scene(content, "silence")["choices"].append({"id": "fourth", "to": "end_well"})
    found = {where for _, where, _ in faults(write(tmp_path, content))}
    assert found == {"scenes.silence.choices", "choices.silence.fourth"}, "and its texts are asked for at once"


@pytest.mark.parametrize(
    ("forget", "where"),
    [
        (lambda t: t["scenes"].pop("silence"), "scenes.silence"),
        (lambda t: t["scenes"]["end_well"].pop("takeaway"), "scenes.end_well.takeaway"),
        (lambda t: t["choices"]["opening"].pop("ask"), "choices.opening.ask"),
        (lambda t: t["questions"].pop("silence"), "questions.silence"),
    ],
)
@pytest.mark.parametrize("lang", languages())
def test_both_languages_say_the_same_things(tmp_path: Path, lang: str, forget: Broken, where: str) -> None:
    told = texts(lang)
    forget(told)
    found = faults(write(tmp_path, structure(), **{lang: told}))
    assert found == [(f"tiny/{lang}.yaml", where, "this text is missing")]


@pytest.mark.parametrize("gone", ["caution", "ask"])
def test_a_story_that_concerns_people_says_when_to_leave_it_out_and_what_to_ask_them(tmp_path: Path, gone: str) -> None:
    content = structure() | {"concerned": True}
    told = {lang: texts(lang) | {"caution": f"{lang} caution", "ask": [f"{lang} ask"]} for lang in languages()}
    assert faults(write(tmp_path, content, **told)) == []
    del told["fr"][gone]
    assert faults(write(tmp_path, content, **told)) == [("tiny/fr.yaml", gone, "this text is missing")]
    # Any other story may have them, and need not.
    told["fr"] = texts("fr") | {gone: ["fr ask"] if gone == "ask" else "fr caution"}
    assert faults(write(tmp_path, structure(), **told)) == []


def test_decisions_are_counted_on_the_shortest_and_on_the_longest_way(tmp_path: Path) -> None:
    content = structure()
    assert read_story(write(tmp_path, content)).decisions == (1, 2)
    # A scene that only goes on decides nothing.
    content["scenes"].insert(2, {"id": "between", "choices": [{"id": "on", "to": "end_well"}]})
    choice(content, "silence", "mend")["to"] = "between"
    assert read_story(write(tmp_path, content)).decisions == (1, 2)


@pytest.mark.parametrize(("folder", "behaviours"), FOLDERS)
@pytest.mark.parametrize("lang", languages())
def test_the_stories_of_the_kit_have_their_line_in_the_table(folder: Path, behaviours: set[str], lang: str) -> None:
    assert behaviours
    told = read_story_texts(folder, lang)
    assert told.theme
    assert told.caution


def test_a_text_too_many_is_named(tmp_path: Path) -> None:
    told = texts("fr")
    told["questions"]["end_well"] = "?"
    found = faults(write(tmp_path, structure(), fr=told))
    assert found == [("tiny/fr.yaml", "questions.end_well", "not in structure.yaml")]


def test_a_choice_without_its_cost_is_named(tmp_path: Path) -> None:
    told = texts("en")
    del told["choices"]["opening"]["ask"]["cost"]
    assert faults(write(tmp_path, structure(), en=told)) == [
        ("tiny/en.yaml", "choices.opening.ask.cost", "it is missing")
    ]


def test_what_is_written_wrongly_does_not_hide_what_does_not_fit_and_each_has_its_line(tmp_path: Path) -> None:
    """A story fresh from Twine lacks sources and roles, and leads nowhere: its author is told all of it."""
    told = structure()
    told |= {"source": [], "roles": []}
    choice(told, "opening", "wait")["to"] = "nowhere"
    folder = write(tmp_path, told)
    found = check_story(folder, BEHAVIOURS)
    assert {one.details["fault"] for one in found} >= {"too_few", "no_target"}
    lines = (folder / "structure.yaml").read_text("utf-8").splitlines()
    (lost,) = (one for one in found if one.details["fault"] == "no_target")
    assert "wait" in lines[int(str(lost.details["line"])) - 1]


def test_without_a_start_it_is_not_told_of_each_scene_that_nothing_leads_to_it(tmp_path: Path) -> None:
    told = structure() | {"start": "nowhere"}
    assert [where for _, where, _ in faults(write(tmp_path, told))] == ["start"]


def test_the_command_checks_a_story_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path, structure() | {"start": "nowhere"})
    with pytest.raises(SystemExit):
        main(["--speak", "en", "check", str(folder)])
    said_ = capsys.readouterr().out
    assert "there is no scene nowhere" in said_
    assert "slug" not in said_


@pytest.mark.parametrize("rubbish", ["a: [1", "\x00", "- a\n", ""])
def test_rubbish_is_one_clear_fault(tmp_path: Path, rubbish: str) -> None:
    folder = write(tmp_path, structure())
    (folder / "structure.yaml").write_text(rubbish, "utf-8")
    assert len(faults(folder)) == 1


def test_an_exercise_with_a_broken_story_is_found_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "scenarios"
    with_stories = exercise("scenarios").folder
    assert isinstance(with_stories, Path)
    shutil.copytree(with_stories, folder, ignore=shutil.ignore_patterns("__pycache__"))
    assert check(folder) == []
    broken = folder / "stories" / "two_missions" / "structure.yaml"
    content = yaml.safe_load(broken.read_text("utf-8"))
    content["start"] = "nowhere"
    broken.write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["check", str(folder)])
    assert ended.value.code == 1
    assert "start: there is no scene nowhere" in capsys.readouterr().out


@pytest.mark.parametrize(("folder", "behaviours"), FOLDERS)
def test_the_stories_of_the_kit_are_sound(folder: Path, behaviours: set[str]) -> None:
    assert check_story(folder, behaviours) == []
    story = read_story(folder)
    used = [one for scene in story.scenes for choice in scene.choices for one in choice.source]
    assert set(used) <= set(known_sources())


@pytest.mark.parametrize(("folder", "behaviours"), FOLDERS)
def test_no_way_through_a_story_is_a_trap(folder: Path, behaviours: set[str]) -> None:
    """From each scene an end is near enough that a workshop reaches it."""
    story = read_story(folder)
    for start in story.scenes:
        assert shortest(story, start.id) < len(story.scenes)


def shortest(story: Story, scene_id: str) -> int:
    """The steps from a scene to the nearest end."""
    here, steps = {scene_id}, 0
    ends = {one.id for one in story.ends}
    while not here & ends:
        here = {way.to for one in here if (found := story.scene(one)) for way in found.choices}
        steps += 1
        assert steps <= len(story.scenes)
    return steps


def test_a_path_follows_the_choices_and_stops_where_it_comes_back(tmp_path: Path) -> None:
    story = read_story(write(tmp_path, structure()))
    assert story.path({}) == ("opening",)
    assert story.path({"opening": "wait", "silence": "mend"}) == ("opening", "silence", "end_well")
    assert story.path({"opening": "wait", "silence": "again"}) == ("opening", "silence")
    assert story.path({"opening": "no such choice"}) == ("opening",)


def test_rows_lead_downwards(tmp_path: Path) -> None:
    story = read_story(write(tmp_path, structure()))
    assert layers(story) == [["opening"], ["silence"], ["end_well", "end_apart"]]
    assert read_story_texts(tmp_path / "tiny", "fr").title == "fr title"
