"""A dispute is accepted, goes up, comes back."""

from dataclasses import replace
from typing import assert_never

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import BYPASS, Dispute
from domain.aggregates.dispute.stays import Assignment, Escalation, TierStay
from domain.events.dispute import (
    Accepted,
    Escalated,
    EscalationEndorsed,
    EscalationProposed,
    EscalationRejected,
    EscalationVoided,
    MovingEvent,
    ProcedureMigrated,
    Returned,
    TimeExtended,
)
from domain.procedures.rules import Because
from domain.vocabulary import Status, day_of


def moved(  # noqa: PLR0911 - one arm a fact
    dispute: Dispute, event: MovingEvent, because: Because | None
) -> Dispute:
    """Fold a fact of the dispute's way along the ladder."""
    match event:
        case Accepted():
            return _accepted(dispute, event)
        case Returned():
            left = dispute.last_left
            return _back(dispute, event, left.stay if left else None)
        case TimeExtended():
            tenure = dispute.tenure
            return (
                dispute.with_present_tenure(replace(tenure, extended_until=event.until))
                if tenure
                else dispute
            )
        case EscalationProposed():
            return changed(dispute, proposals={**dispute.proposals, BYPASS: event}, endorsed_by=())
        case EscalationEndorsed():
            return changed(dispute, endorsed_by=(*dispute.endorsed_by, event.endorsed_by))
        case EscalationRejected():
            kept = {subject: item for subject, item in dispute.proposals.items() if subject != BYPASS}
            return changed(dispute, proposals=kept)
        case Escalated():
            return _escalated(dispute, event, because)
        case EscalationVoided():
            return _voided(dispute, event)
        case ProcedureMigrated():
            kept = {subject: item for subject, item in dispute.proposals.items() if subject != BYPASS}
            return changed(dispute, procedure=event.procedure, proposals=kept)
        case _:
            assert_never(event)


def _accepted(dispute: Dispute, event: Accepted) -> Dispute:
    assigned = Assignment(event.mediators, event.occurred_at)
    tenure = TierStay(event.tier, event.platform, event.occurred_at, (assigned,))
    return changed(
        dispute,
        status=Status.ACCEPTED,
        number=event.number or dispute.number,
        moved_on=day_of(event.occurred_at),
        tenures=(*dispute.tenures, tenure),
        present=len(dispute.tenures),
        handlers=dispute.handlers | frozenset(event.mediators),
        bygone=False,
    )


def _back(dispute: Dispute, event: Returned | EscalationVoided, stay: int | None) -> Dispute:
    return changed(
        dispute,
        status=Status.ACCEPTED,
        tier=event.to_tier,
        platform=event.platform,
        moved_on=day_of(event.occurred_at),
        present=stay,
        proposals={},
    )


def _escalated(dispute: Dispute, event: Escalated, because: Because | None) -> Dispute:
    stay, version = dispute.present, dispute.version + 1
    move = Escalation(event.from_tier, event.to_tier, stay, version, because)
    return changed(
        dispute,
        status=Status.ESCALATED,
        tier=event.to_tier,
        platform=event.platform,
        platforms=tuple(dict.fromkeys((*dispute.platforms, event.platform))),
        waiting_since=event.occurred_at,
        moved_on=day_of(event.occurred_at),
        escalations=(*dispute.escalations, move),
        present=None,
        proposals={},
        bygone=False,
    )


def _voided(dispute: Dispute, event: EscalationVoided) -> Dispute:
    back = next(
        (escalation.stay for escalation in dispute.escalations if escalation.at_version == event.at_version),
        None,
    )
    escalations = tuple(
        replace(escalation, voided=True) if escalation.at_version >= event.at_version else escalation
        for escalation in dispute.escalations
    )
    return _back(changed(dispute, escalations=escalations), event, back)
