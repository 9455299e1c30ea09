"""Putting a wrong record of a session right, and what rested on it (rule 12)."""

from domain.aggregates.dispute.decide.acceptance import must_serve
from domain.aggregates.dispute.decide.sessions import (
    attendees,
    must_be_assigned,
    must_follow_acceptance,
    what_follows,
)
from domain.aggregates.dispute.evolve import evolve
from domain.aggregates.dispute.guards import must_follow, must_not_go_backwards, proposal_for
from domain.aggregates.dispute.state import Dispute, Escalation, Session
from domain.aggregates.dispute.world import World
from domain.commands.dispute import ApproveCorrection, CorrectSession, RejectCorrection
from domain.errors import AlreadyProposed, NothingProposed, NothingToCorrect, UnknownSession
from domain.events.dispute import (
    CorrectionProposed,
    CorrectionRejected,
    EscalationVoided,
    MinutesAmended,
    SessionCorrected,
)
from domain.events.envelope import Fact
from domain.messages import message
from domain.vocabulary import SessionOutcome, Status, day_of


def session_of(dispute: Dispute, number: int) -> Session:
    """Return a session of the dispute; raises UnknownSession."""
    session = dispute.session(number)
    if session is None:
        raise UnknownSession(message("the case has no session {number}", number=number))
    return session


def decide_correct_session(command: CorrectSession, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Propose to correct a session; minutes alone are put right at once."""
    session = session_of(dispute, command.session)
    must_follow(command.occurred_at, day_of(session.sitting.held_at))
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
            message("a correction of session {number} waits for a second person", number=command.session)
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
    session = session_of(dispute, command.session)
    proposal = proposal_for(dispute, command.session, world.actor)
    if not isinstance(proposal, CorrectionProposed):
        raise NothingProposed(message("nothing is proposed, or it lapsed when the case moved"))
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
    after = evolve(dispute, corrected)
    failed_before = session.sitting.outcome is SessionOutcome.FAILED
    fails_now = session_of(after, command.session).sitting.outcome is SessionOutcome.FAILED
    if failed_before and not fails_now:
        return (Fact(corrected), *_what_falls(after, world, command))
    if fails_now and not failed_before and _counts_now(after, session):
        return (Fact(corrected), *what_follows(after, world, command.session, command.occurred_at))
    return (Fact(corrected),)


def decide_reject_correction(command: RejectCorrection, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Leave the session as it is."""
    proposal = proposal_for(dispute, command.session, world.actor)
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    rejected = CorrectionRejected(session=command.session, note=command.note, occurred_at=command.occurred_at)
    return (Fact(rejected),)


def _must_be_possible(command: CorrectSession, session: Session, dispute: Dispute, world: World) -> None:
    held_at, outcome = command.held_at or session.sitting.held_at, command.outcome
    same = (held_at, outcome or session.sitting.outcome) == (session.sitting.held_at, session.sitting.outcome)
    if same and command.attendance is None and command.minutes is None:
        raise NothingToCorrect(message("session {number} is recorded like that", number=command.session))
    tenure = dispute.tenures[session.stay]
    must_follow_acceptance(held_at, tenure)
    must_be_assigned(command.mediators_named(), tenure, day_of(held_at))
    must_serve(command.mediators_named(), dispute, world, day_of(held_at), tenure.platform, tenure.tier)


def _counts_now(dispute: Dispute, session: Session) -> bool:
    return dispute.status is Status.ACCEPTED and session.stay == dispute.present


def _what_falls(dispute: Dispute, world: World, command: ApproveCorrection) -> tuple[Fact, ...]:
    escalation = dispute.escalations[-1] if dispute.escalations else None
    if escalation is None or escalation.voided or not dispute.basis_gone(escalation.because):
        return ()
    if not _counted(escalation, command.session) or not _can_be_voided(escalation, dispute, world):
        return ()
    must_not_go_backwards(dispute, command.occurred_at)
    voided = EscalationVoided(
        at_version=escalation.at_version,
        from_tier=dispute.tier,
        to_tier=escalation.from_tier,
        platform=dispute.tenures[escalation.stay].platform,
        occurred_at=command.occurred_at,
    )
    return (Fact(voided),)


def _counted(escalation: Escalation, session: int) -> bool:
    counted = escalation.because.counted if escalation.because else ()
    return any(each.session == session for each in counted)


def _can_be_voided(escalation: Escalation, dispute: Dispute, world: World) -> bool:
    """Waiting above: yes. Accepted there, nothing held yet: by that tier's convener. Anything else: it stands."""
    if dispute.status is Status.ESCALATED:
        return True
    if dispute.status is not Status.ACCEPTED or dispute.present == escalation.stay:
        return False
    held = {SessionOutcome.AGREED, SessionOutcome.FAILED}
    if any(each.stay > escalation.stay and each.sitting.outcome in held for each in dispute.sessions):
        return False
    platform = world.platforms.get(dispute.platform)
    return platform is not None and platform.is_convened_by(world.actor)
