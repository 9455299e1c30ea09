"""Corrections of sessions, proposed and decided (rule 12)."""

from dataclasses import replace

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.evolve.sessions import attended
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Session
from domain.events.dispute import CorrectionProposed, CorrectionRejected, SessionCorrected
from domain.procedures.counted_stay import CountedSession
from domain.procedures.rules import Because


def evolve_correction_proposed(dispute: Dispute, event: CorrectionProposed, _: Because | None) -> Dispute:
    """Keep the proposal under the session's number."""
    return changed(dispute, proposals={**dispute.proposals, event.session: event})


def evolve_correction_rejected(dispute: Dispute, event: CorrectionRejected, _: Because | None) -> Dispute:
    """Drop the proposal."""
    return dispute.without_proposal(event.session)


def evolve_session_corrected(dispute: Dispute, event: SessionCorrected, _: Because | None) -> Dispute:
    """Let the session count as corrected, and drop the proposal."""
    sessions = tuple(
        _corrected(session, event) if session.counted.number == event.session else session
        for session in dispute.sessions
    )
    return changed(dispute.without_proposal(event.session), sessions=sessions)


def _corrected(session: Session, event: SessionCorrected) -> Session:
    before = session.counted
    counted = CountedSession(before.number, event.held_at or before.held_at, event.outcome or before.outcome)
    as_corrected = replace(session, counted=counted, corrected=True)
    return as_corrected if event.attendance is None else attended(as_corrected, event.attendance)
