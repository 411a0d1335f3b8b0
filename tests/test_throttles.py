"""Who has to wait, and how long: with a clock that the test moves. What a server makes of it is in `test_crowd.py`."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest

from kit.errors import StoreUnwritable, TooManyTries, UnknownCode
from kit.serving import joins, pace, tries
from kit.serving.joins import Joins, Waiting
from kit.serving.pace import Pace
from kit.serving.site import site
from kit.serving.sources import SourceKeys, network_of
from kit.serving.tries import Tries
from kit.session import Mode, Reason, Sector, Session
from tests.test_room import Clock

SESSION = Session("s1", "ACD347", "Tuesday", "fr", Mode.ANONYMOUS, 5, (), expected=40)


class TestPace:
    def test_what_is_usual_is_free_then_each_waits_longer_up_to_the_most(self) -> None:
        made = Pace(1, 20, 300, Clock())
        waits = [made.count(b"a", 40) for _ in range(80)]
        assert waits[:40] == [0.0] * 40
        assert waits == sorted(waits)
        assert list(Counter(waits[40:])) == [1, 2, 4, 8, 16, 20]
        assert waits[-1] == 20
        assert made.count(b"b", 40) == 0, "somebody else does not wait"

    @pytest.mark.parametrize("free", [1, 3, 10, 5000])
    def test_any_number_can_be_free(self, free: int) -> None:
        made = Pace(1, 20, 300, Clock())
        assert not any(made.count(b"a", free) for _ in range(free))
        assert made.count(b"a", free) == 1
        assert max(made.count(b"a", free) for _ in range(6 * free + 10)) == 20

    def test_it_runs_dry_and_a_flood_takes_no_longer_than_a_crowd(self) -> None:
        clock = Clock()
        made = Pace(1, 20, 300, clock)
        for _ in range(10_000):
            made.count(b"a", 40)
        clock.now += 300
        assert made.count(b"a", 40) == 0

    def test_who_said_more_are_expected_lets_them_in_at_once(self) -> None:
        made = Pace(1, 20, 300, Clock())
        assert any(made.count(b"a", 40) for _ in range(60))
        assert made.count(b"a", 100) == 0

    def test_nothing_is_kept_of_who_was_quiet_nor_of_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = Clock()
        made = Pace(1, 20, 300, clock)
        made.count(b"a", 40)
        clock.now += 601
        made.count(b"b", 40)
        assert made.kept == 1
        monkeypatch.setattr(pace, "MOST_KEPT", 10)
        for number in range(50):
            made.count(b"%d" % number, 40)
        assert made.kept == 10


class TestTries:
    @staticmethod
    def quick(clock: Clock | None = None, shared: bool = True) -> Tries:
        made = Tries(shared, clock or Clock())
        made.pace.first, made.pace.most = 0.001, 0.008
        return made

    @staticmethod
    async def wrong(made: Tries, source: bytes) -> None:
        with pytest.raises(UnknownCode):
            async with made.one(source, b"wrong"):
                raise UnknownCode()

    def test_wrong_ones_make_their_own_source_wait_and_no_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made, slept = self.quick(), []
        sleep = asyncio.sleep
        monkeypatch.setattr(tries.asyncio, "sleep", lambda seconds: slept.append(seconds) or sleep(0))

        async def story() -> None:
            for _ in range(tries.FREE):
                await self.wrong(made, b"a")
            assert slept == []
            for _ in range(6):
                await self.wrong(made, b"a")
            assert len(slept) == 6
            assert slept == sorted(slept)
            assert slept[0] < slept[-1]
            async with made.one(b"b", b"b/right"):
                pass
            assert len(slept) == 6

        asyncio.run(story())

    def test_of_many_at_once_only_some_wait_and_the_others_are_told(self) -> None:
        made = self.quick()
        looked: list[int] = []

        async def guess(number: int) -> None:
            async with made.one(b"a", b"%d" % number):
                looked.append(number)
                raise UnknownCode()

        async def story() -> list[BaseException | None]:
            return await asyncio.gather(*(guess(number) for number in range(120)), return_exceptions=True)

        told = Counter(type(one) for one in asyncio.run(story()))
        answered = tries.FREE + tries.MOST_WAITING
        assert told == {UnknownCode: answered, TooManyTries: 120 - answered}
        assert len(looked) == answered

    def test_right_ones_cost_nothing_and_a_store_that_is_away_is_no_guess(self) -> None:
        made = self.quick()

        async def story() -> None:
            for number in range(3 * tries.FREE):
                async with made.one(b"a", b"%d" % number):
                    pass
                with pytest.raises(StoreUnwritable):
                    async with made.one(b"a", b"away"):
                        raise StoreUnwritable(where="-", reason="-")
            assert made.pace.count(b"a", tries.FREE) == 0

        asyncio.run(story())

    def test_who_says_again_what_was_right_waits_behind_nobody(self) -> None:
        clock = Clock()
        made = self.quick(clock)

        async def story() -> None:
            async with made.one(b"a", b"a/right"):
                pass
            for _ in range(tries.FREE):
                await self.wrong(made, b"a")
            made.pace.first = made.pace.most = 3600
            guesses = [asyncio.create_task(self.wrong(made, b"a")) for _ in range(tries.MOST_WAITING)]
            await asyncio.sleep(0)
            with pytest.raises(TooManyTries):
                async with made.one(b"a", b"a/other"):
                    pass
            async with made.one(b"a", b"a/right"):
                pass
            clock.now += tries.KNOWN_SECONDS + 1
            for _ in range(tries.FREE):
                made.pace.count(b"a", tries.FREE)
            with pytest.raises(TooManyTries):
                async with made.one(b"a", b"a/right"):
                    pass
            for one in guesses:
                one.cancel()
            await asyncio.gather(*guesses, return_exceptions=True)
            assert not made._waiting

        asyncio.run(story())

    def test_what_is_each_persons_own_is_never_answered_at_once(self) -> None:
        """Else who guesses would see at once which cards were typed here a short time ago."""
        made = self.quick(shared=False)

        async def story() -> None:
            async with made.one(b"a", b"a/right"):
                pass
            for _ in range(tries.FREE):
                await self.wrong(made, b"a")
            made.pace.first = made.pace.most = 3600
            late = asyncio.create_task(made.one(b"a", b"a/right").__aenter__())
            await asyncio.sleep(0)
            assert not late.done()
            assert made._waiting.total() == 1
            late.cancel()
            await asyncio.gather(late, return_exceptions=True)

        asyncio.run(story())

    def test_who_says_the_same_again_comes_in_though_others_guess_without_end(self) -> None:
        clock = Clock()
        made = self.quick(clock, shared=False)

        async def guess(number: int) -> None:
            async with made.one(b"a", b"%d" % number):
                raise UnknownCode()

        async def story() -> None:
            for _ in range(tries.FREE):
                await self.wrong(made, b"a")
            made.pace.first = made.pace.most = 3600
            guesses = [asyncio.create_task(guess(number)) for number in range(100)]
            await asyncio.sleep(0)
            with pytest.raises(TooManyTries):
                async with made.one(b"a", b"a/right"):
                    pass
            guesses += [asyncio.create_task(guess(number)) for number in range(100, 300)]
            await asyncio.sleep(0)
            assert made._waiting.total() == tries.MOST_WAITING
            again = asyncio.create_task(made.one(b"a", b"a/right").__aenter__())
            await asyncio.sleep(0)
            assert made._waiting.total() == tries.MOST_WAITING + 1, "it waits for its turn"
            clock.now += tries.REFUSED_SECONDS + 1
            assert not made._refused.has(b"a/right"), "nothing is remembered for long"
            for one in (*guesses, again):
                one.cancel()
            await asyncio.gather(*guesses, again, return_exceptions=True)
            assert not made._waiting

        asyncio.run(story())


class TestJoins:
    def test_a_crowd_of_one_source_waits_and_is_seen_for_a_while(self) -> None:
        clock = Clock()
        made = Joins(clock)
        assert not any(made.wait(b"a", SESSION) for _ in range(40))
        assert made.rushing() == set()
        assert made.wait(b"a", SESSION) == 1
        assert made.rushing() == {"s1"}
        clock.now += joins.RUSH_SECONDS + 1
        assert made.rushing() == set()

    def test_it_makes_nobody_wait_who_comes_from_elsewhere_or_to_another_workshop(self) -> None:
        made = Joins(Clock())
        assert max(made.wait(b"a", SESSION) for _ in range(1000)) == joins.MOST_SECONDS
        assert not any(made.wait(b"b", SESSION) for _ in range(40))
        assert made.wait(b"c", replace(SESSION, id="s2")) == 0

    def test_many_sources_together_wait_too(self) -> None:
        made = Joins(Clock())
        waits = [made.wait(b"%d" % number, SESSION) for number in range(200)]
        assert not any(waits[: 2 * 40])
        assert all(waits[2 * 40 :])
        assert made.rushing() == {"s1"}

    def test_a_ticket_comes_back_as_it_was_until_it_is_too_old_and_is_used_once(self) -> None:
        clock = Clock()
        made = Joins(clock)
        for ticket in (
            Waiting("s1", Sector.OTHER, None, None, 1010.0),
            Waiting("s1", Sector.MUNICIPAL, "Maison d'été", Reason.HELP, 1010.0),
        ):
            sealed = made.sealed(ticket)
            assert made.opened(sealed) == ticket
            assert not made.is_used(ticket)
            assert [made.use(ticket), made.use(ticket), made.is_used(ticket)] == [True, False, True]
        assert made.opened(sealed) == ticket
        clock.now = 1010 + joins.GOOD_SECONDS + 1
        assert made.opened(sealed) is None

    def test_nobody_can_make_or_change_one(self) -> None:
        made = Joins(Clock())
        sealed = made.sealed(Waiting("s1", Sector.OTHER, None, None, 1010.0))
        told, _, seal = sealed.partition(".")
        for wrong in ("", ".", "é.é", told, f"{told}.", f"{told}x.{seal}", f"{told}.{seal[:-1]}0x", f"x{sealed}"):
            assert made.opened(wrong) is None, wrong
        assert Joins(Clock()).opened(sealed) is None, "nor bring one of another server"


class TestSources:
    @staticmethod
    def asked(ip: str, forwarded: str | None = None) -> HTTPServerRequest:
        headers = HTTPHeaders({} if forwarded is None else {"X-Forwarded-For": forwarded})
        made = HTTPServerRequest("GET", "/", headers=headers)
        made.remote_ip = ip
        return made

    def test_only_a_named_proxy_says_where_a_visitor_is(self) -> None:
        plain = SourceKeys(site())
        assert plain.of(self.asked("10.0.0.9", "192.0.2.1")) == plain.of(self.asked("10.0.0.9", "192.0.2.2"))
        behind = SourceKeys(site("https://example.org", "", "127.0.0.1,10.0.0.0/8"))
        one = behind.of(self.asked("192.0.2.1"))
        assert behind.of(self.asked("192.0.2.1", "198.51.100.7")) == one
        for said in ("192.0.2.1", "6.6.6.6, 192.0.2.1", "192.0.2.1, 10.1.2.3", " 192.0.2.1 "):
            assert behind.of(self.asked("127.0.0.1", said)) == one, said
        assert behind.of(self.asked("127.0.0.1", "192.0.2.2")) != one
        # Without a word, all behind the proxy are one.
        alone = behind.of(self.asked("127.0.0.1"))
        for nothing in ("", "unknown", "192.0.2.1, x", "\x00"):
            assert behind.of(self.asked("127.0.0.1", nothing)) == alone, nothing

    def test_a_network_of_ipv6_is_one_source(self) -> None:
        assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2") != network_of("2001:db8:0:1::1")
        assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") != network_of("192.0.2.2")
        assert network_of("x") == ""

    def test_a_key_says_nothing_about_an_address_and_is_another_on_each_server(self) -> None:
        first, second = SourceKeys(site()), SourceKeys(site())
        request = self.asked("192.0.2.1")
        assert first.of(request) == first.of(request) != second.of(request)
        assert first.of(request) != first.of(request, "ACD347")
        assert b"192" not in first.of(request)
        assert first.secret.hex() not in repr(first)
        assert str(first.secret) not in repr(first)
