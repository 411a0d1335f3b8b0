"""Items that give each other away: the forks of a story, and the moments of the pulse; told side by side."""

from __future__ import annotations

from itertools import combinations

from kit.disclosure import release
from kit.exercise import Question, exercise
from kit.session import Mode, Response, Sector
from tests.auditor.rooms import Proof, compositions, pictures, proofs

TWO_SIDES = Question("x", ("a", "b"), ("dk",), sensitive=True)
FORKS = (
    Question("fork", ("a", "b")),
    Question("after_a", ("x", "y"), within=(("fork", "a"),)),
    Question("after_b", ("z", "w"), within=(("fork", "b"),)),
)
ONCE = (
    {"fork": "a", "after_a": "x"}, {"fork": "a", "after_a": "y"}, {"fork": "a"},
    {"fork": "b", "after_b": "z"}, {"fork": "b", "after_b": "w"}, {"fork": "b"}, {},
)  # fmt: skip
# Whoever begins again keeps what they chose on the other way.
AGAIN = (
    {"fork": "a", "after_a": "x"}, {"fork": "a", "after_a": "y"}, {"fork": "a"},
    {"fork": "b", "after_a": "x"}, {"fork": "b", "after_a": "y"}, {"fork": "b"}, {},
)  # fmt: skip


def of_paths(n: int, k: int, forks: tuple[Question, ...], paths: tuple[dict[str, str], ...]) -> list[Proof]:
    """All ways in which n people can go through a story: what is told of all its forks, side by side."""

    def tell(room: tuple[int, ...]) -> str:
        gone = (path for path, count in zip(paths, room, strict=True) for _ in range(count))
        people = [Response(f"{at:03}", Sector.OTHER, {"took": "part", **path}) for at, path in enumerate(gone)]
        return repr(release("story", forks, people, k, Mode.ANONYMOUS).release)

    cells = range(len(paths))
    sums = [some for size in range(1, len(paths)) for some in combinations(cells, size) if some != (len(paths) - 1,)]
    return list(proofs(pictures(compositions(n, len(paths)), tell), k, forks[0], sums))


def of_pulse(n: int, k: int) -> list[Proof]:
    """Every room of n in which people said "low" or "high" before and now, or skipped: by the pulse's own rules."""
    model = exercise("pulse")
    statement = model.structure.items()[0].id.partition("_")[2]
    scale = model.structure.scales["degree"].options
    ways = [{f"before_{statement}": was, f"now_{statement}": now} for was in scale[:2] for now in scale[:2]]
    asked = [one for one in model.questions() if one.item.endswith(f"_{statement}")]

    def tell(room: tuple[int, ...]) -> str:
        said = [way for way, count in zip([*ways, {}], room, strict=True) for _ in range(count)]
        counted = [{"took": "part"} | dict(model.counted(one)) for one in said]
        people = [Response(f"{at:03}", Sector.OTHER, one) for at, one in enumerate(counted)]
        return repr(release("pulse", asked, people, k, Mode.ANONYMOUS).release)

    return list(proofs(pictures(compositions(n, 5), tell), k, TWO_SIDES, [(1,), (2,)]))
