"""Units of the jurisdiction tree: which lies above, which lies below."""

from functools import lru_cache


def covers(unit: str, other: str) -> bool:
    """Say whether `other` is the unit or lies below it."""
    return other == unit or other.startswith(unit + ".")


@lru_cache(10_000)
def with_ancestors(unit: str) -> tuple[str, ...]:
    """Return the unit and the units above it, the nearest first."""
    parts = unit.split(".")
    return tuple(".".join(parts[:length]) for length in range(len(parts), 0, -1))


def parent_of(unit: str) -> str | None:
    """Return the unit above, by the id; None at the top."""
    return with_ancestors(unit)[1] if "." in unit else None
