"""The product's source files, as the lints read them."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = (
    "domain",
    "access",
    "application",
    "store",
    "projections",
    "identity",
    "api",
    "console",
    "cli",
    "bench",
)


def modules(*packages: str) -> list[Path]:
    """Every module of these packages, or of all."""
    return sorted(path for package in packages or PACKAGES for path in (ROOT / package).rglob("*.py"))


def relative(path: Path) -> str:
    """A path as it stands in reports: from the root of the project."""
    return str(path.relative_to(ROOT))


@cache
def parsed(path: Path) -> ast.Module:
    """The module's syntax tree."""
    return ast.parse(path.read_text("utf-8"))


@cache
def classes() -> dict[str, list[str]]:
    """Where each class of the product is defined, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(relative(path))
    return found
