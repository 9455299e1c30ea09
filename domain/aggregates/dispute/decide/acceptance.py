"""Accepting, returning; who mediates, and for how long."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.aggregates.dispute.consequences import consequences
from domain.aggregates.dispute.evolve import evolve
from domain.aggregates.dispute.guards import must_act_for, must_be_open, must_not_go_backwards
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import AcceptDispute, ReturnDispute
from domain.errors import (
    MediatorElsewhere,
    MediatorOutOfTerm,
    NoRegister,
    NotAwaitingAcceptance,
    NotEscalated,
    NotReturnable,
)
from domain.events.dispute import Accepted, Returned
from domain.events.envelope import Fact
from domain.events.register import NumberIssued, NumbersCarriedOver
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.register import Register
from domain.messages import message
from domain.vocabulary import Status, day_of


def decide_accept(command: AcceptDispute, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Accept a dispute where it waits; the first acceptance takes a number from the register (rules 3, 4)."""
    must_be_open(dispute)
    if not dispute.awaits_acceptance:
        raise NotAwaitingAcceptance(message("the {tier} has accepted the case already", tier=dispute.tier))
    must_act_for(world.platforms.get(dispute.platform), world.actor)
    must_not_go_backwards(dispute, command.occurred_at)
    mediators = tuple(dict.fromkeys(command.mediators))
    must_serve(mediators, dispute, world, day_of(command.occurred_at))
    carried_over, issued = ((), None) if dispute.number else _number(command, dispute, world)
    accepted = Accepted(
        tier=dispute.tier,
        platform=dispute.platform,
        number=issued.number if issued else None,
        mediators=mediators,
        chosen_by_parties=command.chosen_by_parties,
        occurred_at=command.occurred_at,
    )
    caused = consequences(dispute, accepted, evolve(dispute, accepted), world)
    return (Fact(accepted), *carried_over, *([Fact(issued)] if issued else []), *caused)


def decide_return(command: ReturnDispute, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Send an escalated dispute back to the tier it came from (rule 6)."""
    must_be_open(dispute)
    if dispute.status is not Status.ESCALATED:
        raise NotEscalated(message("the case does not wait at a higher tier"))
    must_act_for(world.platforms.get(dispute.platform), world.actor)
    must_not_go_backwards(dispute, command.occurred_at)
    escalation = dispute.last_departure
    if escalation is None or escalation.stay_index is None:
        raise NotReturnable(
            message("nobody below has accepted the case, so there is nowhere to send it back")
        )
    returned = Returned(
        from_tier=dispute.tier,
        to_tier=escalation.from_tier,
        platform=dispute.stays[escalation.stay_index].platform,
        reason=command.reason,
        occurred_at=command.occurred_at,
    )
    return (Fact(returned),)


def must_serve(
    mediators: Iterable[str],
    dispute: Dispute,
    world: World,
    on: date,
    platform: str | None = None,
    tier: str | None = None,
) -> None:
    """Refuse a mediator of neither the platform nor a co-platform, or out of term on the day (PML 9; rule 4).

    Platform and tier are the present ones unless others are named.
    """
    own = world.platforms.get(platform or dispute.platform)
    co_platforms = world.co_platforms(dispute.filed.co_units, tier or dispute.tier)
    for mediator in mediators:
        _must_serve_at(mediator, (*([own] if own else []), *co_platforms), on)


def _must_serve_at(mediator: str, platforms: tuple[Platform, ...], on: date) -> None:
    if any(platform.serves(mediator, on) for platform in platforms):
        return
    services = [service for platform in platforms for service in platform.services.get(mediator, ())]
    if not services:
        raise MediatorElsewhere(
            message("{mediator} is not a mediator of the platform that handles the case", mediator=mediator)
        )
    raise MediatorOutOfTerm(
        message(
            "{mediator} serves from {start} to {end}; {day} lies outside that term of office",
            mediator=mediator,
            start=services[-1].since.isoformat(),
            end=services[-1].last_day.isoformat(),
            day=on.isoformat(),
        )
    )


def _number(command: AcceptDispute, dispute: Dispute, world: World) -> tuple[tuple[Fact, ...], NumberIssued]:
    """Return the next number; before it, that numbers of imported cases were carried over, where they come next."""
    keeper = world.register_of(dispute.platform)
    if keeper is None or keeper.about.number_pattern is None:
        raise NoRegister(
            message(
                "neither {unit} nor a platform above it says how cases are numbered", unit=dispute.platform
            )
        )
    year = day_of(command.occurred_at).year
    register = world.registers.get((keeper.unit, year), Register())
    facts: tuple[Fact, ...] = ()
    if world.taken:
        carried = NumbersCarriedOver(
            register_of=keeper.unit, year=year, numbers=world.taken, occurred_at=command.occurred_at
        )
        facts, register = (Fact(carried),), replace(register, last=world.taken[-1])
    return facts, register.issue(
        command.dispute, keeper.unit, year, keeper.about.number_pattern, command.occurred_at
    )
