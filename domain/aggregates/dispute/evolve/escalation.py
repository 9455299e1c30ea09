"""An escalation is proposed and decided, happens, or is voided."""

from dataclasses import replace

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.evolve import stay_periods
from domain.aggregates.dispute.evolve.acceptance import resume_stay
from domain.aggregates.dispute.state import BYPASS, Dispute
from domain.aggregates.dispute.stays import Escalation
from domain.events.dispute import (
    Escalated,
    EscalationEndorsed,
    EscalationProposed,
    EscalationRejected,
    EscalationVoided,
)
from domain.procedures.rules import Because
from domain.vocabulary import Status, day_of


def evolve_escalation_proposed(dispute: Dispute, event: EscalationProposed, _: Because | None) -> Dispute:
    """Keep the proposal; nobody has endorsed it yet."""
    return changed(dispute, proposals={**dispute.proposals, BYPASS: event}, endorsed_by=())


def evolve_escalation_endorsed(dispute: Dispute, event: EscalationEndorsed, _: Because | None) -> Dispute:
    """Add a person who agrees."""
    return changed(dispute, endorsed_by=(*dispute.endorsed_by, event.endorsed_by))


def evolve_escalation_rejected(dispute: Dispute, _: EscalationRejected, __: Because | None) -> Dispute:
    """Drop the proposal."""
    return dispute.without_proposal(BYPASS)


def evolve_escalated(dispute: Dispute, event: Escalated, because: Because | None) -> Dispute:
    """End the stay; the dispute waits at the next tier, and open proposals lapse."""
    stay, version = dispute.stay_index, dispute.version + 1
    move = Escalation(event.from_tier, event.to_tier, stay, version, because)
    return changed(
        stay_periods.paused(dispute, day_of(event.occurred_at)),
        status=Status.ESCALATED,
        tier=event.to_tier,
        platform=event.platform,
        platforms=tuple(dict.fromkeys((*dispute.platforms, event.platform))),
        waiting_since=event.occurred_at,
        moved_on=day_of(event.occurred_at),
        escalations=(*dispute.escalations, move),
        stay_index=None,
        proposals={},
        dormant=False,
    )


def evolve_escalation_voided(dispute: Dispute, event: EscalationVoided, _: Because | None) -> Dispute:
    """Mark the escalation, and those after it, as voided; resume the stay that it ended (rule 12)."""
    back = next(
        (
            escalation.stay_index
            for escalation in dispute.escalations
            if escalation.at_version == event.at_version
        ),
        None,
    )
    escalations = tuple(
        replace(escalation, voided=True) if escalation.at_version >= event.at_version else escalation
        for escalation in dispute.escalations
    )
    stays = tuple(
        changed(stay, periods=()) if back is not None and place > back else stay
        for place, stay in enumerate(dispute.stays)
    )
    resumed = resume_stay(changed(dispute, escalations=escalations, stays=stays), event, back)
    return stay_periods.resumed(resumed)
