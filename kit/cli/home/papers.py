"""What a trainer ticked for reports, and the look that an organization gives them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kit.errors import KitError, ThemeFault
from kit.texts import languages, say

LONGEST_TITLE = 120
PAPERS = ("a4", "letter")
THEME = "theme.yaml"


@dataclass(frozen=True)
class Wanted:
    """One form about reports of one workshop or of several.

    codes   join codes; `rollup` puts what they tell side by side in one document
    langs   of the files; `beside` makes one file in two of them
    theme   whether the organization's own look is wanted
    """

    codes: Sequence[str]
    formats: Sequence[str] = ("html",)
    langs: Sequence[str] = ()
    beside: bool = False
    rollup: bool = False
    title: str = ""
    paper: str = PAPERS[0]
    theme: bool = False

    def problem(self, lang: str) -> str:
        """What is to be chosen otherwise; empty when all is well."""
        if not self.codes:
            return say(lang, "home.report_which")
        if self.rollup and len(self.codes) < 2:
            return say(lang, "home.rollup_two")
        return "" if self.formats and self.langs else say(lang, "home.report_choose")

    @property
    def files(self) -> int:
        """How many files come of it."""
        documents = 1 if self.rollup else len(self.codes)
        return documents * len(self.formats) * (1 if self.beside else len(self.langs))

    def call(self) -> list[str]:
        """`kit report` with its options, but where to."""
        call = ["report", *self.codes, "--format", ",".join(self.formats)]
        call += [word for one in self.langs for word in ("--lang", one)]
        call += ["--beside"] if self.beside else []
        call += ["--rollup", *([f"--title={self.title}"] if self.title else [])] if self.rollup else []
        call += ["--paper", self.paper] if self.paper != PAPERS[0] else []
        return call + (["--theme", str(own_theme())] if self.theme and own_theme() else [])


def read(typed: Mapping[str, Sequence[str]], codes: Sequence[str]) -> Wanted:
    """The form as it was sent, about these workshops; what cannot have been chosen there is left out."""
    from kit.reports.batch import known_formats

    def ticked(name: str, known: Sequence[str]) -> list[str]:
        return [one for one in known if one in typed.get(name, ())]

    return Wanted(
        codes, ticked("format", known_formats()), ticked("lang", languages()), bool(typed.get("beside")),
        bool(typed.get("rollup")), " ".join((typed.get("title") or [""])[0].split())[:LONGEST_TITLE],
        next(iter(ticked("paper", PAPERS)), PAPERS[0]), bool(typed.get("theme")),
    )  # fmt: skip


# ---- the look of reports ----


def _folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("collaboration-kit", appauthor=False) / "theme"


def own_theme() -> Path | None:
    """The organization's theme file, where one was kept."""
    path = _folder() / THEME
    return path if path.is_file() else None


def theme_name() -> str:
    """What it is called; a dash where it has no name, empty where there is none, or where it can no longer be read."""
    from kit.reports import theme
    from kit.reports.document import Look

    path = own_theme()
    try:
        return (theme.read(path, Look()).name or "–") if path else ""
    except KitError:
        return ""


def keep_theme(sent: Sequence[tuple[str, bytes]]) -> None:
    """Keep a theme file and its logo, once both are looked through, instead of the earlier one; raises `ThemeFault`."""
    from kit.reports import theme
    from kit.reports.document import Look

    named = {Path(name.replace("\\", "/")).name: data for name, data in sent}
    files = [name for name in named if name.endswith((".yaml", ".yml"))]
    if len(files) != 1:
        raise ThemeFault(file=THEME, why="file", key="")
    home = _folder()
    home.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home.parent) as made:
        folder = Path(made) / home.name
        folder.mkdir()
        for name, data in named.items():
            (folder / (THEME if name in files else name)).write_bytes(data)
        theme.read(folder / THEME, Look())
        shutil.rmtree(home, ignore_errors=True)
        folder.rename(home)


def drop_theme() -> None:
    """Reports look as the kit's own again."""
    shutil.rmtree(_folder(), ignore_errors=True)
