"""One row of the table: the kit's figure, stock Voila's, their ratio, what was to be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent
_DIGITS = {"s": 2, "MB": 2, "KB": 0, "ms": 0, "%": 1, "/s": 0}


@dataclass(frozen=True)
class Figure:
    """One measured thing; lower is better, or with `more` higher.

    key    its row in words.yaml, which names its unit
    n      how many people, and `stock_n` at stock Voila if others
    kit    None when it could not be measured; `note` says why
    stock  None when stock Voila has no such figure, or was not measured
    goal   the kit's figure must not be above (or below); None when there is nothing to reach
    fine   False when something failed on the way, so that no figure counts
    """

    key: str
    kit: float | None
    stock: float | None = None
    goal: float | None = None
    n: int = 0
    note: str = ""
    fine: bool = True
    stock_n: int = 0
    more: bool = False

    @property
    def unit(self) -> str:
        """s, ms, MB (a million bytes), KB (a thousand), %, or none."""
        return str(words()["rows"][self.key]["unit"])

    @property
    def ratio(self) -> float | None:
        """How many times the stock figure is the kit's."""
        return self.stock / self.kit if self.stock and self.kit else None

    @property
    def reached(self) -> bool | None:
        """None when there is no goal."""
        if self.goal is None:
            return None
        if not self.fine or self.kit is None:
            return False
        return self.kit >= self.goal if self.more else self.kit <= self.goal

    def name(self, lang: str = "en") -> str:
        """What the table calls it."""
        return str(words()["rows"][self.key][lang]).format(n=self.n)

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "key": self.key, "n": self.n, "name": self.name(), "unit": self.unit, "kit": self.kit, "stock": self.stock,
            "stock_n": self.stock_n or self.n, "ratio": self.ratio, "goal": self.goal, "reached": self.reached,
            "note": self.note,
        }  # fmt: skip

    def cells(self, lang: str = "en") -> tuple[str, ...]:
        """The cells of its row, as text."""
        said = words()["answers"][lang]
        reached = said["none"] if self.reached is None else said["yes" if self.reached else "no"]
        ratio = said["none"] if self.ratio is None else f"× {number(self.ratio, 1, lang)}"
        goal = said["none"] if self.goal is None else f"{'≥' if self.more else '≤'} {self._shown(self.goal, lang)}"
        stock = self._shown(self.stock, lang)
        if self.stock is not None and self.stock_n not in (0, self.n):
            stock += f" ({words()['people'][lang].format(n=self.stock_n)})"
        return (self.name(lang), self._shown(self.kit, lang), stock, ratio, goal, reached)

    def _shown(self, value: float | None, lang: str) -> str:
        if value is None:
            return str(words()["answers"][lang]["none"])
        digits = _DIGITS.get(self.unit, 0 if value == int(value) else 2)
        unit = words()["units"][lang][self.unit]
        return f"{number(value, digits, lang)} {unit}".strip().replace(" ", "\N{NO-BREAK SPACE}")


@cache
def words() -> Any:
    """The names of rows and columns, in both languages."""
    return yaml.safe_load((_HERE / "words.yaml").read_text("utf-8"))


def as_text(figures: Sequence[Figure]) -> str:
    """The rows for a terminal, each with its note below."""
    lines = []
    for one in figures:
        name, *cells = one.cells()
        lines.append(name)
        lines.append("    " + "   ".join(f"{head} {cell}" for head, cell in zip(_heads(), cells, strict=True)))
        lines += [f"    {one.note}"] if one.note else []
    return "\n".join(lines)


def _heads() -> list[str]:
    return list(words()["head"]["en"][1:])


def number(value: float, digits: int, lang: str) -> str:
    """A number as the language writes it."""
    told = f"{value:,.{digits}f}"
    return told.translate(str.maketrans(",.", "\N{NO-BREAK SPACE},")) if lang == "fr" else told
