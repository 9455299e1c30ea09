"""Folded streams (units, platforms, procedures, registers, calendars, the cases at hand), kept and brought up to date.

A stream that was folded before costs only the question whether it has grown, and not even that where the log just
said that nothing of its kind has. Nothing here is ever stale: every use rests on what the log says now.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar, cast
from uuid import UUID

from application.ports import Loaded
from domain.aggregates import calendar, dispute, platform, register, unit
from domain.aggregates import procedure as policy
from domain.events import streams
from domain.events.calendar import CalendarPublished
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Event, Recorded
from domain.events.mediator import MediatorRegistered
from domain.events.platform import PlatformEvent
from domain.events.procedure import ProcedureEvent
from domain.events.register import RegisterEvent
from domain.events.unit import UnitEvent
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.register import Register
from domain.procedures.workdays import PublishedYear

_HELD: Final = 20_000
_CASES_HELD: Final = 5_000
"""Some 35 MB of a process, with cases of 10 to 20 events."""
_KeyT = TypeVar("_KeyT")
_StateT = TypeVar("_StateT")
_EventT = TypeVar("_EventT", bound=Event)


@dataclass(frozen=True, slots=True)
class _Held(Generic[_StateT]):
    """A stream as it was folded; `seen` is what the log said of references at that moment, -1 for nothing."""

    version: int
    state: _StateT | None
    seen: int = -1


class CacheLookup(Generic[_KeyT, _StateT, _EventT]):
    """Keys whose streams are about to be read, with what was held of each at that moment.

    What was folded when the log said of references what it says now (`now`) need not be read.
    """

    def __init__(
        self, fold: "StreamCache[_KeyT, _StateT, _EventT]", keys: Iterable[_KeyT], now: int | None
    ) -> None:
        self._fold = fold
        self._held = {key: fold.held(key) for key in keys}
        self._asked = [key for key, held in self._held.items() if now is None or held.seen < now]

    @property
    def after(self) -> dict[UUID, int]:
        """Which streams to read, from which version on."""
        return {self._fold.stream(key): self._held[key].version for key in self._asked}

    def take(self, loaded: Loaded) -> dict[_KeyT, _StateT]:
        """Fold what was read; return the state of every key that has one."""
        for key in self._asked:
            self._held[key] = self._fold.advance(key, self._held[key], loaded)
        return {key: held.state for key, held in self._held.items() if held.state is not None}


class StreamCache(Generic[_KeyT, _StateT, _EventT]):
    """One kind of reference stream."""

    def __init__(
        self,
        stream: Callable[[_KeyT], UUID],
        evolve: Callable[[_StateT | None, Recorded[_EventT]], _StateT | None],
        most: int = _HELD,
    ) -> None:
        self.stream = stream
        self._evolve = evolve
        self._most = most
        self._cache: dict[_KeyT, _Held[_StateT]] = {}

    def ask(self, keys: Iterable[_KeyT], now: int | None = None) -> CacheLookup[_KeyT, _StateT, _EventT]:
        """Prepare to bring these keys up to date; `now` is what the log just said of references."""
        return CacheLookup(self, keys, now)

    def held(self, key: _KeyT) -> _Held[_StateT]:
        """Return what is held of a key; version 0 where nothing is."""
        return self._cache.get(key) or _Held(0, None)

    def advance(self, key: _KeyT, held: _Held[_StateT], loaded: Loaded) -> _Held[_StateT]:
        """Fold a key's new events onto what was held of it, and hold that; what was held longest goes."""
        version, state = held.version, held.state
        for recorded in loaded.streams.get(self.stream(key), ()):
            version, state = recorded.version, self._evolve(state, cast("Recorded[_EventT]", recorded))
        self._cache.pop(key, None)
        self._cache[key] = held = _Held(
            version, state, -1 if loaded.references is None else loaded.references
        )
        if len(self._cache) > self._most:
            del self._cache[next(iter(self._cache))]
        return held

    def version(self, key: _KeyT) -> int:
        """Return the version up to which the key was last folded."""
        return self.held(key).version


def _by_event(
    evolve: Callable[[_StateT | None, _EventT], _StateT | None],
) -> Callable[[_StateT | None, Recorded[_EventT]], _StateT | None]:
    """Fold by the fact alone."""
    return lambda state, recorded: evolve(state, recorded.event)


def _registered(state: bool | None, event: MediatorRegistered) -> bool:  # noqa: ARG001
    return True


def _case(case: dispute.Dispute | None, recorded: Recorded[DisputeEvent]) -> dispute.Dispute | None:
    """Fold a case; nothing where the stream is of something else."""
    if not recorded.topic.startswith("dispute."):
        return None
    return dispute.evolve(case, recorded.event, recorded.because, recorded.recorded_at)


def _itself(case: UUID) -> UUID:
    return case


def _register_stream(key: tuple[str, int]) -> UUID:
    return streams.register_stream(*key)


class StreamCaches:
    """All streams that one process keeps folded."""

    def __init__(self) -> None:
        self.disputes: StreamCache[UUID, dispute.Dispute, DisputeEvent] = StreamCache(
            _itself, _case, _CASES_HELD
        )
        self.units: StreamCache[str, unit.Unit, UnitEvent] = StreamCache(
            streams.unit_stream, _by_event(unit.evolve)
        )
        self.platforms: StreamCache[str, Platform, PlatformEvent] = StreamCache(
            streams.platform_stream, _by_event(platform.evolve)
        )
        self.mediators: StreamCache[str, bool, MediatorRegistered] = StreamCache(
            streams.mediator_stream, _by_event(_registered)
        )
        self.registers: StreamCache[tuple[str, int], Register, RegisterEvent] = StreamCache(
            _register_stream, _by_event(register.evolve)
        )
        self.procedures: StreamCache[str, policy.Procedure, ProcedureEvent] = StreamCache(
            streams.procedure_stream, _by_event(policy.evolve)
        )
        self.calendars: StreamCache[int, PublishedYear, CalendarPublished] = StreamCache(
            streams.calendar_stream, _by_event(calendar.evolve)
        )


def merged(*asked: Mapping[UUID, int]) -> dict[UUID, int]:
    """Merge what several folds ask for, so that one reading serves them all."""
    return {stream: version for item in asked for stream, version in item.items()}
