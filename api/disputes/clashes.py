"""What an appointment clashes with: a warning in the reply, nothing is refused."""

from typing import Final
from uuid import UUID

from access.scope import Scope
from api.disputes.schemas.command_reply import WarningView
from api.http.services import Services
from application.i18n import bilingual_text
from application.ports import Reply
from domain.commands.dispute import ExistingDisputeCommand, MakeAppointment, MoveAppointment
from domain.events.envelope import Actor
from domain.messages import message
from domain.vocabulary import SHANGHAI, folded
from projections.case_list.appointments import Clash

PATIENCE: Final = 0.5
"""Seconds for which a warning waits for the case list to know what was recorded before."""


async def clash_warnings(
    command: ExistingDisputeCommand, reply: Reply, actor: Actor, services: Services
) -> list[WarningView]:
    """Return a warning for each appointment with which one that was made or moved clashes, as far as is known."""
    if not isinstance(command, MakeAppointment | MoveAppointment):
        return []
    appointments = services.appointments
    known = await appointments.reaches(reply.position or await appointments.end(), patience=PATIENCE)
    number = command.appointment if isinstance(command, MoveAppointment) else None
    if number is None and known:
        latest = await appointments.latest(UUID(reply.id)) or 0
        number = latest if reply.position is not None else latest + 1
    place = folded(command.place) if command.place else None
    found = await appointments.clashes(Scope.of(actor), command.dispute, number, command.at, place)
    return [_warning(item) for item in found]


def _warning(clash: Clash) -> WarningView:
    time = clash.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if clash.mediators:
        text = message(
            "{mediators} have another appointment at {time}", mediators=", ".join(clash.mediators), time=time
        )
    else:
        text = message("{place} is taken at {time}", place=clash.place or "", time=time)
    return WarningView(
        kind="appointment_clash",
        text=bilingual_text(text),
        dispute=clash.dispute,
        appointment=clash.number,
        at=clash.at,
        mediators=tuple(clash.mediators) or None,
        place=clash.place if clash.same_place else None,
    )
