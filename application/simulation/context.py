"""What a simulation needs in addition to the cases: platforms, published ladders, the calendar, the end of the log."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from application.simulation.recorded_commands import RecordedFact
from domain.aggregates.dispute import World
from domain.events.envelope import Actor
from domain.events.platform import PlatformEstablished, PlatformReorganised
from domain.jurisdiction.platform import Platform
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.workdays import Calendar
from domain.vocabulary import Role, day_of

_CLOCK: Final = Actor(sub="clock", role=Role.SYSTEM)


Described = PlatformEstablished | PlatformReorganised
"""The facts that say at which tier a platform mediates and who convenes it."""


@dataclass(frozen=True, slots=True)
class PlatformVersion:
    """A description of a platform, with its place in the log and when it was recorded."""

    position: int
    recorded_at: datetime
    event: Described


class PlatformHistory:
    """Platforms as they stood at any position of the log and at any time, without mediators: no rule needs those."""

    def __init__(self, versions: Iterable[PlatformVersion] = ()) -> None:
        """Take every version of every platform, in the order of the log."""
        self._versions = tuple(versions)
        self._positions = [item.position for item in self._versions]
        self._moments = [item.recorded_at for item in self._versions]
        self._places: dict[str, list[int]] = {}
        for place, item in enumerate(self._versions):
            self._places.setdefault(item.event.unit, []).append(place)
        self._vary = any(isinstance(item.event, PlatformReorganised) for item in self._versions)
        self._latest = _PlatformsThen(self._places, self._versions, len(self._versions)).copy()

    def before(self, position: int, happened_at: datetime) -> Mapping[str, Platform]:
        """Return the platforms, by unit, as a fact was judged that was recorded at a position (rule 20).

        They are those of the day on which it happened, as far as that was known before the position.
        """
        return self._with(bisect_left(self._positions, position), day_of(happened_at))

    def at(self, moment: datetime) -> Mapping[str, Platform]:
        """Return the platforms as they stood at a time."""
        return self._with(bisect_right(self._moments, moment), day_of(moment))

    def _with(self, count: int, day: date) -> Mapping[str, Platform]:
        known = (
            self._latest
            if count == len(self._versions)
            else _PlatformsThen(self._places, self._versions, count)
        )
        return _PlatformsOn(known, day) if self._vary else known


@dataclass(frozen=True, slots=True)
class _PlatformsThen(Mapping[str, Platform]):
    """The platforms that the first `count` descriptions describe."""

    places: Mapping[str, list[int]]
    versions: tuple[PlatformVersion, ...]
    count: int

    def __getitem__(self, unit: str) -> Platform:
        places = self.places.get(unit, ())
        earlier = bisect_left(places, self.count)
        if not earlier:
            raise KeyError(unit)
        first, *later = (self.versions[place].event for place in places[:earlier])
        platform = Platform(unit, first)
        for event in later:
            if isinstance(event, PlatformReorganised):
                platform = platform.reorganised(event)
        return platform

    def __iter__(self) -> Iterator[str]:
        return (unit for unit in self.places if unit in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def copy(self) -> dict[str, Platform]:
        """Return a plain copy."""
        return dict(self)


@dataclass(frozen=True, slots=True)
class _PlatformsOn(Mapping[str, Platform]):
    """Platforms as of a day."""

    known: Mapping[str, Platform]
    day: date

    def __getitem__(self, unit: str) -> Platform:
        return self.known[unit].on(self.day)

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


@dataclass(frozen=True, slots=True)
class LadderVersion:
    """A ladder under which cases are run, with the reference by which explanations name it."""

    ref: ProcedureRef
    ladder: Ladder


@dataclass(frozen=True, slots=True)
class SimulationContext:
    """Platforms, published ladders and the calendar, up to one position of the log.

    `horizon` is when the last event up to there was recorded.
    """

    platforms: PlatformHistory
    versions: Mapping[tuple[str, int], Ladder]
    calendar: Calendar = field(default_factory=Calendar)
    horizon: datetime | None = None

    def pinned(self, ref: ProcedureRef) -> LadderVersion | None:
        """Return the published version to which a case is pinned; None where the log does not have it."""
        found = self.versions.get((ref.id, ref.version))
        return None if found is None else LadderVersion(ref, found)

    def world_before(self, recorded: RecordedFact, ladder_version: LadderVersion) -> World:
        """Return the world of a recorded decision under a ladder: as it was before that decision."""
        platforms = self.platforms.before(recorded.position, recorded.event.happened_at)
        ref, ladder = ladder_version.ref, ladder_version.ladder
        return World(recorded.recorded_at, recorded.actor, ref, ladder, platforms, calendar=self.calendar)

    def world_at(self, moment: datetime, ladder_version: LadderVersion) -> World:
        """Return the world of a time limit that expires at a moment, under a ladder."""
        platforms = self.platforms.at(moment)
        ref, ladder = ladder_version.ref, ladder_version.ladder
        return World(moment, _CLOCK, ref, ladder, platforms, calendar=self.calendar)
