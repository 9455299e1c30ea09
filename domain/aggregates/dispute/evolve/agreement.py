"""An agreement as it is drafted, signed, performed and confirmed."""

from dataclasses import replace
from typing import assert_never

from domain.aggregates.dispute.agreement import AgreementState, Confirmation, Obligation
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import (
    AgreeingEvent,
    AgreementDrafted,
    AgreementSigned,
    AgreementTookEffect,
    ConfirmationDecided,
    ConfirmationRequested,
    TermBreached,
    TermPerformed,
    TermSupervised,
)
from domain.vocabulary import Status


def agreed(dispute: Dispute, event: AgreeingEvent) -> Dispute:
    """Fold a fact of an agreement; the latest draft takes the place of the one before."""
    if isinstance(event, AgreementDrafted):
        obligations = tuple(Obligation(term) for term in event.terms)
        return changed(dispute, settlement=AgreementState(event, dispute.present, obligations))
    if dispute.settlement is None:
        return dispute
    after = changed(dispute, settlement=_settled(dispute.settlement, event))
    if isinstance(event, AgreementTookEffect):
        return changed(after, status=Status.AGREED, moved_on=event.effective_on)
    return after


def _settled(  # noqa: PLR0911 - one arm a fact
    settlement: AgreementState,
    event: AgreementSigned
    | AgreementTookEffect
    | TermPerformed
    | TermBreached
    | TermSupervised
    | ConfirmationRequested
    | ConfirmationDecided,
) -> AgreementState:
    match event:
        case AgreementSigned():
            return replace(settlement, signatures=(*settlement.signatures, event))
        case AgreementTookEffect():
            return replace(settlement, effective_on=event.effective_on)
        case TermPerformed():
            return _with_term(settlement, event.term, event)
        case TermBreached():
            return _with_term(settlement, event.term, event)
        case ConfirmationRequested():
            return replace(settlement, confirmation=Confirmation(event))
        case ConfirmationDecided():
            return _decided(settlement, event)
        case TermSupervised():
            return settlement
        case _:
            assert_never(event)


def _with_term(
    settlement: AgreementState, number: int, event: TermPerformed | TermBreached
) -> AgreementState:
    obligations = tuple(
        _changed(item, event) if place == number else item
        for place, item in enumerate(settlement.obligations, start=1)
    )
    return replace(settlement, obligations=obligations)


def _changed(obligation: Obligation, event: TermPerformed | TermBreached) -> Obligation:
    if isinstance(event, TermBreached):
        return replace(obligation, state="breached")
    return replace(obligation, state="performed", performed_on=event.performed_on)


def _decided(settlement: AgreementState, event: ConfirmationDecided) -> AgreementState:
    if settlement.confirmation is None:
        return settlement
    decided = replace(settlement.confirmation, outcome=event.outcome, decided_on=event.decided_on)
    return replace(settlement, confirmation=decided)
