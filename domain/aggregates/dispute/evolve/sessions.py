"""Sessions, as they are recorded."""

from dataclasses import replace

from domain.aggregates.dispute.attendance import presence
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Session
from domain.events.dispute import Attendee, SessionRecorded
from domain.procedures.counted_stay import CountedSession
from domain.procedures.rules import Because

NO_STAY = -1
"""The stay of a session that was recorded while no tier had accepted the dispute; it counts nowhere."""


def evolve_session_recorded(dispute: Dispute, event: SessionRecorded, _: Because | None) -> Dispute:
    """Add the session to the present stay, or to the one to which it belongs that was recorded late (rule 20)."""
    present = NO_STAY if dispute.stay_index is None else dispute.stay_index
    stay = present if event.stay is None else event.stay - 1
    counted = CountedSession(event.number, event.held_at, event.outcome)
    session = Session(event.tier, stay, counted, *presence(event.attendance))
    return changed(dispute, sessions=(*dispute.sessions, session))


def attended(session: Session, attendance: tuple[Attendee, ...]) -> Session:
    """Return a session with another attendance."""
    return replace(session, **presence(attendance)._asdict())
