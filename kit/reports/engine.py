"""An engine for Papermill that runs a notebook's cells in this process: no kernel is started, nothing is waited for.

The cells see one namespace, as in a kernel. What the last expression of a cell shows becomes the cell's output, if it
has a `_repr_mimebundle_`; an error goes to whoever called Papermill, as it was raised.
"""

from __future__ import annotations

import ast
from typing import Any, Final

from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines

NAME: Final = "kit"


class InProcess(Engine):
    """Runs cells with `exec`, one after the other."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, _kernel: str, *, namespace: dict[str, Any], shows: bool = True, **_: object
    ) -> None:
        """Run all code cells in `namespace`; with `shows`, keep what they show."""
        count = 0
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code":
                continue
            count += 1
            nb_man.cell_start(cell, index)
            shown = _run(cell.source, namespace)
            cell.execution_count = count
            if shows and hasattr(shown, "_repr_mimebundle_"):
                bundle = shown._repr_mimebundle_()
                cell.outputs = [new_output("execute_result", bundle, execution_count=count)]
            nb_man.cell_complete(cell, index)


def _run(source: str, namespace: dict[str, Any]) -> Any:
    """Run a cell; returns the value of its last expression, None where it ends with something else."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), namespace)
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)


papermill_engines.register(NAME, InProcess)
