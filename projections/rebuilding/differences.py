"""What a comparison of two versions of a read model shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that differs: of which table, its key, and in which columns; none where only one version has it."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many rows the new version has, how many differ, and the first of those."""

    rows: int = 0
    differences: int = 0
    named: tuple[Difference, ...] = ()
