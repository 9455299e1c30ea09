"""Fires expired time limits, as commands, where the ladder says that expiry escalates or terminates (rule 8).

A read model says which time limits may have expired; whether one still fires, the state of the dispute decides. So any
number of schedulers may run, late or interrupted: what was fired stays fired, and the next round fires the rest.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from uuid import UUID, uuid5

from application.command_handler import Clock, CommandHandler
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
_CONCURRENCY: Final = 64
_MAX_POSTPONED: Final = 100_000
_RETRY_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ExpiredTimeLimit:
    """A time limit of a case at a version that may fire from a moment on; `last_day` is the last day of the limit."""

    dispute: UUID
    version: int
    clock: TierClock
    last_day: date
    fires_at: datetime


Report = Callable[[ExpiredTimeLimit, Exception], None]


def ignore_failure(_: ExpiredTimeLimit, __: Exception) -> None:
    """Report a failure to nobody."""


class ExpiredTimeLimits(Protocol):
    """Finds time limits that may have expired."""

    async def due(
        self, now: datetime, after: ExpiredTimeLimit | None, limit: int
    ) -> Sequence[ExpiredTimeLimit]:
        """Return up to `limit` time limits that may fire by `now`, in order, beyond the last one of the page before."""
        ...


@dataclass(frozen=True, slots=True)
class FiringResult:
    """What became of the time limits of one round: fired, no longer due by the dispute's own state, or failed."""

    fired: int = 0
    moot: int = 0
    failed: int = 0

    def __add__(self, other: "FiringResult") -> "FiringResult":
        """Return the sum of two results."""
        return FiringResult(self.fired + other.fired, self.moot + other.moot, self.failed + other.failed)


class DeadlineScheduler:
    """Fires what is due. A time limit that did not fire is tried again when its dispute changes, or after an hour.

    A failure of a single dispute goes to `report`; the others are fired.
    """

    def __init__(
        self,
        handler: CommandHandler,
        time_limits: ExpiredTimeLimits,
        now: Clock,
        report: Report = ignore_failure,
    ) -> None:
        self._report = report
        self._handler = handler
        self._time_limits = time_limits
        self._now = now
        self._postponed: dict[UUID, tuple[int, datetime]] = {}

    async def fire_due(self) -> FiringResult:
        """Fire everything that is due by now; raises Unavailable. The next round fires what an interrupted one left."""
        result, last, now = FiringResult(), None, self._now()
        while page := await self._time_limits.due(now, last, _PAGE):
            result += await self._fire([item for item in page if not self._is_postponed(item, now)])
            last = page[-1]
        return result

    async def _fire(self, time_limits: Sequence[ExpiredTimeLimit]) -> FiringResult:
        waiting = iter(time_limits)

        async def worker() -> FiringResult:
            done = FiringResult()
            for time_limit in waiting:
                done += await self._fire_one(time_limit)
            return done

        workers = [worker() for _ in range(min(_CONCURRENCY, len(time_limits)))]
        results = await asyncio.gather(*workers, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return sum((item for item in results if isinstance(item, FiringResult)), FiringResult())

    async def _fire_one(self, time_limit: ExpiredTimeLimit) -> FiringResult:
        command = ExpireTimeLimit(
            dispute=time_limit.dispute, clock=time_limit.clock, last_day=time_limit.last_day
        )
        try:
            await self._handler.handle(command, Context(ACTOR, command_id(time_limit), fingerprint=b"clock"))
        except Contended:
            return FiringResult(moot=1)
        except DomainError:
            self._postpone(time_limit)
            return FiringResult(moot=1)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a failure of one dispute must not stop the others
            self._postpone(time_limit)
            self._report(time_limit, error)
            return FiringResult(failed=1)
        return FiringResult(fired=1)

    def _postpone(self, time_limit: ExpiredTimeLimit) -> None:
        if len(self._postponed) >= _MAX_POSTPONED:
            self._postponed.clear()
        self._postponed[time_limit.dispute] = (time_limit.version, self._now() + _RETRY_AFTER)

    def _is_postponed(self, time_limit: ExpiredTimeLimit, now: datetime) -> bool:
        version, until = self._postponed.get(time_limit.dispute, (0, now))
        return version == time_limit.version and now < until


def command_id(time_limit: ExpiredTimeLimit) -> UUID:
    """Return the id of the command that fires a time limit: the same for every clock, so that it fires once."""
    return uuid5(_COMMANDS, f"{time_limit.dispute}:{time_limit.clock}:{time_limit.last_day.isoformat()}")
