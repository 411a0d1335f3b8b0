"""A report as PDF and as Word, read back: what stands in it, for whom it can be read, and nothing of who made it."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import pairwise
from random import Random
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from kit.disclosure import release
from kit.disclosure.making import release_participation
from kit.errors import PartMissing
from kit.exercise import exercise
from kit.reports.build import build
from kit.reports.document import Head, Logo, Look, Pictured, Report, ReportSection, Tabled
from kit.reports.formats import docx as word
from kit.reports.formats import html, pdf
from kit.reports.material import Material
from kit.reports.press import WORD, soft, widths
from kit.reports.task import Task, make
from kit.results import Results
from kit.session import K_DEFAULT, Mode, Plan, Session, State
from kit.spoken import language_of
from kit.summary import Bullets, Heading, Paragraph, Quotes, Table
from kit.testing import lenses, rehearsed
from kit.texts import languages, say

SLUGS = ("reflection", "resources")
FORMATS = {"pdf": pdf.write, "docx": word.write}
# Kinds of letters that no font of the kit has all of, and a word without an end.
STRANGE = (
    "العربية: نعمل معًا", "ᐃᓄᒃᑎᑐᑦ ᐱᓕᕆᖃᑎᒌᖕᓂᖅ", "🧡 🏳️‍🌈 🙂", "你好 हिन्दी ਪੰਜਾਬੀ",
    "<b>#let x = 1</b> $x^2$ \\ @a <e> *b* _c_", "x" * 5000, "mot " * 1250,
)  # fmt: skip


@pytest.fixture(scope="module")
def material() -> Material:
    """A workshop of 24 simulated people with two exercises, revealed."""
    revealed, plans, people = {}, [], []
    for slug in SLUGS:
        model = exercise(slug)
        people = rehearsed(model, "fr", 24)
        counted = [replace(one, answers=model.counted(one.answers, lenses(model))) for one in people]
        asked = model.questions(lenses(model))
        revealed[slug] = release(slug, asked, counted, K_DEFAULT, Mode.ANONYMOUS, None, Random(1)).release
        plans.append(Plan(slug, lenses(model), State.CLOSED))
    session = Session(
        "a" * 32, "ABCDEFG", "Table d'écoute", "fr", Mode.ANONYMOUS, K_DEFAULT, tuple(plans), made_on=date(2026, 3, 1)
    )
    return Material(session, Results(release_participation(people, K_DEFAULT).release, revealed))


@pytest.fixture(scope="module")
def documents(material: Material) -> dict[str, Report]:
    return {lang: build(material, lang) for lang in languages()}


@pytest.fixture(scope="module")
def made(documents: dict[str, Report]) -> dict[tuple[str, str], bytes]:
    return {(name, lang): write(documents[lang], Look()) for name, write in FORMATS.items() for lang in documents}


def small(*parts: Any, title: str = "Table", lang: str = "fr") -> Report:
    """A document of one section."""
    head = Head("Rapport", title, date(2026, 3, 1), "1er mars 2026")
    return Report(lang, head, (ReportSection("one", "Une partie", parts),), (), (ReportSection("last", "Méthode", ()),))


def figures(document: Report) -> list[Pictured]:
    return [part for section in document.all() for part in section.parts if isinstance(part, Pictured)]


def tables(document: Report) -> list[Tabled]:
    return [part for section in document.all() for part in section.parts if isinstance(part, Tabled)]


def headings(document: Report) -> list[str]:
    """The titles of all sections and parts, in order."""
    listed: list[str] = []
    for section in document.all():
        if section.id == document.appendix[0].id:
            listed.append(document.say("page.appendix"))
        listed += [section.title, *(part.text for part in section.parts if isinstance(part, Heading))]
    return listed


# ---- PDF


def tags(reader: PdfReader) -> Iterator[Any]:
    """Every element of the structure, in reading order."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        one = waiting.pop(0).get_object()
        if isinstance(one, list):
            waiting = [*one, *waiting]
        elif hasattr(one, "get") and "/S" in one:
            yield one
            if "/K" in one:
                waiting = [one["/K"], *waiting]


def plain(text: str) -> str:
    """Letters alone: where a line is broken says nothing."""
    return re.sub(r"[\s\u00ad\u200b\ufffe-]+", "", text)


@pytest.mark.parametrize("lang", languages())
def test_a_pdf_says_what_it_is_to_every_reader(made: Any, documents: Any, lang: str) -> None:
    reader, document = PdfReader(io.BytesIO(made["pdf", lang])), documents[lang]
    root = reader.trailer["/Root"]
    assert root["/Lang"] == f"{lang}-CA"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part(>|=\")1", xmp)
    assert document.head.title in xmp
    assert not re.search(r"CreateDate|ModifyDate|CreationDate", xmp)
    assert not {"/CreationDate", "/ModDate", "/Author"} & set(reader.metadata or {})
    found = list(tags(reader))
    alts = [str(one["/Alt"]) for one in found if one["/S"] == "/Figure"]
    assert {one.figure.alt for one in figures(document)} <= set(alts)
    assert len([one for one in found if one["/S"] == "/Table"]) == len(tables(document))
    assert len([one for one in found if one["/S"] == "/TH"]) == sum(len(one.table.columns) for one in tables(document))
    levels = [int(str(one["/S"])[2]) for one in found if re.fullmatch(r"/H\d", str(one["/S"]))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("lang", languages())
def test_all_of_a_report_stands_in_its_pdf_in_order(made: Any, documents: Any, lang: str) -> None:
    document, reader = documents[lang], PdfReader(io.BytesIO(made["pdf", lang]))
    bookmarks = [one.title for one in flat(reader.outline)]
    assert [one for one in bookmarks if one != document.say("page.contents")] == headings(document)
    text = plain("".join(page.extract_text() for page in reader.pages))
    for one in tables(document):
        assert plain(one.table.title) in text
    assert all(plain(document.head.title) in plain(page.extract_text()) for page in reader.pages)
    assert f"1/{len(reader.pages)}" in text


def flat(outline: Any) -> Iterator[Any]:
    for one in outline:
        yield from flat(one) if isinstance(one, list) else [one]


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_page_is_as_large_as_the_paper(paper: Any) -> None:
    (page,) = PdfReader(io.BytesIO(pdf.write(small(), Look(paper=paper)))).pages[:1]
    size = {"a4": (595, 842), "letter": (612, 792)}[paper]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size
    section = docx.Document(io.BytesIO(word.write(small(), Look(paper=paper)))).sections[0]
    assert (round(section.page_width.pt), round(section.page_height.pt)) == size


# ---- Word


@pytest.mark.parametrize("lang", languages())
def test_a_word_file_has_real_styles_header_rows_and_alternatives(made: Any, documents: Any, lang: str) -> None:
    document, read = documents[lang], docx.Document(io.BytesIO(made["docx", lang]))
    assert [one.text for one in read.paragraphs if one.style.name.startswith("Heading")] == headings(document)
    assert [one.text for one in read.paragraphs if one.style.name == "Title"] == [document.head.title]
    captions = [one.text for one in read.paragraphs if one.style.name == "Caption"]
    assert len(captions) == len(figures(document)) + len(tables(document)) == len(set(captions))
    for one, table in zip(tables(document), read.tables, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == list(one.table.columns)
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert len(table.rows) == 1 + len(one.table.rows)
    alts = [one.get("descr") for one in read.element.body.iter(qn("wp:docPr"))]
    assert {one.figure.alt for one in figures(document)} <= set(alts)
    spoken = {one.get(qn("w:val")) for one in read.element.body.iter(qn("w:lang"))}
    parts = [part for section in document.all() for part in section.parts]
    quoted = {language_of(item) for part in parts if isinstance(part, Quotes) for item in part.items} - {""}
    assert spoken == {f"{one}-CA" for one in (lang, *quoted)}
    assert read.core_properties.language == f"{lang}-CA"


@pytest.mark.parametrize("lang", languages())
def test_every_link_in_a_word_file_leads_somewhere(made: Any, lang: str) -> None:
    body = docx.Document(io.BytesIO(made["docx", lang])).element.body
    names = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    assert len(names) == len(set(names))
    leads = {one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))}
    assert leads
    assert leads <= set(names)
    styles = {one.style_id for one in docx.Document(io.BytesIO(made["docx", lang])).styles}
    assert {one.style for one in body.iter(qn("w:p")) if one.style} <= styles


def test_a_word_file_says_nothing_of_who_made_it_or_when(made: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(made["docx", "fr"])) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = file.read("docProps/core.xml").decode()
    assert "dcterms" not in re.sub(r'xmlns:\w+="[^"]*"', "", about)
    about = docx.Document(io.BytesIO(made["docx", "fr"])).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")


# ---- both


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_document_gives_the_same_bytes(made: Any, documents: Any, name: str) -> None:
    assert FORMATS[name](documents["fr"], Look()) == made[name, "fr"]


def text_of(name: str, file: bytes) -> str:
    if name == "pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)
    return "\n".join(one.text for one in docx.Document(io.BytesIO(file)).paragraphs)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("strange", STRANGE, ids=[one[:12].strip() for one in STRANGE])
def test_whatever_people_write_stands_in_a_good_file(name: str, strange: str) -> None:
    table = Tabled("t", "1", Table(strange[:300], ("a", strange[:300]), ((strange, "b"),)))
    parts = (Paragraph(strange), Paragraph(strange, "question"), Bullets((strange,), strange[:200]), table)
    document = small(*parts, Quotes((strange,), "Mots"), Heading(strange[:200], "h"), title=strange[:200])
    found = plain(text_of(name, FORMATS[name](document, Look())))
    if strange.isascii() or name == "docx":
        # In a PDF, what stands on two pages has a foot between.
        assert found.count(plain(strange)[: 60 if name == "pdf" else None]) >= 4


@pytest.mark.parametrize("strange", [STRANGE[5], STRANGE[0]], ids=["long", "arabic"])
def test_nothing_runs_out_of_a_page(strange: str) -> None:
    table = Tabled("t", "1", Table(strange[:90], ("a", "b", strange[:90]), ((strange, "b", "c"),)))
    document = small(Paragraph(strange), Bullets((strange,), ""), table, title=strange[:200])
    for page in pdf.pages(document, Look(), 50):
        picture = Image.open(io.BytesIO(page)).convert("L")
        edge = round(1.3 / 2.54 * 50)
        sides = ((0, 0, edge, picture.height), (picture.width - edge, 0, picture.width, picture.height))
        for side in (*sides, (0, picture.height - edge // 4, picture.width, picture.height)):
            assert picture.crop(side).getextrema() == (255, 255)


@pytest.mark.parametrize("name", FORMATS)
def test_two_languages_stand_one_after_the_other_section_by_section(name: str) -> None:
    other = replace(small(Paragraph("In English."), Heading("Part", "h"), lang="en"))
    document = replace(small(Paragraph("En français."), Heading("Partie", "h")), beside=other)
    file = FORMATS[name](document, Look())
    text = text_of(name, file)
    assert text.index("En français.") < text.index("In English.")
    if name == "docx":
        runs = docx.Document(io.BytesIO(file)).element.body.iter(qn("w:r"))
        spoken = {run.text: run.rPr.find(qn("w:lang")).get(qn("w:val")) for run in runs if run.rPr is not None}
        assert (spoken["En français."], spoken["In English."]) == ("fr-CA", "en-CA")
    else:
        assert "en" in {str(one.get("/Lang"))[:2] for one in tags(PdfReader(io.BytesIO(file)))}


def test_two_languages_stand_beside_each_other_on_paper() -> None:
    other = replace(small(Paragraph("In English."), lang="en"))
    document = replace(small(Paragraph("En français. " * 40)), beside=other)
    heights: dict[str, float] = {}

    def note(text: str, _cm: Any, at: Any, *_: Any) -> None:
        heights.update({one: at[5] for one in ("En français", "In English") if one in text and one not in heights})

    PdfReader(io.BytesIO(pdf.write(document, Look()))).pages[0].extract_text(visitor_text=note)
    assert heights["En français"] == pytest.approx(heights["In English"], abs=1)


@pytest.mark.parametrize("name", ["html", *FORMATS])
def test_no_line_ends_inside_a_share(name: str) -> None:
    table = Table("Parts", ("Choix", "Scène", "Mène à", "Part"), (("mot " * 30, "mot " * 9, "mot " * 9, "20–100 %"),))
    parts = [Paragraph(f"{'a' * n} 20–35 % et plus de la moitié") for n in range(60, 110, 4)]
    document = small(*parts, Bullets(("20–35 %",), "65–80 %"), Tabled("table-1", "1", table))
    if name == "html":
        told = re.sub(r"<style.*?</style>", "", html.write(document, Look()).decode(), flags=re.DOTALL)
    else:
        told = text_of(name, FORMATS[name](document, Look()))
        if name == "docx":
            cells = docx.Document(io.BytesIO(word.write(document, Look()))).tables[0]._cells
            told += "".join(cell.text for cell in cells)
    whole = {"html": '<span class="kit-range">20–35', "docx": "20–\u206035", "pdf": "20–35"}[name]
    assert told.count(whole) == told.count(whole[-2:]) == 14
    assert whole.replace("35", "100") in told


@pytest.mark.parametrize("name", ["html", *FORMATS])
def test_what_no_file_can_hold_is_left_out(name: str) -> None:
    """A note and a title come from a person's own file and command line, not through the store."""
    dirty = "\x00\x07Mot\ufffe\ud800 de la fin"
    document = replace(small(Paragraph(dirty), title=dirty), note=(Paragraph(dirty),))
    look = Look(name=dirty)
    file = html.write(document, look) if name == "html" else FORMATS[name](document, look)
    told = file.decode() if name == "html" else text_of(name, file)
    assert plain(told).count("Motdelafin") >= 3
    # pypdf writes a hyphen at the end of a line as U+FFFE.
    assert not re.search("[\x00\x07]" if name == "pdf" else "[\x00\x07\ufffe]", told)


def test_a_list_of_contents_names_both_languages_and_leads_to_each() -> None:
    document = replace(small(Paragraph("En français.")), beside=small(Paragraph("In English."), lang="en"))
    opened = docx.Document(io.BytesIO(word.write(document, Look())))
    links = [one for line in opened.paragraphs for one in line._p.iter(qn("w:hyperlink"))]
    assert len({one.get(qn("w:anchor")) for one in links}) == len(links) == 3
    marks = {one.get(qn("w:name")) for one in opened.element.body.iter(qn("w:bookmarkStart"))}
    assert {one.get(qn("w:anchor")) for one in links} <= marks


def test_a_caption_stays_with_its_table() -> None:
    """Tables of many heights, so that some begin at the end of a page."""
    tables = (
        Tabled(f"table-{n}", f"{n}", Table(f"Caption {n}", ("Left", "Right"), (("x", "y"),) * (n % 9 + 1)))
        for n in range(60)
    )
    document = replace(small(lang="en"), sections=(ReportSection("tables", "Tables", tuple(tables)),), wide=True)
    read = PdfReader(io.BytesIO(pdf.write(document, Look())))
    for page in read.pages:
        text = page.extract_text()
        assert len(re.findall(r"Caption \d+\s", text)) == len(re.findall(r"Caption \d+\s+Left\s", text)), text


@pytest.mark.parametrize("name", FORMATS)
def test_it_looks_as_the_theme_says(name: str) -> None:
    dot = io.BytesIO()
    Image.new("RGB", (40, 20), "#00695c").save(dot, "png")
    look = Look("Maison", Logo(dot.getvalue(), "png", "Logo de la Maison"), "#00695c", "#e0f2f1", paper="letter")
    file = FORMATS[name](small(), look)
    if name == "pdf":
        reader = PdfReader(io.BytesIO(file))
        assert "Logo de la Maison" in [str(one.get("/Alt")) for one in tags(reader)]
    else:
        read = docx.Document(io.BytesIO(file))
        assert [one.get("descr") for one in read.element.body.iter(qn("wp:docPr"))] == ["Logo de la Maison"]
        assert str(read.styles["Heading 1"].font.color.rgb) == "00695C"
        assert read.sections[0].header.paragraphs[0].text.startswith("Maison\t")


@pytest.mark.parametrize("name", FORMATS)
def test_a_font_that_is_not_there_is_done_without(name: str) -> None:
    assert "Méthode" in text_of(name, FORMATS[name](small(), Look(font="No Such Font At All")))


@pytest.mark.parametrize("lang", languages())
def test_without_typst_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, documents: Any, lang: str) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    for write in FORMATS.values():
        with pytest.raises(PartMissing) as missing:
            write(documents["fr"], Look())
        assert "collaboration-kit[reports]" in missing.value.tell(lang)


def test_long_words_may_be_broken_and_others_are_left_alone() -> None:
    assert soft("anticonstitutionnellement") == "anticonstitutionnellement"
    assert soft({"a": ["x" * (WORD + 1), 3, None]})["a"] == ["x" * 15 + "\u200b" + "x" * 15 + "\u200bx", 3, None]


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    narrow, wide = widths(Table("", ("n", "Phrase"), (("1", "une phrase assez longue pour une colonne"),)))
    assert narrow < wide
    assert all(one > 0 for one in widths(Table("", ("", ""), ())))


def test_quotes_are_marked_as_their_language_does() -> None:
    assert [say(lang, "report.page.quote", text="a") for lang in ("en", "fr")] == ["“a”", "«\u00a0a\u00a0»"]


# ---- the way from a workshop


@pytest.fixture(scope="module")
def whole(material: Material) -> dict[str, bytes]:
    """All formats of one report, made as a batch makes them."""
    decided = replace(material.session, decided="Une liste commune.\nQuatre rencontres.", asks="Une salle.")
    finished = make(Task(replace(material, session=decided), "fr", ("html", *FORMATS)))
    assert finished.error is None
    return dict(finished.files)


@pytest.mark.parametrize("name", ["html", *FORMATS])
def test_page_one_says_what_the_room_said_decided_and_asks(whole: dict[str, bytes], name: str) -> None:
    html = re.sub(r"<style.*?</style>|<nav.*?</nav>|<[^>]+>", "", whole["html"].decode(), flags=re.DOTALL)
    text = plain(unescape(html) if name == "html" else text_of(name, whole[name]))
    if name == "pdf":
        text = plain(PdfReader(io.BytesIO(whole["pdf"])).pages[0].extract_text())
    said, decided, asks = (plain(say("fr", f"report.{id}")) for id in ("said", "decided", "asks"))
    places = [text.index(one) for one in (said, decided, plain("Une liste commune."), asks, plain("Une salle."))]
    assert places == sorted(places)
    assert plain(say("fr", "report.said_none")) not in text


def test_what_nobody_typed_has_no_heading(documents: dict[str, Report]) -> None:
    assert [one.id for one in documents["fr"].opening] == ["people", "said"]


# ---- the language of what people wrote


def test_what_language_a_text_is_in_is_told_by_its_small_words() -> None:
    said = {
        "We will meet with the shelter in May.": "en", "Nous allons rencontrer la maison en mai.": "fr",
        "Table": "", "The la": "", "": "", "ᐃᓄᒃᑎᑐᑦ": "",
        "Merci à toutes et à tous pour l'écoute": "fr", "IT'S FOR US": "en",
    }  # fmt: skip
    assert {text: language_of(text) for text in said} == said


@pytest.mark.parametrize("name", ["html", *FORMATS])
def test_a_quote_carries_its_language(name: str) -> None:
    said = "We will meet with the partners"
    document = small(Quotes((said, "Nous allons nous voir avec les partenaires", "Table"), "Mots"))
    if name == "html":
        assert re.search(rf'<li lang="en">{said}', html.write(document, Look()).decode())
        return
    file = FORMATS[name](document, Look())
    if name == "docx":
        runs = docx.Document(io.BytesIO(file)).element.body.iter(qn("w:r"))
        spoken = {run.text: run.rPr.find(qn("w:lang")).get(qn("w:val")) for run in runs if run.rPr is not None}
        quoted = {text: lang for text, lang in spoken.items() if said in text or "Nous allons" in text}
        assert sorted(quoted.values()) == ["en-CA", "fr-CA"]
    else:
        assert "en" in {str(one.get("/Lang"))[:2] for one in tags(PdfReader(io.BytesIO(file)))}
