"""A stay of a dispute at a tier: who handles it there and since when, its sessions, the move that ends it."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.procedures.counted_stay import CountedSession
from domain.procedures.rules import Because
from domain.vocabulary import day_of


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who mediates, and since when."""

    mediators: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of the dispute at a tier: the platform that handles it, who mediates, until when it may.

    It outlives an escalation: a dispute that is returned goes on where it was (rule 6).
    """

    tier: str
    platform: str
    accepted_at: datetime
    assignments: tuple[Assignment, ...]
    extended_until: date | None = None

    @property
    def mediators(self) -> tuple[str, ...]:
        """Who is assigned now."""
        return self.assignments[-1].mediators

    def assigned_on(self, day: date) -> frozenset[str]:
        """Return who was assigned at any hour of the day."""
        ends = [day_of(assignment.since) for assignment in self.assignments[1:]]
        return frozenset(
            mediator
            for item, end in zip(self.assignments, [*ends, date.max], strict=True)
            if day_of(item.since) <= day <= end
            for mediator in item.mediators
        )


@dataclass(frozen=True, slots=True)
class Escalation:
    """One move to a higher tier: the stay it ended, the event that says so, and the rule that caused it.

    It ended no stay where the tier that it left had never accepted the dispute.
    """

    from_tier: str
    to_tier: str
    stay_index: int | None
    at_version: int
    because: Because | None = None
    voided: bool = False

    @property
    def ended_stay(self) -> bool:
        """Whether the move ended a stay, and stands."""
        return self.stay_index is not None and not self.voided


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it counts now: at which tier, in which stay, what the rules see of it, which seats were taken."""

    tier: str
    stay_index: int
    counted: CountedSession
    seats: frozenset[str] = frozenset()
    corrected: bool = False
