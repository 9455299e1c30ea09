"""A stay of a dispute at a tier: who handles it there and since when, its sessions, the move that ends it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.aggregates.dispute.changed import changed
from domain.procedures.counted_stay import CountedSession
from domain.procedures.rules import Because
from domain.vocabulary import HELD, day_of


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who mediates, and since when."""

    mediators: tuple[str, ...]
    since: datetime


@dataclass(frozen=True)
class Period:
    """A time during which a stay ran, by days, the first and the last included; without a last day it still runs."""

    begun_at: datetime
    ended_on: date | None = None
    begun_on: date = field(init=False)

    def __post_init__(self) -> None:
        """Compute the first day once: every session asks for it."""
        object.__setattr__(self, "begun_on", day_of(self.begun_at))

    def includes(self, day: date) -> bool:
        """Say whether the stay ran on a day."""
        return self.begun_on <= day and (self.ended_on is None or day <= self.ended_on)


@dataclass(frozen=True)
class Stay:
    """One stay of the dispute at a tier: the platform that handles it, who mediates, until when it may.

    It outlives an escalation: a dispute that is returned goes on where it was (rule 6). `periods` say when it ran: not
    while the dispute waited at another tier, was closed or agreed (rule 20).
    """

    tier: str
    platform: str
    accepted_at: datetime
    assignments: tuple[Assignment, ...]
    extended_until: date | None = None
    periods: tuple[Period, ...] = ()

    @property
    def mediators(self) -> tuple[str, ...]:
        """Who is assigned now."""
        return self.assignments[-1].mediators

    def paused(self, day: date) -> "Stay":
        """Return the stay as it runs until a day; unchanged where it does not run."""
        if not self.periods or self.periods[-1].ended_on is not None:
            return self
        return changed(self, periods=(*self.periods[:-1], changed(self.periods[-1], ended_on=day)))

    def resumed(self, moment: datetime | None = None) -> "Stay":
        """Return the stay as it runs again from a moment on, or as if it had never paused."""
        if moment is not None:
            return changed(self, periods=(*self.periods, Period(moment)))
        if not self.periods:
            return self
        return changed(self, periods=(*self.periods[:-1], changed(self.periods[-1], ended_on=None)))

    def period_on(self, day: date) -> Period | None:
        """Return the last period that includes a day."""
        for period in reversed(self.periods):
            if period.includes(day):
                return period
        return None

    def assigned_on(self, day: date) -> frozenset[str]:
        """Return who was assigned at any hour of the day."""
        ends = [day_of(assignment.since) for assignment in self.assignments[1:]]
        return frozenset(
            mediator
            for item, end in zip(self.assignments, [*ends, date.max], strict=True)
            if day_of(item.since) <= day <= end
            for mediator in item.mediators
        )


def stay_on(stays: Sequence[Stay], moment: datetime, day: date) -> int | None:
    """Return the place of the stay that ran at a moment; of two on that day, the one begun by that hour (rule 20).

    `day` is `day_of(moment)`, which the caller knows. None where no stay ran on that day.
    """
    first = None
    for place in reversed(range(len(stays))):
        period = stays[place].period_on(day)
        if period is not None:
            if period.begun_on < day or period.begun_at <= moment:
                return place
            first = place
    return first


@dataclass(frozen=True, slots=True)
class Escalation:
    """One move to a higher tier: the stay it ended, the event that says so, and the rule that caused it.

    It ended no stay where the tier that it left had never accepted the dispute. It `stands` whatever is corrected
    once the case was closed and reopened after it (rule 12).
    """

    from_tier: str
    to_tier: str
    stay_index: int | None
    at_version: int
    because: Because | None = None
    voided: bool = False
    stands: bool = False

    @property
    def ended_stay(self) -> bool:
        """Whether the move ended a stay, and stands."""
        return self.stay_index is not None and not self.voided


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it counts now: at which tier, in which stay, what the rules see of it, which seats were taken.

    `people` were stated to have been called, `parties` were there or had an agent there.
    A session that was taken back counts in no stay.
    """

    tier: str
    stay_index: int
    counted: CountedSession
    seats: frozenset[str] = frozenset()
    people: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    corrected: bool = False
    retracted: bool = False

    @property
    def is_held(self) -> bool:
        """Whether it was held (rule 5), and was not taken back."""
        return self.counted.outcome in HELD and not self.retracted
