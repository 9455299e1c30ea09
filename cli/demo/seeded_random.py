"""Random numbers that are the same for the same seed."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

_T = TypeVar("_T")


class SeededRandom(Random):
    """A random generator with a name as its seed; the same name gives the same numbers.

    Everything uses `random()`, the only method whose numbers Python keeps from version to version.
    """

    def likely(self, probability: float) -> bool:
        """Return True with this probability, from 0 to 1."""
        return self.random() < probability

    def between(self, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`, both included."""
        return least + int(self.random() * (most - least + 1))

    def one_of(self, items: Sequence[_T]) -> _T:
        """Return one of the items, all equally likely."""
        return items[int(self.random() * len(items))]

    def some_of(self, items: Sequence[_T], count: int) -> list[_T]:
        """Return `count` different items, or all where there are fewer."""
        left = list(items)
        return [left.pop(int(self.random() * len(left))) for _ in range(min(count, len(left)))]

    def weighted(self, weights: Mapping[_T, float]) -> _T:
        """Return one of the keys in proportion to its weight."""
        draw = self.random() * sum(weights.values())
        for item, weight in weights.items():
            draw -= weight
            if draw < 0:
                return item
        return item  # rounding may leave a rest beyond the last weight
