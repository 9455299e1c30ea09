"""Opinions."""

from domain.aggregates.dispute.guards import must_be_open
from domain.aggregates.dispute.state import Dispute
from domain.commands.dispute import GiveOpinion
from domain.events.dispute import OpinionGiven
from domain.events.envelope import Fact


def decide_give_opinion(command: GiveOpinion, dispute: Dispute) -> tuple[Fact, ...]:
    """Record what a group or an expert thinks of an open case."""
    must_be_open(dispute)
    opinion = OpinionGiven(
        group=command.group, by=command.by, opinion=command.opinion, occurred_at=command.occurred_at
    )
    return (Fact(opinion),)
