"""The self-reflection: its content, what a person is told, simulated answers, and a group's summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.content import Item, Texts
from kit.content_check import check
from kit.disclosure import ItemRelease, Release
from kit.errors import StaysOnDevice, TextTooLong
from kit.exercises.reflection import model as rules
from kit.exercises.reflection.summary import SIDES, summarise
from kit.session import Sector, Value
from kit.summary import Block, Bullets, Figure, Heading, Paragraph, Profile, Quotes, Summary, Table
from kit.texts import say
from tests.support.tables import item_of

FOLDER = Path(rules.__file__).parent
MODEL = rules.Model("kit.exercises.reflection")
LANGS = ("fr", "en")
ITEMS = MODEL.structure.items()
PRACTICES = [item for item in ITEMS if item.scale == "practice" and item.about is None]
RATINGS = [item for item in ITEMS if item.about is not None]
WARM_UP = [item for item in ITEMS if item.group == "warm_up"]


# ---- content


def test_content_is_sound() -> None:
    assert check(FOLDER) == []


def test_practices_follow_the_worksheet() -> None:
    by_source = Counter(item.source for item in PRACTICES)
    assert by_source == {("S0-9a",): 4, ("S0-9b",): 2, ("S0-9c",): 2, ("S0-9d",): 3, ("S0-9e",): 2}
    levels = list(dict.fromkeys(item.group for item in PRACTICES))
    assert levels == ["all", "people", "organisation", "between", "sectors"]
    scale = MODEL.structure.scales["practice"]
    assert (scale.options, scale.apart, scale.ordered) == (("strength", "growth"), ("unsure",), False)


def test_each_level_has_one_practice_of_ones_own() -> None:
    assert [item.source for item in RATINGS] == [(f"S0-9{letter}",) for letter in "abcde"]
    for rating in RATINGS:
        own = MODEL.structure.item(rating.about or "")
        assert own is not None
        assert (own.kind, own.share, own.limit, own.group) == ("text", False, 200, rating.group)


def test_journal_has_five_and_four_prompts_and_is_refused_by_the_store() -> None:
    journal = [item for item in ITEMS if item.kind == "journal"]
    assert Counter(item.source for item in journal) == {("S0-14",): 5, ("S0-15",): 4}
    for item in journal:
        with pytest.raises(StaysOnDevice):
            MODEL.check(item.id, {"text": "x", "share": False})


def test_warm_up_and_commitment() -> None:
    assert Counter(item.source for item in WARM_UP) == {("S4-1",): 2, ("S3-3",): 3}
    assert MODEL.structure.scales["weight"].ordered
    commitment = MODEL.structure.item("commitment")
    assert commitment is not None
    assert (commitment.kind, commitment.share, commitment.limit) == ("text", True, 140)
    with pytest.raises(TextTooLong):
        MODEL.check("commitment", {"text": "x" * 141, "share": True})


def test_the_group_is_asked_neither_own_practices_nor_the_journal() -> None:
    asked = [question.item for question in MODEL.questions()]
    assert asked == [item.id for item in [*WARM_UP, *PRACTICES]] + ["commitment"]
    delicate = {question.item for question in MODEL.questions() if question.sensitive}
    assert {"all_power", "all_bias", "organisation_care", "between_equal"} <= delicate


# ---- what a person is told


def values(item: Item) -> st.SearchStrategy[Value | None]:
    """Any answer that `check` allows, or none."""
    if item.kind == "choice":
        return st.sampled_from([None, *MODEL.structure.scales[item.scale or ""].all])
    words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=item.limit)
    texts = st.builds(lambda text, share: MODEL.check(item.id, {"text": text, "share": share}), words, st.booleans())
    return st.none() | texts


def given_answers() -> st.SearchStrategy[dict[str, Value]]:
    asked = st.fixed_dictionaries({item.id: values(item) for item in ITEMS if item.kind != "journal"})
    return asked.map(lambda all_: {key: value for key, value in all_.items() if value is not None})


def bullets(summary: Summary, title: str) -> list[str]:
    return [line for block in summary.blocks if isinstance(block, Bullets) and block.title == title
            for line in block.items]


def own_text(answers: Mapping[str, Value], rating: Item) -> str:
    value = answers.get(rating.about or "")
    return value["text"] if isinstance(value, dict) else ""


@given(answers=given_answers(), lang=st.sampled_from(LANGS))
def test_every_area_to_grow_has_its_step_and_nothing_else_has(answers: dict[str, Value], lang: str) -> None:
    texts = MODEL.texts(lang)
    told = MODEL.feedback(answers, lang)
    grows = bullets(told, texts.say("growth"))
    expected = [item for item in PRACTICES if answers.get(item.id) == "growth"]
    own = [item for item in RATINGS if answers.get(item.id) == "growth" and own_text(answers, item)]
    assert len(grows) == len(expected) + len(own)
    for item in PRACTICES:
        steps = [line for line in grows if line.endswith(texts.text(item.id, "next"))]
        assert len(steps) == (item in expected)
        assert not steps or steps[0].startswith(texts.text(item.id, "short"))
    for item in own:
        assert any(own_text(answers, item) in line and line.endswith(texts.say("own_next")) for line in grows)


@given(answers=given_answers(), lang=st.sampled_from(LANGS))
def test_strengths_unsure_ones_and_own_ones_are_all_told(answers: dict[str, Value], lang: str) -> None:
    texts = MODEL.texts(lang)
    told = MODEL.feedback(answers, lang)
    for mark in ("strength", "unsure"):
        lines = [texts.text(item.id) for item in PRACTICES if answers.get(item.id) == mark]
        lines += [texts.say("own_practice", text=own_text(answers, item)) for item in RATINGS
                  if answers.get(item.id) == mark and own_text(answers, item)]
        assert Counter(bullets(told, texts.say(mark))) == Counter(lines)
    unsorted = [own_text(answers, item) for item in RATINGS if item.id not in answers and own_text(answers, item)]
    assert bullets(told, texts.say("own")) == [texts.say("own_practice", text=text) for text in unsorted]


@given(answers=given_answers())
def test_both_languages_tell_the_same_blocks(answers: dict[str, Value]) -> None:
    assert shape(MODEL.feedback(answers, "fr")) == shape(MODEL.feedback(answers, "en"))


@pytest.mark.parametrize("lang", LANGS)
def test_no_answer_is_met_kindly(lang: str) -> None:
    assert MODEL.feedback({}, lang).blocks == (Paragraph(MODEL.texts(lang).say("empty")),)
    assert MODEL.feedback({"all_own_rating": "growth"}, lang) == MODEL.feedback({}, lang)


def test_who_is_unsure_stands_nowhere_between_growth_and_strength() -> None:
    values = ("strength", "growth", "unsure", "strength")
    rated = {item.id: value for item, value in zip(PRACTICES, values, strict=False)}
    [picture] = [one for one in MODEL.feedback(rated, "en").blocks if isinstance(one, Profile)]
    assert len(picture.rows) == 3
    assert len(picture.stops) == 2



@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("weights", "remark"),
    [
        ({"warm_time": "much", "warm_staff": "some"}, "heavy"),
        ({"warm_time": "some", "warm_staff": "little"}, "middling"),
        ({"warm_time": "little", "warm_staff": "none"}, "light"),
    ],
)
def test_warm_up_remark(weights: dict[str, Value], remark: str, lang: str) -> None:
    texts = MODEL.texts(lang)
    told = MODEL.feedback(weights, lang).blocks
    assert [block.text for block in told if isinstance(block, Paragraph)] == [texts.say("opening"), texts.say(remark)]
    support = [line for block in told if isinstance(block, Bullets) for line in block.items]
    assert support == ([texts.text("warm_time", "support")] if remark == "heavy" else [])


@pytest.mark.parametrize("lang", LANGS)
def test_commitment_is_repeated_with_who_sees_it(lang: str) -> None:
    texts = MODEL.texts(lang)
    for share, key in ((True, "commitment_shared"), (False, "commitment_private")):
        told = MODEL.feedback({"commitment": {"text": "Appeler {x}", "share": share}}, lang)
        assert told.blocks[-1] == Paragraph(texts.say(key, text="Appeler {x}"))
    invited = MODEL.feedback({"all_power": "growth"}, lang)
    assert invited.blocks[-1] == Paragraph(texts.say("commitment_missing"))
    content = MODEL.feedback({"all_power": "strength"}, lang)
    assert content.blocks[-1] == Paragraph(texts.say("no_growth"))
    unsorted = MODEL.feedback({"all_own": {"text": "Un café", "share": False}}, lang)
    assert unsorted.blocks[-1] == Bullets((texts.say("own_practice", text="Un café"),), texts.say("own"))


# ---- simulated people


@given(seed=st.integers(), sector=st.sampled_from(Sector), lang=st.sampled_from(LANGS))
def test_simulated_answers_are_allowed_and_come_in_order(seed: int, sector: Sector, lang: str) -> None:
    answers = list(MODEL.rehearse(Random(seed), sector, lang))
    order = [item.id for item in ITEMS]
    assert [order.index(item) for item, _ in answers] == sorted({order.index(item) for item, _ in answers})
    for item, value in answers:
        assert MODEL.check(item, value) == value
    for rating in RATINGS:
        assert rating.id not in dict(answers) or rating.about in dict(answers)
    assert answers == list(MODEL.rehearse(Random(seed), sector, lang))


def test_a_simulated_room_is_plausible() -> None:
    rng = Random(7)
    rooms = {sector: [dict(MODEL.rehearse(rng, sector, "fr")) for _ in range(300)] for sector in Sector}
    people = [answers for room in rooms.values() for answers in room]
    assert all(0.8 < sum(item.id in one for one in people) / len(people) < 1 for item in PRACTICES)
    commitments = [one.get("commitment") for one in people]
    shared = [value["share"] for value in commitments if isinstance(value, dict)]
    assert 0.6 < sum(shared) / len(shared) < 0.8
    assert 0 < sum("all_own" in one for one in people) / len(people) < 0.15

    def strong(sector: Sector) -> float:
        marks = [one.get("all_trauma") for one in rooms[sector]]
        return marks.count("strength") / len(marks)

    assert strong(Sector.ANTI_VIOLENCE) > strong(Sector.SETTLEMENT)


# ---- a group


TOLD = (20, 35)
# Of one side of a practice: surely none or few, some, about half, many, nearly all.
NONE, SOME, EVEN, MANY, ALMOST = (0, 20), (20, 35), (35, 50), (50, 65), (65, 100)
WEIGHT = ("little", "some", "much")


def split(item: str, strength: tuple[int, int], growth: tuple[int, int], apart: bool = True) -> ItemRelease:
    cells = ((("strength",), *strength), (("growth",), *growth))
    return item_of(item, SIDES, *cells, beside=TOLD if apart else (0, 20))


def mostly(item: str, side: str, apart: bool = False) -> ItemRelease:
    """A small room: only which of the two more than half chose."""
    cells = (((one,), 50, 100) if one == side else ((one,), 0, 50) for one in SIDES)
    return item_of(item, SIDES, *cells, beside=(50, 100) if apart else (0, 50))


def released(items: Mapping[str, ItemRelease], commitments: tuple[str, ...] = (), people: int = 20) -> Release:
    texts = {"commitment": commitments} if commitments else {}
    return Release("reflection", 5, people, "sector", items=items, texts=texts)


def worry(item: str, little: tuple[int, int], some: tuple[int, int], much: tuple[int, int]) -> ItemRelease:
    cells = zip(((one,) for one in WEIGHT), (little, some, much), strict=True)
    return item_of(item, WEIGHT, *((o, *share) for o, share in cells), beside=TOLD)


def mixed() -> Release:
    """Every shape at once: shares, a "most", hidden rows, and items that are not there at all."""
    items = {
        "all_power": mostly("all_power", "strength"),
        "all_bias": split("all_bias", SOME, MANY, apart=False),
        "all_trauma": split("all_trauma", MANY, SOME, apart=False),
        "all_choice": split("all_choice", EVEN, EVEN),
        "people_network": ItemRelease("people_network"),
        "organisation_teams": split("organisation_teams", NONE, ALMOST),
        "organisation_care": mostly("organisation_care", "growth", apart=True),
        "warm_time": worry("warm_time", NONE, NONE, MANY),
        "warm_staff": worry("warm_staff", NONE, MANY, SOME),
    }
    return released(items, ("Appeler un organisme", "Inviter une équipe", "Un café", "Dire merci", "Écouter"))


def full(strength: tuple[int, int], growth: tuple[int, int]) -> Release:
    items = {item.id: split(item.id, strength, growth) for item in PRACTICES}
    return released(items | {item.id: worry(item.id, MANY, NONE, NONE) for item in WARM_UP})


def shape(summary: Summary) -> list[object]:
    """A summary without its words: kinds of blocks and how many lines each has."""
    return [_shape(block) for block in summary.blocks]


def _shape(block: Block) -> object:
    if isinstance(block, Paragraph):
        return "paragraph", block.tone
    if isinstance(block, Bullets | Quotes):
        return type(block).__name__, len(block.items)
    if isinstance(block, Table):
        return "table", len(block.columns), [len(row) for row in block.rows]
    if isinstance(block, Figure):
        return "figure", [(bool(row.note), [bar.percent for bar in row.bars]) for row in block.rows], _shape(block.twin)
    return type(block).__name__


def figure_of(summary: Summary) -> Figure:
    (found,) = (block for block in summary.blocks if isinstance(block, Figure))
    return found


def under(summary: Summary, heading: str) -> list[Block]:
    """The blocks that stand under one heading."""
    found: list[Block] = []
    current = ""
    for block in summary.blocks:
        if isinstance(block, Heading):
            current = block.text
        elif current == heading:
            found.append(block)
    return found


def short(texts: Texts, *items: str) -> tuple[str, ...]:
    return tuple(texts.text(item, "short") for item in items)


@pytest.mark.parametrize("lang", LANGS)
def test_nobody_or_too_few(lang: str) -> None:
    told = summarise(MODEL, released({}, people=0), lang)
    assert told.blocks == (Paragraph(say(lang, "telling.too_few", k=5), "note"),)


@pytest.mark.parametrize(
    "release",
    [mixed(), full(MANY, SOME), full(EVEN, EVEN), full(ALMOST, NONE), released({}), released({}, people=0)],
)
def test_both_languages_have_the_same_blocks(release: Release) -> None:
    french, english = (summarise(MODEL, release, lang) for lang in LANGS)
    assert shape(french) == shape(english)
    for block in (*french.blocks, *english.blocks):
        for table in [block] if isinstance(block, Table) else [block.twin] if isinstance(block, Figure) else []:
            assert {len(row) for row in table.rows} == {len(table.columns)}
            assert all(cell for row in table.rows for cell in row)


@pytest.mark.parametrize("lang", LANGS)
def test_figure_shows_shares_most_and_held_back_rows(lang: str) -> None:
    texts = MODEL.texts(lang)
    figure = figure_of(summarise(MODEL, mixed(), lang))
    rows = dict(zip((item.id for item in PRACTICES), figure.rows, strict=True))
    assert [(bar.said, bar.tint) for bar in rows["all_bias"].bars] == [("50–65", (0,)), ("20–35", (1,))]
    assert rows["all_power"].bars == ()
    assert rows["all_power"].note == say(lang, "telling.most", options=texts.option("practice", "strength"))
    for hidden in ("people_network", "sectors_meet"):
        assert (rows[hidden].bars, rows[hidden].note) == ((), say(lang, "telling.not_shown"))
    assert not any(letter.isdigit() for letter in rows["all_power"].note)


@pytest.mark.parametrize("lang", LANGS)
def test_twin_holds_the_same_as_the_figure(lang: str) -> None:
    texts = MODEL.texts(lang)
    cells = {row[0]: row[1:] for row in figure_of(summarise(MODEL, mixed(), lang)).twin.rows}
    held = say(lang, "telling.not_shown")
    strong, grows = (say(lang, "telling.most", options=texts.option("practice", side)) for side in SIDES)
    assert cells[texts.text("all_bias", "short")] == (
        *(say(lang, "telling.percent", n=n) for n in ("20–35", "50–65")), held,
    )  # fmt: skip
    assert cells[texts.text("all_power", "short")] == (strong, held, held)
    assert cells[texts.text("organisation_care", "short")] == (held, grows, say(lang, "telling.percent", n="50–100"))
    assert cells[texts.text("people_network", "short")] == (held, held, held)


@pytest.mark.parametrize("lang", LANGS)
def test_alt_says_where_most_are_strong_and_where_most_want_to_grow(lang: str) -> None:
    texts = MODEL.texts(lang)
    alt = figure_of(summarise(MODEL, mixed(), lang)).alt
    assert texts.say("alt_strength", items="; ".join(short(texts, "all_power", "all_trauma"))) in alt
    growth = short(texts, "all_bias", "organisation_teams", "organisation_care")
    assert texts.say("alt_growth", items="; ".join(growth)) in alt
    assert texts.text("people_network", "short") in alt
    assert texts.say("alt_even") in figure_of(summarise(MODEL, full(EVEN, EVEN), lang)).alt


@pytest.mark.parametrize("lang", LANGS)
def test_levels_tell_strong_growing_close_unsure_and_hidden(lang: str) -> None:
    texts = MODEL.texts(lang)
    told = summarise(MODEL, mixed(), lang)
    assert under(told, texts.sections["all"]["title"]) == [
        Bullets(short(texts, "all_power", "all_trauma"), texts.say("group_strength")),
        Bullets(short(texts, "all_bias"), texts.say("group_growth")),
        Bullets(short(texts, "all_choice"), texts.say("group_even")),
        Bullets(short(texts, "all_choice"), texts.say("group_unsure")),
    ]
    for level in ("people", "between", "sectors"):
        assert under(told, texts.sections[level]["title"]) == [Paragraph(texts.say("level_held"), "note")]


@pytest.mark.parametrize("lang", LANGS)
def test_question_is_about_the_area_named_most(lang: str) -> None:
    texts = MODEL.texts(lang)
    told = under(summarise(MODEL, mixed(), lang), texts.say("question_heading"))
    assert told == [
        Paragraph(texts.say("question_one", items=texts.text("organisation_teams", "short")), "question"),
        Bullets((texts.text("organisation_teams", "next"),), texts.say("question_start")),
    ]
    tied = released({one: split(one, SOME, EVEN) for one in ("all_bias", "sectors_meet")})
    both = "; ".join(short(texts, "all_bias", "sectors_meet"))
    asked = under(summarise(MODEL, tied, lang), texts.say("question_heading"))[0]
    assert asked == Paragraph(texts.say("question_several", items=both), "question")
    assert under(summarise(MODEL, full(ALMOST, NONE), lang), texts.say("question_heading")) == []


@pytest.mark.parametrize("lang", LANGS)
def test_worries_are_told_with_their_ranges_and_the_heaviest_is_named(lang: str) -> None:
    texts = MODEL.texts(lang)
    heaviest, table = under(summarise(MODEL, mixed(), lang), texts.say("warm_heading"))
    assert heaviest == Paragraph(texts.say("warm_most", items=texts.text("warm_time", "short")))
    assert isinstance(table, Table)
    rows = {row[0]: row[1:] for row in table.rows}
    said, apart = rows[texts.text("warm_time", "short")]
    share = say(lang, "telling.percent", n="50–65")
    assert say(lang, "telling.share", option=texts.option("weight", "much"), percent=share) in said
    assert apart == say(lang, "telling.percent", n="20–35")
    assert rows[texts.text("warm_turnover", "short")][0] == say(lang, "telling.not_shown")
    light = under(summarise(MODEL, full(MANY, SOME), lang), texts.say("warm_heading"))[0]
    assert light == Paragraph(texts.say("warm_none"))


@pytest.mark.parametrize("lang", LANGS)
def test_commitments_and_the_note_on_what_is_held_back(lang: str) -> None:
    told = summarise(MODEL, mixed(), lang)
    shown = [*mixed().items.values()]
    hidden = len(WARM_UP) + len(PRACTICES) - sum(one.shape != "hidden" for one in shown)
    note = Paragraph(say(lang, "telling.held", count=hidden), "note")
    (quotes,) = (block for block in told.blocks if isinstance(block, Quotes))
    assert quotes.items == mixed().texts["commitment"]
    assert note in told.blocks
    complete = summarise(MODEL, full(MANY, SOME), lang)
    assert note not in complete.blocks
    assert not any(isinstance(block, Quotes) for block in complete.blocks)
