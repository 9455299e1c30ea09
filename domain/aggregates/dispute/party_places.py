"""Whether a fact that rests on the parties, their application, or an appointment has a place in a dispute (rule 19)."""

from domain.aggregates.dispute.state import Dispute
from domain.events import dispute as events
from domain.vocabulary import Status


def request_place(dispute: Dispute, event: events.ConfirmationRequested) -> bool:
    """All parties that stayed apply, and the agreement is in effect (rule 10)."""
    in_effect = dispute.agreement is not None and dispute.agreement.in_effect
    return in_effect and _all_agree(dispute, event.applicants)


def extension_place(dispute: Dispute, event: events.TimeExtended) -> bool:
    """All parties that stayed consent, and the dispute is accepted (rule 8)."""
    return dispute.status is Status.ACCEPTED and _all_agree(dispute, event.consents)


def _all_agree(dispute: Dispute, parties: tuple[str, ...]) -> bool:
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


def court_place(dispute: Dispute, _: events.ConfirmationDecided) -> bool:
    """A court was asked and has not decided."""
    agreement = dispute.agreement
    return (
        agreement is not None
        and agreement.confirmation is not None
        and agreement.confirmation.outcome is None
    )
