"""How an exercise and the wall stand, so that what a trainer does with them can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.results import go_back, is_off, take_off
from kit.session import State
from kit.store import Store


def stands(store: Store, session_id: str, slug: str) -> dict[str, Any]:
    """How an exercise stands (with "": none), and what is on the wall; for `put_back`, as JSON."""
    session = store.sessions.get(session_id)
    showing, slide = store.sessions.on_the_wall(session_id)
    wall = {"showing": showing or "", "slide": slide}
    plan = session.plan(slug)
    if plan is None:
        return wall
    own = {"slug": slug, "state": plan.state.value, "stage": plan.stage, "way": list(plan.way), "round": plan.round}
    return wall | own | {"off": is_off(store, session, slug)}


def taken_back(store: Store, session_id: str, was: Mapping[str, Any]) -> tuple[str, str]:
    """What `put_back` would take back: "open", "close", "stage", "free", "take_off", "put_back", "show" or "hide".

    And of which exercise; two empty words where all stands as it did.
    """
    slug = was.get("slug", "")
    now = stands(store, session_id, slug)
    parts = ("state", "stage", "off", "showing", "slide")
    changed = [one for one in parts if one in now and was.get(one) != now[one]]
    if not was or not changed:
        return "", ""
    if changed[0] == "state":
        return "open" if now["state"] == State.OPEN.value else "close", slug
    if changed[0] == "stage":
        return "stage" if now["stage"] else "free", slug
    if changed[0] == "off":
        return "take_off" if now["off"] else "put_back", slug
    return ("show", now["showing"]) if now["showing"] else ("hide", was["showing"])


def put_back(store: Store, session_id: str, was: Mapping[str, Any]) -> None:
    """Let all stand as it did; what people have answered meanwhile stays, and what was revealed stays revealed."""
    session = store.sessions.get(session_id)
    if not was or session.closed:
        return
    slug = was.get("slug", "")
    plan = session.plan(slug)
    if plan is not None:
        # A second round of which nothing was told yet has not been, and can be asked for again.
        if was.get("round") == 1 and plan.round > 1:
            go_back(store, session, slug)
        store.sessions.set_state(session_id, slug, State(was["state"]))
        store.sessions.set_stage(session_id, slug, was["stage"], was["way"])
        if is_off(store, session, slug) != was["off"]:
            take_off(store, session, slug, was["off"])
    if added := was.get("asked"):
        store.sessions.ask_no_more(session_id, added["slug"], added["options"])
    store.sessions.show(session_id, was["showing"] or None, was["slide"])
