"""Filing and declining."""

from typing import Final

from domain.aggregates.dispute.decide.parties import parties_from
from domain.aggregates.dispute.guards import closing, must_be_open, must_not_go_backwards
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.aggregates.platform import Platform
from domain.commands.dispute import DeclineDispute, FileDispute, ImportDispute, OpeningCommand
from domain.errors import NoPlatform, NotAwaitingAcceptance, TierNotOpen, UnknownTier
from domain.events.dispute import Declined, Filed, Imported
from domain.events.envelope import Fact
from domain.messages import message
from domain.vocabulary import Outcome, Source, Status

_TAKEN_OVER: Final = {
    "category",
    "difficulty",
    "source",
    "referred_by",
    "title",
    "facts",
    "requests",
    "amount_fen",
    "unit",
    "co_units",
    "people_involved",
    "occurred_at",
}


def decide_open(command: OpeningCommand, world: World) -> tuple[Fact, ...]:
    """File a dispute at the tier and platform where it starts (rule 1), or bring in one that ended long ago."""
    tier, platform = _entry(command, world)
    filed = Filed(
        **command.model_dump(include=_TAKEN_OVER),
        procedure=world.procedure,
        tier=tier,
        platform=platform.unit,
        parties=parties_from(command.dispute, command.parties),
    )
    if isinstance(command, FileDispute):
        return (Fact(filed),)
    brought_in = command.model_dump(include={"number", "mediators", "outcome", "closed_at"})
    return (Fact(Imported(filed=filed, **brought_in)),)


def decide_decline(command: DeclineDispute, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Turn a dispute away, and tell the parties where to go (Rules 22)."""
    must_be_open(dispute)
    if dispute.status is not Status.FILED:
        raise NotAwaitingAcceptance(message("the case was accepted before; it can no longer be declined"))
    must_not_go_backwards(dispute, command.occurred_at)
    declined = Declined(reason=command.reason, note=command.note, occurred_at=command.occurred_at)
    return (Fact(declined), *closing(Outcome.DECLINED, command.occurred_at, notify=True))


def _entry(command: OpeningCommand, world: World) -> tuple[str, Platform]:
    ladder = world.ladder
    usual = ladder.entry_tier(command.difficulty)
    tier = command.tier or usual
    if tier not in ladder.tier_names:
        raise UnknownTier(message("the procedure has no tier {tier}", tier=tier), field="tier")
    found = world.first_platform(command.unit, (tier, *ladder.above(tier)))
    entry = world.first_platform(command.unit, (usual, *ladder.above(usual)))
    if found is None or entry is None:
        raise NoPlatform(
            message("no platform covers the unit {unit} at this tier or above", unit=command.unit)
        )
    if ladder.height(tier) < ladder.height(usual):
        raise TierNotOpen(message("a case like this starts at the {usual}, not below", usual=usual))
    if ladder.height(tier) > ladder.height(entry[0]) and not _may_start_higher(command, found[1], world):
        raise TierNotOpen(
            message(
                "a case like this starts at the {usual}; only a referral or a mediator of the {tier} may start higher",
                usual=entry[0],
                tier=tier,
            )
        )
    return found


def _may_start_higher(command: OpeningCommand, platform: Platform, world: World) -> bool:
    if isinstance(command, ImportDispute):
        return True
    return command.source is Source.REFERRAL or platform.is_one_of_its_people(world.actor)
