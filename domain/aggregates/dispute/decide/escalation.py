"""Lifting a dispute past its tier by two people (rule 7)."""

from domain.aggregates.dispute.guards import must_be_accepted, must_not_go_backwards, proposal_for
from domain.aggregates.dispute.state import BYPASS, Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import ApproveEscalation, ProposeEscalation, RejectEscalation
from domain.errors import (
    AlreadyEndorsed,
    AlreadyProposed,
    BypassNotOpen,
    NoPlatform,
    NothingProposed,
    UnknownTier,
)
from domain.events.dispute import Escalated, EscalationEndorsed, EscalationProposed, EscalationRejected
from domain.events.envelope import Fact
from domain.jurisdiction.platform import Platform
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.procedures.rules import Because, bypassed
from domain.vocabulary import day_of, folded


def decide_propose_escalation(command: ProposeEscalation, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Propose to lift an accepted dispute to a higher tier, whatever its count."""
    must_be_accepted(dispute)
    if BYPASS in dispute.proposals:
        raise AlreadyProposed(message("an escalation waits for a second person already"))
    if command.grounds not in world.ladder.bypass.grounds:
        raise BypassNotOpen(message("the procedure does not know this ground"))
    to_tier, platform = _where_to(command, dispute, world)
    proposed = EscalationProposed(
        grounds=command.grounds,
        to_tier=to_tier,
        platform=platform.unit,
        reason=command.reason,
        proposed_by=world.actor.sub,
        occurred_at=command.occurred_at,
    )
    return (Fact(proposed),)


def decide_approve_escalation(command: ApproveEscalation, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Lift the dispute once as many people agree as the procedure wants; the tier above has yet to accept it."""
    must_be_accepted(dispute)
    proposal = proposal_for(dispute, BYPASS, world.actor)
    if not isinstance(proposal, EscalationProposed):
        raise NothingProposed(message("nothing is proposed, or it lapsed when the case moved"))
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    if folded(world.actor.sub) in dispute.endorsers:
        raise AlreadyEndorsed(message("you have agreed to it already; somebody else must"))
    if proposal.to_tier not in world.ladder.above(dispute.tier):
        raise BypassNotOpen(message("the {tier} does not lie above", tier=proposal.to_tier))
    must_not_go_backwards(dispute, command.occurred_at)
    if len(dispute.endorsers) + 1 < world.ladder.bypass.people_needed:
        return (_endorsed(command, world),)
    escalated = Escalated(
        from_tier=dispute.tier,
        to_tier=proposal.to_tier,
        platform=proposal.platform,
        occurred_at=command.occurred_at,
    )
    return (Fact(escalated, _lifted(dispute, world, proposal)),)


def _lifted(dispute: Dispute, world: World, proposal: EscalationProposed) -> Because:
    return bypassed(world.procedure, dispute.tier, proposal.grounds, world.ladder.bypass.people_needed)


def _endorsed(command: ApproveEscalation, world: World) -> Fact:
    """One more agrees, and the procedure wants yet another."""
    return Fact(
        EscalationEndorsed(endorsed_by=world.actor.sub, note=command.note, occurred_at=command.occurred_at)
    )


def decide_reject_escalation(command: RejectEscalation, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Leave the dispute where it is."""
    proposal = proposal_for(dispute, BYPASS, world.actor)
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    return (Fact(EscalationRejected(note=command.note, occurred_at=command.occurred_at)),)


def _where_to(command: ProposeEscalation, dispute: Dispute, world: World) -> tuple[str, Platform]:
    above = world.ladder.above(dispute.tier)
    if command.to is not None and command.to not in world.ladder.tier_names:
        raise UnknownTier(message("the procedure has no tier {tier}", tier=command.to), field="to")
    if command.to is not None and command.to not in above:
        raise BypassNotOpen(message("the {tier} does not lie above", tier=command.to))
    tiers = above if command.to is None else above[above.index(command.to) :]
    found = world.first_platform(dispute.filed.unit, tiers)
    if found is None:
        raise NoPlatform(message("no platform above the {tier} covers the unit", tier=dispute.tier))
    return found
