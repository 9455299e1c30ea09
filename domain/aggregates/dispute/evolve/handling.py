"""Who handles an accepted dispute changes, or how long they may."""

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Assignment
from domain.events.dispute import MediatorsReplaced, TimeExtended
from domain.procedures.rules import Because


def evolve_mediators_replaced(dispute: Dispute, event: MediatorsReplaced, _: Because | None) -> Dispute:
    """Assign other mediators from now on; those before have handled the case all the same."""
    stay = dispute.stay
    if stay is None:
        return dispute
    assigned = Assignment(event.mediators, event.occurred_at)
    now = changed(stay, assignments=(*stay.assignments, assigned))
    handlers = dispute.handlers | frozenset(event.mediators)
    return changed(dispute.with_present_stay(now), handlers=handlers)


def evolve_time_extended(dispute: Dispute, event: TimeExtended, _: Because | None) -> Dispute:
    """Extend the time limit of the present stay."""
    stay = dispute.stay
    if stay is None:
        return dispute
    return dispute.with_present_stay(changed(stay, extended_until=event.until))
