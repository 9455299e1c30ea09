"""What is due by when: accepting, mediating, performing, confirming, visiting (rules 8, 10).

A deadline is derived from facts and the calendar whenever somebody asks; being overdue is never an event.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from domain.procedures.durations import Days, TimeLimit
from domain.procedures.tier import Tier
from domain.procedures.workdays import Calendar
from domain.vocabulary import start_of

DeadlineKind = Literal["accept", "mediate", "confirm", "term", "follow_up"]
CONFIRM_WITHIN: Final = Days(days=30)
"""Within how long of its effect a court may be asked to confirm an agreement (PML 33; CPL 205)."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something is due; the start and the length of time from which it was computed, where it was."""

    kind: DeadlineKind
    due_on: date
    provisional: bool
    since: datetime | None = field(default=None, compare=False)
    limit: TimeLimit | None = field(default=None, compare=False)

    def overdue(self, today: date) -> bool:
        """Say whether something should have been done before `today`. To ask a court is a right: it is never overdue."""
        return self.binding and today > self.due_on

    @property
    def binding(self) -> bool:
        """Whether somebody must act by the day; applying to a court is optional."""
        return self.kind != "confirm"


def accept_by(waiting_since: datetime, tier: Tier, calendar: Calendar) -> Deadline:
    """Return until when the tier has to accept a dispute that waits since then."""
    return _reckoned("accept", waiting_since, tier.accept_within, calendar)


def mediate_by(
    accepted_at: datetime, tier: Tier, calendar: Calendar, extended_until: date | None = None
) -> Deadline:
    """Return until when the tier has to mediate a dispute accepted then, unless the parties gave it longer."""
    if extended_until is not None:
        return Deadline("mediate", extended_until, provisional=False, since=accepted_at)
    return _reckoned("mediate", accepted_at, tier.mediate_within, calendar)


def confirm_by(effective_on: date, calendar: Calendar) -> Deadline:
    """Return until when a court may be asked to confirm an agreement in effect from that day."""
    return _reckoned("confirm", start_of(effective_on), CONFIRM_WITHIN, calendar)


def perform_by(due_on: date) -> Deadline:
    """Return until when a term is to be performed: the day that the parties agreed, whatever the calendar says."""
    return Deadline("term", due_on, provisional=False)


def follow_up_by(closed_on: date, within: TimeLimit, calendar: Calendar) -> Deadline:
    """Return until when the parties are to be visited after a case was closed then."""
    return _reckoned("follow_up", start_of(closed_on), within, calendar)


def _reckoned(kind: DeadlineKind, since: datetime, limit: TimeLimit, calendar: Calendar) -> Deadline:
    due = calendar.due(since, limit)
    return Deadline(kind, due.on, due.provisional, since, limit)
