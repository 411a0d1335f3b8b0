"""What the command line says of one workshop, in words."""

from __future__ import annotations

from collections.abc import Mapping

from kit.session import Session
from kit.texts import default_language, say


def tell_session(session: Session, joined: int, answered: Mapping[str, int]) -> None:
    """One session in words; 0 people stands for fewer than k."""
    from kit.exercise import exercise

    lang = default_language()

    def at_least(n: int) -> str:
        return say(lang, "cli.at_least", n=n) if n else say(lang, "cli.fewer", k=session.k)

    goes = session.answers_go_on
    state, mode = ("over" if session.closed else "running"), f"mode_{session.mode.value}"
    told = {"state": say(lang, f"cli.{state}").strip(), "mode": say(lang, f"cli.{mode}")}
    told |= {"title": session.title, "code": session.code, "id": session.id, "day": str(session.made_on)}
    _print("shown", k=session.k, joined=at_least(joined), **told)
    if goes:
        _print("shown_keeps", day=goes)
    for plan in session.plans:
        title, where = exercise(plan.slug).texts(lang).title, say(lang, f"room.{plan.state.value}")
        _print("shown_exercise", title=title, state=where, answered=at_least(answered.get(plan.slug, 0)))
    if not session.closed:
        _print("shown_host", code=session.code)


def tell_made(session: Session, path: str) -> None:
    """A session that was just made, and the `path` of the facilitator's link, which nobody sees again."""
    _print("made", title=session.title, code=session.code, path=path)


def tell_ended(session: Session) -> None:
    """A session that has ended, and until when its answers are kept."""
    _print("ended", title=session.title, code=session.code)
    if goes := session.answers_go_on:
        _print("shown_keeps", day=goes)


def _print(key: str, **details: object) -> None:
    print(say(default_language(), f"cli.{key}", **details))
