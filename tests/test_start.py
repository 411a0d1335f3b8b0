"""`kit start`: the page on which a trainer chooses, without a command line, and what it lets nobody else do."""

from __future__ import annotations

import http.client
import re
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from kit.agenda.model import find_agenda
from kit.cli.running import WayIn
from kit.cli.start import LONGEST_TITLE, Start, _page
from kit.errors import PortInUse
from kit.exercise import exercises
from kit.serving.tickets import Tickets
from kit.session import EXPECTED_MOST, Mode, Session, fingerprint
from kit.store import Store
from kit.texts import say
from tests.browser import axe
from tests.support.device import Device
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import KIT, ROOT, environment


@pytest.fixture
def asked() -> Start:
    return Start()


@pytest.fixture
def page(asked: Start) -> Iterator[str]:
    """The page's address."""
    with _page(asked, 0) as address:
        yield address


def ask(page: str, method: str = "GET", path: str = "", form: object = None, **headers: str):
    """One request, with no redirect followed: status, headers, text."""
    place = urlsplit(page)
    line = http.client.HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE)
    body = urlencode(form, doseq=True) if form is not None else None  # type: ignore[arg-type]
    line.request(method, path or place.path, body, {"Accept-Language": "fr", **headers})
    answer = line.getresponse()
    return answer.status, answer.headers, answer.read().decode()


def test_it_asks_in_the_browsers_language_and_lists_every_exercise_with_its_minutes(page: str) -> None:
    status, headers, text = ask(page)
    assert status == 200
    assert say("fr", "start.heading") in text
    for slug, one in exercises().items():
        assert f'value="{slug}" checked' in text
        assert one.texts("fr").title.replace("'", "&#39;") in text
        assert f"({one.structure.minutes} minutes)" in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "<script" not in text
    assert say("en", "start.heading") in ask(page, path=f"{urlsplit(page).path}?lang=en")[2]


def test_what_was_chosen_is_taken_once(page: str, asked: Start, tmp_path: Path) -> None:
    form = {"lang": "en", "title": f"  {'T' * 200} ", "exercise": ["reflection", "pulse"]}
    status, headers, _ = ask(page, "POST", form=form)
    assert (status, asked.ready.is_set()) == (303, True)
    assert (asked.chosen.lang, asked.chosen.exercises) == ("en", ["reflection", "pulse"])
    assert asked.chosen.title == "T" * LONGEST_TITLE
    ask(page, "POST", form={"lang": "fr", "exercise": "agreement"})
    assert asked.chosen.exercises == ["reflection", "pulse"], "a second press changes nothing"
    _, _, waiting = ask(page, path=headers["Location"])
    assert say("fr", "start.wait").replace("'", "&#39;") in waiting
    tickets, session = Tickets(), Session("s1", "ACD347", "T", "fr", Mode.ANONYMOUS, 5, ())
    with Store.open(tmp_path / "store.db") as store:
        store.sessions.add(session, fingerprint("the link"))
        asked.way = WayIn("http://127.0.0.1:1", tickets, store, session.id)
        ready = ask(page, path=headers["Location"])
    ticket = re.search(r'name="ticket" value="([^"]+)"', ready[2])
    assert ticket
    assert 'action="http://127.0.0.1:1/desk"' in ready[2]
    assert "form-action 'self' http://127.0.0.1:1;" in ready[1]["Content-Security-Policy"]
    assert ask(page, path=headers["Location"])[2] == ready[2], "loaded anew, it leads in all the same"
    ident, secret = tickets.use(ticket[1])
    assert ident == session.id
    assert secret not in ready[2]
    after = ask(page, path=headers["Location"])[2]
    assert "ticket" not in after, "who finds the page later finds no way in"
    assert say("fr", "start.ready_lead") in after.replace("&#39;", "'")


def test_nothing_chosen_is_asked_again(page: str, asked: Start) -> None:
    status, _, text = ask(page, "POST", form={"lang": "fr", "title": "Notre table"})
    assert (status, asked.ready.is_set()) == (200, False)
    assert say("fr", "start.choose_one") in text
    assert 'value="Notre table"' in text


def test_an_agenda_has_its_own_exercises(page: str, asked: Start) -> None:
    assert find_agenda("half_day").told("fr").purpose in unescape(ask(page)[2])
    status, _, _ = ask(page, "POST", form={"lang": "fr", "agenda": "half_day"})
    assert (status, asked.chosen.agenda, asked.ready.is_set()) == (303, "half_day", True)


def test_an_agenda_that_does_not_exist_is_none(page: str, asked: Start) -> None:
    assert ask(page, "POST", form={"lang": "fr", "agenda": "../half_day"})[0] == 200
    assert not asked.ready.is_set()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("typed", ["0", "-3", "5001", "1e3", "many", "1.5", "٤٠"])
def test_an_odd_number_of_people_is_asked_again_and_nothing_is_lost(
    page: str, asked: Start, lang: str, typed: str
) -> None:
    where = f"{urlsplit(page).path}?lang={lang}"
    form = {"lang": "fr", "title": "Notre table", "exercise": "pulse", "expected": typed}
    status, _, text = ask(page, "POST", where, form)
    assert (status, asked.ready.is_set()) == (200, False)
    assert say(lang, "start.expected_most", most=EXPECTED_MOST) in text
    assert 'value="Notre table"' in text
    assert f'value="{typed}"' in text
    assert 'value="pulse" checked' in text
    assert 'value="agreement" checked' not in text


def test_a_failure_is_told_on_the_page_and_can_be_tried_again(page: str, asked: Start) -> None:
    ask(page, "POST", form={"lang": "en", "exercise": "pulse"})
    asked.problem = PortInUse(port=8866)
    asked.ready.clear()
    _, _, text = ask(page, path=f"{urlsplit(page).path}wait")
    assert PortInUse(port=8866).tell("fr").replace("'", "&#39;") in text
    ask(page, "POST", form={"lang": "en", "exercise": "pulse"})
    assert asked.ready.is_set()
    assert asked.problem is None


def test_another_site_reaches_nothing(page: str, asked: Start) -> None:
    """It knows neither the path nor, by a name of its own that leads here, may it use it."""
    port = urlsplit(page).port
    form = {"lang": "en", "exercise": "pulse"}
    assert ask(page, "POST", "/", form)[0] == 404
    assert ask(page, "POST", "/wrong/", form)[0] == 404
    assert ask(page, "POST", form=form, Host=f"elsewhere.example:{port}")[0] == 404
    assert ask(page, path="/")[0] == 404
    assert not asked.ready.is_set()


@pytest.mark.browser
def test_from_the_page_to_the_console(tmp_path: Path, browser) -> None:
    """Typed and ticked in a browser; the console comes by itself, and a phone can join."""
    (tmp_path / "home").mkdir()
    process = subprocess.Popen(
        [*KIT, "start", "--no-browser", "--store", str(tmp_path / "store.db")], cwd=ROOT,
        env=environment(tmp_path, tmp_path), stdout=(tmp_path / "log.txt").open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        said = lambda: (tmp_path / "log.txt").read_text("utf-8", errors="replace")  # noqa: E731
        address = eventually(lambda: re.search(r"http://127\.0\.0\.1:\d+/\S+/", said()), "the page's address")[0]
        context = browser.new_context(locale="en-CA", viewport={"width": 320, "height": 700})
        page = context.new_page()
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert axe.violations(page) == []
        page.screenshot(path=str(tmp_path / "start.png"), full_page=True)
        page.get_by_label("Title").fill("Our table")
        page.get_by_label("Français").check()
        page.get_by_label(say("en", "start.expected")).fill("12")
        for box in page.locator("input[type=checkbox]:not([value=reflection])").all():
            box.uncheck()
        page.get_by_role("button", name="Start").click()
        page.wait_for_url("**/console", timeout=PATIENCE * 2000)
        page.get_by_text("Our table").first.wait_for(timeout=PATIENCE * 2000)
        joined = re.search(r"(http://\S+)/j/(\w+)", said())
        assert joined
        phone = Device(re.sub(r"//[^:]+:", "//127.0.0.1:", joined[1]), "")
        assert phone.get(f"/j/{joined[2]}").status == 200
        with Store.open(tmp_path / "store.db") as store:
            assert store.sessions.by_code(joined[2]).expected == 12
        context.close()
    finally:
        process.terminate()
        process.wait(PATIENCE)
