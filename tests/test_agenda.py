"""Agendas: they hold together, their faults are told with line and mend, and the guides say what they say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from kit.agenda.check import check, is_agenda
from kit.agenda.model import Agenda, agenda_from_json, find_agenda, read_agenda, shared_texts, shipped
from kit.agenda.table import rewritten, tables
from kit.cli import main
from kit.errors import UnknownAgenda
from kit.exercise import exercises
from kit.sentences import flat
from kit.texts import languages
from tools.agendas import TOLD, differing

HALF = "half_day"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of an agenda, to be broken."""
    folder = tmp_path / HALF
    shutil.copytree(Path(str(shipped()[HALF])), folder)
    return folder


def change(folder: Path, what: str, by: str) -> None:
    path = folder / "structure.yaml"
    text = path.read_text("utf-8")
    assert what in text, what
    path.write_text(text.replace(what, by), "utf-8")


def call(*words: str) -> int:
    """The command line; its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(str(ended.value.code))


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_agenda_holds_together(name: str) -> None:
    assert [str(fault) for fault in check(shipped()[name])] == []
    agenda = find_agenda(name)
    kinds = [block.kind for block in agenda.structure.blocks]
    # Welcome and safety words, the way in, introductions and the group's own rules come before anything is asked.
    assert kinds.index("exercise") > max(kinds.index(one) for one in ("welcome", "joining", "introductions", "rules"))
    for lang in languages():
        told = agenda.told(lang)
        for block in agenda.structure.blocks:
            words = told.blocks[block.id]
            assert words.title
            assert words.say, block.id
            assert words.debrief or block.kind != "exercise"


def test_the_agendas_are_of_four_lengths() -> None:
    assert [find_agenda(name).structure.minutes for name in shipped()] == [90, 240, 360, 420]
    assert len(find_agenda("three_meetings").structure.meetings) == 3
    assert find_agenda("three-meetings") == find_agenda("three_meetings")


def test_every_exercise_has_words_in_every_language() -> None:
    kept = [set(shared_texts(lang)) for lang in languages()]
    assert kept[0] == kept[1] >= set(exercises())
    for lang in languages():
        for slug, model in exercises().items():
            # The title of its page, or how that begins.
            assert model.texts(lang).title.startswith(shared_texts(lang)[slug].title or "-")
        for name, words in shared_texts(lang).items():
            twin = shared_texts("en")[name]
            for part in ("say", "watch", "debrief", "materials"):
                assert len(getattr(words, part) or ()) == len(getattr(twin, part) or ()), f"{name}.{part}"


def test_french_spacing_is_canadian() -> None:
    root = Path(str(shipped()[HALF])).parents[1]
    for path in root.rglob("fr.yaml"):
        text = "\n".join(str(leaf) for _, leaf in flat(yaml.safe_load(path.read_text("utf-8"))))
        assert re.findall(r"«[^\u00a0]|[^\u00a0]»|[^\u00a0]:(?:\s|$)|\s[;!?]", text) == [], path


ANSWERED = "{id: answer, minutes: 25}, {id: picture, minutes: 5}"
ASKED = "exercise: partnership\n        steps: [{id: explain, minutes: 5}, {id: answer, minutes: 20}"
STORY = ASKED.replace("partnership", "scenarios\n        story: late_report").replace("id: answer", "id: together")
# What is changed into what; the place that is named, and words of the fault and its mend.
BROKEN: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "minutes": ("minutes: 240", "minutes: 230", "line 6, meetings.1: ", ("240 minutes", "230")),
    "steps": ("{id: picture, minutes: 5}", "{id: picture, minutes: 9}", "reflection", ("64", "60")),
    "an exercise before its explanation": (
        "[{id: explain, minutes: 5}, {id: answer, minutes: 25}", "[{id: answer, minutes: 30}",
        "reflection", ("before it is explained", "explain"),
    ),
    "an exercise before the rules": ("kind: rules,", "kind: why,", "reflection", ("kind rules",)),
    "a hurried exercise": (
        ANSWERED, "{id: answer, minutes: 5}, {id: picture, minutes: 25}", "reflection", ("25 minutes", "has 5"),
    ),
    "a hurried story": (ASKED, STORY, "partnership", ("late_report", "6 decisions", "24 minutes", "has 20")),
    "an unknown story": (
        "exercise: partnership", "exercise: scenarios\n        story: nothing",
        "partnership", ("nothing", "late_report"),
    ),
    "a second round of a list": (
        ASKED, "exercise: resources\n        steps: [{id: again, minutes: 5}, {id: answer, minutes: 20}",
        "partnership", ("resources is answered once", "step again"),
    ),
    "an unknown exercise": ("exercise: partnership", "exercise: partners", "partnership", ("no exercise partners",)),
    "no break": ("kind: break", "kind: why", "pause", ("140 minutes", "120")),
    "no closing": ("kind: closing", "kind: why", "closing", ("closing",)),
    "two of one name": ("id: pause", "id: rules", "rules", ("two blocks",)),
    "an unknown source": ("[S0-24]", "[S9-1]", "source", ("S9-1",)),
    "an exercise in a break": ("kind: break,", "kind: break, exercise: pulse,", "pause", ("exercise",)),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_fault_is_told_with_its_place_and_its_mend(
    own: Path, broken: tuple[str, str, str, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIT_LANG", "en")
    what, by, where, told = broken
    change(own, what, by)
    found = [str(fault) for fault in check(own)]
    mine = [one for one in found if where in one and all(word in one for word in told)]
    assert len(mine) == 1, found
    assert mine[0].startswith("half_day/structure.yaml: line ")
    assert "Next: " in mine[0]


def test_all_faults_come_at_once(
    own: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIT_LANG", "fr")
    change(own, "minutes: 240", "minutes: 200")
    change(own, "kind: closing", "kind: why")
    (own / "fr.yaml").write_text("title: \"?? Une demi-journée\"\npurpose: x\nblocks: {nowhere: {title: x}}\n", "utf-8")
    (own / "en.yaml").unlink()
    assert call("check", str(own)) == 1
    told = capsys.readouterr().out
    for word in ("200", "closing", "??", "nowhere", "en.yaml"):
        assert word in told, told


@pytest.mark.parametrize("lang", languages())
def test_a_new_agenda_says_what_is_left(lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_LANG", lang)
    monkeypatch.chdir(tmp_path)
    assert call("new", "agenda", "our_morning", "--like", "ninety_minutes") == 0
    assert is_agenda(tmp_path / "our_morning")
    faults = check(tmp_path / "our_morning")
    assert [fault.details["fault"] for fault in faults] == ["unwritten"] * len(languages())
    for path in (tmp_path / "our_morning").glob("??.yaml"):
        path.write_text(path.read_text("utf-8").replace("?? ", ""), "utf-8")
    assert check(tmp_path / "our_morning") == []
    assert find_agenda("our_morning").structure.minutes == 90
    assert call("new", "agenda", "our_morning") == 1
    assert call("new", "agenda", "half_day") == 1
    assert call("new", "agenda", "other", "--like", "nothing") == 1


def test_an_unknown_agenda_names_those_that_there_are() -> None:
    with pytest.raises(UnknownAgenda, match="half_day"):
        find_agenda("half")


def test_an_agenda_is_kept_whole() -> None:
    agenda = find_agenda("full_day")
    assert agenda_from_json(agenda.as_json()) == agenda
    assert agenda.structure.plans == {
        "scenarios": ("third_contact", "two_missions"), "partnership": (), "agreement": (),
    }  # fmt: skip


def test_the_guides_say_what_the_agendas_say() -> None:
    assert [path.name for path in differing()] == [], "python -m tools.agendas writes them"
    assert set(TOLD.values()) == set(shipped())


def test_a_table_that_differs_is_seen(own: Path) -> None:
    change(own, "minutes: 15, wall: blank", "minutes: 16, wall: blank")
    agenda = read_agenda(own)
    text = f"before\n\n{tables(find_agenda(HALF), 'en')[0]}\n\nafter"
    assert rewritten(text, find_agenda(HALF), "en") == text
    assert "| 16 | Closing." in rewritten(text, agenda, "en")
    assert rewritten(text, agenda, "en").endswith("\n\nafter")


def test_words_of_ones_own_stand_over_the_kits(own: Path) -> None:
    told = {"title": "T", "purpose": "P", "blocks": {"pause": {"say": ["Ten minutes."]}}}
    (own / "en.yaml").write_text(yaml.safe_dump(told), "utf-8")
    agenda: Agenda = read_agenda(own)
    assert agenda.told("en").blocks["pause"].say == ("Ten minutes.",)
    assert agenda.told("en").blocks["pause"].title == "Break"
