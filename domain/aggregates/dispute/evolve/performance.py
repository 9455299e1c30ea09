"""The terms of an agreement are performed or breached (PML 31)."""

from collections.abc import Callable
from dataclasses import replace

from domain.aggregates.dispute.agreement import Obligation
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import TermBreached, TermPerformed
from domain.procedures.rules import Because


def evolve_term_performed(dispute: Dispute, event: TermPerformed, _: Because | None) -> Dispute:
    """Mark the term as performed."""

    def performed(obligation: Obligation) -> Obligation:
        return replace(obligation, state="performed", performed_on=event.performed_on)

    return _with_term(dispute, event.term, performed)


def evolve_term_breached(dispute: Dispute, event: TermBreached, _: Because | None) -> Dispute:
    """Mark the term as breached."""
    return _with_term(dispute, event.term, lambda obligation: replace(obligation, state="breached"))


def _with_term(dispute: Dispute, number: int, change: Callable[[Obligation], Obligation]) -> Dispute:
    agreement = dispute.agreement
    if agreement is None:
        return dispute
    obligations = tuple(
        change(item) if place == number else item for place, item in enumerate(agreement.obligations, start=1)
    )
    return changed(dispute, agreement=replace(agreement, obligations=obligations))
