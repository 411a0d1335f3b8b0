"""The Python side of the views, through the messages that a page sends: also those that no page should send."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm

from kit.errors import SessionClosed, StaleAnswer, StoreFull, UnknownExercise
from kit.exercise import Exercise, exercise, exercises
from kit.session import Answer, Mode, Value
from kit.summary import Bar, Bullets, Figure, Heading, Paragraph, Quotes, Row, Summary, Table
from kit.texts import languages, say, section
from kit.views.agenda import Clock
from kit.views.alone import alone
from kit.views.form import FormView
from kit.views.html import render
from kit.views.of import view_of
from kit.views.room import GONE, OVER, SAID_HERE, TOGETHER, RoomNow, RoomPage, Shell
from kit.views.screen import Screen, ScreenPage
from kit.views.scripts import HERE, SCRIPTS, built, name_of, script_of

PAGE: RoomPage = {"lang": "fr", "exercises": [{"slug": "reflection", "title": "A", "state": "open"}]}


class Line(BaseComm):
    """The line to the page: keeps what was sent instead of publishing it."""

    def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **_: Any) -> None:
        sent = self.__dict__.setdefault("sent", [])
        sent.append(json.loads(json.dumps(data)))


@pytest.fixture(autouse=True)
def line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comm, "create_comm", lambda *args, **kwargs: Line(*args, **kwargs))


class Store:
    """What a store does for one person: counts revisions, or fails as it is told to."""

    def __init__(self) -> None:
        self.saved: list[tuple[str, Value | None, int]] = []
        self.fault: Exception | None = None

    def __call__(self, item: str, value: Value | None, revision: int) -> int:
        if self.fault is not None:
            raise self.fault
        self.saved.append((item, value, revision))
        return revision + 1


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def model() -> Exercise:
    return exercise("reflection")


@pytest.fixture
def form(model: Exercise, store: Store) -> FormView:
    return FormView(model=model, lang="fr", options=(), answers={}, save=store, is_open=True, styled=False)


def of_kind(model: Exercise, kind: str, share: bool = False) -> str:
    return next(item.id for item in model.structure.items() if item.kind == kind and item.share >= share)


def answers_of(model: Exercise, item: str) -> list[str]:
    asked = model.structure.item(item)
    assert asked is not None
    assert asked.scale is not None
    return list(model.structure.scales[asked.scale].all)


def hear(view: Any, content: object) -> list[dict[str, Any]]:
    """Let the page say something; return the custom messages that came back."""
    return [one["content"] for one in raw(view, {"method": "custom", "content": content}) if one["method"] == "custom"]


def raw(view: Any, data: object) -> list[dict[str, Any]]:
    sent = view.comm.__dict__.setdefault("sent", [])
    sent.clear()
    view.comm.handle_msg({"content": {"data": data}, "buffers": []})
    return list(sent)


def shown(view: Any, trait: str) -> Any:
    """What a page that loads now gets to see of a trait."""
    return json.loads(json.dumps(view.get_state(trait)[trait]))


def words(lang: str) -> dict[str, Any]:
    """What the shell of this page says; the sentence of another mode does not travel."""
    left_out = (*Mode, *SAID_HERE, *OVER, *GONE)
    return {key: text for key, text in section(lang, "room").items() if key not in left_out}


def test_a_page_gets_everything_with_the_first_message(form: FormView) -> None:
    first = form.comm.__dict__["sent"][0]["state"]
    assert json.loads(first["page_json"])["content"]["slug"] == first["slug"] == "reflection"
    assert first["answers"] == {}
    assert Shell(page=PAGE).comm.__dict__["sent"][0]["state"]["texts"]["ui"] == words("fr")


def test_what_is_said_in_a_state_comes_with_it_and_stays() -> None:
    room = Shell(page=PAGE)
    assert shown(room, "more") == {}
    room.comm.__dict__["sent"].clear()
    room.set_page({**PAGE, "over": True})
    (sent,) = room.comm.__dict__["sent"]
    assert sent["state"]["page"]["over"] is True
    assert sent["state"]["more"] == {"over": say("fr", "room.over")}
    assert "texts" not in sent["state"]
    room.set_page({**PAGE, "lang": "en"})
    assert shown(room, "more") == {"over": say("en", "room.over")}
    room.set_page({**PAGE, "lang": "en", "gone": True})
    assert set(shown(room, "more")) == {"over", "gone", "gone_anew", "gone_join"}
    clock: Clock = {"until": 0, "left": 60, "sent": 0}
    now: RoomNow = {
        "title": "", "block": "", "phones": None, "place": "", "clock": None, "result": False, "ready": None,
    }  # fmt: skip
    for told, said in ((now, False), ({**now, "ready": False}, True), ({**now, "clock": clock}, True)):
        assert shown(Shell(page={**PAGE, "now": told}), "more").keys() == (set(TOGETHER) if said else set())


def test_what_is_said_of_a_result_comes_with_it(form: FormView) -> None:
    assert not any(key.startswith(("group", "slide")) for key in json.loads(shown(form, "page_json"))["ui"])
    assert shown(form, "more") == {}
    form.comm.__dict__["sent"].clear()
    form.tell_group("<p>all</p>")
    (sent,) = form.comm.__dict__["sent"]
    assert sent["state"]["group"] == "<p>all</p>"
    assert sent["state"]["more"]["group_see"] == say("fr", "form.group_see")
    form.set_lang("en")
    assert shown(form, "more")["slide_next"] == say("en", "form.slide_next")


@pytest.mark.parametrize("mode", Mode)
def test_a_page_says_the_sentence_of_its_own_mode(mode: Mode) -> None:
    said = shown(Shell(page={**PAGE, "mode": mode.value}), "texts")["ui"]
    assert set(Mode) & said.keys() == {mode}


@pytest.mark.parametrize(("slug", "parts"), [("reflection", {"journal"}), ("action_plan", {"rows", "files"})])
def test_a_page_gets_the_sentences_about_what_its_exercise_has(slug: str, parts: set[str]) -> None:
    view = FormView(model=exercise(slug), lang="fr", options=(), answers={}, save=lambda *_: 1, is_open=True)
    said = json.loads(shown(view, "page_json"))["ui"]
    assert {"files", "rows", "journal"} & {key.partition("_")[0] for key in said} == parts


def test_widgets_of_one_kind_have_one_class_and_their_own_state() -> None:
    one, other = Shell(page=PAGE), Shell(page={"lang": "en"}, styled=False)
    assert type(one) is type(other)
    assert (shown(one, "page")["lang"], shown(other, "page")["lang"]) == ("fr", "en")
    assert one.layout is not None
    assert other.layout is None
    assert shown(one, "_anywidget_id") == "kit.views.room.Shell"
    assert set(one.keys) == set(one.traits(sync=True))


def test_a_script_travels_with_its_widget_unless_the_server_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    script = built("room")
    assert shown(Shell(page=PAGE), "_esm") == script
    monkeypatch.setenv(SCRIPTS, f"{'0' * 16}.js")
    assert shown(Shell(page=PAGE), "_esm") == script
    monkeypatch.setenv(SCRIPTS, f"{'0' * 16}.js {name_of(script)}")
    assert shown(Shell(page=PAGE), "_esm") == f"/v/{name_of(script)}"


def test_an_answer_is_saved_and_acknowledged_in_less_than_a_kilobyte(
    form: FormView, model: Exercise, store: Store
) -> None:
    item = of_kind(model, "choice")
    value = answers_of(model, item)[0]
    replies = raw(form, {"method": "custom", "content": {"kind": "answer", "item": item, "value": value, "n": 7}})
    assert [one["content"] for one in replies] == [{"kind": "saved", "item": item, "revision": 1, "n": 7}]
    assert len(json.dumps(replies)) < 1024
    assert store.saved == [(item, value, 0)]
    assert shown(form, "answers") == {item: {"value": value, "revision": 1}}
    assert hear(form, {"kind": "answer", "item": item, "value": None, "revision": 1, "n": 8})[0]["revision"] == 2
    assert form.values() == {}


def test_a_text_is_stored_as_the_exercise_checks_it(form: FormView, model: Exercise, store: Store) -> None:
    item = of_kind(model, "text", share=True)
    value = {"text": "  deux\n mots ", "share": True}
    hear(form, {"kind": "answer", "item": item, "value": value, "revision": 0, "n": 1})
    assert store.saved == [(item, {"text": "deux mots", "share": True}, 0)]


HOSTILE = [
    None, 3, "answer", [], ["answer"], {}, {"kind": None}, {"kind": ["answer"]}, {"kind": {"a": 1}}, {"kind": "drop"},
    {"kind": "answer"}, {"kind": "answer", "item": None}, {"kind": "answer", "item": ["x"], "n": "1"},
    {"kind": "answer", "item": "nowhere", "value": "x", "revision": 0, "n": 1},
    {"kind": "answer", "item": "CHOICE", "value": 3, "revision": 0, "n": 1},
    {"kind": "answer", "item": "CHOICE", "value": {"text": "x"}, "revision": 0, "n": 1},
    {"kind": "answer", "item": "CHOICE", "value": ["a"] * 1000, "revision": "1", "n": -1},
    {"kind": "answer", "item": "CHOICE", "value": "x" * 1_000_000, "revision": 0, "n": 1},
    {"kind": "answer", "item": "TEXT", "value": "x" * 1_000_000, "revision": 0, "n": 1},
    {"kind": "answer", "item": "TEXT", "value": {"text": "x" * 1_000_000, "share": True}, "revision": 0, "n": 1},
    {"kind": "answer", "item": "TEXT", "value": {"text": 1, "share": "yes"}, "revision": 10**400, "n": True},
    {"kind": "answer", "item": "TEXT", "value": {"text": "x", "share": True, "by": "me"}, "revision": 0, "n": 1.5},
    {"kind": "answer", "item": "JOURNAL", "value": {"text": "mine", "share": False}, "revision": 0, "n": 1},
    {"kind": "answer", "item": "JOURNAL", "value": None, "revision": 0, "n": 1},
]  # fmt: skip


@pytest.mark.parametrize("message", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_message_is_refused_quietly_and_stores_nothing(
    form: FormView, model: Exercise, store: Store, message: Any
) -> None:
    if isinstance(message, dict) and message.get("item") in ("CHOICE", "TEXT", "JOURNAL"):
        message = message | {"item": of_kind(model, message["item"].lower(), share=message["item"] == "TEXT")}
    replies = hear(form, message)
    assert store.saved == []
    assert all(one["kind"] == "refused" and one["message"] for one in replies)
    assert bool(replies) == (isinstance(message, dict) and message.get("kind") == "answer")
    assert len(json.dumps(replies)) < 1024
    item = of_kind(model, "choice")
    assert hear(form, {"kind": "answer", "item": item, "value": answers_of(model, item)[0]})[0]["kind"] == "saved"


MALFORMED = [None, [], {}, {"method": 3}, {"method": "custom"}, {"method": "update"}, {"method": "x"}]


@pytest.mark.parametrize("data", MALFORMED)
def test_a_malformed_message_is_left_unread(form: FormView, data: object) -> None:
    assert raw(form, data) == []


def test_no_trait_can_be_set_by_a_browser(form: FormView, model: Exercise, store: Store) -> None:
    form.set_open(False)
    lies = {
        "is_open": True, "slug": "x", "page_json": "{}", "answers": {"x": 1}, "feedback": "<b>", "group": 3,
        "_esm": "alert(1)",
    }  # fmt: skip
    before = {name: shown(form, name) for name in lies}
    assert raw(form, {"method": "update", "state": lies, "buffer_paths": []}) == []
    assert {name: shown(form, name) for name in before} == before
    item = of_kind(model, "choice")
    refused = hear(form, {"kind": "answer", "item": item, "value": answers_of(model, item)[0], "n": 1})
    assert [one["kind"] for one in refused] == ["refused"]
    assert store.saved == []


@pytest.mark.parametrize("lang", languages())
def test_a_journal_entry_is_refused_in_the_person_s_language(form: FormView, model: Exercise, lang: str) -> None:
    form.set_lang(lang)
    said = hear(form, {"kind": "answer", "item": of_kind(model, "journal"), "value": {"text": "a", "share": False}})
    assert said[0]["message"] == say(lang, "errors.StaysOnDevice")


def test_a_refusal_keeps_what_is_stored(form: FormView, model: Exercise, store: Store) -> None:
    item = of_kind(model, "choice")
    first, second, *_ = answers_of(model, item)
    hear(form, {"kind": "answer", "item": item, "value": first, "revision": 0, "n": 1})
    for fault, again in ((StoreFull(where="-"), True), (SessionClosed(), False)):
        store.fault = fault
        (said,) = hear(form, {"kind": "answer", "item": item, "value": second, "revision": 1, "n": 2})
        assert (said["value"], said["revision"], said["again"], said["n"]) == (first, 1, again, 2)
        assert said["message"] == fault.tell_people("fr")
    assert form.values() == {item: first}


def test_a_newer_answer_from_another_device_is_shown(form: FormView, model: Exercise, store: Store) -> None:
    item = of_kind(model, "choice")
    first, second, *_ = answers_of(model, item)
    store.fault = StaleAnswer(item=item, value=second, revision=9)
    (said,) = hear(form, {"kind": "answer", "item": item, "value": first, "revision": 0, "n": 1})
    assert (said["kind"], said["value"], said["revision"]) == ("refused", second, 9)
    assert form.values() == {item: second}


def test_a_fault_of_the_kit_is_told_without_what_was_written(
    form: FormView, model: Exercise, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    item = of_kind(model, "text", share=True)
    store.fault = RuntimeError("secret words")
    (said,) = hear(form, {"kind": "answer", "item": item, "value": {"text": "secret words", "share": False}, "n": 1})
    assert said == {"kind": "trouble", "message": section("fr", "form")["trouble"]}
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_a_lost_reply_is_given_again_and_a_newer_answer_passes(form: FormView, model: Exercise, store: Store) -> None:
    item = of_kind(model, "choice")
    first, second, *_ = answers_of(model, item)
    for n in (1, 1):
        assert hear(form, {"kind": "answer", "item": item, "value": first, "revision": 0, "n": n})[0]["revision"] == 1
    assert len(store.saved) == 1
    hear(form, {"kind": "answer", "item": item, "value": second, "revision": 0, "n": 2})
    assert store.saved[1] == (item, second, 1)


def test_an_old_page_s_answer_is_left_to_the_store(model: Exercise, store: Store) -> None:
    item = of_kind(model, "choice")
    first, second, *_ = answers_of(model, item)
    stored = {item: Answer(item, first, 5)}
    view = FormView(model=model, lang="fr", options=(), answers=stored, save=store, is_open=True)
    hear(view, {"kind": "answer", "item": item, "value": second, "revision": 3, "n": 1})
    assert store.saved == [(item, second, 3)]


def test_a_language_switch_keeps_every_id_and_sends_the_page_alone(form: FormView, model: Exercise) -> None:
    item = of_kind(model, "choice")
    hear(form, {"kind": "answer", "item": item, "value": answers_of(model, item)[0], "n": 1})
    before = json.loads(shown(form, "page_json"))
    form.comm.__dict__["sent"].clear()
    form.set_lang("en")
    sent = form.comm.__dict__["sent"]
    assert [sorted(one["state"]) for one in sent] == [["page_json"]]
    after = json.loads(sent[0]["state"]["page_json"])
    assert after["content"]["title"] != before["content"]["title"]
    assert list(ids(after["content"])) == list(ids(before["content"]))
    assert item in shown(form, "answers")


def ids(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if "id" in node:
            yield node["id"]
        for one in node.values():
            yield from ids(one)
    elif isinstance(node, list):
        for one in node:
            yield from ids(one)


def test_the_page_gets_no_text_that_it_does_not_show(form: FormView) -> None:
    sections = json.loads(shown(form, "page_json"))["content"]["sections"]
    shown_keys = {key for part in sections for item in part["items"] for key in item}
    assert shown_keys <= {"id", "kind", "text", "hint", "options", "apart", "about", "limit", "share"}


def test_the_picture_is_made_on_asking_and_follows_the_language(form: FormView, model: Exercise) -> None:
    form.set_lang("en")
    assert form.feedback == ""
    assert hear(form, {"kind": "feedback"}) == [{"kind": "feedback"}]
    assert "<h3>" in form.feedback
    assert 'lang="en"' in form.feedback
    form.set_lang("fr")
    assert 'lang="fr"' in form.feedback
    form.replace_answers({})
    assert form.feedback == ""


def test_a_group_s_result_is_shown_and_taken_away(form: FormView) -> None:
    form.show_group(Summary("Le groupe", (Paragraph("Ensemble."),)))
    assert "<h3>Le groupe</h3>" in form.group
    form.show_group(None)
    assert form.group == ""


def test_every_text_of_a_summary_is_escaped_and_every_block_is_told() -> None:
    evil = '<img src=x onerror="1">&'
    table = Table(evil, (evil, evil), ((evil, evil),))
    blocks = (Heading(evil), Paragraph(evil, "note"), Bullets((evil,), evil), Quotes((evil,), evil), table)
    html = render(Summary(evil, blocks), "fr", 3)
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=&#34;1&#34;&gt;&amp;") == 13
    assert "<h3>" in html
    assert "<h4>" in html
    assert 'class="kit-note"' in html
    assert '<ul class="kit-quotes">' in html
    assert '<th scope="col">' in html
    assert '<th scope="row">' in html
    assert "<caption>" in html


def test_a_table_of_three_columns_is_read_without_scrolling_sideways() -> None:
    three = Table("Shares", ("Topic", "Answers", "Apart"), (("Money", "some: 20–35\u00a0%", "not shown"),))
    two = Table("Two", ("Topic", "Answers"), (("Money", "1"),))
    told = render(Summary("Result", (Heading("Shares"), three, two)), "en")
    assert told.count("kit-table-cards") == 1
    assert '<td role="cell" data-label="Answers">some: <span class="kit-range">20–35\u00a0%</span></td>' in told
    # A title that repeats its heading is heard, not seen twice.
    assert '<caption class="kit-hidden">Shares</caption>' in told
    assert "<caption>Two</caption>" in told


def test_a_figure_is_one_image_with_one_name_and_a_table() -> None:
    twin = Table("Twin", ("Who", "How many"), (("All", "60 %"),))
    bars = (Bar("Rarely", 40, 0), Bar("Often", 60, 4))
    figure = Figure("stack", "Shares", 'Most said "often" & <more>', (Row("All", bars),), twin)
    html = render(Summary("S", (figure, replace(figure, title="Again"))), "en")
    images = re.findall(r"<svg[^>]*>", html)
    assert len(images) == 2
    assert all(one.count("role=") == 1 and one.count("aria-label=") == 1 for one in images)
    assert all('aria-label="Most said &quot;often&quot; &amp; &lt;more&gt;"' in one for one in images)
    assert '<figure class="kit-figure" role="group" aria-label="Shares"' in html
    assert html.index("<details>") < html.index("<caption>Twin</caption>") < html.index("</details>")


def test_the_shell_calls_back_for_what_it_knows_only() -> None:
    called: list[str] = []
    room = Shell(page=PAGE, on_lang=called.append, on_choose=called.append, on_erase=lambda: called.append("erased"))
    for message in (
        {"kind": "lang", "lang": "xx"}, {"kind": "lang", "lang": ["fr"]}, {"kind": "lang"}, {"kind": "choose"},
        {"kind": "choose", "slug": "nowhere"}, {"kind": "choose", "slug": {}}, {"kind": "erased"}, None,
    ):  # fmt: skip
        assert hear(room, message) == []
    assert called == []
    hear(room, {"kind": "lang", "lang": "en"})
    hear(room, {"kind": "choose", "slug": "reflection"})
    assert hear(room, {"kind": "erase"}) == [{"kind": "erased"}]
    assert called == ["en", "reflection", "erased"]


def test_the_shell_tells_why_something_did_not_happen() -> None:
    def refuse() -> None:
        raise SessionClosed()

    room = Shell(page=PAGE, on_erase=refuse)
    assert hear(room, {"kind": "erase"}) == [{"kind": "say", "text": SessionClosed().tell("fr")}]


def test_the_shell_believes_no_trait_and_has_a_neutral_way_out() -> None:
    room = Shell(page=PAGE)
    raw(room, {"method": "update", "state": {"page": {"exit_url": "//elsewhere", "exercises": []}}, "buffer_paths": []})
    assert shown(room, "page")["neutral_url"] == "about:blank"
    assert shown(room, "page")["exercises"] == list(PAGE["exercises"])
    room.set_page({**PAGE, "lang": "en"})
    assert shown(room, "texts")["ui"] == words("en")


def test_the_wall_is_sent_its_own_sentences_and_each_language_once() -> None:
    parts = [(HERE / part).read_text("utf-8") for part in ("screen.js", "clock.js", "slides.js")]
    # Of the slides' module, what the wall calls: where a slide is.
    drawn_by = "".join([*parts[:2], parts[2].partition("export function placeOf")[2].partition("\n}")[0]])
    asked = set(re.findall(r"\bui\.([a-z_]+)", drawn_by))
    page: ScreenPage = {
        "lang": "fr", "title": "", "code": "ACD347", "link": "", "qr": "", "progress": ["Personne"], "closed": False,
        "heading": "", "html": "", "slide": 0, "notice": "", "block": "", "step": "", "beside": [], "looks": [],
        "joining": True, "clock": None,
    }  # fmt: skip
    wall = Screen(page=page)
    assert shown(wall, "texts")["ui"].keys() == asked
    sent = wall.comm.__dict__["sent"]
    wall.set_page({**page, "progress": ["Quelqu’un"]})
    assert sent[-1]["state"].keys() == {"page"}
    assert "ui" not in sent[-1]["state"]["page"]
    told = len(sent)
    wall.set_page({**page, "progress": ["Quelqu’un"]})
    assert len(sent) == told
    wall.set_page({**page, "lang": "en"})
    assert sent[-1]["state"].keys() == {"page", "texts"}
    assert sent[-1]["state"]["texts"]["ui"]["how"] == say("en", "console.how")


@pytest.mark.parametrize("lang", languages())
def test_alone_speaks_saves_and_forgets_in_memory(lang: str) -> None:
    room, keep, form, send = alone("reflection", lang).children
    model = exercise("reflection")
    item = of_kind(model, "choice")
    hear(form, {"kind": "answer", "item": item, "value": answers_of(model, item)[0], "revision": 0, "n": 1})
    other = next(one for one in languages() if one != lang)
    hear(room, {"kind": "lang", "lang": other})
    assert {view.lang for view in (room, keep, form, send)} == {other}
    assert form.values() != {}
    hear(room, {"kind": "erase"})
    assert form.values() == {}
    assert shown(form, "answers") == {}


def test_alone_asks_with_every_lens() -> None:
    *_, form, _ = alone("partnership").children
    model = exercise("partnership")
    asked = {item.id for item in model.structure.items(model.unnamed)}
    assert asked <= set(ids(json.loads(shown(form, "page_json"))["content"]))


@pytest.mark.parametrize("slug", exercises())
def test_opening_an_exercise_costs_one_widget_model(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_line(*args: Any, **kwargs: Any) -> Line:
        opened.append(kwargs["data"]["state"]["_model_module"])
        return Line(*args, **kwargs)

    monkeypatch.setattr(comm, "create_comm", open_line)
    model = exercise(slug)
    lenses = tuple(lens.id for lens in model.structure.lenses)
    view_of(model)(model=model, lang="fr", options=lenses, answers={}, save=lambda *_: 1, is_open=True, styled=False)
    assert [one for one in opened if one != "@jupyter-widgets/base"] == ["anywidget"]
    assert len(opened) <= 2, "beside it there is only the layout that ipywidgets gives every widget"


def test_alone_names_the_exercises_that_exist() -> None:
    with pytest.raises(UnknownExercise, match="reflection"):
        alone("nowhere")


@pytest.mark.parametrize("name", ["form", "room", "console", "screen", "alone", "send"])
def test_a_widget_s_code_is_one_module(name: str) -> None:
    code = built(name)
    assert not re.search(r"(^|[;}])import\b", code)
    assert re.search(r"export\{([\w$]+ as \w+,)*[\w$]+ as default(,[\w$]+ as \w+)*\};$", code.strip())
    assert not re.search(r"https?:", code)


def test_every_exercise_s_view_was_built_ahead() -> None:
    for model in exercises().values():
        folder = Path(str(model.folder))
        assert (folder / "view.js").is_file() == (folder / "built" / "view.js").is_file(), model.slug


# Which files draw a page's sentences.
PARTS = {
    "form": ["form.js", "answers.js", "copy.js", "fields.js", "files.js", "layout.js", "rows.js", "share.js"],
    "room": ["room.js", "own.js"],
}


def test_every_sentence_that_the_code_asks_for_exists() -> None:
    for name in ("form", "room"):
        asked = {word for part in PARTS[name] for word in re.findall(r"\bui\.([a-z_]+)", (HERE / part).read_text())}
        assert asked
        assert asked <= section("fr", name).keys() | section("fr", "alone.room").keys()


@pytest.mark.parametrize("slug", exercises())
def test_a_phone_is_sent_no_sentence_that_its_page_does_not_ask_for(slug: str) -> None:
    # Asked for by what the page is told: a workshop's mode, an exercise's state; and by its number.
    by_name = {"anonymous", "waiting", "open", "closed"}

    def asked(key: str, script: str) -> bool:
        stem = re.escape(re.sub(r"\d+$", "", key))
        return re.search(rf"\b{stem}(?:\b|\$)", script) is not None

    model = exercise(slug)
    form = FormView(model=model, lang="fr", options=(), answers={}, save=lambda *_: 1, is_open=True)
    form.tell_group("<p>all</p>")
    now: RoomNow = {
        "title": "", "block": "", "phones": None, "place": "", "clock": None, "result": False, "ready": False,
    }  # fmt: skip
    shell = Shell(page={**PAGE, "mode": "anonymous", "over": True, "gone": True, "now": now})
    sent = {built("room"): shown(shell, "texts")["ui"] | shown(shell, "more")}
    sent |= {script_of(Path(str(model.folder))): json.loads(shown(form, "page_json"))["ui"] | shown(form, "more")}
    for script, said in sent.items():
        assert len(said) > 20
        assert [key for key in said.keys() - by_name if not asked(key, script)] == []


PAIRS = [
    *(("ink", on, 4.5) for on in ("paper", "card", "tint", "warm-tint", "bad-tint")),
    *(("soft", on, 4.5) for on in ("paper", "card", "tint")),
    *((one, on, 4.5) for one in ("accent", "good", "bad", "warm") for on in ("paper", "card")),
    ("accent-ink", "accent", 4.5), ("night-ink", "night", 4.5), ("accent", "tint", 4.5),
    *((one, on, 3.0) for one in ("edge", "focus") for on in ("paper", "card", "tint")),
]  # fmt: skip


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0]}-on-{pair[1]}")
def test_colours_can_be_told_apart(scheme: int, pair: tuple[str, str, float]) -> None:
    found = re.findall(r"--kit-([a-z-]+): (#[0-9a-f]{6});", (HERE / "kit.css").read_text("utf-8"))
    half = [name for name, _ in found].index("paper", 1)
    colours = dict(found[:half]) if scheme == 0 else dict(found[half:])
    a, b = sorted((luminance(colours[pair[0]]), luminance(colours[pair[1]])))
    assert (b + 0.05) / (a + 0.05) >= pair[2]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b



@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("slug", exercises())
def test_alone_nothing_speaks_of_a_group(slug: str, lang: str) -> None:
    *_, form, _ = alone(slug, lang).children
    page = json.loads(shown(form, "page_json"))
    sections = page["content"]["sections"]
    spoken = [page["content"]["intro"], *page["content"].get("says", {}).values()]
    for part in [*sections, *(item for one in sections for item in one["items"])]:
        spoken += [part.get(which, "") for which in ("lead", "hint")]
        spoken += [column.get("hint", "") for column in part.get("columns", ())]
    of_a_group = {
        "en": r"facilitator|workshop|the room\b|the group\b|the others may|\bsaved\b",
        "fr": r"qui anime|l'atelier|la salle\b|le groupe\b|du groupe\b|les autres peuvent|enregistré",
    }[lang]
    # Of a vote, in a room that is brought together, nobody hears alone.
    says = page["content"].get("says", {})
    votes = {says.get(key) for key in ("vote", "vote_help", "voted", "vote_end", "vote_over", "vote_title")}
    assert [one for one in spoken if one not in votes and re.search(of_a_group, one)] == []
