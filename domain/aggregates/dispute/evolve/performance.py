"""The terms of an agreement are performed or breached (PML 31)."""

from collections.abc import Callable

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.agreements import numbered, with_agreement
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.obligation import Obligation, RecordedPerformance
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import TermBreached, TermPerformed
from domain.procedures.rules import Because


def evolve_term_performed(dispute: Dispute, event: TermPerformed, _: Because | None) -> Dispute:
    """Add the performance; the term is performed once its parts reach the amount, or by one without an amount."""
    performance = RecordedPerformance(event.performed_on, event.amount_fen)

    def performed(obligation: Obligation) -> Obligation:
        after = changed(obligation, performances=(*obligation.performances, performance))
        return changed(after, state="performed") if after.settled else after

    return _with_term(dispute, event, performed)


def evolve_term_breached(dispute: Dispute, event: TermBreached, _: Because | None) -> Dispute:
    """Mark the term as breached."""

    def breached(obligation: Obligation) -> Obligation:
        return changed(obligation, state="breached", breached_on=event.found_on)

    return _with_term(dispute, event, breached)


def _with_term(
    dispute: Dispute, event: TermPerformed | TermBreached, change: Callable[[Obligation], Obligation]
) -> Dispute:
    agreement = _agreement_of(dispute, event)
    if agreement is None:
        return dispute
    obligations = tuple(
        change(item) if place == event.term else item
        for place, item in enumerate(agreement.obligations, start=1)
    )
    with_term = changed(agreement, obligations=obligations)
    return changed(dispute, agreements=with_agreement(dispute.agreements, with_term))


def _agreement_of(dispute: Dispute, event: TermPerformed | TermBreached) -> AgreementState | None:
    """The agreement that the event names; the current one where it names none."""
    if event.agreement is None:
        return dispute.agreement
    return numbered(dispute.agreements, event.agreement)
