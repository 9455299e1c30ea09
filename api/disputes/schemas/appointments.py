"""The sessions that were called in a case, as JSON."""

from datetime import datetime

from pydantic import BaseModel

from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.appointments import AppointmentState
from domain.vocabulary import Method, Personal


class AppointmentView(BaseModel):
    """A session that was called; it lapses where mediation ends, or moves on, before its day."""

    number: int
    at: datetime
    place: Personal[str] | None
    method: Method
    state: AppointmentState


def appointment_views(dispute: Dispute) -> list[AppointmentView]:
    """Present the appointments in order."""
    return [
        AppointmentView(
            number=item.number,
            at=item.at,
            place=item.place,
            method=item.method,
            state=item.standing(dispute.status, dispute.stay_index, dispute.moved_on),
        )
        for item in dispute.appointments
        if item.state != "retracted"
    ]
