"""What each of us brings: topics and their sources, a person's own list, and the board of a group."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from random import Random

import pytest

from kit.content_check import check
from kit.disclosure import Release, release
from kit.errors import AnswerRefused, TextIdentifies, TextTooLong, UnknownItem
from kit.exercises.strengths.model import LISTS, Model
from kit.exercises.strengths.summary import summarise
from kit.session import Mode, Response, Sector, Value
from kit.summary import Bullets, Figure, Heading, Matrix, Paragraph, Quotes, Summary, Table
from kit.texts import say
from kit.views.html import render

PACKAGE = "kit.exercises.strengths"
LANGS = ("fr", "en")
K = 5
SETTLEMENT, ANTI_VIOLENCE = Sector.SETTLEMENT, Sector.ANTI_VIOLENCE


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(PACKAGE)


def row(detail: str, topic: str = "trauma", share: bool = True) -> dict[str, Value]:
    return {"topic": topic, "detail": detail, "share": share}


def group(model: Model, *parts: tuple[Sector, int, dict[str, Value]], mode: Mode = Mode.ANONYMOUS) -> Release:
    """So many people of a sector with the same answers, each part after the other."""
    people = [(sector, answers) for sector, count, answers in parts for _ in range(count)]
    responses = [
        Response(f"{n:03}", sector, model.counted(answers), partner=f"Partner {sector}")
        for n, (sector, answers) in enumerate(people)
    ]
    return release("strengths", model.questions(), responses, K, mode, None, Random(1)).release


def told(summary: Summary) -> str:
    """All that a summary says, as one text."""
    return render(replace(summary, blocks=tuple(b for b in summary.blocks if not isinstance(b, Figure | Matrix))), "en")


def one(summary: Summary, kind: type) -> object:
    (found,) = (block for block in summary.blocks if isinstance(block, kind))
    return found


def below(summary: Summary, heading: str) -> list[object]:
    """The blocks below one heading, by its id."""
    at = next(n for n, b in enumerate(summary.blocks) if isinstance(b, Heading) and b.id == f"strengths-{heading}")
    end = next((n for n, b in enumerate(summary.blocks) if n > at and isinstance(b, Heading)), len(summary.blocks))
    return list(summary.blocks[at + 1 : end])


# --- content


def test_content_has_no_fault() -> None:
    assert check(files(PACKAGE)) == []


def test_the_topics_are_rated_and_can_be_chosen_in_a_line(model: Model) -> None:
    assert [item.id for item in model.topics()] == list(model.structure.scales["topic"].options)
    assert [item.id for item in model.limits()] == list(model.structure.scales["limit"].options)
    assert {source for item in model.topics() for source in item.source} >= {"S0-4", "S0-27", "S0-28", "S1-1", "S3-1"}


def test_nothing_is_said_about_what_a_sector_has(model: Model) -> None:
    """The sources' picture of strengths by sector is lost: no sector may be named in the content."""
    for lang in LANGS:
        texts = model.texts(lang)
        labels = {label for item in texts.items.values() for label in item.values()}
        labels |= {label for scale in texts.scales.values() for label in scale.values()}
        sectors = [say(lang, f"sectors.{sector}") for sector in Sector]
        assert not [one for one in labels if any(name in one for name in sectors)]


# --- rows


@pytest.mark.parametrize("name", LISTS)
def test_a_line_is_kept_as_it_is_written(model: Model, name: str) -> None:
    topic = model.structure.scales[LISTS[name]].options[0]
    assert model.check(f"{name}.r0000", row("  Two   places\n", topic)) == row("Two places", topic)
    assert model.check(f"{name}.r0000", {"share": True, "detail": " "}) is None


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (row("x" * 141), TextTooLong),
        (row("call 514 555 0199 now"), TextIdentifies),
        (row("write to someone@example.org"), TextIdentifies),
        (row("a", topic="limit_money"), AnswerRefused),
        ({"detail": ["a"]}, AnswerRefused),
        ({"detail": "a", "sector": "municipal"}, AnswerRefused),
    ],
)
def test_a_wrong_line_is_refused(model: Model, value: Value, error: type[Exception]) -> None:
    with pytest.raises(error):
        model.check("offers.r0000", value)


def test_a_list_has_no_answer_of_its_own(model: Model) -> None:
    for item in ("offers", "offers.x", "trauma.r0000"):
        with pytest.raises(UnknownItem):
            model.check(item, row("a"))


def test_only_lines_that_are_shared_are_counted(model: Model) -> None:
    answers = {
        "trauma": "offer", "offers.r0001": row("Second"), "offers.r0000": row("First", "care"),
        "needs.r0000": row("Kept", share=False), "limits.r0000": {"topic": "limit_money", "share": True},
        "offers.r0002": {"detail": "Third", "share": True},
    }  # fmt: skip
    lines = ["care|First", "trauma|Second", "|Third"]
    assert model.counted(answers) == {"trauma": "offer", "offers": {"texts": lines, "share": True}}


# --- for one person


@pytest.mark.parametrize("lang", LANGS)
def test_feedback_lists_pairs_and_gives_one_next_step(model: Model, lang: str) -> None:
    texts = model.texts(lang)
    answers = {"immigration": "need", "care": "neither", "limit_money": "much", "limit_outside": "some",
               "offers.r0000": row("Two places."), "housing": "need"}  # fmt: skip
    summary = model.feedback(answers, lang)
    lists = {block.title: block.items for block in summary.blocks if isinstance(block, Bullets)}
    offer = texts.say("line", topic=texts.option("topic", "trauma"), detail="Two places.")
    needs = tuple(texts.option("topic", one) for one in ("immigration", "housing"))
    assert lists[texts.say("own_offers")] == (offer,)
    assert lists[texts.say("own_needs")] == needs
    assert lists[texts.say("own_limits")] == (texts.option("limit", "limit_money"),)
    assert lists[texts.say("pairs")] == tuple(texts.say("pair", need=need, offer=offer) for need in needs)
    asked = [block.text for block in summary.blocks if isinstance(block, Paragraph) and block.tone == "question"]
    assert asked == [texts.say("next_exchange", need=needs[0], offer=offer)]


@pytest.mark.parametrize(
    ("answers", "key"),
    [({"trauma": "need"}, "next_need"), ({"trauma": "offer"}, "next_offer"), ({"limit_money": "much"}, "next_limit")],
)
def test_the_next_step_takes_what_there_is(model: Model, answers: dict[str, Value], key: str) -> None:
    texts = model.texts("en")
    start = texts.sentences[key].partition("{")[0]
    asked = [one.text for one in model.feedback(answers, "en").blocks if isinstance(one, Paragraph)]
    assert any(text.startswith(start) for text in asked)


def test_a_topic_on_both_sides_is_named(model: Model) -> None:
    texts = model.texts("en")
    answers = {"trauma": "offer", "needs.r0000": row("For the front desk")}
    said = texts.say("both", topics=texts.option("topic", "trauma"))
    assert Paragraph(said) in model.feedback(answers, "en").blocks
    assert Paragraph(said) not in model.feedback({"trauma": "offer", "care": "need"}, "en").blocks


@pytest.mark.parametrize("answers", [{}, {"trauma": "neither"}, {"limit_money": "little"}])
def test_without_anything_to_list_an_invitation_is_made(model: Model, answers: dict[str, Value]) -> None:
    assert model.feedback(answers, "fr").blocks == (Paragraph(model.texts("fr").say("empty")),)


def test_three_hundred_lines_and_strange_characters_are_told(model: Model) -> None:
    strange = '=1+1 <img src=x> \u202e {topic} \x07"|'
    answers = {f"offers.r{n:04}": row(f"{strange}{n}") for n in range(300)} | {"needs.r0000": row(strange)}
    html = told(model.feedback(answers, "en"))
    assert html.count("=1+1 &lt;img") >= 300
    assert "<img" not in html
    assert len(model.counted(answers)["offers"]["texts"]) == 300


# --- for a group


TWO_SECTORS = (
    (SETTLEMENT, 20, {"immigration": "offer", "trauma": "need", "interpreting": "need", "housing": "neither"}),
    (ANTI_VIOLENCE, 20, {"immigration": "need", "trauma": "offer", "interpreting": "need", "housing": "need"}),
    *((sector, 7, {"limit_outside": "little"}) for sector in (Sector.HEALTH_HIV, Sector.INSTITUTION, Sector.OTHER)),
)


@pytest.mark.parametrize("lang", LANGS)
def test_an_offer_of_one_sector_meets_the_need_of_another(model: Model, lang: str) -> None:
    texts = model.texts(lang)
    names = {sector: say(lang, f"sectors.{sector}") for sector in Sector}
    (found,) = below(summarise(model, group(model, *TWO_SECTORS), lang), "exchanges")
    assert isinstance(found, Bullets)
    pairs = (("immigration", SETTLEMENT, ANTI_VIOLENCE), ("trauma", ANTI_VIOLENCE, SETTLEMENT))
    assert found.items == tuple(
        texts.say("exchange_sectors", topic=texts.option("topic", topic), offer=names[offer], need=names[need])
        for topic, offer, need in pairs
    )


def test_what_nobody_offers_is_named_with_the_need_for_it(model: Model) -> None:
    texts = model.texts("en")
    (missing,) = below(summarise(model, group(model, *TWO_SECTORS), "en"), "gaps")
    assert isinstance(missing, Bullets)
    need = {"interpreting": "65–70%", "housing": "30–35%"}
    wanted = [texts.say("gap_needed", topic=texts.option("topic", one), percent=p) for one, p in need.items()]
    assert list(missing.items) == wanted


def test_most_need_it_is_said_where_more_than_half_surely_do(model: Model) -> None:
    """Of a sensitive topic a small room is told "more than 45%", which is not most."""
    need, offer = ({"trauma": side, "care": side} for side in ("need", "offer"))
    made = group(model, (SETTLEMENT, 8, need), (ANTI_VIOLENCE, 4, offer))
    assert [made.items[item].bands[0].low for item in ("trauma", "care")] == [50, 45]
    for lang in LANGS:
        lists = [block for block in below(summarise(model, made, lang), "gaps") if isinstance(block, Bullets)]
        (needed,) = (block.items for block in lists if block.title == model.texts(lang).say("most_need"))
        assert needed == (model.texts(lang).option("topic", "trauma"),)


def test_the_board_of_sectors_says_where_each_leans(model: Model) -> None:
    texts = model.texts("en")
    (_, _, settlement), (_, _, anti_violence), *others = TWO_SECTORS
    parts = (
        (SETTLEMENT, 10, {**settlement, "care": "need"}), (SETTLEMENT, 10, {**settlement, "care": "offer"}),
        (ANTI_VIOLENCE, 20, {**anti_violence, "care": "neither"}), *others,
    )  # fmt: skip
    matrix = one(summarise(model, group(model, *parts), "en"), Matrix)
    assert isinstance(matrix, Matrix)
    assert matrix.columns == (say("en", "sectors.settlement"), say("en", "sectors.anti_violence"))
    cells = {name: [cell.label for cell in cells] for name, cells in zip(matrix.rows, matrix.cells, strict=True)}
    need, offer, neither = (texts.say(f"sector_{leaning}") for leaning in ("need", "offer", "neither"))
    assert cells[texts.option("topic", "immigration")] == [offer, need]
    assert cells[texts.option("topic", "care")] == [texts.say("sector_both"), neither]
    assert [row[0] for row in matrix.twin.rows] == list(matrix.rows)


def test_a_sector_below_the_threshold_is_never_named(model: Model) -> None:
    made = group(model, *TWO_SECTORS, (Sector.MUNICIPAL, 4, {"funding": "offer", "trauma": "need"}))
    summary = summarise(model, made, "en")
    assert say("en", "sectors.municipal") not in told(summary)
    matrices = [block for block in summary.blocks if isinstance(block, Matrix)]
    assert not any(say("en", "sectors.municipal") in matrix.columns for matrix in matrices)


def test_partner_organizations_are_not_named(model: Model) -> None:
    made = group(model, *TWO_SECTORS, mode=Mode.ATTRIBUTED)
    assert any(item.groups for item in made.items.values()), "the release would tell them"
    summary = summarise(model, made, "en")
    assert "Partner " not in told(summary)
    assert not [block for block in summary.blocks if isinstance(block, Matrix)]
    assert below(summary, "sectors") == [Paragraph(model.texts("en").say("sectors_attributed"), "note")]


def test_shared_lines_stand_by_topic_and_need_enough_writers(model: Model) -> None:
    texts = model.texts("en")
    offers = [{"offers.r0000": row(f"Offer {n}")} for n in range(1, 5)]
    offers.append({"offers.r0000": row("Elsewhere", "other_topic"), "offers.r0001": {"detail": "Free", "share": True}})
    needs = [{"needs.r0000": row("Need", "trauma")} for _ in range(4)]
    made = group(model, *((SETTLEMENT, 1, answers) for answers in offers + needs))
    quotes = [block for block in summarise(model, made, "en").blocks if isinstance(block, Quotes)]
    heads = [texts.say("words_offers", topic=texts.option("topic", one)) for one in ("trauma", "other_topic")]
    assert [block.title for block in quotes] == heads
    assert [sorted(block.items) for block in quotes] == [[f"Offer {n}" for n in range(1, 5)], ["Elsewhere", "Free"]]


def test_shared_limits_carry_their_kind(model: Model) -> None:
    lines = [{"limits.r0000": {"topic": "limit_money", "detail": f"Until spring {n}", "share": True}} for n in range(5)]
    made = group(model, *((SETTLEMENT, 1, answers) for answers in lines))
    summary = summarise(model, made, "en")
    (quotes,) = (block for block in summary.blocks if isinstance(block, Quotes))
    assert quotes.title == model.texts("en").say("words_limits")
    assert "Money: Until spring 3" in quotes.items


def test_every_band_that_can_be_told_has_a_name(model: Model) -> None:
    for need, neither, offer in [(8, 2, 8), (2, 8, 8), (8, 8, 2), (8, 8, 8), (1, 1, 22), (12, 0, 12), (3, 3, 3)]:
        answers = [{"trauma": "need"}] * need + [{"trauma": "neither"}] * neither + [{"trauma": "offer"}] * offer
        made = group(model, *((SETTLEMENT, 1, one) for one in answers))
        figure = one(summarise(model, made, "fr"), Figure)
        assert isinstance(figure, Figure)
        shown = next(row for row in figure.rows if row.label == model.texts("fr").option("topic", "trauma"))
        assert shown.bars or shown.note


def test_too_few_people_are_told_so_and_a_figure_has_every_topic(model: Model) -> None:
    few = summarise(model, group(model, (SETTLEMENT, 4, {"trauma": "need"})), "fr")
    assert few.blocks == (Paragraph(say("fr", "telling.too_few", k=K), "note"),)
    figure = one(summarise(model, group(model, *TWO_SECTORS), "fr"), Figure)
    assert isinstance(figure, Figure)
    assert len(figure.rows) == len(model.topics()) == len(figure.twin.rows)
    assert model.texts("fr").option("topic", "interpreting") in figure.alt


def test_limits_are_told_as_a_table(model: Model) -> None:
    made = group(model, (SETTLEMENT, 6, {"limit_capacity": "much"}), (SETTLEMENT, 6, {"limit_capacity": "little"}),
                 (SETTLEMENT, 8, {"trauma": "need"}))  # fmt: skip
    table = one(summarise(model, made, "en"), Table)
    assert isinstance(table, Table)
    assert dict(table.rows)["Time and people"] == "little or not at all: 20–35%; somewhat: 0–20%; a lot: 20–35%"
    assert dict(table.rows)["Money"] == "no answer above 20%"


# --- rehearsal


@pytest.mark.parametrize("sector", Sector)
def test_rehearsed_people_are_allowed_to_say_what_they_say(model: Model, sector: Sector) -> None:
    given = dict(model.rehearse(Random(str(sector)), sector, "fr"))
    assert {item: model.check(item, value) for item, value in given.items()} == given


def test_rehearsed_sectors_complete_each_other(model: Model) -> None:
    people = [
        (sector, 1, dict(model.rehearse(Random(f"{sector}/{n}"), sector, "fr")))
        for sector in (SETTLEMENT, ANTI_VIOLENCE)
        for n in range(12)
    ]
    lines = below(summarise(model, group(model, *people), "fr"), "exchanges")
    assert isinstance(lines[0], Bullets)
    assert lines[0].items
