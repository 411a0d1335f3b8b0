"""What the command line says in words: a sentence of its own, and what there is to say of one workshop."""

from __future__ import annotations

from collections.abc import Mapping

from kit.session import Session
from kit.texts import default_language, say


def tell(key: str, **details: object) -> None:
    """Print a sentence of the command line (`cli.<key>`)."""
    print(say(default_language(), f"cli.{key}", **details))


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
    tell("shown", k=session.k, joined=at_least(joined), **told)
    if goes:
        tell("shown_keeps", day=goes)
    for plan in session.plans:
        title, where = exercise(plan.slug).texts(lang).title, say(lang, f"room.{plan.state.value}")
        tell("shown_exercise", title=title, state=where, answered=at_least(answered.get(plan.slug, 0)))
    if not session.closed:
        tell("shown_host", code=session.code)


def tell_made(session: Session, path: str) -> None:
    """A session that was just made, and the `path` of the facilitator's link, which nobody sees again."""
    tell("made", title=session.title, code=session.code, path=path)


def tell_ended(session: Session) -> None:
    """A session that has ended, and until when its answers are kept."""
    tell("ended", title=session.title, code=session.code)
    if goes := session.answers_go_on:
        tell("shown_keeps", day=goes)
