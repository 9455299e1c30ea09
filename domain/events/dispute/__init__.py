"""Every fact of a dispute, stage by stage. This list is the whole of it."""

from domain.events.dispute.acceptance import Accepted, Returned
from domain.events.dispute.advice import OpinionGiven
from domain.events.dispute.ending import Closed, Refused, RemediesNotified, Terminated, Withdrawn
from domain.events.dispute.escalation import Escalated
from domain.events.dispute.filing import Agent, Declined, Filed, Party
from domain.events.dispute.sessions import Attendee, SessionRecorded

DisputeEvent = (
    Filed
    | Declined
    | Accepted
    | Returned
    | SessionRecorded
    | OpinionGiven
    | Escalated
    | Refused
    | Withdrawn
    | Terminated
    | RemediesNotified
    | Closed
)

__all__ = [
    "Accepted",
    "Agent",
    "Attendee",
    "Closed",
    "Declined",
    "DisputeEvent",
    "Escalated",
    "Filed",
    "OpinionGiven",
    "Party",
    "Refused",
    "RemediesNotified",
    "Returned",
    "SessionRecorded",
    "Terminated",
    "Withdrawn",
]
