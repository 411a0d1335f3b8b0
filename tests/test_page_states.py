"""A page comes with the states of its widgets: safely, and without missing what changes before it connects."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from kit.session import State
from tests.support.device import Device
from tests.support.running import run
from tests.support.talk import form_of, put, v1_line
from tests.support.waiting import PATIENCE
from tests.support.workshop import Workshop

ITEM = "organisation_teams"
BLANK = {"_dom_classes": [], "_view_count": None, "layout": None, "tabbable": None, "tooltip": None}
BOX = {"box_style": ""}
EVIL = "</script><script>alert(1)</script><!-- &lt; \\"
# A bell rings within half a second, and kernels look within another half.
LOOKED = 2.0
_GIVEN = re.compile(r'<script type="application/json" class="kit-states">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """One with every exercise."""
    return server.another()


@pytest.fixture(autouse=True)
def opened(workshop: Workshop) -> Iterator[None]:
    workshop.set_state(State.OPEN)
    yield
    workshop.set_state(State.OPEN)


@pytest.fixture
def person(workshop: Workshop) -> Device:
    made = workshop.device("en")
    made.take_seat(workshop.code)
    return made


def given(html: str) -> dict[str, dict[str, Any]]:
    """The states in a page, by model id."""
    found = _GIVEN.findall(html)
    assert len(found) == 1
    return {model: whole(one) for model, one in json.loads(found[0]).items()}


def whole(told: dict[str, Any]) -> dict[str, Any]:
    """A widget's state: what is blank is left out of a page, its class stands beside it, and so does JSON."""
    named = {f"_{name}": told[name] for name in ("model_name", "model_module", "model_module_version")}
    box = BOX if told["model_name"] == "VBoxModel" else {}
    texts = told.get("json", {}).items()
    as_text = {name: json.dumps(value, ensure_ascii=False, separators=(",", ":")) for name, value in texts}
    return {**BLANK, **box, **named, **told["state"], **as_text}


def test_a_page_holds_what_its_kernel_would_answer(person: Device) -> None:
    reply = person.get("/w")
    assert "no-store" in reply.headers["Cache-Control"]

    async def asked() -> dict[str, dict[str, Any]]:
        async with person.line(reply.kernel()) as page:
            return dict(page.states)

    assert given(reply.text) == run(asked())
    person.leave(reply.kernel())


def test_what_somebody_wrote_does_not_end_the_element_that_holds_it(person: Device) -> None:
    async def write() -> None:
        async with person.page() as page:
            form = await form_of(page, "reflection")
            own = next(item for item in texts_of(page.states[form]) if item != ITEM)
            assert (await put(page, form, own, {"text": EVIL, "share": False}))["kind"] == "saved"

    run(write())
    html = person.get("/w").text
    assert "<script>alert" not in html
    assert html.count("</script>") == html.count("<script")
    assert EVIL in [text for state in given(html).values() for text in written(state)]


def texts_of(form: dict[str, Any]) -> list[str]:
    sections = json.loads(form["page_json"])["content"]["sections"]
    return [item["id"] for part in sections for item in part["items"] if item["kind"] == "text"]


def written(state: dict[str, Any]) -> list[str]:
    """What the person wrote, in a form's state."""
    values = [one["value"] for one in (state.get("answers") or {}).values()]
    return [value["text"] for value in values if isinstance(value, dict)]


def test_what_changes_before_the_page_connects_reaches_it_unasked(workshop: Workshop, person: Device) -> None:
    reply = person.get("/w")
    before = given(reply.text)
    (form,) = (model for model, state in before.items() if "answers" in state)
    assert before[form]["is_open"] is True
    workshop.set_state(State.CLOSED)
    # Nobody is connected, so that nothing shows when the kernel has noticed.
    time.sleep(LOOKED)

    async def hear() -> bool:
        socket = await v1_line(person, reply.kernel())
        try:
            while True:
                told = await asyncio.wait_for(socket.read_message(), PATIENCE)
                assert told is not None
                if isinstance(told, bytes) and form.encode() in told and b'"is_open":false' in told.replace(b" ", b""):
                    return True
        finally:
            socket.close()

    assert run(hear())
    person.leave(reply.kernel())
