"""Which kernel is whose, and when it ends: with a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from kit.errors import RoomFull, TooManyTries
from kit.serving import app
from kit.serving.room import ARRIVE, AWAY, QUIET, REMEMBERED, Room
from kit.serving.tries import Tries
from tests.support.running import run


class Clock:
    """Time that stands still until it is moved (seconds)."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Hotel:
    """A room, its clock, and the kernels that were ended in it."""

    def __init__(self, limit: int = 3) -> None:
        self.clock = Clock()
        self.ended: list[str] = []
        self.dead: set[str] = set()
        self.room = Room(limit, self._end, self.clock)

    async def _end(self, kernel_id: str) -> None:
        self.ended.append(kernel_id)

    async def _alive(self, kernel_id: str) -> bool:
        return kernel_id not in self.dead

    async def start(self, kernel_id: str, holder: str) -> None:
        async with self.room.starting(holder):
            self.room.started(kernel_id, holder)

    async def after(self, seconds: float) -> list[str]:
        """What a sweep ends when so much time has passed."""
        self.clock.now += seconds
        before = len(self.ended)
        await self.room.sweep(self._alive)
        return self.ended[before:]


def in_room(scenario: Callable[[Hotel], Coroutine[Any, Any, None]], limit: int = 3) -> Hotel:
    hotel = Hotel(limit)
    run(scenario(hotel))
    return hotel


def test_a_page_that_never_connects_is_ended() -> None:
    async def scenario(hotel: Hotel) -> None:
        await hotel.start("k1", "ana")
        assert await hotel.after(ARRIVE) == []
        assert await hotel.after(1) == ["k1"]
        assert hotel.room.pages == {}

    in_room(scenario)


def test_a_page_that_lost_its_connection_is_given_time_to_come_back() -> None:
    async def scenario(hotel: Hotel) -> None:
        await hotel.start("k1", "ana")
        hotel.room.connected("k1")
        hotel.clock.now += 600
        hotel.room.disconnected("k1")
        assert await hotel.after(AWAY) == []
        hotel.room.connected("k1")
        assert await hotel.after(AWAY + 1) == []
        hotel.room.disconnected("k1")
        assert await hotel.after(AWAY + 1) == ["k1"]

    in_room(scenario)


def test_a_connected_page_is_ended_only_after_hours_of_nothing() -> None:
    async def scenario(hotel: Hotel) -> None:
        await hotel.start("k1", "ana")
        hotel.room.connected("k1")
        assert await hotel.after(QUIET) == []
        hotel.room.touched("k1")
        assert await hotel.after(QUIET) == []
        assert await hotel.after(1) == ["k1"]

    in_room(scenario)


def test_a_page_with_two_lines_is_there_until_both_have_closed() -> None:
    async def scenario(hotel: Hotel) -> None:
        await hotel.start("k1", "ana")
        hotel.room.connected("k1")
        hotel.room.connected("k1")
        hotel.room.disconnected("k1")
        assert await hotel.after(AWAY + 1) == []
        hotel.room.disconnected("k1")
        assert await hotel.after(AWAY + 1) == ["k1"]

    in_room(scenario)


def test_a_dead_kernel_is_cleared_at_the_next_sweep() -> None:
    async def scenario(hotel: Hotel) -> None:
        await hotel.start("k1", "ana")
        hotel.room.connected("k1")
        hotel.dead.add("k1")
        assert await hotel.after(0) == ["k1"]
        assert not hotel.room.owns("ana", "k1")
        assert not hotel.room.was_moved("k1")

    in_room(scenario)


def test_the_same_holder_has_one_kernel_and_the_earlier_page_is_told_that_it_moved() -> None:
    async def scenario(hotel: Hotel) -> None:
        await hotel.start("k1", "ana")
        await hotel.start("k2", "ben")
        await hotel.start("k3", "ana")
        assert hotel.ended == ["k1"]
        assert hotel.room.was_moved("k1")
        assert hotel.room.owns("ana", "k3")
        assert not hotel.room.owns("ben", "k3")

    in_room(scenario)


def test_loads_at_the_same_moment_leave_one_kernel() -> None:
    async def scenario(hotel: Hotel) -> None:
        async def load(name: str) -> None:
            async with hotel.room.starting("ana"):
                await asyncio.sleep(0)  # as a kernel's start lets others run
                hotel.room.started(name, "ana")

        await asyncio.gather(*[load(f"k{n}") for n in range(8)])
        assert list(hotel.room.pages) == ["k7"]
        assert len(hotel.ended) == 7

    in_room(scenario)


def test_the_limit_holds_for_kernels_that_are_still_starting() -> None:
    async def scenario(hotel: Hotel) -> None:
        inside = asyncio.Event()

        async def load(name: str) -> None:
            async with hotel.room.starting(name):
                await inside.wait()
                hotel.room.started(name, name)

        loads = [asyncio.create_task(load(f"p{n}")) for n in range(5)]
        await asyncio.sleep(0)
        inside.set()
        done = await asyncio.gather(*loads, return_exceptions=True)
        assert [type(one) for one in done].count(RoomFull) == 2
        assert len(hotel.room.pages) == 3

    in_room(scenario)


def test_a_start_that_fails_gives_its_place_back() -> None:
    async def scenario(hotel: Hotel) -> None:
        with pytest.raises(OSError, match="no memory"):
            async with hotel.room.starting("ana"):
                raise OSError("no memory")
        hotel.room.has_place()
        await hotel.start("k1", "ana")
        with pytest.raises(RoomFull):
            hotel.room.has_place()

    in_room(scenario, limit=1)


def test_who_is_in_a_full_room_can_still_reload() -> None:
    async def scenario(hotel: Hotel) -> None:
        await hotel.start("k1", "ana")
        await hotel.start("k2", "ana")
        assert list(hotel.room.pages) == ["k2"]

    in_room(scenario, limit=1)


def test_moved_kernels_are_not_remembered_for_ever() -> None:
    async def scenario(hotel: Hotel) -> None:
        for n in range(REMEMBERED + 2):
            await hotel.start(f"k{n}", "ana")
        assert not hotel.room.was_moved("k0")
        assert hotel.room.was_moved(f"k{REMEMBERED}")

    in_room(scenario)


def test_unknown_kernels_are_nobodys_and_do_no_harm() -> None:
    async def scenario(hotel: Hotel) -> None:
        for act in (hotel.room.connected, hotel.room.touched, hotel.room.disconnected):
            act("k9")
        await hotel.room.drop("k9")
        assert not hotel.room.owns("ana", "k9")
        assert hotel.ended == []

    in_room(scenario)


def test_guesses_are_held_back_and_let_in_again() -> None:
    clock = Clock()
    tries = Tries(limit=3, window=60, clock=clock)
    for _ in range(3):
        tries.check()
        tries.failed()
        clock.now += 10
    with pytest.raises(TooManyTries) as told:
        tries.check()
    assert told.value.details == {"seconds": 30}
    clock.now += 30
    tries.check()
    tries.failed()
    tries.forgive()
    tries.check()
    tries.failed()
    with pytest.raises(TooManyTries):
        tries.check()


def test_memory_is_given_back_once_the_last_kernel_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(app, "give_memory_back", lambda: given.append(1))
    kernels: set[str] = set()
    served = SimpleNamespace(hall=SimpleNamespace(room=Hotel().room), kernel_manager=kernels, _alive=None, _empty=0)

    def swept(times: int) -> int:
        for _ in range(times):
            run(app.WorkshopApp._sweep(served))  # type: ignore[arg-type]
        return len(given)

    kernels.add("a")
    assert swept(5) == 0
    kernels.clear()
    assert swept(app.EMPTY_SWEEPS - 1) == 0
    assert swept(5) == 1
    kernels.add("b")
    assert swept(1) == 1
    kernels.clear()
    assert swept(5) == 2
