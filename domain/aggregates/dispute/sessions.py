"""Recording a session, and what the rules make of it."""

from domain.aggregates.dispute.acceptance import must_serve
from domain.aggregates.dispute.evolve import evolve
from domain.aggregates.dispute.guards import closing, must_be_accepted, must_not_go_backwards, party_of
from domain.aggregates.dispute.state import Dispute, day
from domain.aggregates.dispute.world import World
from domain.commands.dispute import RecordSession
from domain.errors import GoesBackwards, MediatorNotAssigned
from domain.events.dispute import Attendee, Escalated, SessionRecorded
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.rules import Because, exhausted, failures_spent
from domain.vocabulary import Outcome


def check_attendance(command: RecordSession, dispute: Dispute) -> None:
    """Find parties in the attendance that are not of this case; raises UnknownParty."""
    for place, each in enumerate(command.attendance):
        if each.as_ == "party":
            party_of(dispute, each.who, field=f"attendance.{place}.who")


def decide_record_session(command: RecordSession, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Record a session; where it completes a count, the dispute moves or ends in the same append (rules 5, 11)."""
    must_be_accepted(dispute)
    _must_follow_acceptance(command, dispute)
    _must_be_assigned(command, dispute, world)
    recorded = SessionRecorded(
        number=len(dispute.sessions) + 1,
        tier=dispute.tier,
        held_at=command.held_at,
        place=command.place,
        method=command.method,
        attendance=tuple(Attendee(**each.model_dump(by_alias=False)) for each in command.attendance),
        outcome=command.outcome,
        minutes=command.minutes,
    )
    return (Fact(recorded), *_consequences(evolve(dispute, recorded), world))


def _must_follow_acceptance(command: RecordSession, dispute: Dispute) -> None:
    tenure = dispute.tenure
    if tenure is not None and day(command.held_at) < day(tenure.accepted_at):
        raise GoesBackwards(
            message(
                "{day} lies before {last}, the day on which the {tier} accepted the case",
                day=day(command.held_at).isoformat(),
                last=day(tenure.accepted_at).isoformat(),
                tier=dispute.tier,
            )
        )


def _must_be_assigned(command: RecordSession, dispute: Dispute, world: World) -> None:
    named = command.mediators_named()
    for mediator in named:
        if mediator not in dispute.mediators:
            raise MediatorNotAssigned(message("{mediator} is not assigned to this case", mediator=mediator))
    must_serve(named, dispute, world, day(command.held_at))


def _consequences(dispute: Dispute, world: World) -> tuple[Fact, ...]:
    spent = failures_spent(dispute.stay, world.ladder.tier(dispute.tier), world.procedure)
    if spent is None:
        return ()
    must_not_go_backwards(dispute, spent.complete_at)
    onward = world.first_platform(dispute.filed.unit, world.ladder.above(dispute.tier))
    if onward is None:
        return closing(Outcome.FAILED, spent.complete_at, notify=True, because=exhausted(spent))
    to_tier, platform = onward
    return (_escalated(dispute, to_tier, platform.unit, spent),)


def _escalated(dispute: Dispute, to_tier: str, platform: str, because: Because) -> Fact:
    event = Escalated(
        from_tier=dispute.tier, to_tier=to_tier, platform=platform, occurred_at=because.complete_at
    )
    return Fact(event, because)
