"""Does every comparison have its mutants, and does each of them change one operator and nothing else?"""

import ast
from pathlib import Path

import pytest
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from tests.mutation.operators import mutants_of

EVERYWHERE = '''\
def found(x: "int < 3", seen):
    """Not a comparison: 1 < 2."""
    match x:
        case 1 | 2 if x > 1:
            return [y for y in seen if y not in x]
        case {"is": 1}:
            return 1 if x <= 2 < 3 else 4
    for each in seen:
        assert (
            each is not None
            and each
            >= x
        )
    return x is None or x in seen, x == 1, lambda: x != 5
'''


def made_from(folder: Path, source: str) -> list[str]:
    path = folder / "made.py"
    path.write_text(source, "utf-8")
    mutants = mutants_of(path)
    return [mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence) for mutant in mutants]


@pytest.mark.parametrize(
    ("comparison", "mutants"),
    [
        ("x == y", ["x != y"]),
        ("x != y", ["x == y"]),
        ("x < y", ["x >= y", "x <= y"]),
        ("x <= y", ["x > y", "x < y"]),
        ("x > y", ["x >= y", "x <= y"]),
        ("x >= y", ["x > y", "x < y"]),
        ("x is y", ["x is not y"]),
        ("x is not None", ["x is None"]),
        ("x in y", ["x not in y"]),
        ("x not  in y", ["x in y"]),
        ("x in y in z", ["x not in y in z", "x in y not in z"]),
        ("[x for x in y if not x]", []),
    ],
)
def test_an_operator_is_replaced(tmp_path: Path, comparison: str, mutants: list[str]) -> None:
    assert sorted(made_from(tmp_path, comparison)) == sorted(mutants)


def test_a_mutant_differs_in_one_operator_wherever_that_stands(tmp_path: Path) -> None:
    before = ast.dump(ast.parse(EVERYWHERE)).split()
    made = made_from(tmp_path, EVERYWHERE)
    assert len(set(made)) == len(made) == 14
    for item in made:
        after = ast.dump(ast.parse(item)).split()
        assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


def test_a_comparison_that_would_get_no_mutant_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 comparisons, but mutants for 0"):
        made_from(tmp_path, "(x  # cosmic-ray does not look behind a comment\n < y)")
