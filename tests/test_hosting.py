"""The kit as it is hosted: TLS, a path, a proxy, two servers on one database, and a database that goes away."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from kit.rehearsal import PageClient
from kit.session import State
from kit.store import Store
from kit.texts import say
from tests.browser.people import Person, person
from tests.support.device import AGENT, Device
from tests.support.hosting import PATH, Server, new_session, nginx, serve
from tests.support.ports import free_port
from tests.support.postgres import PASSWORD, USER, Postgres, postgres
from tests.support.running import run
from tests.support.talk import form_of, put
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import Workshop

pytestmark = pytest.mark.services
ITEM = "organisation_teams"
PEOPLE = 4


@dataclass
class Hosted:
    """A workshop as people reach it: `public` is its address for browsers."""

    database: Postgres
    servers: dict[int, Server]
    public: Workshop

    def device(self) -> Device:
        return Device(self.public.address)

    def server_of(self, device: Device) -> int:
        """The port of the server to which nginx leads this browser."""
        reply = device.get("/card")
        assert reply.status == 200, reply.text
        return int(str(reply.headers["X-Server"]).split(",")[-1].rpartition(":")[2])


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    folder = tmp_path_factory.mktemp("hosted")
    ports, front = (free_port(), free_port()), free_port()
    address = f"https://localhost:{front}{PATH}"
    with postgres() as database:
        session = new_session(folder, database.url, "--exercises", "reflection", "--lang", "fr")
        code, ident, key = str(session["code"]), str(session["id"]), str(session["host"]).rpartition(".")[2]
        with Store.open(database.url) as store:
            store.sessions.set_state(ident, "reflection", State.OPEN)
        servers = {port: serve(folder / str(port), database.url, address, port) for port in ports}
        first = next(iter(servers.values()))
        try:
            with nginx(folder, front, ports):
                for port in ports:
                    eventually(lambda port=port: is_well(port), f"the server at {port} is well", 3 * PATIENCE)
                public = Workshop(first.process, folder, database.url, folder, address, code, ident, key)
                yield Hosted(database, servers, public)
        finally:
            for one in servers.values():
                one.end()
            logs = [(port, one.log) for port, one in servers.items()]
    for port, log in logs:
        assert PASSWORD not in log, port
        assert AGENT not in log, port
    for log in ("workshop.log", "error.log"):
        assert "127.0.0.2" not in (folder / log).read_text() if (folder / log).exists() else True


def is_well(port: int) -> bool:
    try:
        return Device(f"http://127.0.0.1:{port}").get("/healthz").status == 200
    except OSError:
        return False


async def give(device: Device, kernel: str, item: str, value: object, revision: int = 1) -> dict[str, object]:
    page = await PageClient.open(device.address, kernel, device.cookie)
    try:
        return await put(page, await form_of(page, "reflection"), item, value, revision)
    finally:
        page.close()


def test_a_person_takes_a_seat_and_answers_through_nginx_with_tls_below_a_path(
    hosted: Hosted, browser: Browser
) -> None:
    with person(browser, hosted.public, ignore_https_errors=True) as one:
        one.join()
        one.option(ITEM, "growth").check()
        one.saved(ITEM)
        cookies = {cookie["name"]: cookie for cookie in one.context.cookies()}
        assert cookies["seat"]["secure"]
        assert cookies["seat"]["httpOnly"]
        assert cookies["seat"]["path"] == f"{PATH}/"
        assert one.abroad == []
        assert any(url.startswith(hosted.public.address + "/v/") for url in one.requests), "scripts come below the path"
        one.page.reload()
        one.arrived()
        assert one.option(ITEM, "growth").is_checked()
        quick_exit(one)
        assert one.page.url == f"{hosted.public.address}/quiet"
        assert one.troubles == []


def quick_exit(one: Person) -> None:
    one.page.locator(".kit-exit").first.click()
    one.page.wait_for_url("**/quiet")
    eventually(lambda: "seat" not in {cookie["name"] for cookie in one.context.cookies()}, "the seat's cookie goes")


def test_a_facilitator_leads_through_nginx(hosted: Hosted, browser: Browser) -> None:
    with person(browser, hosted.public, ignore_https_errors=True) as host:
        host.host()
        assert host.page.url == f"{hosted.public.address}/console"
        assert f"{hosted.public.address}/j/{hosted.public.code}" in (host.page.text_content("main") or "")


def test_a_database_that_goes_away_and_comes_back(hosted: Hosted) -> None:
    phone = hosted.device()
    phone.take_seat(hosted.public.code)
    run(goes_on(hosted, phone, phone.enter()))
    for one in hosted.servers.values():
        lines = [line for line in one.log.splitlines() if str(hosted.database.port) in line]
        assert len(lines) == 1, lines
        assert "the store answers again" in one.log


async def goes_on(hosted: Hosted, phone: Device, kernel: str) -> None:
    """A page that is open all the while: what cannot be saved is told, and is saved afterwards."""
    async with phone.line(kernel) as page:
        form = await form_of(page, "reflection")
        assert (await put(page, form, ITEM, "growth"))["kind"] == "saved"
        hosted.database.stop()
        for port in hosted.servers:
            await asyncio.to_thread(eventually, lambda port=port: not is_well(port), "the server is not well")
        refused = await put(page, form, ITEM, "strength", 1, 2)
        assert (refused["kind"], refused["again"]) == ("refused", True)
        assert refused["message"] == say("fr", "people.StoreAway")
        doors_are_closed(hosted, phone)
        hosted.database.start()
        for port in hosted.servers:
            await asyncio.to_thread(eventually, lambda port=port: is_well(port), "the server is well again, by itself")
        saved = await put(page, form, ITEM, "strength", 1, 3)
        assert saved["kind"] == "saved", saved


def doors_are_closed(hosted: Hosted, phone: Device) -> None:
    """Every page says so with its status and in neutral words; quick exit works all the same."""
    host = hosted.device()
    host.cookies["host"] = f"{hosted.public.session_id}.{'x' * 32}"
    for lang in ("fr", "en"):
        for who, path in ((phone, "/card"), (phone, "/w"), (phone, f"/j/{hosted.public.code}"), (host, "/console")):
            away = who.get(f"{path}?lang={lang}")
            assert away.status == 503, (path, away.text)
            assert say(lang, "people.StoreAway") in away.text.replace("&#39;", "'")
            says_nothing_of_the_database(hosted, away.text)
    stranger = hosted.device()
    assert stranger.post(f"/j/{hosted.public.code}", {"sector": "other"}).status == 503
    assert stranger.post("/exit", {}).status == 204
    assert stranger.get("/quiet").status == 200


def says_nothing_of_the_database(hosted: Hosted, text: str) -> None:
    for private in (str(hosted.database.port), PASSWORD, f"{USER}:", "postgres", "127.0.0.1"):
        assert private not in text, private


def test_people_of_a_server_that_is_killed_come_back_on_the_other_with_every_answer(hosted: Hosted) -> None:
    people = [hosted.device() for _ in range(PEOPLE)]
    for one in people:
        one.take_seat(hosted.public.code)
    places = [hosted.server_of(one) for one in people]
    while set(places) != set(hosted.servers):
        # By chance all of them are on one server: let others come.
        assert len(people) < 40, "nginx sends everybody to one server"
        people.append(hosted.device())
        people[-1].take_seat(hosted.public.code)
        places.append(hosted.server_of(people[-1]))
    for number, one in enumerate(people):
        # A kernel that found the database away, in the test before, asks it again after two seconds.
        eventually(lambda one=one: one.get("/w").status == 200, "the page is made")
        assert run(give(one, one.enter(), ITEM, "growth"))["kind"] == "saved"
        assert hosted.server_of(one) == places[number], "a person stays where their page is"
    gone = places[0]
    # Whatever test comes after this one has one server less.
    victim = hosted.servers.pop(gone)
    victim.process.send_signal(signal.SIGKILL)
    victim.process.wait()
    for one in people:
        page = one.get("/w")
        assert page.status == 200, page.text
        assert hosted.server_of(one) != gone
        assert run(known(one, page.kernel())) == "growth"
        assert run(give(one, page.kernel(), ITEM, "strength", 2))["kind"] == "saved"


async def known(device: Device, kernel: str) -> object:
    page = await PageClient.open(device.address, kernel, device.cookie)
    try:
        return page.states[await form_of(page, "reflection")]["answers"][ITEM]["value"]
    finally:
        page.close()
