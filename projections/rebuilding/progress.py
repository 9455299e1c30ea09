"""How far a rebuild is."""

from collections.abc import Callable
from enum import StrEnum


class RebuildStage(StrEnum):
    """What a rebuild does one after the other."""

    FILLING = "filling"
    INDEXING = "indexing"
    FOLLOWING = "following"
    COMPARING = "comparing"
    SWITCHING = "switching"


ProgressReport = Callable[[RebuildStage, int, int | None], None]
"""Takes a stage, how much of it is done, and how much it is in all where that is known."""


def ignore_progress(stage: RebuildStage, done: int, total: int | None) -> None:
    """Tell nobody."""
