"""iCalendar (RFC 5545): all-day events, nothing in them that leads to a person, a place or a machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

LONGEST_LINE = 75  # octets


@dataclass(frozen=True)
class Event:
    """One all-day event. `uid` stays when the same thing is written again; `sequence` then says which is newer."""

    uid: str
    sequence: int
    day: date
    summary: str


def uid_of(seed: str, row: str) -> str:
    """The id of a row of one seat: the same in each file that the seat takes away, and nobody else's. Without the
    seat's own secret it says nothing."""
    return str(UUID(bytes=hashlib.blake2b(row.encode(), key=seed.encode()[:64], digest_size=16).digest(), version=4))


def write(events: Iterable[Event], today: date) -> bytes:
    """A calendar with these events; `today` is all it says of when it was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plan//Plan//EN", "CALSCALE:GREGORIAN"]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"SEQUENCE:{event.sequence}",
            f"DTSTAMP:{today:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escaped(event.summary)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def escaped(text: str) -> str:
    """A text value: backslash, semicolon, comma and line break stand behind a backslash."""
    for plain, told in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\n", "\\n")):
        text = text.replace(plain, told)
    return text


def folded(line: str) -> Iterator[bytes]:
    """A line in pieces of at most 75 octets, each further one behind a space; no letter is broken."""
    piece = b""
    for letter in line:
        octets = letter.encode("utf-8")
        if len(piece) + len(octets) > LONGEST_LINE:
            yield piece
            piece = b" "
        piece += octets
    yield piece
