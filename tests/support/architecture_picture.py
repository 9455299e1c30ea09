"""Draws the picture in docs/explanation/architecture.md from the code: `python -m tests.support.architecture_picture`."""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs/explanation/architecture.md"
BEGIN: Final = "<!-- drawn by tests/support/architecture_picture.py: begin -->\n"
END: Final = "<!-- end -->\n"
_SHOWN: Final = 4
"""Packages that a box of the picture names before it says how many more there are."""


class Step(NamedTuple):
    """An arrow of the picture: from one package to another, and the function that takes this step."""

    source: str
    target: str
    number: str
    what: str
    function: str


STEPS: Final = (
    Step("client", "api", "W1", "POST", "api/disputes/commands.py:DisputeCommands"),
    Step("api", "application", "W2", "handle", "application/command_handler.py:CommandHandler.handle"),
    Step("application", "store", "W3", "load", "store/event_log/postgres_event_log.py:PostgresEventLog.load"),
    Step("application", "domain", "W4", "decide", "domain/aggregates/dispute/decide/__init__.py:decide"),
    Step("store", "postgres", "W5", "append", "store/event_log/append.py:write"),
    Step("projections", "store", "R1", "follow the log", "projections/runtime/runner.py:Runner.run"),
    Step(
        "projections",
        "postgres",
        "R2",
        "write rows",
        "projections/case_list/projection.py:CaseListProjection.apply",
    ),
    Step("client", "api", "R3", "GET", "api/disputes/queries.py:router"),
    Step("api", "projections", "R4", "query", "projections/case_list/queries.py:CaseListQueries.page"),
)


def layers() -> tuple[str, ...]:
    """The packages from the lowest to the highest, as the import contract orders them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    ordered = next(item["layers"] for item in contracts["contracts"] if "cli" in item.get("layers", ()))
    return tuple(reversed(ordered))


def imports() -> Mapping[str, frozenset[str]]:
    """The packages that each package imports, over all of its modules."""
    packages = layers()
    return {
        package: frozenset(
            name
            for path in (ROOT / package).rglob("*.py")
            for name in _imported(path)
            if name in packages and name != package
        )
        for package in packages
    }


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names):
                yield from (item.name.split(".")[0] for item in names)
            case ast.ImportFrom(module=str(module)):
                yield module.split(".")[0]
            case _:
                pass


def missing(steps: tuple[Step, ...] = STEPS) -> list[str]:
    """The functions that the picture names and the code does not have."""
    return [step.function for step in steps if not _exists(step.function)]


def _exists(function: str) -> bool:
    path, _, name = function.partition(":")
    if not (ROOT / path).is_file():
        return False
    scope = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    for part in name.split("."):
        found = [node for node in scope if part in _names(node)]
        if not found:
            return False
        scope = getattr(found[0], "body", [])
    return True


def _names(node: ast.stmt) -> set[str]:
    match node:
        case ast.ClassDef(name) | ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
            return {name}
        case ast.Assign(targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
        case ast.AnnAssign(target=ast.Name(name)):
            return {name}
        case _:
            return set()


def picture() -> str:
    """The generated part of the page: the diagram, and two tables that belong to it."""
    return "\n".join([*_diagram(), "", *_steps(), "", *_packages(), ""])


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "flowchart TD"
    yield "  client([browser, script, other system])"
    for package in reversed(layers()):
        yield f'  {package}["<b>{package}</b><br/>{_contents(package)}"]'
    yield "  postgres[(PostgreSQL: log, read models)]"
    used = imports()
    drawn = {(step.source, step.target) for step in STEPS}
    for package in reversed(layers()):
        for other in sorted(_direct(package, used)):
            if (package, other) not in drawn:
                yield f"  {package} -.-> {other}"
    for source, target in dict.fromkeys((step.source, step.target) for step in STEPS):
        texts = [
            f"{item.number} {item.what}" for item in STEPS if (item.source, item.target) == (source, target)
        ]
        yield f'  {source} ==>|"{", ".join(texts)}"| {target}'
    yield "```"


def _direct(package: str, used: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What a package imports and does not reach through another one of them."""
    beyond = frozenset[str]().union(*(_reachable(other, used) for other in used[package]))
    return used[package] - beyond


def _reachable(package: str, used: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return used[package].union(*(_reachable(other, used) for other in used[package]))


def _contents(package: str) -> str:
    inside = sorted(path.parent.name for path in (ROOT / package).glob("*/__init__.py"))
    if not inside:
        inside = sorted(path.stem for path in (ROOT / package).glob("*.py") if path.stem != "__init__")
    more = [f"and {len(inside) - _SHOWN} more"] if len(inside) > _SHOWN + 1 else []
    return ", ".join([*inside[:_SHOWN], *more] if more else inside)


def _steps() -> Iterator[str]:
    yield "| step | function |"
    yield "|---|---|"
    for step in STEPS:
        path, _, name = step.function.partition(":")
        yield f"| {step.number} {step.what} | `{name}` in [{path}](../../{path}) |"


def _packages() -> Iterator[str]:
    yield "| package | contains | imports |"
    yield "|---|---|---|"
    used = imports()
    for package in reversed(layers()):
        about = (
            ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))) or ""
        )
        names = ", ".join(name for name in reversed(layers()) if name in used[package])
        yield f"| `{package}` | {' '.join(about.split())} | {names or 'nothing of the others'} |"


def drawn_page(text: str) -> str:
    """The page with its generated part drawn anew; raises ValueError where the markers are missing."""
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    return f"{head}{BEGIN}{picture()}{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(drawn_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
