"""Sessions as they are recorded, and as they are put right."""

from dataclasses import replace
from typing import assert_never

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Session
from domain.events.dispute import (
    AppointmentMade,
    CorrectionProposed,
    CorrectionRejected,
    MinutesAmended,
    SessionCorrected,
    SessionRecorded,
    SittingEvent,
)
from domain.procedures.panel import seats_taken
from domain.procedures.stay import CountedSession


def sat(dispute: Dispute, event: SittingEvent) -> Dispute:
    """Fold a fact of a sitting."""
    match event:
        case SessionRecorded():
            stay = -1 if dispute.present is None else dispute.present
            sitting = CountedSession(event.number, event.held_at, event.outcome)
            session = Session(event.tier, stay, sitting, seats_taken(event.attendance))
            return changed(dispute, sessions=(*dispute.sessions, session))
        case CorrectionProposed():
            return changed(dispute, proposals={**dispute.proposals, event.session: event})
        case CorrectionRejected():
            return _settled(dispute, event.session)
        case SessionCorrected():
            return _corrected(_settled(dispute, event.session), event)
        case AppointmentMade() | MinutesAmended():
            return dispute
        case _:
            assert_never(event)


def _settled(dispute: Dispute, session: int) -> Dispute:
    kept = {subject: item for subject, item in dispute.proposals.items() if subject != session}
    return changed(dispute, proposals=kept)


def _corrected(dispute: Dispute, event: SessionCorrected) -> Dispute:
    sessions = tuple(
        _as_corrected(session, event) if session.sitting.number == event.session else session
        for session in dispute.sessions
    )
    return changed(dispute, sessions=sessions)


def _as_corrected(session: Session, event: SessionCorrected) -> Session:
    before = session.sitting
    sitting = CountedSession(before.number, event.held_at or before.held_at, event.outcome or before.outcome)
    seats = session.seats if event.attendance is None else seats_taken(event.attendance)
    return replace(session, sitting=sitting, seats=seats, corrected=True)
