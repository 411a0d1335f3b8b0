"""Days as people write them."""

from __future__ import annotations

from datetime import date

from kit.texts import say, section


def tell_day(day: date, lang: str) -> str:
    """A date as people write it in `lang`."""
    months = section(lang, "report")["months"]
    number = say(lang, "report.first") if day.day == 1 else str(day.day)
    return say(lang, "report.day", day=number, month=months[day.month - 1], year=day.year)
