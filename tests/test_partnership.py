"""Partnership evaluation: its statements and where they come from, its rules, and what a group is told."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from random import Random
from statistics import mean
from typing import Any

import pytest

from kit.content_check import check
from kit.disclosure import ItemRelease, Release
from kit.disclosure import release as disclose
from kit.errors import TextTooLong, UnknownItem, WrongOption
from kit.exercises.partnership.model import VARIANTS, Model
from kit.exercises.partnership.summary import summarise
from kit.session import Mode, Response, Sector
from kit.summary import Block, Bullets, Figure, Heading, Paragraph, Quotes, Summary, Table
from kit.texts import say
from tests.support.tables import item_of

PACKAGE = "kit.exercises.partnership"
LANGS = ("fr", "en")
LENS_OF = {
    "S0-25": "core", "S0-26": "core", "S0-22": "steps", "S1-1": "municipal", "S3-4": "considerations", "S4-2": "tips",
}
POINTS = {
    **{source: {str(n) for n in range(1, count + 1)}
       for source, count in {"S0-25": 4, "S0-26": 5, "S0-22": 4, "S3-4": 13, "S4-2": 11}.items()},
    "S1-1": {"1a", "1b", "1c", "2a", "2b", "3a", "3b", "4a", "4b"},
}  # fmt: skip
ALL = ("steps", "municipal", "considerations", "tips")
SCALE = ("strongly_disagree", "disagree", "neither", "agree", "strongly_agree")
# What would ask two things at once: a second verb or object after "and", beside the few where both are one thing.
TWO_THINGS = {"fr": re.compile(r"\bet\b"), "en": re.compile(r"\band\b")}
ONE_THING = {
    "known_roles": "everybody",
    "community_expertise": "what is known about one field",
    "results_told": "examples of whom",
    "needs_said": "examples of what",
    "wider_change": "what lets violence go on",
}


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(PACKAGE)


def texts_of(summary: Summary) -> list[str]:
    """Every sentence that stands in a summary's lists and paragraphs."""
    found: list[str] = []
    for block in summary.blocks:
        if isinstance(block, Heading | Paragraph):
            found.append(block.text)
        elif isinstance(block, Bullets):
            found += block.items
    return found


def bullets(summary: Summary, title: str) -> tuple[str, ...]:
    return tuple(
        line for block in summary.blocks if isinstance(block, Bullets) and block.title == title for line in block.items
    )


def figures(summary: Summary, kind: str) -> list[Figure]:
    return [block for block in summary.blocks if isinstance(block, Figure) and block.kind == kind]


def shapes(blocks: tuple[Block, ...]) -> list[tuple[str, int]]:
    """Kind and size of every block: what must be the same in both languages."""
    sizes = {Bullets: "items", Quotes: "items", Table: "rows", Figure: "rows"}
    return [(type(one).__name__, len(getattr(one, sizes[type(one)])) if type(one) in sizes else 0) for one in blocks]


# --- content


def test_content_has_no_fault() -> None:
    assert check(files(PACKAGE)) == []


def places(model: Model) -> dict[str, list[str]]:
    """Each point of the lists with the statements that come from it."""
    found: dict[str, list[str]] = {}
    for item in model.statements(ALL):
        for place in item.source:
            found.setdefault(place, []).append(item.id)
    return found


def test_every_point_of_the_sources_is_asked(model: Model) -> None:
    assert set(places(model)) == {f"{source}.{point}" for source, points in POINTS.items() for point in points}


def test_a_point_is_split_into_few_statements(model: Model) -> None:
    assert {place: items for place, items in places(model).items() if len(items) > 4} == {}


def test_items_carry_the_lens_of_every_place(model: Model) -> None:
    for item in model.statements(ALL):
        assert set(item.lenses) == {LENS_OF[place.partition(".")[0]] for place in item.source}, item.id


def test_the_core_is_asked_alone_and_first(model: Model) -> None:
    assert [item.id for item in model.structure.items(())][-1] == "strengthen"
    assert len(model.statements()) < 15
    for section in model.structure.chosen(ALL)[:2]:
        core = ["core" in item.lenses for item in section.items]
        assert core == sorted(core, reverse=True)
        assert {item.group for item in section.items} == {section.id}


@pytest.mark.parametrize("lens", ALL)
def test_no_lens_adds_more_than_fourteen(model: Model, lens: str) -> None:
    assert len(model.statements((lens,))) - len(model.statements()) <= 14


@pytest.mark.parametrize("lang", LANGS)
def test_a_statement_asks_one_thing(model: Model, lang: str) -> None:
    two = {item.id for item in model.statements(ALL) if TWO_THINGS[lang].search(model.texts(lang).text(item.id))}
    assert two <= set(ONE_THING)


@pytest.mark.parametrize("lang", LANGS)
def test_impact_is_asked_as_impact_and_no_plan_or_leader_is_presumed(model: Model, lang: str) -> None:
    texts, core = model.texts(lang), {item.id for item in model.statements()}
    assert {"change_seen", "way_to_see", "results_told"} <= core
    said = " ".join(texts.text(item.id) for item in model.statements(ALL)).lower()
    presumed = {"fr": ("plan d'action", "nos plans", "dirige", "leader"), "en": ("our plan", "leads", "leader")}
    assert [one for one in presumed[lang] if one in said] == []


def test_the_editions_share_no_statement(model: Model) -> None:
    now, first = (set(model.statements((*ALL, *edition))) for edition in ((), ("first",)))
    assert not {item.id for item in now} & {item.id for item in first}
    assert model.edition() == model.edition(ALL) == "second"
    assert model.edition(("steps", "first")) == "first"
    assert model.options(("first", "steps")) == ("steps", "first")
    assert "first" not in model.unnamed


def test_with_all_lenses_nothing_is_asked_twice(model: Model) -> None:
    items = model.structure.items(ALL)
    assert len(items) == len({item.id for item in items})
    assert items == model.structure.items(model.unnamed)
    for lang in LANGS:
        words = [model.texts(lang).text(item.id) for item in items]
        assert len(set(words)) == len(words)


@pytest.mark.parametrize("lens", ALL)
def test_one_lens_adds_its_own_statements(model: Model, lens: str) -> None:
    added = {item.id for item in model.statements((lens,))} - {item.id for item in model.statements()}
    assert added
    assert all(lens in item.lenses for item in model.statements((lens,)) if item.id in added)


def test_an_unknown_lens_is_refused(model: Model) -> None:
    with pytest.raises(WrongOption):
        model.options(("steps", "grades"))


def test_statements_on_power_and_trust_are_sensitive(model: Model) -> None:
    sensitive = {question.item for question in model.questions(ALL) if question.sensitive}
    assert {"power_named", "power_shared", "mutual_trust", "honest_talk", "shared_ground", "spokesperson"} <= sensitive
    assert {"management_support", "work_time"} <= sensitive


def test_every_statement_is_compared_and_the_wish_can_be_shared(model: Model) -> None:
    *rated, wish = model.questions(ALL)
    assert all(question.compare and question.ordered for question in rated)
    assert {question.apart for question in rated} == {("dont_know", "does_not_apply")}
    assert wish.item == "strengthen"
    assert wish.text


@pytest.mark.parametrize(
    ("lang", "we"), [("fr", ("Nous ", "Quand ", "Notre ", "Nos ")), ("en", ("We ", "When ", "Our "))]
)
def test_statements_say_we_and_questions_ask(model: Model, lang: str, we: tuple[str, ...]) -> None:
    texts = model.texts(lang)
    for item in model.statements(ALL):
        assert texts.text(item.id).startswith(we), item.id
        assert texts.text(item.id, "ask").endswith("?"), item.id


# --- for one person


@pytest.mark.parametrize("lang", LANGS)
def test_feedback_sorts_answers_and_asks_about_gaps(model: Model, lang: str) -> None:
    texts = model.texts(lang)
    answers = {
        "power_shared": "disagree", "known_roles": "strongly_agree", "responsibility": "neither",
        "way_to_see": "dont_know",
    }  # fmt: skip
    summary = model.feedback(answers, lang, ())
    assert bullets(summary, texts.say("gap")) == (texts.text("power_shared"),)
    assert bullets(summary, texts.say("solid")) == (texts.text("known_roles"),)
    assert bullets(summary, texts.say("middle")) == (texts.text("responsibility"),)
    assert bullets(summary, texts.say("unknown")) == (texts.text("way_to_see"),)
    asked = [one.text for one in summary.blocks if isinstance(one, Paragraph) and one.tone == "question"]
    question = texts.text("power_shared", "ask")
    assert asked == [texts.say("step_gap", ask=question, name=""), question]


@pytest.mark.parametrize("lang", LANGS)
def test_i_dont_know_is_never_counted_as_rated(model: Model, lang: str) -> None:
    texts = model.texts(lang)
    summary = model.feedback({item.id: "dont_know" for item in model.statements()}, lang)
    assert texts.say("rated", rated=0, asked=14) in texts_of(summary)
    assert texts.say("lens_line", lens=texts.say("lens_core"), rated=0, asked=9) in texts_of(summary)
    assert bullets(summary, texts.say("middle")) == ()


@pytest.mark.parametrize("lang", LANGS)
def test_what_does_not_apply_stands_apart_from_what_is_not_known(model: Model, lang: str) -> None:
    texts = model.texts(lang)
    summary = model.feedback({"spokesperson": "does_not_apply", "capacity": "dont_know"}, lang, ALL)
    assert bullets(summary, texts.say("beside")) == (texts.text("spokesperson"),)
    assert bullets(summary, texts.say("unknown")) == (texts.text("capacity"),)
    assert texts.say("rated", rated=0, asked=len(model.statements(ALL))) in texts_of(summary)


def test_a_point_that_was_split_counts_once_for_one_person(model: Model) -> None:
    texts = model.texts("en")
    for answers in ({"power_named": "agree"}, {"power_named": "agree", "power_shared": "disagree"}):
        (line,) = bullets(model.feedback(answers, "en"), texts.say("by_lens_second"))
        assert line == texts.say("lens_line", lens=texts.say("lens_core"), rated=1, asked=9)


@pytest.mark.parametrize("lang", LANGS)
def test_feedback_without_answers_or_with_only_a_wish(model: Model, lang: str) -> None:
    for answers in ({}, {"strengthen": {"text": "…", "share": True}}):
        assert texts_of(model.feedback(answers, lang, ALL)) == [model.texts(lang).say("nothing_yet")]


def test_feedback_counts_a_shared_statement_for_each_of_its_lenses(model: Model) -> None:
    texts = model.texts("en")
    lines = bullets(model.feedback({"shared_vision": "agree"}, "en", ALL), texts.say("by_lens_second"))
    assert len(lines) == 5
    rated = {lens.id: line for lens, line in zip(model.lenses(ALL), lines, strict=True) if ": 1 of" in line}
    assert set(rated) == {"core", "steps", "considerations", "tips"}


def test_feedback_leaves_out_lenses_that_are_not_in_use(model: Model) -> None:
    summary = model.feedback({"power_shared": "agree", "shared_risk": "agree"}, "en")
    assert model.texts("en").text("shared_risk") not in texts_of(summary)
    assert len(bullets(summary, model.texts("en").say("by_lens_second"))) == 1


# --- rehearsal


@pytest.mark.parametrize("lang", LANGS)
def test_rehearsed_answers_are_allowed_and_in_order(model: Model, lang: str) -> None:
    for number, sector in enumerate(Sector):
        given = dict(model.rehearse(Random(number), sector, lang, ("steps",)))
        for item, value in given.items():
            assert model.check(item, value, ("steps",)) == value
        asked = [item.id for item in model.structure.items(("steps",))]
        assert [item for item in asked if item in given] == list(given)
        assert given == dict(model.rehearse(Random(number), sector, lang, ("steps",)))


def test_sectors_see_some_statements_differently(model: Model) -> None:
    def middle(item: str, sector: Sector) -> float:
        rng = Random(7)
        given = [dict(model.rehearse(rng, sector, "fr", ALL))[item] for _ in range(80)]
        return mean(SCALE.index(str(one)) + 1 for one in given if one in SCALE)

    assert middle("power_shared", Sector.MUNICIPAL) - middle("power_shared", Sector.COMMUNITY) > 1
    assert middle("power_shared", Sector.INSTITUTION) - middle("power_shared", Sector.ANTI_VIOLENCE) > 1
    assert middle("known_roles", Sector.MUNICIPAL) - middle("known_roles", Sector.SETTLEMENT) > 0.75
    assert middle("way_to_see", Sector.INSTITUTION) - middle("way_to_see", Sector.COMMUNITY) > 0.75
    assert abs(middle("lessons_used", Sector.MUNICIPAL) - middle("lessons_used", Sector.COMMUNITY)) < 0.5


def test_rehearsed_people_sometimes_dont_know_and_share_wishes(model: Model) -> None:
    rng = Random(3)
    people = [dict(model.rehearse(rng, Sector.OTHER, "fr")) for _ in range(200)]
    wishes = [one["strengthen"] for one in people if "strengthen" in one]
    shared = mean(isinstance(one, dict) and one["share"] for one in wishes)
    assert 0.5 < shared < 0.7
    assert len({one["text"] for one in wishes if isinstance(one, dict)}) == VARIANTS
    assert 0.08 < mean(one["way_to_see"] == "dont_know" for one in people) < 0.25


def test_check_refuses_what_is_not_asked_or_too_long(model: Model) -> None:
    with pytest.raises(UnknownItem):
        model.check("shared_risk", "agree", ())
    with pytest.raises(TextTooLong):
        model.check("strengthen", {"text": "a" * 201, "share": True})


# --- for a group


LOW, HIGH = SCALE[:2], SCALE[3:]
TOP, UNDER = (55, 70), (20, 35)


def shown(
    item: str,
    *shares: tuple[int, int],
    groups: dict[str, tuple[str, ...]] | None = None,
    beside: tuple[int, int] | None = (20, 35),
) -> ItemRelease:
    """A released statement with its lower side, its middle and its upper side."""
    cells = zip((LOW, ("neither",), HIGH), shares, strict=True)
    return item_of(item, SCALE, *((o, *share) for o, share in cells), beside=beside, leanings=groups)


def apart(item: str, **more: Any) -> ItemRelease:
    """Both sides are there: far apart, and the middle may lie anywhere."""
    return shown(item, (20, 35), (0, 20), (35, 50), **more)


def close(item: str, **more: Any) -> ItemRelease:
    """Most stand on the upper side."""
    return shown(item, (0, 20), (0, 20), (65, 100), **more)


def most(item: str) -> ItemRelease:
    return shown(item, (0, 50), (0, 50), (50, 100), beside=None)


@pytest.fixture
def release() -> Release:
    """Of fourteen statements: seven with shares, one told as "most", the others hidden."""
    items = [
        close("responsibility", groups={"municipal": HIGH, "community": HIGH}),
        apart("power_shared", groups={"municipal": HIGH, "community": LOW, "settlement": ()}),
        close("capacity", groups={"municipal": HIGH, "community": ("neither",)}),
        apart("known_roles", groups={"municipal": HIGH, "community": ()}),
        close("added_value"),
        shown("from_members", (65, 100), (0, 20), (0, 20), beside=None),
        apart("shared_vision"),
        most("lessons_used"),
        ItemRelease("way_to_see"),
    ]
    texts = {"strengthen": tuple(f"{number}" for number in range(5))}
    return Release("partnership", 5, 20, "sector", (), {one.item: one for one in items}, texts, ("strengthen",))


def statement(model: Model, lang: str, item: str) -> str:
    return model.texts(lang).text(item)


@pytest.mark.parametrize("lang", LANGS)
def test_too_few_people_are_told_so_and_nothing_else(model: Model, lang: str) -> None:
    summary = summarise(model, Release("partnership", 5, 0, "sector"), lang, ALL)
    assert texts_of(summary) == [say(lang, "telling.too_few", k=5)]


@pytest.mark.parametrize("lang", LANGS)
def test_the_widest_spread_is_on_top(model: Model, release: Release, lang: str) -> None:
    health, impact = figures(summarise(model, release, lang), "stack")
    order = ["power_shared", "known_roles", "responsibility", "capacity"]
    assert [row.label for row in health.rows] == [statement(model, lang, item) for item in order]
    assert [row.label for row in impact.rows] == [
        statement(model, lang, item) for item in ("shared_vision", "added_value", "from_members", "lessons_used")
    ]
    for figure in (health, impact):
        assert [row[0] for row in figure.twin.rows] == [row.label for row in figure.rows]
        assert all(len(row) == len(figure.twin.columns) for row in figure.twin.rows)
        assert figure.rows[0].label in figure.alt


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("each", "form"), [(6, "_small"), (20, "")])
def test_a_room_without_a_spread_is_not_sent_to_look_for_one(model: Model, lang: str, each: int, form: str) -> None:
    made = rehearsed(model, (Sector.MUNICIPAL, Sector.COMMUNITY), each)
    assert any(one.spread is not None for one in made.items.values()) == (not form)
    texts, summary = model.texts(lang), summarise(model, made, lang)
    ends = {"low": texts.option("agree", SCALE[0]), "high": texts.option("agree", SCALE[-1])}
    assert texts.say(f"how_to_read{form}", **ends) in texts_of(summary)
    titles = [block.title for block in summary.blocks if isinstance(block, Figure | Table)]
    assert texts.say(f"stack_title{form}", dimension=texts.sections["healthy"]["title"]) in titles
    tables = [getattr(block, "twin", block) for block in summary.blocks if isinstance(block, Figure | Table)]
    assert tables[0].columns[1] == texts.say("col_shares" if form else "col_spread")
    assert all(len(row) == len(tables[0].columns) for row in tables[0].rows)


def test_joined_bands_have_one_label_and_tints_in_order(model: Model, release: Release) -> None:
    row = figures(summarise(model, release, "en"), "stack")[0].rows[0]
    assert [bar.label for bar in row.bars] == [
        "Strongly disagree or disagree", "Neither agree nor disagree", "Agree or strongly agree",
    ]
    assert [bar.tint for bar in row.bars] == [(0, 1), (2,), (3, 4)]


def test_three_joined_options_are_one_label(model: Model) -> None:
    one = item_of("power_shared", SCALE, (SCALE[:3], 30, 50), (SCALE[3:], 50, 70))
    summary = summarise(model, Release("partnership", 5, 10, "sector", items={"power_shared": one}), "fr")
    bars = figures(summary, "stack")[0].rows[0].bars
    assert bars[0].label == "Tout à fait en désaccord, en désaccord ou ni d'accord ni en désaccord"
    assert bars[0].tint < bars[1].tint


@pytest.mark.parametrize("lang", LANGS)
def test_i_dont_know_stands_beside_the_shares(model: Model, release: Release, lang: str) -> None:
    texts = model.texts(lang)
    for figure in figures(summarise(model, release, lang), "stack"):
        for row, cells in zip(figure.rows, figure.twin.rows, strict=True):
            assert texts.option("agree", "dont_know") not in [bar.label for bar in row.bars]
            told = texts.say("unknown_note_second", percent=say(lang, "telling.percent", n="20–35")) in row.note
            assert cells[-1] == (say(lang, "telling.percent", n="20–35") if told else say(lang, "telling.not_shown"))
    unknown = [row.label for row in figures(summarise(model, release, lang), "stack")[1].rows if not row.note]
    assert unknown == [statement(model, lang, "from_members")]


@pytest.mark.parametrize("lang", LANGS)
def test_most_shows_no_number_and_hidden_shows_only_a_count(model: Model, release: Release, lang: str) -> None:
    texts = model.texts(lang)
    summary = summarise(model, release, lang)
    impact = figures(summary, "stack")[1]
    assert impact.rows[-1].label == statement(model, lang, "lessons_used")
    assert not impact.rows[-1].bars
    assert texts.option("agree", "agree") in impact.rows[-1].note
    assert not any(ch.isdigit() for ch in impact.rows[-1].note + impact.twin.rows[-1][3])
    notes = [one.text for one in summary.blocks if isinstance(one, Paragraph) and one.tone == "note"]
    assert notes == [say(lang, "telling.held", count=count) for count in (2, 4)]
    assert statement(model, lang, "way_to_see") not in repr(summary)


def test_where_only_most_can_be_told_there_is_a_table_and_no_picture(model: Model) -> None:
    items = {"power_shared": most("power_shared")}
    summary = summarise(model, Release("partnership", 5, 10, "sector", items=items), "fr")
    assert figures(summary, "stack") == []
    table = next(block for block in summary.blocks if isinstance(block, Table))
    assert [row[0] for row in table.rows] == [statement(model, "fr", "power_shared")]


@pytest.mark.parametrize("lang", LANGS)
def test_groups_are_compared_where_they_differ_most(model: Model, release: Release, lang: str) -> None:
    (dots,) = figures(summarise(model, release, lang), "dots")
    assert [row.label for row in dots.rows] == [
        statement(model, lang, item) for item in ("power_shared", "known_roles", "capacity")
    ]
    assert [value for _, value in dots.rows[0].dots] == [3.0, 4.5, 1.5]
    assert [len(row.dots) for row in dots.rows] == [3, 2, 2]
    assert len(dots.twin.columns) == 2 + 3
    not_shown = say(lang, "telling.not_shown")
    assert [row.count(not_shown) for row in dots.twin.rows] == [0, 1, 1]


@pytest.mark.parametrize("lang", LANGS)
def test_the_three_widest_gaps_come_with_their_questions(model: Model, release: Release, lang: str) -> None:
    asked = [
        one.text for one in summarise(model, release, lang).blocks
        if isinstance(one, Paragraph) and one.tone == "question"
    ]
    order = ("power_shared", "known_roles", "capacity")
    assert asked == [model.texts(lang).text(item, "ask") for item in order]


def test_a_gap_names_every_group_that_stands_at_its_end(model: Model) -> None:
    items = {"power_shared": apart("power_shared", groups={"anti_violence": LOW, "community": LOW, "municipal": HIGH})}
    told = texts_of(summarise(model, Release("partnership", 5, 20, "sector", items=items), "fr"))
    (gap,) = (one for one in told if say("fr", "sectors.municipal") in one)
    assert say("fr", "sectors.anti_violence") in gap
    assert say("fr", "sectors.community") in gap


def test_without_groups_the_spread_says_where_the_gaps_are(model: Model) -> None:
    made = (("power_shared", close), ("known_roles", apart), ("shared_vision", apart))
    items = {one: shape(one) for one, shape in made}
    summary = summarise(model, Release("partnership", 5, 10, "sector", items=items), "en")
    texts = model.texts("en")
    asked = [one.text for one in summary.blocks if isinstance(one, Paragraph) and one.tone == "question"]
    assert asked == [texts.text(item, "ask") for item in ("known_roles", "shared_vision", "power_shared")]
    assert texts.say("compare_none") in texts_of(summary)
    assert figures(summary, "dots") == []


def test_groups_that_agree_are_told_so(model: Model) -> None:
    items = {"power_shared": most("power_shared")}
    items = {"power_shared": replace(items["power_shared"], leanings={"municipal": HIGH, "community": HIGH})}
    summary = summarise(model, Release("partnership", 5, 10, "sector", items=items), "en")
    assert model.texts("en").say("compare_alike") in texts_of(summary)
    assert model.texts("en").say("gaps") not in texts_of(summary)


def test_at_most_eight_statements_are_compared(model: Model) -> None:
    items = {
        one.id: apart(one.id, groups={"municipal": HIGH, "community": LOW}) for one in model.statements(ALL)
    }
    summary = summarise(model, Release("partnership", 5, 10, "sector", items=items), "fr", ALL)
    assert len(figures(summary, "dots")[0].rows) == 8


def test_partners_are_named_as_they_are(model: Model) -> None:
    items = {"power_shared": apart("power_shared", groups={"Maison Exemple": HIGH, "Ville Exemple": LOW})}
    summary = summarise(model, Release("partnership", 5, 10, "partner", items=items), "fr")
    first, rest = figures(summary, "dots")[0].rows[0].dots
    assert first == ("Maison Exemple", 4.5)
    assert rest == ("Ville Exemple", 1.5)
    assert model.texts("fr").say("compare_partner") in texts_of(summary)


@pytest.mark.parametrize(("side", "word"), [(HIGH, "solid"), (("neither",), "between"), (LOW, "strengthen")])
@pytest.mark.parametrize("lang", LANGS)
def test_dimensions_are_told_in_words(model: Model, lang: str, side: tuple[str, ...], word: str) -> None:
    texts = model.texts(lang)
    shares = [(50, 100) if one == side else (0, 50) for one in (LOW, ("neither",), HIGH)]
    items = {item: shown(item, *shares) for item in ("power_shared", "known_roles")}
    told = texts_of(summarise(model, Release("partnership", 5, 10, "sector", items=items), lang))
    health, impact = (texts.sections[one]["title"] for one in ("healthy", "meaningful"))
    assert texts.say(f"dimension_{word}", dimension=health) in told
    assert texts.say("dimension_unknown", dimension=impact) in told


def test_lenses_have_their_number_of_points_and_middle(model: Model, release: Release) -> None:
    summary = summarise(model, release, "fr", ("steps",))
    (table,) = (block for block in summary.blocks if isinstance(block, Table))
    texts = model.texts("fr")
    assert table.rows == (
        (texts.say("lens_core"), "9", "5", "4,0"),
        (texts.say("lens_steps"), "4", "0", say("fr", "telling.not_shown")),
    )


def test_a_point_that_was_split_counts_once_in_its_lens(model: Model) -> None:
    """Three statements of S0-26.5 in the middle, one of S0-25.1 on top: the lens lies halfway between."""
    split = ("way_to_see", "results_told", "change_seen")
    items = {item: shown(item, (0, 20), (65, 100), (0, 20)) for item in split}
    items["responsibility"] = close("responsibility")
    summary = summarise(model, Release("partnership", 5, 20, "sector", items=items), "en")
    (table,) = (block for block in summary.blocks if isinstance(block, Table))
    assert table.rows == ((model.texts("en").say("lens_core"), "9", "2", "4.0"),)


def test_those_beside_the_scale_are_counted_as_one(model: Model) -> None:
    """ "I don't know" and "does not apply" are one cell of the safe table, and its share is that of both."""
    question = next(one for one in model.questions() if one.item == "responsibility")
    said = ["dont_know"] * 6 + ["does_not_apply"] * 6 + ["agree"] * 12
    people = [Response(str(n), Sector.OTHER, {"responsibility": one}) for n, one in enumerate(said)]
    one = disclose(model.slug, (question,), people, 5, Mode.ANONYMOUS).release.items["responsibility"]
    assert one.apart is not None
    assert one.apart.options == ("dont_know", "does_not_apply")
    assert one.apart.low < 50 <= one.apart.high


def test_shared_wishes_are_quoted(model: Model, release: Release) -> None:
    (quotes,) = (block for block in summarise(model, release, "en").blocks if isinstance(block, Quotes))
    assert quotes.items == release.texts["strengthen"]


def test_both_languages_tell_the_same(model: Model, release: Release) -> None:
    for options in ((), ALL):
        french, english = (summarise(model, release, lang, options) for lang in LANGS)
        assert shapes(french.blocks) == shapes(english.blocks)
        assert [row.dots for row in figures(french, "stack")[0].rows] == [
            row.dots for row in figures(english, "stack")[0].rows
        ]


def rehearsed(model: Model, sectors: tuple[Sector, ...], each: int) -> Release:
    """What disclosure control releases about rehearsed people: `each` of every sector."""
    rng = Random(11)
    responses = [
        Response(f"{sector}{number}", sector, dict(model.rehearse(rng, sector, "fr", ALL)))
        for sector in sectors for number in range(each)
    ]
    return disclose(model.slug, model.questions(ALL), responses, 5, Mode.ANONYMOUS, shuffler=rng).release


@pytest.mark.parametrize("lang", LANGS)
def test_a_rehearsed_workshop_shows_where_sectors_differ(model: Model, lang: str) -> None:
    made = rehearsed(model, (Sector.MUNICIPAL, Sector.COMMUNITY, Sector.SETTLEMENT), 20)
    summary = summarise(model, made, lang, ALL)
    (dots,) = figures(summary, "dots")
    top = [row.label for row in dots.rows[:4]]
    assert {statement(model, lang, item) for item in ("honest_talk", "known_roles", "way_to_see")} <= set(top)
    assert len(dots.rows[0].dots) == 3
    assert len([block for block in summary.blocks if isinstance(block, Quotes)]) == 1


@pytest.mark.parametrize("each", [1, 3, 6, 9])
def test_small_workshops_can_be_told_too(model: Model, each: int) -> None:
    made = rehearsed(model, (Sector.MUNICIPAL, Sector.COMMUNITY), each)
    french, english = (summarise(model, made, lang, ALL) for lang in LANGS)
    assert shapes(french.blocks) == shapes(english.blocks)
    assert (each == 1) == (len(french.blocks) == 1)
