"""A session is called, for another time, or off."""

from dataclasses import replace

from domain.aggregates.dispute.appointments import Appointment
from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import AppointmentCancelled, AppointmentMade, AppointmentMoved
from domain.procedures.rules import Because


def evolve_appointment_made(dispute: Dispute, event: AppointmentMade, _: Because | None) -> Dispute:
    """Add the appointment to the present stay."""
    number = event.number or next_appointment(dispute)
    made = Appointment(number, event.at, event.place, event.method, dispute.stay_index)
    return changed(dispute, appointments=(*dispute.appointments, made))


def evolve_appointment_moved(dispute: Dispute, event: AppointmentMoved, _: Because | None) -> Dispute:
    """Keep the new time and place."""
    return changed(
        dispute,
        appointments=tuple(
            replace(item, at=event.at, place=event.place, method=event.method, state="moved")
            if item.number == event.number
            else item
            for item in dispute.appointments
        ),
    )


def evolve_appointment_cancelled(dispute: Dispute, event: AppointmentCancelled, _: Because | None) -> Dispute:
    """Keep that it does not take place."""
    return changed(
        dispute,
        appointments=tuple(
            replace(item, state="cancelled") if item.number == event.number else item
            for item in dispute.appointments
        ),
    )


def evolve_appointment_retracted(
    dispute: Dispute, event: AppointmentMade, because: Because | None
) -> Dispute:
    """Keep the number of an appointment that was taken back."""
    after = evolve_appointment_made(dispute, event, because)
    *others, last = after.appointments
    return changed(after, appointments=(*others, replace(last, state="retracted")))


def next_appointment(dispute: Dispute) -> int:
    """Return the number of the next appointment."""
    return max((item.number for item in dispute.appointments), default=0) + 1
