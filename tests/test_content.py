"""Content files: every fault is found, and named with its file, its id and its mend."""

from __future__ import annotations

import json
import pickle
import re
import shutil
from pathlib import Path

import pytest
import yaml

import kit
from kit.agenda.model import schemas as agenda_schemas
from kit.agenda.model import shipped
from kit.cli import main
from kit.content import Structure, read_structure, read_texts, schemas
from kit.content_check import check
from kit.errors import ContentFault, StaleAnswer
from kit.exercise import exercises
from kit.faults import _RULES
from kit.regions import schemas as region_schemas
from kit.stories import schemas as story_schemas
from kit.texts import languages, say, texts

SCALE = {"ordered": True, "options": ["low", "high"], "apart": ["unsure"]}
STRUCTURE = {
    "slug": "small",
    "version": 1,
    "minutes": 5,
    "source": ["S0-9"],
    "scales": {"level": SCALE},
    "lenses": [{"id": "core", "always": True, "source": ["S0-9"]}, {"id": "more", "source": ["S0-14"]}],
    "sections": [
        {
            "id": "first",
            "items": [
                {"id": "one", "scale": "level", "source": ["S0-9a"]},
                {"id": "own", "kind": "text", "source": ["S0-9"], "lenses": ["more"]},
            ],
        }
    ],
    "sentences": ["hello"],
}
TEXTS = {
    "title": "Small",
    "intro": "A small one.",
    "scales": {"level": {"low": "Low", "high": "High", "unsure": "Unsure"}},
    "lenses": {"core": "Core", "more": "More"},
    "sections": {"first": {"title": "First"}},
    "items": {"one": {"text": "One?"}, "own": {"text": "Own?"}},
    "sentences": {"hello": "Hello {name}"},
}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    write(place, STRUCTURE, TEXTS)
    return place


def write(folder: Path, structure, texts=TEXTS):
    (folder / "structure.yaml").write_text(yaml.safe_dump(structure), "utf-8")
    for lang in languages():
        (folder / f"{lang}.yaml").write_text(yaml.safe_dump(texts, allow_unicode=True), "utf-8")


def said(fault: ContentFault) -> str:
    """A fault as it is told in English, without its file, place and mend."""
    return say("en", f"check.{fault.details['fault']}.fault", **{**fault.details, "fault": ""})


def faults(folder):
    return [(fault.details["file"], fault.details["where"], said(fault)) for fault in check(folder)]


def changed(**parts):
    return json.loads(json.dumps({**STRUCTURE, **parts}))


def test_a_sound_exercise_has_no_fault(folder):
    assert check(folder) == []


def test_a_missing_and_a_surplus_text_are_both_named(folder):
    broken = {**TEXTS, "items": {"one": {"text": "One?"}, "two": {"text": "Two?"}}}
    (folder / "fr.yaml").write_text(yaml.safe_dump(broken), "utf-8")
    assert faults(folder) == [
        ("small/fr.yaml", "items.own.text", "this text is missing"),
        ("small/fr.yaml", "items.two.text", "not in structure.yaml"),
    ]


@pytest.mark.parametrize(
    ("part", "text"),
    [("scales", "scales.level.unsure"), ("lenses", "lenses.more"), ("sections", "sections.first.title")],
)
def test_each_kind_of_text_is_asked_for(folder, part, text):
    texts = json.loads(json.dumps(TEXTS))
    keys = text.split(".")[1:]
    node = texts[part]
    for key in keys[:-1]:
        node = node[key]
    del node[keys[-1]]
    (folder / "en.yaml").write_text(yaml.safe_dump(texts), "utf-8")
    assert faults(folder) == [("small/en.yaml", text, "this text is missing")]


@pytest.mark.parametrize(
    ("structure", "told"),
    [
        (changed(sections=[{"id": "a", "items": [{"id": "x", "scale": "gone", "source": ["S0-9"]}]}]), "no scale gone"),
        (changed(sections=[{"id": "a", "items": [{"id": "x", "source": ["S0-9"]}]}]), "a choice needs a scale"),
        (
            changed(sections=[{"id": "a", "items": [{"id": "x", "scale": "level", "source": ["S0-9"]}] * 2}]),
            "used twice",
        ),
        (
            changed(sections=[{"id": "a", "items": [{"id": "x", "scale": "level", "source": []}]}]),
            "at least 1",
        ),
        (
            changed(
                sections=[{"id": "a", "items": [{"id": "x", "scale": "level", "source": ["S0-9"], "lenses": ["z"]}]}]
            ),
            "no lens z",
        ),
        (
            changed(
                sections=[{"id": "a", "items": [{"id": "x", "kind": "journal", "share": True, "source": ["S0-9"]}]}]
            ),
            "only a text or a row can be shared",
        ),
        (
            changed(sections=[{"id": "a", "items": [{"id": "x", "scale": "level", "source": ["S0-9"], "about": "q"}]}]),
            "not a text item",
        ),
        (changed(behaviours=[{"id": "ask", "source": ["S0-17"]}] * 2), "used twice"),
        (changed(surprise=1), "does not exist here"),
        (changed(slug="Not A Slug"), "is not an id"),
    ],
)
def test_a_structure_that_breaks_a_rule_is_refused(folder, structure, told):
    write(folder, structure)
    # The texts fit the sound structure: what they lack then is told as well.
    found = [one for one in check(folder) if one.details["file"] == "small/structure.yaml"]
    assert len(found) == 1
    assert told in said(found[0])
    assert all(found[0].tell(lang) for lang in languages())
    assert found[0].details["file"] == "small/structure.yaml"


def test_an_exercise_asks_something_or_tells_stories(folder):
    write(folder, changed(sections=[]), {**TEXTS, "sections": {}, "items": {}})
    assert faults(folder) == [("small/structure.yaml", "sections", "the exercise asks nothing")]
    (folder / "stories").mkdir()
    assert faults(folder) == []


def test_an_unknown_source_is_named(folder):
    structure = changed(source=["S9-99"])
    write(folder, structure)
    assert ("small/structure.yaml", "small", "unknown source S9-99") in faults(folder)


@pytest.mark.parametrize("rubbish", ["a: [1, 2", "\x00", "- just\n- a list\n", "", "a: !!python/object:os.system {}\n"])
def test_rubbish_is_one_clear_fault(folder, rubbish):
    (folder / "structure.yaml").write_text(rubbish, "utf-8")
    found = check(folder)
    assert len(found) == 1
    assert all(str(found[0].tell(lang)) for lang in languages())


def test_a_missing_file_is_named(folder):
    (folder / "fr.yaml").unlink()
    assert faults(folder) == [("small/fr.yaml", "-", "the file is missing")]


def test_bytes_that_are_no_text(folder):
    (folder / "en.yaml").write_bytes(b"title: \xff\xfe")
    assert len(check(folder)) == 1


def test_lenses_choose_what_is_asked(folder):
    structure = read_structure(folder)
    assert [item.id for item in structure.items(())] == ["one"]
    assert [item.id for item in structure.items(("more",))] == ["one", "own"]
    assert read_texts(folder, "en").say("hello", name="you") == "Hello you"


def test_the_check_command_finds_faults_in_a_folder(folder, capsys):
    (folder / "fr.yaml").unlink()
    with pytest.raises(SystemExit) as ended:
        main(["check", str(folder), "--json"])
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["faults"][0]["file"] == "small/fr.yaml"


def test_the_check_command_is_content_with_this_installation(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["check", "--json"])
    assert ended.value.code == 0
    assert set(json.loads(capsys.readouterr().out)["checked"]) == set(exercises()) | set(shipped())


def test_schemas_describe_the_files(tmp_path, folder):
    with pytest.raises(SystemExit):
        main(["check", str(folder), "--schemas", str(tmp_path / "schemas")])
    written = {path.name: json.loads(path.read_text("utf-8")) for path in (tmp_path / "schemas").iterdir()}
    own = (schemas(), story_schemas(), agenda_schemas(), region_schemas())
    assert set(written) == {name for one in own for name in one}
    assert set(written["structure.schema.json"]["properties"]) == set(Structure.model_fields)


def test_an_error_crosses_processes():
    error = pickle.loads(pickle.dumps(StaleAnswer(item="one", revision=3, value="low")))
    assert isinstance(error, StaleAnswer)
    assert error.details == {"item": "one", "revision": 3, "value": "low"}
    assert isinstance(pickle.loads(pickle.dumps(ContentFault(file="a", where="b", fault="needed"))), ContentFault)


def test_exercises_of_another_package_are_found(folder, tmp_path, monkeypatch):
    """A folder that is laid out like the kit's own, in an installed package with an entry point."""
    from kit import exercise as module

    package = tmp_path / "site" / "elsewhere"
    shutil.copytree(folder, package)
    (package / "__init__.py").write_text("")
    (package / "model.py").write_text(
        "from kit.exercise import Exercise\nfrom kit.summary import Summary\n\n\n"
        "class Model(Exercise):\n    def feedback(self, answers, lang, options=()):\n        return Summary('x')\n\n"
        "    def rehearse(self, rng, sector, lang, options=()):\n        yield 'one', 'low'\n"
    )
    info = tmp_path / "site" / "elsewhere-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[kit.exercises]\nsmall = elsewhere\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    module.exercises.cache_clear()
    try:
        assert list(module.exercises())[-1] == "small"
        assert {"partnership", "reflection"} < set(module.exercises())
        assert module.exercise("small").content("fr")["title"] == "Small"
    finally:
        module.exercises.cache_clear()


# ---- what an author is told


def test_a_name_that_stands_twice_is_told_with_its_line(folder):
    text = (folder / "fr.yaml").read_text("utf-8")
    (folder / "fr.yaml").write_text(f"{text}title: Autre\n", "utf-8")
    found = check(folder)
    assert [(one.details["where"], one.details["fault"]) for one in found] == [("title", "twice_key")]
    assert found[0].details["line"] == len(text.splitlines()) + 1
    assert f"ligne {len(text.splitlines()) + 1}" in found[0].tell("fr")


def test_fields_in_braces_are_the_same_in_both_languages(folder):
    english = {**TEXTS, "sentences": {**TEXTS["sentences"], "hello": "Hello {nom}"}}
    (folder / "en.yaml").write_text(yaml.safe_dump(english), "utf-8")
    assert [one.details["fault"] for one in check(folder)] == ["other_blanks"]
    english["sentences"]["hello"] = "Hello {name"
    (folder / "en.yaml").write_text(yaml.safe_dump(english), "utf-8")
    assert "braces" in [one.details["fault"] for one in check(folder)]


def test_all_faults_of_all_files_are_told_at_once(folder):
    broken = changed(slug="Not A Slug", minutes="long", surprise=1, version=0)
    (folder / "structure.yaml").write_text(yaml.safe_dump(broken), "utf-8")
    (folder / "fr.yaml").write_text(yaml.safe_dump({**TEXTS, "title": "", "intro": 3}), "utf-8")
    (folder / "en.yaml").write_text("title: [", "utf-8")
    told = {(one.details["file"], one.details["where"], one.details["fault"]) for one in check(folder)}
    assert told == {
        ("small/structure.yaml", "slug", "id_form"), ("small/structure.yaml", "minutes", "not_number"),
        ("small/structure.yaml", "surprise", "foreign"), ("small/structure.yaml", "version", "too_small"),
        ("small/fr.yaml", "title", "empty"), ("small/fr.yaml", "intro", "not_text"), ("small/en.yaml", "-", "yaml"),
    }  # fmt: skip


def test_what_does_not_fit_together_is_told_beside_what_is_written_wrongly_each_with_its_line(folder):
    """Else the author would mend one half, and meet the other half then."""
    items = [
        {"id": "a", "scale": "levle", "lenses": ["nowhere"], "source": ["S0-9"]},
        {"id": "b", "scale": "level", "source": ["S9-99"]}, {"id": "b", "scale": "level", "source": ["S0-9"]},
    ]  # fmt: skip
    section = {"id": "first", "says": ["title"], "source": ["S0-9"], "items": items}
    write(folder, changed(minutes="long", surprise=1, sections=[section]))
    lines = (folder / "structure.yaml").read_text("utf-8").splitlines()
    french = {**TEXTS, "title": "", "scales": {"level": {"lo": "Bas", "high": "Haut"}}}
    (folder / "fr.yaml").write_text(yaml.safe_dump(french), "utf-8")
    found = [one.details for one in check(folder) if one.details["file"] != "small/en.yaml"]
    told = {(one["where"], one["fault"]) for one in found}
    assert told >= {
        ("minutes", "not_number"), ("surprise", "foreign"), ("a", "no_scale"), ("a", "no_lens"), ("b", "used_twice"),
        ("b", "unknown_source"), ("title", "empty"), ("scales.level.lo", "text_extra"),
    }  # fmt: skip
    assert all(one["line"] for one in found), [one for one in found if not one["line"]]
    by_fault = {one["fault"]: one["line"] for one in found if one["where"] in ("a", "surprise")}
    assert "id: a" in lines[by_fault["no_scale"] - 1]
    assert lines[by_fault["foreign"] - 1].startswith("surprise")


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [("title: A\nscales:\n\tlevel: x\n", "yaml_tab", 3), ("intro: x\ntitle: Before: after\n", "yaml_colon", 2),
     ("title: \"never closed\nintro: x\n", "yaml_quote", 0),
     ('title: "never closed\nintro: "x"\nscales: "y"\n', "yaml_quote", 1),
     ("title: A\n<<<<<<< HEAD\nintro: x\n=======\nintro: y\n>>>>>>> other\n", "yaml_merge", 2)],
)  # fmt: skip
def test_what_yaml_stumbles_over_is_told_in_the_authors_words(folder, text, fault, line):
    (folder / "fr.yaml").write_text(text, "utf-8")
    (found,) = check(folder)
    assert found.details["fault"] == fault
    assert not line or found.details["line"] == line
    for lang in languages():
        assert not re.search("token|mapping|scalar|expected", found.tell(lang))


def test_faults_that_only_follow_from_others_are_not_told(folder):
    """A word that YAML takes for yes or no is no option: that its texts are too many then is no second fault."""
    write(folder, changed(scales={"level": {"options": [False, "high"]}}))
    assert {one.details["fault"] for one in check(folder)} == {"not_text"}


def test_a_name_that_yaml_takes_for_something_else_is_told_with_its_line(folder):
    text = (folder / "fr.yaml").read_text("utf-8")
    (folder / "fr.yaml").write_text(f"{text}\nno: x\n12: y\n2026-01-01: z\n", "utf-8")
    found = [(one.details["fault"], one.details["key"]) for one in check(folder)]
    assert found == [("odd_key", "no"), ("odd_key", "12"), ("odd_key", "2026-01-01")]


def test_nothing_behind_a_colon_is_missing(folder):
    text = re.sub("(?m)^title: .*", "title:", (folder / "fr.yaml").read_text("utf-8"), count=1)
    (folder / "fr.yaml").write_text(text, "utf-8")
    assert [(one.details["where"], one.details["fault"]) for one in check(folder)] == [("title", "needed")]


# What pydantic would say: none of it reaches a person.
PYDANTIC = re.compile(
    r"Input should|Field required|Extra inputs|should have|valid (string|integer)|type=|pydantic|Tuple"
)
WRONG = [
    {"slug": 1}, {"slug": None}, {"minutes": 0}, {"minutes": 1.5}, {"minutes": 999}, {"version": "x"}, {"source": []},
    {"source": "S0-1"}, {"source": ["x"]}, {"scales": []}, {"scales": {"level": {"options": ["one"]}}},
    {"scales": {"level": {"ordered": "perhaps", "options": ["a", "b"]}}}, {"sections": {}}, {"sections": [1]},
    {"sections": [{"id": "a", "items": []}]}, {"attributed": 7}, {"sentences": [[]]}, {"lenses": [{"id": "x"}]},
    {"sections": [{"id": "a", "items": [{"id": "x", "kind": "song", "source": ["S0-9"]}]}]},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_no_sentence_of_a_library_reaches_an_author(folder, wrong):
    write(folder, changed(**wrong))
    found = check(folder)
    assert found
    for fault in found:
        for lang in languages():
            assert not PYDANTIC.search(fault.tell(lang)), fault.tell(lang)
            assert fault.details["fault"] != "not_right"


def test_every_rule_is_told_in_every_language():
    """A rule that the code names and the texts lack would be a KeyError in front of an author."""
    named = set()
    for path in (Path(kit.__file__).parent).rglob("*.py"):
        text = path.read_text("utf-8")
        if "ContentFault" in text or "broken(" in text:
            named |= set(re.findall(r'fault="(\w+)"|broken\("(\w+)"', text))
    rules = {one for pair in named for one in pair if one} | set(_RULES.values())
    for lang in languages():
        assert rules <= set(texts(lang)["check"])
