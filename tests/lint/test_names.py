"""The lint of names finds a banned word wherever it is defined, and leaves words of the wire alone."""

import pytest

from tests.lint.names import WIRE, banned_in, definitions, places_in
from tests.lint.product import PACKAGES, ROOT, modules, parsed


@pytest.mark.parametrize(
    "source",
    [
        "told = 1",
        "def told(): ...",
        "async def what_was_told(): ...",
        "class ToldStory: ...",
        "def f(told): ...",
        "def f(*, told=1): ...",
        "def f(*told): ...",
        "def f(**told): ...",
        "self.told = 1",
        "_TOLD: Final = 1",
        "class Row:\n    told: int",
        "for told in []: ...",
        "[told for told in []]",
        "with open('x') as told: ...",
        "try: ...\nexcept OSError as told: ...",
        "import os as told",
        "from os import path as told",
        "match 1:\n    case told: ...",
        "match [1]:\n    case [*told]: ...",
        "match {}:\n    case {**told}: ...",
        "if (told := 1): ...",
        "x, (told, y) = 1, (2, 3)",
    ],
)
def test_a_planted_word_is_found(source: str) -> None:
    assert [place.word for place in places_in(source, "domain/x.py")] == ["told"]


def test_it_is_found_in_the_names_of_files_and_folders() -> None:
    assert [place.word for place in places_in("", "api/manners/straight_way.py")] == ["manners", "straight"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("at_hand", ["at hand"]),
        ("CasesAtHand", ["at hand"]),
        ("by_hand", ["hand"]),
        ("handler", []),
        ("handle", []),
        ("teller", []),
        ("storeys", []),
        ("known_at", []),
        ("unknown", []),
        ("each_once", ["each"]),
        ("SITTINGS", ["sittings"]),
        ("HTTPRoom", ["room"]),
    ],
)
def test_names_are_taken_apart_into_words(name: str, words: list[str]) -> None:
    assert banned_in(name) == words


def test_every_package_is_looked_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in modules()} == set(PACKAGES)


def test_every_exception_is_needed() -> None:
    defined = {name for path in modules() for name, _ in definitions(parsed(path))}
    assert {name.lstrip("_") for name in defined} >= set(WIRE)
