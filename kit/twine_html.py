"""A story as Twine publishes or archives it: a web page that holds its passages. Here it becomes Twee 3."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

_MARK = "<tw-storydata"
_STARTS = re.compile(r"^(::|\\::)", re.MULTILINE)


def is_page(text: str) -> bool:
    """Whether this is such a page, or an archive of stories."""
    return _MARK in text


def to_twee(text: str) -> tuple[str, tuple[str, ...]]:
    """The first story in the page as Twee 3, and the names of further ones."""
    page = _Page()
    page.feed(text[text.index(_MARK) :])
    page.close()
    return page.twee(), tuple(page.others)


class _Page(HTMLParser):
    """Collects a story's passages; what stands in one has been escaped once."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.others: list[str] = []
        self.told: dict[str, str] | None = None
        self.start = ""
        self.passage: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "tw-storydata":
            if self.told is None:
                self.told = said
            else:
                self.others.append(said.get("name", ""))
        elif tag == "tw-passagedata" and not self.others:
            name = said.get("name", "")
            if self.told and said.get("pid") == self.told.get("startnode"):
                self.start = name
            tags = f" [{said['tags']}]" if said.get("tags") else ""
            self.parts.append(f":: {_named(name)}{tags}\n")
            self.passage = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "tw-passagedata" and self.passage is not None:
            # A line that looks like a header is none here.
            self.parts.append(_STARTS.sub(r" \1", "".join(self.passage)) + "\n\n")
            self.passage = None

    def handle_data(self, data: str) -> None:
        if self.passage is not None:
            self.passage.append(data)

    def twee(self) -> str:
        """All of it, with the title and the start."""
        title = (self.told or {}).get("name", "")
        data = json.dumps({"start": self.start} if self.start else {})
        return f":: StoryTitle\n{title}\n\n:: StoryData\n{data}\n\n" + "".join(self.parts)


def _named(name: str) -> str:
    return re.sub(r"([\\\[\]{}])", r"\\\1", name.strip())
