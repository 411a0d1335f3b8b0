"""`kit` and `kit start`: the trainer's own page, what can be done there, and what it lets nobody else do."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

import pytest

from kit import transfer
from kit.agenda.model import find_agenda
from kit.cli.home.chosen import LONGEST_TITLE
from kit.cli.home.house import House
from kit.cli.home.page import Home, page
from kit.exercise import exercise, exercises
from kit.results import reveal
from kit.session import EXPECTED_MOST, Mode, Plan, Sector, Session, State, fingerprint, new_code, new_id
from kit.store import Store
from kit.texts import say
from kit.transfer import AnswersFile
from tests.browser import axe
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import KIT, ROOT, environment


@pytest.fixture
def house(store: Store, tmp_path: Path) -> Iterator[House]:
    (tmp_path / "way").mkdir()
    made = House(store, tmp_path / "way")
    yield made
    made.close()


@pytest.fixture
def home(house: House) -> Iterator[str]:
    """The page's address."""
    with page(Home(house), 0) as address:
        yield address


def ask(home: str, method: str = "GET", path: str = "", form: object = None, **headers: str):
    """One request below the page's own path, with no redirect followed: status, headers, text."""
    place = urlsplit(home)
    line = http.client.HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE)
    body = form if isinstance(form, bytes) else urlencode(form, doseq=True) if form is not None else None  # type: ignore[arg-type]
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
    where = path if path.startswith("/") else place.path + path
    line.request(method, where, body, {"Accept-Language": "fr", **kind, **headers})
    answer = line.getresponse()
    return answer.status, answer.headers, unescape(answer.read().decode(errors="replace"))


def a_session(store: Store, revealed: bool = False) -> Session:
    made = Session(new_id(), new_code(), "Tuesday", "en", Mode.ANONYMOUS, 5, (Plan("pulse"), Plan("reflection")))
    session = store.sessions.add(made, fingerprint("the link"))
    if revealed:
        store.sessions.set_state(session.id, "pulse", State.OPEN)
        rng = Random(1)
        for _ in range(8):
            person, _ = store.seats.take(session, Sector.COMMUNITY, None, "en")
            for item, value in exercise("pulse").rehearse(rng, Sector.COMMUNITY, "en", ()):
                store.answers.save(person.id, "pulse", item, value, 1)
        reveal(store, store.sessions.get(session.id), "pulse")
    return session


def test_it_speaks_the_browsers_language_and_has_no_script(home: str, store: Store) -> None:
    session = a_session(store)
    status, headers, text = ask(home)
    assert status == 200
    assert say("fr", "home.heading") in text
    assert f'href="./w/{session.code}?lang=fr"' in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "<script" not in text
    assert say("en", "home.heading") in ask(home, path="?lang=en")[2]


def test_the_form_lists_every_exercise_with_its_minutes_and_what_can_be_chosen_of_it(home: str) -> None:
    text = ask(home, path="new")[2]
    for slug, one in exercises().items():
        assert f'value="{slug}" checked' in text
        assert f"{one.texts('fr').title} ({one.structure.minutes} minutes)" in text
        for lens in one.structure.lenses:
            assert (f'value="{slug}:{lens.id}"' in text) is not lens.always
    assert find_agenda("half_day").told("fr").purpose in text


def test_a_workshop_is_made_for_later_as_the_command_makes_it(home: str, store: Store) -> None:
    form = {
        "lang": "en", "title": f"  -- {'T' * 200} ", "exercise": ["partnership", "pulse"], "lens": "partnership:steps",
        "mode": "attributed", "partners": "Centre A\r\n Ville B ,\r\n", "k": "7", "expected": "12", "do": "later",
    }  # fmt: skip
    status, headers, _ = ask(home, "POST", "new", form)
    made = store.sessions.all()[0]
    assert (status, urlsplit(headers["Location"]).path) == (303, f"{urlsplit(home).path}w/{made.code}")
    assert (made.lang, made.title, len(made.title)) == ("en", f"-- {'T' * (LONGEST_TITLE - 3)}", LONGEST_TITLE)
    assert [(one.slug, one.options) for one in made.plans] == [("partnership", ("steps",)), ("pulse", ())]
    assert (made.mode, made.partners, made.k, made.expected) == (Mode.ATTRIBUTED, ("Centre A", "Ville B"), 7, 12)
    text = ask(home, path=f"w/{made.code}")[2]
    assert "Centre A; Ville B" in text
    assert f"kit report {made.code}" in text


def test_an_agenda_has_its_own_exercises_and_one_that_does_not_exist_is_none(home: str, store: Store) -> None:
    assert ask(home, "POST", "new", {"lang": "fr", "agenda": "../half_day", "do": "later"})[0] == 200
    assert store.sessions.all() == []
    assert ask(home, "POST", "new", {"lang": "fr", "agenda": "half_day", "do": "later"})[0] == 303
    assert [one.slug for one in store.sessions.all()[0].plans] == list(find_agenda("half_day").structure.plans)


def test_what_a_room_would_be_told_is_foreseen_and_nothing_is_made(home: str, store: Store) -> None:
    form = {"lang": "fr", "exercise": "pulse", "expected": "4", "do": "look"}
    assert say("fr", "foresight.few_people", k=5) in ask(home, "POST", "new", form)[2]
    more = ask(home, "POST", "new", form | {"expected": "40"})[2]
    assert say("fr", "home.look_title", n=40, k=5) in more
    assert say("fr", "foresight.few_people", k=5) not in more
    assert "kit workshop --lang fr --exercises pulse --expected 40" in more
    assert store.sessions.all() == []


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ({"exercise": ()}, "choose_one"), ({"expected": "0"}, "expected_most"), ({"expected": "5001"}, "expected_most"),
        ({"expected": "1e3"}, "expected_most"), ({"expected": "٤٠"}, "expected_most"), ({"k": "2"}, "k_least"),
        ({"k": "few"}, "k_least"), ({"mode": "attributed", "partners": " , \n"}, "partners_missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_asked_again_and_nothing_is_lost(
    home: str, store: Store, typed: dict[str, str], key: str
) -> None:
    form = {"lang": "fr", "title": "Notre table", "exercise": "pulse", "do": "later"} | typed
    status, _, text = ask(home, "POST", "new", form)
    assert (status, store.sessions.all()) == (200, [])
    assert say("fr", f"home.{key}", most=EXPECTED_MOST, least=3) in text
    assert 'value="Notre table"' in text
    assert ('value="pulse" checked' in text) is (key != "choose_one")
    assert 'value="agreement" checked' not in text
    for name in ("expected", "k"):
        assert f'value="{form.get(name, "")}"' in text


def test_another_site_reaches_nothing(home: str, store: Store, capfd: pytest.CaptureFixture[str]) -> None:
    """It knows neither the path nor, by a name of its own that leads here, may it use it."""
    port = urlsplit(home).port
    form = {"lang": "en", "exercise": "pulse", "do": "later"}
    assert ask(home, "POST", "/new", form)[0] == 404
    assert ask(home, "POST", "/wrong/new", form)[0] == 404
    assert ask(home, "POST", "new", form, Host=f"elsewhere.example:{port}")[0] == 404
    assert ask(home, path="/")[0] == 404
    assert ask(home, path=urlsplit(home).path.rstrip("/"))[0] == 404
    # Nor with the path, should it have been read from the screen: another port of this machine is a site of its own.
    for elsewhere in ("cross-site", "same-site"):
        assert ask(home, "POST", "new", form, **{"Sec-Fetch-Site": elsewhere})[0] == 404
    assert store.sessions.all() == []
    # What no browser sends is refused too, and nothing is said where the page was started.
    for line in ("GET x", "GET //", f"GET http://127.0.0.1:{port}/", f"POST {urlsplit(home).path}new"):
        for length in ("zz", "-1", "1e3"):
            with socket.create_connection(("127.0.0.1", int(str(port))), timeout=PATIENCE) as sent:
                sent.sendall(f"{line} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n\r\n".encode())
                with sent.makefile("rb") as told:
                    assert told.read().split()[1] in (b"404", b"413"), line
    assert capfd.readouterr().err == ""


def test_the_page_s_own_form_is_heard(home: str, store: Store) -> None:
    form = {"lang": "en", "exercise": "pulse", "do": "later"}
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert ask(home, "POST", "new", form, **own)[0] == 303
    assert len(store.sessions.all()) == 1


def test_ended_taken_back_and_removed_after_one_more_question(home: str, store: Store) -> None:
    session = a_session(store)
    at = f"w/{session.code}"
    assert ask(home, "POST", f"{at}/close", {})[0] == 303
    assert store.sessions.get(session.id).closed
    assert say("fr", "home.reopen") in ask(home, path=at)[2]
    ask(home, "POST", f"{at}/reopen", {})
    assert not store.sessions.get(session.id).closed
    assert say("fr", "home.remove_yes") in ask(home, path=f"{at}/remove")[2]
    assert len(store.sessions.all()) == 1
    ask(home, "POST", f"{at}/purge", {})
    assert store.sessions.all() == []
    assert say("fr", "errors.UnknownSession", session=session.code) in ask(home, path=at)[2]


def over(home: str, headers: http.client.HTTPMessage) -> str:
    """The page of a job that was begun, once it has ended."""
    path = urlsplit(headers["Location"]).path
    return eventually(lambda: (text := ask(home, path=path)[2]) and 'http-equiv="refresh"' not in text and text, path)


def test_reports_and_copies_are_made_and_downloaded(home: str, house: House, store: Store, tmp_path: Path) -> None:
    session = a_session(store, revealed=True)
    status, _, text = ask(home, "POST", f"w/{session.code}/report", {"lang": "en", "format": "exe"})
    assert (status, house.jobs) == (200, [])
    assert say("fr", "home.report_choose") in text
    wish = {"lang": ["fr", "en"], "format": ["html", "ipynb"]}
    told = over(home, ask(home, "POST", f"w/{session.code}/report", wish)[1])
    made = [f"report-{session.code}-{lang}.{kind}" for lang in ("en", "fr") for kind in ("html", "ipynb")]
    assert re.findall(r">(report-\S+?)</a>", told) == made
    status, headers, text = ask(home, path=f"job/0/file/{made[0]}")
    assert (status, headers["Content-Disposition"]) == (200, f'attachment; filename="{made[0]}"')
    assert text.startswith("<!DOCTYPE html>")
    for odd in ("..", "../../store.db", "%2e%2e", ".reports", "report-x"):
        assert ask(home, path=f"job/0/file/{odd}")[0] == 404
    assert "workshops.db" in over(home, ask(home, "POST", "keep", {})[1])
    status, headers, text = ask(home, path="job/1/file/workshops.db")
    assert (status, text.startswith("SQLite format 3")) == (200, True)
    assert "attachment" in headers["Content-Disposition"]
    assert ask(home, path="job/2")[0] == 404


def test_answers_from_home_are_looked_at_then_taken_in_and_taken_back(home: str, store: Store, tmp_path: Path) -> None:
    session = a_session(store)
    at = f"w/{session.code}"
    said = dict(exercise("reflection").rehearse(Random(1), Sector.COMMUNITY, "en", ()))
    file = transfer.write(AnswersFile(edition=1, lang="en", exercises={"reflection": said}, sector=Sector.COMMUNITY))
    assert say("fr", "home.bring_choose") in ask(home, "POST", f"{at}/bring", {})[2]
    looked = over(home, send(home, f"{at}/bring", {"../one.json": file, "two.json": b"{}"}))
    assert say("fr", "home.take_go") in looked
    assert "two.json" in looked
    assert str(tmp_path) not in looked, "nobody needs to know where the files lie meanwhile"
    assert store.imports.batches(session.id) == []
    over(home, ask(home, "POST", "job/0/take", {})[1])
    (batch,) = store.imports.batches(session.id)
    assert batch.people == 1
    text = ask(home, path=at)[2]
    assert say("fr", "home.batch_undo", batch=batch.id) in text
    assert not [*(tmp_path / "way").rglob("*.json")], "nothing is left of the files"
    ask(home, "POST", f"{at}/undo", {"batch": batch.id})
    assert store.imports.batches(session.id) == []
    nothing = over(home, send(home, f"{at}/bring", {"two.json": b"{}"}))
    assert say("fr", "home.take_go") not in nothing
    assert ask(home, "POST", "job/2/take", {})[0] == 404


def send(home: str, path: str, files: dict[str, bytes]) -> http.client.HTTPMessage:
    """A form with files, as a browser sends it."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
        for name, data in files.items()
    ]
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    status, headers, _ = ask(home, "POST", path, b"".join(parts) + b"--edge--\r\n", **kind)
    assert status == 303
    return headers


def test_whoever_stops_the_server_is_led_back_to_all_workshops(home: str) -> None:
    status, headers, _ = ask(home, "POST", "stop", {})
    assert (status, urlsplit(headers["Location"]).path) == (303, urlsplit(home).path)


def test_the_page_closes_the_kit(home: str, house: House) -> None:
    status, _, text = ask(home, "POST", "leave", {})
    assert status == 200
    assert say("fr", "home.bye") in text
    assert eventually(house.over.is_set, "all ends")


def test_a_server_that_ends_by_itself_says_why(home: str, house: House, store: Store, monkeypatch) -> None:
    session = a_session(store)
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("kit.cli.home.work.bind", lambda *_: ([], port))
        ask(home, "POST", f"w/{session.code}/lead", {})
        assert house.server
        eventually(lambda: house.server and house.server.is_over, "it cannot listen there")
    assert say("fr", "errors.PortInUse", port=port) in ask(home, path="enter")[2]
    assert house.server is None


@pytest.mark.browser
@pytest.mark.slow
def test_a_trainers_day_on_the_page(tmp_path: Path, browser) -> None:
    """`kit` alone: practise, make, lead, back, stop; then the kit is killed, and its server goes too."""
    (tmp_path / "home").mkdir()
    place = {"KIT_STORE": str(tmp_path / "store.db"), "BROWSER": "true"}
    with (tmp_path / "log.txt").open("w") as log:
        process = subprocess.Popen(
            KIT, cwd=ROOT, env=environment(tmp_path, tmp_path) | place, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        said = lambda: (tmp_path / "log.txt").read_text("utf-8", errors="replace")  # noqa: E731
        address = eventually(lambda: re.search(r"http://127\.0\.0\.1:\d+/\S+/", said()), "the page's address")[0]
        context = browser.new_context(locale="en-CA", viewport={"width": 320, "height": 700})
        home = context.new_page()

        def at(path: str) -> None:
            home.goto(f"{address}{path}?lang=en")
            assert home.evaluate("document.documentElement.scrollWidth") <= 320
            assert axe.violations(home) == []

        def press(key: str) -> None:
            home.get_by_role("button", name=say("en", f"home.{key}"), exact=True).click()

        def filled(title: str) -> None:
            at("new")
            home.get_by_label(say("en", "home.title"), exact=True).fill(title)
            home.get_by_label(say("en", "home.expected")).fill("3")
            half_day = home.locator("input[name=agenda][value=half_day]")
            assert half_day.is_checked(), "the console is to lead"
            home.locator("input[name=agenda][value='']").check()
            home.get_by_text(say("en", "home.exercises_fold")).click()
            for box in home.locator("input[name=exercise]:not([value=pulse])").all():
                box.uncheck()

        for path in ("", "check", "reports", "design", "agendas", "packs"):
            at(path)
        filled("A practice")
        press("practise")
        home.wait_for_url("**/console", timeout=PATIENCE * 2000)
        home.get_by_text("A practice").first.wait_for()
        home.get_by_text(say("en", "door.practice.passes")).first.wait_for()
        at("")
        press("practice_lead")
        home.wait_for_url("**/console", timeout=PATIENCE * 2000)
        home.get_by_text("A practice").first.wait_for()
        with Store.open(tmp_path / "store.db") as store:
            assert store.sessions.all() == [], "nothing of a practice is kept"
        filled("Our table")
        press("go")
        home.wait_for_url("**/console", timeout=PATIENCE * 2000)
        home.get_by_text("Our table").first.wait_for()
        port = urlsplit(home.url).port
        assert not list(tmp_path.rglob("practice.db*")), "nor is its store"
        with Store.open(tmp_path / "store.db") as store:
            (session,) = store.sessions.all()
        at(f"w/{session.code}")
        press("lead")
        home.wait_for_url(f"**:{port}/console", timeout=PATIENCE * 2000)
        at(f"w/{session.code}/remove")
        at("")
        press("stop")
        home.get_by_text(say("en", "home.runs_lead")).wait_for(state="detached")
        assert not answers(port)
        at(f"w/{session.code}")
        press("lead")
        home.wait_for_url("**/console", timeout=PATIENCE * 2000)
        port = urlsplit(home.url).port
        process.kill()
        eventually(lambda: not answers(port), "the server ends with the page")
        context.close()
    finally:
        process.kill()
        process.wait(PATIENCE)
    assert "Traceback" not in said()


def answers(port: int | None) -> bool:
    """Whether somebody listens there."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()
