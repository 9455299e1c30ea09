"""Filing a dispute, or importing a case; declining a dispute."""

from typing import Final

from domain.aggregates.dispute.decide.ending import closing_as_duplicate
from domain.aggregates.dispute.decide.imported import imported_case
from domain.aggregates.dispute.decide.parties import parties_from
from domain.aggregates.dispute.guards import closing, must_be_open, must_not_go_backwards
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import DeclineDispute, ImportDispute, OpeningCommand
from domain.errors import NoPlatform, NotAwaitingAcceptance, TierNotOpen, UnknownTier
from domain.events.dispute import Declined, Filed
from domain.events.envelope import Fact
from domain.jurisdiction.platform import Platform
from domain.messages import message
from domain.vocabulary import Outcome, Source

_COPIED_FIELDS: Final = {
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
    """File a dispute at the tier and platform where it starts (rule 1), or import a case from before the system."""
    tier, platform = _entry(command, world)
    filed = Filed(
        **{name: getattr(command, name) for name in _COPIED_FIELDS},
        procedure=world.procedure,
        tier=tier,
        platform=platform.unit,
        parties=parties_from(command.dispute, command.parties, world),
    )
    return (Fact(imported_case(command, filed) if isinstance(command, ImportDispute) else filed),)


def decide_decline(command: DeclineDispute, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Decline a dispute, and notify the parties of other remedies (Rules 22); a duplicate in favour of its other case."""
    must_be_open(dispute)
    if not dispute.awaits_acceptance or dispute.stays:
        raise NotAwaitingAcceptance(message("the case was accepted before; it can no longer be declined"))
    must_not_go_backwards(dispute, command.occurred_at)
    declined = Declined(reason=command.reason, note=command.note, occurred_at=command.occurred_at)
    if command.duplicate_of is not None:
        return (Fact(declined), *closing_as_duplicate(command, command.duplicate_of, world, notify=True))
    return (Fact(declined), *closing(Outcome.DECLINED, command.occurred_at, notify=True))


def _entry(command: OpeningCommand, world: World) -> tuple[str, Platform]:
    ladder = world.ladder
    usual = ladder.entry_tier(command.difficulty, command.category)
    tier = command.tier or usual
    if tier not in ladder.tier_names:
        raise UnknownTier(message("the procedure has no tier {tier}", tier=tier), field="tier")
    found = world.first_platform(command.unit, (tier, *ladder.above(tier)))
    if found is not None and isinstance(command, ImportDispute):
        return found
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
    return command.source is Source.REFERRAL or platform.is_one_of_its_people(world.actor)
