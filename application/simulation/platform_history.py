"""Which platforms there were, at any position of the log and at any time."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.events.platform import PlatformEstablished, PlatformReorganised
from domain.jurisdiction.platform import Platform

Described = PlatformEstablished | PlatformReorganised
"""The facts that say at which tier a platform mediates and who convenes it."""


@dataclass(frozen=True, slots=True)
class PlatformVersion:
    """A description of a platform, with its place in the log and when it was recorded."""

    position: int
    recorded_at: datetime
    event: Described


class PlatformHistory:
    """Platforms as they stood, without their mediators: no rule asks for those."""

    def __init__(self, charted: Iterable[PlatformVersion] = ()) -> None:
        """Take every description, in order of the log."""
        self._charted = tuple(charted)
        self._positions = [item.position for item in self._charted]
        self._moments = [item.recorded_at for item in self._charted]
        self._places: dict[str, list[int]] = {}
        for place, item in enumerate(self._charted):
            self._places.setdefault(item.event.unit, []).append(place)
        self._latest = _Then(self._places, self._charted, len(self._charted)).whole()

    def before(self, position: int) -> Mapping[str, Platform]:
        """Return the platforms, by unit, as they stood before what was recorded at a position."""
        return self._with(bisect_left(self._positions, position))

    def at(self, moment: datetime) -> Mapping[str, Platform]:
        """Return the platforms as they stood at a time."""
        return self._with(bisect_right(self._moments, moment))

    def _with(self, count: int) -> Mapping[str, Platform]:
        return self._latest if count == len(self._charted) else _Then(self._places, self._charted, count)


@dataclass(frozen=True, slots=True)
class _Then(Mapping[str, Platform]):
    """What the first so many descriptions say."""

    places: Mapping[str, list[int]]
    charted: tuple[PlatformVersion, ...]
    count: int

    def __getitem__(self, unit: str) -> Platform:
        places = self.places.get(unit, ())
        known = bisect_left(places, self.count)
        if not known:
            raise KeyError(unit)
        return Platform(unit, self.charted[places[known - 1]].event)

    def __iter__(self) -> Iterator[str]:
        return (unit for unit in self.places if unit in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def whole(self) -> dict[str, Platform]:
        """Return all of it at once."""
        return dict(self)
