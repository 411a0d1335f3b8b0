"""Telephone numbers, by how their digits are grouped: dates, years, amounts and scales are none."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

# Digits with at most five other signs between them, and a plus sign before.
_RUN = re.compile(r"\+?\d(?:(?:[^\w+]|_){0,5}\d)*")
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d]+")
_TIGHT = re.compile(r"(?:[ ./()_*|~=-]|\)\(|\) |\)-| \(| [-./] |\) - )?")
# Canada and the United States: neither the area nor what follows it begins with 0 or 1.
_NORTH_AMERICAN = re.compile(r"1?[2-9]\d\d[2-9]\d{6}")
_FREE_CALL = re.compile(r"\b1-8\d\d-[a-z][a-z0-9-]{3}", re.I)
# Who has these before so many digits means a telephone, however they are grouped.
_CALLED = re.compile(r"\b(?:tel|telephone|phone|cell|cellulaire|texto|sms|whatsapp|fax)\b\D{0,12}$", re.I)
FEWEST_DIGITS, MOST_DIGITS = 7, 15

_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "un": "1", "une": "1", "one": "1", "deux": "2", "two": "2", "trois": "3", "three": "3",
    "quatre": "4", "four": "4", "cinq": "5", "five": "5", "six": "6", "sept": "7", "seven": "7", "huit": "8",
    "eight": "8", "neuf": "9", "nine": "9",
}  # fmt: skip
_WORD = "|".join(_DIGIT_WORDS)
_DIGITS_ALOUD = re.compile(rf"\b(?:(?:{_WORD})[ ,.-]{{1,3}}){{2,15}}(?:{_WORD})\b", re.I)
_TENS = (
    "dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante|cents?|et|double"
    r"|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|eleven|twelve|\w{3,5}teen|\d{1,4}"
)
# No single number below a thousand takes so many words; figures alone are a list.
_READ_ALOUD = re.compile(rf"\b(?:(?:{_WORD}|{_TENS})[ ,.-]{{1,3}}){{6}}(?:{_WORD}|{_TENS})\b", re.I)
FEWEST_WORDS = 5
# "514 555 oh 1 9 9", "zero one double nine"
_ALONE = re.compile(r"(?<=\d)[ -](?:oh|zero)(?=[ -]\d)", re.I)
_DOUBLE = re.compile(rf"\b(?:double|triple) ({_WORD})\b", re.I)
# "514 - cinq cent cinquante-cinq - 0199": three figures, a hundred in words, four figures.
_HUNDREDS = re.compile(
    rf"(?<!\d)[2-9]\d\d[ ,-]{{1,3}}(?:{_WORD}) (?:cents?|hundred)(?:[ -](?:{_WORD}|{_TENS})){{0,4}}"
    r"[ ,-]{1,3}\d{4}(?!\d)",
    re.I,
)
_WORD_AMONG_DIGITS = re.compile(rf"(?<=\d)(?:{_WORD})(?=\d)", re.I)
# "514 then 555 then 0199"
_THEN = r",? (?:and then|then|and|et puis|et ensuite|puis|ensuite|et),? "
_STEP_BY_STEP = re.compile(rf"(?<!\d)(\d{{3}}){_THEN}(\d{{3}}){_THEN}(\d{{4}})(?!\d)", re.I)
# A number of health insurance in Québec.
_INSURED = re.compile(r"\b[A-Z]{4} ?\d{4} ?\d{4}(?!\d)")
_COUNTED = re.compile(r"\b(?:un|one)\W{1,3}(?:deux|two)\W{1,3}(?:trois|three)\W{1,3}(?:quatre|four)\b", re.I)


def is_phone(text: str) -> bool:
    """Whether a telephone number stands in a plain text, in digits or read aloud."""
    figures = _DOUBLE.sub(_repeated, text)
    figures = _WORD_AMONG_DIGITS.sub(_as_figures, _DIGITS_ALOUD.sub(_as_figures, figures))
    figures = _ALONE.sub(" 0", figures)
    figures = _STEP_BY_STEP.sub(r"\1-\2-\3", figures)
    if any(_in_run(figures, found) for found in _RUN.finditer(figures)):
        return True
    aloud = (found[0] for found in _READ_ALOUD.finditer(text))
    return any(one.search(text) for one in (_FREE_CALL, _INSURED, _HUNDREDS)) or any(
        len(_LETTERS.findall(said)) >= FEWEST_WORDS and not _COUNTED.search(said) for said in aloud
    )


def _repeated(found: re.Match[str]) -> str:
    return " ".join([found[1]] * (3 if found[0][0] in "tT" else 2))


def _as_figures(found: re.Match[str]) -> str:
    return _LETTERS.sub(lambda word: _DIGIT_WORDS[word[0].lower()], found[0])


def _in_run(text: str, run: re.Match[str]) -> bool:
    """Whether some neighbouring groups of digits of a run make a telephone number."""
    found = list(_DIGITS.finditer(text, run.start(), run.end()))
    signs = [text[one.end() : after.start()] for one, after in pairwise(found)]
    tight = [bool(_TIGHT.fullmatch(sign)) for sign in signs]
    digits = [one[0] for one in found]
    called = run[0].startswith("+") or bool(_CALLED.search(text[max(run.start() - 30, 0) : run.start()]))
    for first in range(len(digits)):
        # What stands behind the comma of a number is no number of its own.
        total = MOST_DIGITS if first and signs[first - 1] in (",", ".") and len(digits[first]) > 4 else 0
        for last in range(first, len(digits)):
            total += len(digits[last])
            if total > MOST_DIGITS:
                break
            part = slice(first, last)
            if total >= FEWEST_DIGITS and _numbered(
                digits[first : last + 1], signs[part], all(tight[part]), called and first == 0
            ):
                return True
    return False


def _numbered(digits: list[str], signs: list[str], tight: bool, called: bool) -> bool:
    """Whether these groups of digits are grouped as a telephone number (or an insurance number) is."""
    lengths, whole = tuple(map(len, digits)), "".join(digits)
    american = bool(_NORTH_AMERICAN.fullmatch(whole))
    if american and (lengths[-3:] == (3, 3, 4) or lengths[-2:] == (3, 7)):
        return not _round(digits)
    if not tight:
        return False
    if called or american or len(digits) == 1 or lengths == (3, 3, 3):
        return not _ordinary(digits)
    if lengths == (3, 4):
        year = signs[0] == " " and digits[1][:2] in ("19", "20")
        return whole[0] > "1" and not year and not _ordinary(digits)
    if lengths == (3, 2, 2):
        return whole[0] > "1"
    if lengths == (3, 1, 1, 1, 1):
        return whole[0] > "1" and not _ordinary(digits[1:])
    return whole[0] == "0" and len(whole) > 8 and len(set(signs)) == 1 and not _ordinary(digits)


def _ordinary(digits: list[str]) -> bool:
    """Whether these are a date, years, a range of round numbers, an amount, or steps of a scale."""
    numbers, lengths = list(map(int, digits)), sorted(map(len, digits))
    if lengths[0] == 4 == lengths[-1] and all(1900 <= number < 2200 for number in numbers):
        return True
    if _day("".join(digits)) or (len(digits) == 3 and lengths[1] <= 2 and lengths[2] == 4):
        return True
    if len(set(digits)) == 1 and numbers[0] % 10 == 0:
        return True
    steps = {after - before for before, after in pairwise(numbers)}
    return (len(digits) > 3 and len(steps) == 1) or _round(digits)


def _round(digits: list[str]) -> bool:
    """Whether only round numbers stand here: "500-1000", "1 250 000", "200, 300, 4000"."""
    thousands = len(digits) > 1 and len(digits[0]) <= 3 and all(len(one) == 3 for one in digits[1:])
    if thousands or len(digits) == 1:
        return "".join(digits).endswith("000") and len("".join(digits)) < 10
    return all(int(one) % 10 == 0 for one in digits) and int(digits[-1]) % 50 == 0


def _day(digits: str) -> bool:
    """Whether eight digits are a day: "20261126"."""
    try:
        return len(digits) == 8 and 1900 <= date.fromisoformat(digits).year < 2200
    except ValueError:
        return False
