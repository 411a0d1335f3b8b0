"""A workshop as it is served: seats, kernels and answers through reloads, moves, good-byes and crashes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kit.serving.assets import FOR_GOOD, assets, scripts
from kit.serving.headers import HEADERS
from kit.session import State
from kit.texts import say, section
from kit.views.scripts import name_of
from tests.support.device import AGENT, Device
from tests.support.places import with_cells
from tests.support.processes import environment_of, is_running
from tests.support.running import run
from tests.support.talk import form_of, is_closed, line_status, model_with, put, states_of
from tests.support.waiting import eventually
from tests.support.workshop import Workshop, serving, start

COMMITMENT = {"text": "Je prends des nouvelles de deux partenaires", "share": False}
ITEM = "organisation_teams"
LANGUAGES = ("fr", "en")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module", autouse=True)
def opened(workshop: Workshop) -> None:
    workshop.set_state(State.OPEN)


def seat_of(workshop: Workshop, device: Device) -> str:
    """The seat that a device's cookie opens."""
    with workshop.store() as store:
        return store.seats.by_token(device.cookies["seat"]).id


def knows_nothing(told: dict[str, str], visitor: Device) -> None:
    """This environment says nothing about the request that a kernel was started for."""
    assert not {"QUERY_STRING", "VOILA_REQUEST_URL", "PATH_INFO", "SCRIPT_NAME", "SERVER_NAME"} & set(told)
    own = {name: value for name, value in told.items() if name != "PYTEST_CURRENT_TEST"}
    for private in ("somewhere-private", AGENT, visitor.cookies["seat"]):
        assert private not in str(own)


async def answer(device: Device, value: str, revision: int, item: str = ITEM) -> str:
    """Load the page, give one answer, stay loaded; the kernel's id."""
    kernel = device.enter()
    async with device.line(kernel) as page:
        told = await put(page, await form_of(page, "reflection"), item, value, revision)
        assert told["kind"] == "saved", told
    return kernel


async def stored_on_page(device: Device, kernel: str) -> dict[str, object]:
    """The answers that a freshly connected page is given."""
    async with device.line(kernel) as page:
        answers = page.states[await form_of(page, "reflection")]["answers"]
        return {item: one["value"] for item, one in answers.items()}


class TestTheFrontDoor:
    def test_no_kernel_before_a_seat_is_taken(self, workshop: Workshop) -> None:
        visitor = workshop.device()
        for path in ("/", f"/j/{workshop.code}", f"/back/{workshop.code}", "/privacy", "/quiet", "/lost", "/host"):
            assert visitor.get(path).status == 200, path
        assert visitor.get("/card").status == 403
        assert [visitor.get("/w").status, visitor.get("/w").location] == [303, "/"]
        assert visitor.get("/console").status == visitor.get("/screen").status == 403
        visitor.take_seat(workshop.code)
        assert workshop.pages() == []

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_each_page_speaks_the_language_that_was_asked_for(self, workshop: Workshop, lang: str) -> None:
        other = "en" if lang == "fr" else "fr"
        texts = section(lang, "door")
        visitor = workshop.device(other)
        chosen = visitor.get(f"/?lang={lang}")
        assert f'<html lang="{lang}"' in chosen.text
        for path, title in (
            (f"/j/{workshop.code}", "notice"), (f"/back/{workshop.code}", "back_title"), ("/privacy", "privacy_title"),
            ("/quiet", "quiet_title"), ("/lost", "lost_title"), ("/host", "host_title"), ("/nothing", "missing_title"),
        ):  # fmt: skip
            assert f">{texts[title]}<" in visitor.get(path).text.replace("&#39;", "'"), path

    def test_the_browsers_language_counts_until_one_is_chosen(self, workshop: Workshop) -> None:
        visitor = workshop.device("en-CA,fr;q=0.8")
        assert '<html lang="en"' in visitor.get("/").text
        visitor.get("/?lang=fr")
        assert '<html lang="fr"' in visitor.get("/").text
        stranger = workshop.device("tlh")
        assert '<html lang="fr"' in stranger.get("/").text, "the workshop's own language for anyone else"

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_a_wrong_code_and_a_missing_choice_are_told(self, workshop: Workshop, lang: str) -> None:
        visitor = workshop.device(lang)
        wrong = visitor.post("/", {"code": "AAA AAA"})
        assert wrong.status == 404
        assert say(lang, "errors.UnknownCode") in wrong.text.replace("&#39;", "'")
        unchosen = visitor.post(f"/j/{workshop.code}", {})
        assert unchosen.status == 400
        assert 'role="alert"' in unchosen.text
        assert "seat" not in visitor.cookies

    def test_a_code_may_be_typed_with_spaces_and_small_letters(self, workshop: Workshop) -> None:
        typed = f" {workshop.code[:3].lower()}-{workshop.code[3:]} "
        reply = workshop.device().post("/", {"code": typed})
        assert (reply.status, reply.location) == (303, f"/j/{workshop.code}")

    def test_every_answer_carries_the_same_protection(self, workshop: Workshop) -> None:
        visitor, asset = workshop.device(), assets().prefix
        replies = {
            path: visitor.get(path)
            for path in (
                "/", f"/j/{workshop.code}", "/j/WRONG", "/card", "/w", "/console", "/privacy", "/nothing", "/j/a/b",
                asset + "door.css", asset + "kit.css", asset + "nothing.css", asset + "kit-page.js",
                    "/a/older/door.css",
                "/api/kernels/00000000-0000-0000-0000-000000000000", "/?lang=%ff", "/a/%2e%2e/web.py",
            )
        }  # fmt: skip
        replies["POST /"] = visitor.post("/", {})
        replies["POST /w"] = visitor.post("/w", {})
        replies["DELETE /"] = visitor.ask("DELETE", "/")
        replies["PUT /leave"] = visitor.ask("PUT", "/leave", b"")
        for path, reply in replies.items():
            for name, value in HEADERS.items():
                if name == "Cache-Control" and path.startswith(asset):
                    value = FOR_GOOD if reply.status == 200 else value
                assert reply.headers.get(name) == value, (path, reply.status, name, reply.headers.get(name))
            assert reply.headers.get("Server") is None, path
            assert reply.status < 500, path

    def test_style_sheets_come_bare_and_only_where_they_are_needed(self, workshop: Workshop) -> None:
        sheets = {name: one.plain.decode() for name, one in assets().by_name.items() if name.endswith(".css")}
        assert {"kit.css", "desk.css", "door.css", "kit-page.css"} <= set(sheets)
        assert [name for name, text in sheets.items() if "/*" in text] == []
        # Those of the exercises are in it as well.
        assert ".kit-lanes{" in sheets["kit.css"]
        person, host = workshop.device(), workshop.host_device()
        person.take_seat(workshop.code)
        shared = ["kit-page.css", "kit.css"]
        for device, path, asked in ((person, "/w", shared), (host, "/console", [*shared, "desk.css"])):
            page = device.get(path)
            device.leave(page.kernel())
            assert re.findall(r'rel="stylesheet" href="[^"]*/([\w-]+\.css)"', page.text) == asked

    def test_a_page_is_sent_compressed(self, workshop: Workshop) -> None:
        person = workshop.device()
        person.take_seat(workshop.code)
        plain, packed = person.get("/w"), person.get("/w", {"Accept-Encoding": "gzip, deflate"})
        assert (plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == (None, "gzip")
        assert packed.size < plain.size / 2
        assert packed.text.startswith("<!DOCTYPE html>")
        person.leave(packed.kernel())

    def test_the_views_scripts_are_kept_for_good_under_names_that_say_what_is_in_them(self, workshop: Workshop) -> None:
        person = workshop.device()
        found = {name: person.get(f"/v/{name}") for name in scripts()}
        assert len(found) >= 4 + 3
        for name, reply in found.items():
            assert reply.status == 200
            assert "immutable" in reply.headers["Cache-Control"]
            assert reply.headers["Content-Type"].startswith("text/javascript")
            assert name_of(reply.text) == name
        for name in ("nothing.js", "%2e%2e%2fapp.py", "0" * 16 + ".js"):
            missing = person.get(f"/v/{name}")
            assert missing.status == 404
            assert "immutable" not in missing.headers["Cache-Control"]

    def test_a_page_names_its_scripts_at_once_and_its_widgets_do_not_carry_them(self, workshop: Workshop) -> None:
        async def go() -> None:
            person = workshop.device()
            person.take_seat(workshop.code)
            early = set(re.findall(r'<link rel="modulepreload" href="/v/([^"]+)">', person.get("/w").text))
            assert early <= set(scripts())
            async with person.page() as page:
                told = [state["_esm"] for state in (await states_of(page)).values() if "_esm" in state]
                assert told
                assert {one.removeprefix("/v/") for one in told} == early

        run(go())

    def test_who_waits_for_the_store_keeps_nobody_else_waiting(self, workshop: Workshop) -> None:
        """Least of all somebody who leaves: `/quiet` is where quick exit leads."""
        newcomer, other = workshop.device(), workshop.device()
        with contextlib.closing(sqlite3.connect(workshop.place, isolation_level=None)) as elsewhere:
            elsewhere.execute("BEGIN EXCLUSIVE")
            with ThreadPoolExecutor(1) as pool:
                seat = pool.submit(newcomer.post, f"/j/{workshop.code}", {"sector": "municipal"})
                # If the server stood still, none of these would be answered before the seat is given up.
                assert [other.get(path).status for path in ("/quiet", "/", "/privacy") * 5] == [200] * 15
                assert not seat.done()
                elsewhere.execute("ROLLBACK")
                assert seat.result().status == 303

    def test_a_guess_of_the_browser_does_not_end_the_page_that_is_open(self, workshop: Workshop) -> None:
        person = workshop.device()
        person.take_seat(workshop.code)
        kernel = person.enter()
        for name in ("Sec-Purpose", "Purpose"):
            assert person.get("/w", {name: "prefetch;prerender"}).status == 503
        assert kernel in workshop.pages()
        person.leave(kernel)

    def test_cookies_are_for_this_server_only(self, workshop: Workshop) -> None:
        reply = workshop.device().post(f"/j/{workshop.code}", {"sector": "other"})
        cookie = reply.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie

    def test_titles_and_addresses_are_neutral(self, workshop: Workshop) -> None:
        person = workshop.device()
        words = person.take_seat(workshop.code, "anti_violence")
        kernel = person.enter()
        for path in ("/", f"/j/{workshop.code}", "/card", "/privacy", "/lost"):
            reply = person.get(path)
            assert f"<title>{section('fr', 'door')['tab']}</title>" in reply.text, path
            links = " ".join(re.findall(r'(?:href|src|action)="([^"]*)"', reply.text))
            assert not re.search(r"anti_violence|http|//|" + "|".join(words.split()), links), links
        assert "violence" not in person.get("/w").text.split("<body")[0].lower()
        person.post("/exit", {})
        eventually(lambda: kernel not in workshop.pages(), "its kernel is ended")


class TestOneKernelForASeat:
    def test_a_reload_keeps_seat_and_answers_and_ends_the_earlier_kernel(self, workshop: Workshop) -> None:
        person = workshop.device()
        person.take_seat(workshop.code)

        async def story() -> None:
            first = await answer(person, "strength", 1)
            workshop.pages_are(1)
            second = person.enter()
            assert second != first
            workshop.pages_are(1)
            assert workshop.pages() == [second]
            assert await stored_on_page(person, second) == {ITEM: "strength"}
            person.leave(second)

        run(story())
        workshop.pages_are(0)

    def test_a_second_tab_takes_over_and_the_first_is_told(self, workshop: Workshop) -> None:
        person = workshop.device()
        person.take_seat(workshop.code)

        async def story() -> None:
            first = person.enter()
            async with person.line(first) as page:
                second = person.enter()
                assert await is_closed(page.socket)
            assert await line_status(person, first) == 403
            refused = person.get(f"/api/kernels/{first}")
            # By its own id the page knows that no proxy has said so.
            assert (refused.status, json.loads(refused.text)["id"]) == (403, first)
            assert person.get("/lost").status == 200
            assert await line_status(person, second) == 101
            person.leave(second)
            assert person.get(f"/api/kernels/{second}").status == 404

        run(story())
        workshop.pages_are(0)

    def test_loads_at_the_same_moment_leave_one_kernel(self, workshop: Workshop) -> None:
        person = workshop.device()
        person.take_seat(workshop.code)
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda _: person.get("/w"), range(4)))
        assert {reply.status for reply in replies} <= {200, 303}
        workshop.pages_are(1)
        kernel = workshop.pages()[0]
        assert kernel in [reply.kernel() for reply in replies if "kernelId" in reply.text]
        assert run(line_status(person, kernel)) == 101
        person.leave(kernel)
        workshop.pages_are(0)

    def test_a_word_card_moves_the_seat_to_another_device(self, workshop: Workshop) -> None:
        phone, laptop = workshop.device("fr"), workshop.device("en")
        words = phone.take_seat(workshop.code)

        async def story() -> None:
            first = await answer(phone, "growth", 1)
            back = laptop.post(f"/back/{workshop.code}", {"words": f"  {words.upper().replace(' ', ', ')} "})
            assert (back.status, back.location) == (303, "/w")
            assert await line_status(phone, first) == 403
            workshop.pages_are(0)
            assert phone.get("/w").location == "/", "the old cookie opens nothing"
            assert phone.get("/card").status == 403
            second = laptop.enter()
            assert await stored_on_page(laptop, second) == {ITEM: "growth"}
            phone.post("/leave", {"kernel": second})
            assert await line_status(laptop, second) == 101, "the old device cannot end the new page"
            assert seat_of(workshop, laptop)
            laptop.leave(second)

        run(story())
        workshop.pages_are(0)

    def test_leaving_for_good_ends_the_page_and_clears_the_browser(self, workshop: Workshop) -> None:
        person = workshop.device()
        words = person.take_seat(workshop.code)
        kernel = run(answer(person, "strength", 1))
        reply = person.post("/exit", {})
        assert reply.status == 204
        assert "cookies" in reply.headers["Clear-Site-Data"]
        assert person.cookies == {}
        eventually(lambda: kernel not in workshop.pages(), "the kernel is ended")
        assert person.post(f"/back/{workshop.code}", {"words": words}).status == 303, "the answers stay"

    def test_a_facilitator_who_leaves_a_browser_leaves_nothing_that_opens_anything(self, workshop: Workshop) -> None:
        first, borrowed, copy = workshop.host_device(), workshop.host_device(), workshop.device()
        copy.cookies = dict(borrowed.cookies)
        page = borrowed.enter("/console")
        assert borrowed.post("/exit", {}).status == 204
        assert borrowed.cookies == {}
        eventually(lambda: page not in workshop.pages(), "the page is ended")
        eventually(lambda: copy.get("/console").status == 403, "the copy opens nothing")
        assert first.get("/console").status == 200, "who leads elsewhere goes on"
        first.post("/exit", {})
        workshop.pages_are(0)

    def test_a_killed_kernel_is_cleared_and_a_reload_brings_everything_back(self, workshop: Workshop) -> None:
        person = workshop.device()
        person.take_seat(workshop.code)

        async def story() -> None:
            kernel = person.enter()
            async with person.line(kernel) as page:
                form = await form_of(page, "reflection")
                assert (await put(page, form, ITEM, "strength", 1, 1))["kind"] == "saved"
                assert (await put(page, form, "commitment", COMMITMENT, 1, 2))["kind"] == "saved"
                pid = workshop.holder_of(kernel)
                os.kill(pid, signal.SIGKILL)
                assert await is_closed(page.socket)
            assert person.get(f"/api/kernels/{kernel}").status == 404
            again = person.enter()
            expected = {ITEM: "strength", "commitment": COMMITMENT}
            assert await stored_on_page(person, again) == expected
            person.leave(again)

        run(story())
        workshop.pages_are(0)


class TestWhatAKernelKnows:
    @linux_only
    def test_nothing_about_the_visitor(self, workshop: Workshop) -> None:
        person = workshop.device()
        person.take_seat(workshop.code)
        kernel = person.get("/w?from=somewhere-private").kernel()
        pid = workshop.holder_of(kernel)
        knows_nothing(environment_of(pid), person)
        person.leave(kernel)
        workshop.pages_are(0)


class TestNothingIsKept:
    @linux_only
    def test_pages_that_hang_up_while_they_leave_leave_no_socket_behind(self, workshop: Workshop) -> None:
        people = [workshop.device() for _ in range(4)]
        for person in people:
            person.take_seat(workshop.code)

        async def visits() -> None:
            for person in people:
                kernel = person.enter()
                async with person.line(kernel) as page:
                    await form_of(page, "reflection")
                    page.close()
                    # In a thread: the line is closed while the kernel is being ended.
                    await asyncio.to_thread(person.leave, kernel)

        def descriptors() -> int:
            return len(list(Path(f"/proc/{workshop.process.pid}/fd").iterdir()))

        run(visits())
        workshop.pages_are(0)
        before = descriptors()
        run(visits())
        workshop.pages_are(0)
        eventually(lambda: descriptors() <= before, "every socket is closed")


class TestLanguageInside:
    def test_a_switch_reaches_every_widget_and_stays_with_the_seat(self, workshop: Workshop) -> None:
        person = workshop.device("fr")
        person.take_seat(workshop.code)

        async def story() -> None:
            async with person.page() as page:
                form = await form_of(page, "reflection")
                await put(page, form, ITEM, "strength", 1)
                await page.say(model_with(page, "exercises"), {"kind": "lang", "lang": "en"})
                states = await states_of(page)
                assert json.loads(states[form]["page_json"])["lang"] == "en"
                assert states[form]["answers"][ITEM]["value"] == "strength"
                assert states[model_with(page, "exercises")]["page"]["lang"] == "en"

        run(story())
        with workshop.store() as store:
            assert store.seats.get(seat_of(workshop, person)).lang == "en"
        workshop.pages_are(0)


# The same server, except that a page which has lost its line is given half a second and not a minute and a half,
# and that what kernels are told, and what they are started with, is written down.
IMPATIENT = """
import json
from functools import partial
from pathlib import Path
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager as Kernels
from kit.cli import main
from kit.serving import app
from kit.serving.link import KernelLink

start, make = Kernels._async_start_kernel, KernelLink.make

async def heard(self, **given):
    Path.home().joinpath("env.json").write_text(json.dumps(dict(given["env"])))
    return await start(self, **given)

async def asked(self, page, kind, told):
    Path.home().joinpath("told.json").write_text(json.dumps(dict(told)))
    return await make(self, page, kind, told)

Kernels._async_start_kernel = Kernels.start_kernel = heard
KernelLink.make = asked
app.Room = partial(app.Room, away=0.5)
main()
"""


@pytest.fixture(scope="module")
def small_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A server with two places, on which pages are given little time."""
    folder = tmp_path_factory.mktemp("small")
    with serving(folder, "--limit", "2", program=(sys.executable, "-c", IMPATIENT)) as made:
        made.set_state(State.OPEN)
        yield made


class TestSmallRoom:
    def test_who_comes_when_the_room_is_full_is_told_and_gets_in_later(self, small_room: Workshop) -> None:
        first, second, third = (small_room.device(lang) for lang in ("fr", "fr", "en"))
        for person in (first, second, third):
            person.take_seat(small_room.code)
        kernels = [first.enter(), second.enter()]
        refused = third.get("/w")
        assert refused.status == 503
        assert say("en", "errors.RoomFull", limit=2) in refused.text.replace("&#39;", "'")
        kernels[0] = first.enter()  # who is inside can reload
        first.leave(kernels[0])
        third.leave(third.enter())
        second.leave(kernels[1])
        small_room.pages_are(0)

    def test_all_at_once_never_pass_the_limit(self, small_room: Workshop) -> None:
        people = [small_room.device() for _ in range(5)]
        for person in people:
            person.take_seat(small_room.code)
        with ThreadPoolExecutor(5) as pool:
            replies = list(pool.map(lambda person: person.get("/w"), people))
        assert sorted(reply.status for reply in replies) == [200, 200, 503, 503, 503]
        assert len(small_room.pages()) == 2
        for person, reply in zip(people, replies, strict=True):
            if reply.status == 200:
                person.leave(reply.kernel())
        small_room.pages_are(0)

    def test_the_facilitators_pages_have_a_place_in_a_full_house(self, small_room: Workshop) -> None:
        people = [small_room.device() for _ in range(3)]
        for person in people:
            person.take_seat(small_room.code)
        kernels = [person.enter() for person in people[:2]]
        host = small_room.host_device()
        desk = [host.enter("/console"), host.enter("/screen")]
        assert people[2].get("/w").status == 503
        desk[0] = host.enter("/console")
        for kernel in desk:
            host.leave(kernel)
        for person, kernel in zip(people, kernels, strict=False):
            person.leave(kernel)
        small_room.pages_are(0)

    def test_a_page_that_went_away_without_a_word_is_ended(self, small_room: Workshop) -> None:
        person = small_room.device()
        person.take_seat(small_room.code)
        kernel = run(answer(person, "growth", 1))
        small_room.pages_are(0)
        assert person.get(f"/api/kernels/{kernel}").status == 404, "ended, not moved: the page may load again"
        assert run(stored_on_page(person, person.enter())) == {ITEM: "growth"}
        small_room.pages_are(0)

    def test_a_kernel_is_told_nothing_about_the_visitor(self, small_room: Workshop) -> None:
        person = small_room.device()
        person.take_seat(small_room.code)
        kernel = person.get("/w?from=somewhere-private").kernel()
        home = small_room.folder / "home"
        told = json.loads((home / "told.json").read_text())
        assert told == {"seat": seat_of(small_room, person), "session": small_room.session_id, "lang": "fr"}
        knows_nothing(json.loads((home / "env.json").read_text()), person)
        person.leave(kernel)


class TestACellThatFails:
    def test_the_page_says_so_and_neither_page_nor_log_tells_what_somebody_wrote(self, tmp_path: Path) -> None:
        fails = "raise ValueError('private')"
        with with_cells(tmp_path, participant=fails, console=fails, screen=fails) as workshop:
            person = workshop.device()
            person.take_seat(workshop.code)
            reply = person.get("/w")
            assert reply.status == 503
            assert workshop.device().get("/").status == 200
        assert f">{section('fr', 'door')['failed_title']}<" in reply.text.replace("&#39;", "'")
        assert "ValueError" in workshop.log
        assert "private" not in reply.text + workshop.log


class TestAServerThatDies:
    @pytest.mark.skipif(sys.platform == "win32", reason="it has no such folder")
    def test_its_folder_goes_when_the_next_one_starts(self, tmp_path: Path) -> None:
        # A short path: sockets have their place in it.
        runtime = Path(tempfile.mkdtemp(prefix="r"))
        given = {"XDG_RUNTIME_DIR": str(runtime)}
        first = start(tmp_path, **given)
        first.kill()
        (left,) = runtime.iterdir()
        with serving(tmp_path, command=("serve",), **given):
            (now,) = runtime.iterdir()
            assert now != left
        assert list(runtime.iterdir()) == []
        runtime.rmdir()

    def test_everyone_goes_on_where_they_were(self, tmp_path: Path) -> None:
        first = start(tmp_path)
        try:
            first.set_state(State.OPEN)
            person = first.device()
            person.take_seat(first.code)
            kernel = run(answer(person, "strength", 1))
            orphans = list(first.kernels())
            assert len(orphans) == 2
        finally:
            first.kill()
        eventually(lambda: not any(map(is_running, orphans)), "the kernels notice that their server is gone")
        port = first.address.rpartition(":")[2]
        with serving(tmp_path, "--port", port, command=("serve",)) as second:
            assert second.address == first.address
            assert run(line_status(person, kernel)) == 404
            again = person.enter()
            assert run(stored_on_page(person, again)) == {ITEM: "strength"}
            person.leave(again)
