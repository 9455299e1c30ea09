"""How facts change a dispute. Nothing here refuses, reads a clock or a setting: every history can be folded."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, Protocol

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.evolve import (
    acceptance,
    aftercare,
    agreement,
    confirmation,
    corrections,
    ending,
    escalation,
    filing,
    handling,
    imported,
    parties,
    performance,
    procedure,
    records,
    sessions,
)
from domain.aggregates.dispute.state import Dispute
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent
from domain.procedures.rules import Because


class Explained(Protocol):
    """An event with the rule that caused it, recorded or about to be."""

    @property
    def event(self) -> DisputeEvent:
        """What happened."""
        ...

    @property
    def because(self) -> Because | None:
        """The rule that caused it, where one did."""
        ...

    @property
    def recorded_at(self) -> datetime | None:
        """When it was recorded; None before it is."""
        ...


_Evolution = Callable[..., Dispute]  # type: ignore[explicit-any]  # each takes its own event


def _unchanged(dispute: Dispute, _: DisputeEvent, __: Because | None) -> Dispute:
    """Fold a fact that no later decision asks about."""
    return dispute


EVOLUTIONS: Final[Mapping[type[DisputeEvent], _Evolution]] = {
    events.Filed: _unchanged,
    events.Imported: _unchanged,
    events.Declined: _unchanged,
    events.Accepted: acceptance.evolve_accepted,
    events.Returned: acceptance.evolve_returned,
    events.MediatorsReplaced: handling.evolve_mediators_replaced,
    events.TimeExtended: handling.evolve_time_extended,
    events.PartyAdded: parties.evolve_party_added,
    events.PartyAmended: parties.evolve_party_amended,
    events.PartyLeft: parties.evolve_party_left,
    events.AppointmentMade: _unchanged,
    events.SessionRecorded: sessions.evolve_session_recorded,
    events.MinutesAmended: _unchanged,
    events.CorrectionProposed: corrections.evolve_correction_proposed,
    events.SessionCorrected: corrections.evolve_session_corrected,
    events.CorrectionRejected: corrections.evolve_correction_rejected,
    events.EscalationProposed: escalation.evolve_escalation_proposed,
    events.EscalationEndorsed: escalation.evolve_escalation_endorsed,
    events.EscalationRejected: escalation.evolve_escalation_rejected,
    events.Escalated: escalation.evolve_escalated,
    events.EscalationVoided: escalation.evolve_escalation_voided,
    events.RiskAssessed: records.evolve_risk_assessed,
    events.PoliceReported: _unchanged,
    events.OpinionGiven: _unchanged,
    events.AttachmentAdded: _unchanged,
    events.AgreementDrafted: agreement.evolve_agreement_drafted,
    events.AgreementSigned: agreement.evolve_agreement_signed,
    events.AgreementTookEffect: agreement.evolve_agreement_took_effect,
    events.AgreementReplaced: agreement.evolve_agreement_replaced,
    events.AgreementRescinded: agreement.evolve_agreement_rescinded,
    events.TermPerformed: performance.evolve_term_performed,
    events.TermBreached: performance.evolve_term_breached,
    events.TermSupervised: _unchanged,
    events.ConfirmationRequested: confirmation.evolve_confirmation_requested,
    events.ConfirmationDecided: confirmation.evolve_confirmation_decided,
    events.PartyRefused: ending.evolve_refused,
    events.Withdrawn: ending.evolve_withdrawn,
    events.Terminated: _unchanged,
    events.Transferred: _unchanged,
    events.RemediesNotified: _unchanged,
    events.Closed: ending.evolve_closed,
    events.DuplicateFound: ending.evolve_duplicate_found,
    events.FollowedUp: aftercare.evolve_followed_up,
    events.Reopened: aftercare.evolve_reopened,
    events.ProcedureMigrated: procedure.evolve_procedure_migrated,
}
"""Every fact of a dispute, and how it changes a dispute that was opened: of the dispute, the fact and its cause."""


def replay(history: Iterable[Explained], dispute: Dispute | None = None) -> Dispute | None:
    """Fold a history, in order, into the dispute so far; None when nothing has happened."""
    for recorded in history:
        dispute = evolve(dispute, recorded.event, recorded.because, recorded.recorded_at)
    return dispute


def evolve(
    dispute: Dispute | None,
    event: DisputeEvent,
    because: Because | None = None,
    recorded_at: datetime | None = None,
) -> Dispute:
    """Fold one fact, and the rule that caused it, into the state. The first fact of a stream opens the dispute."""
    if dispute is None:
        return changed(_opened(event), last_recorded_at=recorded_at)
    after = EVOLUTIONS[type(event)](dispute, event, because)
    return changed(after, version=dispute.version + 1, last_recorded_at=recorded_at)


def _opened(event: DisputeEvent) -> Dispute:
    match event:
        case events.Filed():
            return filing.open_filed(event)
        case events.Imported():
            return imported.open_imported(event)
        case _:
            raise LookupError(f"a dispute's history cannot begin with {event.TOPIC}")
