"""Whoever proposed something takes the proposal back (rule 19)."""

from domain.aggregates.dispute.state import BYPASS, Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import WithdrawCorrection, WithdrawEscalation, WithdrawRetraction
from domain.errors import NothingProposed, NotYourProposal
from domain.events.dispute import (
    CorrectionProposed,
    DisputeEvent,
    EscalationProposed,
    ProposalWithdrawn,
    RetractionProposed,
)
from domain.events.dispute.retractions import ProposalKind
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.vocabulary import day_of, is_same_subject


def open_retraction(dispute: Dispute, version: int) -> int:
    """Return the key of the open retraction of the fact at a version; raises NothingProposed."""
    for subject, proposal in dispute.proposals.items():
        if isinstance(proposal, RetractionProposed) and proposal.at_version == version:
            return subject
    raise NothingProposed(message("nothing is proposed, or it lapsed when the case moved"))


def decide_withdraw_retraction(
    command: WithdrawRetraction, dispute: Dispute, world: World
) -> tuple[Fact, ...]:
    """Take back one's own proposal of a retraction."""
    subject = open_retraction(dispute, command.version)
    return _withdrawn("retraction", RetractionProposed, subject, command, dispute, world)


def decide_withdraw_correction(
    command: WithdrawCorrection, dispute: Dispute, world: World
) -> tuple[Fact, ...]:
    """Take back one's own proposal of a correction."""
    return _withdrawn("correction", CorrectionProposed, command.session, command, dispute, world)


def decide_withdraw_escalation(
    command: WithdrawEscalation, dispute: Dispute, world: World
) -> tuple[Fact, ...]:
    """Take back one's own proposal to lift the dispute."""
    return _withdrawn("escalation", EscalationProposed, BYPASS, command, dispute, world)


def _withdrawn(
    kind: ProposalKind,
    of: type[DisputeEvent],
    subject: int,
    command: WithdrawRetraction | WithdrawCorrection | WithdrawEscalation,
    dispute: Dispute,
    world: World,
) -> tuple[Fact, ...]:
    proposal = dispute.proposals.get(subject)
    if proposal is None or not isinstance(proposal, of):
        raise NothingProposed(message("nothing is proposed, or it lapsed when the case moved"))
    if not is_same_subject(proposal.proposed_by, world.actor.sub):
        raise NotYourProposal(
            message("only {person} can take this proposal back", person=proposal.proposed_by)
        )
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    return (Fact(ProposalWithdrawn(kind=kind, subject=subject, occurred_at=command.occurred_at)),)
