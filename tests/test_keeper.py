"""Pages that share a kernel, in this process: each has its own comms and its own turn, and is forgotten at its end."""

from __future__ import annotations

import asyncio
import gc
import json
import time
import weakref
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from kit.errors import StoreAway
from kit.serving.inside import keeper, line, participant
from kit.serving.inside.facilitator import console_page
from kit.serving.inside.keeper import Keeper
from kit.serving.inside.participant import participant_page
from kit.serving.inside.standing import Standing
from kit.serving.inside.widgets import Stack
from kit.serving.wire import CONTROL, Parcel, messages
from kit.session import Mode, Plan, Sector, Session, State, new_code, new_id
from kit.store import Store
from tests.support.running import run
from tests.support.waiting import PATIENCE

ITEM = "organisation_teams"
SLUG = "reflection"


class Foreign:
    """A page whose exercise has widgets of other packages, one of them with binary values."""

    every_answer = False

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.box = ipywidgets.Box([ipywidgets.Image(value=b"\x89PNG", format="png")])
        self.widget = Stack([self.box])

    def look(self) -> None:
        """Nothing is new."""


@dataclass
class Kernel:
    """A keeper, and what it tells its server."""

    store: Store
    session: Session
    told: list[tuple[list[Any], list[Any]]] = field(default_factory=list)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.store, self._hear)
        self.keeper.kinds |= {
            "participant": participant_page, "console": console_page, "foreign": lambda _s, told: Foreign(told["of"]),
        }  # fmt: skip

    def _hear(self, data: Mapping[str, Any], buffers: Any) -> None:
        self.told += [(item, list(own)) for item, own in messages(json.loads(json.dumps(data)), buffers)]

    async def tell(self, *items: tuple[Any, ...], buffers: Any = ()) -> None:
        """One batch, and all that comes of it."""
        batch = Parcel()
        for item in items:
            batch.add(*item, buffers=buffers)
        data, own = batch.taken()
        self.keeper.hear({"content": {"data": data}, "buffers": own})
        await self.rest()

    async def rest(self) -> None:
        """Until everybody has had their turn."""
        for _ in range(200):
            await asyncio.sleep(0)
        while any(kept.line._turn for kept in self.keeper.pages.values()) or self.keeper._making:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0)

    async def seat(self, page: str, kind: str = "participant", **told: str) -> dict[str, Any]:
        """Somebody takes a seat and opens a page; its widgets' states."""
        if kind == "participant":
            person, _ = self.store.seats.take(self.session, Sector.OTHER, None, "en")
            told = {"seat": person.id, "lang": "en"}
        await self.tell(("make", page, kind, told))
        item, buffers = self.told[-1]
        assert item[:2] == ["made", page], self.told[-3:]
        return {model: one["state"] for model, one in json.loads(buffers[0] or b"{}").items()}

    async def say(self, page: str, comm: str, data: object, kind: str = "comm_msg", **more: Any) -> list[Any]:
        """A message of a page; the contents of what all pages are told then."""
        before = len(self.told)
        self.numbers += 1
        content = json.dumps({"comm_id": comm, "data": data, **more}).encode()
        await self.tell(("say", page, str(self.numbers), kind), buffers=[content])
        return [(item[1], json.loads(own[0])) for item, own in self.told[before:] if item[0] == "tell"]

    async def answer(self, page: str, form: str, value: object, **given: Any) -> list[Any]:
        """An answer of a page to one question."""
        told = {"kind": "answer", "item": ITEM, "value": value, "revision": 0, "n": 1} | given
        return await self.say(page, form, {"method": "custom", "content": told})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "s.db") as made:
        yield made


def in_kernel(store: Store, story: Callable[[Kernel], Coroutine[Any, Any, None]]) -> None:
    """Let a story happen in a kernel, in a session whose exercises are open."""
    plans = tuple(Plan(slug, (), State.OPEN) for slug in (SLUG, "pulse", "resources"))
    session = store.sessions.add(Session(new_id(), new_code(), "-", "en", Mode.ANONYMOUS, 5, plans), "-")

    async def told() -> None:
        await story(Kernel(store, session))

    run(told())


def form_of(states: Mapping[str, Any]) -> str:
    return next(model for model, state in states.items() if "answers" in state)


def room_of(states: Mapping[str, Any]) -> str:
    return next(model for model, state in states.items() if "exercises" in (state.get("page") or {}))


def test_a_page_is_told_what_is_its_own_and_nobody_else_is(store: Store) -> None:
    async def story(kernel: Kernel) -> None:
        ana, ben = await kernel.seat("ana"), await kernel.seat("ben")
        told = await kernel.answer("ana", form_of(ana), "strength")
        assert {page for page, _ in told} == {"ana"}
        assert [one["data"]["content"]["kind"] for _, one in told] == ["saved"]
        for data in (
            {"method": "custom", "content": {"kind": "answer", "item": ITEM, "value": "growth", "revision": 1, "n": 2}},
            {"method": "request_state"}, {"method": "update", "state": {"group": "x"}, "buffer_paths": []},
        ):  # fmt: skip
            assert await kernel.say("ben", form_of(ana), data) == []
        assert await kernel.say("ben", form_of(ana), {}, "comm_close") == []
        opened = {"target_name": CONTROL}
        assert await kernel.say("ben", form_of(ana), {}, "comm_open", **opened) == []
        assert (await kernel.answer("ana", form_of(ana), "growth", revision=1, n=2))[0][0] == "ana"
        assert set(ana).isdisjoint(ben)

    in_kernel(store, story)


def test_the_question_for_all_widgets_is_answered_with_ones_own(store: Store) -> None:
    async def story(kernel: Kernel) -> None:
        await kernel.seat("ana")
        ben = await kernel.seat("ben")
        assert await kernel.say("ben", "c", {}, "comm_open", target_name=CONTROL) == []
        ((page, told),) = await kernel.say("ben", "c", {"method": "request_states"})
        assert page == "ben"
        assert set(told["data"]["states"]) == set(ben)
        assert await kernel.say("ana", "c", {"method": "request_states"}) == [], "it is ben's question"
        assert await kernel.say("ben", "w", {"state": {}}, "comm_open", target_name="jupyter.widget") == []
        assert await kernel.say("ben", "w", {"method": "request_state"}) == []

    in_kernel(store, story)


def test_a_trait_cannot_name_a_widget_of_another_page(store: Store) -> None:
    async def story(kernel: Kernel) -> None:
        ana = await kernel.seat("ana")
        await kernel.seat("eve", "foreign", of=kernel.session.id)
        shown: Any = kernel.keeper.pages["eve"].shown
        box, own = shown.box, shown.box.children
        for stolen in (f"IPY_MODEL_{form_of(ana)}", "IPY_MODEL_" + next(iter(ana))):
            change = {"method": "update", "state": {"children": [stolen]}, "buffer_paths": []}
            assert await kernel.say("eve", box.model_id, change) == []
            assert box.children == own
        change = {"method": "update", "state": {"children": []}, "buffer_paths": []}
        await kernel.say("eve", box.model_id, change)
        assert box.children == (), "what other packages' widgets let a browser set, it sets"

    in_kernel(store, story)


def test_binary_values_of_other_packages_come_when_the_page_asks(store: Store) -> None:
    async def story(kernel: Kernel) -> None:
        assert await kernel.seat("eve", "foreign", of=kernel.session.id) == {}
        await kernel.say("eve", "c", {}, "comm_open", target_name=CONTROL)
        await kernel.say("eve", "c", {"method": "request_states"})
        item, buffers = next(one for one in reversed(kernel.told) if one[0][0] == "tell")
        assert item[2] == "comm_msg"
        assert bytes(buffers[1]) == b"\x89PNG"
        told = json.loads(buffers[0])["data"]
        assert told["buffer_paths"][0][1:] == ["state", "value"]

    in_kernel(store, story)


@pytest.mark.parametrize("content", [b"", b"[", b"[]", b"1", b'{"comm_id":7}', b'{"data":[]}', b"\xff", b"[" * 100_000])
def test_what_is_no_message_is_dealt_with_and_changes_nothing(store: Store, content: bytes) -> None:
    async def story(kernel: Kernel) -> None:
        ana = await kernel.seat("ana")
        before = len(kernel.told)
        await kernel.tell(("say", "ana", "x", "comm_msg"), ("say", "nobody", "y", "comm_msg"), buffers=[content])
        assert [item for item, _ in kernel.told[before:]] == [["done", "ana", "x"]]
        assert (await kernel.answer("ana", form_of(ana), "strength"))[0][1]["data"]["content"]["kind"] == "saved"

    in_kernel(store, story)


def test_a_handler_that_fails_costs_nobody_else_anything(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    async def story(kernel: Kernel) -> None:
        ana, ben = await kernel.seat("ana"), await kernel.seat("ben")
        shown: Any = kernel.keeper.pages["ana"].shown

        def broken(_message: object) -> None:
            raise ZeroDivisionError("what somebody wrote")

        shown.forms[SLUG].hear("broken", broken)
        told = await kernel.say("ana", form_of(ana), {"method": "custom", "content": {"kind": "broken"}})
        assert [one["data"]["content"]["kind"] for _, one in told] == ["trouble"]
        for page, states in (("ana", ana), ("ben", ben)):
            told = await kernel.answer(page, form_of(states), "strength")
            assert told[0][1]["data"]["content"]["kind"] == "saved"

    in_kernel(store, story)
    assert "ZeroDivisionError" in caplog.text
    assert "what somebody wrote" not in caplog.text


def test_a_page_that_waits_keeps_its_order_and_nobody_else(store: Store) -> None:
    async def story(kernel: Kernel) -> None:
        ana, ben = await kernel.seat("ana"), await kernel.seat("ben")
        shown: Any = kernel.keeper.pages["ana"].shown
        go, heard = asyncio.Event(), []

        async def slow(message: Mapping[str, Any]) -> None:
            await go.wait()
            heard.append(message["number"])

        shown.forms[SLUG].hear("slow", slow)
        batch = Parcel()
        for number in range(3):
            said = {"method": "custom", "content": {"kind": "slow", "number": number}}
            content = {"comm_id": form_of(ana), "data": said}
            batch.add("say", "ana", f"s{number}", "comm_msg", buffers=[json.dumps(content).encode()])
        data, buffers = batch.taken()
        kernel.keeper.hear({"content": {"data": data}, "buffers": buffers})
        waiting = asyncio.create_task(kernel.answer("ben", form_of(ben), "strength"))
        while not store.answers.responses(kernel.session.id, SLUG):
            await asyncio.sleep(0.01)
        assert heard == []
        go.set()
        await waiting
        assert heard == [0, 1, 2]

    in_kernel(store, story)


def test_a_page_that_ends_is_forgotten_at_once(store: Store) -> None:
    async def story(kernel: Kernel) -> None:
        ana, ben = await kernel.seat("ana"), await kernel.seat("ben")
        for page, states in (("ana", ana), ("ben", ben)):
            await kernel.answer(page, form_of(states), "strength")
        room = room_of(ana)
        await kernel.say("ana", room, {"method": "custom", "content": {"kind": "choose", "slug": "resources"}})
        kept = kernel.keeper.pages["ana"]
        shown: Any = kept.shown
        widgets = len(ipywidgets.Widget.widgets)
        gc.collect()
        gc.disable()
        try:
            held = [*shown.forms.values(), shown.room, shown.widget]
            known = [weakref.ref(form._stored[ITEM]) for form in held if ITEM in getattr(form, "_stored", {})]
            known += [weakref.ref(one) for one in (shown.person, kept.line)]
            assert len(known) == 3
            del kept
            await kernel.tell(("end", "ana"))
            assert [one() for one in known] == [None] * 3, "without waiting for the collector of garbage"
            assert all(vars(one) == {"_trait_values": {"comm": None}} for one in held)
            assert not vars(shown)
        finally:
            gc.enable()
        assert widgets - len(ipywidgets.Widget.widgets) == len(held)
        assert await kernel.answer("ana", form_of(ana), "growth", revision=1) == []
        told = await kernel.answer("ben", form_of(ben), "growth", revision=1)
        assert told[0][1]["data"]["content"]["kind"] == "saved"
        refs = [weakref.ref(one) for one in held]
        held.clear()
        del shown
        gc.collect()
        assert [one() for one in refs] == [None] * len(refs)

    in_kernel(store, story)


def test_who_erases_everything_is_forgotten_by_the_kernel_too(store: Store) -> None:
    async def story(kernel: Kernel) -> None:
        ana = await kernel.seat("ana")
        form = form_of(ana)
        await kernel.answer("ana", form, "strength")
        shown: Any = kernel.keeper.pages["ana"].shown
        view = shown.forms[SLUG]
        known = weakref.ref(view._stored[ITEM])
        room = room_of(ana)
        told = await kernel.say("ana", room, {"method": "custom", "content": {"kind": "erase"}})
        assert "erased" in [one["data"].get("content", {}).get("kind") for _, one in told]
        assert known() is None
        assert vars(view) == {"_trait_values": {"comm": None}}
        assert await kernel.answer("ana", form, "growth", revision=1) == []

    in_kernel(store, story)
    assert store.seats.people(store.sessions.all()[0].id) == []


def test_a_page_that_ends_in_the_middle_of_its_turn_says_no_more(store: Store) -> None:
    async def story(kernel: Kernel) -> None:
        ana = await kernel.seat("ana")
        shown: Any = kernel.keeper.pages["ana"].shown
        begun = asyncio.Event()

        async def slow(_message: object) -> None:
            begun.set()
            await asyncio.sleep(3600)

        shown.forms[SLUG].hear("slow", slow)
        content = {"comm_id": form_of(ana), "data": {"method": "custom", "content": {"kind": "slow"}}}
        batch = Parcel()
        batch.add("say", "ana", "s", "comm_msg", buffers=[json.dumps(content).encode()])
        data, buffers = batch.taken()
        kernel.keeper.hear({"content": {"data": data}, "buffers": buffers})
        await begun.wait()
        before = len(kernel.told)
        await kernel.tell(("end", "ana"))
        assert kernel.told[before:] == []
        assert kernel.keeper.pages == {}

    in_kernel(store, story)


def test_a_page_that_cannot_be_made_says_why_and_one_that_fails_says_nothing(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(kernel: Kernel) -> None:
        widgets = len(ipywidgets.Widget.widgets)
        await kernel.tell(("make", "a", "participant", {"seat": "nobody", "lang": "en"}))
        assert kernel.told[-1][0] == ["refused", "a", "NoSeat", {}]
        await kernel.tell(("make", "b", "participant", {}))
        assert kernel.told[-1][0] == ["refused", "b", "", {}]
        assert kernel.keeper.pages == {}
        assert len(ipywidgets.Widget.widgets) == widgets
        await kernel.seat("c")

    in_kernel(store, story)
    assert "KeyError" in caplog.text


def test_news_reach_the_pages_of_their_session(store: Store) -> None:
    async def story(kernel: Kernel) -> None:
        ana = await kernel.seat("ana")
        before = len(kernel.told)
        store.sessions.set_state(kernel.session.id, SLUG, State.CLOSED)
        await kernel.tell(("look",))
        told = [json.loads(own[0]) for item, own in kernel.told[before:] if item[0] == "tell"]
        changed = [one["data"]["state"] for one in told if one["comm_id"] == form_of(ana)]
        assert {"is_open": False} in changed

    in_kernel(store, story)


def test_a_change_is_read_once_for_all_pages_and_each_is_told_what_is_new(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            read.append(name)
            return real(*given)

        return call

    async def story(kernel: Kernel) -> None:
        people = {name: await kernel.seat(name) for name in ("ana", "ben", "cleo")}
        before = len(kernel.told)
        for part, name in ((store.sessions, "get"), (store.courses, "course"), (store.snapshots, "told")):
            monkeypatch.setattr(type(part), name, counted(name, getattr(type(part), name)))
        store.sessions.set_state(kernel.session.id, "pulse", State.CLOSED)
        await kernel.tell(("look",))
        assert read == ["get", "told"], "the workshop once, the result of the exercise in sight once"
        for name, states in people.items():
            told = [json.loads(own[0]) for item, own in kernel.told[before:] if item[:2] == ["tell", name]]
            (page,) = [one["data"]["state"] for one in told if one["comm_id"] == room_of(states)]
            assert [one["state"] for one in page["page"]["exercises"]] == ["open", "closed", "open"]
            assert page.keys() == {"page"}, "sentences that are there are not sent again"
        read.clear()
        await kernel.tell(("look",))
        assert read == []

    in_kernel(store, story)


def test_no_page_shows_what_is_older_than_what_another_was_shown(store: Store, tmp_path: Path) -> None:
    """Another process writes; whoever asks first learns of it, and from then on everybody who does anything."""

    async def story(kernel: Kernel) -> None:
        session = kernel.session
        ana = await kernel.seat("ana")
        # She has seen that there is no result, and is elsewhere.
        for slug in ("pulse", SLUG):
            await kernel.say("ana", room_of(ana), {"method": "custom", "content": {"kind": "choose", "slug": slug}})
        person, _ = store.seats.take(session, Sector.OTHER, None, "fr")
        with Store.open(tmp_path / "s.db") as other:
            row = {"told": {"en": "<p>now</p>", "fr": "<p>maintenant</p>"}}
            other.snapshots.save(session.id, "pulse", row, {}, {})
        await kernel.tell(("make", "ben", "participant", {"seat": person.id, "lang": "fr"}))
        ben = {model: one["state"] for model, one in json.loads(kernel.told[-1][1][0]).items()}
        for name, states, result in (("ben", ben, "<p>maintenant</p>"), ("ana", ana, "<p>now</p>")):
            chosen = {"method": "custom", "content": {"kind": "choose", "slug": "pulse"}}
            told = await kernel.say(name, room_of(states), chosen)
            shown = {one["data"]["state"]["group"] for _, one in told if "group" in one["data"].get("state", {})}
            assert shown - {""} == {result}, "each in their own language"

    in_kernel(store, story)


def test_a_look_that_fails_is_made_up_for_though_nothing_else_changes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def once_in_vain(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def look(*given: Any) -> Any:
            looks.append(name)
            if looks.count(name) == 1:
                raise StoreAway()
            return real(*given)

        return look

    async def story(kernel: Kernel) -> None:
        await kernel.tell(("make", "one", "foreign", {"of": kernel.session.id}))
        shown = kernel.keeper.pages["one"].shown
        monkeypatch.setattr(shown, "look", once_in_vain("page", shown.look))
        monkeypatch.setattr(type(store.sessions), "ticks", once_in_vain("ticks", type(store.sessions).ticks))
        store.sessions.set_state(kernel.session.id, SLUG, State.CLOSED)
        for _ in range(5):
            await kernel.tell(("look",))

    in_kernel(store, story)
    assert looks == ["ticks", "ticks", "page", "ticks", "page"], "each in vain, once more, and then it rests"


def test_whatever_goes_wrong_at_a_look_the_next_one_comes(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What was no known trouble of the store ended the looking for good, and nothing said so."""
    real, asked = Store.changed, list[int]()

    def changed(_store: Store) -> int:
        asked.append(1)
        if len(asked) < 3:
            raise OSError
        return real(store)

    async def story(kernel: Kernel) -> None:
        await kernel.tell(("make", "one", "foreign", {"of": kernel.session.id}))
        shown, looks = kernel.keeper.pages["one"].shown, list[int]()
        monkeypatch.setattr(shown, "look", lambda: looks.append(1))
        store.sessions.set_state(kernel.session.id, SLUG, State.CLOSED)
        monkeypatch.setattr(Store, "changed", changed)
        kernel.keeper._start(kernel.keeper._look_often())
        async with asyncio.timeout(PATIENCE):
            while not looks:
                await asyncio.sleep(0.01)

    monkeypatch.setattr(keeper, "LOOK_SECONDS", 0.01)
    in_kernel(store, story)
    assert "a look at the store failed: OSError" in caplog.text


@pytest.mark.parametrize(("of", "what"), [(participant, "standing"), (Standing, "told")])
def test_a_phone_whose_look_failed_half_way_is_told_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch, of: object, what: str
) -> None:
    async def story(kernel: Kernel) -> None:
        store.sessions.set_state(kernel.session.id, SLUG, State.CLOSED)
        await kernel.seat("ana")
        real, asked = getattr(of, what), 0

        def once_in_vain(*given: Any) -> Any:
            nonlocal asked
            asked += 1
            if asked == 1:
                raise StoreAway()
            return real(*given)

        store.sessions.set_state(kernel.session.id, SLUG, State.OPEN)
        monkeypatch.setattr(of, what, once_in_vain)
        before = len(kernel.told)
        for _ in range(2):
            await kernel.tell(("look",))
        assert asked > 1
        news = [json.loads(own[0]) for item, own in kernel.told[before:] if item[0] == "tell"]
        assert "The facilitator opened: " in json.dumps(news), news

    in_kernel(store, story)


def test_after_work_aside_a_persons_page_lets_others_have_their_turn_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "REST_TIMES", 1.0)
    done: list[str] = []

    async def story() -> None:
        over = asyncio.Event()
        made = [line.PageLine(lambda *_: None, lambda _: None, rests=rests) for rests in (True, True, False)]
        tired, other, console = made
        for one in (tired, console):
            one.rest(0.3)
        tired.then(lambda: (done.append("tired"), over.set())[0])
        other.then(lambda: done.append("other"))
        console.then(lambda: done.append("console"))
        await over.wait()
        # It has rested, and goes on.
        tired.then(lambda: (done.append("again"), over.set())[0])
        over.clear()
        await over.wait()
        tired.rest(3600)
        assert tired._free_at - time.monotonic() <= line.MOST_REST

    run(story())
    assert done == ["other", "console", "tired", "again"]
