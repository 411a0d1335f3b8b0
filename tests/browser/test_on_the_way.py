"""What somebody on the way answers is no refusal, and what is shown as saved is saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route, expect

from kit.session import Plan, State
from tests.browser.people import Person, person
from tests.support.waiting import eventually
from tests.support.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ITEM = "commitment"
PORTAL = "<!doctype html><title>Wi-Fi</title><form>Accept</form>"
# What a hotspot's login page, a proxy and a broken line put in the place of the kit's word.
OTHERS = [
    (200, "text/html", PORTAL), (403, "text/html", PORTAL), (404, "text/html", PORTAL),
    (403, "application/json", '{"reason":"Forbidden"}'),
    (502, "application/json", '{"message":"no route"}'), (200, "application/json", ""),
]  # fmt: skip

TYPES_ON = """() => {
    const field = document.activeElement;
    const typing = setInterval(() => {
        if (field.isConnected && !field.hasAttribute("aria-disabled") && !field.readOnly)
            document.execCommand("insertText", false, "s");
        else clearInterval(typing);
    }, 40);
}"""


@pytest.fixture(scope="module")
def workshop(server: Workshop) -> Workshop:
    return server.another(Plan("reflection", state=State.OPEN))


def test_somebody_on_the_way_refuses_nobody_and_takes_nothing(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr") as one:
        one.join()
        page, answers, asked = one.page, iter(OTHERS), []

        def portal(route: Route) -> None:
            status, kind, body = next(answers, OTHERS[0])
            asked.append(status)
            route.fulfill(status=status, content_type=kind, body=body)

        page.route("**/api/kernels/*", portal)
        page.route_web_socket("**/channels*", lambda socket: socket.close())
        one.context.set_offline(True)
        state = "document.documentElement.dataset.kitConnection"
        eventually(lambda: page.evaluate(state) == "connecting", "it is away")
        one.text(ITEM).fill("Ce que j'écris entre-temps")
        one.context.set_offline(False)
        # Each of them is asked, and none of them moves the page; the waits between the tries grow.
        eventually(lambda: page.evaluate(state) and len(asked) > len(OTHERS), "each of them is asked")
        assert page.evaluate(state) == "connecting"
        assert page.url.endswith("/w")
        assert one.text(ITEM).input_value() == "Ce que j'écris entre-temps"
        expect(page.locator(f'[data-state="{ITEM}"]')).not_to_have_text(one.say("form.saved"))


def test_what_is_typed_while_an_exercise_closes_is_never_shown_as_saved(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr") as one:
        one.join()
        field = one.text(ITEM)
        field.fill("chaque moi")
        one.saved(ITEM)
        # Whoever types does not look up: letters are still coming when it closes, however late the page hears of it.
        field.focus()
        one.page.evaluate(TYPES_ON)
        eventually(lambda: field.input_value() != "chaque moi", "they type")
        workshop.set_state(State.CLOSED)
        problem = one.page.locator(f'[data-problem="{ITEM}"]')
        expect(problem).to_be_visible()
        expect(problem).to_contain_text("chaque moi")
        expect(one.page.locator(f'[data-state="{ITEM}"]')).not_to_have_text(one.say("form.saved"))
        (stored,) = workshop.answers_of(seat_of(one), "reflection").values()
        assert isinstance(stored, dict)
        assert stored["text"] == "chaque moi"
    workshop.set_state(State.OPEN)


def seat_of(one: Person) -> str:
    """The seat of the only person who has answered."""
    with one.workshop.store() as store:
        people = store.answers.responses(one.workshop.session_id, "reflection")
        return next(person.key for person in people if person.answers)
