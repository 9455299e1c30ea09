"""Chance that falls the same way each time."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

_T = TypeVar("_T")


class Chance(Random):
    """A source of chance with a name; the same name gives the same falls.

    Everything rests on `random()`, the only method whose falls Python promises to keep from version to version.
    """

    def likely(self, probability: float) -> bool:
        """Say yes as often as that, from 0 to 1."""
        return self.random() < probability

    def between(self, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`, both included."""
        return least + int(self.random() * (most - least + 1))

    def one_of(self, things: Sequence[_T]) -> _T:
        """Return one of the things, each as likely as the next."""
        return things[int(self.random() * len(things))]

    def some_of(self, things: Sequence[_T], count: int) -> list[_T]:
        """Return so many different things, or all of them where there are fewer."""
        left = list(things)
        return [left.pop(int(self.random() * len(left))) for _ in range(min(count, len(left)))]

    def weighted(self, weights: Mapping[_T, float]) -> _T:
        """Return one of the keys, as likely as its weight says; the weights need not add up to anything."""
        fall = self.random() * sum(weights.values())
        for thing, weight in weights.items():
            fall -= weight
            if fall < 0:
                return thing
        return thing  # rounding may leave a hair beyond the last weight
