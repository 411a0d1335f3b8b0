"""What the guide on the stories says of each of them, made from the stories: a row of its table, and its questions.

    .venv/bin/python -m tests.support.story_table fr
"""

from __future__ import annotations

import sys

from kit.exercise import exercise
from kit.exercises.scenarios.model import Model
from kit.sectors import name_of
from kit.stories import Story

# With the talk that goes with it, the room needs about so long for a decision.
MINUTES = 4


def model() -> Model:
    found = exercise("scenarios")
    assert isinstance(found, Model)
    return found


def row(story: Story, lang: str) -> str:
    """| title | name | theme | roles | decisions | minutes | when to leave it out |"""
    told = model().story_texts(story.id, lang)
    roles = ", ".join(name_of(role, lang) for role in story.roles)
    least, most = story.decisions
    span, minutes = f"{least}–{most}", f"{MINUTES * least}–{MINUTES * most}"
    return f"| {told.title} | `{story.id}` | {told.theme} | {roles} | {span} | {minutes} | {told.caution} |"


def questions(story: Story, lang: str) -> str:
    """A list of what to ask people concerned."""
    return "\n".join(f"- {one}" for one in model().story_texts(story.id, lang).ask)


def main(lang: str) -> None:
    """Print it all, to be put into the guide."""
    for story in sorted(model().all_stories, key=lambda one: one.concerned):
        print(row(story, lang))
    for story in (one for one in model().all_stories if one.concerned):
        print(f"\n### {model().story_texts(story.id, lang).title}\n\n{questions(story, lang)}")


if __name__ == "__main__":
    main(sys.argv[1])
