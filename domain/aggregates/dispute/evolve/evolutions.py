"""The table of how each fact changes a dispute."""

from collections.abc import Callable, Mapping
from typing import Final

from domain.aggregates.dispute.evolve import (
    acceptance,
    aftercare,
    agreement,
    appointments,
    confirmation,
    corrections,
    ending,
    escalation,
    handling,
    parties,
    performance,
    procedure,
    records,
    retractions,
    sessions,
)
from domain.aggregates.dispute.state import Dispute
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent
from domain.procedures.rules import Because

_Evolution = Callable[..., Dispute]  # type: ignore[explicit-any]  # each takes its own event


def unchanged(dispute: Dispute, _: DisputeEvent, __: Because | None) -> Dispute:
    """Fold a fact that no later decision asks about."""
    return dispute


EVOLUTIONS: Final[Mapping[type[DisputeEvent], _Evolution]] = {
    events.Filed: unchanged,
    events.Imported: unchanged,
    events.Declined: unchanged,
    events.Accepted: acceptance.evolve_accepted,
    events.Returned: acceptance.evolve_returned,
    events.MediatorsReplaced: handling.evolve_mediators_replaced,
    events.TimeExtended: handling.evolve_time_extended,
    events.PartyAdded: parties.evolve_party_added,
    events.PartyAmended: parties.evolve_party_amended,
    events.PartyLeft: parties.evolve_party_left,
    events.AppointmentMade: appointments.evolve_appointment_made,
    events.AppointmentMoved: appointments.evolve_appointment_moved,
    events.AppointmentCancelled: appointments.evolve_appointment_cancelled,
    events.SessionRecorded: sessions.evolve_session_recorded,
    events.MinutesAmended: unchanged,
    events.CorrectionProposed: corrections.evolve_correction_proposed,
    events.SessionCorrected: corrections.evolve_session_corrected,
    events.CorrectionRejected: corrections.evolve_correction_rejected,
    events.RetractionProposed: retractions.evolve_retraction_proposed,
    events.FactRetracted: retractions.evolve_fact_retracted,
    events.RetractionRejected: retractions.evolve_retraction_rejected,
    events.ProposalWithdrawn: retractions.evolve_proposal_withdrawn,
    events.ClosureVoided: retractions.evolve_closure_voided,
    events.AgreementEffectVoided: retractions.evolve_agreement_effect_voided,
    events.EscalationProposed: escalation.evolve_escalation_proposed,
    events.EscalationEndorsed: escalation.evolve_escalation_endorsed,
    events.EscalationRejected: escalation.evolve_escalation_rejected,
    events.Escalated: escalation.evolve_escalated,
    events.EscalationVoided: escalation.evolve_escalation_voided,
    events.RiskAssessed: records.evolve_risk_assessed,
    events.PoliceReported: unchanged,
    events.OpinionGiven: unchanged,
    events.AttachmentAdded: unchanged,
    events.AgreementDrafted: agreement.evolve_agreement_drafted,
    events.AgreementSigned: agreement.evolve_agreement_signed,
    events.AgreementTookEffect: agreement.evolve_agreement_took_effect,
    events.AgreementReplaced: agreement.evolve_agreement_replaced,
    events.AgreementRescinded: agreement.evolve_agreement_rescinded,
    events.TermPerformed: performance.evolve_term_performed,
    events.TermBreached: performance.evolve_term_breached,
    events.TermSupervised: unchanged,
    events.ConfirmationRequested: confirmation.evolve_confirmation_requested,
    events.ConfirmationDecided: confirmation.evolve_confirmation_decided,
    events.PartyRefused: ending.evolve_refused,
    events.Withdrawn: ending.evolve_withdrawn,
    events.Terminated: unchanged,
    events.Transferred: unchanged,
    events.RemediesNotified: unchanged,
    events.Closed: ending.evolve_closed,
    events.DuplicateFound: ending.evolve_duplicate_found,
    events.DuplicateVoided: ending.evolve_duplicate_voided,
    events.FollowedUp: aftercare.evolve_followed_up,
    events.Reopened: aftercare.evolve_reopened,
    events.ProcedureMigrated: procedure.evolve_procedure_migrated,
}
"""Every fact of a dispute, and how it changes a dispute that was opened: of the dispute, the fact and its cause."""
