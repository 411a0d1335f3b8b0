"""What kernels use lies side by side in the memory that they share, and works as before."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any

from kit.serving.forking import layout
from kit.serving.forking.layout import CODE, LIST, NAME, listed

# Functions in a process of its own: what `gather` does to a process cannot be taken back.
GATHERED = """
import functools, gc, sys, types
from kit.serving.forking import layout

made = types.ModuleType("made")
exec('''
import functools
def plain(a, *, b=2):
    "Adds."
    return a + b
def outer(n):
    def inner(m): return n * m + sum(x for x in range(m))
    return inner
def cold(): return "cold"
def wrap(function):
    @functools.wraps(function)
    def wrapped(*given): return function(*given)
    return wrapped
@wrap
def held(x): return -x
class Kind:
    @property
    def size(self): return 3
    @staticmethod
    def still(): return "still"
    async def later(self): return 5
''', made.__dict__)
before = made.outer(2)
hot = {"plain", "outer.<locals>.inner", "wrap.<locals>.wrapped", "held", "Kind.size", "Kind.still", "Kind.later"}
layout.listed = lambda kind: frozenset(f"made:{one}" for one in hot) | {"made:gone", "no.such.module:x"}
functions = {one.__code__.co_qualname: one for one in gc.get_objects()
             if type(one) is types.FunctionType and one.__module__ == "made"}
codes = {name: one.__code__ for name, one in functions.items()}
layout.gather()
for name, one in functions.items():
    # Two of them hold the code of a function that is to move.
    assert (one.__code__ is not codes[name]) == (name in hot | {"outer", "wrap"}), name
kind = made.Kind()
assert made.plain(1) == 3 and made.plain(1, b=4) == 5 and made.plain.__doc__ == "Adds."
assert before(3) == made.outer(2)(3) == 9
assert made.outer(2).__code__ is before.__code__
assert made.held(4) == -4 and made.cold() == "cold"
assert kind.size == 3 and kind.still() == "still"
try: kind.later().send(None)
except StopIteration as end: assert end.value == 5
try: made.plain(None)
except TypeError as error: assert error.__traceback__.tb_next.tb_lineno == 5, error.__traceback__.tb_next.tb_lineno
print("fine")
"""


def test_functions_get_code_of_their_own_and_do_what_they_did() -> None:
    told = subprocess.run([sys.executable, "-c", GATHERED], capture_output=True, text=True, check=False)
    assert (told.stdout, told.stderr) == ("fine\n", "")


def test_names_are_made_before_anything_else_makes_them() -> None:
    code = (
        "import sys; from kit.serving.forking import layout; layout.names_first(); "
        "kept = {id(one) for one in layout._kept}; import sqlalchemy.engine.base as base; "
        "codes = [one.__code__ for one in vars(base.Connection).values() if hasattr(one, '__code__')]; "
        "names = {name for one in codes for name in one.co_names}; "
        "wanted = layout.listed(layout.NAME); assert len(names & wanted) > 5; "
        "print(all(id(one) in kept for one in names if one in wanted))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "True\n"


def test_the_list_holds_what_kernels_use_and_nothing_of_a_workshop() -> None:
    lines = LIST.read_text("utf-8").splitlines()
    assert all(line.partition(" ")[0] in (CODE, NAME) for line in lines)
    assert all(name.replace("_", "a").isalnum() and len(name) <= 80 for name in listed(NAME))
    assert "kit.serving.pages:participant_page" in listed(CODE)
    assert "ipykernel.kernelapp:IPKernelApp.initialize" in listed(CODE)


def test_the_list_is_not_too_old() -> None:
    """Functions of the kit come and go. When this fails, `python -m bench.layout` writes the list anew."""
    own = [one for one in listed(CODE) if one.startswith("kit.")]
    gone = [one for one in own if not _there(one)]
    assert len(own) > 100
    assert len(gone) < len(own) / 4, gone


def _there(one: str) -> bool:
    module, _, name = one.partition(":")
    try:
        found: Any = import_module(module)
    except ImportError:
        return False
    # Whatever is inside of a function is there if the function is.
    for part in name.partition(".<locals>")[0].split("."):
        found = found.__dict__.get(part) if isinstance(found, (ModuleType, type)) else None
        if found is None:
            return part.startswith("<")
    return callable(found) or isinstance(found, (FunctionType, property, staticmethod, classmethod)) or bool(found)


def test_the_warm_process_has_gathered_what_kernels_use() -> None:
    code = (
        "import gc, types; from kit.serving.forking import layout; "
        "gathered = []; layout.gather = lambda: gathered.append(1); "
        "import kit.serving.forking.participant; print(gathered)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[1]\n"
    assert layout.LIST.stat().st_size < 250_000
