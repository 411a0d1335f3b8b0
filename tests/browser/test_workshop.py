"""A workshop from the door to the report: three people, a facilitator, and eight who are simulated."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kit.exercise import exercise
from kit.rehearsal import MIX
from kit.results import reveal
from kit.session import Plan, State
from kit.telling import Telling
from kit.texts import say
from tests.browser.axe import WIDE, check
from tests.browser.people import PHONE, Person, numbers, person, released, table_rows
from tests.support.workshop import ROOT, Workshop, environment

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ONE, TWO = "reflection", "partnership"
CHOICES = ("warm_time", "all_power", "all_bias")
WORRY, GROWTH = "much", "growth"
# Words that stand nowhere else, so that finding them or not says something.
PROMISE = "Call the shelter team on Tuesdays (turquoise)"
WISH = "Des réunions plus courtes (marjolaine)"
OWN = "Tenir un carnet d'équipe (ciboulette)"
JOURNAL = "Zebulonic orchidaria wyxz"
# With this seed eight people answer so that, with the three, some shares may be told and some may not.
SEED, SIMULATED = 10, 8
EVERYBODY = SIMULATED + 3


@dataclass
class People:
    """Everyone in this workshop who has a browser."""

    phone: Person
    french: Person
    traveller: Person
    facilitator: Person


@pytest.fixture
def people(browser: Browser, workshop: Workshop) -> Iterator[People]:
    with ExitStack() as stack:

        def comes(lang: str, **device: object) -> Person:
            return stack.enter_context(person(browser, workshop, lang, **device))

        yield People(comes("en", **PHONE), comes("fr"), comes("fr"), comes("fr"))


def test_a_workshop_from_the_door_to_the_report(people: People, workshop: Workshop, browser: Browser) -> None:
    everyone_comes_in(people)
    answers_are_saved_and_found_again(people)
    three_people_are_told_nothing(people, workshop)
    with person(browser, workshop, "en") as second:
        a_seat_moves_to_another_device(people.traveller, second)
        more_people_answer(workshop, people.facilitator)
        the_first_exercise_is_closed_and_revealed(people, workshop)
        the_second_exercise_is_revealed(people.french, second, people.facilitator, workshop)
        the_room_screen_shows_it(people.facilitator, workshop)
        the_workshop_ends(people)
        everybody = [people.phone, people.french, people.traveller, people.facilitator, second]
        the_report_tells_the_same(browser, workshop)
        the_journal_is_nowhere(everybody, workshop)
        for one in everybody:
            assert one.abroad == []
        assert [one.troubles for one in everybody if one is not people.traveller] == [[]] * 4


# ---- the steps ----


def everyone_comes_in(people: People) -> None:
    phone, facilitator = people.phone, people.facilitator
    facilitator.host()
    expect(facilitator.page.locator(".kit-count")).to_contain_text(re.compile(r"\b0$"))
    code = phone.workshop.code
    phone.go("/")
    phone.page.get_by_label(phone.say("door.code")).fill(f"{code[:3]} {code[3:]}".lower())
    phone.button("door.continue_").click()
    phone.page.wait_for_url(f"**/j/{code}")
    expect(phone.page.locator("main")).to_contain_text(phone.say("door.threshold", k=5))
    assert len(phone.join("settlement").split()) == 4
    expect(phone.page.locator(".kit-exercise-state").first).to_have_text(phone.say("room.waiting"))
    people.french.join("municipal")
    facilitator.press("open", ONE)
    # Whoever waits is shown what was opened; whoever comes later finds it open.
    phone.sees(ONE)
    people.french.sees(ONE)
    people.traveller.join("settlement")
    people.traveller.sees(ONE)
    expect(facilitator.page.locator(".kit-count")).to_contain_text(re.compile(r"\b3$"))


def answers_are_saved_and_found_again(people: People) -> None:
    for one in (people.phone, people.french):
        for item in CHOICES:
            one.option(item, WORRY if item.startswith("warm") else GROWTH).check()
        one.saved(*CHOICES)
    phone, french = people.phone, people.french
    phone.text("commitment").fill(PROMISE)
    phone.page.locator('[data-share="commitment"]').check()
    phone.text("self_learning").fill(JOURNAL)
    french.text("all_own").fill(OWN)
    french.text("house_voices").press_sequentially(JOURNAL)
    phone.saved("commitment")
    french.saved("all_own")
    for one in (phone, french):
        one.page.reload()
        one.sees(ONE)
        expect(one.option("all_power", GROWTH)).to_be_checked()
        one.saved(*CHOICES)
    expect(phone.text("commitment")).to_have_value(PROMISE)
    expect(phone.page.locator('[data-share="commitment"]')).to_be_checked()
    expect(phone.text("self_learning")).to_have_value(JOURNAL)
    expect(french.text("all_own")).to_have_value(OWN)
    the_picture_is_personal(phone)


def the_picture_is_personal(phone: Person) -> None:
    phone.button("form.picture").click()
    picture = results(phone).first
    texts = exercise(ONE).texts("en")
    expect(picture).to_contain_text(texts.say("feedback_title"))
    expect(picture).to_contain_text(texts.text("warm_time", "support"))
    expect(picture).to_contain_text(texts.text("all_bias", "next"))
    expect(picture).not_to_contain_text(texts.text("all_trauma", "next"))


def three_people_are_told_nothing(people: People, workshop: Workshop) -> None:
    traveller, facilitator = people.traveller, people.facilitator
    traveller.option("all_power", "strength").check()
    traveller.saved("all_power")
    expect(facilitator.page.locator(f"li:has([data-key='reveal/{ONE}'])")).to_contain_text(
        facilitator.say("console.answered", n=3, all=3)
    )
    facilitator.press("reveal", ONE)
    expect(facilitator.page.locator(".kit-said")).to_have_text(facilitator.say("console.revealed_few", k=5))
    made = released(workshop, ONE)
    assert (made.people, made.items, made.texts) == (0, {}, {})
    for place in (results(people.french).last, facilitator.page.locator(".kit-group")):
        expect(place).not_to_be_empty()
        assert numbers(place.inner_text()) in ([], [5.0]), "a number other than the threshold"
        assert place.locator("svg, table, li").count() == 0
        assert PROMISE not in place.inner_text()


def a_seat_moves_to_another_device(first: Person, second: Person) -> None:
    first.text("commitment").press_sequentially(WISH)
    first.speak("en")
    expect(first.text("commitment")).to_have_value(WISH)
    title = exercise(ONE).texts("en").title
    expect(first.page.get_by_role("heading", name=title, exact=True).first).to_be_visible()
    first.saved("commitment", "all_power")
    first.menu()
    first.page.get_by_text(first.say("room.card"), exact=True).click()
    words = first.page.locator(".kit-words").inner_text()
    second.go(f"/back/{first.workshop.code}")
    second.page.get_by_label(second.say("door.words")).fill(words.upper())
    second.button("door.come_back").click()
    second.page.wait_for_url("**/w")
    second.sees(ONE)
    expect(second.option("all_power", "strength")).to_be_checked()
    expect(second.text("commitment")).to_have_value(WISH)
    first.page.wait_for_url("**/lost?lang=en")
    expect(first.page.locator("h1")).to_have_text(first.say("door.lost_title"))


def more_people_answer(workshop: Workshop, facilitator: Person) -> None:
    how = ("--participants", str(SIMULATED), "--seed", str(SEED), "--address", workshop.address, "--open")
    # People are there already: it wants to be asked for.
    assert numbers(kit(workshop, "rehearse", workshop.code, *how, "--beside-people"))[0] == SIMULATED
    expect(facilitator.page.locator(".kit-count")).to_contain_text(re.compile(rf"\b{EVERYBODY}$"))


def the_first_exercise_is_closed_and_revealed(people: People, workshop: Workshop) -> None:
    facilitator, phone = people.facilitator, people.phone
    facilitator.press("close", ONE)
    expect(phone.page.locator(".kit-closed")).to_have_text(phone.say("form.closed"))
    phone.option("all_power", "strength").click(force=True)
    expect(phone.option("all_power", GROWTH)).to_be_checked()
    facilitator.press("reveal", ONE)
    said = f"{facilitator.say('console.revealed_now')} {facilitator.say('console.texts_look')}"
    expect(facilitator.page.locator(".kit-said")).to_have_text(said)
    # The numbers are there at once; texts wait until they have been looked at.
    expect(results(phone).last).to_be_visible()
    assert PROMISE not in results(people.french).last.inner_text()
    facilitator.page.locator('[data-key="texts/show"]').click()
    expect(facilitator.page.locator(".kit-said")).to_have_text(facilitator.say("console.texts_now_shown"))
    expect(results(people.french).last).to_contain_text(PROMISE)
    made = released(workshop, ONE)
    # A head count is told in steps: "at least so many".
    assert made.people == EVERYBODY // made.k * made.k
    assert "bands" in {one.shape for one in made.items.values()}
    assert PROMISE in made.texts["commitment"]
    assert WISH not in made.texts["commitment"]
    for place, lang in (
        (results(phone).last, "en"), (results(people.french).last, "fr"), (facilitator.page.locator(".kit-group"), "fr")
    ):  # fmt: skip
        the_practices_agree(place, workshop, lang)
    # The picture that the person had before is still there, above the group's.
    expect(results(phone).first).to_contain_text(exercise(ONE).texts("en").say("feedback_title"))


def the_second_exercise_is_revealed(french: Person, second: Person, facilitator: Person, workshop: Workshop) -> None:
    french.choose(TWO)
    second.choose(TWO)
    for one, value in ((french, "agree"), (second, "dont_know")):
        one.option("power_shared", value).check()
        one.saved("power_shared")
    facilitator.press("reveal", TWO)
    result = facilitator.say("console.result_of", title=exercise(TWO).texts("fr").title)
    expect(facilitator.page.get_by_role("heading", name=result)).to_be_visible()
    for place, lang in ((results(french).last, "fr"), (results(second).last, "en")):
        expect(place).to_be_visible()
        the_statements_agree(place, workshop, lang)


def the_room_screen_shows_it(facilitator: Person, workshop: Workshop) -> None:
    facilitator.press("show", ONE)
    screen = facilitator.context.new_page()
    facilitator.watch(screen)
    screen.goto(f"{workshop.address}/screen")
    shown = screen.locator(".kit-screen .kit-group")
    expect(shown).to_contain_text(exercise(ONE).texts("fr").title)
    the_slides_agree(screen, workshop, "fr")
    expect(screen.locator(".kit-qr svg")).to_be_visible()
    expect(screen.locator(".kit-code")).to_contain_text(workshop.code)
    facilitator.press("show", TWO)
    expect(shown).to_contain_text(exercise(TWO).texts("fr").title)
    expect(shown).not_to_contain_text(exercise(ONE).texts("fr").title)
    facilitator.press("show", TWO)
    expect(shown.locator(".kit-task")).to_be_visible()
    screen.close()


def the_workshop_ends(people: People) -> None:
    facilitator, french = people.facilitator, people.french
    facilitator.button("console.end").click()
    facilitator.button("console.end_yes").click()
    expect(facilitator.page.get_by_text(facilitator.say("console.ended_host"))).to_be_visible()
    expect(french.page.locator(".kit-closed")).to_be_visible()


def the_report_tells_the_same(browser: Browser, workshop: Workshop) -> None:
    path = make_report(workshop, "fr")
    text = path.read_text("utf-8")
    assert not re.search(r"""(src|href)=["'](?!#|data:)""", text)
    with person(browser, workshop) as reader:
        reader.page.goto(path.as_uri())
        the_practices_agree(reader.page.locator(f"section#{ONE}, main"), workshop, "fr")
        the_statements_agree(reader.page.locator(f"section#{TWO}, main"), workshop, "fr")
        unfold(reader.page)
        check(reader.page, "report in French", WIDE)
        said = reader.page.locator("main").inner_text()
        k = workshop.session().k
        assert re.search(rf"\b{EVERYBODY // k * k} personnes\b", said)
        assert not re.search(rf"\b{EVERYBODY} personnes\b", said)
        assert PROMISE in said
        for hidden in (WISH, OWN, str(workshop.place), workshop.session().secret):
            assert hidden not in text


def the_journal_is_nowhere(everybody: list[Person], workshop: Workshop) -> None:
    sent = b"".join(frame for one in everybody for frame in one.frames)
    folders = (workshop.folder, workshop.temporary)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in files)
    for place in (sent, kept):
        # What was shared and saved is found, so the search would find the journal too.
        assert PROMISE.encode() in place
        for piece in JOURNAL.split()[:2]:
            assert piece[:5].encode() not in place


# ---- words for the steps ----


def results(one: Person) -> Locator:
    """The personal picture (when it was asked for) and the group's result (when it was revealed)."""
    return one.page.locator(".kit-panel > .kit-result")


def the_practices_agree(place: Locator, workshop: Workshop, lang: str) -> None:
    """What was released about a practice stands in the table in its words, and no other share does."""
    model, made, texts = exercise(ONE), released(workshop, ONE), exercise(ONE).texts(lang)
    told = Telling(model, made, lang)
    expect(place).to_contain_text(texts.say("group_title"))
    rows = table_rows(place)
    for question in exercise(ONE).questions():
        if not question.ordered and not question.text:
            item = model.structure.item(question.item)
            assert item is not None
            assert item.scale is not None
            wanted = [told.cell(item.scale, made.items[question.item], option) for option in question.options]
            cells = rows[texts.text(question.item, "short")]
            assert cells[: len(wanted)] == wanted, question.item


def the_slides_agree(wall: Page, workshop: Workshop, lang: str) -> None:
    """Turned to the end, the wall has told each share of a practice as released, and the text that passed."""
    model, made, texts = exercise(ONE), released(workshop, ONE), exercise(ONE).texts(lang)
    told, rows, said = Telling(model, made, lang), dict[str, list[str]](), ""
    place = wall.locator(".kit-slide-of span").last
    count = numbers(place.inner_text())
    for number in range(1, int(count[-1]) + 1):
        expect(place).to_have_text(say(lang, "console.slide_at", n=number, all=int(count[-1])))
        rows |= wall.evaluate(
            """Object.fromEntries([...document.querySelectorAll(".kit-slide-rows > li")].map((one) => [
              one.querySelector(".kit-slide-label").textContent,
              [...one.querySelectorAll(".kit-slide-said")].map((share) => share.textContent),
            ]))"""
        )
        said += wall.locator(".kit-slide").inner_text()
        wall.keyboard.press("ArrowRight")
    assert PROMISE in said
    assert WISH not in said
    for question in model.questions():
        if not question.ordered and not question.text:
            item = model.structure.item(question.item)
            assert item
            assert item.scale
            name = texts.text(question.item, "short")
            row = told.row(item.scale, name, made.items[question.item])
            assert rows[name] == [say(lang, "figures.percent", percent=bar.said) for bar in row.bars if bar.percent]


def the_statements_agree(place: Locator, workshop: Workshop, lang: str) -> None:
    """Spread and middle of each statement are those that were released."""
    made, texts = released(workshop, TWO), exercise(TWO).texts(lang)
    rows = table_rows(place)
    any_spread = any(one.spread is not None for one in made.items.values())
    for question in exercise(TWO).questions():
        if question.compare:
            told = made.items[question.item]
            if told.shape == "hidden" and told.middle is None:
                assert texts.text(question.item) not in rows
                continue
            # A room without a spread has no such column, and what most said in its place.
            first, middle, *_ = rows[texts.text(question.item)]
            spread = first if any_spread else ""
            wanted = [[one] if one is not None else [] for one in (told.spread, told.middle)]
            assert [numbers(spread), numbers(middle)] == wanted, question.item


def kit(workshop: Workshop, *words: str) -> str:
    """Run a command of the kit on the workshop's store; returns what it prints."""
    command = [sys.executable, "-m", "kit", *words, "--store", str(workshop.place)]
    own = environment(workshop.folder, workshop.temporary)
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_report(workshop: Workshop, lang: str) -> Path:
    """The report as the command makes it."""
    kit(workshop, "report", workshop.code, "--out", str(workshop.folder / "out"), "--lang", lang)
    return workshop.folder / "out" / f"report-{workshop.code}-{lang}.html"


# ---- axe-core on every page ----


@pytest.fixture(scope="module")
def held(server: Workshop) -> Workshop:
    """A workshop in which thirty people have answered, and both results were revealed."""
    lenses = exercise(TWO).options(("steps", "municipal"))
    made = server.another(Plan(ONE, state=State.OPEN), Plan(TWO, lenses, State.OPEN))
    with made.store() as store:
        fill(made, Random(1))
        for slug in (ONE, TWO):
            reveal(store, made.session(), slug)
        store.sessions.show(made.session_id, TWO)
    return made


def fill(workshop: Workshop, rng: Random) -> None:
    """The people of a rehearsal, straight into the store."""
    session = workshop.session()
    with workshop.store() as store:
        for sector, lang in ((sector, lang) for sector, n in MIX for lang in ("fr", "en") * (n // 2 + 1)):
            someone, _ = store.seats.take(session, sector, None, lang)
            for plan in session.plans:
                for item, value in exercise(plan.slug).rehearse(rng, sector, lang, plan.options):
                    store.answers.save(someone.id, plan.slug, item, value, 1)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_axe_finds_nothing_at_the_door(browser: Browser, held: Workshop, lang: str) -> None:
    with person(browser, held, lang) as one:
        for path in ("/", f"/j/{held.code}", f"/back/{held.code}", "/lost", "/privacy", "/quiet", "/nowhere", "/host"):
            one.go(path)
            check(one.page, path)
        one.go("/")
        one.page.get_by_label(one.say("door.code")).fill("none")
        one.button("door.continue_").click()
        expect(one.page.locator("#problem")).to_be_focused()
        check(one.page, "a wrong code")
        one.take_seat()
        check(one.page, "card")
        one.go("/")
        check(one.page, "the entrance for somebody who has a seat")


@pytest.mark.parametrize("slug", [ONE, TWO])
def test_axe_finds_nothing_on_the_participants_page(browser: Browser, held: Workshop, slug: str) -> None:
    with person(browser, held, "fr") as one:
        one.join()
        one.choose(slug)
        item = "all_power" if slug == ONE else "power_shared"
        one.page.locator(f'[data-item="{item}"] input').nth(1).check()
        one.text("commitment" if slug == ONE else "strengthen").fill("é" * 300)
        expect(one.page.locator(".kit-problem:visible").first).to_be_visible()
        one.button("form.picture").click()
        for lang in ("fr", "en"):
            if lang != one.lang:
                one.speak(lang)
            one.sees(slug)
            expect(results(one)).to_have_count(2)
            unfold(one.page)
            check(one.page, f"{slug} in {lang}")


def test_axe_finds_nothing_on_the_facilitators_pages(browser: Browser, held: Workshop) -> None:
    with person(browser, held, "en") as one:
        one.host()
        one.press("look", TWO)
        expect(one.page.locator(".kit-group svg").first).to_be_visible()
        unfold(one.page)
        one.button("console.end").click()
        check(one.page, "console", WIDE)
        one.go("/screen")
        expect(one.page.locator(".kit-slide")).to_be_visible()
        unfold(one.page)
        check(one.page, "screen with a result", WIDE)
        with held.store() as store:
            store.sessions.show(held.session_id, None)
        expect(one.page.locator(".kit-group .kit-task")).to_be_visible()
        check(one.page, "screen", WIDE)


def test_axe_finds_nothing_in_the_report(browser: Browser, held: Workshop) -> None:
    path = make_report(held, "en")
    with person(browser, held, "en") as one:
        one.page.goto(path.as_uri())
        unfold(one.page)
        check(one.page, "report in English", WIDE)


def unfold(page: Page) -> None:
    """Open everything that can be opened: what is folded is not looked at."""
    for details in page.locator("details").all():
        details.evaluate("one => { one.open = true }")
