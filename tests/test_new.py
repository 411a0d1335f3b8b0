"""`kit new`: files to fill in, which `kit check` guides through and the contract tests then pass."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kit.cli.new import notebook
from kit.content_check import check
from kit.exercise import exercises
from kit.sentences import MARK
from kit.texts import languages

ROOT = Path(__file__).parent.parent


def kit(cwd: Path, *words: str, lang: str = "en", **env: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "kit", *words]
    return subprocess.run(call, cwd=cwd, env={**os.environ, "KIT_LANG": lang, **env}, capture_output=True, text=True)


def fill_in(folder: Path) -> None:
    """What the person does: write each text in place of the mark."""
    for path in folder.glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace(f"{MARK} ", ""), "utf-8")


def test_an_exercise_is_made_filled_in_and_passes_the_contract(tmp_path: Path) -> None:
    made = kit(tmp_path, "new", "exercise", "night_walk")
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "kit-night-walk"
    package = folder / "kit_night_walk"
    assert f"kit check {folder.name}" in made.stdout
    told = kit(tmp_path, "check", str(folder))
    assert told.returncode == 1
    named = set(re.findall(r"kit_night_walk/(\S+\.yaml)", told.stdout))
    assert named == {"en.yaml", "fr.yaml", "sources.yaml"}
    assert MARK in told.stdout
    fill_in(package)
    assert kit(tmp_path, "check", str(folder)).stdout == "Exercises and agendas checked: 1. Faults: 0.\n"
    # As `pip install -e` would: its folder on the path, with its entry point.
    info = folder / "kit_night_walk-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kit-night-walk\nVersion: 0.1.0\n", "utf-8")
    project = (folder / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points."kit.exercises"]\nnight_walk = "kit_night_walk"' in project
    (info / "entry_points.txt").write_text("[kit.exercises]\nnight_walk = kit_night_walk\n", "utf-8")
    env = {**os.environ, "PYTHONPATH": str(folder)}
    call = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder / "tests")]
    done = subprocess.run(call, cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_its_comments_speak_the_person_s_language_and_each_text_its_own(tmp_path: Path) -> None:
    assert kit(tmp_path, "new", "exercise", "marche", lang="fr").returncode == 0
    package = tmp_path / "kit-marche" / "kit_marche"
    assert "# Ce qui est pareil dans toutes les langues" in (package / "structure.yaml").read_text("utf-8")
    titles = {lang: yaml.safe_load((package / f"{lang}.yaml").read_text("utf-8"))["title"] for lang in languages()}
    assert titles["fr"] == "?? Le nom de l'exercice"
    assert titles["en"] == "?? The name of the exercise"


def test_its_own_source_is_not_called_like_one_of_the_kit_s(tmp_path: Path) -> None:
    assert kit(tmp_path, "new", "exercise", "s0").returncode == 0
    fill_in(tmp_path / "kit-s0" / "kit_s0")
    assert kit(tmp_path, "check", "kit-s0").stdout == "Exercises and agendas checked: 1. Faults: 0.\n"


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "kit-walk").mkdir()
    assert kit(tmp_path, "new", "exercise", "walk").returncode == 1
    assert list((tmp_path / "kit-walk").iterdir()) == []
    taken = kit(tmp_path, "new", "exercise", "pulse")
    assert taken.returncode == 1
    assert "pulse" in taken.stderr
    assert kit(tmp_path, "new", "exercise", "../walk").returncode == 1
    assert kit(tmp_path, "new", "language", "fr").returncode == 1
    assert kit(tmp_path, "new", "language", "e/s").returncode == 1


def test_the_form_of_the_notebooks_is_one() -> None:
    for slug in exercises():
        assert notebook(slug) == (ROOT / "notebooks" / f"{slug}.ipynb").read_text("utf-8")
    assert json.loads(notebook("walk"))["cells"][0]["source"][-1] == 'kit.open_exercise("walk")'


@pytest.mark.slow
def test_a_language_is_made_and_the_check_says_what_is_left(tmp_path: Path) -> None:
    """In a copy of the kit: its files are all that a language is."""
    left_out = shutil.ignore_patterns("__pycache__", "node_modules")
    shutil.copytree(ROOT / "kit", tmp_path / "kit", ignore=left_out)
    made = kit(tmp_path, "new", "language", "es", "--name", "Español", PYTHONPATH=str(tmp_path))
    assert made.returncode == 0, made.stderr
    # What the worked example of a region says is that region's.
    files = [one for one in (tmp_path / "kit").rglob("*.yaml") if "regions" not in one.parts]
    english = [*(one for one in files if one.name == "en.yaml"), *(tmp_path / "kit" / "texts" / "en").iterdir()]
    spanish = [*(one for one in files if one.name == "es.yaml"), *(tmp_path / "kit" / "texts" / "es").iterdir()]
    assert len(spanish) == len(english)
    told = kit(tmp_path, "check", PYTHONPATH=str(tmp_path)).stdout
    lines = [line for line in told.splitlines() if MARK in line]
    # A file is told once, however much of it is left; its name and the cards are not sentences.
    assert len(lines) == len(spanish) - 2
    assert "es/form.yaml" in told
    assert all("es.yaml" in line or "es/" in line for line in lines)
    form = tmp_path / "kit" / "texts" / "es" / "form.yaml"
    written = {key: str(text).removeprefix(MARK) for key, text in yaml.safe_load(form.read_text("utf-8")).items()}
    form.write_text(yaml.safe_dump(written), "utf-8")
    assert "es/form.yaml" not in kit(tmp_path, "check", PYTHONPATH=str(tmp_path)).stdout
    (tmp_path / "kit" / "texts" / "es" / "room.yaml").write_text("exit: Salir\n", "utf-8")
    (tmp_path / "kit" / "texts" / "es" / "door.yaml").write_text("exit: 'Salir\n", "utf-8")
    told = kit(tmp_path, "check", PYTHONPATH=str(tmp_path)).stdout
    assert "es/room.yaml" in told
    assert re.search(r"es/door\.yaml: line \d", told), told


def test_the_kit_s_own_texts_are_written() -> None:
    assert not [fault for model in exercises().values() for fault in check(model.folder)]
