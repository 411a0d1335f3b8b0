"""The scenarios on phones: by keyboard alone, by touch, and as a vote of the whole room."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from kit.exercise import exercise
from kit.exercises.scenarios.model import VOTE, Model
from kit.session import Plan, State
from kit.stories import Choice, Scene, Story
from tests.browser.axe import WIDE, check
from tests.browser.keyboard import FOCUS, tab_to
from tests.browser.people import PHONE, Person, person
from tests.support.waiting import eventually
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "scenarios"
STORY, OTHER = "two_missions", "late_report"


@pytest.fixture(scope="module")
def room(server: Workshop) -> Workshop:
    """A workshop with two stories, open."""
    return server.another(Plan(SLUG, exercise(SLUG).options((STORY, OTHER)), State.OPEN))


def model() -> Model:
    found = exercise(SLUG)
    assert isinstance(found, Model)
    return found


def story(name: str = STORY) -> Story:
    return next(one for one in model().all_stories if one.id == name)


def scene(name: str, of: Story | None = None) -> Scene:
    found = (of or story()).scene(name)
    assert found is not None
    return found


def item(name: str) -> str:
    return f"{STORY}.{name}"


def at(one: Person, name: str) -> None:
    """Wait until a scene is on the page, told in the person's language."""
    expect(one.page.locator(f'[data-heading="{name}"]')).to_be_visible()
    text = model().story_texts(STORY, one.lang).scenes[name].text
    expect(one.page.locator("form")).to_contain_text(text)


def reads_the_outcome(one: Person, name: str, choice: Choice) -> None:
    told = model().story_texts(STORY, one.lang).choices[name][choice.id]
    outcome = one.page.locator("[data-outcome]")
    expect(outcome).to_contain_text(told.gain)
    expect(outcome).to_contain_text(told.cost)
    if choice.behaviour:
        expect(outcome).to_contain_text(model().texts(one.lang).behaviours[choice.behaviour]["name"])


def focused(page: Page, wanted: str) -> None:
    eventually(lambda: page.evaluate(FOCUS, wanted)["there"], f"focus on {wanted}")
    now = page.evaluate(FOCUS, wanted)
    assert now["seen"], now["what"]
    assert now["marked"], now["what"]


def walk(to_end: Story) -> list[tuple[Scene, Choice]]:
    """The first choice of each scene, to an end."""
    way, here = [], scene(to_end.start, to_end)
    while here.choices:
        way.append((here, here.choices[0]))
        here = scene(here.choices[0].to, to_end)
    return way


def test_a_story_by_keyboard_alone_in_both_languages(browser: Browser, room: Workshop) -> None:
    start = scene(story().start)
    first, second = start.choices[0], start.choices[1]
    with person(browser, room, "fr", **PHONE) as one:
        page, keys = one.page, one.page.keyboard
        one.join()
        one.sees(SLUG)
        tab_to(page, f'[data-key="open/{STORY}"]')
        keys.press("Enter")
        at(one, start.id)
        focused(page, f'[data-heading="{start.id}"]')
        expect(page.locator('[data-key="continue"]')).to_be_hidden()
        tab_to(page, f'[data-item="{item(start.id)}"] input')
        keys.press("Space")
        reads_the_outcome(one, start.id, first)
        one.saved(item(start.id))
        keys.press("ArrowDown")
        reads_the_outcome(one, start.id, second)
        one.saved(item(start.id))
        tab_to(page, '[data-key="continue"]')
        keys.press("Enter")
        at(one, second.to)
        focused(page, f'[data-heading="{second.to}"]')
        switches_language_in_the_middle(one, second.to)
        goes_back_and_begins_again(one, start, second)
        the_page_comes_back_where_it_was(one, start, second)
        asks_for_the_picture(one)
        assert one.troubles == []


def switches_language_in_the_middle(one: Person, name: str) -> None:
    tab_back(one.page, '[data-key="lang/en"]')
    one.page.keyboard.press("Enter")
    one.lang = "en"
    at(one, name)


def tab_back(page: Page, wanted: str) -> None:
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(FOCUS, wanted)["there"]:
            return
    pytest.fail(f"not reached: {wanted}")


def goes_back_and_begins_again(one: Person, start: Scene, chosen: Choice) -> None:
    page, keys = one.page, one.page.keyboard
    tab_to(page, '[data-key="back"]')
    keys.press("Enter")
    at(one, start.id)
    expect(one.option(item(start.id), chosen.id)).to_be_checked()
    reads_the_outcome(one, start.id, chosen)
    tab_to(page, '[data-key="continue"]')
    keys.press("Enter")
    at(one, chosen.to)
    tab_to(page, '[data-key="restart"]')
    keys.press("Enter")
    at(one, start.id)
    focused(page, f'[data-heading="{start.id}"]')
    expect(one.option(item(start.id), chosen.id)).not_to_be_checked()
    expect(page.locator('[data-key="continue"]')).to_be_hidden()
    tab_to(page, '[data-key="list"]')
    keys.press("Enter")
    focused(page, f'[data-key="open/{STORY}"]')


def the_page_comes_back_where_it_was(one: Person, start: Scene, chosen: Choice) -> None:
    """Beginning again has taken nothing from what was saved."""
    one.page.reload()
    one.sees(SLUG)
    expect(one.page.locator(f'[data-way="{STORY}"]')).to_have_text(model().texts(one.lang).say("ui_under_way"))
    tab_to(one.page, f'[data-key="open/{STORY}"]')
    one.page.keyboard.press("Enter")
    at(one, chosen.to)
    seat = seats(one.workshop)[0]
    assert one.workshop.answers_of(seat, SLUG) == {item(start.id): chosen.id}


def asks_for_the_picture(one: Person) -> None:
    tab_to(one.page, '[data-key="picture"]')
    one.page.keyboard.press("Enter")
    heading = one.page.locator(".kit-result").first.get_by_role("heading").first
    expect(heading).to_be_focused()
    expect(heading).to_have_text(model().texts(one.lang).say("feedback_title"))


def seats(workshop: Workshop) -> list[str]:
    with workshop.store() as store:
        return [one.key for one in store.seats.people(workshop.session_id)]


def test_a_story_by_touch_to_its_end(browser: Browser, room: Workshop) -> None:
    with person(browser, room, "en", **PHONE) as one:
        one.join()
        one.sees(SLUG)
        check(one.page, "list of stories")
        one.page.locator(f'[data-key="open/{STORY}"]').tap()
        way = walk(story())
        for here, choice in way:
            at(one, here.id)
            label = one.page.locator("label.kit-option", has=one.page.locator(f'input[value="{choice.id}"]'))
            box = label.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            label.tap()
            reads_the_outcome(one, here.id, choice)
            one.saved(item(here.id))
            if here.id == story().start:
                check(one.page, "a scene")
            one.page.locator('[data-key="continue"]').tap()
        end = way[-1][1].to
        at(one, end)
        takeaway = model().story_texts(STORY, "en").scenes[end].takeaway
        assert takeaway is not None
        expect(one.page.locator("form .kit-question")).to_have_text(takeaway)
        check(one.page, "an end")
        one.page.locator('[data-key="list"]').tap()
        expect(one.page.locator(f'[data-way="{STORY}"]')).to_have_text(model().texts("en").say("ui_played"))
        assert one.troubles == []


def test_the_room_votes_scene_by_scene(browser: Browser, room: Workshop) -> None:
    start = scene(story().start)
    choice = start.choices[0]
    with (
        person(browser, room, "fr") as facilitator,
        person(browser, room, "fr") as wall,
        person(browser, room, "en", **PHONE) as one,
        person(browser, room, "fr", **PHONE) as two,
    ):
        facilitator.host()
        wall.context.add_cookies(facilitator.context.cookies())  # type: ignore[arg-type]
        one.join()
        one.page.locator(f'[data-key="open/{OTHER}"]').click()
        two.join()
        brings_the_room(facilitator, start)
        for voter in (one, two):
            at(voter, start.id)
            expect(voter.page.locator("form")).to_contain_text(model().texts(voter.lang).say("ui_vote"))
            voter.option(VOTE + item(start.id), choice.id).check()
            voter.saved(VOTE + item(start.id))
            expect(voter.page.locator("[data-outcome]")).to_contain_text(model().texts(voter.lang).say("ui_voted"))
            expect(voter.page.locator('[data-key="continue"]')).to_have_count(0)
        check(one.page, "a vote")
        wall.go("/screen")
        expect(wall.page.locator(".kit-group")).to_contain_text(model().story_texts(STORY, "fr").scenes[start.id].text)
        goes_on(facilitator, choice)
        for voter in (one, two):
            at(voter, choice.to)
        expect(wall.page.locator(".kit-group")).to_contain_text(model().story_texts(STORY, "fr").scenes[choice.to].text)
        the_facilitator_sees_no_vote(facilitator)
        a_closed_exercise_holds_nobody(facilitator, two)
        lets_everyone_go(facilitator, (one, two))
        assert [person.troubles for person in (facilitator, one, two)] == [[], [], []]


def brings_the_room(facilitator: Person, start: Scene) -> None:
    page = facilitator.page
    page.locator(f'[data-key="fold/{SLUG}"]').click()
    told = model().story_texts(STORY, "fr")
    fold = f'[data-key="fold/{SLUG}/{told.title}"]'
    page.locator(fold).click()
    expect(page.locator(f"details:has(> {fold}) > .kit-hint")).to_have_text(told.caution or "?")
    check(page, "console with scenes", WIDE)
    page.locator(f'[data-key="stage/{SLUG}/{item(start.id)}"]').last.click()
    expect(page.locator(".kit-stages .kit-note")).to_contain_text(model().label(story(), start.id, "fr"))
    # The list of scenes stays open while the console is drawn anew.
    expect(page.locator(f'[data-key="stage/{SLUG}/{item(start.id)}"]').last).to_be_visible()


def goes_on(facilitator: Person, choice: Choice) -> None:
    facilitator.page.locator(f'[data-key="stage/{SLUG}/{item(choice.to)}"]').first.click()
    expect(facilitator.page.locator(".kit-stages .kit-note")).to_contain_text(
        model().label(story(), choice.to, facilitator.lang)
    )


def the_facilitator_sees_no_vote(facilitator: Person) -> None:
    """Two votes are too few for anything to be told."""
    facilitator.press("reveal", SLUG)
    expect(facilitator.page.locator(".kit-said")).to_have_text(facilitator.say("console.revealed_few", k=5))
    expect(facilitator.page.locator(".kit-console figure")).to_have_count(0)


def a_closed_exercise_holds_nobody(facilitator: Person, one: Person) -> None:
    facilitator.press("close", SLUG)
    expect(one.page.locator(f'[data-key="open/{STORY}"]')).to_be_visible()
    facilitator.press("open", SLUG)
    expect(one.page.locator("form")).to_contain_text(model().texts(one.lang).say("ui_vote"))


def lets_everyone_go(facilitator: Person, people: tuple[Person, ...]) -> None:
    facilitator.page.locator(f'[data-key="stage/{SLUG}/"]').click()
    expect(facilitator.page.locator(".kit-stages .kit-note")).to_have_count(0)
    for one in people:
        expect(one.page.locator("form")).not_to_contain_text(model().texts(one.lang).say("ui_vote"))
