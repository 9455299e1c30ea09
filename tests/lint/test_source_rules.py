"""Rules of the source: short files and functions everywhere; in `domain/` neither input nor output, clock or chance."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.lint.product import PACKAGES, modules, relative

FILES: Final = modules("domain")
LONGEST_IN_DOMAIN: Final = 150
LONGEST_FILE: Final = 300
LONGEST_FUNCTION: Final = 40
ALLOWED: Final = {
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "domain",
    "enum",
    "functools",
    "itertools",
    "math",
    "pydantic",
    "pydantic_core",
    "re",
    "unicodedata",
    "types",
    "typing",
    "uuid",
    "zoneinfo",
}
"""What the domain may import: nothing that reads, writes, or knows the time by itself."""
CLOCKS: Final = {"now", "today", "utcnow", "fromtimestamp", "utcfromtimestamp"}
CHANCE: Final = {"uuid1", "uuid4"}
BUILT_IN: Final = {"open", "print", "input", "eval", "exec", "__import__", "breakpoint"}
WHOLE_MODULES: Final = {"time", "os", "random", "secrets", "sys", "io"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def overlong(source: str, longest: int) -> list[str]:
    """The complaints about a file's length and about those of its functions."""
    lines = len(source.splitlines())
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, Function)]
    return [f"{lines} lines"] * (lines > longest) + [
        f"line {node.lineno}: {node.name} has {_length(node)} lines"
        for node in functions
        if _length(node) > LONGEST_FUNCTION
    ]


def complaints(source: str) -> list[str]:
    """What a module of the domain may not do."""
    nodes = ast.walk(ast.parse(source))
    return [f"line {node.lineno}: {item}" for node in nodes for item in _against(node)]


def _against(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names):
            yield from _strangers(item.name for item in names)
        case ast.ImportFrom(module, names, level):
            yield from _strangers([module or "domain"] if not level else [])
            yield from (f"takes {item.name}" for item in names if item.name in CLOCKS | CHANCE)
        case ast.Attribute(value, name):
            yield from _reaching_out(value, name)
        case ast.Call(func=ast.Name(name)) if name in BUILT_IN:
            yield f"calls {name}"


def _length(function: Function) -> int:
    """How long it is, its decorators included."""
    first = min([function.lineno, *(item.lineno for item in function.decorator_list)])
    return (function.end_lineno or first) - first + 1


def _strangers(modules: Iterable[str]) -> Iterator[str]:
    return (f"imports {module}" for module in modules if module.partition(".")[0] not in ALLOWED)


def _reaching_out(value: ast.expr, name: str) -> Iterator[str]:
    """Attributes that read a clock, roll dice or touch the machine, be they called at once or handed on.

    The time that a decision is given comes in as `world.now`.
    """
    given = ast.unparse(value) == "world"
    if name in CLOCKS | CHANCE and not given:
        yield f"uses {ast.unparse(value)}.{name}"
    elif isinstance(value, ast.Name) and value.id in WHOLE_MODULES:
        yield f"uses {value.id}.{name}"


def long_function(lines: int, *, head: str = "def long():") -> str:
    return "\n".join([*head.splitlines(), *["    pass"] * (lines - len(head.splitlines()))])


@pytest.mark.parametrize("package", PACKAGES)
def test_files_and_functions_are_short(package: str) -> None:
    longest = LONGEST_IN_DOMAIN if package == "domain" else LONGEST_FILE
    found = {relative(path): overlong(path.read_text("utf-8"), longest) for path in modules(package)}
    assert found
    assert {path: complaints for path, complaints in found.items() if complaints} == {}


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_module_of_the_domain_keeps_the_rules(path: Path) -> None:
    assert complaints(path.read_text("utf-8")) == []


def test_there_are_modules_to_look_at() -> None:
    assert {"rules.py", "state.py"} <= {path.name for path in FILES}


def test_a_line_too_many_is_noticed() -> None:
    assert overlong("x = 1\n" * 150, 150) == []
    assert overlong("x = 1\n" * 151, 150) == ["151 lines"]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (long_function(41), "line 1: long has 41 lines"),
        (long_function(41, head="@cached\ndef long():"), "line 2: long has 41 lines"),
        (long_function(41, head="async def long():"), "line 1: long has 41 lines"),
        (
            f"class Held:\n    x = 1\n    {long_function(41).replace(chr(10), chr(10) + '    ')}",
            "line 3: long has 41 lines",
        ),
    ],
)
def test_a_function_that_is_too_long_is_noticed(source: str, complaint: str) -> None:
    assert overlong(source, 150) == [complaint]
    assert overlong(long_function(40), 150) == []


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("import os", "line 1: imports os"),
        ("import uuid, socket", "line 1: imports socket"),
        ("import os.path as uuid", "line 1: imports os.path"),
        ("from random import choice", "line 1: imports random"),
        ("from pathlib import Path", "line 1: imports pathlib"),
        ("from store.event_log.topics import topic", "line 1: imports store.event_log.topics"),
        ("def late():\n    import time", "line 2: imports time"),
        ("from uuid import uuid4", "line 1: takes uuid4"),
        ("from uuid import uuid1 as fixed", "line 1: takes uuid1"),
        ("began = datetime.now()", "line 1: uses datetime.now"),
        ("began = datetime.datetime.now(UTC)", "line 1: uses datetime.datetime.now"),
        ("began = date.today()", "line 1: uses date.today"),
        ("began = datetime.utcnow()", "line 1: uses datetime.utcnow"),
        ("began = datetime.fromtimestamp(0)", "line 1: uses datetime.fromtimestamp"),
        ("field(default_factory=datetime.now)", "line 1: uses datetime.now"),
        ("id = uuid.uuid4()", "line 1: uses uuid.uuid4"),
        ("Field(default_factory=uuid.uuid1)", "line 1: uses uuid.uuid1"),
        ("open('x')", "line 1: calls open"),
        ("print('x')", "line 1: calls print"),
        ("input()", "line 1: calls input"),
        ("time.monotonic()", "line 1: uses time.monotonic"),
        ("os.environ['x']", "line 1: uses os.environ"),
        ("random.random()", "line 1: uses random.random"),
    ],
)
def test_what_breaks_a_rule_is_named(source: str, complaint: str) -> None:
    assert [item for item in complaints(source) if item.startswith(complaint)]


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import UTC, datetime\nfrom uuid import UUID, uuid5",
        "from collections.abc import Iterator\nimport domain.errors",
        "def at(now):\n    return now",
        "moment.astimezone(UTC).date()",
        "session.time.isoformat()",
    ],
)
def test_what_keeps_the_rules_is_let_be(source: str) -> None:
    assert complaints(source) == []
