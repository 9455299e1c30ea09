"""Columns of a row as what their types in the database make them."""

from typing import TypeVar

_T = TypeVar("_T")


def typed(kind: type[_T], value: object) -> _T:
    """Return a column's value; raises TypeError where the database holds something else."""
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}, got {type(value).__name__}")
    return value
