"""The parties, as they become known, and as they leave."""

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import PartyAdded, PartyAmended, PartyLeft
from domain.procedures.rules import Because


def evolve_party_added(dispute: Dispute, event: PartyAdded, _: Because | None) -> Dispute:
    """Add the party."""
    return changed(dispute, parties=(*dispute.parties, event.party))


def evolve_party_amended(dispute: Dispute, event: PartyAmended, _: Because | None) -> Dispute:
    """Replace the party of that id."""
    amended = tuple(event.party if party.id == event.party.id else party for party in dispute.parties)
    return changed(dispute, parties=amended)


def evolve_party_left(dispute: Dispute, event: PartyLeft, _: Because | None) -> Dispute:
    """Keep that the party left; the case goes on (rule 21)."""
    return changed(dispute, departures={**dispute.departures, event.party: event})
