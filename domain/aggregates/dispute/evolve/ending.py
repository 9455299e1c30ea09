"""Mediation ends."""

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import Closed, PartyRefused
from domain.procedures.rules import Because
from domain.vocabulary import Status, day_of


def evolve_refused(dispute: Dispute, event: PartyRefused, _: Because | None) -> Dispute:
    """Keep who refused; no session is held after that day."""
    return changed(dispute.with_stay_paused(day_of(event.occurred_at)), refused_by=event.party)


def evolve_closed(dispute: Dispute, event: Closed, because: Because | None) -> Dispute:
    """Close the case; open proposals lapse."""
    return changed(
        dispute.with_stay_paused(day_of(event.occurred_at)),
        status=Status.CLOSED,
        outcome=event.outcome,
        closed_from=dispute.status,
        closed_because=because,
        moved_on=day_of(event.occurred_at),
        proposals={},
        visits=0,
    )
