"""The rows of the table of commands that are about sessions called for a day to come."""

from typing import Final

from api.disputes.command_route import CommandRoute
from domain.commands import dispute as commands
from domain.commands.dispute import appointments

APPOINTMENT_ROUTES: Final = (
    CommandRoute(
        "appointments",
        appointments.AppointmentDetails,
        commands.MakeAppointment,
        {"at": "2026-03-06T14:00:00+08:00", "place": "社区调解室", "method": "face_to_face"},
    ),
    CommandRoute(
        "appointments/{appointment}/move",
        appointments.AppointmentMove,
        commands.MoveAppointment,
        {
            "at": "2026-03-06T16:00:00+08:00",
            "reason": "一方要上班",
            "occurred_at": "2026-03-05T10:00:00+08:00",
        },
        "appointment",
    ),
    CommandRoute(
        "appointments/{appointment}/cancellation",
        appointments.AppointmentCancellation,
        commands.CancelAppointment,
        {"reason": "一方住院", "occurred_at": "2026-03-05T10:00:00+08:00"},
        "appointment",
    ),
)
