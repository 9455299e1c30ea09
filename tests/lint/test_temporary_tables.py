"""No statement of the product makes a temporary table that hides a permanent one.

psycopg prepares a statement after five uses, and PostgreSQL keeps its plan for the permanent table: whoever asks a
warm connection is answered from the wrong table.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest

ROOT: Final = Path(__file__).parents[2]
_TEMPORARY: Final = re.compile(
    r"\b(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:GLOBAL|LOCAL)\s+)?TEMP(?:ORARY)?\s+(?:RECURSIVE\s+)?(?:TABLE|VIEW|SEQUENCE)"
    r"|INTO\s+TEMP(?:ORARY)?(?:\s+TABLE)?)\s+(?:IF\s+NOT\s+EXISTS\s+)?(\S*)",
    re.IGNORECASE,
)
_PRODUCT: Final = (
    "domain",
    "access",
    "application",
    "store",
    "projections",
    "identity",
    "api",
    "console",
    "cli",
)
_SEARCH_PATH: Final = re.compile(r"\bsearch_path\b", re.IGNORECASE)


def strings_of(source: str) -> Iterator[str]:
    """The strings of a module that are not descriptions; parts of one statement are one string."""
    tree = ast.parse(source)
    descriptions = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    parts = [part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values]
    left_out = {id(node) for node in (*descriptions, *parts)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value


def hiding(source: str, permanent: set[str]) -> list[str]:
    """Temporary tables whose name is a permanent one's, or is not written down where it can be read."""
    named = [match.group(1) for text in strings_of(source) for match in _TEMPORARY.finditer(text)]
    plain = [name.strip('"').rpartition(".")[2].lower() for name in named]
    return [name for name in plain if name in permanent or not re.fullmatch(r"[a-z_][a-z0-9_]*", name)]


def product_sources(mentioning: str) -> Iterator[tuple[str, str]]:
    """The modules in which a word stands at all; the others need not be parsed."""
    for package in _PRODUCT:
        for path in sorted((ROOT / package).rglob("*.py")):
            source = path.read_text("utf-8")
            if mentioning in source.lower():
                yield str(path.relative_to(ROOT)), source


def test_no_temporary_table_hides_a_permanent_one(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'S', 'p')"
        ).fetchall()
    permanent = {row[0] for row in rows}
    assert {"case_spells", "caseload", "stored_events"} <= permanent
    assert {path: found for path, text in product_sources("temp") if (found := hiding(text, permanent))} == {}


def test_only_a_rebuild_changes_the_search_path() -> None:
    """It does so when it opens a connection, before any statement is prepared there."""
    sources = product_sources("search_path")
    found = [path for path, text in sources if any(map(_SEARCH_PATH.search, strings_of(text)))]
    assert found == ["projections/rebuilding/shadow_schema.py"]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ('"CREATE TEMP TABLE units (LIKE units)"', ["units"]),
        ('"create local temporary table if not exists Units ()"', ["units"]),
        ('"CREATE TEMP VIEW pg_temp.units AS SELECT 1"', ["units"]),
        ('"SELECT * INTO TEMP TABLE units FROM x"', ["units"]),
        ('f"CREATE TEMP TABLE {name} ()"', ["{}"]),
        ('SQL("CREATE TEMP TABLE {} ()")', ["{}"]),
        ('"CREATE TEMP TABLE known_units (LIKE units)"', []),
        ('"CREATE TABLE units ()"', []),
        ('"""CREATE TEMP TABLE units"""', []),
    ],
)
def test_a_temporary_table_that_hides_another_is_noticed(statement: str, found: list[str]) -> None:
    assert hiding(statement if statement.startswith('"""') else f"x = {statement}", {"units"}) == found
