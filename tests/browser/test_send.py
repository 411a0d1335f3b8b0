"""Answers from home, the whole way: a page under stock Voila, a sealed file, `kit import`, a reveal, a report."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kit import sealed, transfer
from kit.exercise import exercise
from kit.invitation import Invitation, query
from kit.results import reveal
from kit.session import Mode, Plan, Sector, Session, State, card_words, new_code, new_id
from kit.store import Store
from kit.texts import card_list, say
from tests.browser import axe
from tests.browser.people import PHONE
from tests.browser.test_alone import arrived, download, voila
from tests.support.long import LONG
from tests.support.waiting import PATIENCE

__all__ = ["voila"]  # a fixture: stock Voila on the self-study notebooks
pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "pulse"
PLAN = Plan(SLUG, exercise(SLUG).options(("core",)), State.OPEN)
BEFORE, ITEM = "before_contacts", "now_contacts"
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def session(store):
    made = Session(new_id(), new_code(), "Tuesday", "fr", Mode.ANONYMOUS, 5, (PLAN,), secret=new_id())
    return store.sessions.add(made, "-")


def visit(browser: Browser, url: str, asked: str, lang: str, look: dict = PHONE) -> Page:
    """Somebody at home who opens the link; nothing is asked of anywhere else."""
    page = browser.new_context(locale=f"{lang}-CA", reduced_motion="reduce", **look).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.context.route(lambda one: url not in one, lambda route: route.abort())
    page.goto(f"{url}/voila/render/{SLUG}.ipynb?{asked}")
    arrived(page, SLUG, lang)
    return page


def answer(page: Page, option: str, item: str = ITEM) -> None:
    page.locator(f'[data-item="{item}"] input[value="{option}"]').check()
    page.locator(f'[data-state="{item}"][data-is=saved]').wait_for()


def send(page: Page, inbox: Path, sector: str = "community", card: str = "") -> Path:
    """Fill in the box and make the file, which the facilitator finds in their folder."""
    page.locator('[data-key="send/sector"]').select_option(sector)
    page.locator('[data-key="send/card"]').fill(card)
    with page.expect_download() as got:
        page.locator('[data-key="send/make"]').click()
    name = got.value.suggested_filename
    expect(page.locator('[data-key="send/status"]')).to_contain_text(name)
    got.value.save_as(inbox / name)
    return inbox / name


def kit(store: Store, *words: object) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "KIT_STORE": store.where, "KIT_LANG": "en"}
    call = [sys.executable, "-m", "kit", *map(str, words)]
    return subprocess.run(call, capture_output=True, text=True, env=env, stdin=subprocess.DEVNULL, check=False)


def live(store: Store, session: Session) -> str:
    """Somebody who took part in the room; their number."""
    person, _ = store.seats.take(session, Sector.MUNICIPAL, None, "fr")
    store.answers.save(person.id, SLUG, BEFORE, "little", 1)
    store.answers.save(person.id, SLUG, ITEM, "much", 1)
    return person.id


def test_from_a_page_at_home_to_the_report(
    browser: Browser, voila: str, store: Store, session: Session, tmp_path: Path
):
    """Ten who came, one of them also from home, and two who only sent: with them, the group can be told."""
    inbox, public = tmp_path / "inbox", store.keys.public(session.id)
    inbox.mkdir()
    asked = query(Invitation(public, session.plans, session.mode))
    came = [live(store, session) for _ in range(10)]
    first = visit(browser, voila, asked, "fr")
    expect(first.locator(".kit-send")).to_contain_text(sealed.check_number(public))
    answer(first, "half", BEFORE)
    answer(first, "half")
    early = send(first, inbox)
    assert sealed.is_sealed(early.read_bytes())
    answer(first, "full")
    answer(first, "little", BEFORE)
    late = send(first, inbox)
    second = visit(browser, voila, asked, "en", DESKTOP)
    answer(second, "little", BEFORE)
    answer(second, "much")
    send(second, inbox, "health_hiv")
    third = visit(browser, voila, asked, "en")
    answer(third, "full")
    send(third, inbox, card=card_words(session.secret, came[0], card_list("en")).title())
    # The tool of the same name opens it, where it is there.
    read = transfer.read(_by_age(store, session, late, tmp_path))
    assert read.exercises == {SLUG: {BEFORE: "little", ITEM: "full"}}
    assert (read.sector, read.lang) == (Sector.COMMUNITY, "fr")
    taken = kit(store, "import", inbox, "--session", session.code, "--yes")
    assert taken.returncode == 0, taken.stderr
    assert len(store.seats.people(session.id)) == 12
    given = {one.key: one.answers[ITEM] for one in store.answers.responses(session.id, SLUG)}
    assert [given[key] for key in came] == ["full", *["much"] * 9]
    assert sorted(given[key] for key in given if key not in came) == ["full", "much"]
    assert reveal(store, session, SLUG).news
    reported = kit(store, "report", session.code, "--out", tmp_path)
    assert reported.returncode == 0, reported.stderr
    report = next(tmp_path.glob("report-*")).read_text("utf-8")
    assert exercise(SLUG).texts("fr").title in report
    for page in (first, second, third):
        page.context.close()


def _by_age(store: Store, session: Session, file: Path, folder: Path) -> bytes:
    private = store.keys.private(session.id)[0]
    tool = shutil.which("age")
    if tool is None:
        return sealed.opened(file.read_bytes(), [private])
    (folder / "key.txt").write_text(sealed.key_file(private))
    call = [tool, "--decrypt", "--identity", str(folder / "key.txt"), str(file)]
    return subprocess.run(call, capture_output=True, check=True).stdout


@pytest.mark.parametrize("lang", ["fr", "en"] if LONG else ["fr"])
def test_the_box_is_for_everyone(browser: Browser, voila: str, store: Store, session: Session, lang: str):
    page = visit(browser, voila, query(Invitation(store.keys.public(session.id), session.plans)), lang)
    answer(page, "half")
    for scheme, width in axe.LOOKS:
        page.emulate_media(color_scheme=scheme)
        # All of the page, so that nothing lies under the bar at its foot.
        page.set_viewport_size({"width": width, "height": 844})
        page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
        assert axe.violations(page) == []
        assert axe.wider_than_the_page(page) == []
    # By keyboard alone; what is missing is told at its field.
    make = page.locator('[data-key="send/make"]')
    make.focus()
    page.keyboard.press("Enter")
    expect(page.locator('[data-key="send/status"]')).to_have_text(say(lang, "send.need_sector"))
    expect(page.locator('[data-key="send/sector"]')).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("un deux trois quatre")
    page.keyboard.press("Tab")
    expect(make).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('[data-key="send/card"]')).to_be_focused()
    expect(page.locator('[data-key="send/status"]')).to_have_text(say(lang, "send.bad_card"))
    page.locator('[data-key="send/card"]').fill("")
    with page.expect_download() as got:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    assert got.value.suggested_filename.startswith("notes-")
    other = "en" if lang == "fr" else "fr"
    page.locator(f'[data-key="lang/{other}"]').click()
    expect(page.locator(".kit-send h2")).to_have_text(say(other, "send.title"))
    expect(page.locator('[data-key="send/sector"]')).not_to_have_value("")
    page.context.close()


def test_a_copy_that_comes_back_is_the_same_person(
    browser: Browser, voila: str, store: Store, session: Session, tmp_path
):
    asked = query(Invitation(store.keys.public(session.id), session.plans))
    page = visit(browser, voila, asked, "fr")
    answer(page, "half")
    copy = download(page)
    first = send(page, tmp_path)
    page.context.close()
    # On the next day, with the copy from before the file was made.
    page = visit(browser, voila, asked, "fr")
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 86_400_000; }")
    page.locator('[data-key="fold/keep"]').click()
    page.locator('[data-pick="copy"]').set_input_files({"name": "notes.json", "mimeType": "", "buffer": copy})
    page.locator(f'[data-state="{ITEM}"][data-is=saved]').wait_for()
    answer(page, "much")
    second = send(page, tmp_path)
    page.context.close()
    privates = store.keys.private(session.id)
    before, after = (transfer.read(sealed.opened(one.read_bytes(), privates)) for one in (first, second))
    assert before.person == after.person
    assert before.edition < after.edition
    assert after.exercises == {SLUG: {ITEM: "much"}}


def test_without_a_link_one_can_be_pasted(browser: Browser, voila: str, store: Store, session: Session, tmp_path: Path):
    page = visit(browser, voila, "", "en")
    page.locator('[data-key="fold/send"]').click()
    page.locator('[data-key="send/link"]').fill("https://example.org")
    page.locator('[data-key="send/use"]').click()
    expect(page.locator('[data-key="send/status"]')).to_have_text(say("en", "send.no_link"))
    answer(page, "half")
    made = kit(store, "binder-link", session.code, "--base", "https://example.org", "--json").stdout
    page.locator('[data-key="send/link"]').fill(made.partition('"link": "')[2].partition('"')[0])
    page.locator('[data-key="send/use"]').click()
    page.locator(".kit-send").wait_for()
    file = send(page, tmp_path)
    assert sealed.opened(file.read_bytes(), store.keys.private(session.id))
    page.context.close()
