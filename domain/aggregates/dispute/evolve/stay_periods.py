"""A stay pauses and runs again: no session is held while it does not run (rule 20)."""

from datetime import date, datetime

from domain.aggregates.dispute.state import Dispute


def paused(dispute: Dispute, day: date) -> Dispute:
    """Return the dispute with its present stay paused from a day on."""
    return dispute if dispute.stay is None else dispute.with_present_stay(dispute.stay.paused(day))


def resumed(dispute: Dispute, moment: datetime | None = None) -> Dispute:
    """Return the dispute with its present stay running again from a moment on, or as if it had never paused."""
    return dispute if dispute.stay is None else dispute.with_present_stay(dispute.stay.resumed(moment))
