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
from kit.stories import Story, StoryTexts, read_story, read_story_texts, story_folders
from kit.story_check import check_story
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
    assert [one.details["fault"] for one in found.faults] == ["twee_special"]
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
    assert "source: there are too few: at least 1 are needed" in told


@pytest.mark.parametrize("text", ["", "hello\nworld", "<html></html>", "\x00\x01", " :: indented"])
def test_a_file_that_is_not_twee(text: str) -> None:
    with pytest.raises(ContentFault) as refused:
        parse(text, "notes.twee")
    assert refused.value.details["file"] == "notes.twee"
    assert "not Twee" in refused.value.tell("en")


def told(text: str) -> list[tuple[str, str]]:
    found = parse(text, "story.twee").faults
    assert all(one.tell(lang) for one in found for lang in languages())
    return [(str(one.details["where"]), str(one.details["fault"])) for one in found]


def test_of_two_passages_with_one_name_the_first_is_kept() -> None:
    text = ":: The room\nfirst\n\n:: The room\nsecond\n"
    assert told(text) == [("The room", "twee_twice")]
    assert parse(text, "story.twee").texts["scenes"] == {"the_room": {"text": "first"}}


LONG = ("Vous attendez devant la porte rouge", "Vous attendez devant la porte bleue")


@pytest.mark.parametrize("names", [
    LONG, ("The room", "the ROOM"), ("غرفة", "حديقة"), ("ᐃᒡᓗ", "ᓄᓇ"), ("!!", "??"), ("1", "2"),
])  # fmt: skip
def test_a_link_goes_where_its_name_says_however_names_begin_and_whatever_their_script(names: tuple[str, str]) -> None:
    text = f":: Start\nx\n[[one->{names[0]}]]\n[[two->{names[1]}]]\n:: {names[0]}\nfirst\n:: {names[1]}\nsecond\n"
    assert told(text) == []
    found = parse(text, "story.twee")
    ways = [one["to"] for one in found.structure["scenes"][0]["choices"]]
    assert [found.texts["scenes"][way]["text"] for way in ways] == ["first", "second"]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,19}", one["id"]) for one in found.structure["scenes"])
    assert set(found.names.values()) == {"Start", *names}


@pytest.mark.parametrize("comment", [
    "<!-- private [[Old->B]] -->", "/* private\nmore */", "/% private %/", "<!-- never closed [[Old->B]]",
])  # fmt: skip
def test_a_comment_is_read_by_nobody_and_told(comment: str) -> None:
    text = f":: Start\nYou meet.\n[[Go->A]]\n{comment}\n:: A\nend\n:: B\nend\n"
    assert told(text) == [("Start", "twee_comment")]
    found = parse(text, "story.twee")
    assert found.texts["scenes"]["start"] == {"text": "You meet."}
    assert [one["to"] for one in found.structure["scenes"][0]["choices"]] == ["a"]


CODE = [
    "(set: $a to 1)", "(if: $a is (1 + 2))[", "<<set $a to 1>>", "<<if $a gt 0>>", "<<= $a>>", "<% s.a = 1 %>",
    "[if a === 1]", "[continue]", "{embed passage: 'x'}", "[img[x.png]]", "(text-style: 'bold')", "|hook>[",
]  # fmt: skip


@pytest.mark.parametrize("code", CODE)
def test_code_is_told_with_its_passage_and_shown_to_nobody(code: str) -> None:
    close = "]" if code.endswith("[") else ""
    text = f":: A room\nBefore.\n{code}\n{'Inside.' + close if close else 'After.'}\n"
    assert ("A room", "twee_code") in told(text)
    shown = parse(text, "story.twee").texts["scenes"]["a_room"]["text"]
    assert not set("<>$%{}=") & set(shown)
    assert not re.search(r"\b(set|if|embed|img|style|hook|continue)\b", shown)
    assert "Before." in shown


LINKS = [
    "[[Say yes->Now]]", "[[Now<-Say yes]]", "[[Say yes|Now]]", "[[Say yes|Now][$calls to 1]]",
    "[[Say yes->Now][$a = 1]]",
    '(link-goto: "Say yes", "Now")', "(link-goto:'Say yes','Now')", '(link: "Say yes")[(goto: "Now")]',
    '<<link "Say yes" "Now">><</link>>', '<<link "Say yes">><<set $a to 1>><<goto "Now">><</link>>',
    "<<link [[Say yes|Now]]>><</link>>", '<<button "Say yes" "Now">><<set $a to 1>><</button>>',
    "(if: $a > 0)[[[Say yes->Now]]]", "|door>[[[Say yes->Now]]]", "{link to: 'Now', label: 'Say yes'}",
]  # fmt: skip


@pytest.mark.parametrize("link", LINKS)
def test_a_link_is_a_choice_however_a_format_writes_it(link: str) -> None:
    found = parse(f":: Start\nYou meet.\n{link}\n:: Now\nend\n", "story.twee")
    assert found.structure["scenes"][0].get("choices") == [{"id": "say_yes", "to": "now"}]
    assert found.texts["scenes"]["start"] == {"text": "You meet."}
    assert not [one for one in found.faults if one.details["fault"] == "twee_nowhere"]


@pytest.mark.parametrize("link", [
    '<<choice "Now" "Say yes">>', '<<return "Say yes" "Now">>', '<a href="#" data-passage="Now">Say yes</a>',
    "(set: $a to 1) [[Say yes->Now]]", "[img[Say yes|pic.png][Now]]", "(text-colour: red)[[Say yes->Now]]",
])  # fmt: skip
def test_code_beside_a_link_or_around_it_leaves_the_link(link: str) -> None:
    found = parse(f":: Start\nYou meet.\n{link}\n:: Now\nend\n", "story.twee")
    assert found.structure["scenes"][0].get("choices") == [{"id": "say_yes", "to": "now"}]
    assert found.texts["scenes"]["start"] == {"text": "You meet."}


@pytest.mark.parametrize(("marked", "words", "kind"), [
    ("//Sam// is ''bold'', **here**, ~~no~~ and _so_", "Sam is bold, here, no and so", "twee_markup"),
    ("@@color:red;Alert@@ [named]<tag|", "Alert named", "twee_markup"),
    ("=><=\ncentred\n<==", "centred", "twee_markup"), ("# Title\nwords", "Title\nwords", "twee_markup"),
    ("{some\nwords}", "some\nwords", "twee_markup"), ("{{name}} {name}", "… …", "twee_code"),
    ("a<script>alert(1)</script>b<<silently>>c<</silently>>", "ab", "twee_code"),
    ("{restart link, label: 'again'} {dropdown menu for: 'x', choices: ['a']}", "… …", "twee_code"),
])  # fmt: skip
def test_marks_go_and_their_words_stay(marked: str, words: str, kind: str) -> None:
    text = f":: Start\nYou meet.\n{marked}\n"
    assert ("Start", kind) in told(text)
    assert parse(text, "story.twee").texts["scenes"]["start"]["text"] == f"You meet.\n{words}"


@pytest.mark.parametrize("code", ['<<goto "Far">>', '<<include "Far">>', '(display: "Far")', "{embed passage: 'Far'}"])
def test_code_that_leads_elsewhere_is_told_with_the_passage_that_it_leads_to(code: str) -> None:
    text = f":: Start\nx\n{code}\n:: Far\nend\n"
    assert ("Start", "twee_jump") in told(text)
    assert any("Far" in one.tell("fr") for one in parse(text, "story.twee").faults)


PAGE = """<!DOCTYPE html><html><body><tw-storydata name="Le couloir" startnode="2" format="Harlowe">
<style role="stylesheet">p{}</style><script role="script">alert("<tw-passagedata")</script>
<tw-passagedata pid="1" name="La fin" tags="">Vous parlez.
:: pas un en-tête</tw-passagedata>
<tw-passagedata pid="2" name="D&#39;abord [a]" tags="strained">&lt;b&gt;Bonjour&lt;/b&gt;
[[Aller-&gt;La fin]]</tw-passagedata></tw-storydata><tw-storydata name="Autre"><tw-passagedata pid="1" name="x">y
</tw-passagedata></tw-storydata></body></html>"""


def test_the_page_that_twine_publishes_is_read_as_its_export_is() -> None:
    found = parse(PAGE, "story.html")
    assert (found.structure["id"], found.structure["start"]) == ("le_couloir", "d_abord_a")
    assert found.structure["scenes"] == [
        {"id": "la_fin"}, {"id": "d_abord_a", "strained": True, "choices": [{"id": "aller", "to": "la_fin"}]},
    ]  # fmt: skip
    assert found.texts["scenes"]["d_abord_a"] == {"text": "Bonjour"}
    assert "pas un en-tête" in found.texts["scenes"]["la_fin"]["text"]
    assert told(PAGE) == [("Autre", "twee_other"), ("D'abord [a]", "twee_markup")]


def test_passages_of_the_format_are_no_scenes() -> None:
    text = ":: StoryInit\n<<set $a to 0>>\n:: Side [widget]\nx\n:: StoryCaption\ny\n:: Start\nfine\n"
    assert told(text) == [(name, "twee_special") for name in ("StoryInit", "Side", "StoryCaption")]
    assert [one["id"] for one in parse(text, "story.twee").structure["scenes"]] == ["start"]


def test_settings_above_two_dashes_are_no_text() -> None:
    text = ':: Start\nmood: "calm"\nvisits (once): 2\n--\nYou talk.\n'
    assert told(text) == [("Start", "twee_code")]
    assert parse(text, "story.twee").texts["scenes"]["start"] == {"text": "You talk."}


def test_words_that_only_look_like_code_stay() -> None:
    words = "Note (important: bring tea): 5 < 6 & 7 > 2, C:\\temp ¯\\_(ツ)_/¯, 20 $, et/ou, a_b, [sic]"
    text = f":: Start\n{words}\n"
    assert told(text) == []
    assert parse(text, "story.twee").texts["scenes"]["start"] == {"text": words}


def test_markup_becomes_words_and_a_variable_a_gap() -> None:
    text = ":: Start\n<p>Caf&eacute;</p><br>Hello $name, <b>you</b>\n"
    assert told(text) == [("Start", "twee_variable"), ("Start", "twee_markup")]
    assert parse(text, "story.twee").texts["scenes"]["start"] == {"text": "Café\n\nHello …, you"}


def test_a_line_that_nobody_knows_is_told() -> None:
    text = ":: Start\nx\n@mood calm\n[[Go->A]]\n@price 3\n@gain y\n:: A\nend\n@gain z\n"
    assert told(text) == [("Start", "twee_note"), ("Start", "twee_note"), ("A", "twee_note")]
    assert parse(text, "story.twee").texts["choices"] == {"start": {"go": {"text": "Go", "gain": "y"}}}


def test_a_header_of_an_older_twee_says_where_its_passage_stands() -> None:
    found = parse(":: Start [strained] <25,25>\nx\n[[A]]\n:: A <50, 75>\ny\n", "story.twee")
    assert [one["id"] for one in found.structure["scenes"]] == ["start", "a"]
    assert not found.faults


def test_a_start_that_is_not_there_is_told() -> None:
    text = ':: StoryData\n{"start": "Nowhere"}\n:: A\nx\n'
    assert told(text) == [("StoryData", "twee_start")]
    assert parse(text, "story.twee").structure["start"] == "a"


def test_a_link_that_leads_nowhere_is_left_out_and_the_rest_is_kept() -> None:
    text = ":: a\ntext\n[[one->b]]\n[[two->gone]]\n\n:: b\nend\n"
    assert told(text) == [("a", "twee_nowhere")]
    assert "gone" in parse(text, "story.twee").faults[0].tell("fr")
    found = parse(text, "story.twee")
    assert [one["to"] for one in found.structure["scenes"][0]["choices"]] == ["b"]
    assert set(found.texts["choices"]["a"]) == {"one"}


def test_what_is_not_json_is_told_and_the_rest_is_kept() -> None:
    text = ":: StoryData\n{ifid}\n\n:: a {position}\ntext\n\n:: [only tags]\nlost\n"
    faults = dict(told(text))
    assert faults == {"StoryData": "twee_data", "a": "twee_place", "[only tags]": "twee_header"}
    assert [one["id"] for one in parse(text, "story.twee").structure["scenes"]] == ["a"]


def test_windows_lines_and_a_mark_at_the_start() -> None:
    made = export(Story.model_validate(structure()), StoryTexts.model_validate(texts("en")), "en")
    found = parse("\ufeff" + made.replace("\n", "\r\n"), "story.twee")
    assert Story.model_validate(found.structure) == Story.model_validate(structure())


@pytest.mark.parametrize(
    ("name", "made"), [("Été à l'île", "ete_a_l_ile"), ("3 pas", "s_3_pas"), ("قصة", ""), ("x" * 30, "x" * 20)]
)
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


FOUR = """\
:: StoryTitle
Quatre
:: kit story [kit]
@id quatre
@source S0-1
@roles settlement anti_violence
@lang fr
@intro Une intro.
:: Au début
On arrive.
[[A->X]]
[[B->X]]
[[C->Y]]
[[D->Y]]
:: X
x
:: Y
y
"""


def test_all_faults_are_told_at_once_in_the_language_of_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIT_LANG", "fr")
    file = tmp_path / "four.twee"
    file.write_text(FOUR, "utf-8")
    with pytest.raises(SystemExit):
        main(["--speak", "fr", "story", "import", str(file), "--out", str(tmp_path)])
    told = capsys.readouterr().out
    assert "Au début.choices" in told
    assert "il y en a 4, et 3 au plus sont permis" in told
    # Each choice lacks two texts, and they are all named.
    assert told.count("il manque") == 8
    for english in ("Tuple", "should", "validation", "Field required", "schema"):
        assert english not in told


@pytest.mark.parametrize("before", ["> ", "* ", "- ", "1. ", "• "])
def test_what_a_list_has_before_a_link_is_no_text(before: str) -> None:
    read = parse(f":: Start\nHi\n\n[continued]\n@mood: dark\n{before}[[Go->Next]]\n\n:: Next\nEnd\n", "s.twee")
    assert read.texts["scenes"]["start"]["text"] == "Hi"
    assert read.structure["scenes"][0]["choices"] == [{"id": "go", "to": "next"}]
    assert any("@mood" in str(fault) for fault in read.faults)
