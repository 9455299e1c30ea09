"""The clock: fires, as commands, the time limits that the ladder lets do something by themselves (rule 8).

It is told by a read model what may fire; whether it still does, the state of the case decides. So it does not matter how
many clocks run, how late they are, or that one stops in the middle: what was fired stays fired, the rest is fired next.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from uuid import UUID, uuid5

from application.command_handler import Clock as Now
from application.command_handler import CommandHandler
from application.context import Context
from application.ports import Unavailable
from domain.commands.dispute import ExpireTimeLimit
from domain.errors import Contended, DomainError
from domain.events.envelope import Actor
from domain.procedures.tier import TierClock
from domain.vocabulary import Role

ACTOR: Final = Actor(sub="clock", role=Role.SYSTEM)
_COMMANDS: Final = UUID("b1f3f2ad-0a56-5f3e-9a74-6cf0a9a3c1de")
_PAGE: Final = 2_000
_AT_ONCE: Final = 64
_MOST_REMEMBERED: Final = 100_000
_LEFT_ALONE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ExpiredTimeLimit:
    """A time limit of a case at a version that may fire from a moment on; `last_day` is the last day of the limit."""

    dispute: UUID
    version: int
    clock: TierClock
    last_day: date
    fires_at: datetime


Report = Callable[[ExpiredTimeLimit, Exception], None]


def silently(_: ExpiredTimeLimit, __: Exception) -> None:
    """Tell nobody."""


class ExpiredTimeLimits(Protocol):
    """Tells what may fire."""

    async def due(
        self, now: datetime, after: ExpiredTimeLimit | None, limit: int
    ) -> Sequence[ExpiredTimeLimit]:
        """Return up to `limit` alarms that may fire by now, in order, beyond the one that was last."""
        ...


@dataclass(frozen=True, slots=True)
class FiringResult:
    """What became of the alarms of one round: fired, no longer due when the case itself was asked, or at fault."""

    fired: int = 0
    moot: int = 0
    failed: int = 0

    def __add__(self, other: "FiringResult") -> "FiringResult":
        """Return both together."""
        return FiringResult(self.fired + other.fired, self.moot + other.moot, self.failed + other.failed)


class DeadlineScheduler:
    """Fires what is due. What turned out not to fire is left alone until its case changes, or an hour has passed.

    What is wrong with a single case is told to `report`, and the others are fired.
    """

    def __init__(
        self, handler: CommandHandler, alarms: ExpiredTimeLimits, now: Now, report: Report = silently
    ) -> None:
        self._report = report
        self._handler = handler
        self._alarms = alarms
        self._now = now
        self._moot: dict[UUID, tuple[int, datetime]] = {}

    async def strike(self) -> FiringResult:
        """Fire everything that is due by now; raises Unavailable. What a round cut short leaves is fired by the next."""
        struck, last, now = FiringResult(), None, self._now()
        while page := await self._alarms.due(now, last, _PAGE):
            struck += await self._fire([item for item in page if not self._is_left_alone(item, now)])
            last = page[-1]
        return struck

    async def _fire(self, alarms: Sequence[ExpiredTimeLimit]) -> FiringResult:
        waiting = iter(alarms)

        async def hand() -> FiringResult:
            done = FiringResult()
            for alarm in waiting:
                done += await self._fire_one(alarm)
            return done

        hands = [hand() for _ in range(min(_AT_ONCE, len(alarms)))]
        results = await asyncio.gather(*hands, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return sum((item for item in results if isinstance(item, FiringResult)), FiringResult())

    async def _fire_one(self, alarm: ExpiredTimeLimit) -> FiringResult:
        command = ExpireTimeLimit(dispute=alarm.dispute, clock=alarm.clock, last_day=alarm.last_day)
        try:
            await self._handler.handle(command, Context(ACTOR, command_id(alarm), fingerprint=b"clock"))
        except Contended:
            return FiringResult(moot=1)
        except DomainError:
            self._leave(alarm)
            return FiringResult(moot=1)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one case, the others are fired
            self._leave(alarm)
            self._report(alarm, error)
            return FiringResult(failed=1)
        return FiringResult(fired=1)

    def _leave(self, alarm: ExpiredTimeLimit) -> None:
        if len(self._moot) >= _MOST_REMEMBERED:
            self._moot.clear()
        self._moot[alarm.dispute] = (alarm.version, self._now() + _LEFT_ALONE)

    def _is_left_alone(self, alarm: ExpiredTimeLimit, now: datetime) -> bool:
        version, until = self._moot.get(alarm.dispute, (0, now))
        return version == alarm.version and now < until


def command_id(alarm: ExpiredTimeLimit) -> UUID:
    """Return the id of the command that fires a time limit: the same for every clock, so that it fires once."""
    return uuid5(_COMMANDS, f"{alarm.dispute}:{alarm.clock}:{alarm.last_day.isoformat()}")
