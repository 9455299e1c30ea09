"""What a new description of a platform means for others: told to whoever sends it, and nothing is refused because of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID

from application.deciders.platform import MEDIATORS, PLATFORMS
from application.deciders.register import REGISTERS
from application.ports import EventLog
from application.stream_cache import StreamCache, StreamStates, read_states
from domain.aggregates.platform import left_out
from domain.commands.platform import DescribePlatform
from domain.messages import Message, message
from domain.vocabulary import day_of

_YEARS: Final = 3
"""Years of a register, this one included, in which a number is looked for."""


class OpenCases(Protocol):
    """Finds the open cases of mediators."""

    async def of_mediators(self, mediators: Sequence[str]) -> Sequence[tuple[str, UUID]]:
        """Return the open cases to which one of the mediators is assigned, each with the mediator."""
        ...


@dataclass(frozen=True, slots=True)
class PlatformWarning:
    """One thing that a description changes for others; `ids` are cases."""

    kind: Literal["open_cases", "pattern_in_use", "unknown_convener"]
    text: Message
    mediator: str | None = None
    ids: tuple[UUID, ...] = ()


class PlatformWarnings:
    """Compares a description with what there is, before it is recorded."""

    def __init__(
        self, log: EventLog, cache: StreamCache, open_cases: OpenCases, clock: Callable[[], datetime]
    ) -> None:
        self._log = log
        self._cache = cache
        self._open_cases = open_cases
        self._clock = clock

    async def of(self, command: DescribePlatform) -> tuple[PlatformWarning, ...]:
        """Return what a description changes for others; raises Unavailable."""
        now = self._clock()
        registers = [(command.unit, now.year - back) for back in range(_YEARS)]
        refs = [PLATFORMS.ref(command.unit), MEDIATORS.ref(command.convener), *map(REGISTERS.ref, registers)]
        states = await read_states(self._log, self._cache, refs)
        dismissed = left_out(
            command, states.get(PLATFORMS, command.unit), command.effective_on or day_of(now)
        )
        found = await self._open_cases.of_mediators(dismissed) if dismissed else ()
        return (
            *_of_open_cases(dismissed, found),
            *_of_the_pattern(command, states, registers),
            *_of_the_convener(command, states),
        )


def _of_open_cases(dismissed: Iterable[str], found: Sequence[tuple[str, UUID]]) -> Iterable[PlatformWarning]:
    for mediator in dismissed:
        ids = tuple(case for assigned, case in found if assigned == mediator)
        if ids:
            text = message(
                "{mediator} leaves and is assigned to {count} open cases", mediator=mediator, count=len(ids)
            )
            yield PlatformWarning("open_cases", text, mediator, ids)


def _of_the_pattern(
    command: DescribePlatform, states: StreamStates, registers: Iterable[tuple[str, int]]
) -> Iterable[PlatformWarning]:
    platform = states.get(PLATFORMS, command.unit)
    pattern = platform.about.number_pattern if platform else None
    if pattern is None or pattern == command.number_pattern:
        return
    used = [year for unit, year in registers if states.get(REGISTERS, (unit, year))]
    if used:
        text = message(
            "numbers of {year} were given by the pattern {pattern}; they stay", year=used[0], pattern=pattern
        )
        yield PlatformWarning("pattern_in_use", text)


def _of_the_convener(command: DescribePlatform, states: StreamStates) -> Iterable[PlatformWarning]:
    listed = any(mediator.id == command.convener for mediator in command.mediators)
    if not listed and states.get(MEDIATORS, command.convener) is None:
        text = message("nobody with the id {convener} is known", convener=command.convener)
        yield PlatformWarning("unknown_convener", text)
