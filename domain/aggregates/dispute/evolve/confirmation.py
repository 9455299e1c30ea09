"""A court is asked to confirm an agreement, and decides (PML 33)."""

from dataclasses import replace

from domain.aggregates.dispute.agreement import Confirmation
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import ConfirmationDecided, ConfirmationRequested
from domain.procedures.rules import Because


def evolve_confirmation_requested(
    dispute: Dispute, event: ConfirmationRequested, _: Because | None
) -> Dispute:
    """Keep the application; it replaces the one before."""
    if dispute.agreement is None:
        return dispute
    return changed(dispute, agreement=replace(dispute.agreement, confirmation=Confirmation(event)))


def evolve_confirmation_decided(dispute: Dispute, event: ConfirmationDecided, _: Because | None) -> Dispute:
    """Add the court's decision to the application."""
    agreement = dispute.agreement
    if agreement is None or agreement.confirmation is None:
        return dispute
    decided = replace(agreement.confirmation, outcome=event.outcome, decided_on=event.decided_on)
    return changed(dispute, agreement=replace(agreement, confirmation=decided))
