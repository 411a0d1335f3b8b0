"""A day as people write it. Where the day and the month could be either, nobody guesses."""

from __future__ import annotations

import re
from datetime import date

from kit.letters import folded

_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ].*)?")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: .*)?")
# As months are called in French and English, from the letters on that tell them apart.
_DAYS = re.compile(
    r"(?:lun|mar|mer|jeu|ven|sam|dim)(?:di|credi|dredi|anche)?|(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?"
)
_SHORT = re.compile(r"\d{1,2} [a-z]+ \d\d")
_MONTHS = (
    ("jan",), ("fev", "feb"), ("mar",), ("avr", "apr"), ("mai", "may"), ("juin", "jun"), ("juil", "jul"),
    ("aou", "aug"), ("sep",), ("oct",), ("nov",), ("dec",),
)  # fmt: skip


def days_of(told: str) -> tuple[str, ...]:
    """The days that a text can mean, as 2026-01-31: none, one, or two (the day first, then the month first)."""
    text = told.strip()
    if found := _YEAR_FIRST.fullmatch(text) or _TOGETHER.fullmatch(text):
        return _days(found.groups())
    if found := _YEAR_LAST.fullmatch(text):
        one, two, year = found.groups()
        return tuple(dict.fromkeys(_days((year, two, one)) + _days((year, one, two))))
    return _in_words(text)


def _in_words(text: str) -> tuple[str, ...]:
    parts = folded(text).split()
    if len(parts) > 3 and _DAYS.fullmatch(parts[0]):
        # "mar. 3 mars 2026": the day of the week comes first.
        del parts[0]
    if _SHORT.fullmatch(" ".join(parts)):
        # As Excel shortens it: 28-Feb-26.
        parts[2] = f"20{parts[2]}"
    months = [at for part in parts for at, names in enumerate(_MONTHS, 1) if part.startswith(names)]
    years = [part for part in parts if re.fullmatch(r"\d{4}", part)]
    days = [found[1] for part in parts if (found := re.fullmatch(r"(\d{1,2})(?:er|st|nd|rd|th)?", part))]
    if len(months) == len(years) == len(days) == 1:
        return _days((years[0], str(months[0]), days[0]))
    return ()


def _days(parts: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return (date(*(int(part) for part in parts)).isoformat(),)
    except ValueError:
        return ()
