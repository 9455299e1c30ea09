"""A stay of a dispute at a tier: who handles it there, and since when."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.vocabulary import day_of


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who mediates, and since when."""

    mediators: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Tenure:
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
        ends = [day_of(each.since) for each in self.assignments[1:]]
        return frozenset(
            mediator
            for each, end in zip(self.assignments, [*ends, date.max], strict=True)
            if day_of(each.since) <= day <= end
            for mediator in each.mediators
        )
