"""Since when what is said of a platform counts: its descriptions, and how long its mediators served."""

from dataclasses import dataclass, replace
from datetime import date

from domain.events.platform import (
    MediatorAppointed,
    MediatorDismissed,
    PlatformEstablished,
    PlatformReorganised,
)
from domain.vocabulary import day_of

About = PlatformEstablished | PlatformReorganised
"""What a platform is: tier, title, numbering, convener, panel, groups."""


@dataclass(frozen=True, slots=True)
class Service:
    """How long a mediator served under one appointment: from `since` on, and no longer on the day of a dismissal."""

    appointment: MediatorAppointed
    since: date
    ended_on: date | None = None

    def covers(self, day: date) -> bool:
        """Say whether the mediator served on the day, within the term of office (PML 9)."""
        return self.since <= day <= self.last_day and self.appointment.appointed_on <= day

    @property
    def last_day(self) -> date:
        """The last day of the term, or the day before the dismissal."""
        end = self.appointment.term_ends_on
        return end if self.ended_on is None else min(end, date.fromordinal(self.ended_on.toordinal() - 1))

    def ends_by(self, day: date) -> bool:
        """Say whether a dismissal took effect by the day; the end of a term is none."""
        return self.ended_on is not None and self.ended_on <= day

    def counts_on(self, day: date) -> bool:
        """Say whether the appointment counts on the day, and no dismissal has taken effect; the term may be over."""
        return min(self.since, effective_day(self.appointment)) <= day and not self.ends_by(day)

    def ended(self, on: date) -> "Service":
        """Return the service as it ends on a day, or before."""
        return replace(self, ended_on=on if self.ended_on is None else min(on, self.ended_on))


def effective_day(event: About | MediatorAppointed | MediatorDismissed) -> date:
    """Return the day from which a fact about a platform counts: its own, else that of its recording."""
    on = None if isinstance(event, PlatformEstablished) else event.effective_on
    return on or day_of(event.occurred_at)
