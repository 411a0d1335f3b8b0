"""The trainer's guides and the word cards: both languages hold together, and nothing in them is invented."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest
import yaml

from kit.cli.calls import parser
from kit.content import known_sources
from kit.exercise import exercises
from kit.exercises.partnership.model import points as counted
from kit.texts import card_list, languages
from tests.support import statement_table, story_table

GUIDES = Path(__file__).parents[1] / "facilitation"
KEYS = {"title", "minutes", "questions", "objectives", "keypoints", "source"}
# What a trainer looks for in the guide of an exercise, in this order.
SECTIONS = {
    "fr": (
        "Avant la séance", "Mots d'ouverture", "Étape par étape", "Comment lire le portrait du groupe",
        "Questions pour la discussion", "Quand le climat se tend", "Clôture", "Adaptations",
        "Notes pour la personne qui anime",
    ),
    "en": (
        "Before the session", "Opening words", "Step by step", "How to read the group's picture",
        "Questions for the talk", "When things get tense", "Closing", "Adaptations", "Notes for the facilitator",
    ),
}  # fmt: skip
ADAPTATIONS = 5

CITED = re.compile(r"\[(S\d-\d+[a-z]?)\]")
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
TIMED_ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
COMMAND = re.compile(r"`kit ([^`]+)`")
PHONE = re.compile(r"(?:\d[\s().-]*){7,}|\b(?:112|[2-8]11|911|988)\b")


@dataclass(frozen=True)
class Guide:
    """One page: its front matter, and its text without it."""

    path: Path
    front: dict[str, object]
    body: str

    @property
    def minutes(self) -> int:
        minutes = self.front["minutes"]
        assert isinstance(minutes, int)
        return minutes

    @property
    def source(self) -> list[str]:
        source = self.front["source"]
        assert isinstance(source, list)
        return source

    @property
    def headings(self) -> list[tuple[int, str]]:
        return [(len(marks), text) for marks, text in HEADING.findall(self.body)]


@cache
def guide(lang: str, name: str) -> Guide:
    path = GUIDES / lang / name
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    return Guide(path, yaml.safe_load(front), body)


def names(lang: str) -> list[str]:
    return sorted(path.name for path in (GUIDES / lang).glob("*.md"))


def pages() -> Iterator[tuple[str, str]]:
    return ((lang, name) for lang in languages() for name in names(lang))


def anchors(page: Guide) -> set[str]:
    kept = (re.sub(r"[^\w\s-]", "", text.lower()) for _, text in page.headings)
    return {re.sub(r"\s+", "-", text.strip()) for text in kept}


def targets(page: Guide) -> list[str]:
    """The files that a page links to, in order; the other language counts as one place."""
    return [re.sub(r"^\.\./\w+/|#.*$", "", link) for link in LINK.findall(page.body)]


def plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter added, left out or mistaken turns one word into the other."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


@pytest.mark.parametrize("lang", languages())
def test_every_language_has_the_same_files(lang: str) -> None:
    assert names(lang) == names("fr") != []


@pytest.mark.parametrize(("lang", "name"), pages())
def test_front_matter_is_whole(lang: str, name: str) -> None:
    front = guide(lang, name).front
    assert set(front) == KEYS
    assert isinstance(front["minutes"], int)
    assert all(front[key] for key in KEYS - {"source"})
    assert guide(lang, name).source or name == "README.md"


@pytest.mark.parametrize(("lang", "name"), pages())
def test_languages_are_twins(lang: str, name: str) -> None:
    page, twin = guide(lang, name), guide("fr", name)
    assert (page.minutes, page.source) == (twin.minutes, twin.source)
    assert [level for level, _ in page.headings] == [level for level, _ in twin.headings]
    assert TIMED_ROW.findall(page.body) == TIMED_ROW.findall(twin.body)
    assert CITED.findall(page.body) == CITED.findall(twin.body)
    assert targets(page) == targets(twin)


@pytest.mark.parametrize(("lang", "name"), pages())
def test_every_source_is_known_and_cited(lang: str, name: str) -> None:
    page = guide(lang, name)
    cited = set(CITED.findall(page.body))
    assert cited <= set(known_sources())
    assert set(page.source) == cited


@pytest.mark.parametrize(("lang", "name"), pages())
def test_every_link_leads_somewhere(lang: str, name: str) -> None:
    page = guide(lang, name)
    for link in LINK.findall(page.body):
        assert "://" not in link, "guides are read where there is no internet"
        path, _, anchor = link.partition("#")
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.is_file(), link
        assert not anchor or anchor in anchors(guide(target.parent.name, target.name)), link


@pytest.mark.parametrize(("lang", "name"), pages())
def test_every_command_exists(lang: str, name: str) -> None:
    for command in COMMAND.findall(guide(lang, name).body):
        words = [word for word in shlex.split(command) if word != "--help"]
        parser().parse_args(words)  # a wrong call ends in SystemExit


@pytest.mark.parametrize(("lang", "name"), pages())
def test_headings_nest(lang: str, name: str) -> None:
    levels = [level for level, _ in guide(lang, name).headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(("lang", "name"), pages())
def test_no_phone_number_stands_in_a_guide(lang: str, name: str) -> None:
    assert PHONE.findall(guide(lang, name).path.read_text("utf-8")) == []


@pytest.mark.parametrize(("lang", "name"), pages())
def test_timetables_add_up(lang: str, name: str) -> None:
    page = guide(lang, name)
    rows = [int(minutes) for minutes in TIMED_ROW.findall(page.body)]
    assert sum(rows) in (page.minutes, 0)
    assert rows or name not in {"agenda-half-day.md", *(f"{slug}.md" for slug in exercises())}


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("slug", exercises())
def test_every_exercise_has_a_guide(lang: str, slug: str) -> None:
    page = guide(lang, f"{slug}.md")
    sections = tuple(text for level, text in page.headings if level == 2)
    assert sections == SECTIONS[lang]
    assert len([1 for level, _ in page.headings if level == 3]) >= ADAPTATIONS
    assert set(exercises()[slug].structure.source) <= set(page.source)
    assert page.minutes > exercises()[slug].structure.minutes, "a guide also needs time to talk"


@pytest.mark.parametrize("lang", languages())
def test_the_agenda_gives_each_exercise_its_time(lang: str) -> None:
    page = guide(lang, "agenda-half-day.md")
    given = [int(minutes) for minutes in TIMED_ROW.findall(page.body)]
    linked = set(LINK.findall(page.body))
    for slug in ("reflection", "partnership"):
        assert f"{slug}.md" in linked
        assert guide(lang, f"{slug}.md").minutes in given


@pytest.mark.parametrize("lang", languages())
def test_the_table_of_stories_says_what_the_stories_say(lang: str) -> None:
    body = guide(lang, "stories.md").body.replace("\u00a0", " ")
    rows = [line for line in body.split("\n") if line.startswith("| ") and "`" in line]
    wanted = [story_table.row(one, lang) for one in sorted(story_table.model().all_stories, key=lambda s: s.concerned)]
    assert rows == [one.replace("\u00a0", " ") for one in wanted], "python -m tests.support.story_table prints them"
    for one in story_table.model().all_stories:
        asked = story_table.questions(one, lang).replace("\u00a0", " ")
        assert bool(asked) == one.concerned
        assert asked in body


@pytest.mark.parametrize("lang", languages())
def test_the_page_for_evaluators_has_every_statement_and_its_source(lang: str) -> None:
    body = guide(lang, "evaluation.md").body.replace("\u00a0", " ")
    begins = ("| We", "| When", "| Our", "| Nous", "| Quand", "| Notre", "| Nos")
    rows = [line for line in body.split("\n") if line.startswith(begins)]
    wanted = [one.replace("\u00a0", " ") for one in statement_table.rows(lang)]
    assert rows == wanted, "python -m tests.support.statement_table prints them"
    for lens in statement_table.model().structure.lenses:
        points = len(counted(lens, statement_table.model().statements((lens.id,))))
        assert re.search(rf"^\| `{lens.id}` \|.*\| {points} \|$", body, re.MULTILINE), lens.id


@pytest.mark.parametrize("lang", languages())
def test_readme_leads_to_every_page(lang: str) -> None:
    linked = set(LINK.findall(guide(lang, "README.md").body))
    assert set(names(lang)) - {"README.md"} <= linked


def test_french_marks_have_their_spaces() -> None:
    for name in names("fr"):
        text = guide("fr", name).path.read_text("utf-8")
        assert re.findall(r"«[^\u00a0]|[^\u00a0]»|[\w»] :|[\w»)] [;?]", text) == [], name


@pytest.mark.parametrize("lang", languages())
def test_card_words_are_short_and_plain(lang: str) -> None:
    words = card_list(lang)
    assert len(words) == len(card_list("fr")) == 256
    assert [word for word in words if not re.fullmatch(r"[a-z]{3,8}", plain(word))] == []


@pytest.mark.parametrize("lang", languages())
def test_card_words_are_not_mistaken_for_one_another(lang: str) -> None:
    words = [plain(word) for word in card_list(lang)]
    assert len(set(words)) == len(words)
    assert [pair for pair in combinations(words, 2) if one_slip_apart(*pair)] == []


def test_a_card_word_means_the_same_in_each_language() -> None:
    """A card is typed in either language, so a word that both lists have stands at the same line."""
    places: dict[str, set[int]] = {}
    for lang in languages():
        for place, word in enumerate(card_list(lang)):
            places.setdefault(plain(word), set()).add(place)
    assert {word: found for word, found in places.items() if len(found) > 1} == {}


@pytest.mark.parametrize(("one", "other"), [("mer", "mere"), ("table", "sable"), ("lac", "lac"), ("plane", "planet")])
def test_slips_are_seen(one: str, other: str) -> None:
    assert one_slip_apart(one, other)
    assert not one_slip_apart(one, other + "xy")


@pytest.mark.parametrize("name", ["README.md", "README.fr.md"])
def test_readme_gives_each_exercise_the_minutes_that_its_page_gives(name: str) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", (GUIDES.parent / name).read_text("utf-8"), re.MULTILINE))
    assert rows == {slug: str(one.structure.minutes) for slug, one in exercises().items()}
