"""Safe tables for tests of summaries."""

from __future__ import annotations

from collections.abc import Mapping

from kit.disclosure import Band, ItemRelease


def item_of(
    item: str,
    scale: tuple[str, ...],
    *cells: tuple[tuple[str, ...], int, int],
    beside: tuple[int, int] | None = None,
    leanings: Mapping[str, tuple[str, ...]] | None = None,
) -> ItemRelease:
    """A table from its bands as (options, low, high)."""
    bands = tuple(Band(options, low, high) for options, low, high in cells)
    return ItemRelease(item, scale, bands, Band(("beside",), *beside) if beside else None, leanings or {}, True)
