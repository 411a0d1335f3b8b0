"""Whoever wants to lead a workshop that is not theirs: with a key that was ended, lent or found."""

from __future__ import annotations

import subprocess

import pytest

from kit.session import State
from kit.store.hosts import Opens
from kit.texts import say
from tests.support.device import Device
from tests.support.running import run
from tests.support.talk import answers_to, is_closed, line_status, model_with, raw
from tests.support.waiting import eventually
from tests.support.workshop import KIT, ROOT, Workshop, environment

KINDS = (
    "lang", "open", "close", "reveal", "again", "show", "end", "look", "stage", "decide", "give", "text", "new_link",
    "end_link", "answer", "choose", "erase", "door", "expected", "reopen",
)  # fmt: skip


def end(room: Workshop, kind: Opens) -> None:
    """End every link of a kind."""
    with room.store() as store:
        for one in store.hosts.links(room.session_id):
            if one.kind is kind:
                store.hosts.end(room.session_id, kind, one.number)


def opened(room: Workshop, key: str, lang: str = "fr") -> tuple[Device, str]:
    """A browser that has opened a link, and where that has led it."""
    device = room.device(lang)
    reply = device.post("/host", {"session": room.session_id, "key": key})
    assert reply.status == 303, reply.text
    return device, reply.location


def told(text: str) -> str:
    return text.replace("&#39;", "'")


def as_it_stands(room: Workshop) -> object:
    """All that a facilitator can change."""
    with room.store() as store:
        session = store.sessions.get(room.session_id)
        shown = store.snapshots.slugs(session.id), store.sessions.showing(session.id)
        return session, shown, store.hosts.links(session.id)


def test_the_walls_key_opens_the_wall_and_no_page_on_which_anything_is_done(room: Workshop) -> None:
    wall, where = opened(room, room.new_link(Opens.WALL))
    assert where.endswith("/screen")
    assert "host" not in wall.cookies, "on the facilitator's laptop it would take the place of their own"
    page = wall.get("/screen")
    assert page.status == 200
    key = wall.cookies["wall"].partition(".")[2]
    assert key not in page.text
    for path in ("/console", "/reach", "/reach/state"):
        assert wall.get(path).status == 403, path
        # Nor does it, where the facilitator's key has its place.
        assert wall.get(path, {"Cookie": f"host={wall.cookies['wall']}"}).status == 403, path
    assert wall.post("/reach", {"url": "http://evil.example"}).status == 403
    end(room, Opens.WALL)


def test_nothing_that_a_wall_says_is_heard(room: Workshop) -> None:
    """A laptop at the wall stands where everybody can reach it; nobody may lead from there."""
    wall, _ = opened(room, room.new_link(Opens.WALL))
    before = as_it_stands(room)

    async def story() -> None:
        async with wall.page("/screen") as page:
            model = model_with(page, "heading")
            shown = page.states[model]["page"]
            unread = room.log.count("left unread")
            said = 0
            for kind in KINDS:
                for more in ({"slug": "reflection"}, {"slug": ""}, {"link": "second"}, {"link": "second", "number": 1}):
                    await page.say(model, {"kind": kind, **more})
                    said += 1
            for state in ({"page": {"html": "x"}}, {"_esm": "x"}, {"layout": None}):
                await page.send("comm_msg", {"comm_id": model, "data": {"method": "update", "state": state}})
                said += 1
            await page.send("comm_close", {"comm_id": model, "data": {}})
            await answers_to(page, await raw(page, "kernel_info_request", {}))
            assert room.log.count("left unread") - unread == said + 1, "the server itself passes none of it on"
            page.states.clear()
            await page.ask_states()
            await page.until(lambda: model in page.states)
            assert page.states[model]["page"] == shown

    run(story())
    assert as_it_stands(room) == before
    end(room, Opens.WALL)


def test_a_second_trainer_leads_beside_the_first_but_makes_and_ends_no_links(room: Workshop) -> None:
    """Who was lent a key could otherwise make another one, and keep it when the first is ended."""
    first = room.host_device("en")
    second, where = opened(room, room.new_link(Opens.SECOND), "en")
    assert where.endswith("/console")
    wall_key = room.new_link(Opens.WALL)

    async def story() -> None:
        async with first.page("/console") as one, second.page("/console") as two:
            mine, theirs = model_with(one, "exercises"), model_with(two, "exercises")
            assert (one.states[mine]["page"]["leads"], two.states[theirs]["page"]["leads"]) == (True, False)
            assert two.states[theirs]["page"]["links"] == []
            await two.say(theirs, {"kind": "close", "slug": "resources"})

            def state(page, model) -> str:
                found = next(line for line in page.states[model]["page"]["exercises"] if line["slug"] == "resources")
                return str(found["state"])

            await one.until(lambda: state(one, mine) == "closed")
            await two.say(theirs, {"kind": "new_link", "link": "second"})
            for kind in ("second", "wall", "lead"):
                await two.say(theirs, {"kind": "end_link", "link": kind, "number": 1})
            # Nor by way of the first one's page, which the same kernel holds.
            for kind in ("new_link", "end_link"):
                wish = {"method": "custom", "content": {"kind": kind, "link": "second", "number": 1}}
                await raw(two, "comm_msg", {"comm_id": mine, "data": wish})
            await two.say(theirs, {"kind": "open", "slug": "resources"})
            await two.until(lambda: state(two, theirs) == "open")
            links = [(one.kind, one.number) for one in as_it_stands(room)[2]]
            assert links == [(Opens.SECOND, 1), (Opens.WALL, 1)]
            # The first one may; nobody makes a link of a kind that there is not.
            for odd in ("lead", "", "x", None, [], {}):
                await one.say(mine, {"kind": "new_link", "link": odd})
                await one.say(mine, {"kind": "end_link", "link": odd, "number": 1})
            for odd in (0, -1, None, "1", True, 1.0, 10**400):
                await one.say(mine, {"kind": "end_link", "link": "second", "number": odd})
            await one.say(mine, {"kind": "new_link", "link": "wall"})
            await one.until(lambda: any(said.get("kind") == "link" for _, said, _ in one.heard))
            made = next(said for _, said, _ in one.heard if said.get("kind") == "link")
            assert made["link"].startswith(f"{room.address}/host#{room.session_id}.")
            key = made["link"].rpartition(".")[2]
            wall, where = opened(room, wall_key)
            assert where.endswith("/screen")
            await one.until(lambda: len(one.states[mine]["page"]["links"]) == 3)
            assert key not in str(one.states), "it is shown once, and not with every change"
            await one.say(mine, {"kind": "end_link", "link": "second", "number": 1})
            assert await is_closed(two.socket), "what the link had opened is closed at once"

            return wall

    assert run(story()).get("/screen").status == 200, "another link's browser stays in"
    end(room, Opens.WALL)
    gone = second.get("/lost?lang=en")
    assert say("en", "errors.KeyEnded") in told(gone.text)
    assert second.get("/console").status == 403


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_open_console_closes_when_the_key_is_made_anew_and_says_why(room: Workshop, lang: str) -> None:
    """A key that was lost, or seen by somebody, must open nothing from the moment that another is made."""
    found, lent = room.host_device(lang), opened(room, room.new_link(Opens.SECOND), lang)[0]
    wall = opened(room, room.new_link(Opens.WALL), lang)[0]

    async def story() -> str:
        async with (
            found.line(found.enter("/console")) as one,
            lent.line(lent.enter("/console")) as two,
            wall.line(wall.enter("/screen")) as three,
        ):
            key = made_anew(room)
            for page in (one, two, three):
                assert await is_closed(page.socket)
        return key

    key = run(story())
    for device, path in ((found, "/console"), (lent, "/console"), (wall, "/screen")):
        for page in (device.get("/lost"), device.get(path)):
            assert say(lang, "errors.KeyEnded") in told(page.text)
        assert device.get(path).status == 403
    assert opened(room, key, lang)[0].get("/console").status == 200


def made_anew(room: Workshop) -> str:
    """`kit session host CODE`, in another process, as a trainer types it."""
    typed = [*KIT, "session", "host", room.code, "--store", str(room.place), "--address", room.address]
    done = subprocess.run(typed, cwd=ROOT, capture_output=True, text=True, env=environment(room.folder, room.folder))
    assert done.returncode == 0, done.stderr
    before, _, key = done.stdout.partition(f"{room.address}/host#{room.session_id}.")
    assert before, done.stdout
    return key.split()[0]


def test_a_page_that_is_being_made_when_its_key_ends_is_not_given_away(room: Workshop) -> None:
    lent, _ = opened(room, room.new_link(Opens.SECOND))
    page = lent.enter("/console")
    end(room, Opens.SECOND)
    eventually(lambda: page not in room.pages(), "the page ends by itself, with nobody connected")
    assert run(line_status(lent, page)) == 403


def test_a_workshop_that_is_purged_leaves_no_console_open(room: Workshop) -> None:
    """Its page would still show a title, a code and how many there were."""
    with room.store() as store:
        first = store.sessions.get(room.session_id)
        made = type(first)("d" * 32, "ACDEFK", "Other", "fr", first.mode, first.k, first.plans, secret="s")
        store.sessions.add(made, "0" * 64)
        key = store.hosts.renew(made.id)
    host = room.device()
    host.host(made.id, key)
    page = host.enter("/console")
    with room.store() as store:
        store.sessions.set_state(made.id, "reflection", State.CLOSED)
        store.sessions.purge(made.id)
    eventually(lambda: page not in room.pages(), "the console of a workshop that is gone")
