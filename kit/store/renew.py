"""Bring the kept answers of every session to the versions of the exercises that are installed now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, and_, delete, insert, select, update

from kit.errors import StoreTooNew
from kit.session import Value
from kit.store.engine import reading, writing
from kit.store.place import name_of
from kit.store.schema import answers, plans, seats
from kit.store.session_rows import touch
from kit.versions import versions

if TYPE_CHECKING:
    from kit.exercise import Exercise

Outdated = tuple[str, str, int, list[str]]


def renew(engine: Engine) -> None:
    """Upgrade what was answered to older versions; what no longer fits goes. Does nothing when nothing is older.

    What was answered in an earlier edition of an exercise stays as it is, and the workshop goes on with that edition.

    Raises `StoreTooNew` when an exercise was kept by a newer version of it: then nothing is changed.
    """
    with reading(engine) as connection:
        if not any(True for _ in _outdated(connection, engine)):
            return
    from kit.exercise import exercise

    with writing(engine) as connection:
        # Another process may have done the work while this one stood in line.
        for session_id, slug, version, options in list(_outdated(connection, engine, lock=True)):
            model, people = exercise(slug), _people(connection, session_id, slug)
            edition = _edition(model, version, options) if people else None
            changed: dict[str, object] = {"version": versions()[slug]}
            if edition is not None:
                changed["options"] = list(dict.fromkeys((*options, edition)))
            elif people:
                changed["renewed"] = True
                for person, kept in people.items():
                    _replace(connection, person, model, version, kept)
            place = and_(plans.c.session_id == session_id, plans.c.slug == slug)
            connection.execute(update(plans).where(place).values(changed))
            touch(connection, session_id)


def _outdated(connection: Connection, engine: Engine, lock: bool = False) -> Iterator[Outdated]:
    """Session, exercise, version and options of what was kept with an older version of an installed exercise."""
    wanted = select(plans.c.session_id, plans.c.slug, plans.c.version, plans.c.options)
    wanted = wanted.order_by(plans.c.session_id, plans.c.slug)
    for row in connection.execute(wanted.with_for_update() if lock else wanted).all():
        installed = versions().get(row.slug, row.version)
        if row.version > installed:
            raise StoreTooNew(where=name_of(engine.url), found=f"{row.slug} {row.version}")
        if row.version < installed:
            yield row.session_id, row.slug, row.version, row.options


def _edition(model: Exercise, version: int, options: list[str]) -> str | None:
    """The earlier edition in which a workshop was answered; None where that is the one of now."""
    return next((one for one in model.structure.editions if one in options), model.structure.edition_of(version))


def _people(connection: Connection, session_id: str, slug: str) -> dict[str, list[Any]]:
    """What everyone has answered in one exercise, by person; what was taken back is none."""
    wanted = (
        select(answers)
        .join(seats, seats.c.id == answers.c.participant_id)
        .where(seats.c.session_id == session_id, answers.c.exercise == slug, answers.c.value.is_not(None))
    )
    people: dict[str, list[Any]] = {}
    for row in connection.execute(wanted):
        people.setdefault(row.participant_id, []).append(row)
    return people


def _replace(connection: Connection, person: str, model: Exercise, version: int, kept: list[Any]) -> None:
    """Write what has changed, with a later revision each, so that a page that was left open notices."""
    from kit.upgrades import upgraded

    before: dict[str, Value] = {row.item: row.value for row in kept}
    after = upgraded(model, version, before)
    own = and_(answers.c.participant_id == person, answers.c.exercise == model.slug)
    revisions = dict(connection.execute(select(answers.c.item, answers.c.revision).where(own)).tuples().all())
    for item in before.keys() - after.keys():
        connection.execute(delete(answers).where(own, answers.c.item == item))
    for item, value in after.items():
        if item in revisions and before.get(item) != value:
            new = {"value": value, "revision": revisions[item] + 1}
            connection.execute(update(answers).where(own, answers.c.item == item).values(new))
        elif item not in revisions:
            row = {"participant_id": person, "exercise": model.slug, "item": item, "value": value, "revision": 1}
            connection.execute(insert(answers).values(row))
