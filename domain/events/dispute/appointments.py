"""A session is called; the appointment is moved or cancelled. Appointments are numbered within the dispute."""

from typing import ClassVar

from domain.events.envelope import Event
from domain.vocabulary import Added, Method, Personal, PositiveInt, RecordedMoment


class AppointmentMade(Event):
    """A session was called; whether it is held remains to be recorded. Once it had no number: it was the next one."""

    TOPIC: ClassVar[str] = "dispute.appointment_made.v1"

    number: Added[PositiveInt | None] = None
    at: RecordedMoment
    place: Personal[str] | None
    method: Method
    occurred_at: RecordedMoment


class AppointmentMoved(Event):
    """The session was called for another time or place; time, place and method are those that hold now."""

    TOPIC: ClassVar[str] = "dispute.appointment_moved.v1"

    number: PositiveInt
    at: RecordedMoment
    place: Personal[str] | None
    method: Method
    reason: Personal[str] | None
    occurred_at: RecordedMoment


class AppointmentCancelled(Event):
    """The session that was called does not take place."""

    TOPIC: ClassVar[str] = "dispute.appointment_cancelled.v1"

    number: PositiveInt
    reason: Personal[str] | None
    occurred_at: RecordedMoment
