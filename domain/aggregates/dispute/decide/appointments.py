"""Calling a session, for another time or place, or off."""

from domain.aggregates.dispute.appointments import Appointment
from domain.aggregates.dispute.decide.sessions import must_follow_acceptance
from domain.aggregates.dispute.evolve.appointments import next_appointment
from domain.aggregates.dispute.guards import must_be_accepted, must_be_open
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import CancelAppointment, MakeAppointment, MoveAppointment
from domain.errors import AlreadyCancelled, NothingToCorrect, UnknownAppointment
from domain.events.dispute import AppointmentCancelled, AppointmentMade, AppointmentMoved
from domain.events.envelope import Fact
from domain.messages import message


def appointment_of(dispute: Dispute, number: int) -> Appointment:
    """Return an appointment of the dispute; raises UnknownAppointment."""
    for item in dispute.appointments:
        if item.number == number and item.state != "retracted":
            return item
    raise UnknownAppointment(message("the case has no appointment {number}", number=number))


def decide_make_appointment(command: MakeAppointment, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Call a session of an accepted case."""
    must_be_accepted(dispute)
    must_follow_acceptance(command.at, dispute.stay)
    called = AppointmentMade(
        number=next_appointment(dispute),
        at=command.at,
        place=command.place,
        method=command.method,
        occurred_at=command.occurred_at or world.now,
    )
    return (Fact(called),)


def decide_move_appointment(command: MoveAppointment, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Call a session of an accepted case for another time or place."""
    must_be_accepted(dispute)
    before = _not_cancelled(dispute, command.appointment)
    must_follow_acceptance(command.at, dispute.stay)
    place, method = command.place or before.place, command.method or before.method
    if (command.at, place, method) == (before.at, before.place, before.method):
        raise NothingToCorrect(message("appointment {number} is for then and there", number=before.number))
    moved = AppointmentMoved(
        number=before.number,
        at=command.at,
        place=place,
        method=method,
        reason=command.reason,
        occurred_at=command.occurred_at or world.now,
    )
    return (Fact(moved),)


def decide_cancel_appointment(command: CancelAppointment, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Call a session of an open case off."""
    must_be_open(dispute)
    before = _not_cancelled(dispute, command.appointment)
    off = AppointmentCancelled(
        number=before.number, reason=command.reason, occurred_at=command.occurred_at or world.now
    )
    return (Fact(off),)


def _not_cancelled(dispute: Dispute, number: int) -> Appointment:
    found = appointment_of(dispute, number)
    if found.state == "cancelled":
        raise AlreadyCancelled(message("appointment {number} was cancelled", number=number))
    return found
