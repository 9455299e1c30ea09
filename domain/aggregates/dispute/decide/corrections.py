"""Putting a wrong record of a session right, and what rested on it (rule 12)."""

from domain.aggregates.dispute.consequences import consequences
from domain.aggregates.dispute.decide.acceptance import must_serve
from domain.aggregates.dispute.decide.sessions import (
    attendees,
    must_be_assigned,
    must_be_in_order,
    must_follow_acceptance,
)
from domain.aggregates.dispute.evolve import evolve
from domain.aggregates.dispute.guards import proposal_for
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Session
from domain.aggregates.dispute.world import World
from domain.commands.dispute import ApproveCorrection, CorrectSession, RejectCorrection
from domain.errors import AlreadyProposed, NothingProposed, NothingToCorrect, UnknownSession
from domain.events.dispute import (
    CorrectionProposed,
    CorrectionRejected,
    MinutesAmended,
    SessionCorrected,
)
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.procedures.panel import seats_taken
from domain.vocabulary import day_of


def session_of(dispute: Dispute, number: int) -> Session:
    """Return a session of the dispute; raises UnknownSession."""
    session = dispute.session(number)
    if session is None or session.retracted:
        raise UnknownSession(message("the case has no session {number}", number=number))
    return session


def decide_correct_session(command: CorrectSession, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Propose to correct a session; minutes alone are put right at once."""
    session = session_of(dispute, command.session)
    must_follow(command.occurred_at, day_of(session.counted.held_at))
    if command.concerns_minutes_alone and command.minutes is not None:
        amended = MinutesAmended(
            session=command.session,
            minutes=command.minutes,
            reason=command.reason,
            occurred_at=command.occurred_at,
        )
        return (Fact(amended),)
    if command.session in dispute.proposals:
        raise AlreadyProposed(
            message(
                "a correction or retraction of session {number} waits for a second person",
                number=command.session,
            )
        )
    _must_be_possible(command, session, dispute, world)
    proposed = CorrectionProposed(
        session=command.session,
        outcome=command.outcome,
        held_at=command.held_at,
        attendance=None if command.attendance is None else attendees(command.attendance),
        minutes=command.minutes,
        reason=command.reason,
        proposed_by=world.actor.sub,
        occurred_at=command.occurred_at,
    )
    return (Fact(proposed),)


def decide_approve_correction(command: ApproveCorrection, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Correct the session, and void or fire what the wrong record caused or hid."""
    proposal = _correction_for(dispute, command.session, world)
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    corrected = SessionCorrected(
        session=command.session,
        outcome=proposal.outcome,
        held_at=proposal.held_at,
        attendance=proposal.attendance,
        minutes=proposal.minutes,
        note=command.note,
        occurred_at=command.occurred_at,
    )
    return (Fact(corrected), *consequences(dispute, corrected, evolve(dispute, corrected), world))


def decide_reject_correction(command: RejectCorrection, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Leave the session as it is."""
    proposal = _correction_for(dispute, command.session, world)
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    rejected = CorrectionRejected(session=command.session, note=command.note, occurred_at=command.occurred_at)
    return (Fact(rejected),)


def _correction_for(dispute: Dispute, session: int, world: World) -> CorrectionProposed:
    """Return the open correction of a session; raises NothingProposed, also where a retraction is open, OwnProposal."""
    proposal = proposal_for(dispute, session, world.actor)
    if not isinstance(proposal, CorrectionProposed):
        raise NothingProposed(message("nothing is proposed, or it lapsed when the case moved"))
    return proposal


def _must_be_possible(command: CorrectSession, session: Session, dispute: Dispute, world: World) -> None:
    held_at, outcome = command.held_at or session.counted.held_at, command.outcome
    same = (held_at, outcome or session.counted.outcome) == (session.counted.held_at, session.counted.outcome)
    if same and command.attendance is None and command.minutes is None:
        raise NothingToCorrect(message("session {number} is recorded like that", number=command.session))
    if outcome is not None or command.attendance is not None:
        seats = session.seats if command.attendance is None else seats_taken(command.attendance)
        must_be_in_order(world.ladder.tier(session.tier), outcome or session.counted.outcome, seats)
    stay = dispute.stays[session.stay_index]
    must_follow_acceptance(held_at, stay)
    must_be_assigned(command.mediators_named(), stay, day_of(held_at))
    must_serve(command.mediators_named(), dispute, world, day_of(held_at), stay.platform, stay.tier)
