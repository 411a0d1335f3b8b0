"""A room that moves together: console, a second console, wall and two phones follow one agenda."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from kit.agenda.model import find_agenda
from kit.exercise import exercise
from kit.following import follow
from kit.results import reveal, told
from kit.session import Plan, State
from kit.store.hosts import Opens
from kit.views.slides import slides_in
from tests.browser import keyboard
from tests.browser.axe import WIDE, check
from tests.browser.people import PHONE, Person, person
from tests.support.long import LONG
from tests.support.stored import answered_by_many
from tests.support.waiting import eventually
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAPTOP = {"viewport": {"width": 1280, "height": 720}}
NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}
AGENDA = find_agenda("half_day")
ONE, TWO = "reflection", "partnership"
BIG = '.kit-agenda [data-key="agenda/act"]'


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    """A workshop that follows the half day, for all tests of this file."""
    return following(server)


def following(server: Workshop) -> Workshop:
    """One more, of which nothing is revealed."""
    plans = AGENDA.structure.plans
    made = server.another(*(Plan(slug, exercise(slug).options(lenses)) for slug, lenses in plans.items()))
    with made.store() as store:
        follow(store, made.session_id, AGENDA)
    return made


def big(one: Person) -> Locator:
    return one.page.locator(BIG)


def press(one: Person) -> None:
    """The large button, once it can be pressed."""
    expect(big(one)).not_to_have_attribute("aria-disabled", "true")
    big(one).click()


def is_at(one: Person, block: str) -> None:
    title = AGENDA.told(one.lang).blocks[block].title or ""
    expect(one.page.locator(".kit-agenda h2")).to_have_text(one.say("agenda.console.now", title=title))


def second_trainer(workshop: Workshop) -> str:
    with workshop.store() as store:
        return f"/host#{workshop.session_id}.{store.hosts.add(workshop.session_id, Opens.SECOND)}"


def test_the_console_tells_who_is_here_now_and_not_ever(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **LAPTOP) as host:
        host.host()
        here = host.page.locator(".kit-here")
        expect(here).to_have_text(host.say("console.here", n=0))
        with person(browser, workshop, "en", **PHONE) as phone:
            phone.join()
            expect(here).to_have_text(host.say("console.here", n=1))
            # At the head of the agenda, too, in its own line.
            expect(host.page.locator(".kit-agenda-begun")).to_contain_text(host.say("console.here", n=1))
            phone.page.reload()
            phone.arrived()
            expect(here).to_have_text(host.say("console.here", n=1))
            taken = host.page.locator(".kit-count").inner_text()
        expect(here).to_have_text(host.say("console.here", n=0))
        expect(host.page.locator(".kit-count")).to_have_text(taken)
        # A console that comes later, and in another place, knows it at once.
        host.page.reload()
        expect(here).to_have_text(host.say("console.here", n=0))
        assert host.troubles == []


def test_two_trainers_conduct_one_room(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "en", **LAPTOP) as host, person(browser, workshop, "en", **PHONE) as second:
        host.host()
        expect(big(host)).to_have_text(host.say("agenda.console.act_begin", title="Welcome"))
        # The large button and the words to say are in sight at once.
        press(host)
        is_at(host, "welcome")
        lines = host.page.locator(".kit-agenda-lines")
        expect(lines).to_contain_text(AGENDA.told("en").blocks["welcome"].say[0])  # type: ignore[index]
        expect(big(host)).to_be_in_viewport()
        expect(lines.locator("li").first).to_be_in_viewport()
        expect(host.page.locator("[data-clock]")).to_have_text(host.say("agenda.clock.clock_left", n=15))
        second.go(second_trainer(workshop))
        second.page.wait_for_url("**/console")
        is_at(second, "welcome")
        press(second)
        for one in (host, second):
            is_at(one, "joining")
        check(second.page, "the agenda on the console", WIDE)
        live_changes(host, second)
        assert (host.troubles, second.troubles) == ([], [])


def live_changes(host: Person, second: Person) -> None:
    """Lengthen, stop the clock, leave out, move, add, undo; the other trainer sees each."""

    def button(name: str) -> Locator:
        found = host.page.locator(f'[data-key="agenda/{name}"]')
        expect(found).not_to_have_attribute("aria-disabled", "true")
        return found

    button("longer").click()
    for one in (host, second):
        expect(one.page.locator("[data-clock]")).to_have_text(one.say("agenda.clock.clock_left", n=15))
    button("stop").click()
    stands = host.say("agenda.clock.clock_paused", left=host.say("agenda.clock.clock_left", n=15))
    expect(second.page.locator("[data-clock]")).to_have_text(stands)
    button("run").click()
    host.page.locator('[data-key="agenda/all"]').click()
    button("skip/introductions").click()
    expect(big(second)).to_have_text(host.say("agenda.console.act_next", title="Ground rules"))
    button("undo").click()
    expect(big(second)).to_have_text(host.say("agenda.console.act_next", title="Introductions"))
    # What somebody types stays, and so does the caret, whatever the other does meanwhile.
    host.page.get_by_label(host.say("agenda.console.add_title")).press_sequentially("A minute")
    second.page.locator('[data-key="agenda/longer"]').click()
    for one in (host, second):
        expect(one.page.locator("[data-clock]")).to_have_text(one.say("agenda.clock.clock_left", n=20))
    host.page.keyboard.type(" of quiet")
    button("add").click()
    expect(big(second)).to_have_text(host.say("agenda.console.act_next", title="A minute of quiet"))
    button("down/own_1").click()
    expect(big(second)).to_have_text(host.say("agenda.console.act_next", title="Introductions"))
    # An exercise brings its own minutes and its name.
    host.page.get_by_label(host.say("agenda.console.add_kind")).select_option("strengths")
    minutes = host.page.get_by_label(host.say("agenda.console.add_minutes"))
    expect(minutes).not_to_have_value("10")
    button("add").click()
    expect(host.page.get_by_text(host.say("agenda.console.added_exercise"))).to_be_visible()
    expect(big(second)).to_have_text(host.say("agenda.console.act_next", title=exercise("strengths").texts("en").title))


def test_the_large_button_leads_through_an_exercise_by_keyboard(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **LAPTOP) as host, person(browser, workshop, "fr", **PHONE) as phone:
        host.host()
        here(workshop, ONE)
        is_at(host, ONE)
        keyboard.tab_to(host.page, BIG)
        for deed in ("open", "close", "look"):
            expect(big(host)).to_have_text(host.say(f"agenda.console.act_{deed}"))
            expect(big(host)).not_to_have_attribute("aria-disabled", "true")
            expect(big(host)).to_be_focused()
            if deed == "close":
                phone.join()
                phone.sees(ONE)
                answered_by_many(workshop, ONE)
                with workshop.store() as store:
                    counts = store.sessions.counts(workshop.session_id)
                begun = host.say("console.answered", n=counts.answered[ONE], all=counts.joined)
                expect(host.page.locator(".kit-agenda-begun")).to_contain_text(begun)
            host.page.keyboard.press("Enter")
        expect(host.page.locator(".kit-agenda-foresight li").first).to_be_visible()
        check(host.page, "before a reveal", WIDE)
        expect(big(host)).to_have_text(host.say("agenda.console.act_reveal"))
        assert not revealed(workshop), "looking first reveals nothing"
        keyboard.enter(host.page)
        # What cannot be undone is asked once more, and Enter held down does not say yes.
        expect(host.button("console.reveal_no")).to_be_focused()
        host.page.keyboard.press("Tab")
        expect(host.button("console.reveal_yes")).to_be_focused()
        keyboard.enter(host.page)
        expect(big(host)).to_have_text(host.say("agenda.console.act_show"))
        assert revealed(workshop)
        expect(big(host)).to_be_focused()
        keyboard.enter(host.page)
        is_next = host.say("agenda.console.act_next", title=AGENDA.told("fr").blocks["pause"].title)
        expect(big(host)).to_have_text(is_next)
        keyboard.enter(host.page)
        is_at(host, "pause")
        eventually(lambda: host.page.title() and not showing(workshop), "the wall goes along")
        assert host.troubles == []


def here(workshop: Workshop, block: str) -> None:
    """Bring the room to a block, as another trainer would."""
    from kit.serving.inside.conducting import Conducting
    from kit.views.agenda import AgendaWish

    with workshop.store() as store:
        Conducting(store, workshop.session_id).conduct(AgendaWish("go", block), "en")


def only_open(workshop: Workshop, block: str) -> None:
    """Bring the room to a block whose exercise alone is open."""
    workshop.set_state(State.WAITING)
    here(workshop, block)
    workshop.set_state(State.OPEN, block)


def revealed(workshop: Workshop) -> bool:
    with workshop.store() as store:
        return ONE in store.snapshots.slugs(workshop.session_id)


def showing(workshop: Workshop) -> str | None:
    with workshop.store() as store:
        return store.sessions.showing(workshop.session_id)


def there(one: Person, name: str) -> Locator:
    """A button of the line that says where the room is."""
    return one.page.locator(f'.kit-together [data-key="together/{name}"]')


def exercise_in_sight(one: Person, slug: str) -> None:
    """Its first question is on the screen without scrolling."""
    one.sees(slug)
    top = "innerHeight - document.querySelector('form [data-item]').getBoundingClientRect().top"
    eventually(lambda: one.page.evaluate(top) > 0, "the exercise is brought into sight")


def test_phones_go_along_and_ask_whoever_is_busy(browser: Browser, workshop: Workshop) -> None:
    workshop.set_state(State.WAITING)
    here(workshop, ONE)
    with (
        person(browser, workshop, "fr", **PHONE) as idle, person(browser, workshop, "en", **NARROW) as busy,
        person(browser, workshop, "en", **PHONE) as late,
    ):  # fmt: skip
        idle.join()
        busy.join()
        workshop.set_state(State.OPEN, ONE)
        for one in (idle, busy):
            one.sees(ONE)
            expect(one.page.locator(".kit-together-title")).to_have_text(AGENDA.told(one.lang).blocks[ONE].title or "")
            left = one.say("agenda.clock.clock_left", n=60)
            expect(one.page.locator(".kit-together [data-clock]")).to_have_text(left)
        busy.text("commitment").fill("A call on Tuesdays")
        busy.saved("commitment")
        # The trainer moves on: who is at rest goes along, who is typing is asked.
        workshop.set_state(State.CLOSED, ONE)
        here(workshop, TWO)
        workshop.set_state(State.OPEN, TWO)
        exercise_in_sight(idle, TWO)
        expect(there(busy, "go_there")).to_be_visible()
        # Also where the room's result of their own exercise is there to be seen.
        covered = "document.querySelector('.kit-top').offsetHeight / innerHeight"
        eventually(lambda: busy.page.evaluate(covered) <= 0.25, "a small phone is asked, and still shows its page")
        busy.sees(ONE)
        check(busy.page, "asked whether to go along")
        there(busy, "finish").click()
        expect(there(busy, "finish")).to_have_count(0)
        busy.page.reload()
        busy.sees(ONE)
        there(busy, "go_there").focus()
        busy.page.keyboard.press("Enter")
        exercise_in_sight(busy, TWO)
        # Whoever comes late lands where the room is.
        late.join()
        late.sees(TWO)
        own_pace(workshop, late)
        for one in (idle, busy, late):
            assert one.troubles == []


def own_pace(workshop: Workshop, one: Person) -> None:
    """One choice, which holds over a reload and the next move, and one way back."""
    there_is = one.page.locator('[data-key="together/own"]')
    one.menu()
    there_is.click()
    expect(there(one, "with_room")).to_be_visible()
    one.choose(ONE)
    one.page.reload()
    one.sees(ONE)
    workshop.set_state(State.CLOSED, TWO)
    here(workshop, "closing")
    title = AGENDA.told(one.lang).blocks["closing"].title
    expect(one.page.locator(".kit-together-title")).to_have_text(one.say("agenda.room.room_at", title=title))
    one.sees(ONE)
    expect(one.page.locator(".kit-form")).to_be_visible()
    here(workshop, TWO)
    title = AGENDA.told(one.lang).blocks[TWO].title
    expect(one.page.locator(".kit-together-title")).to_have_text(one.say("agenda.room.room_at", title=title))
    there(one, "with_room").click()
    one.sees(TWO)
    expect(there(one, "with_room")).to_have_count(0)


def put_away(one: Person, block: str) -> None:
    """The phone tells the block and nothing of what its person has answered."""
    card = one.page.locator(".kit-away-card")
    expect(card.locator("h2")).to_have_text(AGENDA.told(one.lang).blocks[block].title or "")
    expect(card).to_contain_text(one.say("agenda.room.away"))
    expect(one.page.locator(".kit-form")).to_be_hidden()


def test_phones_are_put_away_in_a_break(browser: Browser, workshop: Workshop) -> None:
    only_open(workshop, ONE)
    with (
        person(browser, workshop, "fr", **PHONE) as idle, person(browser, workshop, "en", **NARROW) as busy,
        person(browser, workshop, "en", steps=True, **NARROW) as late,
    ):  # fmt: skip
        idle.join()
        busy.page.clock.install()
        busy.join()
        idle.sees(ONE)
        busy.text("commitment").fill("A call on Tuesdays")
        busy.saved("commitment")
        here(workshop, "pause")
        put_away(idle, "pause")
        card = idle.page.locator(".kit-away-card")
        expect(card.locator("h2")).to_be_focused()
        expect(idle.page.locator(".kit-together [data-clock]")).to_have_text(idle.say("agenda.clock.clock_left", n=20))
        check(idle.page, "a phone that is put away")
        # Who is typing is asked, and what they have begun stays.
        title = AGENDA.told("en").blocks["pause"].title
        expect(busy.page.locator(".kit-together-title")).to_have_text(busy.say("agenda.room.room_at", title=title))
        there(busy, "go_there").focus()
        busy.page.keyboard.press("Enter")
        put_away(busy, "pause")
        expect(busy.page.locator(".kit-away-card h2")).to_be_focused()
        assert busy.page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "fits a small phone"
        expect(busy.button("room.exit")).to_be_in_viewport()
        answers = busy.page.locator('[data-key="together/answers"]')
        expect(answers).to_be_in_viewport()
        answers.focus()
        busy.page.keyboard.press("Enter")
        expect(busy.text("commitment")).to_have_value("A call on Tuesdays")
        expect(busy.page.locator(".kit-form")).to_be_visible()
        there(busy, "go_there").click()
        put_away(busy, "pause")
        laid_down(busy, "pause")
        workshop.set_state(State.CLOSED, ONE)
        late.join()
        put_away(late, "pause")
        # What follows is explained first: nobody's answers come up on a table meanwhile.
        here(workshop, TWO)
        expect(card.locator("h2")).to_have_text(AGENDA.told("fr").blocks[TWO].title or "")
        put_away(late, TWO)
        for one in (idle, busy, late):
            # A screen reader is told where the room is, and no more where it was.
            told_now = one.say("agenda.room.room_at", title=AGENDA.told(one.lang).blocks[TWO].title)
            expect(one.page.locator(".kit-together > [role=status]")).to_have_text(told_now)
        over_for_now(workshop, idle, late)
        workshop.set_state(State.OPEN, TWO)
        for one in (idle, busy, late):
            one.sees(TWO)
            expect(one.page.locator(".kit-form")).to_be_visible()
            expect(one.page.locator(".kit-away-card")).to_have_count(0)
        expect(idle.page.locator(".kit-form :is(h1, h2)").first).to_be_focused()
        # To the line to the server, a clock that jumps is a server that does not answer.
        assert [one for one in busy.troubles if not one.startswith("WebSocket")] == []
        assert idle.troubles == late.troubles == []


def laid_down(busy: Person, block: str) -> None:
    """Whoever looks at their answers all the same, and then lays the phone down, leaves none of them in sight."""
    busy.page.locator('[data-key="together/answers"]').click()
    form = busy.page.locator(".kit-form")
    expect(form).to_be_visible()
    busy.text("commitment").fill("A call on Mondays")
    for _ in range(2):
        # As long as somebody types or reads, it stays.
        busy.page.clock.run_for(60_000)
        expect(form).to_be_visible()
        busy.page.keyboard.press("ArrowRight")
    busy.page.clock.run_for(95_000)
    put_away(busy, block)
    expect(busy.page.locator(".kit-away-card h2")).to_be_focused()
    expect(busy.text("commitment")).to_have_value("A call on Mondays")


def over_for_now(workshop: Workshop, idle: Person, late: Person) -> None:
    """At the end, where one's answers can be erased is there to be seen on each phone, and no answer is."""
    with workshop.store() as store:
        store.sessions.close(workshop.session_id)
    for one in (idle, late):
        expect(one.page.locator(".kit-note").get_by_text(one.say("room.over"))).to_be_visible()
        expect(one.page.locator('[data-key="fold/data"]')).to_be_visible()
        expect(one.page.locator(".kit-form:visible")).to_have_count(0)
    # Somebody who has answered nothing has no empty card.
    expect(late.page.locator(".kit-away-card")).to_have_count(0)
    expect(late.page.locator("nav h2")).to_be_visible()
    with workshop.store() as store:
        store.sessions.reopen(workshop.session_id)
    expect(idle.page.locator(".kit-note").get_by_text(idle.say("room.over"))).to_have_count(0)


def test_a_reveal_is_met_where_one_is(browser: Browser, workshop: Workshop) -> None:
    only_open(workshop, TWO)
    with person(browser, workshop, "fr", **PHONE) as phone:
        phone.join()
        phone.sees(TWO)
        answered_by_many(workshop, TWO)
        with workshop.store() as store:
            reveal(store, store.sessions.get(workshop.session_id), TWO)
        there(phone, "see_result").click()
        expect(phone.page.locator("[data-result]")).to_be_in_viewport()
        expect(phone.page.locator("[data-result]")).to_be_focused()


def test_somebody_says_that_they_are_done_and_the_room_is_told(browser: Browser, workshop: Workshop) -> None:
    only_open(workshop, TWO)
    with person(browser, workshop, "fr", **LAPTOP) as host, person(browser, workshop, "fr", **NARROW) as phone:
        host.host()
        wall = host.context.new_page()
        wall.goto(f"{workshop.address}/screen")
        phone.join()
        phone.sees(TWO)
        done, title = there(phone, "ready"), exercise(TWO).texts("fr").title
        expect(done).to_have_attribute("aria-pressed", "false")
        before, news = done.bounding_box(), phone.page.locator(".kit-news")
        done.focus()
        phone.page.keyboard.press("Enter")
        expect(done).to_have_attribute("aria-pressed", "true")
        expect(done).to_be_focused()
        # What it does is said once, below, and nothing moves under the finger.
        expect(news).to_contain_text(phone.say("agenda.room.ready_help"))
        assert done.bounding_box() == before
        check(phone.page, "somebody is done", (("dark", 320),))
        expect(host.page.locator(".kit-agenda-begun")).to_contain_text(host.say("console.ready_count", n=1))
        # The only one who is here: of those who are, all. Nobody has answered anything.
        # The title is what the wall shows in large, and is not said again.
        expect(wall.locator(".kit-group").get_by_text(title)).to_have_count(1)
        told_all = host.say("console.wall_ready_all")
        expect(wall.locator(".kit-count")).to_have_text(told_all[0].upper() + told_all[1:])
        done.click()
        expect(done).to_have_attribute("aria-pressed", "false")
        expect(host.page.locator(".kit-agenda-begun")).not_to_contain_text(host.say("console.ready_count", n=1))
        phone.page.get_by_role("button", name=phone.say("room.shut"), exact=True).click()
        done.click()
        expect(done).to_have_attribute("aria-pressed", "true")
        expect(news).to_be_empty()
        phone.page.reload()
        phone.sees(TWO)
        done.click()
        done.click()
        expect(news).to_contain_text(phone.say("agenda.room.ready_help"))
        # Where nothing is open, nobody is asked, nor told what a button does that is gone; in a second round, all anew.
        workshop.set_state(State.CLOSED, TWO)
        expect(done).to_have_count(0)
        expect(news).to_be_empty()
        # In full above; at the foot in a word.
        expect(phone.page.locator(".kit-closed")).to_have_text(phone.say("form.closed"))
        expect(phone.page.locator(".kit-foot")).to_contain_text(phone.say("form.closed_now"))
        assert phone.troubles == host.troubles == []


def rested(one: Person, key: str) -> Locator:
    """A button of the console, once it can be pressed."""
    found = one.page.locator(f'[data-key="{key}"]')
    expect(found).not_to_have_attribute("aria-disabled", "true")
    return found


def test_slides_are_turned_from_console_phone_and_keyboard_and_taken_off(browser: Browser, workshop: Workshop) -> None:
    only_open(workshop, ONE)
    answered_by_many(workshop, ONE)
    with workshop.store() as store:
        session = store.sessions.get(workshop.session_id)
        reveal(store, session, ONE)
        store.sessions.show(session.id, None)
        all_of_it = len(slides_in(told(store, session, ONE, "fr")))
    with (
        person(browser, workshop, "fr", **LAPTOP) as host, person(browser, workshop, "fr", **PHONE) as second,
        person(browser, workshop, "en", steps=True, **NARROW) as phone,
    ):  # fmt: skip
        host.host()
        second.go(second_trainer(workshop))
        second.page.wait_for_url("**/console")
        phone.join()
        phone.sees(ONE)
        rested(host, f"show/{ONE}").click()
        wall = host.context.new_page()
        host.watch(wall)
        wall.goto(f"{workshop.address}/screen")
        title = exercise(ONE).texts("fr").title

        def at(n: int) -> None:
            place = host.say("console.slide_at", n=n, all=all_of_it)
            expect(wall.locator(".kit-slide-of span").last).to_have_text(place)
            for one in (host, second):
                expect(one.page.locator(".kit-wall p")).to_have_text(
                    one.say("console.wall_slide", title=title, n=n, all=all_of_it)
                )

        at(1)
        # On a small laptop the slides and the clock are in reach together.
        host.page.evaluate("scrollTo(0, 0)")
        for name in ("wall/slide_back", "wall/slide_next", "wall/hide", "wall/take_off", "agenda/longer"):
            expect(host.page.locator(f'[data-key="{name}"]')).to_be_in_viewport(ratio=0.9)
        rested(host, "wall/slide_next").click()
        at(2)
        rested(second, "wall/slide_next").click()
        at(3)
        host.page.locator("h1").click()
        host.page.keyboard.press("ArrowRight")
        at(4)
        wall.bring_to_front()
        wall.keyboard.press("PageUp")
        at(3)
        host.page.bring_to_front()
        cards(host)
        check(host.page, "the console with a result on the wall", WIDE)
        at_ones_own_speed(phone, all_of_it)
        at(3)
        phone.page.locator("[data-result]").focus()
        rested(host, "wall/take_off").click()
        expect(phone.page.locator("[data-result]")).to_be_hidden()
        # Whoever was reading it hears that it has gone, and is not lost.
        expect(phone.page.locator(".kit-foot")).to_contain_text(phone.say("form.group_gone"))
        expect(phone.page.locator(".kit-foot")).not_to_contain_text(phone.say("form.group_ready"))
        expect(phone.page.locator('[data-key="picture"]')).to_be_focused()
        expect(wall.locator(".kit-slide")).to_have_count(0)
        rested(host, f"off/{ONE}").click()
        expect(phone.page.locator("[data-result] .kit-slide")).to_be_visible()
        assert (host.troubles, second.troubles, phone.troubles) == ([], [], [])


def cards(host: Person) -> None:
    """By keyboard: the list of keys, and the card for when it gets tense."""
    host.page.locator("h1").click()
    host.page.keyboard.press("?")
    keys = host.page.locator('[data-key="card/keys"]')
    expect(keys).to_be_focused()
    expect(host.page.locator(".kit-keys")).to_be_visible()
    host.page.keyboard.press("?")
    expect(host.page.locator(".kit-keys")).to_be_hidden()
    tense = host.page.locator('[data-key="card/tense"]')
    tense.focus()
    host.page.keyboard.press("Enter")
    expect(host.page.locator(".kit-tense li").first).to_be_visible()


def at_ones_own_speed(phone: Person, all_of_it: int) -> None:
    """The same slides on a phone; where the wall is makes no difference."""
    there(phone, "see_result").click()
    place = phone.page.locator("[data-result] .kit-count")
    expect(place).to_have_text(phone.say("form.slide_at", n=1, all=all_of_it))
    phone.page.locator('[data-key="deck/next"]').click()
    expect(place).to_have_text(phone.say("form.slide_at", n=2, all=all_of_it))
    check(phone.page, "a slide on a phone")
    phone.page.locator('[data-key="fold/deck"]').click()
    expect(phone.page.locator("[data-result] .kit-figure svg").first).to_be_visible()


@pytest.mark.parametrize("lang", ["fr", "en"] if LONG else ["fr"])
def test_a_laptop_shows_what_is_on_without_scrolling(browser: Browser, workshop: Workshop, lang: str) -> None:
    """Every block of the half day on the smallest laptop: the large button, the clock, what comes next, the words."""
    workshop.set_state(State.WAITING)
    bottom = "document.querySelector('.kit-agenda-side').getBoundingClientRect().bottom"
    buttons = "document.querySelector('.kit-agenda-words').getBoundingClientRect().bottom"
    with person(browser, workshop, lang, **LAPTOP) as host:
        here(workshop, "welcome")
        host.host()
        host.speak(lang)
        low = {}
        for block in AGENDA.structure.blocks:
            here(workshop, block.id)
            is_at(host, block.id)
            low[block.id] = max(host.page.evaluate(bottom), host.page.evaluate(buttons))
        assert {name: at for name, at in low.items() if at > 720} == {}
        # The last block has no large button any more.
        here(workshop, ONE)
        is_at(host, ONE)
        host.page.set_viewport_size({"width": 390, "height": 844})
        expect(big(host)).to_be_in_viewport()
        assert host.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_second_round_stands_beside_the_first(browser: Browser, workshop: Workshop) -> None:
    only_open(workshop, ONE)
    with (
        person(browser, workshop, "fr", **LAPTOP) as host,
        person(browser, workshop, "fr", steps=True, **PHONE) as phone,
        person(browser, workshop, "en", steps=True, **NARROW) as busy,
    ):  # fmt: skip
        for one in (phone, busy):
            one.join()
            one.sees(ONE)
        # A result that is there is one step more.
        begins = [re.compile(rf"^{re.escape(step_on(one).inner_text().rsplit(' ', 1)[0])} ") for one in (phone, busy)]
        given = phone.page.locator("form [data-item] input:visible").first
        given.check()
        phone.saved(phone.page.locator("form [data-item]:visible").first.get_attribute("data-item") or "")
        answered_by_many(workshop, ONE)
        workshop.set_state(State.CLOSED, ONE)
        with workshop.store() as store:
            reveal(store, store.sessions.get(workshop.session_id), ONE)
        # One has finished, and lays the phone down; one is still in a text.
        while not phone.page.locator('[data-key="picture"]').is_visible():
            next_step(phone).click()
        while not busy.text("commitment").is_visible():
            next_step(busy).click()
        phone.page.reload()
        expect(phone.page.locator('[data-key="picture"]')).to_be_visible()
        busy.text("commitment").focus()
        host.host()
        rested(host, f"again/{ONE}").click()
        yes = host.button("console.again_yes")
        expect(yes).not_to_have_attribute("aria-disabled", "true")
        yes.click()
        expect(host.page.locator(".kit-said")).to_have_text(host.say("console.again_open"))
        title = exercise(ONE).texts("fr").title
        expect(phone.page.get_by_text(phone.say("room.now_again", titles=title))).to_be_visible()
        # From the first step on, over the answers as they are; whoever is busy is asked.
        expect(step_on(phone)).to_have_text(begins[0])
        expect(given).to_be_checked()
        expect(given).to_be_enabled()
        expect(there(busy, "finish")).to_be_visible()
        expect(busy.text("commitment")).to_be_focused()
        there(busy, "go_there").click()
        expect(step_on(busy)).to_have_text(begins[1])
        expect(there(busy, "finish")).to_have_count(0)
        # As many come anew as make a picture of their own.
        answered_by_many(workshop, ONE)
        rested(host, f"close/{ONE}").click()
        # What is over is not asked for any more, on top of all that comes after.
        expect(phone.page.get_by_text(phone.say("room.now_again", titles=title))).to_have_count(0)
        host.press("reveal", ONE)
        result = host.page.locator(".kit-group")
        for key in ("telling.round_1", "telling.round_2"):
            expect(result).to_contain_text(host.say(key, label="").strip())
        expect(host.page.locator(f'[data-key="again/{ONE}"]')).to_have_count(0)
        whole = phone.page.locator("[data-result]")
        expect(whole).to_contain_text(phone.say("telling.rounds")[:60])
        # What differs most is shown first; all of it stands behind, one press away.
        host.press("show", ONE)
        wall = host.page.locator(".kit-wall p").first
        expect(wall).to_contain_text("diapositive 1 sur")
        rested(host, "wall/slide_whole").click()
        expect(wall).to_contain_text("en entier, diapositive 1 sur")
        rested(host, "wall/slide_first").click()
        expect(wall).to_contain_text("diapositive 1 sur")
        assert (host.troubles, phone.troubles, busy.troubles) == ([], [], [])


def step_on(one: Person) -> Locator:
    return one.page.locator(".kit-steps [role=status]")


def next_step(one: Person) -> Locator:
    return one.page.locator('[data-key="step/next"]')


def test_the_first_answer_is_in_sight_on_the_smallest_phone_that_follows_an_agenda(
    browser: Browser, server: Workshop
) -> None:
    """Beside the room's place and its clock, above the line at the foot, and in French, which takes more room."""
    workshop = following(server)
    with person(browser, workshop, "fr", steps=True, **NARROW) as phone:
        for slug in (ONE, TWO):
            only_open(workshop, slug)
            if slug == ONE:
                phone.join()
            else:
                # As whoever comes late: with no news on top.
                phone.page.reload()
                phone.arrived()
            phone.sees(slug)
            answer = phone.page.locator(".kit-form form .kit-option:visible").first.bounding_box()
            foot = phone.page.locator(".kit-foot").bounding_box()
            assert answer
            assert foot
            assert answer["y"] + answer["height"] <= foot["y"], slug
