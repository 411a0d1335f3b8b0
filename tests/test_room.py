"""Which page is whose, and when it ends: with a clock that the test moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.errors import RoomFull
from kit.serving.hall import Hall, host_holder
from kit.serving.reach import Reach
from kit.serving.room import ARRIVE, AWAY, QUIET, REMEMBERED, Room
from kit.serving.routes import Route
from kit.serving.site import Site
from kit.store import Store


class Clock:
    """Time that stands still until it is moved (seconds)."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Hotel:
    """A room, its clock, and the pages that were ended in it."""

    def __init__(self, limit: int = 3) -> None:
        self.clock = Clock()
        self.ended: list[str] = []
        self.room = Room(limit, self.ended.append, self.clock)

    def after(self, seconds: float) -> list[str]:
        """What a sweep ends when so much time has passed."""
        self.clock.now += seconds
        before = len(self.ended)
        self.room.sweep()
        return self.ended[before:]


def test_a_page_that_never_connects_is_ended() -> None:
    hotel = Hotel()
    hotel.room.start("p1", "ana")
    assert hotel.after(ARRIVE) == []
    assert hotel.after(1) == ["p1"]
    assert hotel.room.pages == {}


def test_a_page_that_lost_its_connection_is_given_time_to_come_back() -> None:
    hotel = Hotel()
    hotel.room.start("p1", "ana")
    hotel.room.connected("p1")
    hotel.clock.now += 600
    hotel.room.disconnected("p1")
    assert hotel.after(AWAY) == []
    hotel.room.connected("p1")
    assert hotel.after(AWAY + 1) == []
    hotel.room.disconnected("p1")
    assert hotel.after(AWAY + 1) == ["p1"]


def test_a_connected_page_is_ended_only_after_hours_of_nothing() -> None:
    hotel = Hotel()
    hotel.room.start("p1", "ana")
    hotel.room.connected("p1")
    assert hotel.after(QUIET) == []
    hotel.room.touched("p1")
    assert hotel.after(QUIET) == []
    assert hotel.after(1) == ["p1"]


def test_a_page_with_two_lines_is_there_until_both_have_closed() -> None:
    hotel = Hotel()
    hotel.room.start("p1", "ana")
    hotel.room.connected("p1")
    hotel.room.connected("p1")
    hotel.room.disconnected("p1")
    assert hotel.after(AWAY + 1) == []
    hotel.room.disconnected("p1")
    assert hotel.after(AWAY + 1) == ["p1"]


def test_a_page_whose_kernel_has_died_is_gone_and_has_not_moved() -> None:
    hotel = Hotel()
    over = hotel.room.start("p1", "ana")
    hotel.room.connected("p1")
    hotel.room.drop("p1")
    assert hotel.ended == ["p1"]
    assert over.is_set()
    assert not hotel.room.owns("ana", "p1")
    assert not hotel.room.was_moved("p1")


def test_the_same_holder_has_one_page_and_the_earlier_one_is_told_that_it_moved() -> None:
    hotel = Hotel()
    over = hotel.room.start("p1", "ana")
    hotel.room.start("p2", "ben")
    hotel.room.start("p3", "ana")
    assert hotel.ended == ["p1"]
    assert over.is_set(), "who still waits for it waits no longer"
    assert hotel.room.was_moved("p1")
    assert hotel.room.owns("ana", "p3")
    assert not hotel.room.owns("ben", "p3")


def test_the_limit_holds_and_who_goes_makes_room() -> None:
    hotel = Hotel()
    for number in range(3):
        hotel.room.start(f"p{number}", f"h{number}")
    with pytest.raises(RoomFull):
        hotel.room.start("p3", "h3")
    assert len(hotel.room.pages) == 3
    hotel.room.release("h1")
    hotel.room.start("p3", "h3")
    assert not hotel.room.was_moved("p1")


def test_who_is_in_a_full_room_can_still_reload() -> None:
    hotel = Hotel(limit=1)
    hotel.room.start("p1", "ana")
    hotel.room.start("p2", "ana")
    assert list(hotel.room.pages) == ["p2"]


def test_a_facilitator_has_a_place_in_a_full_room_and_takes_none_from_anyone() -> None:
    hotel = Hotel(limit=2)
    hotel.room.start("c1", "host:s:console")
    hotel.room.start("p1", "ana")
    hotel.room.start("p2", "ben")
    with pytest.raises(RoomFull):
        hotel.room.start("p3", "eve")
    hotel.room.start("c2", "host:s:screen")
    hotel.room.start("c3", "host:s:console")
    assert sorted(hotel.room.pages) == ["c2", "c3", "p1", "p2"]


def test_moved_pages_are_not_remembered_for_ever() -> None:
    hotel = Hotel()
    for n in range(REMEMBERED + 2):
        hotel.room.start(f"p{n}", "ana")
    assert not hotel.room.was_moved("p0")
    assert hotel.room.was_moved(f"p{REMEMBERED}")
    hotel.room.release("ana")
    assert hotel.room._by_holder == {}


def test_unknown_pages_are_nobodys_and_do_no_harm() -> None:
    hotel = Hotel()
    for act in (hotel.room.connected, hotel.room.touched, hotel.room.disconnected, hotel.room.drop):
        act("p9")
    hotel.room.release("nobody")
    assert not hotel.room.owns("ana", "p9")
    assert hotel.ended == []


def test_who_is_here_is_who_has_a_connected_page_and_no_facilitator() -> None:
    hotel = Hotel()
    pages = (("p1", "ana", "s"), ("p2", "ben", "s"), ("p3", "eve", "t"), ("c1", "host:s:x:y", "s"))
    for page, holder, session in pages:
        hotel.room.start(page, holder, session)
    assert hotel.room.here() == {}
    for page in ("p1", "p1", "p2", "p3", "c1"):
        hotel.room.connected(page)
    assert hotel.room.here() == {"s": 2, "t": 1}
    # Two lines of one page are one person; whoever is only away for a moment is not here in it.
    hotel.room.disconnected("p1")
    assert hotel.room.here()["s"] == 2
    hotel.room.disconnected("p1")
    assert hotel.room.here()["s"] == 1
    # A seat that is opened elsewhere is one person too.
    hotel.room.start("p4", "ben", "s")
    hotel.room.connected("p4")
    assert hotel.room.here() == {"s": 1, "t": 1}


def test_who_says_that_they_are_done_is_counted_while_their_page_is_connected() -> None:
    hotel = Hotel()
    for page, holder, session in (("p1", "ana", "s"), ("p2", "ben", "s"), ("p3", "eve", "t")):
        hotel.room.start(page, holder, session)
        hotel.room.connected(page)
    assert hotel.room.ready_counts() == {}
    for page in ("p1", "p2", "p3"):
        hotel.room.ready(page, "pulse/1/")
    assert hotel.room.ready_counts() == {"s": {"pulse/1/": 2}, "t": {"pulse/1/": 1}}
    hotel.room.ready("p1", "")
    hotel.room.disconnected("p3")
    assert hotel.room.ready_counts() == {"s": {"pulse/1/": 1}}
    # A page that was ended is not asked again, and one that is made anew has said nothing.
    hotel.room.drop("p2")
    hotel.room.ready("p2", "pulse/1/")
    assert hotel.room.ready_counts() == {}


class Desk:
    """What the kernel of consoles and walls is told."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def tell(self, *item: object, buffers: object = ()) -> None:
        self.told.append(item)

    def news(self) -> list[tuple[object, ...]]:
        told, self.told = self.told, []
        return told


def test_who_is_here_is_told_when_it_changes_and_to_each_page_that_comes(tmp_path: Path) -> None:
    desk = Desk()
    with Store.open(str(tmp_path / "store.db")) as store:
        hall = Hall(store, Room(9, lambda page: hall.end(page)), Reach(Site(), "127.0.0.1", 8866), "fr")
        hall.desk = [desk]  # type: ignore[list-item]

        def comes(page: str, holder: str) -> None:
            hall.room.start(page, holder, "s")
            hall.count_here()
            # A page that is still being made would miss what is told now.
            hall.routes[page] = Route(page, desk, set())  # type: ignore[arg-type]
            hall.room.connected(page)

        hall.count_here()
        assert desk.news() == []
        comes("console", host_holder("s", "tag", "console"))
        hall.count_here()
        hall.count_here()
        assert desk.news() == [("here", "s", 0, {})]
        comes("phone", "seat")
        hall.count_here()
        hall.room.ready("phone", "reflection/1/")
        hall.count_here()
        hall.count_here()
        assert desk.news() == [("here", "s", 1, {}), ("here", "s", 1, {"reflection/1/": 1})]
        comes("wall", host_holder("s", "tag", "screen"))
        hall.count_here()
        assert desk.news() == [("here", "s", 1, {"reflection/1/": 1})]
        hall.room.disconnected("phone")
        hall.count_here()
        assert desk.news() == [("here", "s", 0, {})]
