"""Crowds at a real server's door: a room behind one address, a script with fresh cookies, guessing, a locked door."""

from __future__ import annotations

import re
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from kit.serving import tries
from kit.session import State
from kit.texts import languages, say, section
from tests.support.device import Device, Reply
from tests.support.long import LONG
from tests.support.waiting import eventually
from tests.support.workshop import Workshop, serving

SMALL, USUAL = 3, 40
ROOM = 300
# Behind one address all have the same one; on Linux every address below 127 is this machine's.
ELSEWHERE = "127.0.0.3" if sys.platform == "linux" else "127.0.0.1"
_NUMBERS = count()
needs_addresses = pytest.mark.skipif(sys.platform != "linux", reason="one machine, several addresses")


def joined(workshop: Workshop) -> int:
    with workshop.store() as store:
        return store.sessions.counts(workshop.session_id).joined


def ask_in(phone: Device, code: str) -> Reply:
    return phone.post(f"/j/{code}", {"sector": "other"})


def comes_in(phone: Device, code: str) -> int:
    """All the way to the card, as a browser without a script goes; returns the seconds that it was told to wait."""
    reply, waited = ask_in(phone, code), 0
    while reply.location != "/card":
        assert reply.status in (200, 303), reply.text
        page = phone.get("/wait")
        if page.status == 200:
            seconds = int(re.fullmatch(r"(\d+); url=/wait", page.headers["Refresh"] or "")[1])  # type: ignore[index]
            waited += seconds
            time.sleep(seconds)
        reply = page
    assert phone.get("/card").status == 200
    return waited


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """One server for the workshops of all tests: what is counted is counted for a workshop, or for an address."""
    with serving(tmp_path_factory.mktemp("crowd"), "--exercises", "reflection") as made:
        yield made


def another(server: Workshop, expected: int) -> Workshop:
    """A workshop of its own on this server, whose people ask from an address of their own."""
    number = next(_NUMBERS)
    source = f"127.0.{1 + number // 250}.{1 + number % 250}" if sys.platform == "linux" else server.source
    made = replace(server.another(expected=expected), source=source)
    made.set_state(State.OPEN)
    return made


@pytest.fixture
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workshop]:
    """A workshop that expects three people."""
    if sys.platform == "linux":
        yield another(request.getfixturevalue("server"), SMALL)
        return
    # With one address for all, only another server has counted nothing from there.
    with serving(tmp_path, "--exercises", "reflection", "--expected", str(SMALL)) as made:
        made.set_state(State.OPEN)
        yield made


def test_a_room_of_300_behind_one_address_comes_in_though_40_were_expected(server: Workshop) -> None:
    made = another(server, USUAL)
    phones = [made.device("fr" if number % 2 else "en") for number in range(ROOM)]
    with ThreadPoolExecutor(ROOM) as pool:
        waited = list(pool.map(lambda phone: comes_in(phone, made.code), phones))
    assert joined(made) == ROOM
    assert len({phone.cookies["seat"] for phone in phones}) == ROOM
    assert waited.count(0) >= USUAL
    assert max(waited) <= 25, "seconds, and not minutes"


class TestFreshCookies:
    def test_a_script_is_slowed_and_whoever_comes_from_elsewhere_is_not(self, small: Workshop) -> None:
        with ThreadPoolExecutor(20) as pool:
            replies = list(pool.map(lambda _: ask_in(small.device(), small.code), range(100)))
        assert Counter(reply.location for reply in replies) == {"/card": SMALL, "/wait": 100 - SMALL}
        assert joined(small) == SMALL
        if sys.platform == "linux":
            guest = small.device()
            guest.source = ELSEWHERE
            assert comes_in(guest, small.code) == 0

    def test_who_waits_asks_as_often_as_they_like_and_gets_one_seat(self, small: Workshop) -> None:
        for _ in range(SMALL):
            comes_in(small.device(), small.code)
        phone = small.device("en")
        assert ask_in(phone, small.code).location == "/wait"
        ticket = phone.cookies["wait"]
        page = phone.get("/wait")
        assert page.status == 200
        assert section("en", "door")["wait_title"] in page.text
        assert ask_in(phone, small.code).location == "/wait"
        assert phone.cookies["wait"] == ticket, "the same ticket"
        comes_in(phone, small.code)
        assert "wait" not in phone.cookies
        seat = phone.cookies["seat"]
        phone.cookies["wait"] = ticket
        assert phone.get("/wait").location == "/card", "used: it leads to the seat that is there"
        stranger = small.device()
        stranger.cookies["wait"] = ticket
        assert stranger.get("/wait").location == f"/j/{small.code}"
        assert (phone.cookies["seat"], joined(small)) == (seat, SMALL + 1)

    def test_a_ticket_that_nobody_gave_leads_to_the_entrance(self, small: Workshop) -> None:
        for wrong in ("", "x.y", "e30.00"):
            phone = small.device()
            phone.cookies["wait"] = wrong
            assert phone.get("/wait").location == "/"

    def test_who_leaves_by_quick_exit_and_comes_again_gives_no_reason_and_counts_as_a_newcomer(
        self, small: Workshop
    ) -> None:
        """Any sign by which a browser could be known again would be a trace; a script that does so is slowed."""
        phone = small.device("en")
        for _ in range(SMALL):
            page = phone.get(f"/j/{small.code}")
            assert 'name="reason"' not in page.text
            assert f"/back/{small.code}" in page.text, "their own seat opens by card"
            assert ask_in(phone, small.code).location == "/card"
            assert phone.post("/exit", {}).status == 204
            assert phone.cookies == {}
        assert ask_in(phone, small.code).location == "/wait"
        with small.store() as store:
            counts = store.sessions.counts(small.session_id)
        assert (counts.joined, counts.again) == (SMALL, {})

    def test_a_ticket_goes_with_quick_exit(self, small: Workshop) -> None:
        for _ in range(SMALL + 1):
            phone = small.device()
            ask_in(phone, small.code)
        assert "wait" in phone.cookies
        phone.post("/exit", {})
        assert phone.cookies == {}


class TestLockedDoor:
    def lock(self, workshop: Workshop, locked: bool) -> None:
        with workshop.store() as store:
            store.sessions.lock(workshop.session_id, locked)

    @pytest.mark.parametrize("lang", languages())
    def test_nobody_new_comes_in_and_who_has_a_seat_does(self, small: Workshop, lang: str) -> None:
        seated, late = small.device(lang), small.device(lang)
        words = seated.take_seat(small.code)
        self.lock(small, True)
        for reply in (late.get(f"/j/{small.code}"), ask_in(late, small.code)):
            assert reply.status == 403
            assert say(lang, "errors.DoorLocked") in reply.text.replace("&#39;", "'")
            assert 'name="sector"' not in reply.text
        assert joined(small) == 1
        assert "seat" not in late.cookies
        again = seated.post(f"/j/{small.code}", {"sector": "other", "new": "1", "reason": "shared"})
        assert again.status == 403
        seated.leave(seated.enter())
        assert late.post(f"/back/{small.code}", {"words": words}).location == "/w", "by word card"
        late.leave(late.enter())
        self.lock(small, False)
        comes_in(small.device(lang), small.code)

    def test_who_waits_stays_out_too_and_comes_in_when_it_is_opened(self, small: Workshop) -> None:
        for _ in range(SMALL):
            comes_in(small.device(), small.code)
        phone = small.device()
        assert ask_in(phone, small.code).location == "/wait"
        self.lock(small, True)
        time.sleep(2)
        assert phone.get("/wait").status == 403
        assert joined(small) == SMALL
        self.lock(small, False)
        comes_in(phone, small.code)
        assert joined(small) == SMALL + 1


class TestGuessing:
    """What was right before is said again at once; a first right one comes in within seconds."""

    @staticmethod
    def guess(workshop: Workshop, how: str, number: int) -> int:
        stranger = workshop.device("en")
        if how == "card":
            return stranger.post(f"/back/{workshop.code}", {"words": "a b c d"}).status
        code = f"ACD{number:03}"
        if how == "scanned":
            return stranger.get(f"/j/{code}").status
        if how == "back":
            return stranger.get(f"/back/{code}").status
        return stranger.post("/" if how == "typed" else f"/j/{code}", {"code": code, "sector": "other"}).status

    def flood(self, workshop: Workshop, how: str, number: int) -> Counter[int]:
        with ThreadPoolExecutor(number) as pool:
            return Counter(pool.map(lambda one: self.guess(workshop, how, one), range(number)))

    @staticmethod
    def most(seconds: float) -> float:
        """How many of one source are looked at in so long: the free ones, three that wait shortly, then places in turn.

        Where the machine has more to do, a flood lasts longer. `test_throttles` counts by a clock of its own.
        """
        return tries.FREE + 3 + 2 * tries.MOST_WAITING * (1 + seconds / tries.MOST_SECONDS)

    @pytest.mark.parametrize("how", ["typed", "scanned", "sent", "back"] if LONG else ["typed", "back"])
    def test_wrong_codes_slow_who_sends_them_and_keep_nobody_out(self, small: Workshop, how: str) -> None:
        begun = time.monotonic()
        seen = self.flood(small, how, 120)
        assert set(seen) == {404, 429}, seen
        assert seen[404] <= self.most(time.monotonic() - begun), seen
        neighbour = small.device()
        # The same address: after seconds, whatever was guessed there.
        eventually(lambda: neighbour.get(f"/j/{small.code}").status == 200, "the neighbour gets the page")
        self.flood(small, how, 60)
        assert ask_in(neighbour, small.code).location == "/card", "what was right from there is no guess"
        if sys.platform == "linux":
            guest = small.device()
            guest.source = ELSEWHERE
            assert guest.post("/", {"code": small.code}).location == f"/j/{small.code}"

    def test_wrong_cards_slow_who_sends_them_and_keep_nobody_out(self, small: Workshop) -> None:
        seated, other = small.device(), small.device()
        words, others = seated.take_seat(small.code), other.take_seat(small.code)
        begun = time.monotonic()
        seen = self.flood(small, "card", 60)
        assert set(seen) == {400, 429}, seen
        assert seen[400] <= self.most(time.monotonic() - begun), seen
        if sys.platform == "linux":
            guest = small.device()
            guest.source = ELSEWHERE
            assert guest.post(f"/back/{small.code}", {"words": others}).location == "/w"

        def returns() -> bool:
            return small.device().post(f"/back/{small.code}", {"words": words}).location == "/w"

        eventually(returns, "the neighbour comes back by card")
        small.host_device()
        other.cookies.clear()
        other.take_seat(small.code)
        other.leave(other.enter())

    def test_a_right_card_is_looked_at_on_the_second_time_while_somebody_guesses_without_end(
        self, small: Workshop
    ) -> None:
        """Else whoever guesses from inside the room would keep out all who come back."""
        seated, over = small.device(), Event()
        words = seated.take_seat(small.code)

        def guesses(_number: int) -> None:
            while not over.is_set():
                stranger = small.device("en")
                stranger.post(f"/back/{small.code}", {"words": f"{secrets.token_hex(4)} b c d"})

        with ThreadPoolExecutor(60) as pool:
            for number in range(60):
                pool.submit(guesses, number)
            try:
                back = lambda: small.device("en").post(f"/back/{small.code}", {"words": words})  # noqa: E731
                eventually(lambda: small.device("en").get("/").status == 200, "the flood runs")
                first = back()
                while first.status != 429 and first.location != "/w":
                    first = back()
                assert first.location == "/w" or back().location == "/w"
            finally:
                over.set()

    def test_who_is_told_to_wait_is_told_how_long_and_the_page_asks_again_by_itself(self, small: Workshop) -> None:
        with ThreadPoolExecutor(60) as pool:
            pages = list(pool.map(lambda n: small.device("en").get(f"/j/ACD{n:03}"), range(60)))
        refused = [page for page in pages if page.status == 429]
        assert refused
        for page in refused:
            assert int(page.headers["Refresh"] or 0) == tries.MOST_SECONDS
            assert say("en", "errors.TooManyTries", seconds=int(tries.MOST_SECONDS)) in page.text.replace("&#39;", "'")


@needs_addresses
class TestBehindAProxy:
    """`Device` asks from 127.0.0.2: there stands the proxy that is believed; all other addresses are visitors'."""

    @pytest.fixture(scope="class")
    def behind(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
        where = ("--address", "https://example.org/kit", "--behind-proxy", "127.0.0.2")
        with serving(tmp_path_factory.mktemp("behind"), *where, "--exercises", "reflection") as made:
            yield made

    @pytest.fixture
    def proxied(self, behind: Workshop) -> Workshop:
        return another(behind, SMALL)

    @staticmethod
    def asks(workshop: Workshop, visitor: str = "", source: str = "127.0.0.2") -> str:
        phone = Device(workshop.address, source=source)
        said = {"Host": "example.org", **({"X-Forwarded-For": visitor} if visitor else {})}
        reply = phone.post(f"/j/{workshop.code}", {"sector": "other"}, said)
        return reply.location.removeprefix("/kit")

    def test_visitors_are_told_apart_by_what_the_named_proxy_says(self, proxied: Workshop) -> None:
        seen = [self.asks(proxied, f"6.6.6.{number}, 192.0.2.1") for number in range(SMALL + 2)]
        assert seen == ["/card"] * SMALL + ["/wait"] * 2, "what a visitor makes up stands further left"
        assert self.asks(proxied, "192.0.2.2") == "/card"

    def test_nobody_else_is_believed_and_loopback_is_no_exception(self, proxied: Workshop) -> None:
        seen = [self.asks(proxied, f"192.0.2.{number}", "127.0.0.1") for number in range(SMALL + 2)]
        assert seen == ["/card"] * SMALL + ["/wait"] * 2
        silent = [self.asks(proxied) for _ in range(SMALL + 2)]
        assert silent == ["/card"] * SMALL + ["/wait"] * 2, "a proxy that says nothing is one source"
