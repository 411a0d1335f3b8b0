"""How long answers are kept: a day that was agreed beforehand, told to everyone, and kept by itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from kit import results, retention
from kit.cli import main
from kit.errors import UnknownCode
from kit.session import KEEP_DAYS, UNENDED_DAYS, Mode, Session, new_code, new_id, tidy_room
from kit.store import Store
from kit.store.schema import sessions
from kit.texts import say
from tests.test_reports import workshop


def made(store: Store, **when: object) -> Session:
    """A workshop with answers and a result, as it is later."""
    session = workshop(store, 6, Mode.ANONYMOUS, ("pulse",))
    results.reveal(store, session, "pulse")
    if when:
        with store.engine.begin() as connection:
            connection.execute(update(sessions).where(sessions.c.id == session.id).values(**when))
    return store.sessions.get(session.id)


def ago(days: int) -> date:
    return date.today() - timedelta(days)


def answers(store: Store, session: Session) -> int:
    return len(store.answers.responses(session.id, "pulse"))


def test_answers_go_on_their_day_and_results_stay(store: Store) -> None:
    due = made(store, closed=True, closed_on=ago(KEEP_DAYS))
    early = made(store, closed=True, closed_on=ago(KEEP_DAYS - 1))
    longer = made(store, closed=True, closed_on=ago(KEEP_DAYS), keep_days=KEEP_DAYS + 1)
    nothing_agreed = made(store, closed=True, closed_on=ago(5 * KEEP_DAYS), keep_days=None)
    runs = made(store, made_on=ago(UNENDED_DAYS + KEEP_DAYS - 1))
    forgotten = made(store, made_on=ago(UNENDED_DAYS + KEEP_DAYS))
    assert {one.id for one in retention.remove_due(store)} == {due.id, forgotten.id}
    for one in (due, forgotten):
        now = store.sessions.get(one.id)
        assert (answers(store, one), now.emptied_on, now.closed) == (0, date.today(), True)
        assert results.told(store, now, "pulse", "en")
    for one in (early, longer, nothing_agreed, runs):
        assert (answers(store, one), store.sessions.get(one.id).emptied_on) == (6, None)
    assert retention.remove_due(store) == []
    assert [retention.soon(store.sessions.get(one.id)) for one in (early, runs, nothing_agreed, due)] == [
        True, True, False, False,
    ]  # fmt: skip


def test_the_command_says_first_what_goes(store: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    session = made(store, closed=True, closed_on=ago(KEEP_DAYS), title="Tuesday")

    def kit(*call: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            main(["--speak", "en", "session", *call, "--store", str(tmp_path / "store.db")])
        return ended.value.code, capsys.readouterr().out

    assert kit("purge")[0] == 2
    assert kit("purge", session.code, "--due")[0] == 2
    code, said = kit("purge", "--due")
    assert (code, answers(store, session)) == (1, 6)
    assert say("en", "cli.due_on", title="Tuesday", code=session.code, day=date.today()) in said
    code, said = kit("purge", "--due", "--yes")
    assert (code, answers(store, session)) == (0, 0)
    assert say("en", "cli.emptied_due", title="Tuesday", code=session.code) in said
    assert kit("purge", "--due") == (0, f"{say('en', 'cli.nothing_due')}\n")


def test_what_is_agreed_beforehand_is_kept_with_the_workshop(
    store: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for call in (["--keep-days", "30"], []):
        with pytest.raises(SystemExit):
            main(["session", "new", "--exercises", "pulse", *call, "--store", str(tmp_path / "store.db")])
    assert sorted(one.keep_days or 0 for one in store.sessions.all()) == [30, KEEP_DAYS]
    for wrong in ("0", "3651", "soon"):
        with pytest.raises(SystemExit) as ended:
            main(["session", "new", "--keep-days", wrong, "--store", str(tmp_path / "store.db")])
        assert ended.value.code == 2


def test_a_series_keeps_the_name_of_its_room(store: Store) -> None:
    first = made(store, room="lac-nord", closed=True, closed_on=ago(20), made_on=ago(20))
    assert store.sessions.by_code("lac-nord").id == first.id, "its last one has ended: people are told so"
    second = made(store, room="lac-nord", made_on=ago(10))
    made(store, room="lac-sud")
    for typed in ("lac-nord", "Lac-Nord", " LAC NORD "):
        assert store.sessions.by_code(typed).id == second.id
    assert store.sessions.by_code(first.code).id == first.id, "each is found by its own code, too"
    nameless = made(store)
    assert (second.join_name, nameless.join_name) == ("lac-nord", nameless.code)
    for typed in ("lac", "", "nobody-is-here", "x" * 64):
        with pytest.raises(UnknownCode):
            store.sessions.by_code(typed)


def test_a_name_passes_to_the_newest_of_two_on_one_day(store: Store) -> None:
    """Somebody makes a workshop, sees a wrong word in its title, and makes it once more."""

    def another() -> Session:
        new = Session(new_id(), new_code(), "T", "en", Mode.ANONYMOUS, 5, (), secret=new_id(), room="lac-nord")
        return store.sessions.add(new, new_id())

    for _ in range(8):
        before, newest = another(), another()
        assert store.sessions.by_code("lac-nord").id == newest.id
        # Its console and wall show the way that leads to it.
        assert store.sessions.get(before.id).join_name == before.code
    store.sessions.close(newest.id)
    assert store.sessions.by_code("lac-nord").id == newest.id


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Lac Nord", "lac-nord"),
        ("a1b2", "a1b2"),
        ("abc", ""),
        ("-lac-", ""),
        ("été-ici", ""),
        ("a" * 25, ""),
        ("a/b/c", ""),
    ],
)
def test_what_may_be_the_name_of_a_room(typed: str, name: str) -> None:
    assert tidy_room(typed) == name
