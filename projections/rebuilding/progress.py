"""The progress of a rebuild."""

from collections.abc import Callable
from enum import StrEnum


class RebuildStage(StrEnum):
    """The stages of a rebuild, in order."""

    FILLING = "filling"
    INDEXING = "indexing"
    FOLLOWING = "following"
    COMPARING = "comparing"
    SWITCHING = "switching"


ProgressReport = Callable[[RebuildStage, int, int | None], None]
"""Receives a stage, how much of it is done, and its total where that is known."""


def ignore_progress(stage: RebuildStage, done: int, total: int | None) -> None:
    """Report nothing."""
