"""Every list, step and instrument of the source documents has a place: in an exercise, or in a guide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.content import known_sources
from kit.exercise import exercises

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"\bS\d-\d+[a-z]?\b")
# What people do: these are instruments, steps and checklists, which a card alone would not do justice.
TO_DO = {
    "reflection": {"S0-9", "S0-9a", "S0-9b", "S0-9c", "S0-9d", "S0-9e", "S0-14", "S0-15", "S3-3", "S4-1"},
    "partnership": {"S0-22", "S0-25", "S0-26", "S1-1", "S3-4", "S4-2"},
    "scenarios": {f"S0-{n}" for n in range(16, 22)} | {"S0-4", "S0-9d", "S0-23", "S1-1", "S2-3", "S3-2", "S4-1"},
    "resources": {"S0-10", "S0-11", "S0-12", "S0-13", "S2-1", "S2-2", "S2-4", "S3-6"},
    "strengths": {"S0-4", "S1-1", "S1-2", "S3-1", "S0-27", "S0-28"},
    "agreement": {"S3-2", "S1-2", "S0-22", "S4-2", "S0-23"},
    "action_plan": {f"S2-{n}" for n in range(1, 7)},
}


def in_exercises() -> dict[str, set[str]]:
    """Each source ID with the exercises whose content names it."""
    places: dict[str, set[str]] = {}
    for slug in exercises():
        for file in (ROOT / "kit" / "exercises" / slug).rglob("structure.yaml"):
            for source in NAMED.findall(file.read_text("utf-8")):
                places.setdefault(source, set()).add(slug)
    return places


def in_guides(lang: str) -> dict[str, set[str]]:
    """Each source ID with the guides that cite it."""
    places: dict[str, set[str]] = {}
    for file in (ROOT / "facilitation" / lang).glob("*.md"):
        for source in NAMED.findall(file.read_text("utf-8").split("---\n", 2)[2]):
            places.setdefault(source, set()).add(file.name)
    return places


def test_none_is_left_without_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    exercised, told = in_exercises(), in_guides("en")
    homeless = [one for one in known_sources() if one not in exercised and one not in told]
    for one in known_sources():
        print(one, *sorted(exercised.get(one, ())), *sorted(told.get(one, ())))
    assert homeless == [], capsys.readouterr().out


@pytest.mark.parametrize("slug", TO_DO)
def test_what_is_something_to_do_is_done_in_its_exercise(slug: str) -> None:
    exercised = in_exercises()
    assert {one for one in TO_DO[slug] if slug not in exercised.get(one, ())} == set()


def test_nothing_names_a_source_that_does_not_exist() -> None:
    assert set(in_exercises()) | set(in_guides("en")) | set(in_guides("fr")) <= set(known_sources())


def test_whole_documents_and_their_parts_are_known() -> None:
    numbers = {"S0": range(1, 31), "S1": range(1, 5), "S2": range(1, 7), "S3": range(1, 7), "S4": range(1, 4)}
    wanted = {f"{document}-{n}" for document, parts in numbers.items() for n in parts}
    assert wanted | {f"S0-9{letter}" for letter in "abcde"} == set(known_sources())


# What the sources say plainly and the first edition had softened: the words, in each language, with the item or guide
# that has them, and the ID.
PLAIN = {
    "S0-9": ("kit/exercises/reflection/{}.yaml", {"en": "A challenge, an area to grow", "fr": "Un défi, un domaine"}),
    "S0-7": ("kit/exercises/reflection/{}.yaml", {"en": "cultural safety", "fr": "sécurisation culturelle"}),
    "S0-14": ("kit/exercises/reflection/{}.yaml", {"en": "gender, race,", "fr": "genre, race,"}),
    "S0-15": ("kit/exercises/reflection/{}.yaml", {"en": "cultural genocide", "fr": "génocide culturel"}),
    "S0-19": ("kit/exercises/scenarios/{}.yaml", {"en": "after a wrong pronoun", "fr": "après un mauvais pronom"}),
    "S2-4": ("kit/exercises/action_plan/{}.yaml", {"en": "family and community", "fr": "la famille et la communauté"}),
    "S2-6": ("kit/exercises/action_plan/{}.yaml", {"en": "the DPJ", "fr": "la DPJ"}),
    "S0-22": ("facilitation/{}/sources.md", {"en": "The Intersector Project", "fr": "The Intersector Project"}),
    "S0-6": ("facilitation/{}/sources.md", {"en": "serves the first", "fr": "sert la première"}),
}
ALSO = {
    "S0-15": {"en": "systemic discrimination", "fr": "discrimination systémique"},
    "S0-19": {"en": "taken back a word", "fr": "réapproprié un mot"},
}


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("source", PLAIN)
def test_what_a_source_says_plainly_is_said_plainly(source: str, lang: str) -> None:
    file, words = PLAIN[source]
    text = " ".join((ROOT / file.format(lang)).read_text("utf-8").split())
    assert words[lang] in text
    assert ALSO.get(source, words)[lang] in text
    place = (ROOT / file.format(lang)).parent / "structure.yaml"
    assert source in NAMED.findall(place.read_text("utf-8") if place.is_file() else text)
