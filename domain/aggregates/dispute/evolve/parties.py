"""Who takes part: the parties as they become known, the mediators as they change."""

from dataclasses import replace
from typing import assert_never

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Assignment
from domain.events.dispute import MediatorsReplaced, PartyAdded, PartyAmended, PeopleEvent


def peopled(dispute: Dispute, event: PeopleEvent) -> Dispute:
    """Fold a fact of the people of a dispute."""
    match event:
        case PartyAdded():
            return changed(dispute, parties=(*dispute.parties, event.party))
        case PartyAmended():
            amended = tuple(event.party if party.id == event.party.id else party for party in dispute.parties)
            return changed(dispute, parties=amended)
        case MediatorsReplaced():
            return _replaced(dispute, event)
        case _:
            assert_never(event)


def _replaced(dispute: Dispute, event: MediatorsReplaced) -> Dispute:
    tenure = dispute.tenure
    if tenure is None:
        return dispute
    assigned = Assignment(event.mediators, event.occurred_at)
    now = replace(tenure, assignments=(*tenure.assignments, assigned))
    handlers = dispute.handlers | frozenset(event.mediators)
    return changed(dispute.with_present_tenure(now), handlers=handlers)
