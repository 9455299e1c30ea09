"""Whether a fact that rests on the parties or an appointment has a place in a dispute (rule 19)."""

from domain.aggregates.dispute.state import Dispute
from domain.events import dispute as events
from domain.vocabulary import Status


def extension_place(dispute: Dispute, event: events.TimeExtended) -> bool:
    """All parties that stayed consent, and the dispute is accepted (rule 8)."""
    return dispute.status is Status.ACCEPTED and all_agree(dispute, event.consents)


def all_agree(dispute: Dispute, parties: tuple[str, ...]) -> bool:
    """Say whether all parties that stayed are among these."""
    return {party.id for party in dispute.present_parties}.issubset(parties)


def leaving_place(dispute: Dispute, event: events.PartyLeft) -> bool:
    """The party is there, and not the last of its side (rule 21)."""
    sides = {party.id: party.role for party in dispute.present_parties}
    side = sides.pop(event.party, None)
    return side in sides.values() and dispute.status not in {Status.CLOSED, Status.AGREED}


def appointment_stands(
    dispute: Dispute, event: events.AppointmentMoved | events.AppointmentCancelled
) -> bool:
    """The appointment was made, and not cancelled."""
    return any(item.number == event.number and item.stands for item in dispute.appointments)
