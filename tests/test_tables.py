"""Tables from files that others made, and for spreadsheets of others: letters, dates, headings, formulas."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kit.errors import FileUnreadable
from kit.letters import folded, printable, spelled, without_markup
from kit.tables import book, reading
from kit.tables.cells import neutral, plain
from kit.tables.dates import days_of
from kit.tables.decoding import decode
from kit.tables.reading import Sheet, read
from kit.tables.writing import write_csv, write_xlsx
from kit.texts import languages, say

KNOWN = {"nom", "type", "description", "name"}
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫")


def table(data: bytes, lang: str = "fr") -> Sheet:
    return read(data, "liste.csv", lang, lambda heading: folded(heading) in KNOWN)


def rows(sheet: Sheet) -> list[list[str]]:
    return [[line.cells.get(at, "") for at in range(len(sheet.head))] for line in sheet.lines]


def workbook(*sheets: tuple[str, list[list[Any]]], hidden: str = "") -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, content in sheets:
        sheet = made.create_sheet(title)
        for row in content:
            sheet.append(row)
        sheet.sheet_state = "hidden" if title == hidden else "visible"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


# ---- letters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman",
                                      "cp850", "cp437"])  # fmt: skip
@pytest.mark.parametrize("text", [
    "Nom;Type\r\nMaison d'hébergement du Ruisseau;Autre\r\n",
    "Nom;Description\r\nÉcoute;À côté de l'hôtel, été comme hiver\r\n",
    "Nom\r\nCafé\r\n", "name,type\r\nplain,ascii\r\n",
])  # fmt: skip
def test_a_file_is_read_in_the_letters_of_the_program_that_wrote_it(text: str, encoding: str) -> None:
    with suppress(UnicodeEncodeError):
        assert decode(text.encode(encoding)) == text


def test_letters_that_were_made_utf_8_twice_are_put_right() -> None:
    assert decode("Maison d'hébergement".encode().decode("cp1252").encode()) == "Maison d'hébergement"
    assert decode("Â¡".encode()) == "Â¡"


@pytest.mark.parametrize("data", [b"a\xb9\xb8;b\xa6x\xac\n", bytes(range(128, 256)) * 3])
def test_letters_that_cannot_be_told_are_refused_rather_than_misread(data: bytes) -> None:
    with pytest.raises(FileUnreadable) as error:
        table(data)
    assert "UTF-8" in error.value.tell("fr")


@pytest.mark.parametrize(
    "other", ["\ufffe", "\uffff", "\x00", "\x07", "\x7f", "\x9f", "\ud800", "\ufdd0", "\U0001fffe"]
)
def test_what_xml_forbids_is_dropped(other: str) -> None:
    assert printable(f"a{other}b") == "ab"


def test_a_page_break_parts_words_and_everything_else_stays() -> None:
    assert printable("a\x0cb\x0bc") == "a b c"
    kept = "Été «\u00a0x\u00a0» 🙂 ᐃᓄᒃ العربية 👩‍👧\n\t"
    assert printable(kept) == kept


def test_two_spellings_of_a_word_are_one() -> None:
    assert folded("Maison d'He\u0301bergement") == folded("MAISON D’HÉBERGEMENT") == "maison d hebergement"
    assert folded("sh\u00adel\u200bter") == folded("ＳＨＥＬＴＥＲ") == "shelter"
    assert folded("BONNES ŒUVRES") == folded("Bonnes oeuvres")
    assert spelled("Œuvre d’ici, 24/7") == spelled("OEUVRE D'ICI 24 7") != spelled("Œuvre d’ici + 24/7")


@pytest.mark.parametrize(("html", "text"), [
    ("<p>Repas</p><p>chauds</p>", "Repas chauds"), ("Caf&eacute; &amp; th&#233;", "Café & thé"),
    ("sh<b>el</b>ter", "shelter"), ("a<script>alert(1)</script>b", "ab"), ("5 < 6 et 7 > 2", "5 < 6 et 7 > 2"),
    ("R&D", "R&D"), ("<br/>x<br>", "x"),
])  # fmt: skip
def test_markup_becomes_words(html: str, text: str) -> None:
    assert without_markup(html) == text


# ---- cells


@given(st.text(alphabet=" '=+-@;,|\na＝\u00a0é", max_size=12))
@example("a;=1")
@example("'=1")
@settings(max_examples=400)
def test_no_separator_makes_a_cell_run_and_all_come_back(text: str) -> None:
    kept = plain(text)
    for between in (",", ";", "|", "\n"):
        for piece in neutral(kept).split(between):
            assert not piece.lstrip(" \u00a0\u202f").startswith(SIGNS), (text, between)
    assert plain(neutral(kept)) == kept


@pytest.mark.parametrize(("lang", "between"), [("fr", ";"), ("en", ",")])
def test_csv_is_as_the_spreadsheets_of_a_language_expect_it(lang: str, between: str) -> None:
    data = write_csv([("Nom", "Type"), ("a; b, c", "é")], lang)
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=between))[1] == ["a; b, c", "é"]


# ---- dates


@pytest.mark.parametrize(("told", "days"), [
    ("2026-03-02", ("2026-03-02",)), ("2026/3/2", ("2026-03-02",)), ("2026-03-02T10:00", ("2026-03-02",)),
    ("20260302", ("2026-03-02",)), ("28/02/2026", ("2026-02-28",)), ("02/28/2026", ("2026-02-28",)),
    ("02/03/2026", ("2026-03-02", "2026-02-03")), ("03.03.2026", ("2026-03-03",)), ("1er mars 2026", ("2026-03-01",)),
    ("28 février 2026", ("2026-02-28",)), ("Feb 28, 2026", ("2026-02-28",)), ("28-févr.-2026", ("2026-02-28",)),
    ("31/04/2026", ()), ("mars 2026", ()), ("02/03/26", ()), ("hier", ()), ("", ()), ("juin juillet 3 2026", ()),
    ("3 juin 2026", ("2026-06-03",)), ("3 juil. 2026", ("2026-07-03",)), ("3 August 2026", ("2026-08-03",)),
    ("mardi 3 mars 2026", ("2026-03-03",)), ("Saturday, February 28, 2026", ("2026-02-28",)),
    ("28-Feb-26", ("2026-02-28",)), ("28-févr-26", ("2026-02-28",)), ("mar. 3 mars 2026", ("2026-03-03",)),
])  # fmt: skip
def test_a_day_is_read_and_one_that_could_be_two_is_both(told: str, days: tuple[str, ...]) -> None:
    assert days_of(told) == days


# ---- reading


def test_titles_and_notes_may_stand_above_the_heading() -> None:
    sheet = table("Bottin;;\nMis à jour en mars;;\n;;\nNom;Type;Description\nA;B;C\n".encode())
    assert (sheet.head, rows(sheet), len(sheet.above)) == (("Nom", "Type", "Description"), [["A", "B", "C"]], 2)
    assert sheet.lines[0].number == 5


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
def test_a_line_that_says_what_stands_between_cells_is_understood(line: str) -> None:
    sheet = table(f"{line}\nNom;Type\nA, B;C\n".encode())
    assert rows(sheet) == [["A, B", "C"]]
    assert sheet.lines[0].number == 3


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
def test_what_stands_between_cells_is_found(between: str) -> None:
    text = "\n".join(between.join(f'"{cell}"' for cell in row) for row in (("Nom", "Type"), ("a, b; c", "d|e")))
    assert rows(table(text.encode())) == [["a, b; c", "d|e"]]


def test_a_blank_before_a_quote_is_no_part_of_the_cell() -> None:
    sheet = table(b'"name", "type", "description"\n"A", "B", "one, two, and three"\n')
    assert rows(sheet) == [["A", "B", "one, two, and three"]]


@pytest.mark.parametrize(("text", "found", "torn"), [
    ('"L\'Envol, centre\nFrigo,"Repas, café"\nC,D\n', [['"L\'Envol', "centre"], ["Frigo", "Repas, café"], ["C",
        "D"]], [2]),
    ('A,"12"" large"\nB,"open\nC,d\n', [["A", '12" large'], ["B", '"open'], ["C", "d"]], [3]),
    ('"A\nB",x\nC,"d ""q"" e\nf"\n', [["A\nB", "x"], ["C", 'd "q" e\nf']], []),
    ('A,b\rC,"d\re"\r', [["A", "b"], ["C", "d\re"]], []),
])  # fmt: skip
def test_a_quotation_mark_that_nothing_closes_swallows_no_line(
    text: str, found: list[list[str]], torn: list[int]
) -> None:
    sheet = table(f"Nom,Type\n{text}".encode())
    assert rows(sheet) == found
    assert [line.number for line in sheet.lines if line.torn] == torn


def test_letters_that_were_made_utf_8_twice_are_put_right_in_the_cells_where_they_are() -> None:
    assert decode("Maison Ã‰toile ❤️; é; Â¡".encode()) == "Maison Étoile ❤️; é; Â¡"


def test_a_list_that_is_too_long_to_be_read_at_once_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert table(b"Nom\na\nb\nc\n").beyond
    assert not table(b"Nom\na\n").beyond


def test_cells_beyond_the_headings_are_kept_apart_and_not_cut() -> None:
    (line,) = table(b"name,type\na,b,c, ,d\n").lines
    assert line.surplus == ("c", "d")


def test_a_workbook_is_read_with_dates_and_numbers_as_they_are_typed() -> None:
    content = [
        ["Nom", "Type", "Description"], ["A", 12.0, date(2026, 2, 28)], ["B", 1.5, datetime(2026, 2, 28, 9, 30)],
        ["C", True, "#N/A"], ["D", "#1 en ville", None],
    ]  # fmt: skip
    sheet = table(workbook(("Notes", [["x"]]), ("Liste", content), ("Cachée", [["Nom", "Type"]]), hidden="Cachée"))
    assert rows(sheet) == [
        ["A", "12", "2026-02-28"], ["B", "1.5", "2026-02-28 09:30"], ["C", "True", ""], ["D", "#1 en ville", ""],
    ]  # fmt: skip
    assert sheet.sheets == ("Notes",)


def as_spreadsheets_are(book: Workbook) -> None:
    """A title across, a group beside its lines, a row that a filter hides, a formula, and more sheets."""
    sheet = book.active
    sheet.title = "Liste"
    for row in (
        ["Répertoire 2026"], [], ["Type", "Nom", "Description"], ["Repas", "A", "a"], [None, "B", '=A4&"b"'],
        [None, "C", None], ["Autre", "Cachée", "x"], [None, "E", "e"],
    ):  # fmt: skip
        sheet.append(row)
    for joined in ("A1:C1", "A4:A6", "C5:C6"):
        sheet.merge_cells(joined)
    sheet.row_dimensions[7].hidden = True
    sheet.auto_filter.ref = "A3:C8"
    other = book.create_sheet("Santé & plus")
    other.append(["Nom", "Type"])
    other.append(["F", "Clinique"])
    book.create_sheet("Vide")


def saved(make: Callable[[Workbook], None]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    make(made)
    made.save(out)
    return out.getvalue()


def test_joined_cells_belong_to_each_of_their_rows_and_what_is_not_shown_or_not_worked_out_is_counted() -> None:
    sheet = table(saved(as_spreadsheets_are))
    assert rows(sheet) == [["Repas", "A", "a"], ["Repas", "B", ""], ["Repas", "C", ""], ["", "E", "e"]]
    assert [line.number for line in sheet.lines] == [4, 5, 6, 8]
    assert (sheet.title, sheet.sheets, len(sheet.above)) == ("Liste", ("Santé & plus",), 1)
    assert (sheet.hidden, sheet.unworked) == (1, 1)


def test_another_sheet_of_a_workbook_can_be_wanted() -> None:
    data = saved(as_spreadsheets_are)
    knows = lambda heading: folded(heading) in KNOWN  # noqa: E731
    other = read(data, "liste", "fr", knows, "Santé & plus")
    assert (rows(other), other.sheets) == ([["F", "Clinique"]], ("Liste",))
    assert read(data, "liste", "fr", knows, "none of them").title == "Liste"


@pytest.mark.parametrize(("before", "after"), [
    (b'<mergeCell ref="A4:A6"', b'<mergeCell ref="A4:XFD1048576"'), (b'ref="A4:A6"', b'ref="A0:A6"'),
    (b'ref="A4:A6"', b'ref="6"'), (b'<row r="7"', b'<row r="seven"'),
    (b"<mergeCells", b"<mergeCells>" + b'<mergeCell ref="B4:B20000" />' * 9000 + b"</mergeCells><mergeCells"),
])  # fmt: skip
def test_a_workbook_that_no_spreadsheet_wrote_is_read_or_refused_and_takes_no_time(before: bytes, after: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(as_spreadsheets_are))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            assert before in text or "sheet1" not in name
            new.writestr(name, text.replace(before, after) if "sheet1" in name else text)
    with suppress(FileUnreadable):
        assert rows(table(out.getvalue()))[0][1] == "A"


@pytest.mark.parametrize("text", [
    "<html><table><tr><td>Nom</td></tr></table></html>", "\ufeff<?xml version='1.0'?><Workbook/>", "<table border=1>",
    '[{"name": "Pont"}]', '{"services": []}', " <!DOCTYPE html>",
])  # fmt: skip
def test_a_web_page_that_is_called_a_spreadsheet_and_data_for_programs_are_told_apart_from_lists(text: str) -> None:
    for lang in languages():
        with pytest.raises(FileUnreadable) as error:
            table(text.encode(), lang)
        assert say(lang, "tables.kind") in error.value.tell(lang)
    assert rows(table(b"Nom\n<Pont>\n[Pont]\n")) == [["<Pont>"], ["[Pont]"]]


def test_what_the_kit_writes_it_reads() -> None:
    written = [("Nom", "Type"), ("=1+1; -2", "é\nà"), ("'quoted", "x")]
    for data in (write_csv(written, "fr"), write_csv(written, "en"), write_xlsx(written, "Liste: [1]")):
        assert rows(table(data)) == [["=1+1; -2", "é\nà"], ["'quoted", "x"]]


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "LARGEST_BOOK", 1000)
    with pytest.raises(FileUnreadable):
        table(workbook(("Liste", [["Nom"], ["A"]])))


def test_a_wide_head_over_many_rows_takes_no_more_than_what_stands_there() -> None:
    wide = ",".join(["name"] * 8000) + "\n" + "a\n" * 4000
    sheet = table(wide.encode())
    assert len(sheet.head) == reading.MOST_COLUMNS
    assert sum(len(line.cells) for line in sheet.lines) == 4000


@pytest.mark.parametrize("data", [
    b"", b" \n ", b"\x00\x01\x02", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old", b'name\n"' + b"x" * 200_000, b"\n;;\n",
])  # fmt: skip
def test_what_is_no_table_is_refused_in_both_languages(data: bytes) -> None:
    for lang in languages():
        with pytest.raises(FileUnreadable) as error:
            table(data, lang)
        assert str(error.value.details["reason"]) in error.value.tell(lang)


def test_a_damaged_workbook_is_refused() -> None:
    whole = workbook(("Liste", [["Nom"], ["A"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<broken" if "sheet1" in name else old.read(name))
    with pytest.raises(FileUnreadable):
        table(out.getvalue())


@given(st.binary(max_size=200))
def test_no_bytes_bring_it_down(data: bytes) -> None:
    for content in (data, b"Nom;Type\n" + data):
        with suppress(FileUnreadable):
            assert isinstance(table(content), Sheet)
