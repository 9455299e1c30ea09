"""Words that no identifier of the product contains, because the field has a precise term for what they mean.

`python -m tests.lint.names` lists every place where one is defined, and exits 1 where there is any. Only definitions
are looked at (functions, classes, arguments, variables, attributes, imported names, files, folders): what is used was
defined somewhere. Names of JSON fields and of stored fields stay as they are: `WIRE` lists them with the reason.
"""

import ast
import itertools
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.lint.product import modules, relative

BANNED: Final = frozenset(
    [
        "told",
        "tell",
        "tells",
        "each",
        "whoever",
        "lane",
        "lanes",
        "ground",
        "grounds",
        "atlas",
        "course",
        "rungs",
        "charted",
        "spell",
        "straight",
        "manners",
        "mannerly",
        "surroundings",
        "filler",
        "beside",
        "tie",
        "ties",
        "sitting",
        "sittings",
        "house",
        "storey",
        "room",
        "rooms",
        "hand",
        "tower",
        "alarm",
        "wanted",
        "asked",
    ]
)
BANNED_TOGETHER: Final = (("at", "hand"),)
WIRE: Final[Mapping[str, str]] = {
    "ground": "field of MigrateDispute and ProcedureMigrated, on the wire and stored",
    "grounds": "field of ProposeEscalation and its event, on the wire and stored",
    "known_at": "query parameter: how a case stood as far as it was known at a time",
}
"""Identifiers that are words of the wire or of stored events, each with the reason."""


@dataclass(frozen=True)
class Place:
    """Where a banned word stands."""

    path: str
    line: int
    name: str
    word: str

    def __str__(self) -> str:
        """As an editor finds it."""
        return f"{self.path}:{self.line}: {self.name} ({self.word})"


def words_of(name: str) -> list[str]:
    """The words of a snake_case or CamelCase name, in small letters."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return [part.lower() for part in parts]


def banned_in(name: str) -> list[str]:
    """The banned words of a name; none if the wire says it like that."""
    if name.lstrip("_") in WIRE:
        return []
    words = words_of(name)
    pairs = [" ".join(pair) for pair in BANNED_TOGETHER if pair in itertools.pairwise(words)]
    return [word for word in words if word in BANNED and not pairs] + pairs


def definitions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that a module defines, with its line."""
    for node in ast.walk(tree):
        yield from _defined_by(node)


def _defined_by(node: ast.AST) -> Iterator[tuple[str, int]]:
    match node:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            yield name, node.lineno
        case ast.arg(arg):
            yield arg, node.lineno
        case ast.Name(name, ast.Store()) | ast.Attribute(_, name, ast.Store()):
            yield name, node.lineno
        case ast.alias(asname=str(name)):
            yield name, node.lineno
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name, node.lineno
        case ast.MatchMapping(rest=str(name)):
            yield name, node.lineno


def places_in(source: str, path: str) -> list[Place]:
    """The banned words of one module: of its path, then of its names."""
    found = [
        Place(path, 1, part, word) for part in Path(path).with_suffix("").parts for word in banned_in(part)
    ]
    for name, line in sorted(set(definitions(ast.parse(source))), key=lambda item: (item[1], item[0])):
        found += [Place(path, line, name, word) for word in banned_in(name)]
    return found


def places() -> list[Place]:
    """The banned words of the whole product."""
    found = [places_in(path.read_text("utf-8"), relative(path)) for path in modules()]
    return [place for module in found for place in module]


def main() -> int:
    """Print what is found."""
    found = places()
    for place in found:
        print(place)
    print(f"{len(found)} names contain a word that the field does not use" if found else "names: ok")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
