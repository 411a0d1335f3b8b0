"""Resource mapping: its content and rules, and what a person and a group are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.content_check import check
from kit.directory.entries import coordinates_in, page_of
from kit.disclosure import Release, release
from kit.errors import (
    AnswerRefused,
    EntryIncomplete,
    EntryStaysOnDevice,
    PageRefused,
    ShelterHasNoPage,
    TextIdentifies,
)
from kit.exercises.resources import model as rules
from kit.exercises.resources.group import settled
from kit.exercises.resources.listed import text_of
from kit.exercises.resources.model import KNOWLEDGE
from kit.exercises.resources.summary import summarise
from kit.session import Mode, Response, Sector, Value
from kit.summary import Bullets, Figure, Heading, Matrix, Network, Paragraph, Summary, Table
from kit.texts import languages, say
from kit.upgrades import upgraded
from tests.support.mapping import MODEL, PLAIN, board, entry
from tests.support.tables import item_of

FOLDER = Path(rules.__file__).parent
ENTRY = "entries.r0001"


# ---- content


def test_content_is_sound() -> None:
    assert check(FOLDER) == []


def test_types_are_those_of_the_source_and_one_more() -> None:
    assert len(MODEL.types) == 14
    assert MODEL.types[-1] == "other"
    known = [item for item in MODEL.structure.items() if item.scale == "known_here"]
    assert [item.group for item in known] == list(MODEL.types)
    assert [item.id for item in known] == [f"know_{kind}" for kind in MODEL.types]
    assert all("S0-13" in item.source for item in known)


@pytest.mark.parametrize("lang", languages())
def test_a_type_is_called_the_same_as_a_question_and_as_an_option(lang: str) -> None:
    texts = MODEL.texts(lang)
    assert [texts.text(f"know_{kind}") for kind in MODEL.types] == [texts.option("type", kind) for kind in MODEL.types]


# ---- what an entry may hold


def test_an_entry_is_kept_as_it_is_meant() -> None:
    full = entry(
        knowledge="well", together="we_do", served=["women", "everyone"], languages=" français,  dari ",
        interpreting="adapted", access=["online"], page="example.org/aide?a=1", checked="2026-03-01",
        checked_by="reception",
    )  # fmt: skip
    kept = MODEL.check(ENTRY, full)
    assert kept == {
        **full, "served": ["everyone", "women"], "languages": "français, dari", "page": "https://example.org/aide",
        "share": False,
    }  # fmt: skip
    assert MODEL.check(ENTRY, None) is None


@pytest.mark.parametrize("visibility", ["never", "", None, "Public", "PUBLIC", "public ", "all", 1, ["public"]])
def test_an_entry_that_is_not_marked_for_others_is_refused(visibility: Any) -> None:
    with pytest.raises(AnswerRefused):
        MODEL.check(ENTRY, entry(visibility=visibility))
    with pytest.raises(EntryStaysOnDevice):
        MODEL.check(ENTRY, {name: value for name, value in PLAIN.items() if name != "visibility"})


def test_an_entry_needs_type_and_name() -> None:
    for gone in ("type", "name"):
        with pytest.raises(EntryIncomplete):
            MODEL.check(ENTRY, entry(**{gone: ""}))


@pytest.mark.parametrize("column", ["name", "organization", "offers", "languages"])
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Appeler 514 555-0142", "phone"),
        ("12 rue des Érables", "street"),
        ("H2X 1Y4", "postal_code"),
        ("aide@example.org", "email"),
        ("45.5017, -73.5673", "coordinates"),
        ("45° 30' N", "coordinates"),
    ],
)
def test_what_leads_to_a_person_or_a_door_is_refused_with_its_name(column: str, text: str, what: str) -> None:
    with pytest.raises(TextIdentifies) as told:
        MODEL.check(ENTRY, entry(**{column: text}))
    assert told.value.details["what"] == what
    for lang in languages():
        assert say(lang, f"disclosure.contact_kind.{what}") in told.value.tell(lang)


def test_the_name_of_an_area_is_no_address() -> None:
    assert MODEL.check("area_name", {"text": "Villeray", "share": True}) == {"text": "Villeray", "share": False}
    with pytest.raises(TextIdentifies):
        MODEL.check("area_name", {"text": "12 rue des Érables", "share": False})


def test_a_shelter_has_no_way_to_find_it() -> None:
    assert MODEL.check(ENTRY, entry(type="shelter", visibility="partners"))
    with pytest.raises(ShelterHasNoPage):
        MODEL.check(ENTRY, entry(type="shelter", visibility="partners", page="https://example.org"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("example.org", "https://example.org"),
        ("HTTPS://Example.org/A/b#c", "https://example.org/A/b"),
        ("https://carte.example.org/x", "https://carte.example.org/x"),
    ],
)
def test_a_public_page_is_kept_without_what_follows_it(text: str, kept: str) -> None:
    assert page_of(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "aide@example.org", "mailto:a@example.org", "tel:5145550142", "514 555-0142", "javascript:alert(1)",
        "https://u:p@example.org", "http://localhost/x", "https://127.0.0.1/", "https://example.org:8080",
        "https://maps.example.org/x", "https://example.org/maps/@45.5,-73.5", "https://example.org/45.5017,-73.5673",
        "file:///etc/passwd", "https://[", "example.org\u00a0x", "data:text/html,x",
    ],
)  # fmt: skip
def test_what_is_no_public_page_is_refused(text: str) -> None:
    assert page_of(text) == ""
    with pytest.raises((PageRefused, TextIdentifies)):
        MODEL.check(ENTRY, entry(page=text))


def test_numbers_that_are_no_place_pass() -> None:
    for text in ("ouvert de 9,5 à 10,25 h", "3 000, 4 000 personnes", "taux de 0.125", "1.5; 2.5"):
        assert not coordinates_in(text)


# ---- what a person is told


@pytest.mark.parametrize("lang", languages())
def test_feedback_names_gaps_old_entries_and_wishes(lang: str) -> None:
    texts = MODEL.texts(lang)
    today, long_ago = date.today().isoformat(), (date.today() - timedelta(days=400)).isoformat()
    answers = board(
        entry(name="Neuve", checked=today, together="we_do"),
        entry(name="Vieille", checked=long_ago, together="we_could"),
        entry(name="Sans date", type="health", knowledge="a_little"),
        know_food="well", know_legal_aid="not_known",
    )  # fmt: skip
    told = MODEL.feedback(answers, lang)
    lists = {block.title: block.items for block in told.blocks if isinstance(block, Bullets) and block.title}
    assert lists[texts.say("known_well")] == (texts.option("type", "food"),)
    assert lists[texts.say("known_little")] == (texts.option("type", "health"),)
    assert lists[texts.say("known_not")] == (texts.option("type", "legal_aid"),)
    step = Heading(say(lang, "form.next_step"))
    headings = [place for place, block in enumerate(told.blocks) if isinstance(block, Heading) and block != step]
    after = [told.blocks[place + 2] for place in headings]
    wished, old = (block.items for block in after if isinstance(block, Bullets))
    assert [line.partition(" ")[0] for line in wished] == ["Vieille"]
    assert [line[:7] for line in old] == ["Vieille", "Sans da"]
    (table,) = (block for block in told.blocks if isinstance(block, Table))
    assert table.rows == ((texts.option("type", "health"), "1", "0"), (texts.option("type", "food"), "2", "1"))


@given(st.dictionaries(st.sampled_from([f"know_{kind}" for kind in MODEL.types]), st.sampled_from(rules.KNOWLEDGE)))
def test_every_type_that_was_rated_stands_in_one_list(chosen: dict[str, Value]) -> None:
    told = MODEL.feedback(chosen, "fr")
    lines = [line for block in told.blocks if isinstance(block, Bullets) for line in block.items]
    assert sorted(lines) == sorted(MODEL.texts("fr").option("type", item.removeprefix("know_")) for item in chosen)


# ---- what counts for the group


def test_a_type_is_known_as_well_as_its_best_known_service() -> None:
    answers = board(
        entry(knowledge="a_little"), entry(knowledge="well"), entry(type="health", knowledge="a_little"),
        know_food="not_known", know_health="well", know_childcare="a_little",
    )  # fmt: skip
    counted = MODEL.counted(answers)
    assert {kind: counted.get(f"know_{kind}") for kind in ("food", "health", "childcare", "employment")} == {
        "food": "well", "health": "well", "childcare": "a_little", "employment": None,
    }  # fmt: skip
    assert not any("." in item for item in counted)


def test_only_public_entries_are_handed_on_as_texts() -> None:
    rows = [
        entry(name="Publique"),
        entry(name="Partenaires", visibility="partners"),
        entry(name="Jamais", visibility="never"),
        entry(name="Rien", visibility=""),
        entry(name="Majuscule", visibility="Public"),
    ]
    counted = MODEL.counted(board(*rows))
    assert counted["entries"] == {"texts": ['{"type":"food","name":"Publique"}'], "share": True}
    assert "entries" not in MODEL.counted(board(*rows[1:]))


def people(number: int, sector: Sector, **known: str) -> list[Response]:
    answers = {f"know_{kind}": level for kind, level in known.items()}
    return [Response(f"{sector}{n:03}", sector, answers) for n in range(number)]


def released(*groups: list[Response], k: int = 5, mode: Mode = Mode.ANONYMOUS) -> Release:
    everyone = [one for group in groups for one in group]
    counted = [replace(one, answers=MODEL.counted(one.answers)) for one in everyone]
    return release("resources", MODEL.questions(), counted, k, mode, None, Random(1)).release


def told(made: Release, lang: str = "en") -> Summary:
    return summarise(MODEL, made, lang, ())


SHARED = (
    people(20, Sector.SETTLEMENT, employment="well", shelter="not_known", mens_groups="not_known"),
    people(20, Sector.ANTI_VIOLENCE, employment="not_known", shelter="well", mens_groups="not_known"),
    *(people(7, one, childcare="a_little") for one in (Sector.HEALTH_HIV, Sector.INSTITUTION, Sector.OTHER)),
)


@pytest.mark.parametrize("lang", languages())
def test_a_group_learns_gaps_single_knowers_and_who_can_introduce_whom(lang: str) -> None:
    texts = MODEL.texts(lang)
    blocks = told(released(*SHARED), lang).blocks
    lists = {block.title: block.items for block in blocks if isinstance(block, Bullets)}
    assert lists[texts.say("gaps_lead")] == (texts.option("type", "mens_groups"),)
    assert len(lists[texts.say("only_lead")]) == 2
    (line,) = lists[texts.say("introduce_lead")]
    for part in ("employment", "shelter"):
        assert texts.option("type", part) in line
    for sector in (Sector.SETTLEMENT, Sector.ANTI_VIOLENCE):
        assert say(lang, f"sectors.{sector}") in line
    (matrix,) = (block for block in blocks if isinstance(block, Matrix))
    assert matrix.rows == tuple(texts.option("type", kind) for kind in ("mens_groups", "shelter", "employment"))
    assert [cell.tint for cell in matrix.cells[1]] == [0, 4, None]
    (network,) = (block for block in blocks if isinstance(block, Network))
    assert {edge[1] for edge in network.edges} == {texts.option("type", kind) for kind in ("shelter", "employment")}


def test_the_twins_hold_what_the_pictures_show() -> None:
    for block in told(released(*SHARED)).blocks:
        if isinstance(block, Matrix):
            assert block.twin.rows == tuple(
                (row, *(cell.label for cell in line)) for row, line in zip(block.rows, block.cells, strict=True)
            )
            assert block.twin.columns[1:] == block.columns
        if isinstance(block, Network):
            assert [row[:2] for row in block.twin.rows] == [edge[:2] for edge in block.edges]
            assert {edge[0] for edge in block.edges} == set(block.left)
            assert {edge[1] for edge in block.edges} == set(block.right)
        if isinstance(block, Figure | Matrix | Network):
            assert block.alt


@pytest.mark.parametrize("lang", languages())
def test_none_here_is_told_beside_how_well_a_type_is_known(lang: str) -> None:
    texts = MODEL.texts(lang)
    room = (
        people(24, Sector.SETTLEMENT, mens_groups="none_here", food="well"),
        people(12, Sector.OTHER, mens_groups="well", food="a_little"),
    )
    blocks = told(released(*room), lang).blocks
    lists = {block.title: block.items for block in blocks if isinstance(block, Bullets)}
    assert lists[texts.say("gaps_none_here")] == (texts.option("type", "mens_groups"),)
    (figure,) = (block for block in blocks if isinstance(block, Figure))
    assert figure.twin.columns[-1] == texts.say("col_none_here")
    # Where nobody said so, nothing more stands there than before.
    before = told(released(*SHARED), lang)
    assert texts.say("col_none_here") not in str(before)
    assert texts.say("gaps_none_here") not in str(before)


def test_an_entry_of_a_type_says_more_than_that_there_is_none() -> None:
    assert MODEL.counted(board(know_food="none_here"))["know_food"] == "none_here"
    counted = MODEL.counted(board(entry(name="Frigo", type="food", knowledge="a_little"), know_food="none_here"))
    assert counted["know_food"] == "a_little"
    with pytest.raises(AnswerRefused):
        MODEL.check("entries.r0001", entry(name="Frigo", type="food", knowledge="none_here"))
    told_alone = MODEL.feedback(board(know_food="none_here"), "en")
    assert Bullets(("Food security",), MODEL.texts("en").say("known_none")) in told_alone.blocks


@pytest.mark.parametrize("lang", languages())
def test_a_room_of_the_first_edition_is_told_as_before(lang: str) -> None:
    """Its answers have no answer beside the scale: the tables are those that the first edition's questions give."""
    first = tuple(replace(one, apart=()) if one.item.startswith("know_") else one for one in MODEL.questions())
    counted = [replace(one, answers=MODEL.counted(one.answers)) for group in SHARED for one in group]
    before = release("resources", first, counted, 5, Mode.ANONYMOUS, None, Random(1)).release
    now = released(*SHARED)
    assert {item: (one.cells, one.groups) for item, one in before.items.items()} == {
        item: (one.cells, one.groups) for item, one in now.items.items()
    }
    assert told(before, lang) == told(now, lang)
    for one in counted:
        assert upgraded(MODEL, 1, one.answers) == one.answers


def test_nothing_is_told_of_a_sector_below_the_threshold() -> None:
    few = people(4, Sector.MUNICIPAL, mens_groups="well", shelter="well")
    made = released(*SHARED, few)
    name = say("en", f"sectors.{Sector.MUNICIPAL}")
    assert name not in str(told(made))
    (matrix,) = (block for block in told(made).blocks if isinstance(block, Matrix))
    assert len(matrix.columns) == 3
    alone = released(people(4, Sector.SETTLEMENT, food="well"))
    assert told(alone).blocks == (Paragraph(say("en", "telling.too_few", k=5), "note"),)


def test_partners_are_not_told_apart() -> None:
    cells = zip(((one,) for one in KNOWLEDGE), ((35, 50), (0, 20), (35, 50)), strict=True)
    leanings = {"Acme": ("well",), "Zed": ("not_known",)}
    item = item_of("know_food", KNOWLEDGE, *((o, *share) for o, share in cells), leanings=leanings)
    made = Release("resources", 5, 20, "partner", items={"know_food": item})
    assert "Acme" not in str(told(made))
    assert MODEL.texts("en").say("sectors_partner") in str(told(made))


def test_shared_entries_stand_once_and_need_enough_people() -> None:
    spelled = ["Cuisine du coin", "cuisine du  Coin", "CUISINE DU COIN", "Frigo libre", "Frigo libre"]
    boards = [board(entry(name=name), know_food="well") for name in spelled]
    rooms = [Response(f"{n}", Sector.OTHER, answers) for n, answers in enumerate(boards)]
    made = settled(MODEL, released(rooms), {})
    lists = {block.title: block.items for block in told(made).blocks if isinstance(block, Bullets)}
    shown = lists[MODEL.texts("en").say("entries_shared")]
    assert [line.partition(" (")[0].lower() for line in shown] == ["cuisine du coin", "frigo libre"]
    hidden = told(released(rooms[1:], people(3, Sector.OTHER, food="well")))
    assert "Frigo" not in str(hidden)


# ---- simulated people


@given(seed=st.integers(), sector=st.sampled_from(Sector), lang=st.sampled_from(languages()))
def test_simulated_answers_are_allowed(seed: int, sector: Sector, lang: str) -> None:
    answers = list(MODEL.rehearse(Random(seed), sector, lang))
    assert all(MODEL.check(item, value) == value for item, value in answers)
    assert not any(value.get("type") == "shelter" for _, value in answers if isinstance(value, dict))
    assert answers == list(MODEL.rehearse(Random(seed), sector, lang))


@pytest.mark.parametrize("lang", languages())
def test_the_group_reads_how_to_refer_where_it_is_known(lang: str) -> None:
    texts = MODEL.texts(lang)
    rows = [entry(name="Halte", refer="Ask there", waiting="weeks", line="514 555-0199"), entry(name="Frigo")]
    shared = tuple(text_of(MODEL.structure, row) for row in rows)
    told = summarise(MODEL, Release("resources", 5, 10, "sector", texts={"entries": shared}), lang)
    (table,) = [one for one in told.blocks if isinstance(one, Table) and one.title == texts.say("entries_shared")]
    kind, weeks = texts.option("type", "food"), texts.option("waiting", "weeks")
    assert table.rows == (("Frigo", kind, "", "", ""), ("Halte", kind, "", "Ask there", weeks))
    assert "0199" not in repr(told)
