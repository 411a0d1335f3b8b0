"""The group's list of services: released by disclosure control, put together by a person, taken away as a file."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import comm
import pytest
from comm.base_comm import BaseComm
from hypothesis import example, given
from hypothesis import strategies as st

from kit import deciding, results, summaries
from kit.contact import contact_in
from kit.decisions import Ask
from kit.directory.likeness import alike, plain_name
from kit.disclosure import Release, Snapshot, release, release_to_json
from kit.errors import KitError, NothingReleased
from kit.exercise import exercise, exercises
from kit.exercises.resources import group
from kit.exercises.resources.group import BETWEEN, GIVES, asks, give, holds, settled
from kit.exercises.resources.listed import FIELDS, row_of, text_of, written
from kit.exercises.resources.summary import summarise
from kit.letters import spelled
from kit.reports import notebook
from kit.serving.inside.facilitator import FacilitatorPage
from kit.serving.inside.participant import ParticipantPage
from kit.serving.inside.wall import RoomScreen
from kit.session import Mode, Plan, Response, Sector, Session, State, Value, new_code, new_id
from kit.shared import SHOW
from kit.store import Store
from kit.store.schema import metadata
from kit.store.snapshots import Kept
from kit.texts import languages
from tests.support.mapping import MODEL, board, entry
from tests.test_hsds import REQUIRED, SPECIFICATION, follows, tables

STRUCTURE = MODEL.structure
SLUG = "resources"
SECRET = "Zorglub"
OWN = ("knowledge", "together", "visibility", "share", "page", "checked_by")
FULL = entry(
    name="Cuisine du coin", organization="Maison de quartier", offers="Repas chauds", served=["women", "everyone"],
    languages="français, dari", interpreting="adapted", access=["online", "evenings"], checked="2026-01-02",
    who_can_come="De 18 à 30 ans", refer="La personne appelle elle-même", waiting="weeks", line="514 555-0199",
    checked_by="reception", page="https://zorglub.example/a", knowledge="a_little", together="we_could", share=False,
)  # fmt: skip
OTHER, NEAR = entry(name="Frigo libre"), entry(name="La cuisine du coin")


def text(**fields: Any) -> str:
    made = text_of(STRUCTURE, entry(**fields))
    assert made
    return made


def released(*texts: str) -> Release:
    return Release(SLUG, 5, 5, "sector", texts={"entries": texts, "issue": ("Autre chose",)})


def names(made: Release) -> list[str]:
    found = [row_of(STRUCTURE, one) for one in made.texts.get("entries", ())]
    assert None not in found
    return [row["name"] for row in found if row]


def left(made: Release, decisions: Mapping[str, str] | None = None) -> list[Ask]:
    return [one for one in asks(MODEL, made, decisions or {}, "fr") if not one.chosen]


# ---- what the group may have of an entry


def test_an_entry_crosses_without_what_is_about_its_writer() -> None:
    made = text_of(STRUCTURE, FULL)
    assert list(json.loads(made)) == list(FIELDS)
    assert json.loads(made)["checked"] == "2026-01"
    assert json.loads(made)["served"] == ["everyone", "women"]
    assert not set(json.loads(made)) & set(OWN)
    assert "0199" not in made
    assert contact_in(made) is None
    assert written(STRUCTURE, row_of(STRUCTURE, made) or {}) == made


@pytest.mark.parametrize("visibility", ["partners", "never", "", None, "Public", "PUBLIC", " public", ["public"], True])
def test_only_what_is_marked_public_becomes_a_text(visibility: Any) -> None:
    row = entry(name=SECRET, visibility=visibility)
    assert text_of(STRUCTURE, row) == ""
    assert SECRET not in str(MODEL.counted(board(row, OTHER)).get("entries"))


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "casino"}, {"type": ["food"]}, {"name": 7}, {"name": {"a": 1}}, {"served": ["everybody"]},
        {"served": "women"}, {"interpreting": "yes"}, {"access": [["online"]]}, {"checked": "hier"}, {"checked": 2026},
        {"checked": "2026-13-01"}, {"offers": "x" * 281}, {"offers": "Appeler le 514 555-0142"},
        {"organization": "45.5017, -73.5673"}, {"offers": ["a"]}, {"name": "aide@example.org"},
    ],
)  # fmt: skip
def test_a_row_that_breaks_a_rule_is_left_out_whole(odd: dict[str, Any]) -> None:
    row = {**entry(name=SECRET, offers=SECRET), **odd}
    assert text_of(STRUCTURE, row) == ""
    assert "entries" not in MODEL.counted(board(row))


def forged() -> Iterator[str]:
    """Texts that no entry makes."""
    good = text(name=SECRET, served=["women"])
    yield from ("", "food|" + SECRET, "null", "[]", '"food"', "7", "{", "[" * 100_000, f'{{"name":"{SECRET}"}}')
    yield good.replace(",", ", ")
    yield good + " "
    yield good.replace('"type":"food"', '"type":"casino"')
    yield good.replace('"women"', '"everybody"')
    yield good.replace('{"type"', '{"visibility":"public","type"')
    yield good[:-1] + ',"knowledge":"well"}'
    yield good[:-1] + ',"page":"https://example.org"}'
    yield good[:-1] + ',"checked":"2026-01-02"}'
    yield good[:-1] + ',"checked":"2026-13"}'
    yield good[:-1] + ',"offers":{"a":1}}'
    yield good[:-1] + ',"name":"x"}'
    yield f'{{"name":"{SECRET}","type":"food"}}'
    yield good.replace(SECRET, f"{SECRET} 514 555-0142")


@pytest.mark.parametrize("odd", list(forged()), ids=lambda one: one[:40])
def test_a_text_that_no_entry_makes_is_told_nowhere(odd: str) -> None:
    assert row_of(STRUCTURE, odd) is None
    made = released(text(name="Frigo libre"), odd)
    assert names(settled(MODEL, made, {})) == ["Frigo libre"]
    assert SECRET not in str(settled(MODEL, made, {}).texts)
    assert SECRET not in str(summarise(MODEL, made, "fr"))
    assert not holds(MODEL, released(odd))
    for what in GIVES:
        assert SECRET not in content(give(MODEL, made, what, "fr").data)


SCALES = STRUCTURE.scales
WORDS = st.text(max_size=40) | st.sampled_from(
    ["12", "555 0142", "3e", "École d'été", "a\x08b", "\x0012345", '"', "\\"]
)
LINES = st.lists(WORDS, max_size=4).map(" ".join)
ENTRY = st.fixed_dictionaries(
    {"type": st.sampled_from(SCALES["type"].options), "name": LINES, "visibility": st.just("public")},
    optional={
        "organization": LINES, "offers": LINES, "languages": LINES,
        "served": st.lists(st.sampled_from(SCALES["served"].options)),
        "interpreting": st.sampled_from(SCALES["interpreting"].options),
        "access": st.lists(st.sampled_from(SCALES["access"].options)),
        "checked": st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat),
        "checked_by": st.sampled_from(SCALES["role"].options),
    },
)  # fmt: skip


@given(ENTRY)
@example(entry(name="a", offers="12\x00345", checked="2026-01-02"))
def test_the_form_of_the_text_neither_makes_nor_hides_a_contact_detail(row: dict[str, Any]) -> None:
    try:
        kept = MODEL.check("entries.r0001", row)
    except KitError:
        return
    assert isinstance(kept, dict)
    made = text_of(STRUCTURE, kept)
    if made:
        assert contact_in(made) is None
        assert row_of(STRUCTURE, made) is not None
    else:
        # Only where a character that nobody sees stood between the digits of a number, or is all that a name has.
        bare = ["".join(c for c in str(kept.get(name, "")) if c.isprintable()) for name in FIELDS[:-1]]
        assert any(map(contact_in, bare)) or not bare[1].strip(), kept


def test_the_threshold_holds_for_writers() -> None:
    def made(writers: int) -> Release:
        people = [board(entry(name=SECRET, offers=f"Repas {n}")) for n in range(writers)] + [board()] * 4
        given_ = [Response(f"{n}", Sector.OTHER, MODEL.counted(one)) for n, one in enumerate(people)]
        return release(SLUG, MODEL.questions(), given_, 5, Mode.ANONYMOUS, None, Random(1)).release

    assert holds(MODEL, made(5))
    few = made(4)
    assert not holds(MODEL, few)
    assert asks(MODEL, few, {}, "fr") == ()
    assert SECRET not in str(few)
    for what in GIVES:
        with pytest.raises(NothingReleased):
            give(MODEL, few, what, "fr")


# ---- identical entries


def test_identical_entries_are_one_and_say_what_each_of_them_says() -> None:
    one = text(name="Clinique L'Étoile", organization="CLSC", served=["women"], checked="2025-05-01")
    two = text(name="clinique  l’etoile", organization="C.L.S.C", served=["men"], checked="2026-05-01", offers="Soins")
    other = text(name="Clinique L'Étoile", organization="Croix", offers="Soins")
    for order in permutations((one, two.replace("C.L.S.C", "clsc"), other)):
        made = settled(MODEL, released(*order), {})
        rows = [row_of(STRUCTURE, text) for text in made.texts["entries"]]
        assert [row["organization"] for row in rows if row] == ["clsc", "Croix"]
        assert rows[0] == {
            "type": "food", "name": "clinique l’etoile", "organization": "clsc", "offers": "Soins",
            "served": ["women", "men"], "checked": "2026-05",
        }  # fmt: skip
        assert made.texts["issue"] == ("Autre chose",)
        assert settled(MODEL, made, {}) == made


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Centre de santé communautaire", "Santé"), ("Frigo", "Le frigo"), ("Beau Soleil", "Beausoleil"),
        ("كتب", "كتاب"), ("كَتَب", "كُتِب"), ("कि", "का"), ("★", "☆"), ("12", "1 2"),
    ],
)  # fmt: skip
def test_what_only_looks_alike_is_never_merged_by_itself(one: str, other: str) -> None:
    made = released(text(name=one), text(name=other))
    assert sorted(names(settled(MODEL, made, {}))) == sorted([one, other])
    assert spelled(one) != spelled(other)


def test_a_name_without_its_filler_words_is_asked_about() -> None:
    made = released(text(type="health", name="Community health centre"), text(type="health", name="Health"))
    (ask,) = asks(MODEL, made, {}, "en")
    assert ask.told == "“Community health centre” and “Health” (Health services)"
    assert [label for _, label in ask.choices] == [MODEL.texts("en").say(f"alike_{one}") for one in ("merge", "apart")]


# ---- suggestions and decisions


TRIO = ("Cuisine du coin", "La cuisine du coin", "Cuisine du coin service")


@pytest.mark.parametrize("lang", languages())
def test_a_sentence_names_both_with_their_organizations(lang: str) -> None:
    made = released(text(name="Frigo", organization="Maison"), text(name="Frigo", organization="Halte"))
    (ask,) = asks(MODEL, made, {}, lang)
    for part in ("Frigo", "Maison", "Halte", MODEL.texts(lang).option("type", "food")):
        assert part in ask.told


def test_same_apart_and_taken_back() -> None:
    made = released(text(name=TRIO[0]), text(name=TRIO[1], offers="Repas"), text(name="Frigo libre"))
    (ask,) = left(made)
    assert sorted(names(settled(MODEL, made, {ask.id: "same"}))) == ["Frigo libre", TRIO[1]]
    assert len(names(settled(MODEL, made, {ask.id: "apart"}))) == len(names(settled(MODEL, made, {}))) == 3
    for choice in ("same", "apart"):
        assert left(made, {ask.id: choice}) == []
        (done,) = asks(MODEL, made, {ask.id: choice}, "fr")
        assert (done.id, done.chosen) == (ask.id, choice)


def test_a_decision_holds_however_the_same_two_are_released_again() -> None:
    made = released(text(name=TRIO[0]), text(name=TRIO[1]))
    (ask,) = left(made)
    again = released(text(name=TRIO[1].upper(), offers="Repas"), text(name=TRIO[0] + "!"), text(name="Autre"))
    assert [one.id for one in left(again)] == [ask.id]
    assert len(names(settled(MODEL, again, {ask.id: "same"}))) == 2


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_merging_goes_on_from_what_was_merged(order: Sequence[int]) -> None:
    made = released(*(text(name=TRIO[n]) for n in order))
    first, *_ = left(made)
    (second, *rest) = left(made, {first.id: "same"})
    assert rest == []
    both = {first.id: "same", second.id: "same"}
    assert left(made, both) == []
    assert len(names(settled(MODEL, made, both))) == 1
    assert {one.id for one in asks(MODEL, made, both, "fr")} == set(both)
    # What was judged apart from one of them is apart from both.
    assert left(made, {first.id: "same", second.id: "apart"}) == []
    assert len(names(settled(MODEL, made, {first.id: "same", second.id: "apart"}))) == 2


def test_what_was_judged_apart_stays_apart_whatever_is_said_of_a_third() -> None:
    made = released(*(text(name=name) for name in TRIO))
    pairs = [one.id for one in left(made)]
    assert len(pairs) == 3
    for apart in pairs:
        decisions = {pair: "apart" if pair == apart else "same" for pair in pairs}
        assert len(names(settled(MODEL, made, decisions))) == 2


@pytest.mark.parametrize("odd", ["", ".", "a.b", "x" * 500, "{0}.{0}", "{0}", "{0}.{1}.{2}", "{0}.{2}"])
def test_decisions_about_anything_else_change_nothing(odd: str) -> None:
    made = released(text(name=TRIO[0]), text(name=TRIO[1]), text(type="health", name="Soins"))
    (ask,) = left(made)
    # The third stands for an entry of another type.
    first, second = ask.id.split(".")
    third = group._ident(json.loads(text(type="health", name="Soins")))
    known = {BETWEEN.join(sorted(odd.format(first, second, third).split(BETWEEN))): "same"}
    assert settled(MODEL, made, known) == settled(MODEL, made, {})
    assert settled(MODEL, made, {ask.id: "perhaps"}) == settled(MODEL, made, {})
    assert asks(MODEL, made, {ask.id: "perhaps"}, "fr") == (ask,)
    assert len(asks(MODEL, made, known, "fr")) == 1
    assert len(left(made, {f"{second}.{first}": "same"})) == 1


def test_pairs_judged_apart_make_room_for_others() -> None:
    made = released(*(text(name="Frigo", organization=f"Maison {word}") for word in "abcdefghij"))
    first = left(made)
    assert len(first) == 20
    second = left(made, {one.id: "apart" for one in first})
    assert second
    assert not {one.id for one in first} & {one.id for one in second}


@given(st.text("abcd", max_size=9), st.text("abcd", max_size=9))
@example("abcd", "abcda")
@example("abcdabcd", "abcdabcdabcd")
def test_the_quick_look_at_two_names_leaves_out_no_pair(one: str, other: str) -> None:
    from difflib import SequenceMatcher

    one, other = plain_name(one), plain_name(other)
    words, others = set(one.split()), set(other.split())
    rest, remains = ("".join(sorted(found - (words & others))) for found in (words, others))
    if rest and remains and min(len(rest), len(remains)) >= 3:
        assert alike(one, other) == (SequenceMatcher(None, rest, remains, autojunk=False).ratio() >= 0.8)


# ---- files


def content(data: bytes) -> str:
    """Everything that stands in a file, unpacked."""
    if data.startswith(b"PK"):
        with ZipFile(io.BytesIO(data)) as archive:
            # A workbook writes letters with accents as numbers.
            return unescape("\n".join(name + archive.read(name).decode("utf-8") for name in archive.namelist()))
    return data.decode("utf-8")


LIST = (
    text_of(STRUCTURE, FULL), text(name="Frigo libre"), text(type="shelter", name="Maison", organization="Maison"),
    text(name="=1+1", organization="+Maison"),
)  # fmt: skip


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("what", GIVES)
def test_a_file_tells_the_services_and_nothing_about_people(what: str, lang: str) -> None:
    made = give(MODEL, settled(MODEL, released(*LIST), {}), what, lang)
    assert made.name.startswith("services.")
    told, texts = content(made.data), MODEL.texts(lang)
    for part in ("Cuisine du coin", "Repas chauds", "dari", texts.option("access", "online")):
        assert part in told
    options = (("knowledge", "a_little"), ("together", "we_could"), ("visibility", "public"), ("role", "reception"))
    for scale, option in options:
        assert texts.option(scale, option) not in told
    for column in OWN:
        if column != "share":
            assert texts.text("entries", column) not in told
    for gone in ("zorglub", "2026-01-02", "Autre chose", "we_could", "reception"):
        assert gone not in told.lower()


def test_the_day_of_a_check_is_a_month_in_tables_and_nothing_in_open_data() -> None:
    made = settled(MODEL, released(*LIST), {})
    assert "2026-01" in content(give(MODEL, made, "csv", "fr").data)
    with ZipFile(io.BytesIO(give(MODEL, made, "hsds", "fr").data)) as archive:
        (rows,) = tables({"services.csv": archive.read("services.csv")}).values()
    assert {row["assured_date"] for row in rows} == {""}


def test_a_merged_service_is_in_a_file_once() -> None:
    made = released(text(name=TRIO[0]), text(name=TRIO[1]))
    (ask,) = left(made)
    for what in GIVES:
        before, after = (
            content(give(MODEL, settled(MODEL, made, decisions), what, "fr").data).lower().count("cuisine du coin")
            for decisions in ({}, {ask.id: "same"})
        )
        assert after == before / 2


def test_no_cell_is_run_as_a_formula() -> None:
    from openpyxl import load_workbook

    made = settled(MODEL, released(*LIST), {})
    raw = give(MODEL, made, "csv", "fr").data
    cells = [cell for row in csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";") for cell in row]
    assert "'=1+1" in cells
    assert not any(cell.startswith(("=", "+")) for cell in cells)
    book = load_workbook(io.BytesIO(give(MODEL, made, "xlsx", "fr").data))
    found = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in found} == {"s"}
    assert "'=1+1" in [cell.value for cell in found]


@pytest.mark.parametrize("lang", languages())
def test_open_data_follows_the_specification(lang: str) -> None:
    with ZipFile(io.BytesIO(give(MODEL, settled(MODEL, released(*LIST), {}), "hsds", lang).data)) as archive:
        found = tables({name: archive.read(name) for name in archive.namelist()})
    assert set(found) == set(REQUIRED)
    for name, rows in found.items():
        assert all(row[field] for row in rows for field in REQUIRED[name]), name
    assert len(found["services.csv"]) == len(LIST)
    assert {row["url"] for row in found["services.csv"]} == {""}
    if SPECIFICATION:
        package = json.loads((Path(SPECIFICATION) / "datapackage.json").read_text("utf-8"))
        for one in package["resources"]:
            for row in found.get(one["path"], ()):
                for field in one["schema"]["fields"]:
                    follows(field, row[field["name"]])


# ---- in the store: what is decided, and what stays as it was released


def workshop(store: Store, *boards: dict[str, Value], k: int = 5) -> Session:
    plans = (Plan("reflection"), Plan(SLUG))
    made = Session(new_id(), new_code(), "Table", "fr", Mode.ANONYMOUS, k, plans, (), date(2026, 9, 1))
    made = store.sessions.add(made, "key")
    for plan in plans:
        store.sessions.set_state(made.id, plan.slug, State.OPEN)
    come(store, made, *boards)
    return store.sessions.get(made.id)


def come(store: Store, session: Session, *boards: dict[str, Value]) -> None:
    for answers in boards:
        seat, _ = store.seats.take(session, Sector.OTHER, None, "fr")
        for item, value in answers.items():
            store.answers.save(seat.id, SLUG, item, MODEL.check(item, value), 1)


BOARDS = (
    board(FULL, OTHER), board(NEAR, OTHER), board(entry(name="Frigo libre", offers="Partage")), board(OTHER),
    board(OTHER), board(entry(name=SECRET, visibility="partners"), know_food="well"),
)  # fmt: skip


def reveal(store: Store, session: Session) -> Snapshot:
    """Reveal the list, and let every entry of it pass as the facilitator does."""
    made = results.reveal(store, session, SLUG)
    deciding.look_over(store, session, SLUG, "", SHOW)
    return made


def times(html: str, name: str) -> int:
    """How often a page tells it; what travels along for slides tells the same once more."""
    return re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL).count(name)


def kept_of(store: Store, session: Session) -> Kept:
    kept = store.snapshots.get(session.id, SLUG)
    assert kept is not None
    return kept


def first(store: Store, session: Session) -> Ask:
    return deciding.asks(store, session, SLUG, "fr")[0]


def test_a_decision_changes_what_is_told_and_nothing_of_what_was_released(store: Store) -> None:
    session = workshop(store, *BOARDS)
    assert deciding.asks(store, session, SLUG, "fr") == ()
    assert not deciding.decide(store, session, SLUG, "a.b", "same")
    reveal(store, session)
    kept = kept_of(store, session)
    row = kept.release
    before = {lang: results.told(store, session, SLUG, lang) for lang in languages()}
    assert all(times(html, "uisine du coin") == 2 for html in before.values())
    changed, tick = store.changed(), store.sessions.tick(session.id)
    ask = first(store, session)
    assert deciding.decide(store, session, SLUG, ask.id, "same")
    assert store.changed() != changed
    assert store.sessions.tick(session.id) > tick
    now = kept_of(store, session).release
    assert kept_of(store, session) == replace(kept, release=now)
    assert {name: now[name] for name in now if name not in ("told", "decisions")} == {
        name: row[name] for name in row if name not in ("told", "decisions")
    }
    assert now["decisions"] == {**row["decisions"], ask.id: "same"}
    for lang, html in before.items():
        shown = results.told(store, session, SLUG, lang)
        assert times(shown, "uisine du coin") == 1
        assert shown != html
    assert deciding.decide(store, session, SLUG, ask.id, "")
    assert {lang: results.told(store, session, SLUG, lang) for lang in languages()} == before
    assert kept_of(store, session).release == row


@pytest.mark.parametrize(("ask", "choice"), [("x.y", "same"), ("", ""), ("REAL", "perhaps"), ("REAL", "public")])
def test_a_decision_that_is_not_asked_changes_nothing(store: Store, ask: str, choice: str) -> None:
    session = workshop(store, *BOARDS)
    reveal(store, session)
    before = store.snapshots.get(session.id, SLUG)
    real = first(store, session).id
    assert not deciding.decide(store, session, SLUG, real if ask == "REAL" else ask, choice)
    assert not deciding.decide(store, session, "reflection", real, "same")
    assert store.snapshots.get(session.id, SLUG) == before


def test_disclosure_control_compares_with_what_was_released(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    session = workshop(store, *BOARDS)
    first_made = reveal(store, session)
    deciding.decide(store, session, SLUG, first(store, session).id, "same")
    seen: list[Snapshot | None] = []

    def spy(*args: Any) -> Snapshot:
        seen.append(args[5])
        return release(*args)

    monkeypatch.setattr(results, "release", spy)
    made = reveal(store, session)
    assert seen[0] is not None
    assert release_to_json(seen[0].release) == json.loads(json.dumps(release_to_json(first_made.release))) or (
        seen[0].release == first_made.release
    )
    assert seen[0].basis == first_made.basis
    assert made.release.texts == first_made.release.texts
    assert made.news == 0


def test_a_decision_outlives_another_reveal_and_reaches_report_and_room_screen(store: Store, tmp_path: Path) -> None:
    session = workshop(store, *BOARDS)
    reveal(store, session)
    deciding.decide(store, session, SLUG, first(store, session).id, "same")
    come(store, session, *(board(entry(name=f"Halte {n}", type="health")) for n in range(5)))
    made = reveal(store, session)
    assert sum("Halte" in one for one in made.release.texts["entries"]) == 5
    assert len(made.release.texts["entries"]) == 9
    shown = results.revealed(store, session, SLUG)
    assert shown is not None
    assert sorted(names(shown)) == ["Cuisine du coin", "Frigo libre", *(f"Halte {n}" for n in range(5))]
    report = notebook.load(str(tmp_path / "store.db"), session.id, "fr")
    told = notebook.sections(report)
    assert told is not None
    for html in (told.html, results.told(store, session, SLUG, "fr")):
        assert times(html, "uisine du coin") == 1
        assert "Halte 4" in html
        assert SECRET not in html


def test_a_decision_about_what_is_no_longer_released_is_forgotten(store: Store) -> None:
    session = workshop(store, *BOARDS)
    reveal(store, session)
    ask = first(store, session)
    deciding.decide(store, session, SLUG, ask.id, "same")
    kept = kept_of(store, session).release
    gone = {**kept, "texts": {"entries": [text(name="Frigo libre")]}}
    assert store.snapshots.replace(session.id, SLUG, kept, gone)
    reveal(store, session)
    decisions = kept_of(store, session).release["decisions"]
    assert ask.id not in decisions
    assert list(decisions.values()) == [SHOW]


def test_a_reveal_in_between_is_not_undone_by_a_decision(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    session = workshop(store, *BOARDS)
    reveal(store, session)
    ask = first(store, session)
    come(store, session, *(board(entry(name=f"Halte {n}", type="health")) for n in range(5)))
    inner, once = deciding.row_of, []

    def meanwhile(*args: Any, **named: Any) -> dict[str, Any]:
        if not once:
            once.append(True)
            reveal(store, session)
        return inner(*args, **named)

    monkeypatch.setattr(deciding, "row_of", meanwhile)
    assert deciding.decide(store, session, SLUG, ask.id, "same")
    shown = results.revealed(store, session, SLUG)
    assert shown is not None
    assert len(names(shown)) == 7
    assert "Halte 4" in results.told(store, session, SLUG, "fr")


def test_what_pages_read_of_a_result(store: Store) -> None:
    session = workshop(store, *BOARDS)
    assert results.told(store, session, SLUG, "fr") == ""
    assert store.snapshots.slugs(session.id) == frozenset()
    reveal(store, session)
    assert store.snapshots.slugs(session.id) == {SLUG}
    row = kept_of(store, session).release
    for lang in languages():
        assert results.told(store, session, SLUG, lang) == row["told"][lang] != ""
    assert store.snapshots.told(session.id, SLUG, "xx") == ""
    assert store.snapshots.told(session.id, "reflection", "fr") == ""


def test_files_come_from_what_was_revealed_only(store: Store) -> None:
    session = workshop(store, *BOARDS)
    assert deciding.gives(store, session, SLUG) == ()
    for what in (*GIVES, "pdf", ""):
        with pytest.raises(NothingReleased):
            deciding.give(store, session, SLUG, what, "fr")
    reveal(store, session)
    assert deciding.gives(store, session, SLUG) == GIVES
    with pytest.raises(NothingReleased):
        deciding.give(store, session, SLUG, "pdf", "fr")
    for what in GIVES:
        told = content(deciding.give(store, session, SLUG, what, "fr").data)
        assert "Frigo libre" in told
        assert SECRET.lower() not in told.lower()
    results.reveal(store, session, "reflection")
    assert deciding.gives(store, session, "reflection") == ()
    with pytest.raises(NothingReleased):
        deciding.give(store, session, "reflection", "csv", "fr")


def test_four_writers_and_what_is_not_public_give_no_file(store: Store) -> None:
    hidden = [board(entry(name=f"{SECRET} {n}", visibility="partners"), know_food="well") for n in range(9)]
    session = workshop(store, *(board(entry(name=SECRET, offers=f"{n}")) for n in range(4)), *hidden)
    reveal(store, session)
    assert deciding.gives(store, session, SLUG) == ()
    assert SECRET not in str(store.snapshots.get(session.id, SLUG))
    with pytest.raises(NothingReleased):
        deciding.give(store, session, SLUG, "csv", "fr")


# ---- the contract, and who may call it


GROUPS = [model.slug for model in exercises().values() if summaries.group_of(model.slug)]


@pytest.mark.parametrize("slug", GROUPS)
@pytest.mark.parametrize("lang", languages())
def test_a_group_module_has_its_sentences(slug: str, lang: str) -> None:
    model, made = exercise(slug), summaries.group_of(slug)
    assert made is not None
    for key in ("asks", "asks_lead", "files", "files_lead", *made.GIVES):
        assert model.texts(lang).say(f"group_{key}")


class Line(BaseComm):
    """The line to the page: keeps what was sent."""

    def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **_: Any) -> None:
        sent = self.__dict__.setdefault("sent", [])
        sent.append((json.loads(json.dumps(data)), buffers))


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comm, "create_comm", lambda *args, **kwargs: Line(*args, **kwargs))


def hear(view: Any, content: object) -> list[tuple[dict[str, Any], Any]]:
    """What the page is told, without the word that all of it has come."""
    sent = view.comm.__dict__["sent"]
    sent.clear()
    view.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})
    told = [(one["content"], buffers) for one, buffers in sent if one["method"] == "custom"]
    return [one for one in told if one[0] != {"kind": "done"}]


@pytest.mark.parametrize("lang", languages())
def test_the_console_asks_decides_and_gives(store: Store, lines: None, lang: str) -> None:
    session = workshop(store, *BOARDS)
    console = FacilitatorPage(store, session.id, "http://127.0.0.1", lang).console
    (_, (result, _)) = hear(console, {"kind": "reveal", "slug": SLUG})
    assert (result["kind"], result["list"]) == ("result", None)
    (_, (result, _)) = hear(console, {"kind": "text", "slug": SLUG, "text": "", "choice": "show"})
    assert [one["id"] for one in result["list"]["gives"]] == list(GIVES)
    (ask,) = result["list"]["asks"]
    (said, _), (now, _) = hear(console, {"kind": "decide", "slug": SLUG, "ask": ask["id"], "choice": "same"})
    assert MODEL.texts(lang).say("alike_merge") in said["text"]
    assert [one["chosen"] for one in now["list"]["asks"]] == ["same"]
    assert times(now["html"], "uisine du coin") == 1
    ((made, (data,)),) = hear(console, {"kind": "give", "slug": SLUG, "what": "csv"})
    assert made == {"kind": "file", "name": "services.csv", "media": "text/csv;charset=utf-8"}
    assert bytes(data).decode("utf-8-sig").lower().count("cuisine du coin") == 1
    (said, _), (now, _) = hear(console, {"kind": "decide", "slug": SLUG, "ask": ask["id"], "choice": ""})
    assert [one["chosen"] for one in now["list"]["asks"]] == [""]
    (_, (other, _)) = hear(console, {"kind": "reveal", "slug": "reflection"})
    assert other["list"] is None


@pytest.mark.parametrize(
    "message",
    [
        {}, {"slug": SLUG}, {"slug": SLUG, "ask": 1, "choice": "same"}, {"slug": SLUG, "ask": "REAL", "choice": None},
        {"slug": SLUG, "ask": ["REAL"], "choice": "same"}, {"slug": "../x", "ask": "REAL", "choice": "same"},
        {"slug": None, "ask": "REAL", "choice": "same"}, {"slug": SLUG, "ask": "REAL", "choice": "public"},
        {"slug": SLUG, "ask": "x" * 9999, "choice": "same"}, {"slug": "", "ask": "REAL", "choice": "same"},
        {"slug": "reflection", "ask": "REAL", "choice": "same"},
    ],
)  # fmt: skip
def test_a_decision_that_no_button_sends_changes_nothing(store: Store, lines: None, message: dict[str, Any]) -> None:
    session = workshop(store, *BOARDS)
    console = FacilitatorPage(store, session.id, "http://127.0.0.1", "fr").console
    hear(console, {"kind": "reveal", "slug": SLUG})
    hear(console, {"kind": "text", "slug": SLUG, "text": "", "choice": "show"})
    before = store.snapshots.get(session.id, SLUG)
    real = first(store, session).id
    sent = {name: real if value == "REAL" else value for name, value in message.items()}
    said = hear(console, {"kind": "decide", **sent})
    assert "trouble" not in [one["kind"] for one, _ in said]
    assert said == [] or all(isinstance(message.get(name), str) for name in ("slug", "ask", "choice"))
    assert store.snapshots.get(session.id, SLUG) == before


@pytest.mark.parametrize("what", [None, 1, ["csv"], "", "pdf", "../csv", "ods"])
def test_a_file_that_no_button_names_is_not_made(store: Store, lines: None, what: Any) -> None:
    session = workshop(store, *BOARDS)
    console = FacilitatorPage(store, session.id, "http://127.0.0.1", "fr").console
    hear(console, {"kind": "reveal", "slug": SLUG})
    hear(console, {"kind": "text", "slug": SLUG, "text": "", "choice": "show"})
    for slug in (SLUG, "", "reflection", None):
        assert "file" not in [one["kind"] for one, _ in hear(console, {"kind": "give", "slug": slug, "what": what})]


@pytest.mark.parametrize("wanted", ["decide", "give", "reveal", "look"])
def test_nobody_but_the_facilitator_decides_or_takes_the_list(store: Store, lines: None, wanted: str) -> None:
    session = workshop(store, *BOARDS)
    reveal(store, session)
    ask, before = first(store, session).id, store.snapshots.get(session.id, SLUG)
    someone, _ = store.seats.take(session, Sector.OTHER, None, "fr")
    page = ParticipantPage(store, someone, "fr")
    page.choose(SLUG)
    wall = RoomScreen(store, session.id, "http://127.0.0.1", "fr").screen
    for view in (page.room, page.forms[SLUG], wall):
        said = hear(view, {"kind": wanted, "slug": SLUG, "ask": ask, "choice": "same", "what": "csv"})
        # On a form, `give` asks for the person's own entries, and this one has none.
        assert [one["kind"] for one, _ in said] in ([], ["not_taken"])
    assert store.snapshots.get(session.id, SLUG) == before


def test_a_participants_kernel_loads_neither_the_list_nor_what_draws(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kit import results; from kit.store import Store\n"
        f"store = Store.open(Path({str(tmp_path / 'x.db')!r}))\n"
        "import types; results.told(store, types.SimpleNamespace(id='x'), 'resources', 'fr')\n"
        "print([m for m in sys.modules if m.endswith('.group') or m in ('matplotlib', 'openpyxl')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_text_of_somebody_who_is_erased_goes_at_once_from_every_screen(store: Store) -> None:
    boards = [board(entry(name=f"Halte {n}", type="health"), know_food="well") for n in range(6)]
    session = workshop(store, *boards)
    reveal(store, session)
    assert "Halte 3" in results.told(store, session, SLUG, "fr")
    gone = next(
        person
        for person in store.seats.people(session.id)
        if "Halte 3" in str(store.answers.of(person.key, SLUG))
    )
    secret = store.snapshots.secrets(session.id)[gone.key]
    marks = kept_of(store, session).marks[gone.key]
    results.erase(store, store.seats.get(gone.key))
    for lang in languages():
        shown = results.told(store, session, SLUG, lang)
        assert "Halte 3" not in shown
        assert "Halte 2" in shown
    with store.engine.connect() as connection:
        rows = str([connection.execute(table.select()).all() for table in metadata.sorted_tables])
    files = b"".join(path.read_bytes() for path in Path(store.where).parent.glob(f"{Path(store.where).name}*"))
    for trace in ("Halte 3", gone.key, secret, *" ".join(marks.values()).split()):
        assert trace not in rows
        assert trace.encode() not in files, "in the file, its log or its free pages"
