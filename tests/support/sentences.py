"""Every sentence that people may read, found in the source without running it.

`python -m tests.support.sentences` prints what is wrong with the Chinese catalogue, and exits 1 where anything is.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final, get_args

from babel.messages.catalog import Catalog

from application.i18n import MEANT, catalogue
from application.initial_data import shipped_ladders
from application.ledger import COLUMNS
from application.tables.kinds import vocabulary
from console.templates import environment
from domain.errors.retractions import event_name
from domain.events.dispute import DisputeEvent
from domain.events.dispute.agreement import Form
from domain.vocabulary import Category, Difficulty, Outcome, RiskLevel, Role, SessionOutcome, Source, Status
from tests.support.fields import choices, fields

ROOT: Final = Path(__file__).parents[2]
_ROOMS: Final = (
    "domain",
    "application",
    "store",
    "projections",
    "access",
    "identity",
    "api",
    "console",
    "cli",
)
_SPEAKING: Final = frozenset({"message", "Message", "translate", "Finding"})
_VALIDATING: Final = ("application/ledger.py", "domain/commands", "domain/procedures", "domain/vocabulary")
_GROUNDS: Final = ("risk", "complexity")
_TITLED: Final = frozenset({"DomainError", "Problem"})


def words() -> set[str]:
    """The words of the vocabulary that may fill a place of a sentence or a cell, and the headings of tables."""
    lists = (
        Status,
        Outcome,
        SessionOutcome,
        Role,
        Category,
        Difficulty,
        Source,
        get_args(Form),
        get_args(RiskLevel),
    )
    words = {word for words in lists for word in words}
    meant = {word for meanings in MEANT.values() for word in meanings.values()}
    events = {event_name(event.TOPIC) for event in get_args(DisputeEvent)}
    named = {
        name for ladder in shipped_ladders() for tier in ladder.tiers for name in (tier.name, *tier.groups)
    }
    return {
        *named,
        *COLUMNS,
        *vocabulary(),
        *words,
        *get_args(RiskLevel),
        *_GROUNDS,
        *choices(),
        *events,
        *meant,
    }


def sentences(root: Path = ROOT) -> dict[str, str]:
    """Every sentence with the file and the line where it stands first."""
    return dict(_sentences(root))


@cache
def _sentences(root: Path) -> Mapping[str, str]:
    trees = _trees(root)
    found: dict[str, str] = {}
    for name, argument in _said(trees):
        for sentence in _literals(argument):
            found.setdefault(sentence, f"{name}:{argument.lineno}")
    for name, line, sentence in _in_templates(root):
        found.setdefault(sentence, f"{name}:{line}")
    for name, error in _errors(trees):
        if title := ast.get_docstring(error):
            found.setdefault(title.splitlines()[0].rstrip("."), f"{name}:{error.lineno}")
    return found


def put_together(root: Path = ROOT) -> list[str]:
    """Where a sentence is put together in the code, so that no catalogue can ever hold it."""
    return [
        f"{name}:{argument.lineno}"
        for name, argument in _said(_trees(root))
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
    ]


def places(sentence: str) -> set[str]:
    """The named places of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def faults(
    book: Catalog, wanted: Mapping[str, str], vocabulary: set[str], named: Iterable[str] = ()
) -> list[str]:
    """What the catalogue lacks, what differs from the code, and what nobody says any more."""
    asked: dict[tuple[str, str | None], str] = {(sentence, None): where for sentence, where in wanted.items()}
    asked |= {(word, "word"): "a word" for word in sorted(vocabulary)}
    asked |= {(field, "field"): "a field" for field in sorted(named)}
    wrong = []
    for (msgid, context), where in asked.items():
        entry = book.get(msgid, context)
        if entry is None or not entry.string:
            wrong.append(f"{where}: no Chinese for {msgid!r}")
        elif entry.fuzzy:
            wrong.append(f"{where}: only a guess at the Chinese of {msgid!r}")
        elif places(str(entry.string)) != places(msgid):
            wrong.append(f"{where}: other places in the Chinese of {msgid!r}")
    kept = [(entry.id, entry.context) for entry in (*book, *book.obsolete.values()) if entry.id]
    return wrong + [
        f"nobody says {msgid!r} any more" for msgid, context in kept if (msgid, context) not in asked
    ]


@cache
def _trees(root: Path) -> dict[str, ast.Module]:
    paths = sorted(path for room in _ROOMS for path in (root / room).rglob("*.py"))
    return {path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def _said(trees: Mapping[str, ast.Module]) -> Iterator[tuple[str, ast.expr]]:
    """What is handed to the functions that speak, and what a validator says, which reaches people as it is."""
    for name, tree in trees.items():
        speaking = _SPEAKING | {"ValueError"} if name.startswith(_VALIDATING) else _SPEAKING
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _last_name(node.func) in speaking:
                yield name, node.args[0]


def _in_templates(root: Path) -> Iterator[tuple[str, int, str]]:
    """What the console's templates hand to `_` and to `trans`."""
    for path in sorted((root / "console").rglob("*.html")):
        found = environment("en").extract_translations(path.read_text(encoding="utf-8"))
        yield from ((path.relative_to(root).as_posix(), line, sentence) for line, _, sentence in found)


def _literals(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.IfExp):
        yield from _literals(argument.body)
        yield from _literals(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value


def _errors(trees: Mapping[str, ast.Module]) -> list[tuple[str, ast.ClassDef]]:
    """The two roots of the problems, and all that descends from them, wherever it stands."""
    classes = [
        (name, node)
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    names, errors = _TITLED, [item for item in classes if item[1].name in _TITLED]
    while below := [
        item
        for item in classes
        if item not in errors and names & {_last_name(base) for base in item[1].bases}
    ]:
        names = frozenset(node.name for _, node in below)
        errors += below
    return errors


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


if __name__ == "__main__":
    found = faults(catalogue(), sentences(), words(), fields())
    for item in found:
        print(item)
    sys.exit(bool(found))
