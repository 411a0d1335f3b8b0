"""Everything that is wrong with one content file, in the author's words: file, line, id, fault and mend.

What pydantic finds is told by rules of the kit (`texts/*/check.yaml`), never in pydantic's own sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from kit.errors import ContentFault
from kit.yamls import LOADER, Places

LONGEST_VALUE = 40
# What git leaves where two versions meet; a quotation mark that its own line does not close.
_MERGE = re.compile(r"(?:<{7}|>{7})(?: |$)")
_OPEN = re.compile(r"""\s*(?:- )?[\w.-]+:\s+(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)""")
# To a model's validator: what does not fit together is told later, all of it.
LOOSELY = "loosely"
MOST_MENDS = 6
# What stands in for a value of the wrong kind, by pydantic's name of the fault; anything else is taken out.
_STAND_INS: Mapping[str, object] = {
    "missing": "x", "string_type": "x", "string_too_short": "x", "int_type": 1, "int_parsing": 1, "int_from_float": 1,
    "greater_than_equal": 1, "less_than_equal": 1, "bool_type": False, "bool_parsing": False,
}  # fmt: skip

Read = TypeVar("Read", bound=BaseModel)

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
        return [_of_yaml(file, text, error)]
    found = [
        ContentFault(file=file, where=_told(raw, one.path), fault="twice_key", key=one.key, line=one.line)
        for one in places.twice
    ]
    found += [
        ContentFault(file=file, where=_told(raw, one.path), fault="odd_key", key=one.key, line=one.line)
        for one in places.odd
    ]
    try:
        model.model_validate(raw, context=LOOSELY)
    except ValidationError as error:
        told = [one for one in _told_once(error.errors()) if one["type"] != "invalid_key"]
        found += [_of_model(file, raw, places, one) for one in told]
    return sorted(found, key=lambda fault: int(str(fault.details.get("line", 0))))


def _told_once(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without those that only follow from others: a list is not too short because what stands in it is wrong."""
    places = [error["loc"] for error in errors]

    def follows(error: ErrorDetails) -> bool:
        loc = error["loc"]
        return error["type"] == "too_short" and any(one[: len(loc)] == loc and len(one) > len(loc) for one in places)

    return [error for error in errors if not follows(error)]


def loosely(folder: Traversable | Path, name: str, model: type[Read]) -> Read | None:
    """A file as far as it can be read, with stand-ins for what is wrong in it; None where too much is."""
    try:
        raw = yaml.load(folder.joinpath(name).read_text("utf-8"), LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    for _ in range(MOST_MENDS):
        try:
            return model.model_validate(raw, context=LOOSELY)
        except ValidationError as error:
            found = _told_once(error.errors())
            wrong = [([step for step in one["loc"] if step != "[key]"], one) for one in found]
        # Without an id, or one of a list, whatever belongs to it would seem to be too much.
        if any(not path or path[-1] == "id" or isinstance(path[-1], int) for path, _ in wrong):
            return None
        for path, one in wrong:
            _mend(raw, path, one)
    return None


def _mend(raw: Any, path: Sequence[str | int], error: ErrorDetails) -> None:
    """Put something in the place of what is wrong, or take it out; what is not there any more is left alone."""
    for step in path[:-1]:
        raw = _below(raw, step)
    try:
        kind, known = error["type"], error.get("ctx", {})
        if kind in _STAND_INS:
            raw[path[-1]] = known.get("ge", known.get("le", _STAND_INS[kind]))
        else:
            del raw[path[-1]]
    except (KeyError, IndexError, TypeError):
        return


def placed(folder: Traversable | Path, faults: Iterable[ContentFault]) -> list[ContentFault]:
    """Faults with the lines of what they name, as far as it stands in their file."""
    places: dict[str, Places] = {}
    found = []
    for fault in faults:
        name = str(fault.details["file"]).rpartition("/")[2]
        if name not in places:
            places[name] = Places(folder.joinpath(name).read_text("utf-8"))
        found.append(ContentFault(**{"line": places[name].of(str(fault.details["where"])), **fault.details}))
    return found


def _of_yaml(file: str, text: str, error: yaml.YAMLError) -> ContentFault:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 0
    problem, context = (str(getattr(error, name, "") or "") for name in ("problem", "context"))
    told = text.splitlines()[line - 1] if 0 < line <= len(text.splitlines()) else ""
    if "\t" in told[: len(told) - len(told.lstrip())]:
        return ContentFault(file=file, where="-", fault="yaml_tab", line=line)
    if problem.startswith("mapping values") and not any(map(_MERGE.match, text.splitlines())):
        return ContentFault(file=file, where="-", fault="yaml_colon", line=line)
    if "quoted scalar" in context:
        return ContentFault(file=file, where="-", fault="yaml_quote", line=line)
    if merged := next((at for at, one in enumerate(text.splitlines(), 1) if _MERGE.match(one)), 0):
        return ContentFault(file=file, where="-", fault="yaml_merge", line=merged)
    open_ = [at for at, one in enumerate(text.splitlines()[: line or None], 1) if _OPEN.fullmatch(one)]
    if open_:
        return ContentFault(file=file, where="-", fault="yaml_quote", line=open_[-1])
    # The parser's own word for it is English, and short: it helps whoever asks somebody else.
    return ContentFault(file=file, where="-", fault="yaml", reason=problem or type(error).__name__, line=line)


def _of_model(file: str, raw: Any, places: Places, error: ErrorDetails) -> ContentFault:
    path = tuple(step for step in error["loc"] if step != "[key]")
    rule, details = _rule(error)
    return ContentFault(file=file, where=_told(raw, path), fault=rule, line=places.line(path), **details)


def _rule(error: ErrorDetails) -> tuple[str, dict[str, object]]:
    known = error.get("ctx", {})
    if "rule" in known:
        return str(known["rule"]), {name: value for name, value in known.items() if name != "rule"}
    # Nothing behind a colon is nothing yet.
    rule = "needed" if error["input"] is None else _RULES.get(error["type"], "not_right")
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
