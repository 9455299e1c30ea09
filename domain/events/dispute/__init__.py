"""Every fact of a dispute, stage by stage. This list is the whole of it."""

from domain.events.dispute.acceptance import Accepted, Returned
from domain.events.dispute.aftercare import FollowedUp, Reopened
from domain.events.dispute.agreement import AgreementDrafted, AgreementSigned, AgreementTookEffect, Term
from domain.events.dispute.confirmation import ConfirmationDecided, ConfirmationRequested
from domain.events.dispute.corrections import CorrectionProposed, CorrectionRejected, SessionCorrected
from domain.events.dispute.ending import Closed, Refused, RemediesNotified, Terminated, Transferred, Withdrawn
from domain.events.dispute.escalation import (
    Escalated,
    EscalationEndorsed,
    EscalationProposed,
    EscalationRejected,
    EscalationVoided,
)
from domain.events.dispute.filing import Agent, Declined, Filed, Party
from domain.events.dispute.handling import MediatorsReplaced, TimeExtended
from domain.events.dispute.imported import Imported, ImportedAgreement
from domain.events.dispute.parties import PartyAdded, PartyAmended
from domain.events.dispute.performance import TermBreached, TermPerformed, TermSupervised
from domain.events.dispute.procedure import ProcedureMigrated
from domain.events.dispute.records import AttachmentAdded, OpinionGiven, PoliceReported, RiskAssessed
from domain.events.dispute.sessions import AppointmentMade, Attendee, MinutesAmended, SessionRecorded

IntakeEvent = Filed | Imported | Declined
PeopleEvent = PartyAdded | PartyAmended | MediatorsReplaced
MovingEvent = (
    Accepted
    | Returned
    | TimeExtended
    | EscalationProposed
    | EscalationEndorsed
    | EscalationRejected
    | Escalated
    | EscalationVoided
    | ProcedureMigrated
)
SittingEvent = (
    AppointmentMade
    | SessionRecorded
    | MinutesAmended
    | CorrectionProposed
    | SessionCorrected
    | CorrectionRejected
)
FileEvent = OpinionGiven | RiskAssessed | PoliceReported | AttachmentAdded
AgreeingEvent = (
    AgreementDrafted
    | AgreementSigned
    | AgreementTookEffect
    | TermPerformed
    | TermBreached
    | TermSupervised
    | ConfirmationRequested
    | ConfirmationDecided
)
EndingEvent = (
    Refused | Withdrawn | Terminated | Transferred | RemediesNotified | Closed | FollowedUp | Reopened
)
DisputeEvent = (
    IntakeEvent | PeopleEvent | MovingEvent | SittingEvent | FileEvent | AgreeingEvent | EndingEvent
)

__all__ = [
    "Accepted",
    "Agent",
    "AgreeingEvent",
    "AgreementDrafted",
    "AgreementSigned",
    "AgreementTookEffect",
    "AppointmentMade",
    "AttachmentAdded",
    "Attendee",
    "Closed",
    "ConfirmationDecided",
    "ConfirmationRequested",
    "CorrectionProposed",
    "CorrectionRejected",
    "Declined",
    "DisputeEvent",
    "EndingEvent",
    "Escalated",
    "EscalationEndorsed",
    "EscalationProposed",
    "EscalationRejected",
    "EscalationVoided",
    "FileEvent",
    "Filed",
    "FollowedUp",
    "Imported",
    "ImportedAgreement",
    "IntakeEvent",
    "MediatorsReplaced",
    "MinutesAmended",
    "MovingEvent",
    "OpinionGiven",
    "Party",
    "PartyAdded",
    "PartyAmended",
    "PeopleEvent",
    "PoliceReported",
    "ProcedureMigrated",
    "Refused",
    "RemediesNotified",
    "Reopened",
    "Returned",
    "RiskAssessed",
    "SessionCorrected",
    "SessionRecorded",
    "SittingEvent",
    "Term",
    "TermBreached",
    "TermPerformed",
    "TermSupervised",
    "Terminated",
    "TimeExtended",
    "Transferred",
    "Withdrawn",
]
