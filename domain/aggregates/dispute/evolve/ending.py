"""Mediation ends."""

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.evolve import stay_periods
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import Closed, DuplicateFound, DuplicateVoided, PartyRefused, Withdrawn
from domain.procedures.rules import Because
from domain.vocabulary import Status, day_of


def evolve_refused(dispute: Dispute, event: PartyRefused, _: Because | None) -> Dispute:
    """Keep who refused; no session is held after that day."""
    return changed(stay_periods.paused(dispute, day_of(event.occurred_at)), refused_by=event.party)


def evolve_withdrawn(dispute: Dispute, event: Withdrawn, _: Because | None) -> Dispute:
    """Keep whether the parties had settled by themselves (rule 22)."""
    return changed(dispute, settled=event.settled)


def evolve_closed(dispute: Dispute, event: Closed, because: Because | None) -> Dispute:
    """Close the case; open proposals lapse."""
    return changed(
        stay_periods.paused(dispute, day_of(event.occurred_at)),
        status=Status.CLOSED,
        outcome=event.outcome,
        closed_from=dispute.status,
        closed_because=because,
        duplicate_of=event.duplicate_of,
        moved_on=day_of(event.occurred_at),
        proposals={},
        visits=0,
    )


def evolve_duplicate_found(dispute: Dispute, event: DuplicateFound, _: Because | None) -> Dispute:
    """Keep which case was closed in favour of this one (rule 22)."""
    return changed(dispute, duplicates=(*dispute.duplicates, event.duplicate))


def evolve_duplicate_voided(dispute: Dispute, event: DuplicateVoided, _: Because | None) -> Dispute:
    """Drop a case that was closed in favour of this one, and is no longer."""
    return changed(dispute, duplicates=tuple(item for item in dispute.duplicates if item != event.duplicate))
