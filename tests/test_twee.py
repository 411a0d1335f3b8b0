"""Stories to Twine and back, and what is told about a file that is not as it should be."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import pytest
import yaml

from kit.cli import main
from kit.errors import ContentFault
from kit.exercise import exercises
from kit.stories import Story, StoryTexts, check_story, read_story, read_story_texts, story_folders
from kit.texts import languages
from kit.twee import export, parse, slug
from tests.support.stories import BEHAVIOURS, structure, texts, write

FOLDERS = [pytest.param(one, id=one.name) for model in exercises().values() for one in story_folders(model.folder)]
# What could be taken for something else in a file of passages.
AWKWARD = (
    ":: not a header", "@gain not a note", "a [[link]] inside", "back\\slash", "]] -> <- | {x}", "a->b", "a<-b", "a|b",
    "[ x ]", "\\", "@", "::", "é « ça » \u00a0!", "one\n\ntwo", "one\n@two", "x]", "[[[x]]]", "<<macro>>",
)  # fmt: skip


def same_again(story: Story, told: StoryTexts, lang: str) -> None:
    found = parse(export(story, told, lang), "story.twee")
    assert found.faults == ()
    assert Story.model_validate(found.structure) == story
    assert StoryTexts.model_validate(found.texts) == told
    assert found.lang == lang


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("folder", FOLDERS)
def test_there_and_back_gives_the_same_story(folder: Path, lang: str) -> None:
    same_again(read_story(folder), read_story_texts(folder, lang), lang)


@pytest.mark.parametrize("seed", range(40))
def test_there_and_back_with_awkward_texts(seed: int) -> None:
    rng = Random(seed)

    def odd(lines: bool = True) -> str:
        text = rng.choice((" ", "")).join(rng.sample(AWKWARD, 3)).strip()
        return text if lines else text.replace("\n", " ")

    told = texts("fr")
    for scene in told["scenes"].values():
        scene["text"] = odd()
        if "takeaway" in scene:
            scene["takeaway"] = odd()
    for choices in told["choices"].values():
        for choice in choices.values():
            # A link stands on one line.
            choice |= {"text": odd(lines=False), "gain": odd(), "cost": odd()}
    told |= {"title": odd(lines=False), "intro": odd(), "questions": {key: odd() for key in told["questions"]}}
    same_again(Story.model_validate(structure()), StoryTexts.model_validate(told), "fr")


def test_the_file_is_what_twine_expects() -> None:
    made = export(Story.model_validate(structure()), StoryTexts.model_validate(texts("en")), "en")
    headers = [line for line in made.split("\n") if line.startswith("::")]
    assert headers[:2] == [":: StoryTitle", ":: StoryData"]
    data = json.loads(made.split(":: StoryData\n")[1].split("\n\n")[0])
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", data["ifid"])
    assert data["start"] == "opening"
    places = [json.loads(header[header.index("{") :])["position"] for header in headers if "{" in header]
    assert len(set(places)) == len(structure()["scenes"])
    assert "[[en opening ask text->end_well]]" in made
    assert made == export(Story.model_validate(structure()), StoryTexts.model_validate(texts("en")), "en")


PLAIN = """\
:: StoryTitle
The Waiting Room

:: StoryData
{"ifid": "x", "start": "First meeting"}

:: Café [green] {"position":"1,1"}
You drink.

:: First meeting
You meet. [[Go on->Café]] or not.
[[Stay away|The end]]
[[The end<-Leave]]
[[Café]]

:: The end
It is over.

:: Code [script]
alert(1)
"""


def test_a_story_that_was_written_in_twine() -> None:
    found = parse(PLAIN, "story.twee")
    assert found.faults == ()
    assert found.structure["id"] == "the_waiting_room"
    assert found.structure["start"] == "first_meeting"
    scenes = {one["id"]: one for one in found.structure["scenes"]}
    assert set(scenes) == {"cafe", "first_meeting", "the_end"}
    assert [(one["id"], one["to"]) for one in scenes["first_meeting"]["choices"]] == [
        ("go_on", "cafe"),
        ("stay_away", "the_end"),
        ("leave", "the_end"),
        ("cafe", "cafe"),
    ]
    assert found.texts["scenes"]["first_meeting"]["text"] == "You meet.  or not."
    assert found.texts["choices"]["first_meeting"]["go_on"] == {"text": "Go on"}


def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    """A gain that nobody wrote is not invented: the check names it."""
    found = parse(PLAIN, "story.twee")
    folder = tmp_path / "the_waiting_room"
    folder.mkdir()
    (folder / "structure.yaml").write_text(
        yaml.safe_dump({**found.structure, "roles": ["other", "municipal"]}), "utf-8"
    )
    (folder / "en.yaml").write_text(yaml.safe_dump(found.texts), "utf-8")
    told = "\n".join(str(fault) for fault in check_story(folder, BEHAVIOURS))
    assert "source: Tuple should have at least 1 item" in told


@pytest.mark.parametrize("text", ["", "hello\nworld", "<html></html>", "\x00\x01", " :: indented"])
def test_a_file_that_is_not_twee(text: str) -> None:
    with pytest.raises(ContentFault) as refused:
        parse(text, "notes.twee")
    assert refused.value.details["file"] == "notes.twee"
    assert "not Twee" in str(refused.value.details["fault"])


def told(text: str) -> list[tuple[str, str]]:
    return [(str(one.details["where"]), str(one.details["fault"])) for one in parse(text, "story.twee").faults]


def test_of_two_scenes_with_one_id_the_first_is_kept() -> None:
    text = ":: The room\nfirst\n\n:: the ROOM\nsecond\n"
    assert told(text) == [("the_room", "two scenes have this id")]
    assert parse(text, "story.twee").texts["scenes"] == {"the_room": {"text": "first"}}


def test_a_link_that_leads_nowhere_is_left_out_and_the_rest_is_kept() -> None:
    text = ":: a\ntext\n[[one->b]]\n[[two->gone]]\n\n:: b\nend\n"
    assert told(text) == [("a", "leads to “gone”, and there is no such passage")]
    found = parse(text, "story.twee")
    assert [one["to"] for one in found.structure["scenes"][0]["choices"]] == ["b"]
    assert set(found.texts["choices"]["a"]) == {"one"}


def test_what_is_not_json_is_told_and_the_rest_is_kept() -> None:
    text = ":: StoryData\n{ifid}\n\n:: a {position}\ntext\n\n:: [only tags]\nlost\n"
    faults = dict(told(text))
    assert faults["StoryData"] == "this is not JSON"
    assert faults["a"] == "what stands in { } is not JSON"
    assert faults["[only tags]"] == "this header cannot be read"
    assert [one["id"] for one in parse(text, "story.twee").structure["scenes"]] == ["a"]


def test_windows_lines_and_a_mark_at_the_start() -> None:
    made = export(Story.model_validate(structure()), StoryTexts.model_validate(texts("en")), "en")
    found = parse("\ufeff" + made.replace("\n", "\r\n"), "story.twee")
    assert Story.model_validate(found.structure) == Story.model_validate(structure())


@pytest.mark.parametrize(("name", "made"), [("Été à l'île", "ete_a_l_ile"), ("3 pas", "s_3_pas"), ("x" * 30, "x" * 20)])
def test_ids_are_made_of_names(name: str, made: str) -> None:
    assert slug(name) == made


# ---- the command ----


def run(*call: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["--speak", "en", "story", *call])
    return int(ended.value.code or 0)


def test_the_command_takes_a_story_out_and_brings_both_languages_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "from", structure())
    back = tmp_path / "to"
    for lang in languages():
        file = tmp_path / f"{lang}.twee"
        assert run("export", str(folder), "--lang", lang, "--out", str(file)) == 0
        run("import", str(file), "--out", str(back))
    assert read_story(back / "tiny") == read_story(folder)
    assert all(read_story_texts(back / "tiny", one) == read_story_texts(folder, one) for one in languages())
    # The kit's own behaviours are others than the tiny story's.
    assert "unknown behaviour ask_first" in capsys.readouterr().out


def test_the_command_replaces_nothing_unless_it_is_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "story.twee"
    file.write_text(PLAIN, "utf-8")
    run("import", str(file), "--out", str(tmp_path), "--lang", "en")
    file.write_text(PLAIN.replace("You drink", "You eat"), "utf-8")
    assert run("import", str(file), "--out", str(tmp_path), "--lang", "en") == 1
    assert "is there already" in capsys.readouterr().err
    written = tmp_path / "the_waiting_room" / "en.yaml"
    assert "You drink" in written.read_text("utf-8")
    run("import", str(file), "--out", str(tmp_path), "--lang", "en", "--force")
    assert "You eat" in written.read_text("utf-8")


def test_the_command_draws_a_story(tmp_path: Path) -> None:
    out = tmp_path / "map.svg"
    assert run("picture", "two_missions", "--out", str(out)) == 0
    assert out.read_text("utf-8").count("<desc") == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("export", "no_such_story"), "There is no story"),
        (("import", "no_such_file.twee"), "the file is missing"),
        (("import", "binary.twee"), "not a text in UTF-8"),
        (("picture", "two_missions", "--out", "file/map.svg"), "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    call: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "binary.twee").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "file").write_text("")
    assert run(*call) == 1
    assert said in capsys.readouterr().err
