"""A court is asked to confirm an agreement, and decides (PML 33)."""

from dataclasses import replace

from domain.aggregates.dispute.agreement import Confirmation
from domain.aggregates.dispute.agreements import last_confirmation, numbered, with_agreement
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import ConfirmationDecided, ConfirmationRequested
from domain.procedures.rules import Because


def evolve_confirmation_requested(
    dispute: Dispute, event: ConfirmationRequested, _: Because | None
) -> Dispute:
    """Add the application to the agreement that it is about."""
    agreement = (
        dispute.agreement if event.agreement is None else numbered(dispute.agreements, event.agreement)
    )
    if agreement is None:
        return dispute
    requested = changed(agreement, confirmations=(*agreement.confirmations, Confirmation(event)))
    return changed(dispute, agreements=with_agreement(dispute.agreements, requested))


def evolve_confirmation_decided(dispute: Dispute, event: ConfirmationDecided, _: Because | None) -> Dispute:
    """Add the court's decision to the application, whatever became of its agreement meanwhile."""
    found = last_confirmation(dispute.agreements)
    if found is None:
        return dispute
    agreement, confirmation = found
    answered = replace(confirmation, outcome=event.outcome, decided_on=event.decided_on)
    decided = changed(agreement, confirmations=(*agreement.confirmations[:-1], answered))
    return changed(dispute, agreements=with_agreement(dispute.agreements, decided))
