"""What somebody with bad intentions, or a broken browser, can send: it changes nobody else's data and reads nothing."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tornado.websocket import WebSocketClosedError

from kit.rehearsal import PageClient
from kit.serving.assets import assets
from kit.session import State
from kit.texts import say
from tests.support.device import Device
from tests.support.running import run
from tests.support.talk import (
    answers_to,
    form_of,
    is_closed,
    line_status,
    model_with,
    put,
    raw,
    states_of,
    v1_line,
    v1_message,
    v1_until,
)  # fmt: skip
from tests.support.workshop import Workshop, serving

ITEM, SCALE_ITEM = "organisation_teams", "power_shared"
FORBIDDEN = (
    "execute_request", "inspect_request", "complete_request", "history_request", "is_complete_request",
    "input_reply", "debug_request", "interrupt_request", "create_subshell_request", "usage_request", "apply_request",
)  # fmt: skip
HTML_WIDGET = {
    "_model_module": "@jupyter-widgets/controls", "_model_module_version": "2.0.0", "_model_name": "HTMLModel",
    "_view_module": "@jupyter-widgets/controls", "_view_module_version": "2.0.0", "_view_name": "HTMLView",
    "value": "x",
}  # fmt: skip
CHANNELS = ("shell", "control", "stdin", "iopub", "nothing", None)


@pytest.fixture(scope="module", autouse=True)
def opened(workshop: Workshop) -> None:
    workshop.set_state(State.OPEN)


@pytest.fixture(scope="module")
def victim(workshop: Workshop) -> Iterator[Device]:
    """Somebody who has answered, and whose page stays loaded."""
    person = workshop.device()
    person.take_seat(workshop.code)
    kernel = person.enter()

    async def answer() -> None:
        async with person.line(kernel) as page:
            assert (await put(page, await form_of(page, "reflection"), ITEM, "growth"))["kind"] == "saved"

    run(answer())
    yield person
    assert stored(workshop, person) == {ITEM: "growth"}, "somebody has changed another person's answers"
    person.leave(kernel)


@pytest.fixture
def attacker(workshop: Workshop) -> Device:
    """Somebody with a seat of their own."""
    person = workshop.device("en")
    person.take_seat(workshop.code, "other")
    return person


def seat_of(workshop: Workshop, person: Device) -> str:
    with workshop.store() as store:
        return store.seats.by_token(person.cookies["seat"]).id


def stored(workshop: Workshop, person: Device, slug: str = "reflection") -> dict[str, object]:
    return workshop.answers_of(seat_of(workshop, person), slug)


def kernel_of(workshop: Workshop) -> str:
    """The one kernel that runs."""
    return workshop.pages()[0]


async def works(page: PageClient, form: str, revision: int) -> None:
    """The page still takes an answer."""
    told = await put(page, form, ITEM, "strength", revision, revision)
    assert told["kind"] == "saved", told


class TestFromOutside:
    @pytest.mark.parametrize(
        "cookie",
        [
            "", "seat=", "seat=x", "seat=" + "A" * 43, "seat=" + "A" * 5000, "seat=../../etc", "seat=%00",
            "seat=' OR 1=1",
            "host=x", "host=.", "host=a.b", "host=.b", "seat=\xff\xfe", "lang=%00; seat=é",
        ],
    )  # fmt: skip
    def test_a_forged_cookie_opens_nothing(self, workshop: Workshop, victim: Device, cookie: str) -> None:
        stranger = workshop.device()
        told = {"Cookie": cookie}
        assert stranger.get("/w", told).location == "/"
        assert stranger.get("/card", told).status == 403
        assert stranger.get("/console", told).status == stranger.get("/screen", told).status == 403
        assert stranger.get(f"/api/kernels/{kernel_of(workshop)}", told).status == 403

    def test_another_persons_kernel_is_closed_to_everyone_else(
        self, workshop: Workshop, victim: Device, attacker: Device
    ) -> None:
        kernel = kernel_of(workshop)
        for person in (attacker, workshop.device(), workshop.host_device()):
            assert run(line_status(person, kernel)) == 403
            assert person.get(f"/api/kernels/{kernel}").status == 403
            assert person.post("/leave", {"kernel": kernel}).status == 204
            assert person.ask("DELETE", f"/api/kernels/{kernel}").status in (403, 405)
            assert person.post(f"/api/kernels/{kernel}/restart", {}).status in (403, 404, 405)
        assert workshop.pages(), "the victim's page goes on"
        assert run(line_status(victim, kernel)) == 101

    def test_a_page_of_another_site_can_neither_connect_nor_post(self, workshop: Workshop, victim: Device) -> None:
        kernel = kernel_of(workshop)
        assert run(line_status(victim, kernel, Origin="http://evil.example")) == 403
        for headers in (
            {"Origin": "http://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        ):
            for path, form in (
                ("/leave", {"kernel": kernel}), ("/exit", {}), (f"/j/{workshop.code}", {"sector": "other"}),
                ("/host", {}),
                (f"/back/{workshop.code}", {"words": "a b c d"}), ("/", {"code": workshop.code}),
            ):  # fmt: skip
                assert victim.post(path, form, headers).status == 403, (path, headers)
        assert kernel_of(workshop) == kernel
        own = {"Origin": workshop.address, "Sec-Fetch-Site": "same-origin"}
        assert workshop.device().post("/", {"code": workshop.code}, own).status == 303

    @pytest.mark.parametrize(
        "path",
        [
            "/static/../web.py", "/static/%2e%2e/web.py", "/a/x/../web.py", "/a/x/%2e%2e%2fweb.py", "/a/x/..%5cweb.py",
            "/a/x//etc/passwd", "/a/x/%2fetc%2fpasswd", "/a/x/form.js", "/page/../index.html.j2", "/a/x/index.html.j2",
            "/voila/render/participant.ipynb", "/voila/render/report.ipynb", "/voila/tree",
            "/voila/files/participant.ipynb",
            "/voila/static/voila.js", "/voila/templates/kit/static/kit-page.js", "/voila/api/shutdown/x",
            "/voila/kernels/x",
            "/api", "/api/contents", "/api/contents/participant.ipynb", "/api/kernels", "/api/kernelspecs",
            "/api/sessions",
            "/api/terminals", "/api/shutdown", "/api/status", "/api/me", "/terminals/1", "/files/participant.ipynb",
            "/notebooks/participant.ipynb", "/participant.ipynb", "/lab", "/tree", "/login", "/metrics",
            "/w/participant",
            "/nbconvert/html/report.ipynb", "/custom/custom.css", "/favicon.ico", "/.git/config", "/store.db",
        ],
    )  # fmt: skip
    def test_there_are_no_other_addresses(self, workshop: Workshop, path: str) -> None:
        stranger = workshop.device()
        for method in ("GET", "POST", "DELETE", "PUT", "PATCH"):
            reply = stranger.ask(method, path, None if method in ("GET", "DELETE") else b"")
            assert reply.status in (404, 405), (method, reply.status)
            assert "root:" not in reply.text
            assert "def " not in reply.text

    def test_a_template_or_theme_cannot_be_chosen(self, workshop: Workshop, attacker: Device) -> None:
        reply = attacker.get("/w?template=lab&theme=dark&voila-template=lab&lang=%ff&path=../../x")
        assert reply.status == 200
        assert assets().prefix in reply.text
        attacker.leave(reply.kernel())

    def test_the_host_key_opens_one_session_only(self, workshop: Workshop) -> None:
        person = workshop.device("fr")
        for session, key in (
            (workshop.session_id, "wrong"), (workshop.session_id, ""), ("", workshop.key), ("0" * 32, workshop.key),
            (workshop.session_id[:-1], workshop.key), (workshop.session_id, workshop.key[:-1]),
        ):  # fmt: skip
            reply = person.post("/host", {"session": session, "key": key})
            assert reply.status == 403
            assert say("fr", "errors.WrongKey") in reply.text.replace("&#39;", "'")
            assert "host" not in person.cookies
        with workshop.store() as store:
            first = store.sessions.get(workshop.session_id)
            other = store.sessions.add(
                type(first)("f" * 32, "ACDEFH", "Other", "fr", first.mode, first.k, first.plans, secret="s"), "0" * 64
            )
        own = workshop.host_device().cookies["host"].partition(".")[2]
        for forged in (f"{other.id}.{own}", f"{workshop.session_id}.{workshop.key}"):
            for path in ("/console", "/screen"):
                assert person.get(path, {"Cookie": f"host={forged}"}).status == 403

    def test_a_card_opens_a_seat_of_its_own_session_only(self, workshop: Workshop, attacker: Device) -> None:
        words = attacker.get("/card").text.partition("data-words>")[2].partition("<")[0]
        with workshop.store() as store:
            first = store.sessions.get(workshop.session_id)
            store.sessions.add(
                type(first)("e" * 32, "ACDEFJ", "Other", "fr", first.mode, first.k, first.plans, secret="t"), "1" * 64
            )
        reply = workshop.device("en").post("/back/ACDEFJ", {"words": words})
        assert reply.status == 400
        assert say("en", "errors.UnknownCard") in reply.text.replace("&#39;", "'")

    def test_forms_of_any_shape_are_answered(self, workshop: Workshop) -> None:
        stranger = workshop.device()
        kinds = (
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "application/json",
        )
        bodies = (
            b"",
            b"\xff\xfe\x00",
            b"code=%ff%00",
            b"{}",
            b"--x\r\nbroken",
            b"sector=" + b"a" * 60_000,
            b"lang=%ff",
        )
        for path in ("/", f"/j/{workshop.code}", f"/back/{workshop.code}", "/host", "/leave", "/exit"):
            for kind in kinds:
                for body in bodies:
                    assert stranger.ask("POST", path, body, {"Content-Type": kind}).status < 500, (
                        path,
                        kind,
                        body[:20],
                    )

    def test_a_body_that_is_too_large_is_not_read(self, workshop: Workshop) -> None:
        place = urlsplit(workshop.address)
        with socket.create_connection((str(place.hostname), place.port)) as line:
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 4")
        assert workshop.device().get("/").status == 200

    def test_html_in_what_is_typed_stays_text(self, workshop: Workshop) -> None:
        stranger = workshop.device()
        typed = '"><script>alert(1)</script>'
        for reply in (
            stranger.post("/", {"code": typed}), stranger.post(f"/back/{workshop.code}", {"words": typed}),
            stranger.post(f"/j/{workshop.code}", {"sector": typed}),
            stranger.post(f"/j/{workshop.code}", {"sector": "other", "partner": typed}),
            stranger.get("/%22%3E%3Cscript%3E"), stranger.get("/?lang=%22%3E%3Cscript%3E"),
        ):  # fmt: skip
            assert "<script>alert" not in reply.text
            assert 'script"' not in reply.text.replace('/door.js"', "")


class TestThroughTheSocket:
    def test_nothing_but_widget_messages_reaches_a_kernel(
        self, workshop: Workshop, victim: Device, attacker: Device, tmp_path: Path
    ) -> None:
        mark = tmp_path / "ran"
        code = f"open({str(mark)!r}, 'w').close()"
        content: dict[str, Any] = {
            "code": code, "silent": True, "store_history": False, "user_expressions": {"x": code}, "allow_stdin": True,
            "value": code, "cursor_pos": 1, "detail_level": 1, "hist_access_type": "tail", "n": 10, "raw": True,
            "output": True,
            "command": "evaluate", "type": "request", "seq": 1, "arguments": {"expression": code, "context": "repl"},
        }  # fmt: skip

        async def story() -> None:
            async with attacker.page() as page:
                form = await form_of(page, "reflection")
                for kind in FORBIDDEN:
                    for channel in CHANNELS:
                        await raw(page, kind, content, channel)
                # The same name twice, or hidden beside the header that is looked at.
                await page.socket.write_message(
                    '{"channel":"shell","msg_type":"execute_request","header":{"msg_type":"execute_request",'
                    f'"msg_type":"comm_msg","msg_id":"1","session":"{page.session}","username":"","version":"5.3",'
                    '"date":"2000-01-01T00:00:00Z"},"parent_header":{},"metadata":{},"content":'
                    + json.dumps(content)
                    + "}"
                )
                for channel in ("control", "shell"):
                    # Each channel keeps its order: when this is answered, all before it was dealt with.
                    await answers_to(page, await raw(page, "kernel_info_request", {}, channel))
                await works(page, form, 1)

        run(story())
        assert not mark.exists()
        assert stored(workshop, attacker) == {ITEM: "strength"}

    def test_no_widget_can_be_made_and_no_trait_set(self, workshop: Workshop, victim: Device, attacker: Device) -> None:
        async def story() -> None:
            async with attacker.page() as page:
                form = await form_of(page, "reflection")
                shell = model_with(page, "exercises")
                before = json.loads(json.dumps(await states_of(page)))
                for number, target in enumerate(("jupyter.widget", "jupyter.widget.version", "x", "__import__")):
                    opening = {"comm_id": f"made-{number}", "target_name": target, "target_module": "os"}
                    data = {"state": HTML_WIDGET, "buffer_paths": []}
                    await raw(page, "comm_open", opening | {"data": data}, version="2.1.0")
                ours, made = f"IPY_MODEL_{shell}", "IPY_MODEL_made-0"
                bad = (None, 0, "x", [], {}, [ours], {"exercises": [], "lang": "xx"}, made, True)
                for model in (form, shell):
                    for trait in before[model]:
                        for value in bad:
                            await page.send(
                                "comm_msg", {"comm_id": model, "data": {"method": "update", "state": {trait: value}}}
                            )
                for data in (
                    {}, {"method": 7}, {"method": "custom"}, {"method": "custom", "content": []},
                    {"method": "custom", "content": {"kind": []}},
                    {"method": "update"}, {"method": "update", "state": []}, {"method": "request_state"}, "x", None,
                    [], {"method": "echo_update"},
                ):  # fmt: skip
                    await page.send("comm_msg", {"comm_id": form, "data": data})
                for kind in ("reveal", "open", "close", "show", "end", "look", "told", "lang", "choose"):
                    for slug in ("reflection", "", None, [], "../x"):
                        await page.say(shell, {"kind": kind, "slug": slug, "lang": "xx"})
                        await page.say(form, {"kind": kind, "slug": slug, "lang": "xx"})
                after = await states_of(page)
                assert set(after) == set(before), "no widget more, none less"
                for model in (form, shell):
                    assert after[model] == before[model]
                await works(page, form, 1)

        run(story())
        with workshop.store() as store:
            session = store.sessions.get(workshop.session_id)
            assert all(plan.state is State.OPEN for plan in session.plans)
            assert not session.closed
            assert store.snapshots.get(session.id, "reflection") is None

    def test_the_layout_may_be_spoilt_but_only_ones_own_and_a_reload_mends_it(
        self, workshop: Workshop, victim: Device, attacker: Device
    ) -> None:
        async def story() -> None:
            async with attacker.page() as page:
                form = await form_of(page, "reflection")
                await works(page, form, 1)
                box = next(model for model, state in page.states.items() if "children" in state)
                for value in ([], "x", ["IPY_MODEL_" + form] * 3, ["IPY_MODEL_nothing"], None):
                    await page.send(
                        "comm_msg", {"comm_id": box, "data": {"method": "update", "state": {"children": value}}}
                    )
                for model in list(page.states):
                    await page.send("comm_open", {"comm_id": model, "target_name": "jupyter.widget", "data": {}})
                    await page.send("comm_close", {"comm_id": model, "data": {}})
                await answers_to(page, await raw(page, "kernel_info_request", {}))
            async with attacker.page() as page:
                form = await form_of(page, "reflection")
                assert page.states[form]["answers"][ITEM]["value"] == "strength"
                await works(page, form, 2)

        run(story())

    def test_answers_that_do_not_fit_are_refused_one_by_one(
        self, workshop: Workshop, victim: Device, attacker: Device
    ) -> None:
        deep: object = "x"
        for _ in range(300):
            deep = [deep]
        values = (
            "strengthh", "", " ", 1, 1.5, True, [], {}, ["strength"], {"text": "x"}, 10**400, "x" * 1_000_000, deep,
            {"text": 1, "share": True}, "\x00",
        )  # fmt: skip
        unread = (float("nan"), float("-inf"), "\ud800", [float("nan")])  # no JSON, no text: never passed on
        items = (
            "nothing",
            "",
            None,
            7,
            [],
            {},
            "x" * 10_000,
            SCALE_ITEM,
            "self_identity",
            "__class__",
            "organisation_teams ",
        )

        async def story() -> None:
            async with attacker.page() as page:
                form = await form_of(page, "reflection")
                n = 0
                for value in values:
                    n += 1
                    assert (await put(page, form, ITEM, value, 1, n))["kind"] == "refused", str(value)[:60]
                for item in items:
                    n += 1
                    assert (await put(page, form, item, "strength", 1, n))["kind"] == "refused", str(item)[:60]
                for value in (
                    7,
                    [],
                    {"text": 7},
                    {"text": "x", "share": "yes"},
                    {"text": "x" * 1_000_000},
                    {"text": "x", "more": 1},
                ):
                    n += 1
                    assert (await put(page, form, "commitment", value, 1, n))["kind"] == "refused"
                n += 1
                journal = await put(page, form, "self_identity", {"text": "private"}, 1, n)
                assert journal["message"] == say("en", "errors.StaysOnDevice")
                for value in unread:
                    await page.say(form, {"kind": "answer", "item": ITEM, "value": value, "revision": 1, "n": 0})
                n += 1
                assert (await put(page, form, ITEM, None, 1, n))["kind"] == "saved"
                assert stored(workshop, attacker) == {}
                for revision in (None, "x", -1, 1.5, 10**400, [], {}):
                    n += 1
                    told = await put(page, form, ITEM, "strength", revision, n)
                    assert told["kind"] in ("saved", "refused")
                await page.say(form, {"kind": "answer"})
                await page.say(form, {"kind": "answer", "item": ITEM, "value": "growth", "revision": 2, "n": {}})
                n += 1
                assert (await put(page, form, ITEM, "strength", 9, n))["kind"] == "saved"

        run(story())
        assert stored(workshop, attacker) == {ITEM: "strength"}

    def test_an_older_revision_never_wins(self, workshop: Workshop, attacker: Device) -> None:
        async def story() -> None:
            async with attacker.page() as page:
                form = await form_of(page, "reflection")
                assert (await put(page, form, ITEM, "strength", 5, 1))["kind"] == "saved"
                # Another device of the same person has written meanwhile.
                with workshop.store() as store:
                    store.answers.save(seat_of(workshop, attacker), "reflection", ITEM, "growth", 8)
                told = await put(page, form, ITEM, "unsure", 6, 2)
                assert (told["kind"], told["value"], told["revision"]) == ("refused", "growth", 8)
                assert told["message"] == say("en", "errors.StaleAnswer")
                assert (await put(page, form, ITEM, "unsure", 9, 3))["kind"] == "saved"

        run(story())
        assert stored(workshop, attacker) == {ITEM: "unsure"}

    def test_a_closed_exercise_takes_nothing_even_before_the_page_has_noticed(
        self, workshop: Workshop, attacker: Device
    ) -> None:
        async def story() -> None:
            async with attacker.page() as page:
                form = await form_of(page, "partnership")
                assert (await put(page, form, SCALE_ITEM, "agree", 1, 1))["kind"] == "saved"
                workshop.set_state(State.CLOSED, "partnership")
                told = await put(page, form, SCALE_ITEM, "disagree", 2, 2)
                assert (told["kind"], told["value"]) == ("refused", "agree")
                assert told["message"] == say("en", "errors.ExerciseClosed")
                await page.until(lambda: page.states[form]["is_open"] is False)

        try:
            run(story())
        finally:
            workshop.set_state(State.OPEN, "partnership")
        assert stored(workshop, attacker, "partnership") == {SCALE_ITEM: "agree"}

    def test_messages_that_are_no_messages_hurt_nobody(
        self, workshop: Workshop, victim: Device, attacker: Device
    ) -> None:
        deep = "[" * 10_000 + "]" * 10_000
        broken: tuple[str | bytes, ...] = (
            "", "x", "[]", "7", "null", "{}", '{"channel":"shell"}', '{"channel":[],"header":{}}',
            '{"channel":"shell","header":7}',
            '{"channel":"shell","header":{"msg_type":["comm_msg"]}}',
            '{"channel":"shell","header":{"msg_type":"comm_msg"}}',
            '{"channel":"shell","header":{"msg_type":"comm_msg","session":7},"content":' + deep + "}", b"", b"\x00",
            b"\xff" * 64,
            b"\x01\x00\x00\x00\x00\x00\x00\x00", (2**60).to_bytes(8, "little") + b"x" * 100,
            (2**31 - 1).to_bytes(4, "big") + b"x" * 100, b"\xff\xff\xff\xfe" + b"x" * 100,
        )  # fmt: skip

        async def story() -> None:
            async with attacker.page() as page:
                form = await form_of(page, "reflection")
                for message in broken:
                    await page.socket.write_message(message, binary=isinstance(message, bytes))
                await raw(
                    page,
                    "comm_msg",
                    {"comm_id": form, "data": {"method": "custom", "content": {"kind": "answer", "value": [[]] * 9}}},
                )
                await raw(page, "comm_msg", 7)
                await raw(page, "comm_msg", {"comm_id": [], "data": {}})
                await works(page, form, 1)

        run(story())
        assert stored(workshop, attacker) == {ITEM: "strength"}

    def test_the_binary_protocol_lets_no_more_through(
        self, workshop: Workshop, victim: Device, attacker: Device, tmp_path: Path
    ) -> None:
        mark = tmp_path / "ran"
        code = json.dumps({"code": f"open({str(mark)!r}, 'w').close()", "silent": True})
        deep = "[" * 10_000 + "]" * 10_000
        twice = (
            '{"msg_type":"execute_request","msg_type":"comm_msg","msg_id":"1","session":"s","username":"","version":"5.3",'
            '"date":"2000-01-01T00:00:00Z"}'
        )  # fmt: skip

        def answer(form: str, value: str) -> str:
            told = f'{{"kind":"answer","item":"{ITEM}","value":{value},"revision":1,"n":0}}'
            return f'{{"comm_id":"{form}","data":{{"method":"custom","content":{told}}}}}'

        async def story() -> None:
            kernel = attacker.enter()
            async with attacker.line(kernel) as page:
                form = await form_of(page, "reflection")
                other = await v1_line(attacker, kernel)
                for kind in FORBIDDEN:
                    for channel in ("shell", "control", "stdin", "iopub", "nothing"):
                        await other.write_message(v1_message(kind, code, channel), binary=True)
                await other.write_message(v1_message("", code, header=twice), binary=True)
                for value in (
                    deep,
                    "NaN",
                    "-Infinity",
                    '"\\ud800"',
                    '{"text":"\\ud800"}',
                    "1" * 10_000,
                    "[[[",
                    '"\x00"',
                    "",
                ):
                    await other.write_message(v1_message("comm_msg", answer(form, value)), binary=True)
                await other.write_message(v1_message("comm_msg", b"\xff\xfe"), binary=True)
                for parts in (0, 1, 33, 2**40, 2**63 - 1):
                    await other.write_message(parts.to_bytes(8, "little") + b"x" * 50, binary=True)
                for channel in ("control", "shell"):
                    # Each channel keeps its order: when this is answered, all before it was dealt with.
                    await other.write_message(v1_message("kernel_info_request", "{}", channel), binary=True)
                    await v1_until(other, "kernel_info_reply")
                await works(page, form, 1)
                other.close()
            attacker.leave(kernel)

        run(story())
        assert not mark.exists()
        assert stored(workshop, attacker) == {ITEM: "strength"}

    def test_a_message_that_is_too_large_closes_the_line_and_the_page_comes_back(
        self, workshop: Workshop, victim: Device, attacker: Device
    ) -> None:
        async def story() -> None:
            kernel = attacker.enter()
            async with attacker.line(kernel) as page:
                form = await form_of(page, "reflection")
                await works(page, form, 1)
                with contextlib.suppress(WebSocketClosedError):  # the server may hang up in the middle of it
                    await page.socket.write_message("x" * (2 * 1024 * 1024 + 1))
                assert await is_closed(page.socket)
            async with attacker.line(kernel) as page:
                form = await form_of(page, "reflection")
                assert page.states[form]["answers"][ITEM]["value"] == "strength"
                await works(page, form, 2)
            attacker.leave(kernel)

        run(story())


class TestAnotherPageOfTheSameKernel:
    """The attacker knows everything: the page's id, its widgets' ids, what was said on its line."""

    def test_it_can_neither_be_read_written_closed_nor_taken_over(self, workshop: Workshop) -> None:
        target, attacker = workshop.device(), workshop.device("en")
        for person in (target, attacker):
            person.take_seat(workshop.code)
        given = {"kind": "answer", "item": ITEM, "value": "growth", "revision": 1, "n": 7}

        async def story() -> None:
            async with target.page() as theirs, attacker.page() as page:
                form, own = await form_of(theirs, "reflection"), await form_of(page, "reflection")
                await works(theirs, form, 1)
                kernel = set(map(workshop.holder_of, workshop.pages()))
                assert len(kernel) == 1, "both pages are in one kernel"
                before = json.loads(json.dumps(await states_of(theirs)))
                known = [*theirs.states]
                for model in known:
                    for data in (
                        {"method": "custom", "content": given}, {"method": "request_state"},
                        {"method": "request_states"}, {"method": "update", "state": {"group": "x"}, "buffer_paths": []},
                    ):  # fmt: skip
                        for channel in ("shell", "control", "iopub", "stdin"):
                            await raw(page, "comm_msg", {"comm_id": model, "data": data}, channel)
                        await page.socket.write_message(
                            v1_message("comm_msg", json.dumps({"comm_id": model, "data": data})) + b"\x00" * 20,
                            binary=True,
                        )
                    for kind in ("comm_close", "comm_open"):
                        for target_name in ("jupyter.widget", "jupyter.widget.control", "kit.pages"):
                            opening = {"comm_id": model, "target_name": target_name, "data": {}}
                            await raw(page, kind, opening, version="2.1.0")
                # Widgets that refer to another page's, by the name that ipywidgets gives them.
                stolen = [f"IPY_MODEL_{model}" for model in known]
                for model in list(page.states):
                    for state in ({"children": stolen}, {"page": stolen[0]}, {"layout": stolen[0]}):
                        update = {"method": "update", "state": state, "buffer_paths": []}
                        await page.send("comm_msg", {"comm_id": model, "data": update})
                await answers_to(page, await raw(page, "kernel_info_request", {}))
                assert set(known).isdisjoint(await states_of(page))
                assert not [one for one, _, _ in page.heard if one in known]
                assert await states_of(theirs) == before
                await works(theirs, form, 2)
                await works(page, own, 1)

        run(story())
        assert stored(workshop, target) == {ITEM: "strength"}
        assert stored(workshop, attacker) == {ITEM: "strength"}

    def test_what_was_said_on_its_line_does_nothing_on_another_and_once_on_its_own(self, workshop: Workshop) -> None:
        target, attacker = workshop.device(), workshop.device("en")
        for person in (target, attacker):
            person.take_seat(workshop.code)

        async def story() -> None:
            async with target.page() as theirs, attacker.page() as page:
                form, own = await form_of(theirs, "reflection"), await form_of(page, "reflection")
                content = {"kind": "answer", "item": ITEM, "value": "growth", "revision": 0, "n": 1}
                said = {"comm_id": form, "data": {"method": "custom", "content": content}}
                message = v1_message("comm_msg", json.dumps(said))
                await page.socket.write_message(message, binary=True)
                await answers_to(page, await raw(page, "kernel_info_request", {}))
                assert stored(workshop, target) == stored(workshop, attacker) == {}
                for _ in range(3):
                    await theirs.socket.write_message(message, binary=True)
                await answers_to(theirs, await raw(theirs, "kernel_info_request", {}))
                assert [told["kind"] for _, told, _ in theirs.heard] == ["saved"]
                await works(page, own, 1)

        run(story())
        assert stored(workshop, target) == {ITEM: "growth"}

    def test_an_id_that_is_guessed_or_was_used_before_opens_nothing(self, workshop: Workshop) -> None:
        person = workshop.device()
        person.take_seat(workshop.code)
        before = person.enter()
        now = person.enter()
        for page in (before, "00000000-0000-0000-0000-000000000000", now[:-1] + ("0" if now[-1] != "0" else "1")):
            assert run(line_status(person, page)) in (403, 404)
            assert person.get(f"/api/kernels/{page}").status in (403, 404)
            assert person.post("/leave", {"kernel": page}).status == 204
        assert run(line_status(person, now)) == 101
        person.leave(now)

    def test_a_line_that_does_not_speak_the_protocol_is_refused(self, workshop: Workshop) -> None:
        person = workshop.device()
        person.take_seat(workshop.code)
        page = person.enter()
        url = f"/api/kernels/{page}/channels"
        upgrade = {
            "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        }  # fmt: skip
        for spoken in ({}, {"Sec-WebSocket-Protocol": "other"}):
            assert person.ask("GET", url, None, upgrade | spoken).status == 400
        person.leave(page)


class TestFacilitator:
    def test_the_console_opens_closes_reveals_shows_and_ends(self, tmp_path: Path) -> None:
        with serving(tmp_path, "--k", "3") as room:
            host = room.host_device("en")
            run(self._story(room, host))
            session = room.session()
            assert session.closed
            late = room.device("en")
            reply = late.post(f"/j/{session.code}", {"sector": "other"})
            assert (reply.status, reply.location) == (303, f"/j/{session.code}")
            assert "seat" not in late.cookies
            assert say("en", "door.over_lead") in late.get(reply.location).text.replace("&#39;", "'")

    async def _story(self, room: Workshop, host: Device) -> None:
        async with host.page("/console") as console, host.page("/screen") as screen:
            desk, wall = model_with(console, "exercises"), model_with(screen, "heading")

            def line(page: dict[str, Any]) -> dict[str, Any]:
                return next(one for one in page["exercises"] if one["slug"] == "reflection")

            assert len(room.pages()) == 2, "console and screen stand side by side"
            for odd in ({}, {"slug": None}, {"slug": []}, {"slug": "nothing"}, {"slug": "../x"}):
                for kind in ("open", "close", "reveal", "show", "look"):
                    await console.say(desk, {"kind": kind, **odd})
            await console.say(desk, {"kind": "open", "slug": "reflection"})
            await console.until(lambda: line(console.states[desk]["page"])["state"] == "open")
            self._answer_for(room, 3)
            await console.until(lambda: line(console.states[desk]["page"])["answered"] == 3)
            await console.say(desk, {"kind": "reveal", "slug": "reflection"})
            await console.until(lambda: any(told.get("kind") == "result" for _, told, _ in console.heard))
            await console.say(desk, {"kind": "show", "slug": "reflection"})
            await screen.until(lambda: bool(screen.states[wall]["page"]["html"]))
            assert "<table" in screen.states[wall]["page"]["html"]
            # What stands on the wall cannot be set from the wall.
            await screen.send(
                "comm_msg", {"comm_id": wall, "data": {"method": "update", "state": {"page": {"html": "x"}}}}
            )
            await console.say(desk, {"kind": "close", "slug": "reflection"})
            await console.until(lambda: line(console.states[desk]["page"])["state"] == "closed")
            await console.say(desk, {"kind": "end"})
            await screen.until(lambda: screen.states[wall]["page"]["closed"] is True)
            assert "<table" in screen.states[wall]["page"]["html"]

    @staticmethod
    def _answer_for(room: Workshop, people: int) -> None:
        """Three seats with answers, straight into the store: their pages are tested elsewhere."""
        with room.store() as store:
            session = store.sessions.get(room.session_id)
            for _ in range(people):
                device = room.device()
                device.take_seat(room.code)
                seat = store.seats.by_token(device.cookies["seat"])
                store.answers.save(seat.id, session.plans[0].slug, ITEM, "strength", 1)
