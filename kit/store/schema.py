"""The tables. A change here needs a migration in `migrations/versions` and its id in `REVISION`.

No table keeps a time of day, and none has a row number: rows lie in the order of random ids, so
nothing says who came first. `sqlite_with_rowid=False` is what leaves the row number out.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
)

REVISION = "0016"
VERSION_TABLE = "alembic_version"

# Names are fixed so that a later migration can say which constraint it changes.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("code", String(16), nullable=False, unique=True),
    Column("title", String, nullable=False),
    Column("lang", String(8), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("k", Integer, nullable=False),
    Column("partners", JSON, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("secret", String(64), nullable=False),
    Column("tick", Integer, nullable=False),
    Column("showing", String(48)),  # an exercise, or none, and the number of the slide after a stroke
    # Whether nobody new comes in, and how many people the facilitator expects.
    Column("locked", Boolean, nullable=False, server_default=false()),
    Column("expected", Integer, nullable=False, server_default="40"),
    Column("closed_on", Date),
    # What console and wall speak once the facilitator has chosen; else the session's own language.
    Column("room_lang", String(8)),
    # What the facilitator typed at the end: what the room decided, and what it asks of its partners.
    Column("decided", String),
    Column("asks", String),
    # Words by which an organization finds its workshops again.
    Column("tags", JSON, nullable=False, server_default="[]"),
    # The day on which people's answers and seats were removed; what was revealed stays.
    Column("emptied_on", Date),
    # The first workshop of the series that this one goes on with.
    Column("follows", String(64)),
    # So many days after the end, that is done by itself; empty in a workshop of which nothing was agreed.
    Column("keep_days", Integer),
    # A name that a series of workshops keeps; of those that have it, the latest that has not ended is meant.
    Column("room", String(24)),
    # How the room screen looks: words with a blank between.
    Column("wall", String(32)),
    # Of a workshop of simulated people, what becomes of it; empty where people are real.
    Column("practice", String(8)),
    sqlite_with_rowid=False,
)

plans = Table(
    "plans",
    metadata,
    Column("session_id", String(64), ForeignKey("sessions.id"), primary_key=True),
    Column("slug", String(48), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("options", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("stage", String(64)),
    # Which version of the exercise the answers fit, and whether they were given to an older one.
    Column("version", Integer, nullable=False, server_default="1"),
    Column("renewed", Boolean, nullable=False, server_default=false()),
    # 2 once people were asked again after they had seen the result.
    Column("round", Integer, nullable=False, server_default="1"),
    # The places at which the room was together on the way to `stage`.
    Column("way", JSON, nullable=False, server_default="[]"),
    sqlite_with_rowid=False,
)

seats = Table(
    "seats",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("session_id", String(64), ForeignKey("sessions.id"), nullable=False),
    Column("sector", String(32), nullable=False),
    Column("partner", String),
    Column("lang", String(8), nullable=False),
    Column("token_fingerprint", String(64), nullable=False, unique=True),
    Column("card_fingerprint", String(64), nullable=False),
    Column("generation", Integer, nullable=False),
    # What was told of this person is marked with it (see `marks`); it goes when they are erased.
    Column("secret", String(64), nullable=False),
    UniqueConstraint("session_id", "card_fingerprint"),
    sqlite_with_rowid=False,
)

# Why browsers that held a seat took another one: how often each reason was given, and nothing about who gave it.
second_seats = Table(
    "second_seats",
    metadata,
    Column("session_id", String(64), ForeignKey("sessions.id"), primary_key=True),
    Column("reason", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

answers = Table(
    "answers",
    metadata,
    Column("participant_id", String(64), ForeignKey("seats.id"), primary_key=True),
    Column("exercise", String(48), primary_key=True),
    Column("item", String(128), primary_key=True),
    # An answer that was taken back has no value; its revision stays, so that a late copy cannot bring it back.
    Column("value", JSON(none_as_null=True)),
    Column("revision", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("session_id", String(64), ForeignKey("sessions.id"), primary_key=True),
    Column("exercise", String(48), primary_key=True),
    Column("release", JSON, nullable=False),
    # Item → how many of those with a mark on it have been erased since it was told.
    Column("left", JSON, nullable=False),
    sqlite_with_rowid=False,
)

# What a release rests on: for each person, a digest of each answer that it tells of, under the person's own secret.
marks = Table(
    "marks",
    metadata,
    Column("participant_id", String(64), ForeignKey("seats.id"), primary_key=True),
    Column("exercise", String(48), primary_key=True),
    Column("items", JSON, nullable=False),
    sqlite_with_rowid=False,
)

# Somebody who came to the first workshop of a series too, and said so: their seat here and the one there. It goes when
# the later workshop ends.
pairs = Table(
    "pairs",
    metadata,
    Column("participant_id", String(64), ForeignKey("seats.id"), primary_key=True),
    Column("first_id", String(64), ForeignKey("seats.id"), nullable=False),
    sqlite_with_rowid=False,
)

# The private half opens every file that was sealed for the session; it goes where the store goes, and with it.
keys = Table(
    "keys",
    metadata,
    Column("session_id", String(64), ForeignKey("sessions.id"), primary_key=True),
    Column("public", String(80), primary_key=True),
    Column("private", String(96), nullable=False),
    sqlite_with_rowid=False,
)

# Links for a second trainer and for the wall; the facilitator's own key stands with the session.
hosts = Table(
    "hosts",
    metadata,
    Column("session_id", String(64), ForeignKey("sessions.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),
    # Of what the link carries; it opens once, and the browser that opened it holds a key of its own from then on.
    Column("fingerprint", String(64), nullable=False),
    Column("held", String(64)),
    sqlite_with_rowid=False,
)

# The agenda that a workshop follows, as it was when the workshop was made, and where it is in it. The end of the block
# that is on is the room's clock: it says nothing about a person, and stands still once the workshop has ended.
courses = Table(
    "courses",
    metadata,
    Column("session_id", String(64), ForeignKey("sessions.id"), primary_key=True),
    Column("agenda", JSON, nullable=False),
    Column("course", JSON, nullable=False),
    sqlite_with_rowid=False,
)

batches = Table(
    "batches",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("session_id", String(64), ForeignKey("sessions.id"), nullable=False),
    Column("made_on", Date, nullable=False),
    sqlite_with_rowid=False,
)

# One file of one person in one batch: what it holds now, and what must come back when the batch is taken back.
imports = Table(
    "imports",
    metadata,
    Column("batch_id", String(16), ForeignKey("batches.id"), primary_key=True),
    Column("holder", String(64), primary_key=True),
    Column("participant_id", String(64), ForeignKey("seats.id"), nullable=False),
    Column("edition", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("holds", JSON, nullable=False),
    Column("before", JSON, nullable=False),
    sqlite_with_rowid=False,
)
