"""Our agreement as a file: a Word document and a web page, in both languages, whatever was written."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from random import Random
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from kit.exercises.agreement import files as offered
from kit.exercises.agreement.document import fit
from kit.exercises.agreement.model import Model
from kit.files import Asked
from kit.session import Sector, Value
from tests.test_agreement import GOAL, LANGS, PACKAGE, text, titles, whole

STRANGE = '=1+1 </p><script>x</script> & "é" \x07\x0b\x1b\u202e\ufffe 日本'


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(PACKAGE)


class Page(HTMLParser):
    """What stands in a page: tags with attributes, and the text of each element."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(data.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def count(self, tag: str) -> int:
        return sum(one == tag for one, _ in self.tags)


def given(model: Model, what: str, answers: dict[str, Value], lang: str = "fr") -> bytes:
    file = offered.give(model, Asked(what, answers, lang, (), lambda _slug: {}))
    assert file.name == f"document.{what}"
    return file.data


def word(model: Model, answers: dict[str, Value], lang: str = "fr") -> Any:
    return docx.Document(io.BytesIO(given(model, "docx", answers, lang)))


@pytest.mark.parametrize("lang", LANGS)
def test_the_word_file_has_real_headings_in_both_languages(model: Model, lang: str) -> None:
    other = next(one for one in LANGS if one != lang)
    heads = [one.text for one in word(model, whole(model), lang).paragraphs if one.style.name == "Heading 1"]
    mine, theirs = titles(model, lang), titles(model, other)
    assert heads[:-1] == [f"{mine[one]} / {theirs[one]}" for one in mine]
    assert heads[-1] == " / ".join(model.texts(one).say("document_open") for one in (lang, other))


def test_the_word_file_holds_what_was_written(model: Model) -> None:
    document = word(model, whole(model))
    paragraphs = [one.text for one in document.paragraphs]
    assert {f"About {item.id}" for item in model.structure.items() if item.kind == "text"} <= set(paragraphs)
    assert [one for one in paragraphs if model.texts("en").say("legal") in one]
    goals, roles, reviews = (
        [[cell.text for cell in row.cells] for row in table.rows] for table in document.tables
    )
    assert goals[0][2] == "Indicateur / Indicator"
    assert goals[1] == ["Visit each other", "Court terme / Short term", "Four visits", "2027-01-15", "2027-06-30"]
    assert roles[1] == ["House", "Knowledge", "Leads"]
    assert reviews[1] == ["2027-09-01", ""]


@pytest.mark.parametrize("lang", LANGS)
def test_the_word_file_says_its_languages_and_nothing_about_its_maker(model: Model, lang: str) -> None:
    document = word(model, whole(model), lang)
    about = document.core_properties
    assert (about.language, about.title, about.author, about.comments) == (f"{lang}-CA", "Document", "", "")
    spoken = [one.get(qn("w:val")) for one in document.element.body.iter(qn("w:lang"))]
    assert {*spoken} == {"fr-CA", "en-CA"}
    assert spoken[0] == f"{lang}-CA"
    head = next(one for one in document.paragraphs if one.style.name == "Heading 1")
    marks = [run._r.rPr.find(qn("w:lang")) for run in head.runs if run.text != " / "]
    assert [mark.get(qn("w:val")) for mark in marks] == sorted(("fr-CA", "en-CA"), key=lambda one: one[:2] != lang)
    normal = document.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert normal.get(qn("w:val")) == f"{lang}-CA"


def test_the_header_row_of_a_table_is_one(model: Model) -> None:
    for table in word(model, whole(model)).tables:
        header, *others = table.rows
        assert header._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(one._tr.trPr is None for one in others)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_is_self_contained_and_accessible(model: Model, lang: str) -> None:
    data = given(model, "html", whole(model), lang)
    page = Page(data)
    assert page.tags[0] == ("html", {"lang": lang})
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert not re.search(rb"https?:|url\(|@import", data)
    assert (page.count("h1"), page.count("h2")) == (1, len(model.structure.sections) + 1)
    assert page.count("table") == page.count("caption") == page.count("thead") == 3
    assert all(attrs.get("scope") == "col" for tag, attrs in page.tags if tag == "th")
    assert {attrs["lang"] for tag, attrs in page.tags if tag == "span"} == set(LANGS)
    assert page.words[page.words.index("Document")] == "Document", "a neutral title"


@pytest.mark.parametrize("what", offered.GIVES)
def test_open_points_stand_in_both_languages(model: Model, what: str) -> None:
    answers = {**whole(model), "referral_status": "to_discuss", "vision_text": text("")}
    data = given(model, what, answers)
    if what == "docx":
        document = docx.Document(io.BytesIO(data))
        points = [one.text for one in document.paragraphs if one.style.name == "List Bullet"]
    else:
        points = re.findall(r"<li>(.*?)</li>", data.decode("utf-8"), re.DOTALL)
        points = [re.sub(r"<[^>]+>|\n", "", one).replace("&#39;", "'") for one in points]
    fr, en = (model.open_points(answers, model.texts(lang)) for lang in LANGS)
    assert points == [f"{one} / {two}" for one, two in zip(fr, en, strict=True)]
    assert len(points) == 2


@pytest.mark.parametrize("what", offered.GIVES)
@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_draft_can_be_taken_away(model: Model, what: str, lang: str) -> None:
    data = given(model, what, {}, lang)
    words = Page(data).words if what == "html" else [one.text for one in docx.Document(io.BytesIO(data)).paragraphs]
    assert any(model.texts(lang).say("document_nothing") in one for one in words)


def test_a_topic_that_is_not_theirs_is_only_named(model: Model) -> None:
    answers: dict[str, Value] = {f"{topic}_status": "not_for_us" for topic in ("line", "visits")}
    answers["visits_text"] = text("Kept")
    heads = [one.text for one in word(model, answers).paragraphs if one.style.name.startswith("Heading")]
    asked = {one: " / ".join(model.texts(lang).text(f"{one}_text") for lang in LANGS) for one in ("line", "visits")}
    assert asked["line"] not in heads
    assert asked["visits"] in heads
    assert any(titles(model, "fr")["line"] in one for one in heads)


def test_strange_texts_stay_texts(model: Model) -> None:
    answers: dict[str, Value] = {
        "vision_text": text(STRANGE), "goals_list.r0000": {**GOAL, "goal": STRANGE[:100]},
        "roles_list.r0000": {"partner": "{{ 7 * 7 }}", "role": "\ud83d", "share": False},
    }  # fmt: skip
    page = Page(given(model, "html", answers))
    assert page.count("script") == 0
    assert "".join(page.words).count(fit(STRANGE)) >= 2
    assert "{{ 7 * 7 }}" in page.words
    document = word(model, answers)
    assert fit(STRANGE) in [one.text for one in document.paragraphs]
    assert document.tables[0].rows[1].cells[0].text == fit(STRANGE[:100])
    assert "\x07" not in fit(STRANGE)
    assert fit("à\té\n=日本") == "à\té\n=日本"


@pytest.mark.parametrize("what", offered.GIVES)
def test_three_hundred_rows_fit_into_a_file(model: Model, what: str) -> None:
    goals = {f"goals_list.r{n:04}": {**GOAL, "goal": f"Goal {n}"} for n in range(300)}
    data = given(model, what, {**goals, "goals_status": "agreed"})
    if what == "docx":
        (table,) = docx.Document(io.BytesIO(data)).tables
        assert len(table.rows) == 301
        assert table.rows[300].cells[0].text == "Goal 299"
    else:
        assert data.count(b"<tr>") == 301
        assert b">Goal 299<" in data


def test_a_rehearsed_draft_becomes_a_file(model: Model) -> None:
    answers = dict(model.rehearse(Random(3), Sector.COMMUNITY, "fr"))
    assert len(word(model, answers).paragraphs) > len(model.structure.sections)
