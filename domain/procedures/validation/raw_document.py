"""Looking into a document of which nothing is known yet: what is not there, or not of its kind, counts as empty."""

from collections.abc import Mapping, Sequence
from typing import Final

_NOTHING: Final[Mapping[str, object]] = {}


def mapping(value: object) -> Mapping[str, object]:
    """Return a value that has fields; none for anything else."""
    return value if isinstance(value, Mapping) else _NOTHING


def sequence(value: object) -> Sequence[object]:
    """Return a value that is a list; an empty one for anything else."""
    return value if isinstance(value, list | tuple) else ()


def integer(value: object) -> int | None:
    """Return a value that is a whole number; None for anything else, and for what only counts as one."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
