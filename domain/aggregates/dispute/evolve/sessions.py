"""Sessions, as they are recorded."""

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.stays import Session
from domain.events.dispute import SessionRecorded
from domain.procedures.panel import seats_taken
from domain.procedures.rules import Because
from domain.procedures.stay import CountedSession

NO_STAY = -1
"""The stay of a session that was recorded while no tier had accepted the dispute; it counts nowhere."""


def evolve_session_recorded(dispute: Dispute, event: SessionRecorded, _: Because | None) -> Dispute:
    """Add the session to the present stay."""
    stay = NO_STAY if dispute.present is None else dispute.present
    counted = CountedSession(event.number, event.held_at, event.outcome)
    session = Session(event.tier, stay, counted, seats_taken(event.attendance))
    return changed(dispute, sessions=(*dispute.sessions, session))
