"""Who handles an accepted case, and until when."""

from domain.aggregates.dispute.decide.acceptance import must_serve
from domain.aggregates.dispute.guards import must_be_accepted, must_be_open
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import ExtendTime, ReplaceMediators
from domain.errors import ConsentMissing, NotAccepted, NothingToCorrect, NotLonger
from domain.events.dispute import MediatorsReplaced, TimeExtended
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.procedures.deadlines import mediate_by
from domain.vocabulary import day_of


def decide_replace_mediators(command: ReplaceMediators, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Replace the mediators, at a party's objection or because somebody cannot go on (PML 19, 23; rule 4)."""
    must_be_open(dispute)
    stay = dispute.stay
    if stay is None:
        raise NotAccepted(message("the {tier} has not accepted the case yet", tier=dispute.tier))
    must_follow(command.occurred_at, day_of(stay.assignments[-1].since))
    mediators = tuple(dict.fromkeys(command.mediators))
    if set(mediators) == set(stay.mediators):
        raise NothingToCorrect(message("these mediators are assigned already"))
    must_serve(mediators, dispute, world, day_of(command.occurred_at))
    replaced = MediatorsReplaced(
        mediators=mediators, reason=command.reason, note=command.note, occurred_at=command.occurred_at
    )
    return (Fact(replaced),)


def decide_extend_time(command: ExtendTime, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Extend the time to mediate, with every party's consent (Rules 33; rule 8)."""
    must_be_accepted(dispute)
    stay = dispute.stay
    if stay is None:
        raise NotAccepted(message("the {tier} has not accepted the case yet", tier=dispute.tier))
    must_follow(command.occurred_at, day_of(stay.accepted_at))
    if missing := sorted({party.id for party in dispute.present_parties} - set(command.consents)):
        raise ConsentMissing(
            message("these parties have not consented: {parties}", parties=", ".join(missing))
        )
    limit = world.ladder.tier(stay.tier)
    due = mediate_by(stay.accepted_at, limit, world.calendar, stay.extended_until)
    if command.until <= due.due_on:
        raise NotLonger(message("the time to mediate runs until {day} already", day=due.due_on.isoformat()))
    extended = TimeExtended(
        tier=stay.tier,
        until=command.until,
        consents=command.consents,
        occurred_at=command.occurred_at,
    )
    return (Fact(extended),)
