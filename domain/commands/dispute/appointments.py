"""Calling a session, for another time or place, or off."""

from typing import Annotated

from pydantic import Field

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import LongText, Method, Moment, PositiveInt, ShortText

AppointmentNumber = Annotated[PositiveInt, Field(description="the appointment's number in this case")]
Recorded = Annotated[Moment | None, Field(description="now when left out")]


class AppointmentDetails(Command):
    """A session to come: when, where and how; and when it was called."""

    at: Moment
    place: ShortText | None = None
    method: Method
    occurred_at: Recorded = None


class MakeAppointment(DisputeCommand, AppointmentDetails):
    """Call a session that is not held yet."""


class AppointmentMove(Command):
    """The new time; place and method stay where they are left out."""

    at: Moment
    place: ShortText | None = None
    method: Method | None = None
    reason: LongText | None = None
    occurred_at: Recorded = None


class MoveAppointment(DisputeCommand, AppointmentMove):
    """Call a session for another time or place."""

    appointment: AppointmentNumber


class AppointmentCancellation(Command):
    """Why the session does not take place."""

    reason: LongText | None = None
    occurred_at: Recorded = None


class CancelAppointment(DisputeCommand, AppointmentCancellation):
    """Call a session off."""

    appointment: AppointmentNumber
