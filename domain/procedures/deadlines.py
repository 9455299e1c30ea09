"""The two clocks of a tier: the time to accept a dispute and the time to mediate it (rule 8).

A deadline is derived from facts and the calendar whenever somebody asks; being overdue is never an event.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.procedures.ladder import Tier
from domain.procedures.workdays import Calendar

Kind = Literal["accept", "mediate", "confirm", "term", "follow_up"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something is due."""

    kind: Kind
    due_on: date
    provisional: bool

    def overdue(self, today: date) -> bool:
        """Say whether `today` is past the due day."""
        return today > self.due_on


def accept_by(waiting_since: datetime, tier: Tier, calendar: Calendar) -> Deadline:
    """Return until when the tier has to accept a dispute that waits since then."""
    due = calendar.due(waiting_since, tier.accept_within)
    return Deadline("accept", due.on, due.provisional)


def mediate_by(accepted_at: datetime, tier: Tier, calendar: Calendar) -> Deadline:
    """Return until when the tier has to mediate a dispute accepted then (Rules 33)."""
    due = calendar.due(accepted_at, tier.mediate_within)
    return Deadline("mediate", due.on, due.provisional)
