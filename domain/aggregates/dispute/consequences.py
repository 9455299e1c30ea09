"""The facts that rules add to a fact: in a decision, and in a what-if simulation under another ladder."""

from datetime import datetime

from domain.aggregates.dispute.guards import closing, must_not_go_backwards
from domain.aggregates.dispute.state import BYPASS, Dispute
from domain.aggregates.dispute.voiding import voided_escalation
from domain.aggregates.dispute.world import World
from domain.events.dispute import (
    Accepted,
    DisputeEvent,
    Escalated,
    EscalationProposed,
    FactRetracted,
    RiskAssessed,
    SessionCorrected,
    SessionRecorded,
)
from domain.events.envelope import Fact
from domain.procedures.rules import Because, Danger, danger_reached, exhausted, threshold_reached
from domain.vocabulary import Outcome, Role, SessionOutcome, Status, start_of


def consequences(before: Dispute, event: DisputeEvent, after: Dispute, world: World) -> tuple[Fact, ...]:
    """Return the facts that the rules add to one that people recorded, in the same append.

    `before` and `after` are the dispute without and with the event. Raises GoesBackwards where a consequence would
    be dated before the last status change.
    """
    match event:
        case SessionRecorded():
            return () if event.stay is not None else _after_session(after, world, event.number)
        case SessionCorrected():
            return _after_correction(before, event, after, world)
        case FactRetracted():
            return _after_retraction(before, event, after, world)
        case RiskAssessed() | Accepted():
            return _after_danger(after, event, world)
        case _:
            return ()


def escalate_or_close(dispute: Dispute, world: World, because: Because, at: datetime) -> tuple[Fact, ...]:
    """Return the move to the next tier that has a platform, or the end of mediation where there is none (rule 11)."""
    must_not_go_backwards(dispute, at)
    found = world.first_platform(dispute.filed.unit, world.ladder.above(dispute.tier))
    if found is None:
        return closing(Outcome.FAILED, at, notify=True, because=exhausted(because))
    to_tier, platform = found
    escalated = Escalated(from_tier=dispute.tier, to_tier=to_tier, platform=platform.unit, occurred_at=at)
    return (Fact(escalated, because),)


def _after_session(
    dispute: Dispute, world: World, session: int, at: datetime | None = None
) -> tuple[Fact, ...]:
    """Apply the rule of failed sessions (rule 5); a move is dated `at`, or when the count was complete."""
    if dispute.dormant:
        return ()
    because = threshold_reached(
        dispute.counted_stay, world.ladder.tier(dispute.tier), world.procedure, session
    )
    if because is None:
        return ()
    # after a voided move the count may be complete on an earlier day than that of the voiding
    return escalate_or_close(
        dispute, world, because, at or max(because.complete_at, start_of(dispute.moved_on))
    )


def _after_correction(
    before: Dispute, event: SessionCorrected, after: Dispute, world: World
) -> tuple[Fact, ...]:
    """Void what the wrong record caused, or apply the rule that it kept from firing (rule 12)."""
    was, now = before.session(event.session), after.session(event.session)
    if was is None or now is None:
        return ()
    failed, fails = (item.counted.outcome is SessionOutcome.FAILED for item in (was, now))
    if failed and not fails:
        return voided_escalation(after, world, event.session, event.occurred_at)
    if fails and not failed and after.status is Status.ACCEPTED and now.stay_index == after.stay_index:
        return _after_session(after, world, event.session, event.occurred_at)
    return ()


def _after_retraction(
    before: Dispute, event: FactRetracted, after: Dispute, world: World
) -> tuple[Fact, ...]:
    """Void what a session caused that was taken back (rules 12, 19)."""
    session = None if event.session is None else before.session(event.session)
    if session is None or session.counted.outcome is not SessionOutcome.FAILED:
        return ()
    return voided_escalation(after, world, session.counted.number, event.occurred_at)


def _after_danger(dispute: Dispute, event: RiskAssessed | Accepted, world: World) -> tuple[Fact, ...]:
    """Propose an escalation where the danger reaches the threshold of the tier; a second person decides (rule 7)."""
    if dispute.status is not Status.ACCEPTED or BYPASS in dispute.proposals or dispute.dormant:
        return ()
    ladder = world.ladder
    danger = Danger(risk=event.level) if isinstance(event, RiskAssessed) else dispute.danger
    because = danger_reached(danger, ladder.tier(dispute.tier), ladder.bypass, world.procedure)
    found = world.first_platform(dispute.filed.unit, ladder.above(dispute.tier))
    if because is None or found is None:
        return ()
    to_tier, platform = found
    proposed = EscalationProposed(
        grounds="risk",
        to_tier=to_tier,
        platform=platform.unit,
        reason="",
        proposed_by=_proposer(world),
        occurred_at=event.occurred_at,
    )
    return (Fact(proposed, because),)


def _proposer(world: World) -> str:
    """Return in whose name a rule proposes: of who recorded the danger; a clerk proposes nothing, so the procedure does."""
    return f"procedure:{world.procedure.id}" if world.actor.role is Role.CLERK else world.actor.sub
