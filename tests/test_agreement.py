"""Our agreement: topics and their sources, what is missing, the draft as a file, and what a group is told."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from random import Random

import pytest

from kit.content_check import check
from kit.disclosure import Release, release
from kit.errors import AnswerRefused, EndsBeforeStart, TextIdentifies, TextTooLong
from kit.exercises.agreement.model import Model
from kit.exercises.agreement.summary import summarise
from kit.session import Mode, Response, Sector, Value
from kit.summary import Bullets, Figure, Paragraph, Quotes, Summary, Table
from kit.texts import say
from kit.upgrades import upgraded

PACKAGE = "kit.exercises.agreement"
LANGS = ("fr", "en")
K = 5
DAILY = ("line", "line_staff", "referral", "visits", "records", "information")
GOAL = {"goal": "Visit each other", "term": "short", "indicator": "Four visits", "start": "2027-01-15",
        "end": "2027-06-30", "share": True}  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(PACKAGE)


def text(words: str, share: bool = False) -> Value:
    return {"text": words, "share": share}


def whole(model: Model) -> dict[str, Value]:
    """Everything agreed and written."""
    answers: dict[str, Value] = {f"{section.id}_status": "agreed" for section in model.structure.sections}
    answers |= {item.id: text(f"About {item.id}") for item in model.structure.items() if item.kind == "text"}
    return answers | {
        "goals_list.r0000": GOAL,
        "goals_list.r0001": {**GOAL, "goal": "Speak with one voice", "term": "long"},
        "roles_list.r0000": {"partner": "House", "brings": "Knowledge", "role": "Leads", "share": False},
        "review_list.r0000": {"day": "2027-09-01", "share": False},
    }


def group(model: Model, *parts: tuple[Sector, int, dict[str, Value]], mode: Mode = Mode.ANONYMOUS) -> Release:
    people = [(sector, answers) for sector, count, answers in parts for _ in range(count)]
    responses = [
        Response(f"{n:03}", sector, model.counted(answers), partner=f"Partner {sector}")
        for n, (sector, answers) in enumerate(people)
    ]
    return release("agreement", model.questions(), responses, K, mode, None, Random(1)).release


def bullets(summary: Summary) -> dict[str, tuple[str, ...]]:
    return {block.title: block.items for block in summary.blocks if isinstance(block, Bullets)}


def figure_of(summary: Summary) -> Figure:
    (figure,) = (block for block in summary.blocks if isinstance(block, Figure))
    return figure


def titles(model: Model, lang: str) -> dict[str, str]:
    return {section.id: model.texts(lang).sections[section.id]["title"] for section in model.structure.sections}


# --- content


def test_content_has_no_fault() -> None:
    assert check(files(PACKAGE)) == []


def test_the_six_topics_of_the_source_are_there(model: Model) -> None:
    daily = [item for item in model.structure.items() if item.group == "daily"]
    assert [item.id for item in daily] == [f"{topic}_status" for topic in DAILY]
    assert all("S3-2" in item.source for item in daily)


def test_every_topic_has_one_status_and_something_to_write(model: Model) -> None:
    for section in model.structure.sections:
        first, *others = section.items
        assert (first.id, first.scale) == (f"{section.id}_status", "status")
        assert others
        assert not any(item.scale == "status" for item in others)


@pytest.mark.parametrize("lang", LANGS)
def test_it_says_that_it_is_no_legal_advice(model: Model, lang: str) -> None:
    who = {"fr": "direction", "en": "management"}[lang]
    law = {"fr": r"conseils? juridiques?|avis juridique", "en": "legal advice"}[lang]
    for said in (model.texts(lang).intro, model.texts(lang).say("legal")):
        assert re.search(law, said)
        assert who in said


@pytest.mark.parametrize("lang", LANGS)
def test_every_topic_has_a_question_to_discuss(model: Model, lang: str) -> None:
    assert all(says["ask"].endswith("?") for says in model.texts(lang).sections.values())


# --- rows


def test_a_goal_is_kept_with_its_dates(model: Model) -> None:
    assert model.check("goals_list.r0000", GOAL) == GOAL
    same_day = {**GOAL, "end": GOAL["start"]}
    assert model.check("goals_list.r0000", same_day) == same_day


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({**GOAL, "end": "2027-01-14"}, EndsBeforeStart),
        ({**GOAL, "end": "2027-02-30"}, AnswerRefused),
        ({**GOAL, "end": "0027-06-30"}, AnswerRefused),
        ({**GOAL, "end": "soon"}, AnswerRefused),
        ({**GOAL, "term": "middle"}, AnswerRefused),
        ({**GOAL, "goal": "x" * 201}, TextTooLong),
        ({**GOAL, "indicator": "see www.example.org"}, TextIdentifies),
    ],
)
def test_a_wrong_goal_is_refused_in_both_languages(model: Model, value: Value, error: type[AnswerRefused]) -> None:
    with pytest.raises(error) as told:
        model.check("goals_list.r0000", value)
    assert told.value.tell("fr") != told.value.tell("en")


def test_only_shared_goals_are_counted_with_their_indicator(model: Model) -> None:
    answers = {
        "goals_status": "agreed", "goals_list.r0000": GOAL, "goals_list.r0001": {"goal": "Alone", "share": True},
        "goals_list.r0002": {**GOAL, "share": False}, "goals_list.r0003": {"term": "long", "share": True},
        "roles_list.r0000": {"partner": "House", "share": False},
    }  # fmt: skip
    lines = ["Visit each other (Four visits)", "Alone"]
    assert model.counted(answers) == {"goals_status": "agreed", "goals_list": {"texts": lines, "share": True}}


# --- for one person


@pytest.mark.parametrize("lang", LANGS)
def test_feedback_sorts_topics_and_names_what_is_missing(model: Model, lang: str) -> None:
    texts, names = model.texts(lang), titles(model, lang)
    answers: dict[str, Value] = {
        "vision_status": "agreed", "referral_status": "agreed", "referral_text": text("Call ahead"),
        "records_status": "to_discuss", "line_status": "not_for_us",
    }  # fmt: skip
    summary = model.feedback(answers, lang)
    found = bullets(summary)
    assert found[texts.say("agreed")] == (names["vision"], names["referral"])
    asked = texts.say("next", topic=names["records"], question=texts.sections["records"]["ask"])
    assert found[texts.say("to_discuss")] == (asked,)
    assert found[texts.say("not_for_us")] == (names["line"],)
    assert len(found[texts.say("no_status")]) == len(names) - 4
    assert found[texts.say("gaps")] == (texts.say("gap_text", topic=names["vision"]),)
    assert summary.blocks[-1] == Paragraph(texts.say("legal"), "note")


def test_rows_that_lack_a_part_are_named(model: Model) -> None:
    texts, names = model.texts("en"), titles(model, "en")
    answers: dict[str, Value] = {
        "goals_list.r0000": {"goal": "Meet", "term": "short", "share": False},
        "goals_list.r0001": {"indicator": "A sign", "share": False},
        "roles_list.r0000": {"partner": "House", "role": "Leads", "share": False},
        "roles_list.r0001": {"partner": "City", "share": False},
        "review_list.r0000": {"look": "Goals", "share": False},
    }
    goals = {"topic": names["goals"]}
    assert model.gaps(answers, texts) == [
        texts.say("gap_term", term="Long term", **goals),
        texts.say("gap_indicator", what="Meet", **goals), texts.say("gap_end", what="Meet", **goals),
        texts.say("gap_end", what="2", **goals),
        texts.say("gap_partner", topic=names["roles"], n=2),
        texts.say("gap_review", topic=names["review"]),
    ]  # fmt: skip


def test_nothing_is_missing_in_a_whole_agreement(model: Model) -> None:
    texts = model.texts("en")
    summary = model.feedback(whole(model), "en")
    assert list(bullets(summary)) == [texts.say("agreed")]
    assert Paragraph(texts.say("no_gaps")) in summary.blocks
    assert model.open_points(whole(model), texts) == []


def test_what_is_not_for_them_lacks_nothing(model: Model) -> None:
    answers: dict[str, Value] = {"goals_status": "not_for_us", "goals_list.r0000": {"goal": "Old", "share": False}}
    assert model.gaps(answers, model.texts("fr")) == []


def test_an_empty_page_is_welcome(model: Model) -> None:
    assert model.feedback({}, "fr").blocks == (Paragraph(model.texts("fr").say("empty")),)


# --- for a group


TWO_SECTORS = (
    (Sector.SETTLEMENT, 20, {"referral_status": "agreed", "vision_status": "agreed", "records_status": "to_discuss"}),
    (Sector.ANTI_VIOLENCE, 20, {"referral_status": "to_discuss", "vision_status": "agreed",
                               "records_status": "to_discuss", "line_status": "not_for_us"}),
    *((one, 7, {"changes_staff": text("Own")}) for one in (Sector.HEALTH_HIV, Sector.INSTITUTION, Sector.MUNICIPAL)),
)  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_the_most_open_topics_come_first_with_their_questions(model: Model, lang: str) -> None:
    texts, names = model.texts(lang), titles(model, lang)
    summary = summarise(model, group(model, *TWO_SECTORS), lang)
    figure = figure_of(summary)
    assert [row.label for row in figure.rows][:3] == [names["records"], names["referral"], names["vision"]]
    assert [row[0] for row in figure.twin.rows] == [row.label for row in figure.rows]
    asked = [block.text for block in summary.blocks if isinstance(block, Paragraph) and block.tone == "question"]
    wanted = [(names[one], texts.sections[one]["ask"]) for one in ("records", "referral")]
    assert asked == [texts.say("next", topic=topic, question=question) for topic, question in wanted]


def test_a_topic_that_is_not_for_some_is_counted_apart(model: Model) -> None:
    parts = (*TWO_SECTORS, (Sector.OTHER, 8, {"line_status": "agreed"}))
    rows = {row[0]: row[1:] for row in figure_of(summarise(model, group(model, *parts), "en")).twin.rows}
    assert rows["Help on the help line"] == ("Still to discuss: 0–10%; Agreed: 10–15%", "25–30%")
    assert rows["Documentation"][1] == "not shown"


@pytest.mark.parametrize("mode", Mode)
def test_groups_that_see_a_topic_differently_stand_side_by_side(model: Model, mode: Mode) -> None:
    summary = summarise(model, group(model, *TWO_SECTORS, mode=mode), "en")
    (table,) = (block for block in summary.blocks if isinstance(block, Table))
    sectors = (Sector.SETTLEMENT, Sector.ANTI_VIOLENCE)
    named = [say("en", f"sectors.{one}") if mode is Mode.ANONYMOUS else f"Partner {one}" for one in sectors]
    cells = dict(zip(table.columns[1:], table.rows[0][1:], strict=True))
    assert [row[0] for row in table.rows] == [titles(model, "en")["referral"]]
    assert cells == {named[0]: "agreed", named[1]: "to discuss"}


def test_a_group_in_which_people_differ_is_said_to_be_divided(model: Model) -> None:
    agreed, open_ = ({"referral_status": status} for status in ("agreed", "to_discuss"))
    divided = ((Sector.COMMUNITY, 10, agreed), (Sector.COMMUNITY, 10, open_))
    parts = ((Sector.OTHER, 20, agreed), *divided, *TWO_SECTORS[2:])
    summary = summarise(model, group(model, *parts), "en")
    (table,) = (block for block in summary.blocks if isinstance(block, Table))
    assert dict(zip(table.columns[1:], table.rows[0][1:], strict=True)) == {
        say("en", "sectors.community"): "mixed", say("en", "sectors.other"): "agreed",
    }  # fmt: skip


def test_small_groups_are_not_set_side_by_side(model: Model) -> None:
    few = (Sector.OTHER, 4, {"referral_status": "to_discuss"})
    parts = ((Sector.SETTLEMENT, 8, {"referral_status": "agreed"}), few)
    summary = summarise(model, group(model, *parts), "en")
    assert Paragraph(model.texts("en").say("compare_none"), "note") in summary.blocks
    assert not [block for block in summary.blocks if isinstance(block, Table)]
    same = ((sector, 20, {"referral_status": "agreed"}) for sector in (Sector.SETTLEMENT, Sector.OTHER))
    alike = (*same, *TWO_SECTORS[2:])
    assert Paragraph(model.texts("en").say("compare_alike")) in summarise(model, group(model, *alike), "en").blocks


def test_proposals_need_enough_writers_and_roles_are_never_told(model: Model) -> None:
    answers: dict[str, Value] = {
        "vision_text": text("A safe region", True), "changes_staff": text("Two contacts", True),
        "goals_list.r0000": GOAL, "roles_list.r0000": {"partner": "House", "role": "Leads", "share": False},
    }  # fmt: skip
    four: dict[str, Value] = {"records_text": text("Numbers only", True)}
    made = group(model, (Sector.OTHER, 5, answers), (Sector.OTHER, 4, four))
    quotes = [block for block in summarise(model, made, "en").blocks if isinstance(block, Quotes)]
    assert [(one.title, one.items) for one in quotes] == [
        ("Shared vision", ("A safe region",)),
        ("Goals and indicators", ("Visit each other (Four visits)",)),
        ("What happens when staff change?", ("Two contacts",)),
    ]
    assert "House" not in str(made)


def test_too_few_and_nothing_open_are_told(model: Model) -> None:
    few = summarise(model, group(model, (Sector.OTHER, 4, {"vision_status": "agreed"})), "fr")
    assert few.blocks == (Paragraph(say("fr", "telling.too_few", k=K), "note"),)
    agreed = summarise(model, group(model, (Sector.OTHER, 6, {"vision_status": "agreed"})), "fr")
    asked = [block.text for block in agreed.blocks if isinstance(block, Paragraph) and block.tone == "question"]
    assert asked == [model.texts("fr").say("questions_none")]


def test_a_topic_told_as_most_has_no_numbers(model: Model) -> None:
    most = (Sector.OTHER, 12, {"vision_status": "to_discuss"})
    made = group(model, most, (Sector.OTHER, 2, {"vision_status": "agreed"}))
    top = figure_of(summarise(model, made, "en")).rows[0]
    assert (top.label, top.bars, top.note) == ("Shared vision", (), "most: Still to discuss")


# --- rehearsal


@pytest.mark.parametrize("sector", Sector)
def test_rehearsed_people_are_allowed_to_say_what_they_say(model: Model, sector: Sector) -> None:
    answers = dict(model.rehearse(Random(str(sector)), sector, "en"))
    assert {item: model.check(item, value) for item, value in answers.items()} == answers


# --- what came with the second edition

ADDED = {
    "formal": {"sign", "term", "languages"},
    "means": {"money", "supervision", "insurance"},
    "duties": {"keeping", "demands", "complaints", "data"},
}


@pytest.mark.parametrize("lang", LANGS)
def test_what_a_lawyer_asks_is_asked_and_not_answered(model: Model, lang: str) -> None:
    whom = {"fr": r"avocate|direction", "en": r"lawyer|management"}[lang]
    for topic, parts in ADDED.items():
        section = next(one for one in model.structure.sections if one.id == topic)
        assert {item.id for item in section.items} == {f"{topic}_status", *(f"{topic}_{part}" for part in parts)}
        assert re.search(whom, model.texts(lang).sections[topic]["lead"])
        assert all(model.texts(lang).text(item.id).endswith("?") for item in section.items)


@pytest.mark.parametrize("lang", LANGS)
def test_a_result_of_the_first_edition_is_told_as_before(model: Model, lang: str) -> None:
    people = [
        Response(str(n), Sector.OTHER, model.counted(dict(model.rehearse(Random(n), Sector.OTHER, lang))))
        for n in range(30)
    ]
    now = release("agreement", model.questions(), people, 5, Mode.ANONYMOUS).release
    new = {f"{topic}_{part}" for topic, parts in ADDED.items() for part in {*parts, "status"}}
    first = replace(
        now,
        items={item: one for item, one in now.items.items() if item not in new},
        texts={item: one for item, one in now.texts.items() if item not in new},
    )
    assert len(first.items) < len(now.items)
    told = titles(model, lang)
    assert all(told[topic] in str(summarise(model, now, lang)) for topic in ADDED)
    assert not any(told[topic] in str(summarise(model, first, lang)) for topic in ADDED)
    both = [figure_of(summarise(model, one, lang)).twin.rows for one in (now, first)]
    assert [row for row in both[0] if row[0] not in {told[topic] for topic in ADDED}] == list(both[1])


@pytest.mark.parametrize("lang", LANGS)
def test_answers_of_the_first_edition_are_kept_whole(model: Model, lang: str) -> None:
    given = dict(model.rehearse(Random(3), Sector.SETTLEMENT, lang))
    first = {item: value for item, value in given.items() if item.split("_")[0] not in ADDED}
    assert upgraded(model, 1, first) == {item: model.check(item, value) for item, value in first.items()}
