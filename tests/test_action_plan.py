"""The action plan: its rows, what is told of them, and the files that go out and come in."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kit.disclosure import Release, release
from kit.errors import EndsBeforeStart, FileUnreadable, NothingDue, OngoingEnds, PictureFailed, TextIdentifies
from kit.exercise import exercise
from kit.exercises.action_plan import calendar, files
from kit.exercises.action_plan.model import EXAMPLE, STANDS, Model, free_keys, tidy
from kit.exercises.action_plan.summary import summarise
from kit.files import Asked, File, Taken
from kit.session import Mode, Response, Sector, Value
from kit.summary import Bullets, Figure, Gantt, Paragraph, Profile, Quotes, Summary, Table
from kit.tables.cells import plain as as_written
from kit.tables.decoding import decode
from kit.texts import say
from kit.upgrades import upgraded

LANGS = ("fr", "en")
MODEL = Model("kit.exercises.action_plan")
MOST = MODEL.structure.items()[0].most
ROW: dict[str, Value] = {"objective": "durable", "activity": "Meet", "start": "2027-01-10", "end": "2027-03-01"}
NASTY = ('=HYPERLINK("x")', "+1", "-1", "@x", "'quoted", 'a "b"; c, d', "Été à Montréal", "\\n;,", "1. x")


def plan(*rows: dict[str, object]) -> dict[str, Value]:
    """Rows as they are stored."""
    keys = free_keys({})
    checked = {key: MODEL.check(f"plan.{key}", row) for key, row in zip(keys, rows, strict=False)}
    return {f"plan.{key}": value for key, value in checked.items() if value is not None}


def asked(what: str, values=None, lang: str = "en", elsewhere=None, data: bytes = b"") -> Asked:
    return Asked(what, values or {}, lang, (), lambda slug: (elsewhere or {}).get(slug, {}), "plan.csv", data)


def give(what: str, values, lang: str = "en") -> File:
    return files.give(MODEL, asked(what, values, lang))


def take(what: str, values=None, lang: str = "en", elsewhere=None, data: bytes = b"") -> Taken:
    return files.take(MODEL, asked(what, values, lang, elsewhere, data))


def said(summary: Summary) -> str:
    """Everything in a summary as one text."""
    return repr(summary.blocks)


def unshared(values) -> list[dict[str, object]]:
    return [{**value, "share": False} for _, value in sorted(values.items())]


# ---- rows


def test_it_has_the_six_columns_and_the_six_objectives_of_the_source() -> None:
    item = MODEL.structure.items()[0]
    columns = [column.id for column in item.columns]
    six = ["objective", "aim", "activity", "means", "result", "actors", "start", "end", "term"]
    assert [one for one in columns if one not in ("role", "status")] == six
    assert MODEL.objectives == (*EXAMPLE, "own")
    assert {f"S2-{n}" for n in range(1, 7)} <= set(item.source)


@pytest.mark.parametrize("lang", LANGS)
def test_what_ends_before_it_starts_is_refused_with_both_dates(lang: str) -> None:
    with pytest.raises(EndsBeforeStart) as told:
        MODEL.check("plan.r0001", {**ROW, "end": "2027-01-09"})
    assert "2027-01-09" in told.value.tell(lang)
    assert "2027-01-10" in told.value.tell(lang)
    assert MODEL.check("plan.r0001", {**ROW, "end": "2027-01-10"})


def test_what_is_ongoing_has_no_end() -> None:
    with pytest.raises(OngoingEnds, match="2027-03-01"):
        MODEL.check("plan.r0001", {**ROW, "term": "ongoing"})
    assert MODEL.check("plan.r0001", {"activity": "x", "start": "2027-01-10", "term": "ongoing"})
    assert MODEL.check("plan.r0001", {**ROW, "term": "ends"})


def test_contact_details_are_refused() -> None:
    with pytest.raises(TextIdentifies):
        MODEL.check("plan.r0001", {"actors": "someone@example.org"})


def test_new_rows_come_behind_the_others_and_never_take_a_key_that_is_taken() -> None:
    keys = free_keys({"plan.r0009": {}, "plan.r000z": {}})
    assert [next(keys) for _ in range(2)] == ["r0010", "r0011"]
    last = free_keys({"plan.rzzzz": {}, "plan.r0001": {}})
    assert next(last) == "r0002"


# ---- the worked example


@pytest.mark.parametrize("lang", LANGS)
def test_the_worked_example_has_six_rows_that_can_be_kept(lang: str) -> None:
    taken = take("example", lang=lang)
    assert [row["objective"] for row in taken.answers.values()] == list(EXAMPLE)  # type: ignore[index]
    for item, row in taken.answers.items():
        assert MODEL.check(item, row) == row
        assert MODEL.is_example(row)
        assert {"activity", "means", "result", "actors"} <= set(row)
    assert "2017" in said(taken.told)


def test_pressing_the_button_twice_adds_nothing() -> None:
    first = dict(take("example").answers)
    assert take("example", first).answers == {}
    changed = {**first, "plan.r0001": {**first["plan.r0001"], "activity": "Ours"}}  # type: ignore[dict-item]
    assert list(take("example", changed).answers) == ["plan.r0007"]


@pytest.mark.parametrize("lang", LANGS)
def test_an_untouched_example_counts_for_nobody(lang: str) -> None:
    rows = dict(take("example", lang=lang).answers)
    assert MODEL.counted(rows) == {}
    assert "share" in rows["plan.r0001"]
    shared = {item: {**row, "share": True} for item, row in rows.items()}  # type: ignore[dict-item]
    assert MODEL.counted(shared) == {}
    rows["plan.r0001"] = {**rows["plan.r0001"], "activity": "Ours"}  # type: ignore[dict-item]
    told = MODEL.counted(rows)
    assert [one for one in MODEL.objectives if told[f"plan_{one}"] != "not_planned"] == ["durable"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("which", ["table", "text"])
def test_who_answers_for_it_and_where_it_stands_come_back_from_a_file(which: str, lang: str) -> None:
    rows = plan({"activity": "Meet", "role": "Coordination", "status": "under_way"})
    data = give(which, rows, lang).data
    name = "plan.xlsx" if which == "table" else "plan.csv"
    taken = files.take(MODEL, replace(asked("text", lang=lang, data=data), name=name))
    assert unshared(taken.answers) == unshared(rows)


def test_a_word_for_where_it_stands_that_is_not_the_plans_is_told() -> None:
    taken = take("text", data=b"Activity;Status\nMeet;half way\nWrite;Done\nCall;\n")
    assert [row.get("status") for row in taken.answers.values()] == [None, "done", None]  # type: ignore[union-attr]
    assert MODEL.texts("en").say("reason_status", status="half way") in said(taken.told)


def test_a_plan_in_a_workbook_with_joined_cells_and_several_sheets_comes_in_whole() -> None:
    """One objective stands beside all its actions; a second sheet holds last year's."""
    book = Workbook()
    sheet = book.active
    sheet.title = "2026"
    for row in (
        ["Plan d'action commun"], ["Objectif", "Action", "À qui", "Échéance"],
        ["Se connaître", "Visiter", "Maison A", date(2026, 9, 30)], [None, "Écrire", "Ville B", "en continu"],
    ):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A3:A4")
    last = book.create_sheet("2025")
    last.append(["Action"])
    last.append(["Commencer"])
    out = io.BytesIO()
    book.save(out)
    taken = take("text", lang="fr", data=out.getvalue())
    told = [(row["aim"], row["activity"], row["actors"], row.get("end")) for row in unshared(taken.answers)]
    assert told == [
        ("Se connaître", "Visiter", "Maison A", "2026-09-30"), ("Se connaître", "Écrire", "Ville B", None)
    ]  # fmt: skip
    assert say("fr", "tables.left_sheets", names="2025").replace("\xa0", "\\xa0") in said(taken.told)
    assert MODEL.texts("fr").say("reason_date")[:20] in said(taken.told)
    (choice,) = taken.choices
    other = files.take(MODEL, replace(asked("text", lang="fr", data=out.getvalue()), chosen={choice.id: "2025"}))
    assert [row["activity"] for row in unshared(other.answers)] == ["Commencer"]


@pytest.mark.parametrize(("line", "kept", "reason", "details"), [
    ("A;Ana;2027-06-01;2027-05-01;", {"activity": "A", "actors": "Ana", "start": "2027-06-01"}, "reason_end",
     {"date": "2027-05-01"}),
    ("A;call 613 555 0100;;;", {"activity": "A"}, "reason_contact",
     {"column": "Who takes part", "what": "a phone number"}),
    (f"{'a' * 500};Ana;;;", {"activity": "a" * 400, "actors": "Ana"}, "reason_cut",
     {"column": "Activity", "limit": 400}),
    ("A;Ana;;;perhaps", {"activity": "A", "actors": "Ana"}, "reason_term", {"term": "perhaps"}),
])  # fmt: skip
def test_what_cannot_be_kept_of_a_row_is_told_and_the_rest_is_kept(
    line: str, kept: dict[str, str], reason: str, details: dict[str, object]
) -> None:
    taken = take("text", data=f"Task name;Assignee;Start date;Due date;term\n{line}\n".encode())
    assert unshared(taken.answers) == [{**kept, "share": False}]
    assert MODEL.texts("en").say(reason, **details) in said(taken.told)


@pytest.mark.parametrize(("head", "line"), [
    ("Task Name,Bucket Name,Progress,Assigned To,Due Date", "Call,To do,In progress,Ana,2027-04-01"),
    ("Nom de la tâche;Compartiment;Avancement;Attribuée à;Échéance", "Call;À faire;En cours;Ana;jeudi 1er avril 2027"),
    ("Card Name\tList\tStatus\tMembers\tDue", "Call\tx\tDoing\tAna\t2027-04-01T12:00:00.000Z"),
    ("Quoi?;Où?;Où en est-on?;Qui?;Quand?", "Call;x;commencé;Ana;01-avr-27"),
])  # fmt: skip
def test_the_tables_of_other_planners_are_read(head: str, line: str) -> None:
    taken = take("text", data=f"Plan\n{head}\n{line}\n".encode())
    (row,) = unshared(taken.answers)
    assert row == {
        "activity": "Call", "actors": "Ana", "end": "2027-04-01", "status": "under_way", "share": False,
    }  # fmt: skip
    assert say("en", "tables.left_above", count=1) in said(taken.told)


def test_a_row_of_the_first_edition_is_kept_as_it_is() -> None:
    row = plan({"activity": "Meet", "actors": "Both teams", "start": "2027-01-01", "term": "ongoing"})
    assert upgraded(MODEL, 1, row) == {item: MODEL.check(item, value) for item, value in row.items()}


# The two activities as the first edition loaded them.
FIRST_EDITION = {
    "en": {
        "integrated": "Inform women and train both sectors, again and again as staff change; review mandates; learn "
        "together about people's paths and the barriers they meet; name someone in each organization who carries the "
        "file; share interpreters.",
        "others": "Invite others to join: institutions, communities, other places where people meet, men.",
    },
    "fr": {
        "integrated": "Informer les femmes et former les deux secteurs, encore et encore à mesure que le personnel "
        "change; revoir les mandats; apprendre ensemble ce que vivent les personnes et ce qui leur barre la route; "
        "nommer dans chaque organisation quelqu'un qui porte le dossier; partager les interprètes.",
        "others": "Inviter d'autres à se joindre\u00a0: institutions, communautés, autres lieux où l'on se rencontre, "
        "hommes.",
    },
}


# Fields of the worked example that the edition before this one loaded otherwise.
SECOND_EDITION = {
    "en": {
        ("integrated", "activity"):
        "Inform women and train both sectors, again and again as staff change; review mandates; learn "
        "together about people's paths, the pressure that family and community can put on them, and the "
        "barriers that systems set up; name someone in each organization who carries the file; share "
        "interpreters.",
        ("integrated", "means"):
        "Immigration sector: inform women about violence, train staff in the feminist approach and in "
        "resources. Anti-violence sector: train staff in the intercultural approach, build multilingual "
        "teams, adapt opening hours.",
        ("advocacy", "means"):
        "Common requests on working together, training, adapted interpreting as a right, services outside"
        " shelters, second-stage and social housing, and the rights of immigrant and racialized women.",
    },
    "fr": {
        ("integrated", "activity"):
        "Informer les femmes et former les deux secteurs, encore et encore à mesure que le personnel "
        "change; revoir les mandats; apprendre ensemble ce que vivent les personnes, la pression que "
        "peuvent exercer la famille et la communauté, et les barrières que dressent les systèmes; nommer "
        "dans chaque organisation quelqu'un qui porte le dossier; partager les interprètes.",
        ("integrated", "means"):
        "Immigration\u00a0: informer les femmes sur la violence, former le personnel à l'approche féministe et"
        " aux ressources. Lutte contre la violence\u00a0: former le personnel à l'approche interculturelle, "
        "bâtir des équipes multilingues, adapter les heures d'ouverture.",
        ("advocacy", "means"):
        "Des demandes communes sur la concertation, la formation, l'interprétariat adapté comme un droit,"
        " les services hors hébergement, le logement de deuxième étape et le logement social, et les "
        "droits des femmes immigrantes et racisées.",
    },
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("edition", [1, 2])
def test_the_example_of_an_earlier_edition_still_counts_for_nobody(lang: str, edition: int) -> None:
    rows: dict[str, Value] = {}
    for item, row in take("example", lang=lang).answers.items():
        assert isinstance(row, dict)
        one = row["objective"]
        then = {word: text for (which, word), text in SECOND_EDITION[lang].items() if which == one}
        if edition == 1 and one in FIRST_EDITION[lang]:
            then["activity"] = FIRST_EDITION[lang][one]
        rows[item] = {**row, **{word: tidy(text) for word, text in then.items()}}
    assert rows != take("example", lang=lang).answers
    assert MODEL.counted(rows) == {}
    untouched = Paragraph(MODEL.texts(lang).say("untouched", count=6), "note")
    assert untouched in MODEL.feedback(rows, lang).blocks


# ---- drafts from other exercises


@pytest.mark.parametrize("lang", LANGS)
def test_low_ratings_of_the_partnership_become_drafts(lang: str) -> None:
    there: dict[str, Value] = {
        "trust": "disagree", "power_shared": "strongly_disagree", "known_roles": "agree", "shared_vision": "dont_know",
    }  # fmt: skip
    taken = take("partnership", lang=lang, elsewhere={"partnership": there})
    texts = exercise("partnership").texts(lang)
    aims = " ".join(str(row["aim"]) for row in taken.answers.values())  # type: ignore[index]
    assert len(taken.answers) == 2
    for gap in ("trust", "power_shared"):
        assert " ".join(texts.text(gap).split())[:100] in aims
    for item, row in taken.answers.items():
        assert MODEL.check(item, row) == row
        assert set(row) == {"objective", "aim", "share"}


@pytest.mark.parametrize("lang", LANGS)
def test_growth_areas_of_the_reflection_become_drafts_and_own_practices_too(lang: str) -> None:
    there: dict[str, Value] = {
        "all_power": "growth", "all_bias": "strength", "all_own_rating": "growth", "people_own_rating": "growth",
        "all_own": {"text": "Shared coffee", "share": False}, "warm_time": "much",
    }  # fmt: skip
    taken = take("reflection", lang=lang, elsewhere={"reflection": there})
    aims = [str(row["aim"]) for row in taken.answers.values()]  # type: ignore[index]
    assert len(aims) == 2
    assert "Shared coffee" in aims[1]


def test_every_gap_there_can_be_fits_into_a_row() -> None:
    for slug, low in files.GAPS.items():
        there = {item.id: low[0] for item in exercise(slug).structure.items() if item.kind == "choice"}
        for lang in LANGS:
            taken = take(slug, lang=lang, elsewhere={slug: there})
            assert len(taken.answers) > 10
            assert all(MODEL.check(item, row) == row for item, row in taken.answers.items())


def test_nothing_elsewhere_is_said() -> None:
    taken = take("partnership")
    assert taken.answers == {}
    assert said(taken.told) == repr((Paragraph(MODEL.texts("en").say("taken_none")),))


# ---- out and in again


@pytest.mark.parametrize("lang", LANGS)
def test_a_csv_file_brings_back_every_row(lang: str) -> None:
    rows = plan(*({"objective": "own", "aim": text, "activity": text, "means": text} for text in NASTY), ROW,
                {"activity": "x", "term": "ongoing", "start": "2027-02-01"}, {"end": "2027-02-02"})
    made = give("text", rows, lang)
    back = take("text", lang=lang, data=made.data)
    expected = [{"objective": "own", **row} if "objective" in row else row for row in unshared(rows)]
    assert unshared(back.answers) == expected
    assert not [block for block in back.told.blocks if isinstance(block, Bullets)]
    other = take("text", lang="en" if lang == "fr" else "fr", data=made.data)
    assert other.answers == back.answers


text_line = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)


@settings(deadline=None)
@given(text=text_line, lang=st.sampled_from(LANGS))
def test_any_text_survives_csv(text: str, lang: str) -> None:
    try:
        rows = plan({"activity": text, "means": "x"})
    except TextIdentifies:
        return
    # Some letters look like others that were made UTF-8 twice; a list from elsewhere is more likely so.
    assume(decode(text.encode()) == text)
    assert unshared(take("text", lang=lang, data=give("text", rows, lang).data).answers) == unshared(rows)


@pytest.mark.parametrize("lang", LANGS)
def test_no_cell_of_a_csv_file_is_a_formula(lang: str) -> None:
    made = give("text", plan(*({"activity": text} for text in NASTY)), lang).data
    assert made.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(made.decode("utf-8-sig")), delimiter=";" if lang == "fr" else ","))
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert len(lines) == len(NASTY) + 1


@pytest.mark.parametrize("lang", LANGS)
def test_a_workbook_has_headings_widths_and_dates_and_runs_nothing(lang: str) -> None:
    made = give("table", plan(ROW, *({"activity": text} for text in NASTY)), lang)
    sheet = load_workbook(io.BytesIO(made.data)).active
    assert sheet is not None
    texts = MODEL.texts(lang)
    columns = [column.id for column in MODEL.structure.items()[0].columns]
    assert [cell.value for cell in sheet[1]] == [texts.text("plan", one) for one in columns]
    assert sheet.freeze_panes == "A2"
    assert all(one.width > 10 for one in sheet.column_dimensions.values())
    start = sheet.cell(2, columns.index("start") + 1)
    assert start.value == datetime(2027, 1, 10)
    assert start.is_date
    activity = columns.index("activity") + 1
    written = [str(sheet.cell(line, activity).value) for line in range(3, 3 + len(NASTY))]
    assert [as_written(one) for one in written] == list(NASTY)
    assert not [one for one in written if one.lstrip().startswith(("=", "+", "-", "@"))]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "d", "n"}
    assert sheet.cell(2, 1).value == texts.option("objective", "durable")


def test_a_workbook_says_nothing_of_who_made_it_and_when() -> None:
    made = give("table", plan(ROW)).data
    assert made == give("table", plan(ROW)).data
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        about = book.read("docProps/core.xml").decode()
        assert {one.date_time[:3] for one in book.infolist()} == {(1980, 1, 1)}
    assert not re.search(r"\d{4}-\d\d|creator>[^<]", about)


def test_control_characters_do_not_break_a_workbook() -> None:
    assert give("table", {"plan.r0001": {"activity": "a\x01b", "share": False}}).data


@pytest.mark.parametrize("what", files.GIVES)
def test_file_names_are_neutral(what: str) -> None:
    assert re.fullmatch(r"plan\.(xlsx|csv|ics|html)", give(what, plan(ROW)).name)


# ---- iCalendar, read by a parser of this file's own


def parsed(data: bytes) -> list[dict[str, tuple[str, str]]]:
    """The events of a calendar: name → (parameters, value); checks lines and folds as RFC 5545 wants them."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = data.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in lines)
    whole = [line.decode("utf-8") for line in b"\r\n".join(lines).replace(b"\r\n ", b"").split(b"\r\n")]
    assert (whole[0], whole[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events: list[dict[str, tuple[str, str]]] = []
    for line in whole[1:-1]:
        head, _, value = line.partition(":")
        name, _, params = head.partition(";")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and line != "END:VEVENT":
            assert name not in events[-1], f"{name} stands twice"
            assert not re.search(r"[,;]", re.sub(r"\\.", "", value)), "a comma or semicolon that is not escaped"
            events[-1][name] = (params, re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value))
    return events


@pytest.mark.parametrize("lang", LANGS)
def test_a_calendar_has_an_all_day_event_on_each_end_date(lang: str) -> None:
    rows = plan(ROW, {"activity": "no end"}, {**ROW, "activity": "Secret activity", "end": "2027-12-31"})
    data = give("calendar", rows, lang).data
    events = parsed(data)
    assert [event["DTSTART"] for event in events] == [("VALUE=DATE", "20270301"), ("VALUE=DATE", "20271231")]
    assert [event["DTEND"] for event in events] == [("VALUE=DATE", "20270302"), ("VALUE=DATE", "20280101")]
    assert [event["SUMMARY"][1] for event in events] == [MODEL.texts(lang).say("event", number=n) for n in (1, 3)]
    stamp = f"{datetime.now(UTC).date():%Y%m%d}T000000Z"
    assert {event["DTSTAMP"][1] for event in events} <= {stamp, f"{date.today():%Y%m%d}T000000Z"}
    assert len({event["UID"][1] for event in events}) == 2
    assert all(re.fullmatch(r"[0-9a-f-]{36}", event["UID"][1]) for event in events), "no host, no person"
    assert b"Secret" not in data
    assert b"Meet" not in data
    assert {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "TRANSP"} == set(events[0])


def test_a_calendar_that_is_taken_again_updates_its_dates_and_nobody_elses() -> None:
    def taken(seed: str, rows: dict[str, Value], **revisions: int) -> list[tuple[str, str, str]]:
        revised = {f"plan.{key}": number for key, number in revisions.items()}
        asked = Asked("calendar", rows, "fr", (), lambda _slug: {}, seed=seed, revisions=revised)
        made = parsed(files.give(MODEL, asked).data)
        return [(one["UID"][1], one["SEQUENCE"][1], one["DTSTART"][1]) for one in made]

    rows = plan(ROW, {**ROW, "activity": "Another"})
    first = taken("mine", rows, r0001=1, r0002=1)
    moved = {key: {**row, "end": "2027-05-01"} if key.endswith("r0002") else row for key, row in rows.items()}
    again = taken("mine", moved, r0001=1, r0002=2)
    assert [uid for uid, *_ in again] == [uid for uid, *_ in first]
    assert again[0] == first[0]
    assert (again[1][1], again[1][2]) == ("2", "20270501")
    assert not {uid for uid, *_ in taken("theirs", rows)} & {uid for uid, *_ in first}


@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_any_summary_survives_escaping_and_folding(text: str) -> None:
    (event,) = parsed(calendar.write([calendar.Event("u", 0, date(2027, 1, 1), text)], date(2026, 11, 24)))
    assert event["SUMMARY"][1] == text
    assert event["DTSTAMP"][1] == "20261124T000000Z"


@pytest.mark.parametrize("letters", ["x" * 200, "é" * 90, "x" + "é" * 90, "👩‍👧" * 20])
def test_line_breaks_are_escaped_and_no_letter_is_broken(letters: str) -> None:
    told = calendar.Event("u", 0, date(2027, 1, 1), f"a\nb\r\nc; d, e\\n {letters}")
    (event,) = parsed(calendar.write([told], date(2027, 1, 1)))
    assert event["SUMMARY"][1] == f"a\nb\nc; d, e\\n {letters}"


def test_a_plan_with_no_end_date_has_no_calendar() -> None:
    with pytest.raises(NothingDue) as told:
        give("calendar", plan({"activity": "x"}))
    assert told.value.tell("fr") != told.value.tell("en")


# ---- the picture


@pytest.mark.parametrize("lang", LANGS)
def test_a_picture_comes_with_the_same_as_a_table_and_loads_nothing(lang: str) -> None:
    rows = plan(ROW, {"activity": "<b>Trap</b> & co", "term": "ongoing", "start": "2027-02-01"}, {"aim": "Later"})
    page = give("picture", rows, lang).data.decode("utf-8")
    assert f'<html lang="{lang}">' in page
    assert page.count("<svg") == 1
    assert 'role="img"' in page
    assert "<b>" not in page
    assert not re.search(r"(src|href)=\"(?!#)|url\((?!#)|<script|https?://(?!www\.w3\.org/2000/svg)", page)
    body = page[page.index("<main>") : page.index("</main>") + 7]
    tree = ElementTree.fromstring(body.replace('xmlns="http://www.w3.org/2000/svg"', ""))
    cells = [" ".join(row.itertext()) for row in tree.iter("tr")]
    assert len(cells) == 4
    assert "Meet" in cells[1]
    assert "2027-01-10" in cells[1]


def test_a_participants_process_does_not_load_matplotlib() -> None:
    code = (
        "import sys\n"
        "from kit.exercises.action_plan import files\n"
        "from kit.exercises.action_plan.model import Model\n"
        "from kit.files import Asked\n"
        "model = Model('kit.exercises.action_plan')\n"
        "rows = dict(files.take(model, Asked('example', {}, 'fr', (), dict)).answers)\n"
        "model.feedback(rows, 'fr')\n"
        "made = [files.give(model, Asked(what, rows, 'fr', (), dict)) for what in files.GIVES]\n"
        "print(len(made), 'matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "4 False\n"


def test_a_picture_that_cannot_be_drawn_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for painter in ((sys.executable, "-c", "raise SystemExit(3)"), ("/no/such/program",)):
        monkeypatch.setattr(files, "PAINTER", painter)
        with pytest.raises(PictureFailed):
            give("picture", plan(ROW))


def test_every_row_has_a_bar_with_its_dates() -> None:
    rows = [ROW, {"activity": "x" * 300, "end": "2027-05-01"}, {"objective": "path"}]
    figure = files.gantt(MODEL, [*unshared(plan(*rows))], "en")
    assert isinstance(figure, Gantt)
    assert [(span.start, span.end) for span in figure.spans] == [
        ("2027-01-10", "2027-03-01"), ("", "2027-05-01"), ("", ""),
    ]  # fmt: skip
    assert all(len(span.label) < 100 for span in figure.spans)
    assert "2027-01-10" in figure.alt
    assert "x" * 300 in figure.twin.rows[1]


# ---- bad files


def sheet(*lines: str, between: str = ",") -> bytes:
    head = between.join(("Objective", "Activity", "Start date", "End date", "Does it end?"))
    return "\r\n".join((head, *lines)).encode("utf-8")


def test_what_cannot_be_kept_is_named_with_its_line_and_the_others_are_taken() -> None:
    data = sheet(
        "Speak up together,Good,2027-01-01,2027-02-01,It has an end",
        "Speak up together,Backwards,2027-02-01,2027-01-01,",
        ",No such day,2027-02-30,,",
        ",Ongoing with an end,,2027-01-01,Ongoing",
        ",Never,,,perhaps",
        "Something else,Own one,2027/3/5,,ongoing",
        ",call 514 555 0123,,,",
        ",,,,",
        f",{'x' * 500},,,",
    )
    taken = take("text", data=data)
    rows = list(taken.answers.values())
    assert rows == [
        {"objective": "advocacy", "activity": "Good", "start": "2027-01-01", "end": "2027-02-01", "term": "ends",
         "share": False},
        {"objective": "advocacy", "activity": "Backwards", "start": "2027-02-01", "share": False},
        {"activity": "No such day", "share": False},
        {"activity": "Ongoing with an end", "term": "ongoing", "share": False},
        {"activity": "Never", "share": False},
        {"objective": "own", "aim": "Something else", "activity": "Own one", "start": "2027-03-05", "term": "ongoing",
         "share": False},
        {"activity": "x" * 400, "share": False},
    ]  # fmt: skip
    (left,) = [block for block in taken.told.blocks if isinstance(block, Bullets)]
    assert [int(re.findall(r"\d+", line)[0]) for line in left.items] == [3, 4, 5, 6, 7, 8, 10]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\x01\x02", b"no,thing\r\n1,2", b"PK\x03\x04rubbish", b"\xff\xfe", sheet(), b'"' * 10, b"\xd3\xe9;x"],
)
def test_a_file_that_is_no_plan_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(FileUnreadable) as told:
        take("text", data=data)
    assert all(told.value.tell(lang) for lang in LANGS)


@given(data=st.binary(max_size=300))
def test_no_file_brings_it_down(data: bytes) -> None:
    for content in (data, sheet() + b"\r\n" + data):
        with suppress(FileUnreadable):
            assert isinstance(take("text", data=content), Taken)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_spreadsheets_own_ways_of_saving_are_read(encoding: str, between: str) -> None:
    data = sheet(between.join(("", "Été", "2027-01-01", "", "")), between=between).decode().encode(encoding)
    (row,) = take("text", data=data).answers.values()
    assert row == {"activity": "Été", "start": "2027-01-01", "share": False}


@pytest.mark.parametrize("lang", LANGS)
def test_three_hundred_rows_fill_the_plan_and_the_rest_is_told(lang: str) -> None:
    here = plan(*({**ROW, "activity": f"Mine {n}"} for n in range(10)))
    data = sheet(*(f",Theirs {n},,," for n in range(300)))
    taken = take("text", here, lang, data=data)
    assert len(taken.answers) == MOST - 10
    assert not set(taken.answers) & set(here)
    told = [block.text for block in taken.told.blocks if isinstance(block, Paragraph)]
    assert MODEL.texts(lang).say("taken_full", most=MOST, left=300 - (MOST - 10)) in told


# ---- to the person


@pytest.mark.parametrize("lang", LANGS)
def test_a_person_is_told_their_plan_and_what_is_still_open(lang: str) -> None:
    texts = MODEL.texts(lang)
    whole = {**ROW, "actors": "Both sectors", "result": "Regular talks"}
    told = MODEL.feedback(plan(whole, {"objective": "path", "aim": "One door"}), lang)
    (picture,) = [block for block in told.blocks if isinstance(block, Profile)]
    assert [row[1:3] for row in picture.twin.rows] == [
        ("Meet", texts.option("objective", "durable")), (texts.say("not_yet"), "One door"),
    ]  # fmt: skip
    # A line each, from the first start of the plan to what has no date yet.
    begins = 0 if whole.get("start") else 3
    assert picture.rows == (("Meet", (begins,)), ("One door", (3,)))
    assert picture.stops[3] == texts.option("start", "undated")
    lists = {block.title: block.items for block in told.blocks if isinstance(block, Bullets)}
    (line,) = lists[texts.say("missing")]
    for part in ("activity", "actors", "result", "when"):
        assert texts.say(f"missing_{part}") in line
    assert len(lists[texts.say("bare")]) == 4


@pytest.mark.parametrize("lang", LANGS)
def test_kind_words_for_an_empty_plan_a_whole_one_and_an_untouched_example(lang: str) -> None:
    texts = MODEL.texts(lang)
    assert MODEL.feedback({}, lang).blocks == (Paragraph(texts.say("empty")),)
    whole = MODEL.feedback(plan({**ROW, "actors": "a", "result": "b"}), lang)
    assert Paragraph(texts.say("none_missing")) in whole.blocks
    example = MODEL.feedback(dict(take("example", lang=lang).answers), lang)
    assert Paragraph(texts.say("untouched", count=6), "note") in example.blocks
    assert Paragraph(texts.say("none_missing")) not in example.blocks


# ---- the group


def people(*plans: dict[str, Value]) -> Release:
    responses = [Response(f"{n:03}", Sector.OTHER, MODEL.counted(one)) for n, one in enumerate(plans)]
    return release("action_plan", MODEL.questions(), responses, 5, Mode.ANONYMOUS, None, Random(1)).release


def test_starts_are_counted_from_the_first_start_of_the_same_plan() -> None:
    told = MODEL.counted(
        plan(
            {**ROW, "objective": "path", "start": "2027-01-01"},
            {"objective": "durable", "activity": "a", "start": "2027-04-02"},
            {"objective": "others", "activity": "b", "start": "2027-04-03"},
            {"objective": "advocacy", "activity": "c", "start": "2027-07-03", "term": "ongoing"},
            {"objective": "own", "activity": "d", "term": "ongoing"},
            {"objective": "integrated", "aim": "only a draft", "start": "2020-01-01"},
        )
    )
    assert {one: told.get(f"plan_{one}") for one in MODEL.objectives} == {
        "path": "soon", "durable": "soon", "others": "next", "advocacy": "later", "own": "undated",
        "integrated": "not_planned", "convergence": "not_planned",
    }  # fmt: skip


def test_only_shared_activities_reach_the_others() -> None:
    told = MODEL.counted(plan({**ROW, "share": True, "means": "Secret means"}, {"activity": "Kept", "share": False}))
    assert told["activities"] == {"texts": ["Meet"], "share": True}
    assert "Secret" not in repr(told)
    assert "Kept" not in repr(told)
    assert "activities" not in MODEL.counted(plan(ROW))


@pytest.mark.parametrize("lang", LANGS)
def test_a_group_hears_what_is_planned_and_nothing_of_a_single_plan(lang: str) -> None:
    secret = {"means": "MEANS", "actors": "ACTORS", "result": "RESULT", "aim": "AIM"}
    ours = [plan({**ROW, **secret, "activity": f"Shared {n}", "share": True}) for n in range(18)]
    theirs = [plan({**ROW, **secret, "objective": "path", "activity": f"Own {n}"}) for n in range(15)]
    told = summarise(MODEL, people(*ours, *theirs), lang)
    planned, starts = [block for block in told.blocks if isinstance(block, Figure)]
    texts = MODEL.texts(lang)
    cells = {row[0]: row[1:] for row in planned.twin.rows}
    half = say(lang, "telling.percent", n="45–55")
    assert cells[texts.option("objective", "durable")] == (half, half)
    assert starts.twin.rows[0][1] == half
    (quotes,) = [block for block in told.blocks if isinstance(block, Quotes)]
    assert set(quotes.items) == {f"Shared {n}" for n in range(18)}
    assert not re.search(r"MEANS|ACTORS|RESULT|AIM|Own \d|2027-", said(told))


def test_fewer_than_k_writers_show_no_activity_and_too_few_people_nothing() -> None:
    four = [plan({**ROW, "share": True}) for _ in range(4)]
    told = summarise(MODEL, people(*four, *(plan(ROW) for _ in range(8))), "en")
    assert not [block for block in told.blocks if isinstance(block, Quotes)]
    few = summarise(MODEL, people(*four), "en")
    assert few.blocks == (Paragraph(say("en", "telling.too_few", k=5), "note"),)


@pytest.mark.parametrize("lang", LANGS)
def test_an_objective_that_few_plan_for_comes_with_a_question(lang: str) -> None:
    texts = MODEL.texts(lang)
    told = summarise(MODEL, people(*(plan(ROW) for _ in range(20))), lang)
    (question,) = [block for block in told.blocks if isinstance(block, Paragraph) and block.tone == "question"]
    assert texts.option("objective", "path") in question.text
    assert texts.option("objective", "durable") not in question.text


@pytest.mark.parametrize(
    ("rows", "carried", "progress"),
    [
        ([{"activity": "a"}], "nobody", "not_said"),
        ([{"activity": "a", "role": "Coordination"}, {"activity": "b", "status": "dropped"}], "some", "not_said"),
        ([{"activity": "a", "role": "A", "status": "not_begun"}], "all", "nothing_begun"),
        ([{"activity": "a", "status": "not_begun"}, {"activity": "b", "status": "under_way"}], "nobody", "some_begun"),
        ([{"activity": "a", "status": "done"}, {"activity": "b", "status": "under_way"}], "nobody", "some_done"),
    ],
)
def test_a_plan_counts_once_for_its_roles_and_its_progress(
    rows: list[dict[str, str]], carried: str, progress: str
) -> None:
    told = MODEL.counted(plan(*rows))
    assert (told["carried"], told["progress"]) == (carried, progress)
    assert "Coordination" not in repr(told)


@pytest.mark.parametrize("lang", LANGS)
def test_a_group_hears_whether_plans_have_roles_and_where_they_stand(lang: str) -> None:
    texts = MODEL.texts(lang)
    carried = [plan({**ROW, "role": "ROLE", "status": "under_way"}) for _ in range(20)]
    made = people(*carried, *(plan(ROW) for _ in range(20)))
    told = summarise(MODEL, made, lang)
    (table,) = [block for block in told.blocks if isinstance(block, Table)]
    assert [row[0] for row in table.rows] == [texts.say("stand_carried"), texts.say("stand_progress")]
    assert texts.option("carried", "all") in table.rows[0][1]
    assert texts.option("progress", "some_begun") in table.rows[1][1]
    assert "ROLE" not in said(told)
    # What was revealed before plans had them is told as it was.
    before = replace(made, items={item: one for item, one in made.items.items() if item not in STANDS})
    assert not [block for block in summarise(MODEL, before, lang).blocks if isinstance(block, Table)]


@pytest.mark.parametrize("lang", LANGS)
def test_a_calendar_says_where_an_action_stands_and_not_who_answers_for_it(lang: str) -> None:
    row = {"activity": "SECRET", "role": "ROLE", "status": "under_way", "end": "2027-03-01"}
    data = give("calendar", plan(row), lang).data.decode("utf-8")
    assert MODEL.texts(lang).option("status", "under_way") in data
    assert not re.search("SECRET|ROLE", data)


@pytest.mark.parametrize("lang", LANGS)
def test_ones_own_plan_as_a_table_has_the_role_and_the_status(lang: str) -> None:
    texts = MODEL.texts(lang)
    told = MODEL.feedback(plan({**ROW, "role": "Coordination", "status": "done"}), lang)
    (table,) = [block for block in told.blocks if isinstance(block, Table)]
    assert {texts.text("plan", "role"), texts.text("plan", "status")} <= set(table.columns)
    assert {"Coordination", texts.option("status", "done")} <= set(table.rows[0])
