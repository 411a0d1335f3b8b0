"""What each command does: read its options, call the package, tell the result."""

from __future__ import annotations

import asyncio
import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

from kit.cli.session_words import tell, tell_ended, tell_made, tell_session
from kit.errors import KitError, PartnersMissing, PeopleAreHere, RehearsalFailed, StoreMissing
from kit.quick import quickly
from kit.session import EXPECTED_DEFAULT, EXPECTED_MOST, Mode, Plan, Session, State, fingerprint, new_code, new_id
from kit.texts import default_language, say


def workshop(args: Namespace) -> int:
    """Make a session and serve it."""
    starting()
    with quickly():
        from kit.cli.running import Serving, serve_until_stopped

    from kit.cli.keeping import forget_due

    where = _where(args)
    with _workshops(args) as store:
        forget_due(store)
        session, key = make_session(store, args)
        if args.rehearse and not args.agenda:
            for plan in session.plans:
                store.sessions.set_state(session.id, plan.slug, State.OPEN)
        serve_until_stopped(
            Serving(
                store,
                **where,
                session=session,
                key=key,
                rehearse=_rehearsal(args) if args.rehearse else (),
                passes=session.practice == "passes",
                browser=not args.no_browser,
                until_input_ends=args.until_input_ends,
            )
        )
    return 0


def serve(args: Namespace) -> int:
    """Serve the sessions that the store holds."""
    starting()
    with quickly():
        from kit.cli.running import Serving, serve_until_stopped

    from kit.cli.keeping import forget_due

    where = _where(args)
    with _store(args) as store:
        forget_due(store)
        serve_until_stopped(Serving(store, **where, until_input_ends=args.until_input_ends))
    return 0


def backup(args: Namespace) -> int:
    """Write a copy of the store while it is in use."""
    from kit.store.backup import copy

    with _store(args, existing=True) as store:
        if not copy(store.engine, args.file):
            tell("backup_postgres", file=args.file)
            return 1
    tell("backed_up", file=args.file)
    return 0


def session_new(args: Namespace) -> int:
    """Make a session; print its code and the facilitator's key, which is shown only this once."""
    from kit.store import Store

    with Store.open(args.store) as store:
        session, key = make_session(store, args)
    if args.json:
        _tell(args, {**_row(session), "host": f"/host#{session.id}.{key}"})
    else:
        tell_made(session, f"/host#{session.id}.{key}")
    return 0


def session_list(args: Namespace) -> int:
    """Print every session, the latest day first."""
    from kit.store import Store
    from kit.store.place import is_named

    try:
        with Store.open(args.store, existing=True) as store:
            rows = [_row(one) for one in store.sessions.all() if not args.tag or set(args.tag) & set(one.tags)]
    except StoreMissing:
        # Before the first workshop there is none where it is by itself; elsewhere, somebody has mistyped.
        if is_named(args.store):
            raise
        rows = []
    if args.json:
        _tell(args, rows)
    elif not rows:
        tell("no_tagged" if args.tag else "no_sessions")
    for row in rows if not args.json else []:
        state, tags = _word("over" if row["closed"] else "running"), "".join(f"  #{tag}" for tag in row["tags"])
        print(f"{row['code']}  {row['made_on']}  {state}  {row['title']}{tags}")
    return 0


def session_tag(args: Namespace) -> int:
    """Add tags to a session, take some away, and print what it has."""
    from kit.store import Store

    with Store.open(args.store, existing=True) as store:
        session = store.sessions.named(args.session)
        tags = tuple(sorted({*session.tags, *args.tags} - set(args.remove)))
        if tags != session.tags:
            store.sessions.tag(session.id, tags)
    _tell(args, {"code": session.code, "tags": list(tags) if args.json else ", ".join(tags) or "–"})
    return 0


def session_show(args: Namespace) -> int:
    """Print one session, with how many joined and answered: as everywhere but on the console, in steps of k."""
    from kit.disclosure import told_count
    from kit.store import Store

    with Store.open(args.store, existing=True) as store:
        session = store.sessions.named(args.session)
        counts = store.sessions.counts(session.id)
    joined = told_count(counts.joined, session.k)
    answered = {slug: told_count(n, session.k) for slug, n in counts.answered.items()}
    if args.json:
        _tell(args, {**_row(session), "joined_at_least": joined, "answered_at_least": answered})
    else:
        tell_session(session, joined, answered)
    return 0


def session_close(args: Namespace) -> int:
    """End a session: nobody can answer any more."""
    from kit import series
    from kit.store import Store

    with Store.open(args.store, existing=True) as store:
        session = store.sessions.named(args.session)
        series.close(store, session.id)
        # As it stands now: with its end, the day is set on which answers go.
        session = store.sessions.get(session.id)
    if args.json:
        _tell(args, _row(session))
    else:
        tell_ended(session)
    return 0


def session_host(args: Namespace) -> int:
    """Make the facilitator's key anew; every earlier key and link ends."""
    from kit.store import Store

    with Store.open(args.store, existing=True) as store:
        session = store.sessions.named(args.session)
        key = store.hosts.renew(session.id)
    path = f"/host#{session.id}.{key}"
    if args.json:
        _tell(args, {**_row(session), "host": path})
    else:
        tell("new_host", title=session.title, host=f"{args.address.rstrip('/')}{path}")
    return 0


def session_reopen(args: Namespace) -> int:
    """Take a session's end back, on its own day."""
    from kit.store import Store

    with Store.open(args.store, existing=True) as store:
        session = store.sessions.named(args.session)
        store.sessions.reopen(session.id)
        session = store.sessions.get(session.id)
    _tell(args, _row(session) if args.json else {"code": session.code}, "reopened")
    return 0


def rehearse(args: Namespace) -> int:
    """Let simulated people take part in a workshop that is running."""
    from kit.rehearsal.filling import rehearse as fill
    from kit.rehearsal.room import SPEED, follow
    from kit.store import Store

    def said(done: int) -> None:
        if not args.json and sys.stderr.isatty():
            sys.stderr.write(f"\r{done}/{args.participants}")

    with Store.open(args.store, existing=True) as store:
        session = _room_of(store, args)
        address = args.address.rstrip("/")
        try:
            if args.follow:
                speed = args.speed or SPEED
                done = asyncio.run(follow(store, session, address, args.participants, args.seed, speed))
            else:
                done = asyncio.run(fill(session, address, args.participants, args.seed, said))
        except* (KitError, OSError) as group:
            first = _first(group)
            raise first if isinstance(first, KitError) else RehearsalFailed(reason=str(first)) from None
    if not (args.json or args.follow) and sys.stderr.isatty():
        sys.stderr.write("\r")
    _tell(args, {"people": done.people, "answers": done.answers}, "rehearsed")
    return 0


def _room_of(store: Any, args: Namespace) -> Session:
    """The workshop for simulated people, opened if that was asked for; raises a `KitError` where they do not belong."""
    session = store.sessions.named(args.code)
    here = store.sessions.counts(session.id).joined
    if here and not args.beside_people:
        raise PeopleAreHere(n=here)
    if args.open:
        for plan in session.plans:
            store.sessions.set_state(session.id, plan.slug, State.OPEN)
    session = store.sessions.get(session.id)
    if not args.follow and all(plan.state is not State.OPEN for plan in session.plans):
        raise RehearsalFailed(reason=_word("nothing_open"))
    return session


def _workshops(args: Namespace) -> AbstractContextManager[Any]:
    """The store for a workshop; a practice has one of its own, of which nothing is kept."""
    if not args.rehearse:
        return cast("AbstractContextManager[Any]", _store(args))
    from kit.practice import practice_store

    return practice_store(args.store)


def _practice(args: Namespace) -> str:
    """What becomes of a practice (see `Session.practice`); nothing where none was asked for."""
    if not getattr(args, "rehearse", 0):
        return ""
    return "passes" if args.store_passes or not args.store else "kept"


def _rehearsal(args: Namespace) -> tuple[str, ...]:
    """How `kit rehearse` is called beside a workshop."""
    follow = ("--follow", *(("--speed", str(args.speed)) if args.speed else ())) if args.agenda else ()
    # Whoever tries it out on a phone of their own is welcome in it.
    return ("--participants", str(args.rehearse), "--beside-people", *follow)


def _store(args: Namespace, existing: bool = False) -> Any:
    """The store that was asked for; says so when its password stands where everybody on the machine can read it."""
    from sqlalchemy import make_url

    from kit.store import Store

    if args.store and "://" in args.store and make_url(args.store).password:
        sys.stderr.write(f"kit: {_word('password_shown')}\n")
    return Store.open(args.store, existing)


def _where(args: Namespace) -> dict[str, Any]:
    """Where to serve, and what listens there; raises `WrongOption` or `PortInUse` before anything is made."""
    from kit.serving.network import bind
    from kit.serving.site import site
    from kit.serving.tls import context

    what = {
        "host": args.host, "lang": args.lang, "limit": args.limit, "tls": context(args.certfile, args.keyfile),
        "site": site(args.address, args.base_url, args.behind_proxy, args.allow_host),
    }  # fmt: skip
    sockets, port = bind(args.host, args.port)
    return {**what, "sockets": sockets, "port": port}


def make_session(store: Any, args: Namespace) -> tuple[Session, str]:
    import secrets

    from kit.series import goes_on_with
    from kit.store.hosts import new_host_key

    key = new_host_key()
    partners = tuple(name.strip() for name in args.partners.split(",") if name.strip())
    if Mode(args.mode) is Mode.ATTRIBUTED and not partners:
        # Nobody would be asked for one, and no organization could ever be named.
        raise PartnersMissing()
    plans = _chosen(args)
    # A practice has a store of its own, with no earlier workshop in it.
    earlier = "" if getattr(args, "rehearse", 0) else args.follows
    session = Session(
        id=new_id(), code=new_code(), title=args.title or say(args.lang, "cli.default_title"), lang=args.lang,
        mode=Mode(args.mode), k=args.k, plans=plans, partners=partners, secret=secrets.token_hex(32),
        # Simulated people are expected too.
        expected=args.expected or max(EXPECTED_DEFAULT, min(getattr(args, "rehearse", 0), EXPECTED_MOST)),
        tags=tuple(sorted(set(args.tag))), keep_days=args.keep_days,
        follows=goes_on_with(store.sessions.named(earlier), plans) if earlier else "", room=args.room or "",
        practice=_practice(args),
    )  # fmt: skip
    _warn(session.plans)
    made = store.sessions.add(session, fingerprint(key))
    if args.agenda:
        from kit.agenda.model import find_agenda
        from kit.following import follow

        follow(store, made.id, find_agenda(args.agenda))
    return made, key


def _warn(plans: Sequence[Plan]) -> None:
    """Say which of the lenses that were named are to be read with people concerned first."""
    from kit.exercise import exercise

    if named := [one for plan in plans for one in plan.options if one not in exercise(plan.slug).unnamed]:
        sys.stderr.write(f"kit: {say(default_language(), 'cli.read_first', names=', '.join(named))}\n")


def _chosen(args: Namespace) -> tuple[Plan, ...]:
    """The exercises that were named; with an agenda, its own, and after them those that were named besides."""
    if not args.agenda:
        return _plans(args.exercises)
    from kit.agenda.model import find_agenda
    from kit.exercise import exercise

    own = find_agenda(args.agenda).structure.plans
    plans = [Plan(slug, exercise(slug).options(lenses)) for slug, lenses in own.items()]
    return (*plans, *(one for one in (_plans(args.exercises) if args.exercises else ()) if one.slug not in own))


def _plans(typed: str | None) -> tuple[Plan, ...]:
    """`a,b:lens+lens` as plans; every exercise with no lens when nothing was typed."""
    from kit.exercise import exercise, exercises

    if not typed:
        return tuple(Plan(slug) for slug in exercises())
    plans = []
    for part in typed.split(","):
        slug, _, lenses = part.strip().partition(":")
        chosen = tuple(lens for lens in lenses.split("+") if lens)
        plans.append(Plan(slug, exercise(slug).options(chosen)))
    return tuple(plans)


def _row(session: Session) -> dict[str, Any]:
    exercises = {plan.slug: plan.state.value for plan in session.plans}
    return {
        "id": session.id, "code": session.code, "title": session.title, "made_on": session.made_on.isoformat(),
        "mode": session.mode.value, "k": session.k, "closed": session.closed, "exercises": exercises,
        "tags": list(session.tags), "keep_days": session.keep_days, "room": session.room,
        "answers_go_on": day.isoformat() if (day := session.answers_go_on) else None,
    }  # fmt: skip


def _tell(args: Namespace, told: Any, key: str = "") -> None:
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
    elif key:
        tell(key, **told)
    else:
        for name, value in told.items():
            print(f"{name}: {value}")


def starting() -> None:
    """A word before the seconds that loading takes."""
    print(say(default_language(), "calls.starting"), flush=True)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


def _word(key: str) -> str:
    return say(default_language(), f"cli.{key}")
