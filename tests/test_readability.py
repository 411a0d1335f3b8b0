"""What is measured of a text: its sentences, and nothing that a program reads."""

from __future__ import annotations

import pytest

from kit.texts import languages
from tools import readability


def test_code_marks_and_labels_are_no_sentences() -> None:
    text = "---\na: b\n---\n# A heading of five words\n\n| one | `kit check` says what is left to do. |\n"
    text += "\n```\ncode\n```\n"
    text += "- [ ] Read [the long guide](guide.md) with *care* [S0-9b].\n"
    told = readability._plain(text)
    assert told == "A heading of five words. says what is left to do. Read the long guide with care ."


@pytest.mark.parametrize("lang", languages())
def test_every_guide_exercise_and_story_is_measured_in_its_own_language(lang: str) -> None:
    names = [name for name, text in readability.texts(lang) if text]
    for part in (f"facilitation/{lang}/README.md", f"kit/texts/{lang}/door.yaml", f"pulse/{lang}.yaml"):
        assert any(name.endswith(part) for name in names), part
    own = (f"/{lang}.yaml", f"README.{lang}.md", "README.md")
    assert [name for name in names if f"/{lang}/" not in name and not name.endswith(own)] == []
