"""Every sentence that people may read, found in the source. `python -m tests.support.sentences` prints what lacks."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog

from domain.vocabulary import Outcome, Role, SessionOutcome, Status

ROOT = Path(__file__).parents[2]
_SPEAKING = {"message", "say", "told", "Finding"}
_TITLED = {"domain/errors.py", "api/problems.py"}
_VALIDATING = ("domain/commands", "domain/vocabulary.py", "domain/procedures")
_TIERS = ("compound", "community", "street")


def words() -> set[str]:
    """The words of the vocabulary that may fill a place."""
    return {*_TIERS, *Status, *Outcome, *SessionOutcome, *Role}


def sentences() -> dict[str, str]:
    """Every sentence with the file where it stands."""
    found: dict[str, str] = {}
    for room in ("domain", "application", "access", "api", "console", "cli"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for sentence in _in(name, ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(sentence, name)
    return found


def _in(name: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and name in _TITLED and (text := ast.get_docstring(node)):
            yield text.splitlines()[0].rstrip(".")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            speaks = node.func.id in _SPEAKING or (
                node.func.id == "ValueError" and name.startswith(_VALIDATING)
            )
            first = node.args[0]
            if speaks and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def places(sentence: str) -> set[str]:
    """The named places of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def faults(catalogue: Catalog, wanted: dict[str, str], vocabulary: set[str]) -> list[str]:
    """What is missing from the catalogue, stale in it, or differs in its places."""
    wrong = []
    for sentence, name in wanted.items():
        entry = catalogue.get(sentence)
        if entry is None or not entry.string:
            wrong.append(f"{name}: no Chinese for {sentence!r}")
        elif places(str(entry.string)) != places(sentence):
            wrong.append(f"{name}: other places in the Chinese of {sentence!r}")
    wrong += [f"no Chinese for the word {word!r}" for word in vocabulary if not catalogue.get(word, "word")]
    known = {(sentence, None) for sentence in wanted} | {(word, "word") for word in vocabulary}
    stale = [entry for entry in catalogue if entry.id and (entry.id, entry.context) not in known]
    return wrong + [f"nobody says {entry.id!r} any more" for entry in stale]


if __name__ == "__main__":
    from application.language import catalogue

    print(*(found := faults(catalogue(), sentences(), words())), sep="\n")
    sys.exit(bool(found))
