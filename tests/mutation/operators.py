"""Which mutants there are: one or two replacements for each comparison operator.

cosmic-ray brings operators for all of them but `in` and `not in`; these two are added here.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import OPERATOR_PROVIDERS, get_operator
from cosmic_ray.util import read_python_source
from parso.tree import NodeOrLeaf

_CORE: Final = {
    "==": ("Eq", ("!=",)),
    "!=": ("NotEq", ("==",)),
    "<": ("Lt", ("<=", ">=")),
    "<=": ("LtE", ("<", ">")),
    ">": ("Gt", (">=", "<=")),
    ">=": ("GtE", (">", "<")),
    "is": ("Is", ("is not",)),
    "is not": ("IsNot", ("is",)),
}


class _Membership(Operator):
    """Puts `not in` in the place of `in`, or the reverse."""

    old = "in"
    new = "not in"

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Where this operator stands in the comparison."""
        for place in self._places(node):
            yield node.children[place].start_pos, node.children[place].end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        """Replace one of them."""
        node.children[list(self._places(node))[index]] = parso.parse(f" {self.new}")
        return node

    def _places(self, node: NodeOrLeaf) -> list[int]:
        if node.type != "comparison":
            return []
        signs = enumerate(node.children[1::2])
        return [
            2 * n + 1 for n, sign in signs if sign.get_code(include_prefix=False).split() == self.old.split()
        ]

    @classmethod
    def examples(cls) -> Iterable[Example]:
        """One, for cosmic-ray's own documentation."""
        return (Example(f"x {cls.old} y", f"x {cls.new} y"),)


class _NonMembership(_Membership):
    """Puts `in` in the place of `not in`."""

    old = "not in"
    new = "in"


OPERATOR_PROVIDERS["membership"] = {"In_NotIn": _Membership, "NotIn_In": _NonMembership}

REPLACEMENTS: Final = {
    f"core/ReplaceComparisonOperator_{name}_{_CORE[new][0]}": (old, new)
    for old, (name, others) in _CORE.items()
    for new in others
} | {"membership/In_NotIn": ("in", "not in"), "membership/NotIn_In": ("not in", "in")}
"""cosmic-ray's names of the operators, and what each puts in the place of what."""


@dataclass(frozen=True)
class Mutant:
    """One change to one file."""

    path: Path
    operator: str
    occurrence: int
    position: tuple[int, int]

    def __str__(self) -> str:
        """Where it is, and what stands in the place of what."""
        line, column = self.position
        return f"{self.path}:{line}:{column + 1}  {' -> '.join(REPLACEMENTS[self.operator])}"


def mutants_of(path: Path) -> list[Mutant]:
    """All mutants of a file, in the order of its lines; a comparison without any is a mistake of this module."""
    source = read_python_source(path)
    tree = get_ast(source)
    found = []
    for name in REPLACEMENTS:
        operator = get_operator(name)()
        positions = [start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node)]
        found += [Mutant(path, name, n, position) for n, position in enumerate(positions)]
    reached, present = len({item.position for item in found}), _comparisons(source)
    if reached != present:
        raise ValueError(f"{path}: {present} comparisons, but mutants for {reached}")
    return sorted(found, key=lambda item: (item.position, item.operator))


def _comparisons(source: str) -> int:
    """How many comparison operators there are according to Python itself."""
    return sum(len(item.ops) for item in ast.walk(ast.parse(source)) if isinstance(item, ast.Compare))
