"""What the lanes found, added up in the order of the log, in whatever order they found it."""

from collections.abc import Sequence

from application.simulation.tally import Tally


class MergedResults:
    """Holds back what came too early, so that a sum never depends on who was faster."""

    def __init__(self, candidates: int) -> None:
        self.total = [Tally() for _ in range(candidates)]
        self.parts = 0
        self.events = 0
        self._early: dict[int, Sequence[Tally]] = {}
        self._next = 0

    def take(self, place: int, found: Sequence[Tally]) -> None:
        """Take in what was found in a part of the log, told by its place."""
        self.parts += 1
        self.events += found[0].events if found else 0
        self._early[place] = found
        while self._next in self._early:
            for mine, more in zip(self.total, self._early.pop(self._next), strict=True):
                mine += more  # noqa: PLW2901 - added in place
            self._next += 1
