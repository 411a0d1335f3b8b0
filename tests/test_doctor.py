"""`kit doctor`: what would spoil a workshop is found, and each finding has its mend in both languages."""

from __future__ import annotations

import webbrowser
from datetime import datetime
from types import SimpleNamespace as Is

import psutil
import pytest

from kit.serving import doctor
from kit.serving.doctor import Check, Machine, Verdict, examine, worst
from kit.serving.network import Kind, Own
from kit.serving.reach import Reach
from kit.serving.site import Site
from kit.store import Store
from kit.texts import languages, say

GB = 1_000_000_000
WELL = {
    "memory": lambda: Is(available=4 * GB), "disk": lambda _: Is(free=50 * GB), "now": lambda: datetime(2199, 1, 1, 9),
    "battery": lambda: Is(power_plugged=True, percent=80), "browser": lambda: object(), "files": lambda: 65536,
}  # fmt: skip


def no_browser() -> object:
    raise webbrowser.Error("none")


def found(store: Store, own: Own | None = None, **odd: object) -> dict[str, Check]:
    """What is found on a machine where all is well but this."""
    reach = Reach(Site(), "0.0.0.0", 8866, look=lambda: [own or Own("192.168.1.7", "wlan0", Kind.WIFI)])
    machine = Machine(**{**WELL, **odd})  # type: ignore[arg-type]
    return {one.id: one for one in examine(store, 100, reach, machine)} | {
        "browser": doctor._browser(machine), "port": doctor._port()
    }  # fmt: skip


def test_where_all_is_well_only_what_cannot_be_seen_is_left(store: Store) -> None:
    checks = found(store)
    assert {one.id for one in checks.values() if one.state is Verdict.UNSEEN} == {"firewall", "sleep"}
    assert not [one for one in checks.values() if one.state is Verdict.MEND]
    assert {one.id for one in examine(store)} == set(checks), "the page before a server runs looks at the same"
    told = {one.id for one in examine(store, machine=Machine(browser=no_browser), in_browser=True)}
    assert told == set(checks) - {"browser"}, "whoever reads it in a browser has one"


@pytest.mark.parametrize(
    ("id", "odd"),
    [
        ("memory", {"memory": lambda: Is(available=GB // 2)}), ("disk", {"disk": lambda _: Is(free=GB // 10)}),
        ("files", {"files": lambda: 1024}), ("power", {"battery": lambda: Is(power_plugged=False, percent=80)}),
        ("clock", {"now": lambda: datetime(2020, 1, 1, 9)}), ("browser", {"browser": no_browser}),
        ("address", {"own": Own("127.0.0.1", "lo", Kind.LOOPBACK)}),
        ("address", {"own": Own("10.8.0.2", "tun0", Kind.TUNNEL)}),
    ],
)  # fmt: skip
def test_what_would_spoil_a_workshop_is_found_with_its_mend(store: Store, id: str, odd: dict[str, object]) -> None:
    checks = found(store, **odd)  # type: ignore[arg-type]
    assert [one.id for one in checks.values() if one.state is Verdict.MEND] == [id]
    for lang in languages():
        assert checks[id].told(lang)
        assert checks[id].how(lang)
        assert "{" not in checks[id].told(lang) + checks[id].how(lang)


def test_where_no_port_is_free_other_programs_are_to_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    from kit.errors import PortInUse

    def taken(*_: object) -> object:
        raise PortInUse(port="8866–8885")

    monkeypatch.setattr(doctor, "bind", taken)
    check = doctor._port()
    assert (check.state, "8866–8885" in check.told("fr")) == (Verdict.MEND, True)


def test_the_address_is_the_one_that_a_workshop_would_have_now(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # Which ports are free here, other programs decide, and from one moment to the next.
    monkeypatch.setattr(doctor, "bind", lambda *_: ([], 8871))
    checks = {one.id: one for one in examine(store)}
    assert checks["port"].details["port"] == 8871
    if "url" in checks["address"].details:
        assert str(checks["address"].details["url"]).endswith(":8871")


def test_a_battery_that_nobody_sees_is_no_fault(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(store, battery=lambda: None)["power"].state is Verdict.UNSEEN

    def hidden() -> None:
        raise FileNotFoundError("/sys/class/power_supply")

    monkeypatch.setattr(psutil, "sensors_battery", hidden, raising=False)
    assert Machine().battery() is None


def test_what_is_to_be_mended_comes_first(store: Store) -> None:
    checks = worst(list(found(store, files=lambda: 10).values()))
    assert [checks[0].id, checks[1].state] == ["files", Verdict.UNSEEN]
    assert say("en", "doctor.files.mend", most=10, need=1800, n=100) == checks[0].told("en")
