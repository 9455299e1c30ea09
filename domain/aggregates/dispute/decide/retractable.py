"""Which facts can be taken back, and what becomes of the history without one (rule 19)."""

from typing import Final

from domain.aggregates.dispute.resting_facts import Removal, without
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.errors import AlreadyRetracted, NotRetractable, RestedOn
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Recorded
from domain.messages import message

_RETRACTABLE: Final = (
    events.SessionRecorded,
    events.PartyAdded,
    events.MediatorsReplaced,
    events.OpinionGiven,
    events.RiskAssessed,
    events.AttachmentAdded,
    events.AppointmentMade,
    events.AppointmentMoved,
    events.AppointmentCancelled,
    events.AgreementDrafted,
    events.AgreementSigned,
    events.TermPerformed,
    events.TermBreached,
    events.TermSupervised,
    events.ConfirmationRequested,
    events.ConfirmationDecided,
    events.PartyLeft,
    events.PartyRefused,
    events.Withdrawn,
    events.Terminated,
    events.Transferred,
    events.Declined,
    events.FollowedUp,
)
APPOINTMENTS: Final = (events.AppointmentMade, events.AppointmentMoved, events.AppointmentCancelled)
BY_RECORDER_ALONE: Final = (events.AttachmentAdded, *APPOINTMENTS)
"""A file or an appointment: its recorder takes it back without a second person."""


def retractable_at(version: int, dispute: Dispute, world: World) -> Recorded[DisputeEvent]:
    """Return the fact to be taken back; raises AlreadyRetracted, NotRetractable."""
    target = world.history[version - 1]
    if version in dispute.retracted:
        raise AlreadyRetracted(message("event {version} was taken back already", version=version))
    if _is_retractable(target, world):
        return target
    raise NotRetractable(
        message(
            "event {version} is not taken back; a further step undoes it, or nothing does", version=version
        )
    )


def removal_of(target: Recorded[DisputeEvent], world: World) -> Removal:
    """Return what becomes of the history without the fact; raises RestedOn."""
    removal = without(world.history, target)
    rested_on = removal.rested_on
    if rested_on is not None:
        raise RestedOn(rested_on.version, rested_on.topic, retractable=_is_retractable(rested_on, world))
    return removal


def _is_retractable(target: Recorded[DisputeEvent], world: World) -> bool:
    """Say whether people recorded the fact, and nothing else undoes it."""
    closes_by_itself = (
        isinstance(target.event, events.Closed)
        and target.command_id != world.history[target.version - 2].command_id
    )
    return target.because is None and (isinstance(target.event, _RETRACTABLE) or closes_by_itself)
