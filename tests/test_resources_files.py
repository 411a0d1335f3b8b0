"""Files of resource mapping: only what is public goes out, and what comes in is told line by line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any
from zipfile import ZipFile

import pytest

from kit.directory.entries import for_everyone, is_public
from kit.directory.shelter import shelter_in
from kit.errors import FileUnreadable, LineRefused, NothingPublic, ShelterHasNoPage, TextIdentifies, TextTooLong
from kit.exercises.resources.files import GIVES, TAKES, give, take
from kit.files import Taken
from kit.session import Value
from kit.summary import Table
from kit.texts import languages
from tests.support.mapping import MODEL, PLAIN, asked, board, entry

FORMULA = "=HYPERLINK(0)"


# ---- files go out


def whole(what: str, values: Mapping[str, Value], lang: str = "fr") -> str:
    """Everything that stands in a file, unpacked."""
    data = give(MODEL, asked(what, values, lang)).data
    if data.startswith(b"PK"):
        with ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(name + archive.read(name).decode("utf-8") for name in archive.namelist())
    return data.decode("utf-8")


SECRET = "Zorglub"
HIDDEN: list[dict[str, Any]] = [
    entry(name=SECRET, visibility="partners"),
    entry(name=SECRET, visibility="never"),
    entry(name=SECRET, visibility=""),
    entry(name=SECRET, visibility=None),
    entry(name=SECRET, visibility="Public"),
    entry(name=SECRET, visibility="PUBLIC"),
    entry(name=SECRET, visibility=" public"),
    entry(name=SECRET, visibility=["public"]),
    entry(name=SECRET, visibility=True),
    entry(name=SECRET, visibility="everyone"),
    {"type": "food", "name": SECRET},
    {"type": "shelter", "name": SECRET},
    {"type": "shelter", "name": SECRET, "visibility": "partners", "share": True},
    {"type": "shelter", "name": SECRET, "share": True},
    {"name": SECRET, "visibility": "public"},
    {"type": "food", "name": "", "offers": SECRET, "visibility": "public"},
    {"type": "shelter", "name": "Maison", "page": f"https://{SECRET.lower()}.example", "visibility": "public"},
]


@pytest.mark.parametrize("what", GIVES)
@pytest.mark.parametrize("row", HIDDEN, ids=range(len(HIDDEN)))
def test_what_is_not_marked_public_is_in_no_file(what: str, row: dict[str, Any]) -> None:
    assert SECRET.lower() not in whole(what, board(PLAIN, row)).lower()
    kept = [one for one in for_everyone([row]) if SECRET.lower() in str(one).lower()]
    assert kept == []


@pytest.mark.parametrize("what", GIVES)
def test_an_entry_that_is_no_longer_public_is_gone_from_the_next_file(what: str) -> None:
    values = board(PLAIN, entry(name=SECRET))
    assert SECRET in whole(what, values)
    values["entries.r0002"] = entry(name=SECRET, visibility="partners")
    assert SECRET not in whole(what, values)
    with pytest.raises(NothingPublic):
        give(MODEL, asked(what, {"entries.r0002": values["entries.r0002"]}))


def test_public_is_a_word_and_not_a_likeness() -> None:
    assert is_public(PLAIN)
    assert not any(is_public(row) for row in HIDDEN if row.get("name") == SECRET)


@pytest.mark.parametrize("what", GIVES)
def test_files_do_not_tell_what_is_about_the_person(what: str) -> None:
    values = board(entry(knowledge="a_little", together="we_could"))
    texts = MODEL.texts("fr")
    for scale, option in (("knowledge", "a_little"), ("together", "we_could"), ("visibility", "public")):
        assert texts.option(scale, option) not in whole(what, values)


@pytest.mark.parametrize("what", GIVES)
def test_a_file_has_a_neutral_name(what: str) -> None:
    assert give(MODEL, asked(what, board(PLAIN))).name.startswith("services.")


@pytest.mark.parametrize("text", [FORMULA, "+1", "-1", "@x", " =1", "\t=1", "＝1"])
def test_no_cell_is_run_as_a_formula(text: str) -> None:
    from openpyxl import load_workbook

    values = board(entry(name=f"{text} Clinique"))
    raw = give(MODEL, asked("csv", values)).data
    assert raw.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";") for cell in row]
    assert any(cell.startswith("'") for cell in cells)
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for cell in cells)
    book = load_workbook(io.BytesIO(give(MODEL, asked("xlsx", values)).data))
    found = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in found} == {"s"}
    assert not any(str(cell.value).lstrip().startswith(("=", "+", "-", "@", "＝")) for cell in found)


def test_an_xlsx_file_tells_nothing_about_who_made_it() -> None:
    made = give(MODEL, asked("xlsx", board(PLAIN))).data
    assert made == give(MODEL, asked("xlsx", board(PLAIN))).data
    with ZipFile(io.BytesIO(made)) as book:
        about = book.read("docProps/core.xml").decode()
        assert {one.date_time[:3] for one in book.infolist()} == {(1980, 1, 1)}
    assert not re.search(r"\d{4}-\d\d|creator>[^<]|lastModifiedBy", about)


# ---- files come in


def taken(text: str | bytes, values: Mapping[str, Value] | None = None, lang: str = "en") -> Taken:
    data = text if isinstance(text, bytes) else text.encode()
    return take(MODEL, asked("list", values or {}, lang, data))


def rows(made: Taken) -> list[Any]:
    return list(made.answers.values())


def reasons(made: Taken) -> dict[str, list[str]]:
    """The account of what is left out, by line."""
    found: dict[str, list[str]] = {}
    for block in made.told.blocks:
        if isinstance(block, Table):
            for line, reason in block.rows:
                found.setdefault(line, []).append(reason)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("lang", languages())
def test_a_list_is_read_in_every_dress(encoding: str, delimiter: str, lang: str) -> None:
    texts = MODEL.texts(lang)
    head = [texts.text("entries", one) for one in ("name", "type", "languages", "checked")]
    line = ["Café Élan", texts.option("type", "food"), "dari", "2026-02-03"]
    text = "\r\n".join(delimiter.join(one) for one in (head, line))
    (row,) = rows(taken(text.encode(encoding)))
    assert row == {
        "name": "Café Élan", "type": "food", "languages": "dari", "checked": "2026-02-03", "visibility": "partners",
        "share": False,
    }  # fmt: skip


def test_headings_of_other_lists_are_understood() -> None:
    head = "Organisme,Service Name,Description,URL,Last updated,Public?"
    made = taken(f"{head}\nA,Frigo libre,Repas,example.org,2026/1/5,x\n")
    assert rows(made) == [{
        "name": "Frigo libre", "type": "other", "organization": "A", "offers": "Repas", "page": "https://example.org",
        "checked": "2026-01-05", "visibility": "partners", "share": False,
    }]  # fmt: skip
    assert "Public?" in str(made.told)


def test_imported_entries_start_for_partners_only_whatever_the_file_says() -> None:
    made = taken("name,type,visibility,Who may see this entry?\nFrigo,food,public,Public: anyone may see it\n")
    assert [row["visibility"] for row in rows(made)] == ["partners"]


def test_addresses_phones_and_places_are_left_out_and_said_so() -> None:
    made = taken(
        "name,type,address,phone,latitude,description\n"
        "Frigo,food,12 rue X,514 555-0142,45.5,Venez au 12 rue des Érables\n"
        "Marie 514 555-0142,food,,,,\n"
    )
    assert "555" not in str(made.answers)
    assert "rue" not in str(made.answers)
    assert len(made.answers) == 1
    assert "address, phone, latitude" in str(made.told)
    assert "555" not in str(made.told)
    assert len(reasons(made)["2"]) == 1
    assert len(reasons(made)["3"]) == 2


def test_every_line_that_is_not_taken_is_told_with_its_number() -> None:
    made = taken(
        'name;type;checked;served\n;food;;\n"Frigo";food;;\n\nFrigo;food;;\nMaison X;shelter;;\n'
        "Refuge Y;other;;\nGarderie;childcare;hier;martiens\n"
    )
    assert [row["name"] for row in rows(made)] == ["Frigo", "Garderie"]
    say_ = MODEL.texts("en").say
    assert reasons(made) == {
        "2": [say_("no_name")], "5": [say_("already")], "6": [say_("is_shelter")], "7": [say_("is_shelter")],
        "8": [say_("field_unread", column=MODEL.texts("en").text("entries", one)) for one in ("checked", "served")],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["Maison d'hébergement X", "MAISON DE TRANSITION", "A shelter", "Women's safe house"])
def test_a_house_is_seen_in_its_name(name: str) -> None:
    assert shelter_in([name], []) == "sure"
    assert not taken(f"name,type\n{name},other\n").answers


def test_as_many_as_the_board_holds_are_taken() -> None:
    listed = "name,type\n" + "".join(f"Service {n},food\n" for n in range(5000))
    made = taken(listed)
    assert len(made.answers) == 300
    assert "5000" in str(made.told.blocks)
    full = {item: value for item, value in made.answers.items() if item != "entries.r0001"}
    (last,) = taken("name,type\nNeuve,food\nTrop,food\n", full).answers
    assert last not in full
    MODEL.check(last, made.answers["entries.r0001"])
    assert taken("name,type\nTrop,food\n", made.answers).answers == {}


def test_what_was_taken_is_what_would_be_typed() -> None:
    made = taken("name,type\nFrigo,Food security\n", board(entry(name="Autre")))
    assert list(made.answers) == ["entries.r0002"]
    assert all(MODEL.check(item, value) == value for item, value in made.answers.items())


@pytest.mark.parametrize("lang", languages())
def test_a_csv_file_comes_back_as_it_went_out(lang: str) -> None:
    full = entry(
        organization="Org", offers="Repas, \"chauds\"\u00a0!", served=["women", "families"], languages="français, dari",
        interpreting="adapted", access=["evenings", "status_not_asked"], page="https://example.org/a",
        checked="2026-01-02", checked_by="front_line", share=False,
    )  # fmt: skip
    values = board(full)
    for back in languages():
        (row,) = rows(taken(give(MODEL, asked("csv", values, lang)).data, lang=back))
        assert row == {**full, "offers": 'Repas, "chauds" !', "visibility": "partners"}


BROKEN = [
    b"", b" \n", b"\x00\x01", b"%PDF-1.7", b"\x89PNG\r\n", b"PK\x03\x04rubbish", b"PK", b"PK\x05\x06",
    b'name\n"' + b"x" * 200_000,
]  # fmt: skip


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_what_cannot_be_read_is_refused_with_a_reason(data: bytes) -> None:
    for lang in languages():
        with pytest.raises(FileUnreadable) as error:
            taken(data, lang=lang)
        assert str(error.value.details["reason"]) in error.value.tell(lang)


def test_the_page_offers_what_the_files_can() -> None:
    texts = MODEL.texts("fr")
    assert all(texts.say(f"give_{one}") for one in GIVES)
    assert all(texts.say(f"take_{one}") for one in TAKES)


# ---- how to refer, waiting, who can come, and a public line

MORE = {
    "who_can_come": "De 18 à 30 ans, de la région", "refer": "La personne appelle elle-même.", "waiting": "weeks",
    "served": ["women"], "access": ["free_of_charge", "evenings"],
}  # fmt: skip


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("what", ["csv", "xlsx", "hsds"])
def test_what_helps_to_refer_goes_out_and_comes_back(what: str, lang: str) -> None:
    row = entry(name="Halte du coin", type="food", line="1 (800) 555-0199", **MORE)
    kept = MODEL.check("entries.r0001", row)
    made = give(MODEL, asked(what, board(kept), lang))
    (back,) = rows(taken(made.data, lang=lang))
    assert {name: back.get(name) for name in MORE} == MORE
    # A package of services has no telephone numbers, whosever they are.
    assert back.get("line") == (None if what == "hsds" else "1 800 555-0199")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("514-555-0199", "514 555-0199"), ("+1 800.555.0199", "1 800 555-0199"), ("(819)555 0199", "819 555-0199"),
     ("211", "211"), (" 811 ", "811")],
)  # fmt: skip
def test_a_public_line_is_one_number(typed: str, kept: str) -> None:
    row = MODEL.check("entries.r0001", entry(line=typed))
    assert isinstance(row, dict)
    assert row["line"] == kept


@pytest.mark.parametrize(
    "typed",
    ["514 555-0199 poste 12", "514 555-0199 x4", "Marie 514 555-0199", "514 555-0199, 438 555-0144", "555-0199",
     "marie@example.org", "114 555-0199", "514 555-01999", "https://example.org"],
)  # fmt: skip
def test_what_leads_to_a_person_is_no_public_line(typed: str) -> None:
    with pytest.raises((LineRefused, TextTooLong)):
        MODEL.check("entries.r0001", entry(line=typed))


def test_a_number_stands_in_its_own_field_only_and_never_with_a_shelter() -> None:
    for field in ("refer", "who_can_come", "offers", "organization"):
        with pytest.raises(TextIdentifies):
            MODEL.check("entries.r0001", entry(**{field: "Call 514 555-0199"}))
    with pytest.raises(ShelterHasNoPage):
        MODEL.check("entries.r0001", entry(type="shelter", line="514 555-0199"))
    assert for_everyone([entry(type="shelter", line="514 555-0199")])[0].get("line") is None


def test_a_column_of_phones_is_no_public_line_unless_it_says_so() -> None:
    (row,) = rows(taken("name,type,phone,crisis line\nA,food,514 555-0144,514 555-0199\n"))
    assert row["line"] == "514 555-0199"
    (row,) = rows(taken("name,type,phone\nA,food,514 555-0144\n"))
    assert "line" not in row
