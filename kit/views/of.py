"""Which view an exercise has: its own, or the form that all exercises made of questions share."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import cast

from kit.exercise import Exercise
from kit.views.form import FormView


def view_of(model: Exercise) -> type[FormView]:
    """The class `View` of the exercise's module `view`, where there is one; else `FormView`."""
    name = f"{model.package}.view"
    if find_spec(name) is None:
        return FormView
    return cast("type[FormView]", import_module(name).View)
