"""What may pass between a page's line and its kernel: its own comms, the shell, and nothing that was said before."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from kit.serving import budget
from kit.serving.budget import Budget
from kit.serving.lines import PING_SECONDS
from kit.serving.protocol import Refused, as_object, closed, opened, pack
from kit.serving.routes import LONGEST_ID, MOST_KEPT, MOST_OPEN, Route
from kit.serving.wire import CONTROL
from tests.support.running import run
from tests.test_room import Clock

OWN, OTHERS = "own-comm", "somebody-elses-comm"


class Link:
    """What the server says to a kernel, kept."""

    def __init__(self) -> None:
        self.said: list[tuple[Any, ...]] = []

    def tell(self, *item: object, buffers: Sequence[bytes] = ()) -> None:
        self.said.append((*item, [bytes(one) for one in buffers]))


class Page:
    """A route with one line, and what a page can say on it."""

    def __init__(self) -> None:
        self.link, self.told, self.numbers = Link(), [], 0
        self.route = Route("page", self.link, {OWN})  # type: ignore[arg-type]
        self.line: Callable[[bytes], None] = lambda message: self.told.append(read(message))
        self.route.join(self.line)

    def say(self, kind: object, content: object, channel: str = "shell", number: object = None, *more: bytes) -> None:
        self.numbers += 1
        header = {"msg_id": number or f"m{self.numbers}", "msg_type": kind, "session": "s"}
        packed = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        self.route.say(closed(channel.encode(), *packed, *more))


def read(message: bytes) -> tuple[str, str, str, Any]:
    """Channel, kind, what it answers to, content."""
    channel, header, content, _ = opened(message)
    count = int.from_bytes(message[:8], "little")
    ends = [int.from_bytes(message[8 * at : 8 * (at + 1)], "little") for at in range(1, count + 1)]
    return channel, header["msg_type"], json.loads(message[ends[2] : ends[3]]).get("msg_id", ""), json.loads(content)


@pytest.fixture
def page() -> Page:
    return Page()


def test_a_message_about_ones_own_comm_passes_with_its_buffers(page: Page) -> None:
    page.say("comm_msg", {"comm_id": OWN, "data": {}}, "shell", None, b"\x00binary")
    (item,) = page.link.said
    assert item[:4] == ("say", "page", "m1", "comm_msg")
    assert json.loads(item[4][0]) == {"comm_id": OWN, "data": {}}
    assert item[4][1] == b"\x00binary"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        *((kind, {"comm_id": OTHERS, "data": {}}) for kind in ("comm_msg", "comm_close")),
        ("comm_open", {"comm_id": OTHERS, "target_name": "jupyter.widget", "data": {}}),
        ("comm_open", {"comm_id": OTHERS, "target_name": "kit.pages", "data": {}}),
        ("comm_open", {"comm_id": OTHERS, "target_name": None}),
        ("comm_open", {"comm_id": OWN, "target_name": CONTROL}),
        ("comm_close", {"comm_id": OWN}),
        ("comm_msg", {"comm_id": None}), ("comm_msg", {"comm_id": [OWN]}), ("comm_msg", {}), ("comm_msg", []),
        ("comm_msg", {"comm_id": "x" * (LONGEST_ID + 1)}), ("comm_msg", {"comm_id": ""}),
        *((kind, {"comm_id": OWN, "code": "1"}) for kind in (
            "execute_request", "comm_info_request", "shutdown_request", "interrupt_request", "history_request",
            "debug_request", "create_subshell_request", "input_reply", "", None, ["comm_msg"],
        )),
    ],
)  # fmt: skip
def test_nothing_else_passes(page: Page, kind: object, content: object) -> None:
    for channel in ("shell", "control", "stdin", "iopub", ""):
        with pytest.raises(Refused):
            page.say(kind, content, channel)
    assert (page.link.said, page.told, page.route.open) == ([], [], {})


@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "", "SHELL"])
def test_ones_own_comm_is_spoken_to_on_the_shell_only(page: Page, channel: str) -> None:
    with pytest.raises(Refused):
        page.say("comm_msg", {"comm_id": OWN, "data": {}}, channel)
    assert page.link.said == []


def test_a_comm_that_was_opened_to_ask_for_widgets_can_be_used_and_closed(page: Page) -> None:
    page.say("comm_open", {"comm_id": "c", "target_name": CONTROL, "data": {}})
    page.say("comm_msg", {"comm_id": "c", "data": {"method": "request_states"}})
    with pytest.raises(Refused):
        page.say("comm_open", {"comm_id": "c", "target_name": CONTROL, "data": {}})
    page.say("comm_close", {"comm_id": "c"})
    assert [one[3] for one in page.link.said] == ["comm_open", "comm_msg", "comm_close"]


def test_what_is_said_again_is_said_once(page: Page) -> None:
    for _ in range(3):
        page.say("comm_msg", {"comm_id": OWN, "data": {}}, "shell", "the same")
    assert len(page.link.said) == 1


def test_a_kernel_is_heard_about_the_pages_own_comms_only(page: Page) -> None:
    content = json.dumps({"comm_id": OTHERS, "data": {}}).encode()
    page.route.hear("tell", ["comm_msg", OTHERS, "", {}], [content])
    assert page.told == []
    page.route.hear("tell", ["comm_open", "new", "", {"version": "2.1.0"}], [b'{"comm_id":"new"}'])
    page.route.hear("tell", ["comm_close", "new", "", {}], [b'{"comm_id":"new"}'])
    page.route.hear("tell", ["comm_msg", "new", "", {}], [b'{"comm_id":"new"}'])
    assert [one[1] for one in page.told] == ["comm_open", "comm_close"]


def test_an_answer_names_its_question_and_idle_comes_when_it_was_dealt_with(page: Page) -> None:
    page.say("comm_msg", {"comm_id": OWN, "data": {}})
    page.route.hear("tell", ["comm_msg", OWN, "m1", {}], [b'{"comm_id":"own-comm"}'])
    page.route.hear("done", ["m1"], [])
    page.route.hear("done", ["m1"], [])
    page.route.hear("done", ["never asked"], [])
    assert [one[:3] for one in page.told] == [("iopub", "comm_msg", "m1"), ("iopub", "status", "m1")]
    assert page.route.open == {}


def test_the_server_answers_whether_a_line_carries_and_the_kernel_whether_all_was_dealt_with(page: Page) -> None:
    page.say("kernel_info_request", {}, "control")
    assert page.link.said == []
    assert [one[:3] for one in page.told] == [("control", "kernel_info_reply", "m1"), ("iopub", "status", "m1")]
    page.say("kernel_info_request", {})
    assert [one[3] for one in page.link.said] == ["kernel_info_request"]
    page.route.hear("done", ["m2"], [])
    assert [one[:3] for one in page.told[2:]] == [("shell", "kernel_info_reply", "m2"), ("iopub", "status", "m2")]


def test_what_is_said_while_the_page_is_away_is_kept_for_it_within_bounds(page: Page) -> None:
    page.route.leave(page.line)
    for number in range(MOST_KEPT + 5):
        page.route.hear("tell", ["comm_msg", OWN, "", {}], [json.dumps({"comm_id": OWN, "n": number}).encode()])
    assert page.told == []
    page.route.join(page.line)
    assert [one[3]["n"] for one in page.told] == list(range(5, MOST_KEPT + 5))


class TestBudget:
    def test_a_burst_is_free_and_then_a_page_is_heard_at_a_steady_rate(self) -> None:
        clock = Clock()
        made = Budget(clock)
        assert not any(made.spend(100) for _ in range(budget.MESSAGES))
        assert made.spend(100) == pytest.approx(1 / budget.MESSAGES_A_SECOND)
        clock.now += 3600
        assert not any(made.spend(100) for _ in range(budget.MESSAGES)), "an hour later, and no more than that"
        assert made.spend(100) > 0

    def test_large_ones_wait_for_their_bytes_and_never_so_long_that_the_line_is_given_up(self) -> None:
        clock = Clock()
        made = Budget(clock)
        largest = 2 * 1024 * 1024
        assert [made.spend(largest), made.spend(largest)] == [0.0, 0.0]
        for _ in range(10):
            wait = made.spend(largest)
            assert 0 < wait < PING_SECONDS
            clock.now += wait

    def test_the_route_says_so_and_the_message_has_passed(self, page: Page) -> None:
        async def story() -> None:
            assert page.route.drained() is None
            for _ in range(budget.MESSAGES):
                page.route.budget.spend(1)
            page.say("comm_msg", {"comm_id": OWN, "data": {}})
            wait = page.route.drained()
            assert wait is not None
            await wait

        run(story())


def test_a_page_that_says_too_much_is_not_listened_to_until_its_kernel_has_caught_up(page: Page) -> None:
    async def story() -> None:
        for _ in range(MOST_OPEN - 1):
            page.say("comm_msg", {"comm_id": OWN, "data": {}})
        assert page.route.drained() is None
        page.say("comm_msg", {"comm_id": OWN, "data": {}})
        waits = page.route.drained()
        assert waits is not None
        assert not waits.done()
        page.route.hear("done", ["m1"], [])
        await asyncio.wait_for(waits, 5)

    run(story())


@pytest.mark.parametrize(
    "message",
    [
        b"", b"x", b"\x00" * 8, (2**63).to_bytes(8, "little") + b"x" * 64, (40).to_bytes(8, "little") + b"x" * 400,
        pack("shell", {}, {}, {}, {})[:-1] , b"".join(n.to_bytes(8, "little") for n in (6, 56, 40, 90, 91, 92, 93)),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(Refused):
        opened(message)


@pytest.mark.parametrize("raw", [b"", b"[]", b"1", b"{", b"[" * 100_000, b"\xff", b'{"a": NaN}', "{}".encode("utf-16")])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        as_object(raw)


@pytest.mark.parametrize("half", [b"\\ud800", b"\\udc80", b"\xed\xa0\x80", b"\\ud83d x \\ude00"])
@pytest.mark.parametrize("where", ['{"msg_id": "HALF"}', '{"HALF": 1}', '{"a": [{"b": "x HALF"}]}'])
def test_text_that_cannot_be_written_again_is_refused(half: bytes, where: str) -> None:
    with pytest.raises(Refused):
        as_object(where.encode().replace(b"HALF", half))
    assert as_object(where.encode().replace(b"HALF", b"\\ud83d\\ude00"))
