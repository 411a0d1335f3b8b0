"""Answers to the first edition of the stories: where a consequence has come in between, the way leads through it.

Each of these scenes has one choice, which decides nothing and is not counted. Whoever had gone on from the choice
before it finds their way whole, to the end that they had reached.
"""

from __future__ import annotations

from kit.session import Value

# (story, scene, choice) of the first edition: the scene that follows now, its one choice, and the scene after it.
BETWEEN = {
    ("long_road", "friday", "how_to_reach"): ("fewer", "tell_why", "map"),
    ("long_road", "map", "thank_list"): ("third_voice", "ask_pay", "news"),
    ("third_contact", "fresh_eyes", "take_in"): ("two_sheets", "admit", "memory"),
    ("who_does_what", "their_reason", "ask_wish"): ("saturdays", "tell_supervisor", "two_lists"),
    ("who_does_what", "their_reason", "offer_course"): ("the_course", "lists_instead", "two_lists"),
    ("who_does_what", "mirror", "invite_view"): ("truths", "bring_team", "two_lists"),
}


def _through(answers: dict[str, Value]) -> dict[str, Value]:
    found = dict(answers)
    for (story, scene, choice), (between, onward, after) in BETWEEN.items():
        if answers.get(f"{story}.{scene}") == choice and f"{story}.{after}" in answers:
            found[f"{story}.{between}"] = onward
    return found


STEPS = {1: _through}
