"""A regional pack as a trainer has filled it in: one service of two, one answer, one language or both."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from kit import regions

PHONE = "000 555-0100"
HOME = Path(".local/share/collaboration-kit/regions")


def filled(below: Path, name: str = "ici", on: date | None = None) -> Path:
    """Write it into a folder; `on` is the day on which the crisis line was checked (today)."""
    folder = below / name
    shutil.copytree(regions.folders()[regions.EXAMPLE], folder)
    blank = '"?? à remplir par vous / to be filled by you"'
    checked = f'{{day: {on or date.today()}, by: "coordination"}}'
    lines = (folder / regions.FILE).read_text("utf-8").splitlines(keepends=True)
    text = "".join(one for one in lines if not one.startswith("#")).replace("region: example", f"region: {name}")
    for there, here in ((blank, f'"{PHONE}"'), (blank, '"Page du service"'), (blank, checked)):
        text = text.replace(there, here, 1)
    (folder / regions.FILE).write_text(text, "utf-8")
    for lang, line in (("fr", "La ligne d'ici"), ("en", "The line of here")):
        path = folder / f"{lang}.yaml"
        path.write_text(path.read_text("utf-8").replace("name: \"??", f"name: \"{line}\" # \"", 1), "utf-8")
    return folder
