"""Where a trainer's own agendas lie: a folder of each, below the data folder."""

from __future__ import annotations

from pathlib import Path

FILE = "structure.yaml"


def home() -> Path:
    """The folder in which they lie."""
    from platformdirs import user_data_path

    return user_data_path("collaboration-kit", appauthor=False) / "agendas"


def own() -> dict[str, Path]:
    """The folder of each, by its name; also of those in which something is still to be mended."""
    return {path.parent.name: path.parent for path in sorted(home().glob(f"*/{FILE}"))}
