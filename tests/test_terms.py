"""One name for one thing: every text is held to `terms.yaml`, and another name is found wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import kit
from kit import terms
from kit.exercise import exercises
from kit.texts import languages

LIST = yaml.safe_load((Path(kit.__file__).parent / terms.FILE).read_text("utf-8"))


def test_every_name_stands_in_every_language_and_is_not_its_own_mistake() -> None:
    assert all(set(one) == set(languages()) for one in LIST.values())
    for one in LIST.values():
        for lang, name in one.items():
            assert list(terms._found(name["name"], lang)) == [], name["name"]


def test_no_text_of_the_kit_has_another_name() -> None:
    folders = [model.folder for model in exercises().values()]
    stories = [one for folder in folders for one in sorted(Path(str(folder)).glob("stories/*/"))]
    found = [fault for folder in (*folders, *stories) for fault in terms.in_folder(folder)]
    assert [str(fault) for fault in (*terms.check(), *found)] == []


@pytest.mark.parametrize("lang", languages())
def test_another_name_is_found_over_the_end_of_a_line_and_not_in_code_or_a_title(tmp_path: Path, lang: str) -> None:
    others = {"fr": "carte des\nressources", "en": "map of\nresources"}
    other, name = others[lang], LIST["mapping"][lang]["name"]
    code = other.replace("\n", " ")
    path = tmp_path / "guide.md"
    path.write_text(f"---\ntitle: x\n---\n\n`{code}` *{code}*\n\nX {other}.\n", "utf-8")
    (fault,) = terms.in_document(path, lang)
    assert (fault.details["line"], fault.details["name"]) == (7, name)


def test_every_other_name_of_the_list_is_found(tmp_path: Path) -> None:
    for one in LIST.values():
        for lang, name in one.items():
            for other in name["instead"]:
                (tmp_path / f"{lang}.yaml").write_text(yaml.safe_dump({"a": f"X {other.replace('*', 'x')}."}), "utf-8")
                assert [fault.details["name"] for fault in terms.in_folder(tmp_path)] == [name["name"]], other
            (tmp_path / f"{lang}.yaml").unlink()
