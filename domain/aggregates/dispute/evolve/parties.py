"""The parties, as they become known."""

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import PartyAdded, PartyAmended
from domain.procedures.rules import Because


def evolve_party_added(dispute: Dispute, event: PartyAdded, _: Because | None) -> Dispute:
    """Add the party."""
    return changed(dispute, parties=(*dispute.parties, event.party))


def evolve_party_amended(dispute: Dispute, event: PartyAmended, _: Because | None) -> Dispute:
    """Replace the party of that id."""
    amended = tuple(event.party if party.id == event.party.id else party for party in dispute.parties)
    return changed(dispute, parties=amended)
