"""Retractions proposed and decided, and what stands after one (rule 19).

A fact that was taken back is not folded: `replay` passes it over, or folds what is left of it here. So a history with
a retraction can only be folded from its beginning.
"""

from collections.abc import Callable, Mapping
from typing import Final

from domain.aggregates.dispute.agreements import current_agreement, effect_voided
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.evolve import appointments, stay_periods
from domain.aggregates.dispute.evolve.sessions import NO_STAY
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Session
from domain.events import dispute as events
from domain.events.dispute import (
    AgreementEffectVoided,
    Closed,
    ClosureVoided,
    DisputeEvent,
    FactRetracted,
    PartyAdded,
    ProposalWithdrawn,
    RetractionProposed,
    RetractionRejected,
    SessionRecorded,
)
from domain.procedures.counted_stay import CountedSession
from domain.procedures.rules import Because
from domain.vocabulary import Status, day_of


def evolve_retraction_proposed(dispute: Dispute, event: RetractionProposed, _: Because | None) -> Dispute:
    """Keep the proposal under its subject."""
    return changed(dispute, proposals={**dispute.proposals, event.subject: event})


def evolve_retraction_rejected(dispute: Dispute, event: RetractionRejected, _: Because | None) -> Dispute:
    """Drop the proposal."""
    return dispute.without_proposal(event.subject)


def evolve_proposal_withdrawn(dispute: Dispute, event: ProposalWithdrawn, _: Because | None) -> Dispute:
    """Drop the proposal."""
    return dispute.without_proposal(event.subject)


def evolve_fact_retracted(dispute: Dispute, event: FactRetracted, _: Because | None) -> Dispute:
    """Note that the fact was taken back, and drop the proposal; `replay` has passed the fact over before."""
    retracted = dispute.retracted | {event.at_version}
    return changed(dispute.without_proposal(event.subject), retracted=retracted)


def evolve_closure_voided(dispute: Dispute, event: ClosureVoided, _: Because | None) -> Dispute:
    """Restore the status from which the case was closed; it goes on in the stay where it was."""
    resumed = stay_periods.resumed(dispute) if event.status is Status.ACCEPTED else dispute
    return changed(
        resumed,
        status=event.status,
        outcome=None,
        closed_from=None,
        closed_because=None,
        duplicate_of=None,
        settled=False,
        refused_by=None,
        visits=0,
        moved_on=day_of(event.occurred_at),
    )


def evolve_agreement_effect_voided(
    dispute: Dispute, event: AgreementEffectVoided, _: Because | None
) -> Dispute:
    """Go on with mediation in the same stay, unless the agreement that it had changed binds again."""
    agreements = effect_voided(dispute.agreements, event.at_version)
    current = current_agreement(agreements, dispute.stay_index)
    if current is not None and current.in_effect:
        return changed(dispute, agreements=agreements)
    return changed(
        stay_periods.resumed(dispute),
        agreements=agreements,
        status=Status.ACCEPTED,
        moved_on=day_of(event.occurred_at),
    )


def _session(dispute: Dispute, event: SessionRecorded, _: Because | None) -> Dispute:
    """Keep the session's number and mark it; it counts nowhere."""
    counted = CountedSession(event.number, event.held_at, event.outcome)
    session = Session(event.tier, NO_STAY, counted, retracted=True)
    return changed(dispute, sessions=(*dispute.sessions, session))


def _party(dispute: Dispute, event: PartyAdded, _: Because | None) -> Dispute:
    """Keep the party's id, so that nobody else gets it."""
    return changed(dispute, party_ids_given_up=dispute.party_ids_given_up | {event.party.id})


def _closing(dispute: Dispute, _: Closed, __: Because | None) -> Dispute:
    """Let open proposals lapse, as with any closing; they are not open again because it was none."""
    return changed(dispute, proposals={})


_Evolution = Callable[..., Dispute]  # type: ignore[explicit-any]  # each takes its own event
RETRACTED: Final[Mapping[type[DisputeEvent], _Evolution]] = {
    events.SessionRecorded: _session,
    events.PartyAdded: _party,
    events.AppointmentMade: appointments.evolve_appointment_retracted,
    events.Closed: _closing,
}
"""What is left of a fact that was taken back; nothing of any other one."""
