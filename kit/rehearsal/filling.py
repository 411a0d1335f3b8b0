"""A room that is filled at once: a few people at a time come in, answer all that is open, and leave."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tornado.httpclient import AsyncHTTPClient

from kit.rehearsal.people import Someone, cast_of, reach
from kit.session import Session

AT_ONCE = 6


@dataclass(frozen=True)
class Rehearsed:
    """How a rehearsal went: people who took part, answers that were acknowledged."""

    people: int
    answers: int


async def rehearse(
    session: Session, address: str, participants: int, seed: int = 1, said: Callable[[int], None] = lambda done: None
) -> Rehearsed:
    """Let simulated people take part, a few at a time; `said` is told how many are done.

    Raises `RehearsalFailed` with the first thing that went wrong.
    """
    AsyncHTTPClient.configure(None, max_clients=participants + 8)
    await reach(address)
    gate, done, answers = asyncio.Semaphore(AT_ONCE), 0, 0

    async def one(person: Someone) -> None:
        nonlocal done, answers
        async with gate:
            acknowledged = await person.take_part(session)
        # Not `answers += await …`: that would read the sum before the wait.
        answers += acknowledged
        done += 1
        said(done)

    async with asyncio.TaskGroup() as group:
        for person in cast_of(session, address, participants, seed):
            group.create_task(one(person))
    return Rehearsed(done, answers)
