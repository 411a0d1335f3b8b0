"""The trainer's page beside its workshops: reports of several, agendas and packs of one's own, the look, how long."""

from __future__ import annotations

import io
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import Browser, expect

from kit import regions
from kit.agenda import place
from kit.agenda.model import find_agenda
from kit.cli.home import work
from kit.cli.home.house import House
from kit.cli.home.page import Home, page
from kit.cli.home.work import Server, environment
from kit.days import tell_day
from kit.exercise import exercise
from kit.following import followed
from kit.results import keep_results_only
from kit.session import KEEP_DAYS
from kit.store import Store
from kit.texts import languages, say
from tests.browser import axe, keyboard
from tests.browser.test_looks import look
from tests.support.ports import free_port
from tests.support.waiting import PATIENCE, eventually
from tests.test_start import a_session, ask, over


@pytest.fixture
def home(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The page's address; what is a trainer's own lies in this test's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv(regions.VARIABLE, raising=False)
    (tmp_path / "way").mkdir()
    house = House(store, tmp_path / "way")
    with page(Home(house), 0) as address:
        yield address
    house.close()


def send(home: str, path: str, files: dict[str, bytes]) -> str:
    """A form with files, as a browser sends it; the page that comes."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
        for name, data in files.items()
    ]
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    return ask(home, "POST", path, b"".join(parts) + b"--edge--\r\n", **kind)[2]


def test_half_a_day_is_proposed_and_making_it_needs_nothing_more(home: str, store: Store) -> None:
    text = ask(home, path="new")[2]
    assert 'name="agenda" value="half_day" checked' in text
    assert 'name="agenda" value="" checked' not in text
    ask(home, "POST", "new", {"lang": "fr", "agenda": "half_day", "do": "later"})
    (made,) = store.sessions.all()
    assert made.keep_days == KEEP_DAYS
    assert followed(store, made.id)


def test_an_agenda_of_ones_own_is_begun_mended_and_followed(home: str, store: Store) -> None:
    wrong = ask(home, "POST", "agendas", {"do": "begin", "name": "../x", "like": "half_day"})[2]
    assert 'role="alert"' in wrong
    begun = ask(home, "POST", "agendas", {"do": "begin", "name": "Our Morning", "like": "ninety_minutes"})[2]
    folder = place.home() / "our_morning"
    assert say("fr", "home.own_begun", folder=folder) in begun
    assert say("fr", "home.own_left", n=2) in begun, "title and purpose, in two languages"
    assert 'value="our_morning"' not in ask(home, path="new")[2]
    for lang in languages():
        path = folder / f"{lang}.yaml"
        told = yaml.safe_load(path.read_text("utf-8")) | {"title": "Our morning", "purpose": "To begin."}
        path.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    assert say("fr", "home.agenda_sound") in ask(home, path="agendas")[2]
    assert 'value="our_morning"' in ask(home, path="new")[2]
    assert ask(home, "POST", "new", {"lang": "fr", "agenda": "our_morning", "do": "later"})[0] == 303
    assert [one.slug for one in store.sessions.all()[0].plans] == list(find_agenda("our_morning").structure.plans)
    # The same files, brought to a laptop where they are not; then with a fault.
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    folder.rename(folder.with_name("away"))
    assert say("fr", "home.own_taken") in send(home, "agendas", files)
    assert find_agenda("our_morning").told("fr").title == "Our morning"
    fault = files["structure.yaml"].replace(b"minutes: 90", b"minutes: 95", 1)
    said = send(home, "agendas", files | {"structure.yaml": fault})
    assert say("fr", "home.own_faults") in said
    assert (folder / "structure.yaml").read_bytes() == files["structure.yaml"]
    for odd in (b"slug: ../../x\nmeetings: []", b"\xff\xfe", b"- 1", b""):
        assert say("fr", "home.own_faults") in send(home, "agendas", files | {"structure.yaml": odd})
    assert say("fr", "home.bring_choose") in ask(home, "POST", "agendas", {})[2]


def test_reports_of_several_and_a_roll_up_with_progress(home: str, store: Store) -> None:
    codes = [a_session(store, revealed=True).code for _ in range(2)]
    text = ask(home, path="reports")[2]
    assert all(f'value="{code}" checked' in text for code in codes)
    nothing = ask(home, "POST", "reports", {"lang": "en", "format": "html"})[2]
    assert say("fr", "home.report_which") in nothing
    one = ask(home, "POST", "reports", {"session": codes[0], "rollup": "1", "lang": "en", "format": "html"})[2]
    assert say("fr", "home.rollup_two") in one
    wish = {"session": codes, "lang": ["fr", "en"], "format": ["html", "csv"], "paper": "letter", "beside": "1"}
    made = over(home, ask(home, "POST", "reports", wish)[1])
    for code in codes:
        assert made.count(f">report-{code}-") == 2
    assert ">index.html<" in made
    bundle = _bytes(home, "job/0/all")
    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        assert {name.split("-")[1] for name in files.namelist() if name.startswith("report-")} == set(codes)
    wish = {"session": codes, "lang": "en", "format": "html", "rollup": "1", "title": "Both tables"}
    told = over(home, ask(home, "POST", "reports", wish)[1])
    assert ">rollup-" in told
    assert "?lang=fr" in told


def _bytes(home: str, path: str) -> bytes:
    import urllib.request

    with urllib.request.urlopen(f"{home}{path}", timeout=60) as answer:
        data: bytes = answer.read()
    return data


def test_numbers_alone(home: str, store: Store) -> None:
    code = a_session(store, revealed=True).code
    told = over(home, ask(home, "POST", f"w/{code}/report", {"lang": "en", "format": "xlsx"})[1])
    assert f">report-{code}-en.xlsx<" in told


def test_a_theme_is_looked_through_kept_used_and_taken_away(home: str, store: Store) -> None:
    pale = send(home, "design", {"ours.yaml": b'name: Ours\naccent: "#eeeeee"\n'})
    assert 'role="alert"' in pale
    assert say("fr", "home.design_none") in pale
    dark = send(home, "design", {"ours.yaml": b'accent: "#003300"\nname: Ours\n'})
    assert say("fr", "home.design_is", name="Ours") in dark
    code = a_session(store, revealed=True).code
    over(home, ask(home, "POST", f"w/{code}/report", {"lang": "en", "format": "html", "theme": "1"})[1])
    over(home, ask(home, "POST", f"w/{code}/report", {"lang": "en", "format": "html"})[1])
    assert b"#003300" in _bytes(home, f"job/0/file/report-{code}-en.html")
    assert b"#003300" not in _bytes(home, f"job/1/file/report-{code}-en.html")
    assert say("fr", "home.design_none") in ask(home, "POST", "design", {"do": "drop"})[2]


def test_packs_are_begun_brought_and_chosen(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(regions.VARIABLE, "")
    for name in ("north", "south"):
        ask(home, "POST", "packs", {"do": "begin", "name": name})
    text = ask(home, path="packs")[2]
    assert f"<strong>{say('fr', 'home.packs_used')}</strong>" not in text, "of two, none is used by itself"
    chosen = ask(home, "POST", "packs", {"use": "south"})[2]
    assert f"<strong>{say('fr', 'home.packs_used')}</strong>" in chosen
    assert regions.found() == regions.home() / "south"
    folder = regions.home() / "north"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    folder.rename(folder.parent.parent / "away")
    assert say("fr", "calls.packs.new", name="north", folder=regions.home()) in send(home, "packs", files)
    assert (regions.home() / "north").is_dir()
    assert 'class="kit-note"' in send(home, "packs", {"region.yaml": b"region: x\n"})


def test_how_long_answers_are_kept_is_chosen_told_and_ended_by_a_second_decision(home: str, store: Store) -> None:
    for wrong in ("0", "4000", "many"):
        said = ask(home, "POST", "new", {"lang": "fr", "agenda": "half_day", "days": wrong, "do": "later"})[2]
        assert say("fr", "home.days_most", most=3650) in said
    ask(home, "POST", "new", {"lang": "fr", "agenda": "half_day", "days": "30", "do": "later"})
    (made,) = store.sessions.all()
    assert made.keep_days == 30
    session = a_session(store, revealed=True)
    at = f"w/{session.code}"
    assert say("fr", "home.empty_first") in ask(home, path=at)[2]
    store.sessions.close(session.id)
    assert f'href="../{at}/empty?lang=fr"' in ask(home, path=at)[2]
    assert say("fr", "home.empty_yes") in ask(home, path=f"{at}/empty")[2]
    assert store.answers.responses(session.id, "pulse")
    status, headers, _ = ask(home, "POST", f"{at}/empty", {})
    assert (status, urlsplit(headers["Location"]).path.rpartition("/")[2]) == (303, session.code)
    assert store.answers.responses(session.id, "pulse") == []
    assert store.snapshots.slugs(session.id) == {"pulse"}


def test_a_workshop_continues_an_earlier_one_that_is_chosen_by_title_and_day(home: str, store: Store) -> None:
    assert 'name="follows"' not in ask(home, path="new")[2], "where there is none, nothing is asked"
    first, gone = a_session(store), a_session(store)
    store.sessions.close(gone.id)
    keep_results_only(store, store.sessions.get(gone.id))
    text = ask(home, path="new")[2]
    named = say("fr", "home.earlier_one", title="Tuesday", day=tell_day(first.made_on, "fr"), code=first.code)
    assert f'<option value="{first.code}">{named}<' in text
    assert f'<option value="{gone.code}"' not in text
    form = {"lang": "fr", "follows": first.code}
    looked = ask(home, "POST", "new", form | {"agenda": "half_day", "do": "look"})[2]
    assert f"kit workshop --lang fr --agenda half_day --exercises pulse --follows {first.code}" in looked
    assert f'<option value="{first.code}" selected' in looked
    assert ask(home, "POST", "new", form | {"agenda": "half_day", "do": "later"})[0] == 303
    made = next(one for one in store.sessions.all() if one.id not in (first.id, gone.id))
    assert (made.follows, made.plans[-1].slug) == (first.id, "pulse")
    assert say("fr", "home.earlier_is") in ask(home, path=f"w/{made.code}")[2]
    before = len(store.sessions.all())
    for wrong, key in (({"exercise": "reflection"}, "earlier_apart"), ({"follows": gone.code}, "earlier_gone")):
        said = ask(home, "POST", "new", form | {"exercise": "pulse", "do": "later"} | wrong)
        title = exercise("pulse").texts("fr").title
        assert (said[0], len(store.sessions.all())) == (200, before)
        assert say("fr", f"home.{key}", title="Tuesday", exercise=title) in said[2]


def test_a_server_whose_port_another_program_takes_meanwhile_starts_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, real = free_port(), work.bind
    with socket.create_server(("0.0.0.0", port)):
        # Free when it was looked for, taken when the server comes up.
        wanted = iter([([], port)])
        monkeypatch.setattr(work, "bind", lambda host, asked: next(wanted, None) or real(host, asked))
        made = Server(["serve"], environment("en", str(tmp_path / "store.db")), tmp_path / "log.txt")
        try:
            made._process.wait(PATIENCE)
            assert str(port) in made.trouble()
            assert made.began_anew()
            assert made.port != port
            eventually(made.is_up, "it answers")
            assert not made.began_anew(), "it runs"
        finally:
            made.stop()
        with socket.create_server(("0.0.0.0", made.port)):
            assert not made.began_anew(), "it was stopped, whoever has its port now"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", languages())
def test_each_of_its_pages_is_for_everybody(home: str, store: Store, browser: Browser, lang: str) -> None:
    """In both languages, on the narrowest phone, zoomed in, dark, in colours of one's own, without movement."""
    session = a_session(store, revealed=True)
    context = browser.new_context(locale=f"{lang}-CA", viewport={"width": 1280, "height": 720})
    one = context.new_page()
    its_own = f"w/{session.code}"
    for path in ("", "new", "check", "reports", "design", "agendas", "packs", its_own, f"{its_own}/remove"):
        one.goto(f"{home}{path}")
        expect(one.locator("html")).to_have_attribute("lang", lang)
        axe.check(one, path or "overview", axe.LOOKS)
        one.emulate_media(color_scheme="light", reduced_motion="no-preference")
        look(one, path or "overview")
    context.close()


@pytest.mark.browser
@pytest.mark.slow
def test_a_workshop_is_made_and_removed_by_keyboard_alone(home: str, store: Store, browser: Browser) -> None:
    context = browser.new_context(locale="fr-CA", viewport={"width": 640, "height": 720})
    one = context.new_page()
    one.goto(home)
    keyboard.tab_to(one, 'a[href*="new?"]')
    one.keyboard.press("Enter")
    one.wait_for_url("**/new?*")
    keyboard.tab_to(one, 'input[name="title"]')
    one.keyboard.type("Table du mardi")
    keyboard.tab_to(one, 'button[value="later"]')
    one.keyboard.press("Enter")
    one.get_by_role("heading", name="Table du mardi").wait_for()
    (session,) = store.sessions.all()
    keyboard.tab_to(one, f'a[href*="w/{session.code}/remove"]')
    one.keyboard.press("Enter")
    one.wait_for_url("**/remove?*")
    keyboard.tab_to(one, 'main button[type="submit"], main button:not([type])')
    one.keyboard.press("Enter")
    eventually(lambda: one.title() and not store.sessions.all(), "it is removed")
    context.close()
