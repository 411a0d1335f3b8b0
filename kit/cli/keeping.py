"""What stays of a workshop and for how long: the agenda as it went, answers and results removed, the day of that."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any

from kit.cli.session_words import tell
from kit.texts import default_language, say


def session_agenda(args: Namespace) -> int:
    """Write the agenda of a session as it went, with the trainers' notes: a table, CSV or XLSX."""
    from kit.agenda.protocol import protocol
    from kit.errors import NoAgenda, WrongOption
    from kit.following import followed
    from kit.reports.done import write_whole
    from kit.store import Store
    from kit.tables.writing import write_csv, write_xlsx

    kind = args.out.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise WrongOption(option="--out", value=args.out.name, allowed=".csv, .xlsx")
    with Store.open(args.store, existing=True) as store:
        session = store.sessions.named(args.session)
        found = followed(store, session.id)
    if found is None:
        raise NoAgenda(title=session.title)
    rows = protocol(found.agenda, found.course, args.lang)
    data = write_csv(rows, args.lang) if kind == ".csv" else write_xlsx(rows, found.agenda.told(args.lang).title)
    # For this user's eyes only, as the store itself: a note may tell of somebody.
    write_whole(args.out, data)
    print(args.out)
    return 0


def session_purge(args: Namespace) -> int:
    """Remove everything that a session has kept, or with --answers all but its results; with --due, old answers."""
    from kit.store import Store

    if bool(args.session) is args.due:
        sys.stderr.write(f"kit: {say(default_language(), 'cli.purge_which')}\n")
        return 2
    with Store.open(args.store, existing=True) as store:
        if args.due:
            return _purge_due(store, args)
        session = store.sessions.named(args.session)
        key = "emptied" if args.answers else "purged"
        if not args.yes:
            tell(f"{key}_sure", title=session.title, code=session.code)
            return 1
        if args.answers:
            from kit import results

            results.keep_results_only(store, session)
        else:
            store.sessions.purge(session.id)
    tell(key, code=session.code)
    return 0


def _purge_due(store: Any, args: Namespace) -> int:
    from kit import retention

    if args.yes:
        if not forget_due(store):
            tell("nothing_due")
        return 0
    for one in (found := retention.due(store)):
        tell("due_on", title=one.title, code=one.code, day=one.answers_go_on)
    tell("due_sure" if found else "nothing_due")
    return 1 if found else 0


def forget_due(store: Any) -> int:
    """Remove the answers whose day has come, and say of which workshops; returns how many these were."""
    from kit import retention

    done = retention.remove_due(store)
    for one in done:
        tell("emptied_due", title=one.title, code=one.code)
    return len(done)
