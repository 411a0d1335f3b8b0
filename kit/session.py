"""The people and things of a workshop, as frozen data: no I/O, no names, no times of day."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

# No letter or digit that is mistaken for another when it is read aloud in French or English.
CODE_LETTERS = "ACDEFHJKLMNPRTUVWXY34679"
CODE_LENGTH = 6
CARD_WORDS = 4
K_DEFAULT = 5
K_LEAST = 3
# How many people a workshop expects whose facilitator has not said so, and the most that can be said.
EXPECTED_DEFAULT = 40
EXPECTED_MOST = 5000
TAG_LONGEST, TAGS_MOST = 40, 20
# So many days after the end, answers are removed, unless it was agreed otherwise beforehand; the most that can be.
KEEP_DAYS, KEEP_MOST = 90, 3650
# A workshop that nobody ends counts as ended so many days after it was made: answers are not kept without an end.
UNENDED_DAYS = 180
_ROOM = re.compile(r"[a-z0-9][a-z0-9-]{2,22}[a-z0-9]")
_SECTOR = re.compile(r"[a-z][a-z0-9_]{0,47}")

# A choice is the option's id; a text carries its writer's consent to show it.
Value = str | dict[str, Any]


class Sector(StrEnum):
    """Where a participant works: the kit's own sectors, and any other id that a community has for one of theirs.

    Which of them are offered, in which order and under which names is content (see `kit.sectors`).
    """

    SETTLEMENT = "settlement"
    ANTI_VIOLENCE = "anti_violence"
    INDIGENOUS = "indigenous"
    MUNICIPAL = "municipal"
    HEALTH_HIV = "health_hiv"
    JUSTICE = "justice"
    INSTITUTION = "institution"
    COMMUNITY = "community"
    OTHER = "other"

    @classmethod
    def _missing_(cls, value: object) -> Sector | None:
        """A sector that the kit itself does not name; ValueError for what is no id at all."""
        if not isinstance(value, str) or not _SECTOR.fullmatch(value):
            return None
        made = str.__new__(cls, value)
        made._name_, made._value_ = value.upper(), value
        return made


class Mode(StrEnum):
    """Chosen when a session is made and unchangeable after."""

    ANONYMOUS = "anonymous"
    ATTRIBUTED = "attributed"


class Reason(StrEnum):
    """Why a browser that holds a seat takes another one; the order is the one in which forms list them."""

    SHARED = "shared"
    HELP = "help"
    LOST = "lost"
    OTHER = "other"


class State(StrEnum):
    """Of one exercise in one session."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Plan:
    """One exercise of a session with the trainer's choices (for partnership: which lenses).

    stage    where the facilitator has brought the whole room; empty: everyone at their own pace
    version  of the exercise that the kept answers fit; 0: the one that is installed
    renewed  whether people had answered an older version of it
    round    1, or 2 once it was opened again after its result was seen (see `kit.disclosure.rounds`)
    way      the places at which the room was together on the way to `stage`
    """

    slug: str
    options: tuple[str, ...] = ()
    state: State = State.WAITING
    stage: str = ""
    version: int = field(default=0, compare=False)
    renewed: bool = field(default=False, compare=False)
    round: int = 1
    way: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """One workshop.

    locked    whether nobody new comes in; people who hold a seat do
    expected  how many people the facilitator expects: so many come in at once before anyone has to wait
    closed_on  the day on which it was ended, as far as it is known
    room_lang  what the wall speaks since a facilitator has chosen, and a console until then; empty: `lang`
    decided    what the facilitator typed at the end, for the report: what the room decided
    asks       the same: what it asks of its partners
    tags       words by which an organization finds its workshops again; shown to nobody in the room
    wall       how the room screen looks: "both" (languages), "dark" or "light", in any combination; empty: as it comes
    emptied_on  the day on which all that people had answered was removed, and the results stayed
    follows    id of the first workshop of the series that this one goes on with
    room       a name that a series of workshops keeps: people join by it instead of by the code; empty: there is none
    practice   what becomes of a workshop of simulated people: "passes", or "kept" where a store was named; empty: real
    keep_days  so many days after the end, that is done by itself; None: nothing was agreed, and somebody has to do it
    """

    id: str
    code: str
    title: str
    lang: str
    mode: Mode
    k: int
    plans: tuple[Plan, ...]
    partners: tuple[str, ...] = ()
    made_on: date = field(default_factory=date.today)
    closed: bool = False
    secret: str = field(default="", repr=False)
    locked: bool = False
    expected: int = EXPECTED_DEFAULT
    closed_on: date | None = None
    room_lang: str = ""
    decided: str = ""
    asks: str = ""
    tags: tuple[str, ...] = ()
    emptied_on: date | None = None
    follows: str = ""
    keep_days: int | None = KEEP_DAYS
    room: str = ""
    wall: tuple[str, ...] = ()
    practice: str = ""

    @property
    def wall_lang(self) -> str:
        """What the wall speaks."""
        return self.room_lang or self.lang

    @property
    def join_name(self) -> str:
        """What people type to join: the room's name where there is one, else the code."""
        return self.room or self.code

    @property
    def answers_go_on(self) -> date | None:
        """The day on which answers are removed, as things stand; None where that is not agreed, or done."""
        if self.keep_days is None or self.emptied_on:
            return None
        unended = self.made_on + timedelta(UNENDED_DAYS)
        ended = (self.closed_on or self.made_on) if self.closed else unended
        return ended + timedelta(self.keep_days)

    def plan(self, slug: str) -> Plan | None:
        """The plan of one exercise, or None when it is not part of this session."""
        return next((plan for plan in self.plans if plan.slug == slug), None)


@dataclass(frozen=True)
class Participant:
    """A random id and a sector; in attributed mode also a partner organisation. Never a name."""

    id: str
    session_id: str
    sector: Sector
    lang: str
    partner: str | None = None


@dataclass(frozen=True)
class Answer:
    """What one participant has said on one item."""

    item: str
    value: Value
    revision: int


@dataclass(frozen=True)
class Response:
    """What one person said in one exercise, on its way to disclosure control.

    `key` tells persons apart between two snapshots and never leaves the store; neither does `secret`, with which
    what was told of them is marked, and which goes when they are erased.
    """

    key: str
    sector: Sector
    answers: Mapping[str, Value]
    partner: str | None = None
    secret: str = field(default="", repr=False)


def new_secret() -> str:
    """A secret of somebody's own: as long as an id, and drawn apart from it."""
    return new_id()


def new_id() -> str:
    """A random id that says nothing about anyone: 128 bits, hexadecimal."""
    return secrets.token_hex(16)


def new_code() -> str:
    """A join code that can be read aloud across a room: 24**6, about 191 million."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def tidy_code(typed: str) -> str:
    """What a person typed, as a code: capital letters, without spaces and dashes."""
    return "".join(ch for ch in typed.upper() if ch.isalnum())[:64]


def tidy_room(typed: str) -> str:
    """What a person typed, as the name of a room: small letters, digits, hyphens; empty when it is none."""
    name = "-".join(typed.lower().split())
    return name if _ROOM.fullmatch(name) else ""


def tidy_tag(typed: str) -> str:
    """What a person typed, as a tag: small letters, one space between words; empty when it is none."""
    tag = " ".join(typed.casefold().split())
    return tag if len(tag) <= TAG_LONGEST and tag.isprintable() and "," not in tag else ""


def fingerprint(secret: str) -> str:
    """What the store keeps instead of a token or key: SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def card_numbers(session_secret: str, participant_id: str, count: int) -> tuple[int, ...]:
    """The positions in a list of `count` words that make this participant's word card.

    Derived, not stored: the page can show the card again, and the store holds no list of cards.
    """
    digest = hmac.digest(session_secret.encode(), participant_id.encode(), "sha256")
    return tuple(int.from_bytes(digest[4 * i : 4 * i + 4], "big") % count for i in range(CARD_WORDS))


def card_words(session_secret: str, participant_id: str, words: Sequence[str]) -> str:
    """The word card as it is shown: a few plain words with spaces between."""
    return " ".join(words[n] for n in card_numbers(session_secret, participant_id, len(words)))
