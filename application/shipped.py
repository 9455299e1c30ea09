"""The ladders that ship with the product: documents, of which only the default is in force from the start."""

from functools import cache
from importlib import resources

from application.ladder_validation import checked_ladder
from application.structured_text.yaml_text import read_yaml
from domain.procedures.ladder import Ladder


@cache
def shipped_ladders() -> tuple[Ladder, ...]:
    """Return every ladder that ships, by id."""
    folder = resources.files("application").joinpath("ladders")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    return tuple(checked_ladder(read_yaml(shipped_text(name)), name.removesuffix(".yaml")) for name in names)


def shipped_ladder(called: str) -> Ladder:
    """Return the ladder of an id; raises KeyError where none ships."""
    return {ladder.id: ladder for ladder in shipped_ladders()}[called]


def shipped_text(name: str) -> str:
    """Return a file as it ships, with its remarks."""
    return resources.files("application").joinpath("ladders", name).read_text(encoding="utf-8")
