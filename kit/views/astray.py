"""What a notebook shows that belongs to a workshop's server and was opened without one: where to go instead."""

from __future__ import annotations

import html
from pathlib import Path

from IPython.display import display

from kit.texts import languages, say
from kit.views.around import LIST, around

# The desk's notebooks lie in a folder of their own, so that people alone do not meet them among theirs.
THERE = f"../{LIST}"


def tell(notebook: str) -> None:
    """Show where to open this notebook's page: in the language that the browser asked for, else in all of them."""
    place = around()
    spoken = languages() if place.guess else (place.lang,)
    told = {lang: [say(lang, f"alone.astray.{part}") for part in (notebook, "list")] for lang in spoken}
    has_list = Path(THERE).is_file()
    pages = "".join(f'<section lang="{lang}">{_section(told[lang], has_list)}</section>' for lang in spoken)
    plain = "\n\n".join("\n".join(lines) for lines in told.values())
    display({"text/html": pages, "text/plain": plain}, raw=True)


def _section(lines: list[str], has_list: bool) -> str:
    what, listed = map(html.escape, lines)
    link = f'<a href="{THERE}">{LIST}</a>' if has_list else LIST
    return f"<p><strong>{what}</strong></p><p>{listed.replace(LIST, link)}</p>"
