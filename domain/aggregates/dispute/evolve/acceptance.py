"""A tier accepts a dispute, or sends it back to the tier below."""

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.evolve import stay_periods
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Assignment, Period, Stay
from domain.events.dispute import Accepted, EscalationVoided, Returned
from domain.procedures.rules import Because
from domain.vocabulary import Status, day_of


def evolve_accepted(dispute: Dispute, event: Accepted, _: Because | None) -> Dispute:
    """Begin a new stay at the tier; the first acceptance brings the case number."""
    assigned = Assignment(event.mediators, event.occurred_at)
    periods = (Period(event.occurred_at),)
    stay = Stay(event.tier, event.platform, event.occurred_at, (assigned,), periods=periods)
    return changed(
        dispute,
        status=Status.ACCEPTED,
        number=event.number or dispute.number,
        moved_on=day_of(event.occurred_at),
        stays=(*dispute.stays, stay),
        stay_index=len(dispute.stays),
        handlers=dispute.handlers | frozenset(event.mediators),
        dormant=False,
    )


def evolve_returned(dispute: Dispute, event: Returned, _: Because | None) -> Dispute:
    """Resume the stay that the last escalation ended (rule 6)."""
    left = dispute.last_departure
    resumed = resume_stay(dispute, event, left.stay_index if left else None)
    return stay_periods.resumed(resumed, event.occurred_at)


def resume_stay(dispute: Dispute, event: Returned | EscalationVoided, stay: int | None) -> Dispute:
    """Return the dispute accepted again where it was, in the stay at that place; open proposals lapse."""
    return changed(
        dispute,
        status=Status.ACCEPTED,
        tier=event.to_tier,
        platform=event.platform,
        moved_on=day_of(event.occurred_at),
        stay_index=stay,
        proposals={},
    )
