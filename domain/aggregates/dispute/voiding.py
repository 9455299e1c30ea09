"""What a session caused that no longer counts, and whether that may be voided (rules 12, 19)."""

from datetime import datetime

from domain.aggregates.dispute.guards import must_not_go_backwards
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Escalation
from domain.aggregates.dispute.world import World
from domain.events.dispute import EscalationVoided
from domain.events.envelope import Fact
from domain.procedures.rules import Because
from domain.vocabulary import SessionOutcome, Status


def has_lost_basis(dispute: Dispute, because: Because | None) -> bool:
    """Say whether corrections took away so many of the counted failures that the rule would not have fired."""
    if because is None or because.threshold is None or not because.counted:
        return False
    counted = {item.session for item in because.counted}
    outcomes = [
        session.counted.outcome
        for session in dispute.sessions
        if session.counted.number in counted and not session.retracted
    ]
    return outcomes.count(SessionOutcome.FAILED) < because.threshold


def voided_escalation(dispute: Dispute, world: World, session: int, at: datetime) -> tuple[Fact, ...]:
    """Return the voiding of the escalation that a session caused which no longer counts, where it may be voided (rule 12).

    Raises GoesBackwards where it would be dated before the last status change.
    """
    escalation = dispute.last_departure
    if escalation is None or not has_lost_basis(dispute, escalation.because):
        return ()
    if not _rests_on(escalation, session) or not _can_be_voided(escalation, dispute, world):
        return ()
    must_not_go_backwards(dispute, at)
    voided = EscalationVoided(
        at_version=escalation.at_version,
        from_tier=dispute.tier,
        to_tier=escalation.from_tier,
        platform=dispute.stays[escalation.stay_index or 0].platform,
        occurred_at=at,
    )
    return (Fact(voided),)


def _rests_on(escalation: Escalation, session: int) -> bool:
    counted = escalation.because.counted if escalation.because else ()
    return any(item.session == session for item in counted)


def _can_be_voided(escalation: Escalation, dispute: Dispute, world: World) -> bool:
    """Say whether a correction may void the escalation (rule 12).

    Yes while the next tier has not accepted the case; if it has accepted but held no session, only by approval of
    that tier's convener; otherwise the escalation stands.
    """
    if escalation.stands:
        return False
    if dispute.status is Status.ESCALATED:
        return True
    if dispute.status is not Status.ACCEPTED or dispute.stay_index == escalation.stay_index:
        return False
    if any(
        session.stay_index > (escalation.stay_index or 0) and session.is_held for session in dispute.sessions
    ):
        return False
    platform = world.platforms.get(dispute.platform)
    return platform is not None and platform.is_convened_by(world.actor)
