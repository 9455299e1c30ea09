"""The result of comparing two versions of a read model."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that differs: its table, its key, and the columns; no columns where only one version has the row."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The number of rows of the new version, the number of differences, and the first of them."""

    rows: int = 0
    differences: int = 0
    named: tuple[Difference, ...] = ()
