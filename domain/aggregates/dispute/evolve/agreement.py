"""An agreement is drafted and signed, and takes effect."""

from dataclasses import replace

from domain.aggregates.dispute.agreement import AgreementState, Obligation
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.evolve import stay_periods
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import AgreementDrafted, AgreementSigned, AgreementTookEffect
from domain.procedures.rules import Because
from domain.vocabulary import Status


def evolve_agreement_drafted(dispute: Dispute, event: AgreementDrafted, _: Because | None) -> Dispute:
    """Keep the draft; it replaces the one before."""
    obligations = tuple(Obligation(term) for term in event.terms)
    return changed(dispute, agreement=AgreementState(event, dispute.stay_index, obligations))


def evolve_agreement_signed(dispute: Dispute, event: AgreementSigned, _: Because | None) -> Dispute:
    """Add the signature or seal."""
    agreement = dispute.agreement
    if agreement is None:
        return dispute
    return changed(dispute, agreement=replace(agreement, signatures=(*agreement.signatures, event)))


def evolve_agreement_took_effect(dispute: Dispute, event: AgreementTookEffect, _: Because | None) -> Dispute:
    """Put the agreement into effect; mediation has ended."""
    if dispute.agreement is None:
        return dispute
    in_effect = replace(dispute.agreement, effective_on=event.effective_on)
    ended = stay_periods.paused(dispute, event.effective_on)
    return changed(ended, agreement=in_effect, status=Status.AGREED, moved_on=event.effective_on)
