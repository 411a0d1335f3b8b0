"""Everything that is wrong with one content file, in the author's words: file, line, id, fault and mend.

What pydantic finds is told by rules of the kit (`texts/*/check.yaml`), never in pydantic's own sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from kit.errors import ContentFault
from kit.yamls import LOADER, Places

LONGEST_VALUE = 40

# What pydantic calls a fault → the kit's rule.
_RULES: Mapping[str, str] = {
    "missing": "needed", "extra_forbidden": "foreign", "string_pattern_mismatch": "id_form", "too_short": "too_few",
    "too_long": "too_many", "string_too_short": "empty", "string_type": "not_text", "list_type": "not_list",
    "tuple_type": "not_list", "dict_type": "not_group", "model_type": "not_group", "model_attributes_type": "not_group",
    "int_type": "not_number", "int_parsing": "not_number", "int_from_float": "not_number", "float_type": "not_number",
    "greater_than_equal": "too_small", "less_than_equal": "too_large", "bool_type": "not_yes_no",
    "bool_parsing": "not_yes_no", "literal_error": "not_known", "enum": "not_known", "date_type": "not_date",
    "date_parsing": "not_date", "date_from_datetime_parsing": "not_date", "date_from_datetime_inexact": "not_date",
}  # fmt: skip


def broken(rule: str, **details: object) -> PydanticCustomError:
    """What a model's own validator raises: a rule of `texts/*/check.yaml` with its details."""
    return PydanticCustomError(rule, "{rule}", {"rule": rule, **details})


def faults_of(folder: Traversable | Path, name: str, model: type[BaseModel]) -> list[ContentFault]:
    """Every fault of one file, in the order of its lines; empty when it is sound."""
    file = f"{folder.name}/{name}"
    try:
        text = folder.joinpath(name).read_text("utf-8")
        places, raw = Places(text), yaml.load(text, LOADER)
    except FileNotFoundError:
        return [ContentFault(file=file, where="-", fault="file_missing")]
    except UnicodeDecodeError:
        return [ContentFault(file=file, where="-", fault="not_utf8")]
    except yaml.YAMLError as error:
        return [_of_yaml(file, error)]
    found = [
        ContentFault(file=file, where=_told(raw, one.path), fault="twice_key", key=one.key, line=one.line)
        for one in places.twice
    ]
    try:
        model.model_validate(raw)
    except ValidationError as error:
        found += [_of_model(file, raw, places, one) for one in _told_once(error.errors())]
    return sorted(found, key=lambda fault: int(str(fault.details.get("line", 0))))


def _told_once(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without those that only follow from others: a list is not too short because what stands in it is wrong."""
    places = [error["loc"] for error in errors]

    def follows(error: ErrorDetails) -> bool:
        loc = error["loc"]
        return error["type"] == "too_short" and any(one[: len(loc)] == loc and len(one) > len(loc) for one in places)

    return [error for error in errors if not follows(error)]


def _of_yaml(file: str, error: yaml.YAMLError) -> ContentFault:
    mark = getattr(error, "problem_mark", None)
    # The parser's own word for it is English, and short: it helps whoever asks somebody else.
    reason = str(getattr(error, "problem", "") or type(error).__name__)
    return ContentFault(file=file, where="-", fault="yaml", reason=reason, line=mark.line + 1 if mark else 0)


def _of_model(file: str, raw: Any, places: Places, error: ErrorDetails) -> ContentFault:
    path = tuple(step for step in error["loc"] if step != "[key]")
    rule, details = _rule(error)
    return ContentFault(file=file, where=_told(raw, path), fault=rule, line=places.line(path), **details)


def _rule(error: ErrorDetails) -> tuple[str, dict[str, object]]:
    known = error.get("ctx", {})
    if "rule" in known:
        return str(known["rule"]), {name: value for name, value in known.items() if name != "rule"}
    rule = _RULES.get(error["type"], "not_right")
    details: dict[str, object] = {"value": str(error["input"])[:LONGEST_VALUE]}
    if rule == "id_form":
        pattern = str(known.get("pattern", ""))
        if pattern.startswith("^[A-Z]"):
            return "source_form", details
        details["most"] = _longest(pattern)
    elif rule == "too_few":
        details["least"] = known.get("min_length", 1)
    elif rule == "too_many":
        details |= {"most": known.get("max_length", 0), "found": known.get("actual_length", 0)}
    elif rule == "not_known":
        details["known"] = str(known.get("expected", "")).replace("'", "").replace(" or ", ", ")
    elif rule in ("too_small", "too_large"):
        details["limit"] = known.get("ge", known.get("le", 0))
    return rule, details


def _longest(pattern: str) -> int:
    """How many letters an id may have: one, and as many as its pattern says."""
    return 1 + int(pattern.rpartition(",")[2].rstrip("}$") or 0)


def _told(raw: Any, path: tuple[str | int, ...]) -> str:
    """A path in the author's own ids: "opening.ask_ideas.to" instead of "scenes.0.choices.1.to"."""
    return ".".join(_steps(raw, path)) or "-"


def _steps(raw: Any, path: tuple[str | int, ...]) -> Iterator[str]:
    for step in path:
        below = _below(raw, step)
        ident = below.get("id") if isinstance(below, Mapping) else None
        # A thing in a list is called by its id, or by its place.
        place = step + 1 if isinstance(step, int) else step
        yield str(ident if isinstance(step, int) and isinstance(ident, str) else place)
        raw = below


def _below(raw: Any, step: str | int) -> Any:
    try:
        return raw[step]
    except (KeyError, IndexError, TypeError):
        return None
