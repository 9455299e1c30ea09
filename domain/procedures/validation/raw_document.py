"""Access to a document that is not validated yet: a missing value, or one of another type, counts as empty."""

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
    """Return a value that is an integer; None for anything else, booleans too."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
