"""Filing and declining."""

from typing import Final

from domain.aggregates.dispute.decide.parties import parties_from
from domain.aggregates.dispute.guards import closing, must_be_open, must_not_go_backwards
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import DeclineDispute, FileDispute, ImportDispute, OpeningCommand
from domain.errors import NoPlatform, NotAwaitingAcceptance, TierNotOpen, UnknownParty, UnknownTier
from domain.events.dispute import Declined, Filed, Imported
from domain.events.envelope import Fact
from domain.jurisdiction.platform import Platform
from domain.messages import message
from domain.vocabulary import Outcome, Source, start_of

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
_TOLD: Final = {"number", "mediators", "accepted_at", "sessions", "agreement", "outcome", "closed_at"}


def decide_open(command: OpeningCommand, world: World) -> tuple[Fact, ...]:
    """File a dispute at the tier and platform where it starts (rule 1), or bring in one that ended long ago."""
    tier, platform = _entry(command, world)
    filed = Filed(
        **{name: getattr(command, name) for name in _TAKEN_OVER},
        procedure=world.procedure,
        tier=tier,
        platform=platform.unit,
        parties=parties_from(command.dispute, command.parties),
    )
    return (Fact(filed if isinstance(command, FileDispute) else _as_it_stood(command, filed)),)


def _as_it_stood(command: ImportDispute, filed: Filed) -> Imported:
    """A case from before the system; its agreement names parties of the case."""
    agreement = command.agreement
    if agreement is not None:
        named = {party for term in agreement.terms for party in (term.debtor, term.creditor)}
        for party in named - {item.id for item in filed.parties}:
            raise UnknownParty(message("the case has no party {party}", party=party), field="agreement.terms")
    told = (command.accepted_at, start_of(agreement.effective_on) if agreement else None, command.closed_at)
    return Imported(
        filed=filed,
        **command.model_dump(include=_TOLD),
        status=command.status,
        occurred_at=max(item for item in told if item),
    )


def decide_decline(command: DeclineDispute, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Turn a dispute away, and tell the parties where to go (Rules 22)."""
    must_be_open(dispute)
    if not dispute.awaits_acceptance or dispute.stays:
        raise NotAwaitingAcceptance(message("the case was accepted before; it can no longer be declined"))
    must_not_go_backwards(dispute, command.occurred_at)
    declined = Declined(reason=command.reason, note=command.note, occurred_at=command.occurred_at)
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
