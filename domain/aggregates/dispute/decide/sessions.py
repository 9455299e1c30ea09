"""Recording a session, with what the rules make of it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from domain.aggregates.dispute.consequences import consequences
from domain.aggregates.dispute.decide.acceptance import must_serve
from domain.aggregates.dispute.evolve import evolve
from domain.aggregates.dispute.guards import must_be_accepted
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Stay, stay_on
from domain.aggregates.dispute.world import World
from domain.commands.dispute import RecordSession
from domain.commands.dispute.sessions import Attendance
from domain.errors import GoesBackwards, MediatorNotAssigned, NotAccepted, SeatsMissing
from domain.events.dispute import Attendee, SessionRecorded
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.panel import seats_taken, vacancy
from domain.procedures.tier import Tier
from domain.vocabulary import SessionOutcome, Status, day_of


def decide_record_session(command: RecordSession, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Record a session; where it completes a count, the dispute moves or ends in the same append (rules 5, 11).

    One recorded late counts in the stay that ran on its day, and moves nothing (rule 20).
    """
    day = day_of(command.held_at)
    place = _stay_on(dispute, command.held_at, day)
    stay = dispute.stays[place]
    must_be_assigned(command.mediators_named(), stay, day)
    must_serve(command.mediators_named(), dispute, world, day, stay.platform, stay.tier)
    must_be_in_order(world.ladder.tier(stay.tier), command.outcome, seats_taken(command.attendance))
    recorded = SessionRecorded(
        number=len(dispute.sessions) + 1,
        tier=stay.tier,
        held_at=command.held_at,
        place=command.place,
        method=command.method,
        attendance=attendees(command.attendance),
        outcome=command.outcome,
        minutes=command.minutes,
        stay=place + 1 if _is_late(dispute, place, day) else None,
    )
    return (Fact(recorded), *consequences(dispute, recorded, evolve(dispute, recorded), world))


def _stay_on(dispute: Dispute, held_at: datetime, day: date) -> int:
    """Return the place of the stay that ran on the day of a session; refuse a day on which none did."""
    place = stay_on(dispute.stays, held_at, day)
    if place is not None:
        return place
    must_be_accepted(dispute)
    must_follow_acceptance(held_at, dispute.stay)
    raise NotAccepted(message("no tier handled the case on {day}", day=day.isoformat()))


def _is_late(dispute: Dispute, place: int, day: date) -> bool:
    """Say whether the case has moved on since the day of a session: to another stay, to an end, or away and back."""
    if dispute.status is not Status.ACCEPTED or place != dispute.stay_index:
        return True
    return not dispute.stays[place].periods[-1].includes(day)


def must_be_in_order(tier: Tier, outcome: SessionOutcome, seats: Collection[str]) -> None:
    """Refuse a session that was held with too few of the panel's seats taken, where the procedure is strict."""
    vacant = vacancy(tier, outcome, seats)
    if vacant is not None and vacant.below_quorum and tier.missing_seats == "refuse":
        raise SeatsMissing(
            message(
                "{taken} of the {need} seats that the procedure wants were taken at the {tier}; missing: {seats}",
                taken=vacant.taken,
                need=vacant.need,
                tier=tier.name,
                seats=", ".join(vacant.missing),
            ),
            field="attendance",
        )


def attendees(attendance: tuple[Attendance, ...]) -> tuple[Attendee, ...]:
    """Return an attendance as it is recorded."""
    return tuple(
        Attendee(who=item.who, as_=item.as_, for_=item.for_, seat=item.seat, present=item.present)
        for item in attendance
    )


def must_follow_acceptance(moment: datetime, stay: Stay | None) -> None:
    """Refuse a session before the day on which its tier accepted the case (rule 13)."""
    if stay is not None and day_of(moment) < day_of(stay.accepted_at):
        raise GoesBackwards(
            message(
                "{day} lies before {last}, the day on which the {tier} accepted the case",
                day=day_of(moment).isoformat(),
                last=day_of(stay.accepted_at).isoformat(),
                tier=stay.tier,
            )
        )


def must_be_assigned(mediators: Iterable[str], stay: Stay | None, on: date) -> None:
    """Refuse a mediator who was not assigned to the case on the day (rule 4)."""
    assigned = stay.assigned_on(on) if stay else frozenset()
    for mediator in mediators:
        if mediator not in assigned:
            raise MediatorNotAssigned(
                message(
                    "{mediator} was not assigned to this case on {day}", mediator=mediator, day=on.isoformat()
                )
            )
