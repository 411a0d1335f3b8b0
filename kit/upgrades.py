"""Answers that were given to an older version of an exercise, brought to the current one step by step.

`version` in `structure.yaml` grows with every change after which an answer that is kept may no longer fit: an item or
an option that goes, is renamed, or means something else. An exercise may then have a module `upgrades` beside its
model:

    STEPS   version -> function that makes one person's answers of that version into those of the next

What fits the current version after the steps is kept, and the rest is left out; the page says that the exercise
was renewed. Without a step, what still fits is kept as it is.

Where an exercise asks other questions than before, no answer can be carried over. Then it keeps both sets as `editions`
of its structure: a workshop that was answered in the earlier one goes on with it, and is told as before (`kit.store`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec

from kit.errors import KitError
from kit.exercise import Exercise
from kit.session import Value

Step = Callable[[dict[str, Value]], dict[str, Value]]


def upgraded(model: Exercise, version: int, answers: Mapping[str, Value]) -> dict[str, Value]:
    """One person's answers of an older `version` as the current one keeps them; what does not fit is not there."""
    found = dict(answers)
    steps = steps_of(model)
    for one in range(version, model.version):
        found = steps.get(one, dict)(found)
    every = model.structure.every
    fitting = {}
    for item, raw in found.items():
        try:
            value = model.check(item, raw, every)
        except KitError:
            continue
        if value is not None:
            fitting[item] = value
    return fitting


def steps_of(model: Exercise) -> Mapping[int, Step]:
    """The steps that an exercise defines, by the version that they start from."""
    name = f"{model.package}.upgrades"
    if find_spec(name) is None:
        return {}
    steps: Mapping[int, Step] = import_module(name).STEPS
    return steps
