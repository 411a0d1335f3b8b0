"""Lists of rows and files: what an answer may be, and what passes between a page and its view."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kit.content_check import check
from kit.errors import AnswerRefused, KitError, StoreFull, TextIdentifies, TextTooLong, UnknownItem
from kit.session import Answer, Value
from kit.texts import languages
from kit.views.form import FormView
from kit.views.of import view_of
from tests.support.listing.model import Model

MODEL = Model("tests.support.listing")
MOST = 5


class Sent(list[tuple[dict[str, Any], list[bytes]]]):
    """What a view sent to its page."""

    @property
    def last(self) -> dict[str, Any]:
        return self[-1][0]


@pytest.fixture
def saved() -> dict[str, Value | None]:
    return {}


@pytest.fixture
def form(saved: dict[str, Value | None]) -> FormView:
    def save(item: str, value: Value | None, revision: int) -> int:
        if item == "plan.r0009":
            raise StoreFull(where="-")
        saved[item] = value
        return revision + 1

    view = view_of(MODEL)(
        model=MODEL, lang="fr", options=(), answers={}, save=save, is_open=True,
        elsewhere=lambda slug: {"one": f"from-{slug}"},
    )  # fmt: skip
    return view


def say(view: FormView, monkeypatch: pytest.MonkeyPatch, content: dict[str, Any], *buffers: bytes) -> Sent:
    sent = Sent()
    monkeypatch.setattr(view, "send", lambda told, given=None: sent.append((told, given or [])))
    view._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": list(buffers)})
    return sent


def answer(item: str, value: object, revision: int = 0) -> dict[str, Any]:
    return {"kind": "answer", "item": item, "value": value, "revision": revision, "n": 1}


def test_the_content_is_sound() -> None:
    assert check(MODEL.folder) == []
    shown = MODEL.content("fr")["sections"][0]["items"][0]
    assert [column["kind"] for column in shown["columns"]] == ["text", "date", "choice", "choices", "text"]
    assert (shown["most"], shown["row"], shown["columns"][2]["hint"]) == (MOST, "Action", "Une aide")


def test_a_row_is_stored_tidied_and_without_empty_fields() -> None:
    row = {"what": "  call \n them ", "due": "2026-12-01", "how": "well", "langs": ["other", "fr"], "notes": ""}
    assert MODEL.check("plan.r0000", row) == {
        "what": "call them", "due": "2026-12-01", "how": "well", "langs": ["fr", "other"], "share": False,
    }  # fmt: skip
    assert MODEL.check("plan.r0000", {"what": " ", "share": True}) is None
    assert MODEL.check("plan.r0000", None) is None


@pytest.mark.parametrize("item", ["plan", "plan.", "plan.1", "plan.r00001", "plan.R0000", "no.r0000", "plan.r0000.x"])
def test_a_row_without_a_right_key_is_unknown(item: str) -> None:
    with pytest.raises(UnknownItem):
        MODEL.check(item, {"what": "a"})


@pytest.mark.parametrize(
    "row",
    [
        7, "a", [], {"x": 1}, {"what": 1}, {"what": "a", "share": "yes"}, {"due": "01/12/2026"}, {"due": "0026-01-01"},
        {"due": 7}, {"how": "best"}, {"how": ["well"]}, {"langs": "fr"}, {"langs": ["fr", "xx"]}, {"langs": [1]},
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused(row: object) -> None:
    with pytest.raises(AnswerRefused):
        MODEL.check("plan.r0000", row)


def test_a_row_holds_no_contact_details_and_no_endless_text() -> None:
    with pytest.raises(TextIdentifies) as told:
        MODEL.check("plan.r0000", {"what": "call 613 555 0100"})
    assert "numéro de téléphone" in told.value.tell("fr")
    assert all("613" not in told.value.tell(lang) for lang in languages())
    with pytest.raises(TextTooLong):
        MODEL.check("plan.r0000", {"what": "x" * 201})


def test_rows_are_saved_one_by_one_and_a_list_has_an_end(
    form: FormView, saved: dict[str, Value | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(MOST):
        assert say(form, monkeypatch, answer(f"plan.r000{place}", {"what": "a"})).last["kind"] == "saved"
    told = say(form, monkeypatch, answer("plan.r0007", {"what": "a"})).last
    assert (told["kind"], "5" in told["message"]) == ("refused", True)
    assert say(form, monkeypatch, answer("plan.r0000", {"what": "b"}, 1)).last["kind"] == "saved"
    assert say(form, monkeypatch, answer("plan.r0001", None, 1)).last["kind"] == "saved"
    assert say(form, monkeypatch, answer("plan.r0007", {"what": "a"})).last["kind"] == "saved"
    assert sum(value is not None for value in saved.values()) == MOST


def test_a_file_goes_out(form: FormView, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one["id"] for one in json.loads(form.page_json)["files"]["gives"]] == ["csv"]
    say(form, monkeypatch, answer("plan.r0000", {"what": "one"}))
    told, data = say(form, monkeypatch, {"kind": "give", "what": "csv"})[-1]
    assert (told, data) == ({"kind": "file", "name": "plan.csv", "media": "text/csv"}, [b"one"])
    assert say(form, monkeypatch, {"kind": "give", "what": "nothing"}) == []


def test_what_comes_in_is_shown_before_it_is_kept(
    form: FormView, saved: dict[str, Value | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = say(form, monkeypatch, {"kind": "take", "what": "csv", "name": "x.csv"}, b"one two").last
    assert (told["kind"], told["count"], saved) == ("taken", 2, {})
    say(form, monkeypatch, {"kind": "leave"})
    assert (say(form, monkeypatch, {"kind": "keep"}), saved) == ([], {})
    say(form, monkeypatch, {"kind": "take", "what": "csv", "name": "x.csv"}, b"one two")
    kinds = [told["kind"] for told, _ in say(form, monkeypatch, {"kind": "keep"})]
    assert kinds == ["answers", "kept"]
    assert [row["what"] for row in saved.values() if isinstance(row, dict)] == ["one", "two"]


def test_what_another_exercise_holds_can_come_in(form: FormView, monkeypatch: pytest.MonkeyPatch) -> None:
    say(form, monkeypatch, {"kind": "take", "what": "example"})
    say(form, monkeypatch, {"kind": "keep"})
    assert form.values() == {"plan.r0000": {"what": "from-other", "share": False}}


@pytest.mark.parametrize("buffers", [(b"\0",), ("text",), (None,), (7,)])
def test_a_file_that_cannot_be_read_is_said_and_changes_nothing(
    form: FormView, monkeypatch: pytest.MonkeyPatch, buffers: tuple[Any, ...]
) -> None:
    kinds = {told["kind"] for told, _ in say(form, monkeypatch, {"kind": "take", "what": "csv"}, *buffers)}
    assert kinds <= {"not_taken", "trouble", "taken"}
    assert say(form, monkeypatch, {"kind": "keep"}) == [] or kinds == {"taken"}
    assert form.values() == {} or kinds == {"taken"}


def test_what_does_not_fit_is_said_and_the_rest_is_kept(form: FormView, monkeypatch: pytest.MonkeyPatch) -> None:
    say(form, monkeypatch, {"kind": "take", "what": "csv", "name": "x.csv"}, b"a b c d e f g h")
    last = say(form, monkeypatch, {"kind": "keep"})
    assert [told["kind"] for told, _ in last] == ["answers", "not_taken"]
    assert len(form.values()) == MOST


def test_a_closed_exercise_takes_nothing(form: FormView, monkeypatch: pytest.MonkeyPatch) -> None:
    form.set_open(False)
    assert say(form, monkeypatch, {"kind": "take", "what": "csv"}, b"a").last["kind"] == "not_taken"


def test_rows_that_are_stored_are_shown_again() -> None:
    stored = {"plan.r0000": Answer("plan.r0000", {"what": "a", "share": False}, 3)}
    view = FormView(model=MODEL, lang="en", options=(), answers=stored, save=lambda *_: 1, is_open=True)
    assert view.values() == {"plan.r0000": {"what": "a", "share": False}}
    assert isinstance(view.level, int)
    assert issubclass(TextIdentifies, KitError)
